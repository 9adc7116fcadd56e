// Signing in again in another tab makes a new CSRF token; the cookie always has the present one.

/** The present token, for the X-CSRFToken header of a fetch(). */
export function csrfToken() {
  const pair = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return pair ? pair.slice("csrftoken=".length) : "";
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const token = csrfToken();
  if (!token || detail.verb === "get") return;
  detail.headers["X-CSRFToken"] = token;
  if ("csrfmiddlewaretoken" in detail.parameters) detail.parameters.csrfmiddlewaretoken = token;
});
document.addEventListener(
  "submit",
  ({ target }) => {
    const field = target.querySelector("input[name=csrfmiddlewaretoken]");
    const token = csrfToken();
    if (field && token) field.value = token;
  },
  { capture: true },
);
