// Saving: the poem goes to the store by itself, as one step for each action and each burst of typing. Undo and redo are
// the store's, so they outlast the page.

import { actions, below, editor, notify, part, root, texts } from "./page.js";
import { change, showSaved } from "./saved_poems.js";
import { closeList, isContinuing } from "./suggestions.js";
import { compareSoon } from "./comparison.js";
import { editing, select, setPoem } from "./editor.js";
import { isBusy, showWriteButton, writing } from "./write.js";
import { poem, poemFrom, receiptOf, writtenSpans } from "./poem.js";
import { firstWords, rememberSettings, settingsNow } from "./settings.js";
import { listSoon } from "./poem_list.js";
import { store } from "./store.js";
import { currentAddress, setAddress } from "../../components/address.js";
import { amendCopy, dropCopy, isAside, keepCopy, newId, rememberPoem, setAside } from "./unsaved_copy.js";

const SAVE_AFTER = 350; // milliseconds after the last letter
const RETRY_AFTER = 5_000; // milliseconds after the server didn't answer
const BURST = 1500; // letters that come within so long of each other are one step

const saving = { timer: 0, unsaved: false, lastEdit: 0, isStep: true, queue: Promise.resolve(), hasError: false };
export let saved = newSaved(); // what the store knows of the poem on the page

function newSaved() {
  const unanswered = null; // the request to save it that has got no answer yet, but may have saved it
  const can = { canUndo: false, canRedo: false };
  return { id: null, version: 0, title: "", starred: false, lines: [], collections: [], ...can, unanswered };
}

/** Makes whatever comes to the page next a new poem of the store. */
export function detach() {
  setAside();
  saved = newSaved();
  Object.assign(saving, { isStep: true, unsaved: false, lastEdit: 0 });
  part("saved").hidden = true;
}

export function beforeEdit(isStep) {
  const now = performance.now();
  if (isStep || now - saving.lastEdit > BURST) {
    save();
    saving.isStep = true;
  }
  saving.lastEdit = now;
  if (!isStep) closeList();
}

export function afterEdit() {
  writing.wordsAtEdit = firstWords();
  checkFinished();
  markUnsaved();
  clearTimeout(saving.timer);
  saving.timer = setTimeout(save, SAVE_AFTER);
  showSteps();
  compareSoon();
}

// A poem that was changed is no longer the poet's alone.
function checkFinished() {
  if (writing.finished && writing.finished.text !== poem.text) {
    writing.finished = null;
    part("receipt").replaceChildren();
  }
  showActions();
}

export function markUnsaved() {
  saving.unsaved = true;
  part("saved").hidden = true;
}

export function showActions() {
  below.inert = !poem.text;
  below.classList.toggle("ready", Boolean(poem.text));
  below.classList.remove("resting");
  root.classList.toggle("as-written", writing.finished !== null); // by the poet alone
  showWriteButton();
}

// Somebody who typed several lines worked on the poem, even if the poet wrote all that follows.
const beginsWithTypedLines = () => poem.text.slice(0, poem.spans[0]?.start).trim().includes("\n");

/** Whether somebody wrote some of the poem, beyond its first words. */
export const isWorkedOn = () => !writing.finished || Boolean(writing.finished.isContinued) || beginsWithTypedLines();

/** Saves the poem if it has changed. */
export function save() {
  clearTimeout(saving.timer);
  if (!saving.unsaved) return;
  saving.unsaved = false;
  const [mine, join] = [saved, !saving.isStep];
  const version = { text: poem.text, written: writtenSpans(), receipt: receiptOf(writing.finished), poet: poem.poet };
  Object.assign(version, { settings: settingsNow(), touched: isWorkedOn() });
  saving.isStep = false; // what follows in this burst joins it
  mine.unanswered ??= newId();
  const { id, version: edited, title, unanswered } = mine;
  const copy = keepCopy({ ...version, id, version: edited, title, request: unanswered });
  enqueue(() => send(mine, { ...version, join }, copy));
}

// Saves a version of a poem and drops its copy. Without an answer the newest version is tried again, even if the poem has left
// the page.
async function send(mine, version, copy) {
  const request = (mine.unanswered ??= newId());
  const place = { id: mine.id, version: mine.version, request };
  if (mine === saved) amendCopy(place); // by now a poem that was new may be saved
  else if (isAside(copy)) amendCopy(place, copy);
  const answer = await saveVersion({ ...version, ...place });
  const isAnswered = !answer.failed && !answer.timedOut;
  if (isAnswered) mine.unanswered = null;
  if (answer.error) {
    showError(answer.error);
    if (isAnswered) return;
    if (mine === saved) {
      saving.unsaved = true;
      clearTimeout(saving.timer);
      saving.timer = setTimeout(save, RETRY_AFTER);
    } else if (isAside(copy)) setTimeout(() => enqueue(() => send(mine, version, copy)), RETRY_AFTER);
    return;
  }
  dropCopy(copy);
  update(mine, answer.poem);
  if (mine !== saved) listSoon();
  if (answer.clash) showError(texts.changedElsewhere);
}

/** Saves a version; as a poem of its own if another window has changed its poem meanwhile. */
export async function saveVersion(version) {
  const answer = await store.save(version);
  if (!answer.clash) return answer;
  const own = await store.save({ ...version, id: null, request: `${version.request}-own` });
  return { ...own, clash: true };
}

/** Does one thing after the other, whatever becomes of the one before. */
export function enqueue(work) {
  saving.queue = saving.queue.then(work).catch((error) => console.error(error));
  return saving.queue;
}

export function showError(sentence) {
  saving.hasError = true;
  notify(sentence);
}

/** Takes in what the store says of a poem. */
export function update(mine, answered) {
  if (saving.hasError) notify();
  saving.hasError = false;
  const title = mine.id === null && mine.title;
  Object.assign(mine, answered);
  if (mine !== saved) return;
  part("saved").hidden = saving.unsaved;
  rememberPoem(mine.id);
  rememberSettings();
  showAddress();
  if (title) change("title", { title });
  showSteps();
  showSaved();
}

/** Give the address of the poem on the page. One that follows another is a step of the browser's history. */
export function showAddress() {
  if (saved.id === null || !root.offsetParent) return; // another tab is shown
  setAddress("poem", String(saved.id), currentAddress().place !== "poem");
}

function step(way) {
  if (isBusy() || isContinuing() || editing.composing) return;
  closeList();
  save();
  const mine = saved;
  enqueue(async () => {
    if (mine !== saved || mine.id === null || saving.unsaved) return;
    const answer = await store.step({ id: mine.id, way });
    if (answer.error) return showError(answer.error);
    update(mine, answer.poem);
    if (mine === saved && !saving.unsaved) showVersion(answer.poem);
  });
}

// Shows a version of the poem, with the cursor where it differs from the one before.
function showVersion(version) {
  const before = poem.text;
  const isFocused = document.activeElement === editor;
  setPoem({ ...poemFrom(version), marks: before === version.text ? poem.marks : [] });
  let at = poem.text.length;
  for (let tail = 1; at > 0 && poem.text.at(-tail) === before.at(-tail) && tail <= before.length; tail++) at--;
  editing.cursor = at;
  if (isFocused) select(at);
  checkFinished();
  saving.isStep = true;
  compareSoon(100);
}

export function showSteps() {
  const can = { undo: saved.canUndo || saving.unsaved, redo: saved.canRedo && !saving.unsaved };
  for (const [action, possible] of Object.entries(can)) {
    part("bar").querySelector(`[data-do=${action}]`).ariaDisabled = String(!possible);
  }
}

Object.assign(actions, {
  undo: () => step("undo"),
  redo: () => step("redo"),
});

addEventListener("pagehide", save);
document.addEventListener("visibilitychange", () => document.hidden && save());
