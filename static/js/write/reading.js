// The writing page of somebody who may only read: open, close, filter.
import "../filter.js";
import "./folding.js";
import "./marked.js";
import { closeEditor, openEditor } from "./opening.js";

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-open], a[data-close-editor]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.matches("[data-open]")) openEditor(link.closest("[data-criterion]"));
  else closeEditor();
});
