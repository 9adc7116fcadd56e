// What the rules say under the open sentence: repaired or dismissed once the sentence is saved.
import { refuse } from "../responses.js";
import { save } from "./editor.js";
import { place, post } from "./parts.js";
import { openRow } from "./opening.js";

document.addEventListener("submit", async (event) => {
  const { target, submitter } = event;
  if (!target.matches("form[data-lint]")) return;
  event.preventDefault();
  if (!(await save())) return;
  const row = openRow();
  const fields = new FormData(target, submitter);
  fields.set("revision", row.querySelector("form[data-editor]").elements.revision.value);
  const { status, body } = await post(submitter.hasAttribute("formaction") ? submitter.formAction : target.action, fields);
  if (status !== 200) return refuse(status, body);
  // A repair may add rows and change fields of the open one: the page shows them as stored.
  if (submitter.matches("[data-lint-fix]")) location.assign(`?open=${row.dataset.criterion}&fixed=${Date.now()}#${row.id}`);
  else place(body);
});
