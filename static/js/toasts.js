// Short words from the page: said aloud politely, never over what is being written.
const place = () => document.getElementById("toasts");

function closeButton(toast) {
  const template = document.getElementById("toast-close");
  const button = template.content.firstElementChild.cloneNode(true);
  button.addEventListener("click", () => toast.remove());
  return button;
}

/** Show `text`; a refusal stays until it is closed, anything else goes after six seconds. */
export function say(text, { refusal = false } = {}) {
  const toast = document.createElement("div");
  toast.className = refusal ? "notice toast toast-refusal" : "notice toast";
  const words = document.createElement("p");
  words.textContent = text;
  toast.append(words, closeButton(toast));
  for (const other of place().children) {
    if (other.firstElementChild.textContent === text) other.remove();
  }
  place().append(toast);
  if (!refusal) setTimeout(() => toast.remove(), 6000);
}
