// Trying the open criterion as it is typed: verdicts arrive one by one; one's own word on them.
import { csrfToken } from "../csrf.js";
import { askToSignIn, refuse, sentenceFor } from "../responses.js";
import { fieldsOf, wordingOf } from "./fields.js";
import { openRow } from "./opening.js";
import { elements, place, post } from "./parts.js";

const state = { going: null, row: null, fields: null, wording: "" };
const form = () => openRow()?.querySelector("form[data-editor]");
const list = () => openRow()?.querySelector(".tried-list");

/** The line that says a try has all its verdicts. */
const over = () => list()?.querySelector("[data-over]");
const heading = () => openRow()?.querySelector(".tryout-head .label");

/** Put a sentence where the verdicts would be. */
function tell(sentence) {
  const words = document.createElement("p");
  words.className = "tried-error";
  words.setAttribute("role", "alert");
  words.textContent = sentence;
  list()?.replaceChildren(words);
}

/** Hand each line of the response to `take`: one JSON string of HTML, or nothing yet. */
async function lines(response, take) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) if (part) take(JSON.parse(part));
  }
}

export async function tryOut() {
  const editor = form();
  const row = openRow();
  const button = row?.querySelector("[data-try]");
  if (!editor || !button) return;
  state.going?.abort();
  const going = new AbortController();
  // Another try takes its place, and another criterion's verdicts are not its business.
  const isWanted = () => !going.signal.aborted && row === openRow();
  const fields = fieldsOf(editor);
  const wording = wordingOf(fields);
  const judge = row.querySelector("[data-try-judge]")?.value ?? "";
  // The same once more: known verdicts are asked anew.
  const isAgain = state.row === row && state.wording === wording && (state.judge ?? judge) === judge && over();
  Object.assign(state, { going, row, fields, wording, judge });
  const body = new URLSearchParams(fields);
  body.set("judge", judge);
  if (isAgain) body.set("again", "on");
  list().setAttribute("aria-busy", "true");
  heading().textContent = "Trying";
  let trouble = "";
  try {
    const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken() };
    const options = { method: "POST", credentials: "same-origin", redirect: "manual", headers, body, signal: going.signal };
    const response = await fetch(button.formAction, options);
    if (response.type === "opaqueredirect") askToSignIn();
    else if (!response.ok) trouble = sentenceFor(response.status, await response.text());
    else {
      await lines(response, (html) => (isWanted() ? show(html) : going.abort()));
      if (!over()) trouble = "The try broke off before every verdict was there. Press again.";
    }
  } catch {
    trouble = "No connection to the server. What you wrote is still here; try again.";
  }
  if (state.going === going) state.going = null;
  if (!isWanted()) return;
  if (trouble) tell(trouble);
  list().removeAttribute("aria-busy");
  if (!over()) heading().textContent = "Not tried yet";
}

/** Put the parts in; a card that has the focus keeps it. */
function show(html) {
  const focused = document.activeElement?.closest(".tried-card")?.id;
  place(html);
  if (focused) document.getElementById(focused)?.focus();
  const title = over()?.dataset.over;
  if (title) heading().textContent = title;
  compare();
}

/** Say whether the verdicts are about the words that stand above. */
function compare() {
  const row = openRow();
  const same = row?.querySelector("[data-same-words]");
  if (!same || state.row !== row) return;
  const isSame = wordingOf(fieldsOf(form())) === state.wording;
  same.hidden = !isSame;
  row.querySelector("[data-other-words]").hidden = isSame;
}

/** The card that has the focus. */
export const onCard = () => document.activeElement?.closest(".tried-card[tabindex]") ?? null;

/** To the first card, or the next one. */
export function nextCard() {
  const cards = [...(openRow()?.querySelectorAll(".tried-card[tabindex]") ?? [])];
  const next = cards[cards.indexOf(onCard()) + 1] ?? cards[0];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** a agrees, d disagrees with the card in hand; where there are several ways to, it shows them. */
export function press(key) {
  const button = onCard()?.querySelector(`[data-opinion-key="${key}"]`);
  button?.click();
}

/** Where there are several other verdicts, they are shown first. */
function showOthers(button) {
  const others = button.nextElementSibling;
  others.hidden = !others.hidden;
  button.setAttribute("aria-expanded", String(!others.hidden));
  if (!others.hidden) others.querySelector("button").focus();
}

async function keepOpinion(button) {
  const opinion = button.closest("[data-opinion]");
  const { answer, answerRevision, judged, run } = opinion.dataset;
  // What a run says, it says of its own wording; what a try says, of the words as they were typed.
  if (!run && (!state.fields || state.row !== openRow())) return;
  const fields = new URLSearchParams(run ? { run } : state.fields);
  const verdict = button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.verdict;
  for (const [name, value] of Object.entries({ answer, answer_revision: answerRevision, judged, verdict })) fields.set(name, value);
  const { status, body } = await post(opinion.dataset.opinion, fields);
  if (status !== 200) return refuse(status, body);
  const [fresh] = elements(body);
  const hadFocus = opinion.contains(document.activeElement) || onCard() === opinion.closest(".tried-card");
  const card = opinion.closest(".tried-card");
  opinion.replaceWith(fresh);
  if (hadFocus) card.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-try]");
  if (button) {
    event.preventDefault();
    tryOut();
  }
  const opener = event.target.closest("[data-show-others]");
  if (opener) showOthers(opener);
  const word = event.target.closest("[data-opinion] [data-verdict]");
  if (word) keepOpinion(word);
});
document.addEventListener("input", (event) => form()?.contains(event.target) && compare());
document.addEventListener("change", (event) => event.target.matches("[data-try-judge]") && tryOut());
