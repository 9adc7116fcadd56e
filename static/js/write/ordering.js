// Moving a row: on the page at once, and on the server; back again if that refuses.
import { refuse } from "../responses.js";
import { renumber } from "./adding.js";
import { place, post } from "./parts.js";
import { show } from "./save_state.js";

let queue = Promise.resolve();

const previousRow = (row) => {
  const before = row.previousElementSibling;
  return before?.matches("[data-criterion]") ? before : null;
};

/** Tell the server where `row` stands now. Moves go out one after the other. */
export function tellPlace(row) {
  renumber();
  const after = previousRow(row);
  const fields = { section: row.parentElement.dataset.section, after: after?.dataset.criterion ?? "" };
  queue = queue.then(() => send(row, fields));
}

async function send(row, fields) {
  show("saving");
  const { status, body } = await post(`/criteria/${row.dataset.criterion}/move`, fields);
  if (status === 200) {
    place(body);
    const revision = row.querySelector("[name=revision]");
    // A move is a revision too; an open editor of the same row joins it when it saves.
    if (revision) row.dataset.moved = "true";
    show("saved", { clock: new Date().toLocaleTimeString("en-GB") });
    return;
  }
  refuse(status, body);
  show("refused");
}

const say = (words) => (document.getElementById("said").textContent = words);

/** One place up (-1) or down (1), into the section beside where its own ends. */
export function moveBy(row, step) {
  const lists = [...document.querySelectorAll(".crits")];
  const list = row.parentElement;
  if (step < 0 && previousRow(row)) previousRow(row).before(row);
  else if (step > 0 && row.nextElementSibling) row.nextElementSibling.after(row);
  else {
    const next = lists[lists.indexOf(list) + step];
    if (!next) return;
    if (step < 0) next.append(row);
    else {
      const first = next.querySelector("[data-criterion]");
      if (first) first.before(row);
      else next.append(row);
    }
  }
  tellPlace(row);
  say(`Moved to ${[...document.querySelectorAll("[data-criterion]")].indexOf(row) + 1}.`);
  row.scrollIntoView({ block: "nearest" });
}
