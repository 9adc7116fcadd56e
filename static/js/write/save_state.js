// The one place that says whether everything is saved. "Saved" is the server's word, never ours.
const place = () => document.getElementById("save-state");
const templates = document.getElementById("save-states");
let shown = "saved";

/** state: saved, saving, unsaved, offline, invalid, conflict, signed-out, refused. */
export function show(state, { clock = "", time = "", number = "" } = {}) {
  const source = templates.content.querySelector(`[data-for="${state}"]`).cloneNode(true);
  const stamp = source.querySelector("time");
  if (stamp) [stamp.textContent, stamp.dateTime] = [clock, time];
  const which = source.querySelector("b");
  if (which) which.textContent = number;
  place().dataset.state = shown = state;
  place().replaceChildren(...source.childNodes);
  const publish = document.getElementById("publish");
  publish?.toggleAttribute("data-waits", state !== "saved");
  publish?.setAttribute("aria-disabled", String(state !== "saved"));
}

export const isSaved = () => shown === "saved";

document.addEventListener("click", (event) => {
  if (event.target.closest("#publish[data-waits]")) event.preventDefault();
});
addEventListener("beforeunload", (event) => {
  if (!isSaved()) event.preventDefault();
});
