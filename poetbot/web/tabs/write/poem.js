// The poem on the page: its text, what of it the poet wrote, what is marked, and how its lines stand in the page. All
// places are UTF-16 offsets, as the browser counts; the server counts characters (`points`, `units`). Whatever a person
// or a poet wrote enters the page as text.

const paper = {
  text: "",
  spans: [], // what the poet wrote: start, end, and the source it is of, from which place in it
  sources: [], // receipts
  marks: [], // start, end, kind
  poet: "",
};

// Text [start, end) gives way to so many other characters: what becomes of spans over it.
function spliced(spans, start, end, length) {
  const by = length - (end - start);
  const found = [];
  for (const span of spans) {
    if (span.end <= start) found.push(span);
    else if (span.start >= end) found.push({ ...span, start: span.start + by, end: span.end + by });
    else {
      if (span.start < start) found.push({ ...span, end: start });
      if (span.end > end) {
        found.push({ ...span, start: start + length, end: span.end + by, at: span.at + end - span.start });
      }
    }
  }
  return found;
}

// Puts `insert` in the place of [start, end); `source` is the number of the receipt by which the poet wrote it.
function replace(start, end, insert, source = null) {
  const [first, last] = [lineAt(start), lineAt(end)];
  paper.text = paper.text.slice(0, start) + insert + paper.text.slice(end);
  moveSpans(start, end, insert.length, source);
  const from = lineStart(start);
  const until = paper.text.indexOf("\n", start + insert.length);
  putLines(first, last, linesOf(from, until < 0 ? paper.text.length : until));
  dressPaper();
}

function moveSpans(start, end, length, source = null) {
  paper.marks = spliced(paper.marks, start, end, length);
  paper.spans = spliced(paper.spans, start, end, length);
  if (source === null || !length) return;
  const at = paper.spans.findIndex((span) => span.start >= start + length);
  const span = { start, end: start + length, source, at: 0 };
  paper.spans.splice(at < 0 ? paper.spans.length : at, 0, span);
}

function setPaper({ text, spans = [], sources = [], marks = [], poet = "" }) {
  Object.assign(paper, { text, spans, sources, marks, poet });
  drawPaper();
}

function drawPaper() {
  layOut(linesOf(0, paper.text.length));
  dressPaper();
}

// Marks that changed are drawn again in their lines; the others, and the cursor, stay as they are.
function setMarks(marks) {
  const before = paper.marks;
  paper.marks = marks;
  const [old, now] = [before, marks].map((each) => new Set(each.map(String_)));
  const changed = [...before, ...marks].filter((mark) => !old.has(String_(mark)) || !now.has(String_(mark)));
  if (!changed.length) return;
  const lines = new Set();
  for (const { start, end } of changed) {
    const last = lineAt(Math.min(end, paper.text.length));
    for (let line = lineAt(Math.min(start, paper.text.length)); line <= last; line++) lines.add(line);
  }
  const cursor = selection();
  const starts = lineStarts();
  for (const line of lines) {
    const end = (starts[line + 1] ?? paper.text.length + 1) - 1;
    putLines(line, line, [lineNode(starts[line], end)]);
  }
  if (cursor) select(...cursor);
}

const String_ = ({ start, end, kind }) => `${start} ${end} ${kind}`;

// Both kinds of lines are told apart only where there are both.
function dressPaper() {
  poem.classList.toggle("bare", !paper.text);
  desk.classList.toggle("both", paper.spans.length > 0);
}

// Lines. In the page they lie in stretches: what changes is laid out anew together with all that lies beside it, and
// beside ten thousand lines one could not type.

const STRETCH = 100; // lines
let boxes = []; // of all lines, in order

function layOut(lines) {
  boxes = lines;
  const stretches = [];
  for (let at = 0; at < lines.length; at += STRETCH) {
    const stretch = document.createElement("div");
    stretch.className = "stretch";
    stretch.append(...lines.slice(at, at + STRETCH));
    stretches.push(stretch);
  }
  poem.replaceChildren(...stretches);
}

// Puts boxes in the places of lines first to last.
function putLines(first, last, fresh) {
  const [old, stretch] = [boxes.slice(first, last + 1), boxes[first]?.parentNode];
  boxes.splice(first, old.length, ...fresh);
  if (!stretch?.isConnected || stretch.children.length + fresh.length > 4 * STRETCH) return void layOut(boxes);
  old[0].before(...fresh);
  for (const box of old) {
    const { parentNode } = box;
    box.remove();
    if (!parentNode.childNodes.length) parentNode.remove();
  }
}

function linesOf(from, until) {
  let end = from - 1;
  return paper.text
    .slice(from, until)
    .split("\n")
    .map((line) => {
      const start = end + 1;
      end = start + line.length;
      return lineNode(start, end);
    });
}

function within(spans, start, end) {
  return spans.filter((span) => span.start < end && span.end > start);
}

function lineNode(start, end) {
  const box = document.createElement("div");
  const [spans, marks] = [within(paper.spans, start, end), within(paper.marks, start, end)];
  const cuts = new Set([start, end]);
  for (const { start: a, end: b } of [...spans, ...marks]) {
    for (const cut of [a, b]) if (cut > start && cut < end) cuts.add(cut);
  }
  const places = [...cuts].sort((a, b) => a - b);
  const pieces = [];
  places.slice(1).forEach((to, at) => {
    const from = places[at];
    const given = !within(spans, from, to).length;
    const found = within(marks, from, to).map((mark) => mark.kind);
    const kind = found.includes("rare") ? "rare" : (found[0] ?? "");
    const last = pieces.at(-1);
    if (last && last.given === given && last.kind === kind) last.to = to;
    else pieces.push({ from, to, given, kind });
  });
  for (const { from, to, given, kind } of pieces) {
    let node = new Text(paper.text.slice(from, to));
    if (kind) node = wrapped("mark", kind, node);
    if (given) node = wrapped("span", "given", node);
    box.append(node);
  }
  const starred = start < end && page.lines.includes(paper.text.slice(start, end).trim());
  box.className = lineClass(pieces) + (starred ? " starred" : "");
  if (start === end) box.append(document.createElement("br")); // or no cursor could stand in it
  return box;
}

function lineClass(pieces) {
  const said = pieces.filter(({ from, to }) => paper.text.slice(from, to).trim());
  const given = said.filter((piece) => piece.given).length;
  return !given ? "line" : given === said.length ? "line yours" : "line partly";
}

function wrapped(name, kind, inner) {
  const outer = document.createElement(name);
  outer.className = kind;
  outer.append(inner);
  return outer;
}

function lineStart(place) {
  return place === 0 ? 0 : paper.text.lastIndexOf("\n", place - 1) + 1;
}

function lineEnd(place) {
  const end = paper.text.indexOf("\n", place);
  return end < 0 ? paper.text.length : end;
}

function lineAt(place) {
  const starts = lineStarts();
  let [line, behind] = [0, starts.length];
  while (behind - line > 1) {
    const middle = (line + behind) >> 1;
    if (starts[middle] <= place) line = middle;
    else behind = middle;
  }
  return line;
}

const counted = { text: "", starts: [0] }; // of the text that was last asked of

function lineStarts() {
  const { text } = paper;
  if (counted.text === text) return counted.starts;
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  Object.assign(counted, { text, starts });
  return starts;
}

// Places of the server, which counts a sign beyond the first 65,536 as one

const wide = (text) => /[\ud800-\udbff][\udc00-\udfff]/.test(text);

function points(text, place) {
  return wide(text) ? [...text.slice(0, place)].length : place;
}

function units(text, spans) {
  if (!wide(text)) return spans;
  const places = [0];
  for (const sign of text) places.push(places.at(-1) + sign.length);
  return spans.map(([start, end, ...rest]) => [places[start], places[end], ...rest]);
}

// What the poet wrote, for the server: places in characters, parts that touch as one.
function writtenSpans() {
  const found = [];
  for (const { start, end } of paper.spans) {
    if (found.length && found.at(-1)[1] === start) found.at(-1)[1] = end;
    else found.push([start, end]);
  }
  const { text } = paper;
  if (!wide(text)) return found;
  let [at, signs] = [0, 0]; // each place is counted on from the one before
  return found.map((span) =>
    span.map((place) => {
      for (const _ of text.slice(at, place)) signs += 1;
      at = place;
      return signs;
    }),
  );
}

// How much at the beginning is the person's own; of a poem that is theirs alone, nothing is set aside.
function givenCharacters() {
  return paper.spans.length ? points(paper.text, paper.spans[0].start) : 0;
}
