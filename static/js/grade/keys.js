// Arrows move between cells, Enter opens, Escape closes; one key labels the open cell.
import { areOn } from "../letter_keys.js";
import { close, current, open, openCode } from "./cells.js";

const isTyping = (target) => target.matches("input, textarea, select, [contenteditable]");
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function neighbour(cell, [down, right]) {
  const rows = [...document.querySelectorAll("#table tr[data-row]")].filter((row) => row.offsetParent);
  const row = cell.closest("tr");
  const line = [...row.querySelectorAll("[data-cell]")];
  const next = rows[rows.indexOf(row) + down];
  return next && [...next.querySelectorAll("[data-cell]")][line.indexOf(cell) + right];
}

function move(step) {
  const cell = current();
  const next = cell && neighbour(cell, step);
  if (!next) return;
  next.focus();
  if (openCode()) open(next.dataset.cell);
}

function label(key) {
  const button = document.querySelector(`#label-form [data-key="${CSS.escape(key)}"]`);
  if (!button) return false;
  const code = openCode();
  button.click();
  document.querySelector(`[data-cell="${CSS.escape(code)}"]`)?.focus({ preventScroll: true });
  return true;
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (isTyping(target)) return;
  let done = true;
  const inTable = target.closest("#table, .matrix-scroll") || target === document.body || target.id === "main";
  if (key in STEPS && inTable && !target.matches(".cell-answer")) move(STEPS[key]);
  else if (key === "Escape" && openCode()) close();
  else if (key.length === 1 && !areOn()) done = false;
  else if (key === "/") document.getElementById("filter")?.focus();
  else if (key.length === 1 && openCode()) done = label(key);
  else done = false;
  if (done) event.preventDefault();
});
