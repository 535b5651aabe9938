// Typing on the page. What is typed goes into `paper` first and from there into the lines, so that the two never differ;
// only while an input method composes, the browser writes and the page reads after it.

const editing = { on: false, composing: false };

function setEditable(on) {
  editing.on = on;
  if (!on) poem.contentEditable = "false";
  else {
    try {
      poem.contentEditable = "plaintext-only";
    } catch {
      poem.contentEditable = "true"; // all it would do beyond plain text is kept from it below
    }
  }
}

// The cursor, as places in the text

const isStretch = (node) => node?.parentNode === poem && node.className === "stretch";

function placeOf(node, offset) {
  if (isStretch(node) || node === poem) {
    const next = node.childNodes[offset] ?? (node === poem ? null : node.nextSibling);
    const line = isStretch(next) ? next.firstChild : next;
    return line ? (lineStarts()[boxes.indexOf(line)] ?? 0) : paper.text.length;
  }
  let line = node;
  while (line && line.parentNode !== poem && !isStretch(line.parentNode)) line = line.parentNode;
  if (!line) return null;
  const range = document.createRange();
  range.selectNodeContents(line);
  range.setEnd(node, offset);
  return Math.min((lineStarts()[boxes.indexOf(line)] ?? 0) + range.toString().length, paper.text.length);
}

function selection() {
  const found = getSelection();
  if (!found.rangeCount || !poem.contains(found.anchorNode)) return null;
  const anchor = placeOf(found.anchorNode, found.anchorOffset);
  const focus = placeOf(found.focusNode, found.focusOffset);
  return anchor === null || focus === null ? null : [anchor, focus];
}

function pointAt(place) {
  const number = lineAt(place);
  const line = boxes[number];
  if (!line) return [poem, 0];
  let left = place - lineStarts()[number];
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (left <= node.data.length) return [node, left];
    left -= node.data.length;
  }
  return [line, 0];
}

function select(anchor, focus = anchor) {
  getSelection().setBaseAndExtent(...pointAt(anchor), ...pointAt(focus));
}

// Where the cursor is, or was when the page was last left.
let lastCursor = 0;
document.addEventListener("selectionchange", () => {
  const found = selection();
  if (found) lastCursor = found[1];
  if (found) cursorMoved();
});

const cursorPlace = () => Math.min(selection()?.[1] ?? lastCursor, paper.text.length);

// Edits

function edit(start, end, insert, { source = null, step = source !== null } = {}) {
  beforeEdit(step || insert.includes("\n"));
  replace(start, end, insert, source);
  lastCursor = start + insert.length;
  if (document.activeElement === poem) {
    select(lastCursor);
    keepInView();
  }
  afterEdit();
}

// The cursor stays above whatever lies at the bottom of the window.
function keepInView() {
  const box = boxes[lineAt(lastCursor)]?.getBoundingClientRect();
  const floor = Math.min(visualViewport?.height ?? innerHeight, innerHeight) - part("bar").offsetHeight - 24;
  if (box && box.bottom > floor) scrollBy({ top: box.bottom - floor });
}

function plain(text) {
  return text.replace(/\r\n?/g, "\n").replaceAll("\0", "");
}

// Some browsers name no range where a line is joined to the one before it or behind it.
function deleted(type, start, end) {
  if (start !== end) return [start, end];
  const before = [...paper.text.slice(Math.max(0, start - 2), start)].at(-1)?.length ?? 0;
  const behind = [...paper.text.slice(start, start + 2)][0]?.length ?? 0;
  return type.endsWith("Backward") ? [start - before, start] : type.endsWith("Forward") ? [start, start + behind] : [start, end];
}

poem.addEventListener("beforeinput", (event) => {
  const type = event.inputType;
  if (editing.on && (editing.composing || event.isComposing || type === "insertCompositionText")) return;
  event.preventDefault();
  if (!editing.on) return;
  if (type === "historyUndo" || type === "historyRedo") return void doing[type.slice(7).toLowerCase()]();
  const [range] = event.getTargetRanges();
  const found = range
    ? [placeOf(range.startContainer, range.startOffset), placeOf(range.endContainer, range.endOffset)]
    : selection();
  if (!found || found.includes(null)) return;
  const [start, end] = found.sort((a, b) => a - b);
  if (type.startsWith("delete")) {
    const [from, to] = deleted(type, start, end);
    if (from !== to) edit(from, to, "");
  } else if (type === "insertParagraph" || type === "insertLineBreak") edit(start, end, "\n");
  else if (type.startsWith("insert")) {
    const text = event.data ?? event.dataTransfer?.getData("text/plain") ?? "";
    if (text) edit(start, end, plain(text), { step: type === "insertFromPaste" });
  }
});

// An input method writes into the line itself; what it wrote is read from there.
poem.addEventListener("compositionstart", () => {
  editing.composing = true;
  beforeEdit(false);
});

poem.addEventListener("input", () => editing.composing && readPage());

poem.addEventListener("compositionend", () => {
  editing.composing = false;
  readPage();
  const cursor = selection();
  const line = cursor ? lineAt(cursor[1]) : -1;
  const starts = lineStarts();
  // Where the browser made or took away lines, all are drawn anew.
  if (line < 0 || boxes.length !== starts.length || !boxes.every((box) => box.localName === "div")) drawPaper();
  else putLines(line, line, [lineNode(starts[line], (starts[line + 1] ?? paper.text.length + 1) - 1)]);
  if (cursor) select(...cursor);
  afterEdit();
});

function readPage() {
  boxes = [...poem.childNodes].flatMap((node) => (isStretch(node) ? [...node.childNodes] : [node]));
  const now = boxes.map((line) => line.textContent).join("\n");
  const before = paper.text;
  if (now === before) return;
  let start = 0;
  while (start < now.length && now[start] === before[start]) start++;
  let tail = 0;
  const most = Math.min(now.length, before.length) - start;
  while (tail < most && now.at(-1 - tail) === before.at(-1 - tail)) tail++;
  paper.text = now;
  moveSpans(start, before.length - tail, now.length - tail - start);
  dressPaper();
}

// Copies are plain text; nothing is dragged out of its line, and what is dropped is typed where it falls.

for (const kind of ["copy", "cut"]) {
  poem.addEventListener(kind, (event) => {
    const found = selection();
    if (!found || !editing.on) return;
    const [start, end] = found.sort((a, b) => a - b);
    event.preventDefault();
    event.clipboardData.setData("text/plain", paper.text.slice(start, end));
    if (kind === "cut" && start !== end) edit(start, end, "", { step: true });
  });
}

poem.addEventListener("dragstart", (event) => event.preventDefault());

poem.addEventListener("drop", (event) => {
  event.preventDefault();
  const text = event.dataTransfer.getData("text/plain");
  const at = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const old = at ? null : document.caretRangeFromPoint?.(event.clientX, event.clientY);
  const place = at ? placeOf(at.offsetNode, at.offset) : old && placeOf(old.startContainer, old.startOffset);
  if (text && editing.on && place !== null) edit(place, place, plain(text), { step: true });
});

// While one writes on a phone, what belongs to the poem takes the place of the settings.
poem.addEventListener("focus", () => sheet.classList.toggle("at-poem", editing.on));
desk.addEventListener("focusout", (event) => {
  if (!desk.contains(event.relatedTarget)) sheet.classList.remove("at-poem");
});

// The keyboard of a phone covers the bottom of the window.
visualViewport?.addEventListener("resize", () => {
  const covered = Math.max(0, innerHeight - visualViewport.height - visualViewport.offsetTop);
  desk.style.setProperty("--covered", `${covered}px`);
});
