// Requests to the server, and putting the parts that it answers with where they belong.
import { csrfToken } from "../csrf.js";

/** The answer of a fetch: its status, or 0 without a connection, 401 when signed out. */
async function answer(request) {
  try {
    const response = await request;
    if (response.type === "opaqueredirect") {
      return { status: 401, body: "" };
    }
    return { status: response.status, body: await response.text() };
  } catch {
    return { status: 0, body: "" };
  }
}

// A redirect means the sign-in page: it must never land in this one.
const options = (more) => ({ credentials: "same-origin", redirect: "manual", ...more });

export function get(url) {
  return answer(fetch(url, options({ headers: { "HX-Request": "true" } })));
}

export function post(url, fields) {
  const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken() };
  // A server that hangs counts as one that is away: the words wait in the journal and go again.
  const signal = AbortSignal.timeout(30_000);
  return answer(fetch(url, options({ method: "POST", headers, signal, body: new URLSearchParams(fields) })));
}

/** The elements of an HTML fragment. */
export function elements(body) {
  const template = document.createElement("template");
  template.innerHTML = body;
  return [...template.content.children];
}

/** Put each element with an id in the place of the one that has it, and append what says so. */
export function place(body) {
  const found = elements(body);
  for (const element of found) {
    if (element.dataset.append !== undefined) {
      document.getElementById(element.dataset.append)?.append(...element.children);
    } else if (element.id) {
      document.getElementById(element.id)?.replaceWith(element);
    }
  }
  return found;
}
