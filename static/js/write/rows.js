// Lists of equally named fields (levels, examples, turns): add a row, remove one; steppers of points.
document.addEventListener("click", (event) => {
  const adder = event.target.closest("[data-add-row]");
  if (adder) {
    const part = adder.parentElement;
    const template = part.querySelector(`template[data-row-of="${adder.dataset.addRow}"]`);
    const row = template.content.firstElementChild.cloneNode(true);
    part.querySelector(`[data-rows="${adder.dataset.addRow}"]`).append(row);
    row.querySelector("input:not([type=hidden]), textarea").focus();
  }
  const remover = event.target.closest("[data-remove-row]");
  if (remover) {
    const row = remover.closest(".row");
    const list = row.closest("[data-rows]");
    row.remove();
    list.closest("form").dispatchEvent(new Event("change", { bubbles: true }));
    tell(list);
  }
  const step = event.target.closest("[data-step]");
  if (step) {
    const input = step.parentElement.querySelector("input");
    const old = Number(input.value.replace("\u2212", "-").replace(",", ".")) || 0;
    const next = old + Number(step.dataset.step);
    // Points are never 0.
    input.value = String(next === 0 ? Number(step.dataset.step) : next);
    tell(input);
  }
});

/** Scripts that save listen to input; a removed row has none of its own. */
function tell(element) {
  const source = element.matches("input") ? element : (element.closest("form").elements.points ?? element);
  source.dispatchEvent(new Event("input", { bubbles: true }));
}
