// The form of the poem, and of the lines that are suggested. It is chosen in a panel above the bar.

import { actions, part, popoverClosed, popoverOpened, texts } from "./page.js";
import { compareSoon } from "./comparison.js";

const panel = part("form");
const fields = [...panel.querySelectorAll("[name]")];
const formButton = part("form-button");

export function formRequest() {
  return Object.fromEntries(fields.map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]));
}

/** Sets the fields to the form of a receipt, which has no name. */
export function setForm(form) {
  for (const field of fields) {
    const value = form[field.name];
    if (field.type === "checkbox") field.checked = value === true;
    else if (field.name === "name") field.value = "free";
    else field.value = Array.isArray(value) ? value.join(",") : (value ?? "");
  }
  formChanged();
}

function openForm(open) {
  panel.hidden = !open;
  formButton.ariaExpanded = String(open);
  if (open) popoverOpened(panel, formButton, () => openForm(false));
  else popoverClosed(panel);
  if (open) fields[0].focus({ preventScroll: true });
  else if (panel.contains(document.activeElement)) formButton.focus({ preventScroll: true });
}

function formChanged() {
  const form = formRequest();
  const named = form.name === "free" ? [] : [fields[0].selectedOptions[0].textContent];
  const described = ["rhyme", "syllables", "stanzas", "acrostic"].map((name) => form[name].trim()).filter(Boolean);
  const name = [...named, ...described].join(", ") || (form.real_words ? texts.realWords : "");
  formButton.textContent = name ? texts.formIs.replace("{name}", () => name) : texts.form;
  compareSoon(150);
}

panel.addEventListener("input", formChanged);

panel.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // an input method is at work
  if (event.key !== "Escape" && event.key !== "Enter") return;
  event.preventDefault();
  event.stopPropagation();
  openForm(false);
});

Object.assign(actions, {
  form: () => openForm(panel.hidden),
  "clear-form": () => setForm({}),
});
