// The filter box hides criteria whose sentence does not hold every word; headings fold.
const box = document.getElementById("filter");
const count = document.getElementById("filter-count");

function apply() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = [...document.querySelectorAll("#table tr[data-row]")];
  let shown = 0;
  for (const row of rows) {
    const text = row.querySelector(".clip").textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  for (const group of document.querySelectorAll("#table .group")) {
    group.hidden = words.length > 0 && !group.querySelector("tr[data-row]:not([hidden])");
  }
  count.textContent = words.length ? `${shown} of ${rows.length}` : "";
}

box?.addEventListener("input", apply);
box?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  box.value = "";
  apply();
  box.blur();
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-fold-group]");
  if (!button) return;
  const folded = button.closest(".group").classList.toggle("is-folded");
  button.setAttribute("aria-expanded", String(!folded));
});
