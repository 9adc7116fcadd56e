// The three buttons of the theme menu.
const root = document.documentElement;

function chosen() {
  return root.dataset.theme ?? "system";
}

function show() {
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen()));
  }
}

function choose(theme) {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Storage is blocked: the choice holds for this page.
  }
  show();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice]");
  if (!button) return;
  choose(button.dataset.themeChoice);
  button.closest("[popover]")?.hidePopover();
});
addEventListener("storage", (event) => {
  if (event.key !== "theme") return;
  if (event.newValue) root.dataset.theme = event.newValue;
  else delete root.dataset.theme;
  show();
});
show();
