// The filter box hides rows whose sentence, tag or marks do not hold every word.
const box = document.getElementById("filter");
const count = document.getElementById("filter-count");

function apply() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = [...document.querySelectorAll(".crit[data-criterion]")];
  let shown = 0;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  for (const group of document.querySelectorAll(".group")) {
    group.hidden = words.length > 0 && !group.querySelector("[data-criterion]:not([hidden])");
  }
  count.textContent = words.length ? `${shown} of ${rows.length}` : "";
}

box?.addEventListener("input", apply);
box?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  box.value = "";
  apply();
});
