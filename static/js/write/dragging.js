// Rows are dragged by their number with mouse, pen or finger. Alt and arrows do the same.
import { tellPlace } from "./ordering.js";

let dragged = null;

function target(event) {
  const under = document.elementFromPoint(event.clientX, event.clientY);
  return under?.closest("[data-criterion], .crits") ?? null;
}

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest(".crit[data-criterion] > .crit-number");
  if (!handle || event.button !== 0) return;
  const row = handle.parentElement;
  dragged = { row, handle, from: row.nextElementSibling, list: row.parentElement, moved: false };
  handle.setPointerCapture(event.pointerId);
  event.preventDefault();
});
document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  const over = target(event);
  if (!over || over === dragged.row) return;
  dragged.row.classList.add("is-dragged");
  dragged.moved = true;
  if (over.matches(".crits")) {
    if (!over.querySelector("[data-criterion]")) over.append(dragged.row);
    return;
  }
  const { top, height } = over.getBoundingClientRect();
  if (event.clientY < top + height / 2) over.before(dragged.row);
  else over.after(dragged.row);
});

function drop(keep) {
  if (!dragged) return;
  const { row, from, list, moved } = dragged;
  dragged = null;
  row.classList.remove("is-dragged");
  if (!moved) return;
  if (keep) tellPlace(row);
  else list.insertBefore(row, from);
}
document.addEventListener("pointerup", () => drop(true));
document.addEventListener("pointercancel", () => drop(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") drop(false);
});
