// Dialogs. data-dialog="id" opens one, [data-close] closes the one it stands in, a form with
// data-confirm="sentence" asks before it is sent, and so does anything with hx-confirm.
document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  target.closest("[data-close]")?.closest("dialog")?.close();
  // A click on the backdrop closes a dialog that holds nothing typed.
  if (target instanceof HTMLDialogElement && !target.querySelector("input, textarea")) target.close();
});

/** Show the sentence with the name of what is to be done; resolves to whether they said yes. */
export function ask(sentence, word = "Yes") {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("[data-sentence]").textContent = sentence;
  dialog.querySelector("[value=yes]").textContent = word;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

const agreed = new WeakSet();
document.addEventListener(
  "submit",
  async (event) => {
    const { target, submitter } = event;
    if (!target.dataset.confirm || agreed.delete(target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!(await ask(target.dataset.confirm, submitter?.textContent.trim()))) return;
    agreed.add(target);
    target.requestSubmit(submitter);
  },
  { capture: true },
);
document.addEventListener("htmx:confirm", async (event) => {
  const { detail } = event;
  if (!detail.question) return;
  event.preventDefault();
  if (await ask(detail.question, detail.elt.textContent.trim())) detail.issueRequest(true);
});
