// The answers beside the rubric show where the criterion that was just opened meets them.
import { elements, get } from "./parts.js";

document.addEventListener("editor-opened", async ({ detail: editor }) => {
  const pane = document.getElementById("reading-answers");
  if (!pane) return;
  const { status, body } = await get(`${pane.dataset.marked}?criterion=${editor.dataset.criterion}`);
  const fresh = status === 200 && elements(body)[0];
  // Marks are a convenience: without them the answers stay as they are.
  if (!fresh || !editor.isConnected) return;
  for (const answer of fresh.querySelectorAll(".reading-answer")) {
    answer.open = document.getElementById(answer.id)?.open ?? answer.open;
  }
  document.getElementById("reading-answers")?.replaceWith(fresh);
});
