// Buttons with data-dialog="id" open that <dialog>; [data-close] closes the one it stands in.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
});
// A click on the backdrop closes a dialog that holds nothing typed.
document.addEventListener("click", (event) => {
  const dialog = event.target;
  if (dialog instanceof HTMLDialogElement && !dialog.querySelector("input, textarea")) dialog.close();
});
