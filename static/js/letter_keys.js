// Shortcuts of one letter or sign can be switched off (WCAG 2.1.4): speech and slips press them too.
const root = document.documentElement;

export const areOn = () => !root.classList.contains("no-letter-keys");

function show() {
  let off = false;
  try {
    off = localStorage.getItem("letter-keys") === "off";
  } catch {
    // Storage is blocked: they are on until switched off on this page.
  }
  set(!off);
}

function set(on) {
  root.classList.toggle("no-letter-keys", !on);
  for (const box of document.querySelectorAll("[data-letter-keys]")) box.checked = on;
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-letter-keys]")) return;
  set(target.checked);
  try {
    if (target.checked) localStorage.removeItem("letter-keys");
    else localStorage.setItem("letter-keys", "off");
  } catch {
    // Storage is blocked: the choice holds for this page.
  }
});
addEventListener("storage", ({ key }) => key === "letter-keys" && show());
show();
