// What the rules say under the open sentence: repaired, dismissed or brought back once it is saved.
import { refuse } from "../responses.js";
import { save } from "./editor.js";
import { place, post } from "./parts.js";
import { openRow } from "./opening.js";

document.addEventListener("submit", async (event) => {
  const { target, submitter } = event;
  if (!target.matches("form[data-lint]")) return;
  event.preventDefault();
  // Before it is saved: what the server answers takes the place of the field with the reason.
  const fields = new FormData(target, submitter);
  if (!(await save())) return;
  const row = openRow();
  fields.set("revision", row.querySelector("form[data-editor]").elements.revision.value);
  const { status, body } = await post(submitter.hasAttribute("formaction") ? submitter.formAction : target.action, fields);
  if (status !== 200) return refuse(status, body);
  // A repair may add rows and change fields of the open one: the page shows them as stored.
  if (submitter.matches("[data-lint-fix]")) location.assign(`?open=${row.dataset.criterion}&fixed=${Date.now()}#${row.id}`);
  else {
    place(body);
    // What was pressed is gone: go on at what took its place.
    const next = submitter.matches("[data-lint-back]") ? ".lint-note :is(button, summary)" : ".lint-stood:last-of-type button";
    (row.querySelector(`.lint ${next}`) ?? row.querySelector("textarea[name=text]")).focus();
  }
});

// “Dismiss…” asks for the reason: the very next key belongs in its field.
document.addEventListener("click", (event) => {
  const details = event.target.closest(".lint-dismiss > summary")?.parentElement;
  if (!details) return;
  event.preventDefault();
  details.open = !details.open;
  if (details.open) details.querySelector("input").focus();
});
