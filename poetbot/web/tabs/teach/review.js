// The review of an upload. Shows what the server sends, an Update of review.py, without losing the focus, and sends what
// the controls ask for. HTML comes from templates; errors are text.

import { morph } from "../../components/morph.js";
import {
  attachEditors, closeEditor, editButton, itemNamed, itemOf, openEditor, removeEditor, saveEditor, showEditorError,
} from "./part_editor.js";

export const root = document.querySelector("#review-page .review");
const tab = root.closest("#teach");
let trigger; // sends an event to the server
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const keyed = (key) => root.querySelector(`[data-key="${CSS.escape(key)}"]`);
const COUNT_AFTER = 900; // milliseconds after the last change

let busy = false;
let stopped = false; // updates that still come of a reading that was stopped are ignored
let countTimer = null;
let focusNext = null; // the key of the control to focus when the next corpus is shown
let newest = 0; // when the newest update was made; updates may overtake one another
let asked = 0; // the id of the last action; the answer has it too
let renaming = {}; // the id of the last new name, and the name
const unanswered = new Map(); // by the ids of their actions: the names of radio buttons that were chosen

function view() {
  const list = root.querySelector(".part-list");
  return { filter: list?.dataset.filter ?? "all", first: Number(list?.dataset.first ?? 0) };
}

function setBusy(now) {
  busy = now;
  tab.classList.toggle("reading", now);
  part("corpus").setAttribute("aria-busy", String(now));
}

function startReading() {
  stopped = false;
  part("notices").replaceChildren();
  showProgress(root.dataset.reading, 0.02);
  setBusy(true);
}

function showProgress(text, share) {
  if (part("step").textContent !== text) part("step").textContent = text;
  part("working").querySelector("progress").value = share;
}

function stopReading() {
  stopped = true;
  setBusy(false);
  part("status").textContent = root.dataset.stopped;
  part("notices").textContent = root.dataset.stopped;
  trigger("halt");
}

function count() {
  stopped = false;
  trigger("count", view());
}

export function act(action, data = {}) {
  part("notices").replaceChildren();
  // The answers to these don't say whether the corpus must be counted again.
  if (!["whole", "edit", "save", "restore"].includes(action)) clearTimeout(countTimer);
  asked += 1;
  trigger("act", { ...view(), id: asked, do: action, ...data });
}

function rename() {
  act("rename", { value: part("name").value });
  renaming = { id: asked, name: part("name").value };
}

// A control that had the focus and is gone is replaced by the one that takes its place. What was chosen or typed stays.
function showCorpus(html, id) {
  const active = root.contains(document.activeElement) ? document.activeElement : null;
  const item = active && itemOf(active);
  const place = item ? [...item.parentElement.children].indexOf(item) : -1;
  const name = part("name");
  const isTyped = name && name.value !== name.defaultValue && !(id === renaming.id && name.value === renaming.name);
  const isDeleting = root.querySelector(".confirmation")?.hidden === false;
  const before = JSON.stringify(view());

  morph(part("corpus"), html);
  attachEditors();
  showChosen();
  if (name?.isConnected) {
    if (!isTyped) name.value = name.defaultValue;
    root.querySelector(".confirmation").hidden = !isDeleting;
  }
  const list = root.querySelector(".parts");
  if (list && JSON.stringify(view()) !== before) list.scrollTop = 0;

  let target = null;
  if (focusNext === "parts") {
    target = part("parts");
    target?.scrollIntoView({ block: "start" });
  } else if (focusNext) target = keyed(focusNext);
  else if (active && !active.isConnected) {
    const items = root.querySelectorAll("li[data-part-key]");
    target = active.dataset.key && keyed(active.dataset.key);
    if (!target && place >= 0) target = items[Math.min(place, items.length - 1)]?.querySelector(".toggle");
    target ??= part("parts");
  }
  target?.focus({ preventScroll: true });
  focusNext = null;
}

// A click on a radio button counts until it's answered.
function showChosen() {
  const names = [...unanswered.values()];
  for (const radio of root.querySelectorAll("[type=radio]")) {
    if (!names.includes(radio.name)) radio.checked = radio.defaultChecked;
  }
}

function showWholePart(number, html) {
  const text = root.querySelector(`li[data-part-number="${Number(number)}"] .words`);
  if (!text) return;
  text.innerHTML = html;
  text.tabIndex = -1;
  text.focus({ preventScroll: true });
}

function receiveCorpus(value) {
  if (value.saved) {
    const item = itemNamed(value.saved);
    removeEditor(value.saved);
    if (item) focusNext = editButton(item).dataset.key;
  }
  if (value.at < newest) return;
  newest = value.at;
  setBusy(false);
  part("notices").replaceChildren();
  showCorpus(value.corpus, value.id);
  part("status").textContent = value.status ?? "";
  if (!value.stale) return;
  clearTimeout(countTimer);
  countTimer = setTimeout(count, COUNT_AFTER);
}

function receive(value) {
  unanswered.delete(value.id);
  if (value.error) {
    showChosen();
    part("notices").replaceChildren(Object.assign(document.createElement("p"), { textContent: value.error }));
    setBusy(false);
  } else if (value.working) {
    if (stopped) return;
    if (!busy) startReading();
    showProgress(value.working, value.share);
  } else if (value.whole !== undefined) showWholePart(value.whole, value.html);
  else if (value.edit !== undefined) openEditor(value.edit, value.html);
  else if (value.refused !== undefined) showEditorError(value.refused, value.sentence);
  else if (value.corpus !== undefined) receiveCorpus(value);
}

function confirmDelete(asks) {
  root.querySelector(".confirmation").hidden = !asks;
  root.querySelector(asks ? "[data-do=cancel-delete]" : "[data-do=delete]").focus();
}

// What the buttons do, by their data-do; any other action is sent with the button's number and value.
const actions = {
  stop: stopReading,
  edit(button) {
    const item = itemOf(button);
    if (item.classList.contains("editing")) closeEditor(item);
    else act("edit", { part: item.dataset.partKey });
  },
  save: (button) => saveEditor(itemOf(button)),
  cancel: (button) => closeEditor(itemOf(button)),
  restore: (button) => act("restore", { part: itemOf(button).dataset.partKey }),
  filter: (button) => act("view", { filter: button.dataset.filter, first: 0 }),
  page(button) {
    focusNext = "parts";
    act("view", { first: Number(button.dataset.first) });
  },
  read: (button) => act("read", { value: button.dataset.value, first: 0 }),
  fields() {
    const selects = [...root.querySelectorAll("select[data-field]")];
    act("choose", { ...Object.fromEntries(selects.map((each) => [each.dataset.field, each.value])), first: 0 });
  },
  encoding(button) {
    const select = button.closest(".encoding").querySelector("select");
    act("encoding", { number: Number(select.dataset.encoding), value: select.value });
  },
  tags() {
    const checked = [...root.querySelectorAll("input[data-tag]:checked")];
    act("choose", { tags: checked.map((each) => each.dataset.tag), first: 0 });
  },
  rename,
  delete: () => confirmDelete(true),
  "cancel-delete": () => confirmDelete(false),
  "confirm-delete": () => act("delete"),
};

root.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (!button) return;
  const { do: action, number } = button.dataset;
  if (actions[action]) actions[action](button);
  else act(action, { number: Number(number) });
});

root.addEventListener("change", (event) => {
  const { name, value, checked } = event.target;
  if (name === "review-reading" && checked) act("read", { value, first: 0 });
  else if (name === "review-owner" && checked) act("owner", { value });
  else return;
  unanswered.set(asked, name);
});

root.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // an input method is at work
  const { key, target } = event;
  if (target.closest(".editor")) {
    const inText = target.matches("textarea") && !event.ctrlKey && !event.metaKey;
    if (key === "Escape") closeEditor(itemOf(target));
    else if (key === "Enter" && !inText && target.matches("[name]")) saveEditor(itemOf(target));
    else return;
  } else if (key === "Enter" && target === part("name")) rename();
  else return;
  event.preventDefault();
});

// In the capture phase, before Gradio handles the click: reading begins at once, and once.
document.addEventListener(
  "click",
  (event) => {
    if (!event.target.closest("#upload-use-text, #upload-use-named")) return;
    if (busy) event.stopPropagation();
    else startReading();
  },
  true,
);

setBusy(false);

export default function (gradio) {
  trigger = gradio.trigger;
  return receive;
}
