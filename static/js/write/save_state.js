// The one place that says whether everything is saved. "Saved" is the server's word, never ours.
const place = () => document.getElementById("save-state");
const templates = document.getElementById("save-states");
const asLoaded = [...place().childNodes].map((node) => node.cloneNode(true));
// What is written and not acknowledged: "editor", "new". While anything waits, "Saved" is not said.
const waiting = new Set();
let shown = "saved";
let held = { state: "unsaved", stamp: {} };
let last = null;

/** state: saved, saving, unsaved, offline, invalid, conflict, signed-out, refused. */
export function show(state, stamp = {}) {
  if (state === "saved") last = stamp;
  else if (state !== "saving") held = { state, stamp };
  if (state === "saved" && waiting.size) draw(held.state, held.stamp);
  else draw(state, stamp);
}

function draw(state, { clock = "", time = "", number = "" }) {
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

/** `what` holds words that the server has not acknowledged. */
export function wait(what) {
  waiting.add(what);
  if (isSaved()) show("unsaved");
}

/** `what` is acknowledged, or was taken back. */
export function settle(what) {
  waiting.delete(what);
  if (waiting.size || isSaved()) return;
  draw("saved", last ?? {});
  if (!last) place().replaceChildren(...asLoaded.map((node) => node.cloneNode(true)));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("#publish[data-waits]")) event.preventDefault();
});
addEventListener("beforeunload", (event) => {
  if (!isSaved()) event.preventDefault();
});
