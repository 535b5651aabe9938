// The form that the next lines, and the poem, are asked to have: chosen in a panel above the bar, one step away.

const panel = part("form");
const fields = [...panel.querySelectorAll("[name]")];

function formRequest() {
  const asked = {};
  for (const field of fields) asked[field.name] = field.type === "checkbox" ? field.checked : field.value;
  return asked;
}

// Sets the fields to a form of a receipt, which has no name there.
function askForm(form) {
  for (const field of fields) {
    const value = form[field.name];
    if (field.type === "checkbox") field.checked = value === true;
    else if (field === fields[0]) field.value = "free";
    else field.value = Array.isArray(value) ? value.join(",") : (value ?? "");
  }
  formChanged();
}

function openForm(open) {
  panel.hidden = !open;
  part("form-button").setAttribute("aria-expanded", String(open));
  if (open) fields[0].focus({ preventScroll: true });
  else if (panel.contains(document.activeElement)) part("form-button").focus({ preventScroll: true });
}

function formChanged() {
  const asked = formRequest();
  const own = ["rhyme", "syllables", "stanzas", "acrostic"].map((name) => asked[name].trim()).filter(Boolean);
  const named = asked.name === "free" ? [] : [fields[0].selectedOptions[0].textContent];
  const name = [...named, ...own].join(", ") || (asked.real_words ? texts.realWords : "");
  part("form-button").textContent = name ? texts.formIs.replace("{name}", name) : texts.form;
  lookSoon(150);
}

panel.addEventListener("input", formChanged);

panel.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // an input method is at work
  if (event.key !== "Escape" && event.key !== "Enter") return;
  event.preventDefault();
  event.stopPropagation();
  openForm(false);
});

Object.assign(doing, {
  form: () => openForm(panel.hidden),
  noform: () => askForm({}),
});
