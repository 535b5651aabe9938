// The page: lets a poem appear at a reading pace, turns Write into Stop, copies and saves. Gradio runs this once, together
// with the other scripts here (see poem_page.py) as one function, with `element` (the page), `props.value` (what the server
// says), `watch` and `trigger`. Whatever a person or a poet wrote enters as text; as HTML enters only what web/components/poem_view.py
// has escaped.

const PACE = 90; // characters a second
const desk = element.querySelector(".desk");
const sheet = element.closest("#sheet");
const texts = desk.dataset; // what the scripts say
const part = (name) => desk.querySelector(`[data-part="${name}"]`);
const poem = part("poem");
const after = part("after");
const doing = {}; // what the buttons do, by their data-do
const byId = (id) => document.getElementById(id);
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

let draft = null; // the poem that is appearing: its lines, how many characters have come, are shown, and are due
let waiting = false; // Write was pressed and nothing has come yet
let current = null; // the finished poem that is shown
let wanted = null; // a poem of the list that was asked for while another one was appearing
let settled = 0; // the number of the last poem that was stopped or has come to its end
let settling = false; // its finished page has not come yet

const busy = () => waiting || settling || draft !== null;
const showsAtOnce = () => reducedMotion.matches || byId("skip-animation")?.querySelector("input")?.checked;

// Write and Stop are two buttons in one place; the focus goes with the one that is seen.
function setBusy() {
  const writing = waiting || draft !== null;
  const [from, to] = writing ? ["write-button", "stop-button"] : ["stop-button", "write-button"];
  const hadFocus = document.activeElement === byId(from);
  sheet.classList.toggle("writing", writing);
  poem.setAttribute("aria-busy", String(writing));
  setEditable(!busy());
  if (hadFocus) byId(to)?.focus({ preventScroll: true });
}

function say(text) {
  part("status").textContent = text;
}

function notify(...sentences) {
  part("notices").replaceChildren(
    ...sentences.map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence })),
  );
}

// On a phone the settings are folded away behind a button.
function openSettings(open) {
  sheet.classList.toggle("settings", open);
  byId("settings-button")?.setAttribute("aria-expanded", String(open));
}

function begin() {
  hush();
  saveNow();
  waiting = true;
  notify();
  openSettings(false);
  say(texts.writing);
  setBusy();
}

// A poem in the making

function open(value) {
  waiting = false;
  current = null;
  draft = { id: value.id, lines: [], line: 0, shown: 0, length: 0, due: 1, done: false };
  draft.kinds = []; // of each letter: none, or that of the shared run it stands in
  draft.given = [...value.seed].length;
  draft.atOnce = showsAtOnce();
  draft.follows = true;
  poem.replaceChildren();
  poem.classList.remove("bare");
  desk.classList.toggle("both", draft.given > 0);
  poem.style.setProperty("--lines", Math.max(value.lines + value.seed.split("\n").length, 14));
  after.inert = true;
  after.classList.add("resting");
  notify(...value.notices);
  begunLine(0);
  append([...value.seed]);
  draft.line = draft.lines.length - 1;
  for (const line of draft.lines) draw(line, line.letters.length);
  leavePage();
  const top = poem.getBoundingClientRect().top;
  if (top < 0 || top > innerHeight * 0.7) poem.scrollIntoView({ block: "start", behavior: scrolling() });
  draft.caret = document.createElement("i");
  draft.caret.className = "caret";
  draft.last = performance.now();
  requestAnimationFrame(tick);
}

// Every line that has come is laid out at once, its letters unseen, so that no word jumps to the next row while it
// grows and nothing below the poem moves from line to line.
function begunLine(start) {
  const box = document.createElement("div");
  box.className = "line";
  const unseen = new Text("");
  const hidden = wrapped("span", "unwritten", unseen);
  hidden.setAttribute("aria-hidden", "true");
  box.append(hidden);
  poem.append(box);
  draft.lines.push({ box, hidden, unseen, start, letters: [], seen: 0, nodes: [], pen: null, look: "" });
}

function append(characters) {
  for (const character of characters) {
    const { start, letters } = draft.lines.at(-1);
    if (character === "\n") begunLine(start + letters.length + 1);
    else letters.push(character);
  }
}

function extend(value) {
  const characters = [...value.text];
  append(characters.slice(draft.length));
  mark(value.marks);
  for (const line of draft.lines.slice(draft.line)) draw(line, 0);
  draft.length = characters.length;
  draft.done = value.done;
}

// What is marked stays marked (see poetbot/overlap/highlights.py). Letters that stand there already and turn out to be of
// a shared run are drawn again in their places, within one frame.
function mark(runs) {
  const before = draft.kinds;
  draft.kinds = [];
  for (const [start, end, kind] of runs) for (let at = start; at < end; at++) draft.kinds[at] = kind;
  for (const line of draft.lines.slice(0, draft.line + 1)) {
    const { start, seen } = line;
    let at = start;
    while (at < start + seen && draft.kinds[at] === before[at]) at++;
    if (at === start + seen) continue;
    line.nodes.forEach((node) => node.remove());
    Object.assign(line, { nodes: [], pen: null, seen: 0 });
    draw(line, seen);
  }
}

// Lets so many more letters of a line be seen. Letters that are alike stand in one node, as in web/components/poem_view.py.
function draw(line, count) {
  const lookOf = (letter) => {
    const at = line.start + letter;
    return `${at < draft.given ? "given" : ""} ${draft.kinds[at] ?? ""}`;
  };
  const end = line.seen + count;
  while (line.seen < end) {
    const look = lookOf(line.seen);
    let next = line.seen + 1;
    while (next < end && lookOf(next) === look) next++;
    if (!line.pen || line.look !== look) begunNode(line, look);
    line.pen.data += line.letters.slice(line.seen, next).join("");
    line.seen = next;
  }
  line.unseen.data = line.letters.slice(end).join("");
}

function begunNode(line, look) {
  const [given, kind] = look.split(" ");
  let node = (line.pen = new Text(""));
  line.look = look;
  if (kind) node = wrapped("mark", kind, node);
  if (given) node = wrapped("span", given, node);
  line.box.insertBefore(node, draft.caret?.parentNode === line.box ? draft.caret : line.hidden);
  line.nodes.push(node);
}

function tick(now) {
  if (!draft) return;
  const ready = draft.length - draft.shown;
  draft.due += Math.max(0, (now - draft.last) / 1000) * PACE;
  draft.last = now;
  const count = draft.atOnce ? ready : Math.min(Math.floor(draft.due), ready);
  draft.due = count < ready ? draft.due - count : Math.min(1, draft.due); // what came late is not made up for in a rush
  if (count > 0) reveal(count);
  if (draft.done && draft.shown >= draft.length) settle();
  else requestAnimationFrame(tick);
}

function reveal(count) {
  draft.shown += count;
  while (count > 0) {
    const line = draft.lines[draft.line];
    const letters = Math.min(count, line.letters.length - line.seen);
    if (letters) draw(line, letters);
    else draft.line += 1; // the line end counts as a character
    count -= letters || 1;
  }
  const line = draft.lines[draft.line];
  if (draft.caret.parentNode !== line.box) {
    line.box.insertBefore(draft.caret, line.hidden);
    follow();
  }
}

const scrolling = () => (reducedMotion.matches ? "auto" : "smooth");

function follow() {
  if (!draft.follows || draft.atOnce) return;
  const bar = getComputedStyle(byId("controls")).position === "fixed" ? byId("controls").offsetHeight : 0;
  const over = draft.caret.getBoundingClientRect().bottom + 48 - (innerHeight - bar);
  if (over > 0) scrollBy({ top: over + 64, behavior: scrolling() });
}

// Whoever scrolls away reads somewhere else: the page stops following the pen.
for (const gesture of ["wheel", "touchmove"]) {
  addEventListener(gesture, () => draft && (draft.follows = false), { passive: true });
}

// Its end: the server keeps what was seen and sends the finished page.
function settle() {
  if (draft) {
    settled = draft.id;
    draft.caret.remove();
    poem.querySelectorAll(".unwritten").forEach((rest) => rest.remove());
    let last = draft.line; // a line that was begun and has no letter yet is none
    while (last > 0 && draft.shown > 0 && !draft.lines[last].seen) {
      last -= 1;
      draft.shown -= 1;
    }
    draft.lines.slice(last + 1).forEach((line) => line.box.remove());
    draft.lines.slice(0, last + 1).forEach(endedLine);
    settling = true;
    trigger("ended", { id: draft.id, shown: draft.shown });
  }
  draft = null;
  waiting = false;
  setBusy();
}

// A line as it will stand on the finished page (see poem.js).
function endedLine({ box, start, letters, seen }) {
  const own = Math.min(Math.max(0, draft.given - start), seen);
  const [given, rest] = [letters.slice(0, own), letters.slice(own, seen)].map((part) => part.join("").trim());
  box.className = !given ? "line" : rest ? "line partly" : "line yours";
  if (!seen) box.append(document.createElement("br"));
}

// A finished poem

function show(value) {
  current = value;
  leavePage();
  const [[given, end]] = units(value.text, [[value.given, [...value.text].length]]);
  setPaper({
    text: value.text,
    poet: value.poet,
    sources: [value.receipt],
    spans: given < end ? [{ start: given, end, source: 0, at: 0 }] : [],
    marks: units(value.text, value.marks).map(([from, to, kind]) => ({ start: from, end: to, kind, at: 0 })),
  });
  lastCursor = value.text.length;
  steps.unsaved = true;
  saveNow();
  part("overlap").innerHTML = value.overlap_html;
  part("receipt").innerHTML = value.receipt_html;
  notify(...value.notices);
  showBelow();
  say(value.status);
}

watch("value", () => {
  const value = props.value;
  if (!value) return;
  if (value.error) {
    notify(value.error);
    if (draft || settling) drawPaper();
    draft = null;
    waiting = settling = false;
    setBusy();
  } else if (value.final) {
    if (waiting || draft) return;
    settling = false;
    show(value);
    setBusy();
    if (wanted) openKept(wanted);
    wanted = null;
  } else if (value.empty) {
    if (waiting || draft) return;
    settling = false;
    clearPage();
    setBusy();
  } else if ((waiting || draft) && value.id > settled && value.id >= (draft?.id ?? 0)) {
    if (draft?.id !== value.id) open(value);
    extend(value);
  }
});

// What a person does

async function copy() {
  const label = part("copy");
  if (!(await copyText(paper.text))) return notify(texts.notCopied);
  label.textContent = texts.copied;
  say(texts.copied);
  setTimeout(() => (label.textContent = texts.copy), 1600);
}

// A poem as the poet wrote it is saved with its receipt in small; any other as its keeper has it.
function save() {
  if (current) download({ file: current.file, name: current.file_name, media: "text/plain" });
  else fileOf(() => ({ id: page.id, format: "text" }));
}

Object.assign(doing, {
  copy,
  save,
  another: () => {
    if (!current) return;
    const { id } = current;
    begin();
    trigger("another", { id });
  },
});

desk.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const chosen = button?.dataset.poem && JSON.parse(button.dataset.poem);
  if (chosen && draft) {
    wanted = chosen;
    settle();
  } else if (chosen) openKept(chosen);
  else if (button) doing[button.dataset.do]?.(button);
  else if (draft && poem.contains(event.target)) draft.atOnce = true;
});

// Before Gradio hears of it: Write begins here at once, and not twice.
document.addEventListener(
  "click",
  (event) => {
    if (event.target.closest("#write-button")) waiting || draft ? event.stopPropagation() : begin();
    else if (event.target.closest("#stop-button")) settle();
    else if (event.target.closest("#settings-button")) {
      openSettings(!sheet.classList.contains("settings"));
    }
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || !desk.offsetParent) return; // an input method is at work, or another tab is open
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (!waiting && !draft) byId("write-button").click();
  } else if (event.key === "Escape" && (waiting || draft)) {
    event.preventDefault();
    settle();
  } else if (event.key === "Escape" && asking.open) {
    event.preventDefault();
    doing.close();
  } else if (event.key === "Escape" && !part("titles").hidden) {
    event.preventDefault();
    openTitles([]);
  }
});
