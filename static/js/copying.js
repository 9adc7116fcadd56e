// Buttons with data-copy="id of what to copy".
import { say } from "./toasts.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    say("Copied.");
  } catch {
    getSelection().selectAllChildren(source);
    say("The browser does not let this page copy. The text is selected: press Ctrl C.");
  }
});
