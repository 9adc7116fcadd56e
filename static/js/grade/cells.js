// Opening a cell beside the table, and keeping it marked while the table changes under it.
const matrix = document.getElementById("matrix");
const panel = document.getElementById("cell");

const cellOf = (code) => (code ? document.querySelector(`[data-cell="${CSS.escape(code)}"]`) : null);
export const openCode = () => panel?.querySelector("[data-open-cell]")?.dataset.openCell ?? "";
export const cells = () => [...document.querySelectorAll("#table tbody [data-cell]")].filter((it) => it.offsetParent);

/** The cell that the keyboard is on: the focused one, else the open one, else the first. */
export const current = () => document.activeElement?.closest("[data-cell]") ?? cellOf(openCode()) ?? cells()[0];

/** One stop for Tab in the whole table; arrows go on from there. */
export function stopAt(cell) {
  document.querySelector('#table [data-cell][tabindex="0"]')?.setAttribute("tabindex", "-1");
  cell?.setAttribute("tabindex", "0");
}

export async function open(code, { focus = true } = {}) {
  const cell = cellOf(code);
  if (!cell) return;
  stopAt(cell);
  if (focus) cell.focus({ preventScroll: false });
  await htmx.ajax("GET", `${matrix.dataset.cellUrl}&cell=${encodeURIComponent(code)}`, { target: "#cell", swap: "innerHTML" });
}

export function close() {
  const cell = cellOf(openCode());
  panel.innerHTML = document.getElementById("cell-none")?.innerHTML ?? "";
  address("");
  mark();
  cell?.focus();
}

function address(code) {
  const url = new URL(location);
  if (code) url.searchParams.set("cell", code);
  else url.searchParams.delete("cell");
  url.hash = "";
  history.replaceState(history.state, "", url);
}

/** Mark the open cell, and no other. */
function mark() {
  document.querySelector('#table [aria-current="true"]')?.removeAttribute("aria-current");
  cellOf(openCode())?.setAttribute("aria-current", "true");
}

document.addEventListener("click", (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  const link = event.target.closest("[data-cell], [data-to], [data-close-cell]");
  if (!link) return;
  event.preventDefault();
  if (link.dataset.closeCell !== undefined) close();
  else open(link.dataset.cell ?? link.dataset.to, { focus: Boolean(link.dataset.cell) });
});

let lost = "";
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  if (detail.target.contains(document.activeElement)) lost = document.activeElement.dataset.cell ?? "";
});
document.addEventListener("htmx:oobAfterSwap", () => {
  const cell = cellOf(lost);
  lost = "";
  if (cell) {
    stopAt(cell);
    cell.focus({ preventScroll: true });
  }
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  mark();
  quiet();
  if (detail.target !== panel) return;
  address(openCode());
  if (getComputedStyle(panel).position === "fixed") panel.querySelector("[data-close-cell]")?.focus();
  toQuote();
});

/** The first quote comes to the eye within the answer; the page itself stays where it is. */
function toQuote() {
  const answer = panel?.querySelector(".cell-answer");
  const quote = answer?.querySelector("mark");
  if (quote) answer.scrollTop += quote.getBoundingClientRect().top - answer.getBoundingClientRect().top - 64;
}
toQuote();

/** Cells that came in are no stops for Tab either. */
function quiet() {
  for (const cell of document.querySelectorAll("#table [data-cell]:not([tabindex])")) cell.setAttribute("tabindex", "-1");
  if (!document.querySelector('#table [data-cell][tabindex="0"]')) stopAt(cells()[0]);
}
quiet();
stopAt(current());
