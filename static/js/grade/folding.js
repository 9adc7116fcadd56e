// Headings of the matrix fold their rows.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-fold-group]");
  if (!button) return;
  const folded = button.closest(".group").classList.toggle("is-folded");
  button.setAttribute("aria-expanded", String(!folded));
});
