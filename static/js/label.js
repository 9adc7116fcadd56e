// The labelling page: 1 0 digits n ? give a verdict; j k Enter Backspace move; u undoes, c writes a note, q shows the question, l goes to the next answer, h tells the keys.
import { areOn } from "./letter_keys.js";
import { current, keepNote, leave, next, open, press, step, undo } from "./label/panels.js";

const isTyping = (target) => target.matches("input, textarea, select, [contenteditable]");
const isPressable = (target) => target.closest("button, a, summary");

function label(key) {
  const panel = current();
  const button = panel?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (button) press(panel, button.value);
  return Boolean(button);
}

function enter() {
  const link = document.querySelector("#label-finish:not([hidden]) [data-finish]");
  if (link) leave(link.href);
  else next();
}

const acts = {
  j: () => step(1),
  k: () => step(-1),
  u: undo,
  c: () => current()?.elements.note.focus(),
  q: () => document.getElementById("question").toggleAttribute("open"),
  l: () => {
    const link = document.getElementById("next-answer");
    if (link) leave(link.href);
  },
  h: () => document.getElementById("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || document.querySelector("dialog[open]")) return;
  if (isTyping(target)) {
    if (key === "Escape" && target.name === "note") target.closest("[data-panel]").querySelector(".label-sentence").focus();
    return;
  }
  let done = true;
  if (key === "Enter" && !isPressable(target)) enter();
  else if (key === "Backspace") step(-1);
  else if (key.length > 1 || !areOn()) done = false;
  else done = label(key) || (key in acts && (acts[key](), true));
  if (done) event.preventDefault();
});
document.addEventListener("submit", (event) => {
  const panel = event.target.closest("[data-panel]");
  if (!panel || !event.submitter) return;
  event.preventDefault();
  press(panel, event.submitter.value);
});
document.addEventListener("focusout", ({ target }) => {
  if (target.name === "note" && target.closest("[data-panel]")) keepNote(target.form);
});
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const row = event.target.closest("[data-row]");
  const link = event.target.closest("a[data-leave]");
  if (!row && !link) return;
  event.preventDefault();
  if (row) open(document.querySelector(`[data-panel="${CSS.escape(row.dataset.row)}"]`));
  else leave(link.href);
});
if (matchMedia("(max-width: 1099px)").matches) document.querySelector(".label-list").open = false;
