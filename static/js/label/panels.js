// One criterion is open at a time; the list, the bar and the numbers follow what the server has.
import { flush, give, onKept, onRefused } from "./sending.js";

const page = document.getElementById("labelling");
const finish = document.getElementById("label-finish");
const panels = [...document.querySelectorAll("[data-panel]")];
const keyOf = (panel) => panel.dataset.panel;
const find = (name, key) => document.querySelector(`[data-${name}="${CSS.escape(key)}"]`);
const done = [];

export const current = () => panels.find((panel) => !panel.hidden);
const waits = (panel) => panel.dataset.state === "open" || panel.dataset.state === "stale";

export function open(panel, { focus = true } = {}) {
  for (const other of panels) other.hidden = other !== panel;
  finish.hidden = Boolean(panel);
  for (const row of document.querySelectorAll("[data-row][aria-current]")) row.removeAttribute("aria-current");
  for (const part of document.querySelectorAll(".is-here")) part.classList.remove("is-here");
  if (panel) {
    const row = find("row", keyOf(panel));
    row.setAttribute("aria-current", "true");
    const list = row.closest(".label-rows");
    list.scrollTop = row.offsetTop - list.offsetTop - list.clientHeight / 2;
    find("part", keyOf(panel)).classList.add("is-here");
  }
  const target = panel ? panel.querySelector(".label-sentence") : finish;
  if (focus) target.focus({ preventScroll: true });
}

/** The next criterion without a verdict, going round; with none, the end of this answer. */
export function next() {
  const from = panels.indexOf(current()) + 1;
  open([...panels.slice(from), ...panels.slice(0, from)].find(waits));
}

export function step(by) {
  const at = panels.indexOf(current());
  const to = at < 0 ? panels.at(by > 0 ? 0 : -1) : panels[at + by];
  if (to) open(to);
}

export async function leave(url) {
  if (await flush()) location.assign(url);
}

export function press(panel, verdict, { moveOn = true, undoing = false } = {}) {
  const before = { panel, verdict: panel.dataset.verdict, note: panel.dataset.note };
  if (!undoing) done.push(panel.dataset.state === "stale" ? { ...before, verdict: "" } : before);
  const note = panel.elements.note.value.trim().replaceAll("\r\n", "\n");
  Object.assign(panel.dataset, { verdict, note: verdict ? note : "" });
  draw(panel, "pending");
  const { criterion, wording, text } = panel.elements;
  give(page.dataset.answer, panel.action, { criterion: criterion.value, verdict, note, wording: wording.value, text: text.value });
  if (moveOn && verdict) next();
}

/** A note that was changed goes with the verdict that is there. */
export function keepNote(panel) {
  const note = panel.elements.note.value.trim();
  if (panel.dataset.verdict && !waits(panel) && note !== panel.dataset.note) press(panel, panel.dataset.verdict, { moveOn: false });
}

export function undo() {
  const last = done.pop();
  if (!last) return;
  last.panel.elements.note.value = last.note;
  press(last.panel, last.verdict, { moveOn: false, undoing: true });
  open(last.panel);
}

function draw(panel, state) {
  const { verdict } = panel.dataset;
  panel.dataset.state = state;
  panel.classList.toggle("is-pending", state === "pending");
  let chosen = null;
  for (const button of panel.querySelectorAll(".label-choice")) {
    const isChosen = button.value === verdict;
    button.setAttribute("aria-pressed", String(isChosen));
    if (isChosen) chosen = button;
  }
  panel.querySelector("[data-stale]")?.toggleAttribute("hidden", true);
  const row = find("row", keyOf(panel));
  row.classList.toggle("is-pending", state === "pending");
  const mark = row.querySelector(".mark");
  mark.firstElementChild.setAttribute("href", `#m-${chosen?.dataset.shape ?? "waiting"}`);
  mark.setAttribute("aria-label", chosen?.querySelector("b").textContent ?? "not labelled");
  find("part", keyOf(panel)).dataset.state = state;
  count();
}

function count() {
  const saved = panels.filter((panel) => panel.dataset.state === "done").length;
  const left = panels.filter(waits).length;
  document.getElementById("label-done").textContent = saved;
  const place = document.getElementById("label-left");
  const minutes = Math.ceil((left * Number(place.dataset.seconds)) / 60);
  place.textContent = left ? `${left} left${minutes ? `, about ${minutes} minute${minutes > 1 ? "s" : ""}` : ""}` : "";
}

function tell(id, words) {
  const notice = document.getElementById(id);
  notice.querySelector("[data-words]").textContent = words;
  notice.hidden = false;
}

onKept(({ answer, fields }, { meanwhile, before }) => {
  if (meanwhile) tell("meanwhile", meanwhile);
  const panel = answer === page.dataset.answer && panels.find((it) => keyOf(it) === fields.criterion);
  if (!panel) return;
  Object.assign(panel.dataset, { verdict: fields.verdict, note: fields.verdict ? fields.note : "" });
  if (before) tell("label-before", `Criterion ${find("row", fields.criterion).querySelector(".num").textContent}: before it changed you said ${before.toLowerCase()}.`);
  draw(panel, fields.verdict ? (meanwhile ? "stale" : "done") : "open");
});
onRefused(({ answer, fields }) => {
  const panel = answer === page.dataset.answer && panels.find((it) => keyOf(it) === fields.criterion);
  if (!panel) return;
  panel.dataset.verdict = "";
  draw(panel, "open");
});
if (current() && panels.some(waits)) open(current(), { focus: false });
else if (panels.length && !new URLSearchParams(location.search).has("criterion")) open(null, { focus: false });
count();
