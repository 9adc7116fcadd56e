// Forms with data-submit-on-change: one select that is its own button.
document.addEventListener("change", ({ target }) => {
  target.closest("form[data-submit-on-change]")?.requestSubmit();
});
