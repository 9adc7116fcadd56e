// Sections fold away.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fold]");
  if (!button) return;
  const list = document.getElementById(button.dataset.fold);
  list.hidden = !list.hidden;
  button.setAttribute("aria-expanded", String(!list.hidden));
});
