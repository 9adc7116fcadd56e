// Loaded in <head> without defer: sets the chosen theme before the first paint.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch {
    // Storage is blocked: the system's theme holds.
  }
})();
