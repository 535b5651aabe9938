// Suggested lines at the cursor, and going on with the poem. Lines that follow make room for the list; the cursor
// stays in the poem, and keys reach the list from there.
import { actions, announce, byId, create, editor, notify, part, popoverClosed, popoverOpened, texts, trigger } from "./page.js";
import { afterEdit, beforeEdit } from "./history.js";
import { ask } from "./messages.js";
import { cursor, editing, lines, moveCursor, replace, select } from "./editor.js";
import { formRequest } from "./form.js";
import { isBusy, showState, writing } from "./write.js";
import { lineAt, lineEnd, lineStart, poem, within } from "./poem.js";
import { showLineStar } from "./saved_poems.js";
import { themeRequest } from "./theme.js";

const list = part("lines");
const rows = part("choices");
export const hasKeyboard = matchMedia("(hover: hover)"); // where there is a mouse, there is one

// What is asked for: `number` tells answers that come too late, `range` is where the answer goes. `offered` are the answers for
// this place so far, and `turn` is the one that is shown.
const request = { open: false, number: 0, mode: "", turn: 0, endsIn: "", place: 0, range: null, offered: [], found: [], chosen: -1, line: null };
let continuing = null; // what ends at once the waiting for what is being written; null while nothing is


export const isContinuing = () => continuing !== null;

// Where a suggestion goes: on an empty line; before a line if the cursor is at its very beginning; after a typed space at
// the end of a line, to complete it; else below the line. It replaces a line only to rewrite it.
function rangeFor(mode) {
  const { text } = poem;
  const at = cursor();
  const [start, end] = [lineStart(at), lineEnd(at)];
  const line = text.slice(start, end);
  const range = (from, until, before = "", after = "") => ({ start: from, end: until, before, after });
  if (mode === "rewrite" || !line.trim()) return range(start, end);
  if (at === start) return range(start, start, "", "\n");
  const isBegun = /\s$/.test(line) && !within(poem.spans, end - 1, end).length; // by a space that was typed
  return at === end && isBegun ? range(end, end) : range(end, end, "\n");
}

/** The poem before the line that would be suggested next. */
export function placeOfNextLine() {
  const { start, before } = rangeFor("next");
  return poem.text.slice(0, start) + before;
}

/** Suggests lines that end in a word. */
export function suggestEndingIn(word) {
  suggest("next", word);
}

// First words that nothing was written from yet are the beginning of the poem.
function beginWithFirstWords() {
  const words = byId("seed")?.querySelector("textarea")?.value.trimEnd();
  if (poem.text.trim() || !words) return;
  beforeEdit(true);
  replace(0, poem.text.length, words);
  moveCursor(words.length);
  afterEdit();
}

// With a mouse, the cursor goes back into the poem, where keys reach the list and what is typed next belongs.
function returnToPoem() {
  if (!hasKeyboard.matches || document.activeElement === editor) return;
  const place = cursor();
  editor.focus({ preventScroll: true });
  select(place);
}

async function suggest(mode, endsIn = "", offered = []) {
  if (isBusy() || continuing) return;
  closeList();
  beginWithFirstWords();
  returnToPoem();
  const number = (request.number += 1);
  const range = rangeFor(mode);
  const turn = offered.length;
  Object.assign(request, { mode, turn, endsIn, range, place: cursor(), offered, found: [], chosen: -1 });
  openList(texts.drafting);
  showReplaced(poem.text.slice(range.start, range.end));
  const before = poem.text.slice(0, range.start) + range.before;
  const after = range.after + poem.text.slice(range.start);
  const asked = { before, after, form: formRequest(), turn, theme: themeRequest(), ends_in: endsIn };
  const answer = await ask("suggest", asked);
  if (number !== request.number || !request.open) return;
  if (answer.error) return showStatus(answer.error);
  offered.push(answer);
  showOffered(turn);
}

// The answer that was the first, second … for this place.
function showOffered(turn) {
  const answer = request.offered[turn];
  const found = answer.lines.map((line) => ({ ...line, poet: answer.poet }));
  Object.assign(request, { turn, found, chosen: -1 });
  editor.removeAttribute("aria-activedescendant");
  part("earlier").hidden = turn === 0;
  showLines(answer);
}

function more() {
  if (request.turn + 1 < request.offered.length) showOffered(request.turn + 1);
  else suggest(request.mode || "next", request.endsIn, request.offered);
}

function openList(sentence) {
  popoverOpened(list, part("bar"), closeList);
  request.open = true;
  request.line = lines[lineAt(request.place)];
  list.hidden = false;
  list.classList.add("waiting");
  part("earlier").hidden = request.turn === 0;
  rows.replaceChildren(...[0, 1, 2].map(() => create("li")));
  showStatus(sentence);
  placeList();
}

export function closeList() {
  if (!request.open) return;
  request.open = false;
  request.number += 1;
  list.hidden = true;
  request.line?.classList.remove("to-replace");
  request.line?.style.removeProperty("margin-bottom");
  editor.removeAttribute("aria-activedescendant");
  popoverClosed(list);
  announce("");
}

// The line that a choice would replace is named in the list and struck through in the poem.
function showReplaced(line) {
  const replaced = part("replaced");
  replaced.hidden = !line.trim();
  replaced.textContent = texts.replaces.replace("{line}", () => line.trim());
  list.classList.toggle("replacing", !replaced.hidden);
  request.line?.classList.toggle("to-replace", !replaced.hidden);
  placeList();
}

/** Finds the line of the list again, after lines were redrawn. */
export function lineRedrawn() {
  if (!request.open || request.line?.isConnected) return;
  request.line = lines[lineAt(request.place)];
  request.line?.classList.toggle("to-replace", list.classList.contains("replacing"));
  placeList();
}

function showStatus(sentence) {
  part("lines-status").textContent = sentence;
  announce(sentence);
}

// Below the line with the cursor. What follows makes room, so that the list hides nothing of the poem.
function placeList() {
  const line = request.line ?? editor;
  if (request.line) line.style.marginBottom = `${list.offsetHeight + 12}px`;
  list.style.top = `${line.getBoundingClientRect().bottom + 6 - list.offsetParent.getBoundingClientRect().top}px`;
  const hidden = list.getBoundingClientRect().bottom + part("bar").offsetHeight - innerHeight;
  if (hidden > 0) scrollBy({ top: hidden });
}

function showLines({ notice, status }) {
  list.classList.remove("waiting");
  rows.replaceChildren(
    ...request.found.map((line, number) => {
      const row = create(
        "li",
        { id: `choice-${number}`, role: "option", ariaSelected: "false" },
        create("b", { textContent: number + 1 }),
        create("span", { textContent: line.line.trim() }),
        create("small", { textContent: [line.by, line.note].filter(Boolean).join(" · ") }),
      );
      row.dataset.choice = number;
      return row;
    }),
  );
  part("lines-status").textContent = notice || (hasKeyboard.matches ? texts.keys : "");
  announce(status);
  placeList();
}

function choose(number) {
  const count = request.found.length;
  request.chosen = (number + count) % count;
  [...rows.children].forEach((row, at) => (row.ariaSelected = String(at === request.chosen)));
  editor.setAttribute("aria-activedescendant", `choice-${request.chosen}`);
}

function take(number) {
  const line = request.found[number];
  if (!line) return;
  closeList();
  insert(request.range, line.text, line, /^\n*([^\S\n]*)/.exec(line.text)[1].length);
  returnToPoem();
  editing.taken = editing.cursor;
  announce(texts.taken.replace("{line}", () => line.line));
}

// Inserts what the poet wrote, without so many spaces at its beginning; line ends around it are nobody's.
function insert({ start, end, before, after }, text, { receipt, poet }, spaces = 0) {
  beforeEdit(true);
  poem.sources.push(receipt);
  poem.poet = poet ?? poem.poet;
  replace(start, end, before + after);
  const place = start + before.length;
  replace(place, place, text, poem.sources.length - 1);
  const indent = place + text.search(/[^\n]|$/);
  if (spaces) replace(indent, indent + spaces, ""); // the rest stays what its receipt writes
  moveCursor(place + text.length - spaces);
  afterEdit();
}

/** Runs a request whose answer changes the poem, which cannot be edited meanwhile. Resolves to null if it is stopped. */
export async function whileLocked(status, work) {
  let isCurrent = true;
  closeList();
  part("working").textContent = status;
  const stopped = new Promise((resolve) => (continuing = () => resolve(null)));
  showState();
  announce(status);
  const answer = await Promise.race([work(() => isCurrent), stopped]);
  isCurrent = false;
  continuing = null;
  showState();
  announce(answer ? texts.finished : texts.stopped);
  return answer;
}

/** Stops going on with the poem, and says whether it was being gone on with. */
export function stopContinuing() {
  if (!continuing) return false;
  trigger("cancel", {});
  continuing();
  return true;
}

// Takes the blank lines out of what was written between two places, and returns how many there were.
function closeUp(start, end) {
  const blank = [...poem.text.slice(start, end).matchAll(/(?<=^|\n)[^\S\n]*\n/g)];
  for (const { index, 0: line } of blank.reverse()) replace(start + index, start + index + line.length, "");
  return blank.reduce((sum, [line]) => sum + line.length, 0);
}

// Goes on with the poem at the cursor, or to its end. An ending comes line by line, in sight.
async function continuePoem(finish) {
  if (isBusy() || continuing) return;
  beginWithFirstWords();
  const { text } = poem;
  if (finish) editing.cursor = text.length;
  const place = finish ? text.length : lineEnd(cursor());
  const lead = text.slice(lineStart(place), place).trim() ? "\n" : "";
  const source = poem.sources.length;
  const start = place + lead.length;
  let length = 0;
  const answer = await whileLocked(texts.writing, async (isCurrent) => {
    const grow = (piece) => {
      if (!isCurrent()) return;
      if (!length) insert({ start: place, end: place, before: lead, after: "" }, piece.text, piece);
      else replace(start, start + length, piece.text, source);
      poem.sources[source] = piece.receipt;
      length = piece.text.length;
      lines[lineAt(start + length)]?.scrollIntoView({ block: "nearest" });
    };
    const before = text.slice(0, place) + lead;
    const last = await ask("go_on", { before, form: formRequest(), finish, theme: themeRequest() }, grow);
    if (last.text !== undefined) grow(last);
    if (last.one_stanza) length -= closeUp(start, start + length);
    return last;
  });
  if (answer?.error) notify(answer.error);
  else if (answer?.notice) notify(answer.notice);
  if (!length) return;
  if (finish && answer && !answer.error) writing.complete = poem.text;
  editing.cursor = Math.min(start + length, poem.text.length);
  editor.focus({ preventScroll: true });
  select(editing.cursor);
  afterEdit();
}

export function cursorMoved() {
  showLineStar();
  if (request.open && lineAt(request.place) !== lineAt(cursor())) closeList();
}

editor.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || !editing.on) return; // an input method is at work
  const key = event.key.toLowerCase();
  const control = event.ctrlKey || event.metaKey;
  if (key === "enter" && event.altKey) {
    event.preventDefault();
    if (request.open) actions.more();
    else actions.next();
  } else if (control && !event.altKey && (key === "z" || key === "y")) {
    event.preventDefault();
    actions[key === "y" || event.shiftKey ? "redo" : "undo"]();
  } else if (request.open && request.found.length && !control && !event.altKey) keyInList(event);
});

function keyInList(event) {
  const number = ["1", "2", "3"].indexOf(event.key);
  if (number >= 0 && number < request.found.length) take(number);
  else if (event.key === "ArrowDown") choose(request.chosen + 1);
  else if (event.key === "ArrowUp") choose(request.chosen < 0 ? -1 : request.chosen - 1);
  else if (event.key === "Enter" && request.chosen >= 0) take(request.chosen);
  else return;
  event.preventDefault();
}

for (const place of [list, part("bar")]) {
  // The cursor stays in the poem, and with it a phone's keyboard.
  place.addEventListener("mousedown", (event) => event.target.closest("button, li") && event.preventDefault());
}

rows.addEventListener("click", (event) => {
  const row = event.target.closest("[data-choice]");
  if (row && event.detail < 2) take(Number(row.dataset.choice)); // not by the second click on a button that was there before
});

Object.assign(actions, {
  next: () => suggest("next"),
  rewrite: () => suggest("rewrite"),
  more,
  earlier: () => showOffered(request.turn - 1),
  continue: () => continuePoem(false),
  finish: () => continuePoem(true),
  close: closeList,
});
