// The keyboard: j k move, Enter edits, o adds, / filters, ? tells them all; in the editor Ctrl Enter, Ctrl S, Esc, Alt arrows, Ctrl . tries it, Ctrl , goes to the verdicts.
import { areOn } from "../letter_keys.js";
import { closeNew, openNew } from "./adding.js";
import { save } from "./editor.js";
import { closeEditor, openEditor, openRow } from "./opening.js";
import { moveBy } from "./ordering.js";
import { nextCard, onCard, press, tryOut } from "./tryout.js";

const rows = () => [...document.querySelectorAll("[data-criterion]:not([hidden])")].filter((row) => !row.closest("[hidden]"));
const current = () => document.activeElement?.closest("[data-criterion]");
const isTyping = (target) => target.matches("input, textarea, select, [contenteditable]");

function go(step) {
  const all = rows();
  const from = all.indexOf(current());
  const next = all[from < 0 ? (step > 0 ? 0 : all.length - 1) : from + step];
  (next?.querySelector("[data-open]") ?? next?.querySelector("[name=text]"))?.focus();
}

async function saveAndNext() {
  const all = rows();
  const next = all[all.indexOf(openRow()) + 1];
  if (next) await openEditor(next);
  else await closeEditor();
}

/** A new criterion for the section one is in. */
function addHere() {
  const url = document.getElementById("add").dataset.add;
  const section = current()?.closest(".crits").id.slice("list-".length);
  openNew(section ? `${url}?section=${encodeURIComponent(section)}` : url);
}

const typing = {
  Escape: () => {
    if (document.activeElement.closest("#new")) closeNew();
    else if (onCard()) openRow().querySelector("[name=text]").focus();
    else if (openRow()) closeEditor();
  },
};
const moving = {
  j: () => go(1),
  k: () => go(-1),
  o: addHere,
  "/": () => document.getElementById("filter").focus(),
  "?": () => document.getElementById("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const control = event.ctrlKey || event.metaKey;
  let act = null;
  if (control && key === "s") act = () => save();
  else if (control && key === "Enter" && target.closest("#new")) act = () => target.form.requestSubmit();
  else if (control && key === "Enter" && openRow()) act = saveAndNext;
  else if (control && key === "." && openRow()) act = () => event.repeat || tryOut();
  else if (control && key === "," && openRow()) act = nextCard;
  else if (event.altKey && (key === "ArrowUp" || key === "ArrowDown") && current()) {
    const [row, focused] = [current(), document.activeElement];
    act = () => {
      moveBy(row, key === "ArrowUp" ? -1 : 1);
      focused.focus();
    };
  } else if (control || event.altKey || document.querySelector("dialog[open]")) return;
  else if (key === "Escape") act = typing.Escape;
  else if (!isTyping(target) && areOn()) act = onCard() && "ad".includes(key) ? () => press(key) : moving[key];
  if (!act) return;
  event.preventDefault();
  act();
});
