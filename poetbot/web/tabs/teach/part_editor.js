// Editing a part. A panel stays open with what was typed in it, whatever else the page shows meanwhile: it is taken out of
// a list that goes and put into its part when that is listed again. HTML enters only as part_editor.py has escaped it.

const panels = new Map(); // by the name of the part, which is that of its corpus and its own

const nameOf = (item) => `${item.dataset.corpus} ${item.dataset.partKey}`;
const itemOf = (inside) => inside.closest("li[data-part-key]");
const itemNamed = (name) => [...ts.querySelectorAll("li[data-part-key]")].find((item) => nameOf(item) === name);

function showPanel(item, panel) {
  item.append(panel);
  item.classList.add("editing");
  item.querySelector("[data-edit]").setAttribute("aria-expanded", "true");
}

function showPanels() {
  for (const [name, panel] of panels) {
    const item = itemNamed(name);
    if (item) showPanel(item, panel);
  }
}

function openPanel(name, html) {
  const item = itemNamed(name);
  if (!item) return;
  if (!panels.has(name)) {
    const box = document.createElement("div");
    box.innerHTML = html;
    panels.set(name, box.firstElementChild);
    showPanel(item, box.firstElementChild);
  }
  panels.get(name).scrollIntoView({ block: "nearest" });
  panels.get(name).querySelector("input, textarea").focus();
}

function forgetPanel(name) {
  const item = itemNamed(name);
  panels.get(name)?.remove();
  panels.delete(name);
  item?.classList.remove("editing");
  item?.querySelector("[data-edit]").setAttribute("aria-expanded", "false");
}

function closePanel(item) {
  forgetPanel(nameOf(item));
  item.querySelector("[data-edit]").focus();
}

function refuse(name, html) {
  const said = panels.get(name)?.querySelector(".refused");
  if (!said) return;
  said.innerHTML = html;
  said.scrollIntoView({ block: "nearest" });
}

// Only what the person changed is sent: the rest stays as it is found, however the file is read.
function savePanel(item) {
  const changed = [...item.querySelectorAll(".panel [name]")].filter((field) => field.value !== field.defaultValue);
  if (!changed.length) return void closePanel(item);
  item.querySelector(".panel .refused").replaceChildren();
  const typed = changed.map((field) => [field.name, field.value]);
  act({ do: "save", part: item.dataset.partKey, ...Object.fromEntries(typed) });
}
