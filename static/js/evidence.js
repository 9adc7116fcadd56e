// Quotes lead to where they stand in the answer, also across a fold; on paper every fold is open.

/** Open the folds around a mark, bring it to the eye, and give it the focus. */
function show(mark) {
  for (let fold = mark.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  mark.tabIndex = -1;
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-quote]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const mark = document.querySelector(`mark[data-quotes~="${CSS.escape(link.dataset.quote)}"]`);
  if (!mark) return;
  event.preventDefault();
  show(mark);
});

const opened = [];
window.addEventListener("beforeprint", () => {
  opened.push(...document.querySelectorAll("details.tool:not([open])"));
  for (const fold of opened) fold.open = true;
});
window.addEventListener("afterprint", () => {
  for (const fold of opened.splice(0)) fold.open = false;
});
