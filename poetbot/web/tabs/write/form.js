// The form of the poem, and of the lines that are suggested. It is chosen in a panel above the bar.

import { actions, byId, part, popoverClosed, popoverOpened, texts } from "./page.js";
import { compareSoon } from "./comparison.js";

const panel = part("form");
const fields = [...panel.querySelectorAll("[name]")];
const [nameField, metreField] = ["name", "metre"].map((name) => panel.querySelector(`[name="${name}"]`));
const formButton = part("form-button");

const byName = (name) => fields.find((field) => field.name === name);
const hasTones = () => "hasTones" in byName("name").selectedOptions[0].dataset;

export function formRequest() {
  return Object.fromEntries(fields.map((field) => [field.name, field.value]));
}

/** Sets the fields; those that are not given are cleared. */
export function setForm(form) {
  for (const field of fields) {
    field.value = form[field.name] ?? (field.name === "name" ? "free" : "");
    if (field.selectedIndex === -1) field.selectedIndex = 0; // what is saved may be from another version
  }
  if (hasTones() && form.rhyme_book === undefined) byName("rhyme_book").value = "none"; // from before there were rhyme books
  if (!form.metre) metreField.value = usualMetre();
  formChanged();
}

function usualMetre() {
  return nameField.selectedOptions[0].dataset.metre;
}

function openForm(open) {
  panel.hidden = !open;
  if (!open) showName();
  formButton.ariaExpanded = String(open);
  if (open) popoverOpened(panel, formButton, () => openForm(false));
  else popoverClosed(panel);
  if (open) fields[0].focus({ preventScroll: true });
  else if (panel.contains(document.activeElement)) formButton.focus({ preventScroll: true });
  if (!open) compareSoon(0);
}

function describe(form) {
  const named = form.name === "free" ? [] : [nameField.selectedOptions[0].textContent];
  const described = ["rhyme", "syllables", "stanzas", "acrostic"].map((name) => form[name].trim()).filter(Boolean);
  const metre = form.metre === usualMetre() || form.metre === "none" ? [] : [metreField.selectedOptions[0].textContent];
  return [...named, ...metre, ...described].join(", ");
}

export const hasForm = () => describe(formRequest()) !== "";

function showName() {
  const name = describe(formRequest());
  formButton.textContent = name ? texts.formIs.replace("{name}", () => name) : texts.form;
}

function formChanged() {
  const form = formRequest();
  const name = describe(form);
  if (panel.hidden) showName(); // a wider button may move the panel
  part("rhyme-book").hidden = !hasTones();
  showLength(form, name);
  compareSoon(150);
}

// A form that has its own number of lines stands where the length is chosen.
function showLength(form, name) {
  const hasLines = form.name !== "free" || ["rhyme", "stanzas", "acrostic"].some((field) => form[field].trim()) || form.syllables.includes(",");
  const length = byId("lines");
  if (hasLines) length.dataset.form = name;
  else delete length.dataset.form;
  length.inert = hasLines;
}

export const formSetsLength = () => byId("lines").inert;

panel.addEventListener("input", ({ target }) => {
  if (target === nameField) metreField.value = usualMetre();
  formChanged();
});

// Keep the focus when somebody taps between the fields of a phone: losing it would bring the settings up over the panel.
panel.addEventListener("mousedown", (event) => {
  const isPhone = getComputedStyle(byId("controls")).position === "fixed";
  if (isPhone && !event.target.closest("input, select, button, label")) event.preventDefault();
});

panel.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // an input method is at work
  if (event.key !== "Escape" && event.key !== "Enter") return;
  event.preventDefault();
  event.stopPropagation();
  openForm(false);
});

Object.assign(actions, {
  form: () => openForm(panel.hidden),
  "clear-form": () => {
    setForm({});
    panel.dispatchEvent(new Event("input"));
  },
});
