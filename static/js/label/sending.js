// Each key's way to the server: kept on this computer until the server has said that it has it.
import { askToSignIn, sentenceFor } from "../responses.js";
import { say } from "../toasts.js";
import { drop, keep, kept, keptKeys } from "../write/journal.js";
import { post } from "../write/parts.js";
import { settle, show, wait } from "../write/save_state.js";

const RETRY = [1000, 2000, 4000, 8000, 16000, 30000];
const prefix = `label:${document.getElementById("labelling").dataset.user}:`;
// By cell, the newest verdict alone; what the journal holds of other answers is sent too.
const waiting = new Map();
const state = { busy: null, timer: 0, failures: 0 };
const listeners = { kept: [], refused: [] };

export const onKept = (act) => listeners.kept.push(act);
export const onRefused = (act) => listeners.refused.push(act);
export const isWaiting = () => waiting.size > 0;

/** fields: criterion, verdict, note, wording, text. */
export function give(answer, url, fields) {
  const key = `${prefix}${answer}:${fields.criterion}`;
  const entry = { answer, url, fields, at: Date.now() };
  waiting.set(key, entry);
  wait("labels");
  entry.stored = keep(key, { answer, url, fields, at: entry.at });
  return flush();
}

/** Resolves to whether everything is acknowledged. */
export function flush() {
  clearTimeout(state.timer);
  state.busy ??= sendAll().finally(() => (state.busy = null));
  return state.busy;
}

async function sendAll() {
  while (waiting.size) {
    const [key, entry] = waiting.entries().next().value;
    if (await isOutdated(key, entry)) continue;
    show("saving");
    const { status, body } = await post(entry.url, entry.fields);
    if (!(await answered(key, entry, status, body))) return false;
  }
  settle("labels");
  return true;
}

/** Another tab may have sent it already, or hold a newer verdict on the same cell. */
async function isOutdated(key, entry) {
  await entry.stored;
  const stored = await kept(key);
  if (stored && stored.at > entry.at) waiting.set(key, stored);
  else if (!stored && entry.wasStored) waiting.delete(key);
  else {
    entry.wasStored = Boolean(stored);
    return false;
  }
  return true;
}

async function answered(key, entry, status, body) {
  if (status === 200) return acknowledged(key, entry, JSON.parse(body));
  if (status === 0 || status === 429 || status >= 500) {
    show("offline", { number: waiting.size });
    state.timer = setTimeout(flush, RETRY[Math.min(state.failures++, RETRY.length - 1)]);
    return false;
  }
  if (status === 401) {
    show("signed-out", { number: waiting.size });
    askToSignIn();
    return false;
  }
  // A role that was taken away may come back: the journal keeps it and sends it with the next page.
  if (status !== 403) await forget(key, entry);
  if (waiting.get(key) === entry) waiting.delete(key);
  say(sentenceFor(status, body), { refusal: true });
  for (const act of listeners.refused) act(entry);
  return true;
}

async function acknowledged(key, entry, said) {
  const { criterion, verdict, note } = entry.fields;
  if (said.criterion !== criterion || said.verdict !== verdict || (verdict && said.note !== note)) {
    show("refused");
    say("The server kept something else than was sent. Reload the page and look at it.", { refusal: true });
    return false;
  }
  state.failures = 0;
  await forget(key, entry);
  if (waiting.get(key) === entry) {
    waiting.delete(key);
    for (const act of listeners.kept) act(entry, said);
  }
  const now = new Date();
  show("saved", { clock: now.toLocaleTimeString("en-GB"), time: now.toISOString() });
  return true;
}

async function forget(key, entry) {
  const stored = await kept(key);
  if (stored && stored.at === entry.at) await drop(key);
}

/** What an earlier page could not send. */
async function takeUp() {
  for (const key of await keptKeys()) {
    if (!String(key).startsWith(prefix) || waiting.has(key)) continue;
    const entry = await kept(key);
    if (entry && !waiting.has(key)) waiting.set(key, { ...entry, wasStored: true });
  }
  if (!waiting.size) return;
  wait("labels");
  const count = waiting.size;
  if (await flush()) say(`${count} ${count === 1 ? "label" : "labels"} kept on this computer: now saved.`);
}

addEventListener("online", () => waiting.size && flush());
document.addEventListener("visibilitychange", () => !document.hidden && waiting.size && flush());
takeUp();
