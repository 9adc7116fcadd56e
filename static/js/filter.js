// The filter box hides rows that do not hold every word, and groups without a row left. The box
// names its rows, and the part of a row that counts where it is not the whole.
const box = document.getElementById("filter");
const count = document.getElementById("filter-count");

function apply() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = [...document.querySelectorAll(box.dataset.rows)];
  for (const row of rows) {
    const part = box.dataset.text ? row.querySelector(box.dataset.text) : row;
    const text = part.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
  const shown = rows.filter((row) => !row.hidden);
  const groups = new Set(shown.map((row) => row.closest(".group")));
  for (const group of document.querySelectorAll(".group")) {
    group.hidden = words.length > 0 && !groups.has(group);
  }
  count.textContent = words.length ? `${shown.length} of ${rows.length}` : "";
}

box?.addEventListener("input", apply);
box?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  box.value = "";
  apply();
  box.blur();
});
