// A link that opens a criterion for something in particular finds it ready: its points, its words,
// or the repair that a rule offers.
const READY = {
  text: ["[name=text]"],
  points: ["[name=points]"],
  split: ["[data-lint-fix=split]", "[name=text]"],
  fix: ["[data-lint-fix]", "[name=text]"],
};

const wanted = READY[new URLSearchParams(location.search).get("for")];

function makeReady() {
  const editor = document.querySelector(".crit-open");
  // Whoever was quicker has begun with something else.
  if (!editor || editor.contains(document.activeElement)) return;
  const found = wanted.map((it) => editor.querySelector(it)).find(Boolean);
  found?.focus({ preventScroll: true });
  if (found?.name === "points") found.select();
  if (found?.name === "text") found.setSelectionRange(found.value.length, found.value.length);
  editor.scrollIntoView({ block: "nearest" });
}

// Not before the browser went to the address's fragment: that takes the focus away again.
const afterwards = () => requestAnimationFrame(() => requestAnimationFrame(makeReady));
if (wanted) {
  if (document.readyState === "complete") afterwards();
  else addEventListener("load", afterwards);
}
