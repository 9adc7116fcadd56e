// The open editor: saved a moment after typing stops, when it is left, and on demand.
import { askToSignIn, refuse, sentenceFor } from "../responses.js";
import { say } from "../toasts.js";
import "./folding.js";
import { drop, keep, kept, keptKeys } from "./journal.js";
import { closeEditor, onClose, openEditor, openRow } from "./opening.js";
import { elements, get, place, post } from "./parts.js";
import { isSaved, settle, show, wait } from "./save_state.js";

const PAUSE = 1500;
const RETRY = [2000, 4000, 8000, 16000, 30000];
const user = document.getElementById("rubric").dataset.user;
const saver = { timer: 0, busy: null, acknowledged: "", failures: 0 };

const form = () => openRow()?.querySelector("form[data-editor]");
const journalKey = (row) => `${user}:${row.dataset.criterion}`;

/** What would be sent: the fields an author can change, as one string to compare. */
function written(editor) {
  const fields = new URLSearchParams(new FormData(editor));
  for (const name of ["csrfmiddlewaretoken", "revision", "over", "to"]) fields.delete(name);
  return fields.toString();
}

const isDirty = (editor) => written(editor) !== saver.acknowledged;

function later(delay) {
  clearTimeout(saver.timer);
  // In conflict nothing is sent by itself: the author has to choose.
  saver.timer = setTimeout(() => openRow()?.querySelector(".conflict") || save(), delay);
}

/** Send what is written. Resolves to whether the server has acknowledged exactly that. */
export async function save(over = "") {
  clearTimeout(saver.timer);
  if (saver.busy) await saver.busy;
  const editor = form();
  if (!editor || (!isDirty(editor) && !over)) return true;
  saver.busy = send(editor, over).finally(() => (saver.busy = null));
  return saver.busy;
}

async function send(editor, over) {
  const row = editor.closest(".crit-open");
  const sent = written(editor);
  const typed = ["text", "guidance"].map((name) => ({ name, value: editor.elements[name].value.toWellFormed() }));
  const before = new URLSearchParams(saver.acknowledged);
  const fields = new FormData(editor);
  if (over) fields.set("over", over);
  show("saving");
  const { status, body } = await post(editor.action, fields);
  if (status !== 200) return failed(row, status, body);
  const said = elements(body).find((it) => it.dataset.acknowledged !== undefined);
  // What was not typed here may have been joined with what others wrote.
  const changed = typed.filter(({ name, value }) => before.get(name)?.replaceAll("\r\n", "\n") !== value);
  if (!said || changed.some(({ name, value }) => said.dataset[name] !== value)) {
    show("refused");
    say("The server kept another text than was sent. Yours is still here; copy it and reload.", { refusal: true });
    return false;
  }
  saver.failures = 0;
  saver.acknowledged = sent;
  place(body);
  if (said.dataset.joined !== undefined) await takeJoined(row, editor, sent);
  editor.elements.revision.value = said.dataset.revision;
  if (isDirty(editor)) {
    remember();
    later(PAUSE);
    return false;
  }
  await drop(journalKey(row));
  settle("editor");
  show("saved", said.dataset);
  return true;
}

/** The text stays as it is; what is wrong is said beside it. */
function failed(row, status, body) {
  if (status === 409 || status === 422) {
    const parts = place(body);
    const inConflict = status === 409 && row.querySelector(".conflict");
    if (parts.some((it) => it.id)) show(inConflict ? "conflict" : "invalid", { number: row.dataset.number });
    else {
      show("refused");
      refuse(status, body);
    }
  } else if (status === 401) {
    show("signed-out");
    askToSignIn();
  } else if (status === 0 || status >= 500) {
    show("offline");
    later(RETRY[Math.min(saver.failures++, RETRY.length - 1)]);
  } else {
    show("refused");
    say(sentenceFor(status, body), { refusal: true });
  }
  return false;
}

/** Others changed other fields: show theirs wherever this author has not typed since. */
async function takeJoined(row, editor, sent) {
  const { status, body } = await get(editor.action);
  if (status !== 200) return;
  const fresh = elements(body)[0].querySelector("form[data-editor]");
  const untouched = written(editor) === sent;
  // As it is before the first of them is set: of two radios the one unset would look typed over.
  const [then, typed] = [new URLSearchParams(sent), new URLSearchParams(written(editor))];
  for (const control of fresh.elements) {
    const own = control.name && editor.elements[control.name];
    if (!own || control.type === "hidden" || ["level", "example"].includes(control.name.split("_")[0])) continue;
    if (then.getAll(control.name).join() !== typed.getAll(control.name).join()) continue;
    if (control.type === "radio" || control.type === "checkbox") {
      const mine = editor.querySelector(`[name="${control.name}"][value="${control.value}"], [name="${control.name}"]:not([value])`);
      if (mine) mine.checked = control.checked;
    } else if (control.multiple) {
      for (const option of own.options) option.selected = [...control.selectedOptions].some((it) => it.value === option.value);
    } else own.value = control.value;
  }
  if (untouched) {
    for (const list of fresh.querySelectorAll("[data-rows]")) {
      editor.querySelector(`[data-rows="${list.dataset.rows}"]`)?.replaceWith(list);
    }
    saver.acknowledged = written(editor);
  }
  say("Somebody changed other fields meanwhile; both changes are joined.");
}

function remember() {
  const row = openRow();
  const editor = form();
  wait("editor");
  show(row.querySelector(".conflict") ? "conflict" : "unsaved", { number: row.dataset.number });
  keep(journalKey(row), { revision: editor.elements.revision.value, fields: written(editor), at: Date.now() });
}

/** Put back all that was kept, with as many levels and examples as there were. */
function refill(editor, fields) {
  const lists = [...editor.querySelectorAll("[data-rows]")];
  for (const list of lists) {
    const template = list.parentElement.querySelector(`template[data-row-of="${list.dataset.rows}"]`);
    const { name } = template.content.querySelector("[name]");
    list.replaceChildren(...fields.getAll(name).map(() => template.content.firstElementChild.cloneNode(true)));
  }
  const left = Object.fromEntries([...fields.keys()].map((name) => [name, fields.getAll(name)]));
  for (const control of editor.elements) {
    const values = left[control.name] ?? [];
    if (!control.name || control.type === "hidden" || control.name === "to") continue;
    if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
    else if (control.multiple) for (const option of control.options) option.selected = values.includes(option.value);
    else if (values.length) control.value = values.shift();
  }
  // The spare rows of a page without scripts were kept along, empty.
  for (const row of lists.flatMap((list) => [...list.children])) {
    if ([...row.querySelectorAll("input, textarea")].every((it) => !it.value)) row.remove();
  }
}

async function opened(row) {
  const editor = row.querySelector("form[data-editor]");
  if (!editor) return;
  clearTimeout(saver.timer);
  Object.assign(saver, { acknowledged: written(editor), failures: 0 });
  const entry = await kept(journalKey(row));
  if (!entry || entry.fields === saver.acknowledged || form() !== editor) return;
  const fields = new URLSearchParams(entry.fields);
  refill(editor, fields);
  editor.elements.revision.value = entry.revision;
  say("This text was kept on this computer and not saved yet. It is back in the editor.");
  remember();
  later(PAUSE);
}

onClose(async (row) => {
  if (!row.querySelector("form[data-editor]")) return true;
  for (let tries = 0; tries < 3; tries += 1) if (await save()) return true;
  say("This criterion is not saved yet. Put it right, or wait for the connection, then go on.", { refusal: true });
  return false;
});

document.addEventListener("input", (event) => {
  const editor = form();
  if (event.target.form !== editor || !editor || event.target.name === "to") return;
  if (isDirty(editor)) {
    remember();
    later(PAUSE);
  } else if (!saver.busy) {
    // Back to what is stored: nothing waits, and nothing may come back from the journal.
    drop(journalKey(openRow()));
    settle("editor");
  }
});
document.addEventListener("focusout", (event) => {
  const editor = form();
  if (editor?.contains(event.target) && !openRow().contains(event.relatedTarget)) later(0);
});
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-open], a[data-close-editor], a[data-take]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.matches("[data-open]")) openEditor(link.closest("[data-criterion]"));
  else if (link.matches("[data-close-editor]")) closeEditor();
  else takeTheirs();
});

async function takeTheirs() {
  const row = openRow();
  const { status, body } = await get(form().action);
  if (status !== 200) return refuse(status, body);
  const [fresh] = elements(body);
  await drop(journalKey(row));
  row.replaceWith(fresh);
  await opened(fresh);
  settle("editor");
  show("saved", { clock: fresh.dataset.clock });
  fresh.querySelector("[name=text]").focus();
}

document.addEventListener("submit", async (event) => {
  if (!event.target.matches("form[data-editor]")) return;
  const { submitter } = event;
  event.preventDefault();
  if (submitter?.matches("[data-delete]")) await leave(submitter.formAction, { revision: true });
  else if (submitter?.matches("[data-move]")) await moveAway(submitter.formAction);
  else await save(submitter?.name === "over" ? submitter.value : "");
});

async function leave(url) {
  const row = openRow();
  const { status, body } = await post(url, { revision: form().elements.revision.value });
  if (status !== 200) return refuse(status, body);
  await drop(journalKey(row));
  clearTimeout(saver.timer);
  settle("editor");
  show("saved", { clock: new Date().toLocaleTimeString("en-GB") });
  place(body);
  document.querySelector(`#${row.id} [type=submit]`)?.focus();
}

async function moveAway(url) {
  const to = form().elements.to.value;
  const id = openRow().dataset.criterion;
  if (!(await closeEditor())) return;
  const { status, body } = await post(url, { to });
  if (status !== 200) return refuse(status, body);
  location.assign(`?moved=${id}#c-${id}`);
}

// Undo of a deletion: the row comes back in the place of the note.
document.addEventListener("submit", async (event) => {
  if (!event.target.matches("form[data-undo]")) return;
  event.preventDefault();
  const { status, body } = await post(event.target.action, new FormData(event.target));
  if (status !== 200) return refuse(status, body);
  place(body);
});
addEventListener("online", () => {
  if (!isSaved()) save();
});
document.addEventListener("editor-opened", (event) => opened(event.detail));

/** After a crash: open the first criterion with words that were never acknowledged, name the rest. */
async function offerKept() {
  const keys = new Set(await keptKeys());
  const rows = [...document.querySelectorAll("[data-criterion]")].filter((row) => keys.has(journalKey(row)));
  if (openRow() || !rows.length) return;
  const numbers = rows.slice(1).map((row) => row.querySelector(".crit-number").textContent);
  await openEditor(rows[0]);
  if (numbers.length) say(`Open these too: text of theirs was kept here and not saved: ${numbers.join(", ")}.`);
}

if (openRow()) opened(openRow());
else offerKept();
