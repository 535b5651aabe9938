// Types a poem out at a reading pace, while the server sends it in large pieces.

import { below, create, editor, notify, prefersReducedMotion, root, scrolling, windowFloor } from "./page.js";
import { isOn } from "./switches.js";
import { textNode } from "./editor.js";

const PACE = 90; // characters a second

let draft = null; // the poem that is being typed out: how many characters have come, are shown, and are due

export const isTyping = () => draft !== null;
export const draftNumber = () => draft?.number ?? 0;

export function skipTyping() {
  if (draft) draft.atOnce = true;
}

export function dropDraft() {
  draft = null;
}

/** Begins to type out a poem; `onEnd` is called with its number and how many characters are shown. */
export function startTyping(value, onEnd) {
  draft = { number: value.draft, lines: [], line: 0, shown: 0, length: 0, due: 1, done: false, onEnd };
  draft.kinds = []; // of each character: none, or that of the mark it is in
  draft.given = [...value.seed].length;
  draft.written = value.written ?? []; // what the poet had written of it before
  draft.atOnce = prefersReducedMotion() || isOn("skip-animation");
  draft.follows = true;
  editor.replaceChildren();
  editor.classList.remove("blank-page");
  root.classList.toggle("both", draft.given > 0);
  editor.style.setProperty("--lines", Math.max(value.lines + value.seed.split("\n").length, 8));
  below.inert = true;
  below.classList.add("resting");
  notify(...value.notices);
  addLine(0);
  append([...value.seed]);
  draft.line = draft.lines.length - 1;
  for (const line of draft.lines) show(line, line.characters.length);
  const { top } = editor.getBoundingClientRect();
  if (top < 0 || top > innerHeight * 0.7) editor.scrollIntoView({ block: "start", behavior: scrolling() });
  draft.caret = create("i", { className: "caret" });
  draft.last = performance.now();
  requestAnimationFrame(tick);
}

// Every line that has come is laid out at once with its characters hidden, so that no word jumps to the next row while
// it grows, and nothing below the poem moves.
function addLine(start) {
  const unseen = new Text("");
  const hidden = create("span", { className: "unwritten", ariaHidden: "true" }, unseen);
  const box = create("div", { className: "line" }, hidden);
  editor.append(box);
  draft.lines.push({ box, hidden, unseen, start, characters: [], shown: 0, nodes: [], pen: null, look: "" });
}

function append(characters) {
  for (const character of characters) {
    const line = draft.lines.at(-1);
    if (character === "\n") addLine(line.start + line.characters.length + 1);
    else line.characters.push(character);
  }
}

/** Takes in the next piece. @param {import("./messages.js").InProgress} value */
export function continueTyping(value) {
  const characters = [...value.text];
  append(characters.slice(draft.length));
  mark(value.marks);
  for (const line of draft.lines.slice(draft.line)) show(line, 0);
  draft.length = characters.length;
  draft.done = value.done;
}

// Marks only grow (poetbot/overlap/highlights.py). Characters that are shown already are redrawn within one frame.
function mark(marks) {
  const before = draft.kinds;
  draft.kinds = [];
  for (const [start, end, kind] of marks) for (let at = start; at < end; at++) draft.kinds[at] = kind;
  for (const line of draft.lines.slice(0, draft.line + 1)) {
    const { start, shown } = line;
    let at = start;
    while (at < start + shown && draft.kinds[at] === before[at]) at++;
    if (at === start + shown) continue;
    line.nodes.forEach((node) => node.remove());
    Object.assign(line, { nodes: [], pen: null, shown: 0 });
    show(line, shown);
  }
}

const isGiven = (at) => at < draft.given && !draft.written.some(([start, end]) => start <= at && at < end);

// Shows so many more characters of a line. Characters that look alike share a node.
function show(line, count) {
  const lookOf = (character) => {
    const at = line.start + character;
    return `${isGiven(at) ? "given" : ""} ${draft.kinds[at] ?? ""}`;
  };
  const end = line.shown + count;
  while (line.shown < end) {
    const look = lookOf(line.shown);
    let next = line.shown + 1;
    while (next < end && lookOf(next) === look) next++;
    if (!line.pen || line.look !== look) startNode(line, look);
    line.pen.data += line.characters.slice(line.shown, next).join("");
    line.shown = next;
  }
  line.unseen.data = line.characters.slice(end).join("");
}

function startNode(line, look) {
  const [given, kind] = look.split(" ");
  line.pen = new Text("");
  line.look = look;
  const node = textNode(line.pen, given, kind);
  line.box.insertBefore(node, draft.caret?.parentNode === line.box ? draft.caret : line.hidden);
  line.nodes.push(node);
}

function tick(now) {
  if (!draft) return;
  const ready = draft.length - draft.shown;
  draft.due += Math.max(0, (now - draft.last) / 1000) * PACE;
  draft.last = now;
  const count = draft.atOnce ? ready : Math.min(Math.floor(draft.due), ready);
  draft.due = count < ready ? draft.due - count : Math.min(1, draft.due); // no rush after a delay
  if (count > 0) reveal(count);
  if (draft.done && draft.shown >= draft.length) stopTyping();
  else requestAnimationFrame(tick);
}

function reveal(count) {
  draft.shown += count;
  while (count > 0) {
    const line = draft.lines[draft.line];
    const characters = Math.min(count, line.characters.length - line.shown);
    if (characters) show(line, characters);
    else draft.line += 1; // a line end counts as a character
    count -= characters || 1;
  }
  const line = draft.lines[draft.line];
  if (draft.caret.parentNode === line.box) return;
  line.box.insertBefore(draft.caret, line.hidden);
  if (draft.follows && !draft.atOnce) scrollToCaret();
}

function scrollToCaret() {
  const over = draft.caret.getBoundingClientRect().bottom + 48 - windowFloor();
  if (over > 0) scrollBy({ top: over + 64, behavior: scrolling() });
}

for (const gesture of ["wheel", "touchmove"]) {
  addEventListener(gesture, () => draft && (draft.follows = false), { passive: true });
}

/** Ends typing: what is shown stays, as it will look on the finished page. */
export function stopTyping() {
  if (!draft) return;
  const { number, lines, onEnd } = draft;
  draft.caret.remove();
  editor.querySelectorAll(".unwritten").forEach((rest) => rest.remove());
  let last = draft.line;
  while (last > 0 && draft.shown > 0 && !lines[last].shown) {
    last -= 1; // a line without a character yet is none
    draft.shown -= 1;
  }
  lines.slice(last + 1).forEach((line) => line.box.remove());
  lines.slice(0, last + 1).forEach(finishLine);
  const { shown } = draft;
  draft = null;
  editor.style.removeProperty("--lines");
  onEnd(number, shown);
}

function finishLine({ box, start, characters, shown }) {
  const isShown = (wanted) => (character, at) => at < shown && character.trim() && isGiven(start + at) === wanted;
  const [given, rest] = [true, false].map((wanted) => characters.some(isShown(wanted)));
  box.className = !given ? "line" : rest ? "line partly" : "line yours";
  if (!shown) box.append(document.createElement("br"));
}
