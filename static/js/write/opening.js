// One criterion is open at a time: its row becomes an editor, and a row again.
import { refuse } from "../responses.js";
import { elements, get } from "./parts.js";

/** What must happen before an open editor may close; false keeps it open. */
const beforeClosing = [];
export const onClose = (task) => beforeClosing.push(task);

export const openRow = () => document.querySelector(".crit-open");

async function swap(row, url) {
  const { status, body } = await get(url);
  if (status !== 200) {
    refuse(status, body);
    return null;
  }
  const [fresh] = elements(body);
  row.replaceWith(fresh);
  return fresh;
}

/** Close the open editor; false when it has to stay, because its text could not be saved. */
export async function closeEditor({ focus = true } = {}) {
  const open = openRow();
  if (!open) return true;
  for (const task of beforeClosing) {
    if (!(await task(open))) return false;
  }
  const row = await swap(open, open.querySelector("[data-close-editor]").dataset.closeEditor);
  if (!row) return false;
  if (focus) row.querySelector("[data-open]").focus();
  history.replaceState(null, "", location.pathname);
  return true;
}

/** Open this row's editor, once the other one could close. */
export async function openEditor(row) {
  if (!row || row === openRow()) return;
  if (!(await closeEditor({ focus: false }))) return;
  const id = row.id;
  const link = document.getElementById(id)?.querySelector("[data-open]");
  if (!link) return;
  const editor = await swap(document.getElementById(id), link.dataset.open);
  if (!editor) return;
  history.replaceState(null, "", `?open=${editor.dataset.criterion}`);
  const text = editor.querySelector("[name=text]");
  text?.focus();
  text?.setSelectionRange(text.value.length, text.value.length);
  editor.scrollIntoView({ block: "nearest" });
  document.dispatchEvent(new CustomEvent("editor-opened", { detail: editor }));
}
