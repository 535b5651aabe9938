// The editors of parts. An open editor outlives changes to the list: it leaves with its part, and comes back when the
// part is listed again. Its HTML comes from part_editor.html.

import { act, root } from "./review.js";

const editors = new Map(); // by the name of the part: the id of its corpus and its key

const nameOf = (item) => item.dataset.key;
export const itemOf = (inside) => inside.closest("li[data-part-key]");
export const itemNamed = (name) => [...root.querySelectorAll("li[data-part-key]")].find((item) => nameOf(item) === name);
export const editButton = (item) => item.querySelector("[data-do=edit]");

function attach(item, editor) {
  if (editor.parentNode !== item) item.append(editor);
  item.classList.add("editing");
  editButton(item).setAttribute("aria-expanded", "true");
}

export function attachEditors() {
  for (const [name, editor] of editors) {
    const item = itemNamed(name);
    if (item) attach(item, editor);
  }
}

export function openEditor(name, html) {
  const item = itemNamed(name);
  if (!item) return;
  if (!editors.has(name)) {
    const box = document.createElement("div");
    box.innerHTML = html;
    editors.set(name, box.firstElementChild);
    attach(item, box.firstElementChild);
  }
  editors.get(name).scrollIntoView({ block: "nearest" });
  editors.get(name).querySelector("input, textarea").focus();
}

export function removeEditor(name) {
  const item = itemNamed(name);
  editors.get(name)?.remove();
  editors.delete(name);
  item?.classList.remove("editing");
  if (item) editButton(item).setAttribute("aria-expanded", "false");
}

export function closeEditor(item) {
  removeEditor(nameOf(item));
  editButton(item).focus();
}

export function showEditorError(name, sentence) {
  const place = editors.get(name)?.querySelector(".error");
  if (!place) return;
  place.replaceChildren(Object.assign(document.createElement("p"), { textContent: sentence }));
  place.scrollIntoView({ block: "nearest" });
}

// Only fields that were changed are sent: the others stay as found, however the file is read.
export function saveEditor(item) {
  const changed = [...item.querySelectorAll(".editor [name]")].filter((field) => field.value !== field.defaultValue);
  if (!changed.length) return closeEditor(item);
  item.querySelector(".editor .error").replaceChildren();
  act("save", { part: item.dataset.partKey, ...Object.fromEntries(changed.map((field) => [field.name, field.value])) });
}
