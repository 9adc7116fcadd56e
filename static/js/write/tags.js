// Chips below the tags: each puts its tag among them, or takes it out again.
const tagsOf = (input) => input.value.split(",").map((tag) => tag.trim()).filter(Boolean);

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-tag]");
  if (!chip) return;
  const input = chip.closest(".field").querySelector("[name=tags]");
  const others = tagsOf(input).filter((tag) => tag !== chip.dataset.tag);
  const isNew = others.length === tagsOf(input).length;
  input.value = [...others, ...(isNew ? [chip.dataset.tag] : [])].join(", ");
  chip.setAttribute("aria-pressed", isNew);
  input.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("input", (event) => {
  if (event.target.name !== "tags") return;
  const tags = tagsOf(event.target);
  for (const chip of event.target.closest(".field").querySelectorAll("[data-tag]")) {
    chip.setAttribute("aria-pressed", tags.includes(chip.dataset.tag));
  }
});
