// On a narrow page one answer is read at a time: the letters choose which.
document.querySelector(".one-answer")?.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-one]");
  if (!chip) return;
  event.preventDefault();
  document.getElementById("table").dataset.one = chip.dataset.one;
  for (const other of event.currentTarget.children) other.removeAttribute("aria-current");
  chip.setAttribute("aria-current", "true");
});
