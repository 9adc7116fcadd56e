// New criteria, one after the other.
import { refuse } from "../responses.js";
import { say } from "../toasts.js";
import { drop, keep, kept } from "./journal.js";
import { elements, get, place, post } from "./parts.js";
import { settle, show, wait } from "./save_state.js";

const slot = () => document.getElementById("new");
const { user, question } = document.getElementById("rubric").dataset;
const journalKey = `${user}:new:${question}`;

/** Open the form for a new criterion, or go to it where it is open. */
export async function openNew(url = document.getElementById("add").dataset.add) {
  if (!slot().firstElementChild) {
    const { status, body } = await get(url);
    if (status !== 200) return refuse(status, body);
    slot().replaceChildren(...elements(body));
  }
  slot().querySelector("[name=text]").focus();
  slot().scrollIntoView({ block: "nearest" });
}

const isEmpty = () => !slot().querySelector("[name=text]")?.value.trim();

/** Close it, unless something is written in it. */
export function closeNew() {
  if (!isEmpty()) return false;
  slot().replaceChildren();
  return forget();
}

function forget() {
  drop(journalKey);
  settle("new");
  return true;
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.id !== "new-criterion") return;
  if (isEmpty()) return void forget();
  const [text, points, section] = ["text", "points", "section"].map((name) => form.elements[name].value);
  keep(journalKey, { text, points, section, at: Date.now() });
  wait("new");
});

/** What was written for a new criterion and never added comes back into its form. */
async function offerKept() {
  const entry = await kept(journalKey);
  if (!entry || !isEmpty()) return;
  await openNew();
  const form = document.getElementById("new-criterion");
  if (!form || !isEmpty()) return;
  for (const name of ["text", "points", "section"]) form.elements[name].value = entry[name];
  if (form.elements.section.selectedIndex < 0) form.elements.section.selectedIndex = 0;
  wait("new");
  say("This new criterion was kept on this computer and not added yet.");
}
offerKept();

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-add]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    openNew(link.dataset.add);
  }
  if (event.target.closest("#new [data-cancel]")) {
    event.preventDefault();
    slot().replaceChildren();
    forget();
  }
});

document.addEventListener("submit", async (event) => {
  if (event.target.id !== "new-criterion") return;
  event.preventDefault();
  const form = event.target;
  if (form.dataset.busy) return;
  form.dataset.busy = "true";
  // The form is replaced by an empty one when it is added: no word may be typed into it meanwhile.
  form.elements.text.readOnly = true;
  const { status, body } = await post(form.action, new FormData(form));
  form.elements.text.readOnly = false;
  delete form.dataset.busy;
  if (status === 200) {
    const points = form.elements.points.value;
    place(body);
    slot().querySelector("[name=points]").value = points;
    slot().querySelector("[name=text]").focus();
    document.querySelector(".empty.card")?.remove();
    forget();
    show("saved", { clock: new Date().toLocaleTimeString("en-GB") });
    renumber();
  } else if (status === 422) {
    const problems = elements(body)[0].querySelector("#new_problems");
    form.querySelector("#new_problems")?.remove();
    form.append(problems);
  } else refuse(status, body);
});
addEventListener("beforeunload", (event) => {
  if (!isEmpty()) event.preventDefault();
});

/** Numbers follow the order on the page. */
export function renumber() {
  document.querySelectorAll("[data-criterion]").forEach((row, place) => {
    const number = row.querySelector(".crit-number");
    if (number) number.textContent = place + 1;
    if (row.dataset.number) row.dataset.number = place + 1;
  });
}
