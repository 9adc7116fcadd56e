// Points, levels and gates change scores, not verdicts: the pinned answers' scores follow at once.
import { fieldsOf } from "./fields.js";
import { openRow } from "./opening.js";
import { place, post } from "./parts.js";

const PAUSE = 150;
const COUNTED = ["points", "gate", "gate_cap", "level_value", "requires", "section"];
let timer = 0;
let asked = 0;

async function rescore() {
  const row = openRow();
  const editor = row?.querySelector("form[data-editor]");
  if (!editor) return;
  asked += 1;
  const number = asked;
  const { status, body } = await post(row.querySelector("[data-scores]").dataset.scores, fieldsOf(editor));
  // Saving says what is wrong, and that the connection is gone; an older answer comes too late.
  if (status === 200 && number === asked && row === openRow()) place(body);
}

document.addEventListener("input", (event) => {
  const editor = openRow()?.querySelector("form[data-editor]");
  if (!editor || event.target.form !== editor || !COUNTED.includes(event.target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(rescore, PAUSE);
});
