// What happens when the server says no: the page is never replaced by an error.
import { say } from "./toasts.js";

const SENTENCES = {
  400: "The server did not understand this. Reload the page and try again.",
  403: "You may not do this, or the page is too old. Reload it and try again.",
  404: "This is no longer there. Reload the page.",
  413: "This is too large to be sent.",
  429: "Too many requests in a short time. Wait a minute and try again.",
};

/** The sentence for a response that was refused. `body` is a _refusal.html fragment or anything. */
export function sentenceFor(status, body = "") {
  const page = new DOMParser().parseFromString(body, "text/html");
  const refusal = page.querySelector("[data-refusal]")?.textContent.trim();
  if (refusal) return refusal;
  return SENTENCES[status] ?? "The server could not do this. What you wrote is still here; try again.";
}

/** Ask for a new sign-in; what is on the page stays as it is. */
export function askToSignIn() {
  const dialog = document.getElementById("sign-in-again");
  if (dialog && !dialog.open) dialog.showModal();
}

/** Show the refusal of a fetch() or htmx response. */
export function refuse(status, body) {
  if (status === 401) askToSignIn();
  else say(sentenceFor(status, body), { refusal: true });
}

// A 422 is the form itself with its problems, so htmx may put it in, except into what is being
// edited by a script of its own: [data-keep].
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  if (detail.xhr.status === 422 && detail.target.closest("[data-keep]")) detail.shouldSwap = false;
});
document.addEventListener("htmx:responseError", (event) => {
  refuse(event.detail.xhr.status, event.detail.xhr.responseText);
});
document.addEventListener("htmx:sendError", () => {
  say("No connection to the server. What you wrote is still here; try again.", { refusal: true });
});
document.addEventListener("htmx:timeout", () => {
  say("The server took too long. What you wrote is still here; try again.", { refusal: true });
});
