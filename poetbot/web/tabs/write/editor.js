// The poem on the page: its lines, the cursor and typing. What is typed goes into the poem first and from there into the
// lines, so the two never differ; only while an input method composes, the browser writes and the page reads after it.

import { cursorMoved } from "./suggestions.js";
import { actions, create, editor, part, root, sheet } from "./page.js";
import { afterEdit, beforeEdit, saved } from "./history.js";
import { lineAt, lineStart, lineStarts, moveSpans, poem, replaceText, within } from "./poem.js";

// `cursor` is where the cursor is, or was last; `taken` is the end of a line that was just taken from the list, or -1.
export const editing = { on: false, composing: false, cursor: 0, taken: -1 };

export function setEditable(on) {
  editing.on = on;
  if (!on) editor.contentEditable = "false";
  else {
    try {
      editor.contentEditable = "plaintext-only";
    } catch {
      editor.contentEditable = "true"; // all it would do beyond plain text is prevented below
    }
  }
}

// Lines. They lie in stretches: a browser lays a line out together with all its siblings, and among ten thousand one
// could not type.

const STRETCH = 100; // lines
export let lines = []; // their elements, in order

export function setPoem({ text, spans = [], sources = [], marks = [], poet = "" }) {
  Object.assign(poem, { text, spans, sources, marks, poet });
  drawPoem();
}

export function drawPoem() {
  layOut(lineElements(0, poem.text.length));
  showAuthors();
}

// Puts `insert` in place of [start, end); `source` is the number of the receipt by which the poet wrote it.
export function replace(start, end, insert, source = null) {
  const [first, last] = [lineAt(start), lineAt(end)];
  replaceText(start, end, insert, source);
  const until = poem.text.indexOf("\n", start + insert.length);
  putLines(first, last, lineElements(lineStart(start), until < 0 ? poem.text.length : until));
  showAuthors();
}

// Redraws only the lines whose marks change; the cursor stays where it is.
export function setMarks(marks) {
  const keyOf = ({ start, end, kind }) => `${start} ${end} ${kind}`;
  const before = poem.marks;
  poem.marks = marks;
  const [old, now] = [before, marks].map((each) => new Set(each.map(keyOf)));
  const changed = [...before, ...marks].filter((mark) => !old.has(keyOf(mark)) || !now.has(keyOf(mark)));
  if (!changed.length) return;
  const numbers = new Set();
  for (const { start, end } of changed) {
    const last = lineAt(Math.min(end, poem.text.length));
    for (let number = lineAt(Math.min(start, poem.text.length)); number <= last; number++) numbers.add(number);
  }
  const cursor = selection();
  numbers.forEach(redrawLine);
  if (cursor) select(...cursor);
}

function redrawLine(number) {
  const starts = lineStarts();
  putLines(number, number, [lineElement(starts[number], (starts[number + 1] ?? poem.text.length + 1) - 1)]);
}

// Your lines and the poet's are told apart only if there are both.
function showAuthors() {
  editor.classList.toggle("blank-page", !poem.text);
  root.classList.toggle("both", poem.spans.length > 0);
}

function layOut(elements) {
  lines = elements;
  const stretches = [];
  for (let at = 0; at < lines.length; at += STRETCH) {
    stretches.push(create("div", { className: "stretch" }, ...lines.slice(at, at + STRETCH)));
  }
  editor.replaceChildren(...stretches);
}

// Puts elements in place of the lines from first to last.
function putLines(first, last, elements) {
  const [old, stretch] = [lines.slice(first, last + 1), lines[first]?.parentNode];
  lines.splice(first, old.length, ...elements);
  if (!stretch?.isConnected || stretch.children.length + elements.length > 4 * STRETCH) return layOut(lines);
  old[0].before(...elements);
  for (const line of old) {
    const { parentNode } = line;
    line.remove();
    if (!parentNode.childNodes.length) parentNode.remove();
  }
}

function lineElements(from, until) {
  let end = from - 1;
  return poem.text
    .slice(from, until)
    .split("\n")
    .map((line) => {
      const start = end + 1;
      end = start + line.length;
      return lineElement(start, end);
    });
}

function lineElement(start, end) {
  const pieces = piecesOf(start, end);
  const line = create("div", { className: lineClass(pieces) });
  for (const { from, to, given, kind, meets } of pieces) line.append(textNode(poem.text.slice(from, to), given, kind, meets));
  line.classList.toggle("starred", start < end && saved.lines.includes(poem.text.slice(start, end).trim()));
  if (start === end) line.append(document.createElement("br")); // or no cursor could stand in it
  return line;
}

// The parts of a line that look different.
function piecesOf(start, end) {
  const [spans, marks] = [within(poem.spans, start, end), within(poem.marks, start, end)];
  const cuts = new Set([start, end]);
  for (const { start: a, end: b } of [...spans, ...marks]) {
    for (const cut of [a, b]) if (cut > start && cut < end) cuts.add(cut);
  }
  const places = [...cuts].sort((a, b) => a - b);
  const pieces = [];
  places.slice(1).forEach((to, at) => {
    const from = places[at];
    const given = !within(spans, from, to).length;
    const kinds = within(marks, from, to).map((mark) => mark.kind);
    const kind = kinds.includes("rare") ? "rare" : (kinds[0] ?? "");
    const last = pieces.at(-1);
    const meets = last?.kind === kind && poem.marks.some((mark) => mark.start === from) && poem.marks.some((mark) => mark.end === from);
    if (last?.given === given && last.kind === kind && !meets) last.to = to;
    else pieces.push({ from, to, given, kind, meets });
  });
  return pieces;
}

function lineClass(pieces) {
  const withText = pieces.filter(({ from, to }) => poem.text.slice(from, to).trim());
  const given = withText.filter((piece) => piece.given).length;
  return !given ? "line" : given === withText.length ? "line yours" : "line partly";
}

// Text in the look of words that were given or marked; `meets`: its mark begins where one of the same look ends.
export function textNode(text, given, kind, meets = false) {
  let node = text instanceof Text ? text : new Text(text);
  if (kind) node = create("mark", { className: meets ? `${kind} meets` : kind }, node);
  return given ? create("span", { className: "given" }, node) : node;
}

// The cursor, as offsets in the text

const isStretch = (node) => node?.parentNode === editor && node.className === "stretch";

function offsetOf(node, offset) {
  if (isStretch(node) || node === editor) {
    const next = node.childNodes[offset] ?? (node === editor ? null : node.nextSibling);
    const line = isStretch(next) ? next.firstChild : next;
    return line ? (lineStarts()[lines.indexOf(line)] ?? 0) : poem.text.length;
  }
  let line = node;
  while (line && line.parentNode !== editor && !isStretch(line.parentNode)) line = line.parentNode;
  if (!line) return null;
  const range = document.createRange();
  range.selectNodeContents(line);
  range.setEnd(node, offset);
  return Math.min((lineStarts()[lines.indexOf(line)] ?? 0) + range.toString().length, poem.text.length);
}

function selection() {
  const found = getSelection();
  if (!found.rangeCount || !editor.contains(found.anchorNode)) return null;
  const anchor = offsetOf(found.anchorNode, found.anchorOffset);
  const focus = offsetOf(found.focusNode, found.focusOffset);
  return anchor === null || focus === null ? null : [anchor, focus];
}

function nodeAt(offset) {
  const number = lineAt(offset);
  const line = lines[number];
  if (!line) return [editor, 0];
  let left = offset - lineStarts()[number];
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (left <= node.data.length) return [node, left];
    left -= node.data.length;
  }
  return [line, 0];
}

export function select(anchor, focus = anchor) {
  getSelection().setBaseAndExtent(...nodeAt(anchor), ...nodeAt(focus));
}

document.addEventListener("selectionchange", () => {
  const found = selection();
  if (!found) return;
  editing.cursor = found[1];
  cursorMoved();
});

export const cursor = () => Math.min(selection()?.[1] ?? editing.cursor, poem.text.length);

// Puts the cursor there, if it is on the page, and keeps it above what lies at the bottom of the window.
export function moveCursor(place) {
  editing.cursor = place;
  if (document.activeElement !== editor) return;
  select(place);
  const line = lines[lineAt(place)]?.getBoundingClientRect();
  const floor = Math.min(visualViewport?.height ?? innerHeight, innerHeight) - part("bar").offsetHeight - 24;
  if (line && line.bottom > floor) scrollBy({ top: line.bottom - floor });
}

export function rangeOf(start, end) {
  const range = document.createRange();
  range.setStart(...nodeAt(start));
  range.setEnd(...nodeAt(end));
  return range;
}

// Typing

// The first word that is typed behind a line that was just taken begins the next line.
const BEGINS_LINE = /^[\p{L}\p{N}"'“‘(¿¡]/u;

function isBehindTaken(place) {
  return place === editing.taken && [undefined, "\n"].includes(poem.text[place]);
}

function edit(start, end, insert, isStep = false) {
  editing.taken = -1;
  beforeEdit(isStep || insert.includes("\n"));
  replace(start, end, insert);
  moveCursor(start + insert.length);
  afterEdit();
}

function plainText(text) {
  return text.replace(/\r\n?/g, "\n").replaceAll("\0", "");
}

// Some browsers name no range where a line is joined to the one before or after it.
function deletedRange(type, start, end) {
  if (start !== end) return [start, end];
  const before = [...poem.text.slice(Math.max(0, start - 2), start)].at(-1)?.length ?? 0;
  const after = [...poem.text.slice(start, start + 2)][0]?.length ?? 0;
  return type.endsWith("Backward") ? [start - before, start] : type.endsWith("Forward") ? [start, start + after] : [start, end];
}

editor.addEventListener("beforeinput", (event) => {
  const type = event.inputType;
  if (editing.on && (editing.composing || event.isComposing || type === "insertCompositionText")) return;
  event.preventDefault();
  if (!editing.on) return;
  if (type === "historyUndo" || type === "historyRedo") return void actions[type.slice(7).toLowerCase()]();
  const [range] = event.getTargetRanges();
  const found = range
    ? [offsetOf(range.startContainer, range.startOffset), offsetOf(range.endContainer, range.endOffset)]
    : selection();
  if (!found || found.includes(null)) return;
  const [start, end] = found.sort((a, b) => a - b);
  if (type.startsWith("delete")) {
    const [from, to] = deletedRange(type, start, end);
    if (from !== to) edit(from, to, "");
  } else if (type === "insertParagraph" || type === "insertLineBreak") edit(start, end, "\n");
  else if (type.startsWith("insert")) {
    const text = event.data ?? event.dataTransfer?.getData("text/plain") ?? "";
    const lead = start === end && isBehindTaken(start) && BEGINS_LINE.test(text) ? "\n" : "";
    if (text) edit(start, end, lead + plainText(text), type === "insertFromPaste");
  }
});

editor.addEventListener("compositionstart", () => {
  const [start, end] = selection() ?? [];
  if (start === end && isBehindTaken(start)) edit(start, start, "\n");
  editing.composing = true;
  beforeEdit(false);
});

editor.addEventListener("input", () => editing.composing && readPage());

editor.addEventListener("compositionend", () => {
  editing.composing = false;
  readPage();
  const found = selection();
  // All lines are redrawn if the browser added or removed any.
  const intact = lines.length === lineStarts().length && lines.every((line) => line.localName === "div");
  if (found && intact) redrawLine(lineAt(found[1]));
  else drawPoem();
  if (found) select(...found);
  afterEdit();
});

function readPage() {
  lines = [...editor.childNodes].flatMap((node) => (isStretch(node) ? [...node.childNodes] : [node]));
  const now = lines.map((line) => line.textContent).join("\n");
  const before = poem.text;
  if (now === before) return;
  let start = 0;
  while (start < now.length && now[start] === before[start]) start++;
  let tail = 0;
  const most = Math.min(now.length, before.length) - start;
  while (tail < most && now.at(-1 - tail) === before.at(-1 - tail)) tail++;
  poem.text = now;
  delete lines[lineAt(start)]?.dataset?.sounds; // it was there for other words
  moveSpans(start, before.length - tail, now.length - tail - start);
  showAuthors();
}

// Copies are plain text. Nothing can be dragged out of its line, and what is dropped is typed where it falls.

for (const type of ["copy", "cut"]) {
  editor.addEventListener(type, (event) => {
    const found = selection();
    if (!found || !editing.on) return;
    const [start, end] = found.sort((a, b) => a - b);
    event.preventDefault();
    event.clipboardData.setData("text/plain", poem.text.slice(start, end));
    if (type === "cut" && start !== end) edit(start, end, "", true);
  });
}

editor.addEventListener("dragstart", (event) => event.preventDefault());

editor.addEventListener("drop", (event) => {
  event.preventDefault();
  const text = event.dataTransfer.getData("text/plain");
  const at = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const old = at ? null : document.caretRangeFromPoint?.(event.clientX, event.clientY);
  const place = at ? offsetOf(at.offsetNode, at.offset) : old && offsetOf(old.startContainer, old.startOffset);
  if (text && editing.on && place !== null) edit(place, place, plainText(text), true);
});

// On a phone, the bar takes the place of the settings while one types, above the keyboard.
editor.addEventListener("focus", () => sheet.classList.toggle("typing", editing.on));
root.addEventListener("focusout", (event) => {
  if (!root.contains(event.relatedTarget)) sheet.classList.remove("typing");
});
visualViewport?.addEventListener("resize", () => {
  const covered = Math.max(0, innerHeight - visualViewport.height - visualViewport.offsetTop);
  root.style.setProperty("--covered", `${covered}px`);
});
