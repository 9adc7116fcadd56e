// The comparing page: 1 left, 2 right, 0 a tie, s skips, u undoes, q opens the question. It works by
// its buttons alone.
import { areOn } from "./letter_keys.js";

const keys = { 1: "left", ArrowLeft: "left", 2: "right", ArrowRight: "right", 0: "tie", "=": "tie", s: "skip", u: "undo" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !areOn()) return;
  if (event.target.matches("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  const question = event.key === "q" && document.getElementById("question");
  if (question) {
    event.preventDefault();
    question.open = !question.open;
    return;
  }
  const button = keys[event.key] && document.querySelector(`[data-choose="${keys[event.key]}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
