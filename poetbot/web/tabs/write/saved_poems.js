// Saved poems: opening them, and the title, stars, collections and files of the poem on the page.

import { actions, announce, create, editor, notify, notifyWithUndo, part, popoverClosed, popoverOpened, root, scrolling, sheet, texts, windowFloor } from "./page.js";
import { ask } from "./messages.js";
import { currentAddress, setAddress } from "../../components/address.js";
import { closeList, isContinuing } from "./suggestions.js";
import { compareSoon } from "./comparison.js";
import { cursor, drawPoem, editing, lines, setPoem } from "./editor.js";
import { detach, enqueue, markUnsaved, save, saved, saveVersion, showActions, showError, showSteps, update } from "./history.js";
import { isBusy, writing } from "./write.js";
import { lineEnd, lineStart, poem, poemFrom } from "./poem.js";
import { listSaved, listSoon, showList } from "./poem_list.js";
import { clearForNewPoem, differsFromDefaults, leaveFirstWords, showSettings, useDefaults } from "./settings.js";
import { store } from "./store.js";
import { themeRequest } from "./theme.js";
import { dropCopy, lastPoem, rememberPoem, takeCopies } from "./unsaved_copy.js";

const titleField = part("title");
const collectionsField = part("collections");

/** Lets go of the poem on the page. */
export function leavePoem() {
  showTitles();
  closeList();
  detach();
  showSaved();
}

export function clearPage() {
  writing.finished = null;
  leavePoem();
  setPoem({ text: "" });
  editing.cursor = 0;
  for (const name of ["overlap", "receipt", "notices"]) part(name).replaceChildren();
  showActions();
  showSteps();
}

/** An empty page. With `instead`, Back doesn't lead to the poem that was on it. */
function newPage(instead) {
  clearPage();
  rememberPoem(null);
  setAddress("write", "", instead);
  clearForNewPoem();
}

function offerDefaults() {
  const use = () => {
    useDefaults();
    editor.focus({ preventScroll: true });
  };
  notifyWithUndo(texts.formerSettings, use, texts.useDefaults);
}

/** Empties the page if it shows the poem that was deleted. */
export function clearDeleted(id) {
  if (saved.id === id) newPage(true);
}

export async function openSaved(id) {
  if (isContinuing() || writing.waiting || writing.finishing) return;
  save();
  const answer = await enqueue(() => store.open({ id }));
  if (!answer || answer.error) return showError(answer?.error ?? texts.noResponse);
  showStored(answer.poem);
  if (document.activeElement !== editor) sheet.classList.remove("typing"); // who opens a poem reads it first
  showTop();
}

// On a phone the list is far below the poem.
function showTop() {
  const heading = titleField.closest(".heading");
  const { top } = heading.getBoundingClientRect();
  if (top < 0 || top > windowFloor()) heading.scrollIntoView({ behavior: scrolling() });
}

const addressNamesPoem = () => ["poem", "receipt"].includes(currentAddress().place);

/** Begins with what a page that was reloaded or that is gone has left, or else with the poem shown last. */
export async function takeUp() {
  const copies = takeCopies();
  const copy = copies.pop();
  for (const other of copies) enqueue(() => saveCopy(other));
  if (copy) {
    if (addressNamesPoem()) setAddress("write", "", true); // until it is saved
    const { id, version, title, settings, request: unanswered } = copy;
    Object.assign(saved, id === null ? { title, unanswered } : { id, version, title, unanswered });
    setPoem(poemFrom(copy));
    showSettings(copy, settings);
    editing.cursor = poem.text.length;
    markUnsaved();
    save();
    showActions();
    compareSoon(0);
    return;
  }
  if (addressNamesPoem()) return;
  const last = lastPoem();
  if (last === null) return showSettings();
  const answer = await enqueue(() => store.open({ id: last }));
  if (!answer || answer.error) rememberPoem(null);
  else if (!poem.text && saved.id === null && !writing.waiting && !isBusy()) showStored(answer.poem);
}

async function saveCopy(copy) {
  const answer = await saveVersion({ ...copy, id: null, join: false });
  if (answer.error) return showError(answer.error);
  dropCopy(copy);
  listSoon();
}

function showStored(stored) {
  leaveFirstWords();
  clearPage();
  setPoem(poemFrom(stored));
  writing.complete = stored.receipt && stored.receipt.kind !== "desk" && !stored.touched ? stored.text : null;
  const given = poem.spans.length ? poem.text.slice(0, poem.spans[0].start).trim() : "";
  showSettings({ ...stored, given });
  editing.cursor = poem.text.length;
  update(saved, stored);
  showActions();
  drawPoem(); // with the stars of its lines
  compareSoon(0);
}

// Changes something of the poem on the page, which is saved first.
export function change(action, data) {
  save();
  const mine = saved;
  return enqueue(async () => {
    if (mine.id === null) return null;
    const answer = await store[action]({ ...data, id: mine.id });
    if (answer.error) {
      showError(answer.error);
      return null;
    }
    update(mine, answer.poem);
    listSoon();
    return answer;
  });
}

// What is known of the poem on the page

export function showSaved() {
  if (document.activeElement !== titleField) titleField.value = saved.title;
  if (document.activeElement !== collectionsField) collectionsField.value = saved.collections.join(", ");
  part("star").ariaPressed = String(saved.starred);
  const starredLines = saved.lines.length ? lines : [...editor.querySelectorAll(".starred")];
  for (const line of starredLines) line.classList.toggle("starred", saved.lines.includes(line.textContent.trim()));
  showLineStar();
  listSaved();
}

const lineWithCursor = () => poem.text.slice(lineStart(cursor()), lineEnd(cursor())).trim();

export function showLineStar() {
  const button = part("bar").querySelector("[data-do=star-line]");
  const line = lineWithCursor();
  button.ariaPressed = String(saved.lines.includes(line));
  button.ariaDisabled = String(!line);
}

// Titles

function showTitles(items = []) {
  const [list, opener] = [part("titles"), root.querySelector("[data-do=suggest-title]")];
  // The focus stays on the page: without it the bar of a phone would move away under the finger.
  if (!items.length && list.contains(document.activeElement)) opener.focus({ preventScroll: true });
  list.replaceChildren(...items);
  list.hidden = !items.length;
  if (items.length) popoverOpened(list, opener, () => showTitles());
  else popoverClosed(list);
}

function titleItem(title) {
  const choose = () => {
    showTitles();
    titleField.value = title;
    titleField.dispatchEvent(new Event("change"));
  };
  return create("li", { onclick: choose }, create("button", { type: "button", textContent: title }));
}

async function suggestTitles() {
  if (!part("titles").hidden) return showTitles();
  const notice = (textContent) => create("li", { textContent, onclick: () => showTitles() });
  showTitles([notice(texts.findingTitles)]);
  const answer = await ask("suggest_titles", { text: poem.text, poet: poem.poet, theme: themeRequest() });
  if (part("titles").hidden) return;
  showTitles(answer.error ? [notice(answer.error)] : answer.titles.map(titleItem));
  part("titles").querySelector("button")?.focus({ preventScroll: true });
}

titleField.addEventListener("change", () => {
  const title = titleField.value.trim();
  if (saved.id === null) saved.title = title; // until the poem is saved
  change("title", { title });
});

titleField.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.key !== "Enter") return;
  event.preventDefault();
  editor.focus();
});

collectionsField.addEventListener("change", () => {
  const names = collectionsField.value.split(/[,，、]/).map((name) => name.trim());
  change("collect", { names: names.filter(Boolean) });
});

// Files

function download({ file, base64, name, media }) {
  const [content, type] = base64
    ? [Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)), media]
    : [file, `${media};charset=utf-8`];
  const link = create("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export function downloadFrom(question) {
  save();
  return enqueue(async () => {
    const answer = await store.file(question());
    if (answer.error) showError(answer.error);
    else download(answer);
  });
}

part("import").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  target.value = "";
  if (!file) return;
  const text = await file.text();
  enqueue(async () => {
    const answer = await store.bring({ text, name: file.name });
    if (answer.error) return showError(answer.error);
    const { added } = answer;
    if (added.length) notifyWithUndo(answer.status, () => takeBack(added));
    else notify(answer.status);
    await showList();
  });
});

function takeBack(ids) {
  return enqueue(async () => {
    await store.delete({ ids });
    if (ids.includes(saved.id)) clearDeleted(saved.id);
    await showList();
  });
}

/** Puts text on the clipboard, and says whether it is there. */
export async function copyText(text) {
  let isCopied = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = create("textarea", { value: text }); // without https there is no other clipboard
    document.body.append(box);
    box.select();
    isCopied = document.execCommand("copy");
    box.remove();
  }
  if (isCopied) announce(texts.copied);
  else notify(texts.notCopied);
  return isCopied;
}

Object.assign(actions, {
  "suggest-title": suggestTitles,
  star: () => change("star", { on: !saved.starred }),
  "star-line": () => {
    const line = lineWithCursor();
    if (line) change("star", { line, on: !saved.lines.includes(line) });
  },
  "new-poem": () => {
    if (isBusy() || isContinuing()) return;
    save();
    newPage(false);
    if (root.controls && differsFromDefaults()) offerDefaults();
    editor.focus();
  },
  copy: async () => {
    const title = titleField.value.trim();
    if (!(await copyText(title ? `${title}\n\n${poem.text}` : poem.text))) return;
    part("copy").textContent = texts.copied;
    setTimeout(() => (part("copy").textContent = texts.copy), 1600);
  },
  // A poem as the poet wrote it has its settings below it.
  save: () => {
    const { finished } = writing;
    if (finished) download({ file: finished.file, name: finished.file_name, media: "text/plain" });
    else downloadFrom(() => ({ id: saved.id, format: "text" }));
  },
  file: (button) => {
    const dark = document.querySelector(".dark") !== null;
    const { checked } = part("with-receipt");
    downloadFrom(() => ({ id: saved.id, format: button.dataset.format, dark, with_receipt: checked }));
  },
  delete: async () => {
    save();
    const mine = saved;
    await enqueue(async () => {
      const { id, name } = mine;
      if (id === null) return;
      const answer = await store.delete({ ids: [id] });
      if (answer.error) return showError(answer.error);
      clearDeleted(id);
      listSoon();
      notifyWithUndo(texts.deleted.replace("{name}", () => name || texts.untitled), async () => {
        await enqueue(() => store.restore({ ids: [id] }));
        listSoon();
        openSaved(id);
      });
    });
  },
});
