// A check is tried on the sample answers as it stands in the form, saved or not.
import { refuse } from "../responses.js";
import { openRow } from "./opening.js";
import { place, post } from "./parts.js";

const isByProgram = (editor) => editor.elements.decided_by?.value === "program";
const PAUSE = 800;
let asked = 0;
let timer = 0;

async function tryCheck(editor) {
  const button = document.querySelector("[data-try-check]");
  const panel = document.getElementById("check-preview");
  const hadFocus = document.activeElement === button;
  const mine = (asked += 1);
  panel.setAttribute("aria-busy", "true");
  const { status, body } = await post(button.formAction, new FormData(editor));
  // The editor may have been closed meanwhile, or the check tried again.
  if (mine !== asked || !panel.isConnected) return;
  panel.removeAttribute("aria-busy");
  if (status !== 200) return refuse(status, body);
  place(body);
  for (const text of document.querySelectorAll(".check-text")) {
    const first = text.querySelector("mark");
    if (first) text.scrollTop = first.offsetTop - text.offsetTop - 24;
  }
  if (hadFocus) document.querySelector("[data-try-check]").focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-try-check]");
  if (!button) return;
  event.preventDefault();
  tryCheck(button.form);
});

// What was tried once is tried again when it changes: old verdicts never stand beside a new check.
document.addEventListener("input", ({ target }) => {
  if (!target.closest(".check-fields") || !document.querySelector(".check-preview [data-tried]")) return;
  clearTimeout(timer);
  timer = setTimeout(() => target.isConnected && tryCheck(target.form), PAUSE);
});

// Before the key's other meaning: a judge is not asked for what a program decides.
document.addEventListener(
  "keydown",
  (event) => {
    const editor = openRow()?.querySelector("form[data-editor]");
    if (event.key !== "." || !(event.ctrlKey || event.metaKey) || !editor || !isByProgram(editor)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    tryCheck(editor);
  },
  { capture: true },
);
