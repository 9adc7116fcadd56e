// On a narrow page one answer is read at a time: the letters choose which.
const table = document.getElementById("table");
// The style sheet knows the first twenty columns; this one is for those beyond.
const rule = new CSSStyleSheet();
document.adoptedStyleSheets.push(rule);

function show(number) {
  table.dataset.one = number;
  rule.replaceSync(`@media (max-width: 700px) { .matrix tr > :nth-child(${Number(number) + 1}) { display: table-cell; } }`);
}

const chooser = document.querySelector(".one-answer");
chooser?.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-one]");
  if (!chip) return;
  event.preventDefault();
  show(chip.dataset.one);
  for (const other of event.currentTarget.querySelectorAll("[data-one]")) other.removeAttribute("aria-current");
  chip.setAttribute("aria-current", "true");
});
if (table) show(table.dataset.one);
// Where there are many, the one that is shown may be further down.
const chosen = chooser?.querySelector("[aria-current]");
if (chosen) chooser.scrollTop = chosen.getBoundingClientRect().top - chooser.getBoundingClientRect().top;
