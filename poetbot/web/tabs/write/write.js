// Writing a whole poem: Write becomes Stop, the poem is typed out, and its finished page is shown.

import "./rhymes.js";
import { actions, announce, byId, closePopover, connect, editor, notify, notifyWithUndo, part, popoverClosed, popoverOpened, root, scrolling, sheet, texts, trigger, windowFloor } from "./page.js";
import { closeList, isContinuing, stopContinuing } from "./suggestions.js";
import { clearPage, leavePoem, openSaved, takeUp } from "./saved_poems.js";
import { continueTyping, draftNumber, dropDraft, isTyping, skipTyping, startTyping, stopTyping } from "./typewriter.js";
import { drawPoem, editing, setEditable, setPoem } from "./editor.js";
import { formRequest, formSetsLength } from "./form.js";
import { compareSoon, showOverlap, showSounds } from "./comparison.js";
import { firstWords, setFirstWords, settingsNow } from "./settings.js";
import { beforeEdit, enqueue, isWorkedOn, markUnsaved, save, saved, showActions, showAddress, showSteps } from "./history.js";
import { listSoon } from "./poem_list.js";
import { marksFrom, poem, toOffsets, typedSpans, writtenSpans } from "./poem.js";
import { onAddress, setAddress } from "../../components/address.js";
import { recreateLinked } from "./receipts.js";
import { onSwitch } from "./switches.js";
import { stopReading } from "./read_aloud.js";
import { themeRequest } from "./theme.js";
import { dropCopy, keepCopy } from "./unsaved_copy.js";

export { receive } from "./messages.js";

export const writing = {
  waiting: false, // Write was pressed and nothing has come yet
  finishing: false, // typing has ended and the finished page has not come yet
  finished: null, // the message with the poem on the page, as long as it is as the poet wrote it
  lastEnded: 0, // the number of the last poem whose typing has ended
  stopped: false, // by Stop or Esc, before its end
  openNext: null, // a saved poem to open when the finished page has come
  leaves: false, // a poem that somebody worked on, which the new one takes the place of
  continued: null, // the text that is being continued
  complete: null, // a text that its poet or an ending brought to its end, whatever its length
  formLines: null, // how many lines the form asks for
  wordsAtEdit: null, // the first words when the poem was last edited
};

export const isBusy = () => writing.waiting || writing.finishing || isTyping();

export function showState() {
  const isWriting = writing.waiting || isTyping() || isContinuing();
  sheet.classList.toggle("writing", isWriting);
  editor.ariaBusy = String(isWriting);
  setEditable(!isBusy() && !isContinuing());
  showWriteButton();
}

/** Returns how many lines the whole poem is to have, 0 for as many as the poet likes. */
const wantedLines = () => (formSetsLength() ? writing.formLines : root.controls?.lines) ?? 0;

/**
 * Whether Write continues the poem: if it was typed, or lacks lines of its length and isn't as the poet ended it. First words
 * that were changed after it begin another poem.
 */
function isUnfinished() {
  const [{ text, spans }, words] = [poem, firstWords()];
  if (!text.trim() || text === writing.complete) return false;
  if (words !== writing.wordsAtEdit && !text.trimStart().startsWith(words.trim())) return false;
  return !spans.length || !wantedLines() || writtenLines() < wantedLines();
}

const writtenLines = () => poem.text.split("\n").filter((line) => line.trim()).length;

/** Says how far Continue writes: up to the length of the poem, if it has one that isn't reached. */
function showGoal() {
  const isShort = writtenLines() < wantedLines();
  const said = (sentence, otherwise) => (isShort ? sentence.replace("{n}", wantedLines()) : otherwise);
  part("write-on").textContent = said(texts.continueTo, texts.continue);
  byId("keys").querySelector("span").textContent = said(texts.addsUpTo, texts.adds);
}

// The buttons that write and Stop share one place; the focus goes with the one that is visible.
const BUTTONS = ["write", "continue", "another", "stop"];

/** Shows the button that names what it does: write, continue what was typed, or write another poem. */
export function showWriteButton() {
  const isNew = !poem.text.trim() || !isWorkedOn();
  const wanted = sheet.classList.contains("writing") ? "stop" : isUnfinished() ? "continue" : isNew ? "write" : "another";
  const hadFocus = BUTTONS.some((name) => document.activeElement === byId(`${name}-button`));
  sheet.dataset.button = wanted;
  if (wanted === "continue") showGoal();
  if (hadFocus) byId(`${wanted}-button`)?.focus({ preventScroll: true });
}

// On a phone the settings are folded away behind a button.
function openSettings(open) {
  sheet.classList.toggle("settings", open);
  if (open) popoverOpened(byId("controls"), null, () => openSettings(false));
  else popoverClosed(byId("controls"));
  byId("settings-button")?.setAttribute("aria-expanded", String(open));
}

function start(continued = null) {
  closeList();
  closePopover();
  stopReading();
  beforeEdit(true); // what was typed is a step of its own
  save();
  const leaves = poem.text.trim() !== "" && isWorkedOn() && continued === null;
  Object.assign(writing, { waiting: true, stopped: false, leaves, continued });
  part("working").textContent = texts.writing;
  notify();
  openSettings(false);
  announce(texts.writing);
  showState();
}

function notifyOfReplaced(words) {
  notifyWithUndo(texts.wordsReplaced, () => {
    setFirstWords(words);
    typedFirstWords = true;
  });
}

// A line that the poet wrote is finished. So is the last of several that were typed, unless a space is behind it, or it is
// Chinese and lacks its punctuation. A single line may be unfinished, like first words.
function withLastLineFinished({ text, spans }) {
  const isWritten = spans.at(-1)?.end === text.length;
  return isWritten || /\n.*[^\s\p{Script=Han}]$/u.test(text) ? text.replace(/\n?$/, "\n") : text;
}

function write() {
  if (writing.waiting || isTyping() || isContinuing()) return;
  const continued = isUnfinished() ? withLastLineFinished(poem) : null;
  start(continued);
  trigger("write", { form: formRequest(), theme: themeRequest(), continued: continued ?? "" });
}

/** Stops whatever is being written, and says whether anything was. */
function stop() {
  if (stopContinuing()) return true;
  if (!writing.waiting && !isTyping()) return false;
  writing.stopped = true;
  if (isTyping()) stopTyping();
  else {
    writing.waiting = false;
    trigger("cancel", {});
    announce(texts.stopped);
    showState();
  }
  return true;
}

// The server keeps what was seen and sends the finished page.
function typingEnded(draft, shown) {
  writing.lastEnded = draft;
  writing.finishing = true;
  trigger("ended", { draft, shown });
  showState();
}

// What is continued stays as it is, even if the poet can't read all of it. Then, or if the poet wrote some of it, the receipt
// isn't that of the whole poem.
function asContinued(value) {
  const { continued } = writing;
  const seed = value.seed ?? [...value.text].slice(0, value.given).join("");
  if (continued === null) return { ...value, seed };
  const found = { ...value, seed: continued, isContinued: true, written: writtenSpans(), differs: poem.spans.length > 0 };
  if (seed === continued) return found;
  const text = value.final ? continued + value.text.slice(seed.length) : value.text;
  return { ...found, text, given: [...continued].length, marks: [], differs: true };
}

/** @param {import("./messages.js").Finished} value */
function showFinished(value) {
  writing.finished = value.differs ? null : value;
  if (!value.isContinued || (!wantedLines() && !writing.stopped)) writing.complete = value.text;
  if (!value.isContinued) leavePoem();
  const { spans, sources } = value.isContinued ? poem : { spans: [], sources: [] };
  const [[given, end]] = toOffsets(value.text, [[value.given, [...value.text].length]]);
  setPoem({
    text: value.text,
    poet: value.poet,
    sources: [...sources, value.receipt],
    spans: given < end ? [...spans, { start: given, end, source: sources.length, at: 0 }] : spans,
    marks: marksFrom(value.text, value.marks),
  });
  editing.cursor = value.text.length;
  markUnsaved();
  save();
  showOverlap(value.overlap_html);
  showSounds();
  if (value.differs) compareSoon(0);
  else part("receipt").innerHTML = value.receipt_html;
  notify(...(writing.leaves ? [texts.left] : []), ...value.notices);
  showActions();
  announce(writing.stopped ? texts.stopped : value.status);
  revealBar();
}

// The bar follows the poem into the window if it is only just below it, or if the poem's beginning stays in sight.
function revealBar() {
  const bar = part("bar");
  if (getComputedStyle(bar).position === "fixed") return;
  const hidden = bar.getBoundingClientRect().bottom - windowFloor();
  if (hidden <= 0 || hidden > Math.max(2 * bar.offsetHeight, editor.getBoundingClientRect().top)) return;
  scrollBy({ top: hidden, behavior: scrolling() });
}

// A poem that is being written isn't in the store yet.
function keepWritten({ seed, text, written: before = [] }) {
  const [given, count] = [[...seed].length, [...text].length];
  const written = [...before, ...(count ? [[given, given + count]] : [])];
  const { id, version, title, unanswered } = writing.continued === null ? { id: null } : saved;
  const copy = { id, version, title, text: seed + text, written, receipt: null, poet: "", request: unanswered };
  keepCopy({ ...copy, settings: settingsNow() });
}

function showWriting(value) {
  if (value.error) {
    notify(value.error);
    announce("");
    if (isTyping() || writing.finishing) drawPoem();
    dropDraft();
    Object.assign(writing, { waiting: false, finishing: false });
    showState();
  } else if (value.drafting) {
    if (writing.waiting) part("working").textContent = value.drafting;
  } else if (value.final || value.empty) {
    if (writing.waiting || isTyping()) return;
    writing.finishing = false;
    if (value.final) showFinished(asContinued(value));
    else if (writing.continued !== null) {
      dropCopy();
      drawPoem();
      announce(texts.stopped);
    } else {
      dropCopy();
      clearPage();
      if (writing.leaves) notify(texts.left);
      setAddress("write", "", true);
      announce(texts.stopped);
    }
    showState();
    if (writing.openNext) openSaved(writing.openNext);
    writing.openNext = null;
  } else if ((writing.waiting || isTyping()) && value.draft > writing.lastEnded && value.draft >= draftNumber()) {
    const shown = asContinued(value);
    if (draftNumber() !== value.draft) {
      Object.assign(writing, { waiting: false, finished: null });
      if (writing.continued === null) leavePoem();
      startTyping(shown, typingEnded);
    }
    continueTyping(shown);
    keepWritten(shown);
    enqueue(() => draftNumber() === value.draft && keepWritten(shown)); // once what was typed is saved, under its name
  }
}

Object.assign(actions, {
  stop,
  // On a phone, while one types. The keyboard goes, so that the poem or the settings can be seen.
  "write-on": () => {
    document.activeElement.blur();
    write();
  },
  "to-settings": () => {
    document.activeElement.blur();
    openSettings(true);
  },
  another: () => {
    if (!writing.finished || isContinuing()) return;
    const { draft } = writing.finished;
    start();
    trigger("another", { draft });
  },
});

function openPoem(id) {
  if (isTyping()) {
    writing.openNext = id;
    stopTyping();
  } else openSaved(id);
}

// The server numbers its poems; the browser names them.
function openFromAddress(address) {
  const id = texts.store === "server" ? Number(address) : address;
  if (address && id !== saved.id && !Number.isNaN(id)) openPoem(id);
}

root.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const id = button?.dataset.poem && JSON.parse(button.dataset.poem);
  if (id) openPoem(id);
  else if (button) actions[button.dataset.do]?.(button);
  else if (editor.contains(event.target)) skipTyping();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#write-button, #continue-button, #another-button")) write();
  else if (event.target.closest("#stop-button")) stop();
  else if (event.target.closest("#settings-button")) openSettings(!sheet.classList.contains("settings"));
  // What opens below is brought into the window.
  else if (event.target.closest("#more > button")) setTimeout(() => byId("more").scrollIntoView({ block: "nearest" }), 100);
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || !root.offsetParent) return; // an input method, or another tab
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    write();
  } else if (event.key === "Escape") {
    if (stop() || stopReading() || closePopover()) event.preventDefault();
  }
});

// Scroll what somebody opens below the window, or behind the controls of a phone, into view.
root.addEventListener("click", ({ target }) => target.closest("summary")?.parentElement.addEventListener("toggle", showOpened, { once: true }));

function showOpened({ target }) {
  if (!target.open) return;
  const { top, bottom } = target.getBoundingClientRect();
  const hidden = Math.min(bottom - windowFloor(), top - 12);
  if (hidden > 0) scrollBy({ top: hidden, behavior: scrolling() });
}

// Coming from another tab, perhaps to write with one of its poets, one begins at the top of the sheet.
let isShown = true;
new ResizeObserver(() => {
  const wasShown = isShown;
  isShown = root.offsetParent !== null;
  if (isShown && !wasShown) showAddress();
  if (isShown && !wasShown && sheet.getBoundingClientRect().top < 0) sheet.scrollIntoView();
}).observe(root);

onSwitch("line-sounds", showSounds);

root.addEventListener("controls", showWriteButton);
let typedFirstWords = false;
document.addEventListener("input", (event) => {
  if (!event.target.closest("#seed")) return;
  typedFirstWords = event.isTrusted;
  showWriteButton();
});

// A random opening takes the place of first words that somebody typed.
document.addEventListener("click", ({ target }) => {
  const words = firstWords();
  if (!target.closest("#random-opening") || !typedFirstWords || !words.trim()) return;
  typedFirstWords = false;
  notifyOfReplaced(words);
}, true);

root.currentPoem = () => ({ text: poem.text, typed: typedSpans(), poet: poem.poet }); // for the Overlap tab

export default function (gradio) {
  connect(gradio);
  setPoem({ text: "" });
  showSteps();
  showState();
  takeUp();
  onAddress("poem", openFromAddress);
  onAddress("receipt", recreateLinked);
  enqueue(() => root.classList.remove("loading")); // once a poem that is opened has come
  listSoon(0);
  return showWriting;
}
