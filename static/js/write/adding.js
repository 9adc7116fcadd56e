// New criteria, one after the other.
import { refuse } from "../responses.js";
import { elements, get, place, post } from "./parts.js";
import { show } from "./save_state.js";

const slot = () => document.getElementById("new");

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
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-add]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    openNew(link.dataset.add);
  }
  if (event.target.closest("#new [data-cancel]")) {
    event.preventDefault();
    slot().replaceChildren();
  }
});

document.addEventListener("submit", async (event) => {
  if (event.target.id !== "new-criterion") return;
  event.preventDefault();
  const form = event.target;
  if (form.dataset.busy) return;
  form.dataset.busy = "true";
  const { status, body } = await post(form.action, new FormData(form));
  delete form.dataset.busy;
  if (status === 200) {
    const points = form.elements.points.value;
    place(body);
    slot().querySelector("[name=points]").value = points;
    slot().querySelector("[name=text]").focus();
    document.querySelector(".empty.card")?.remove();
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
