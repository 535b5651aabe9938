// Lines to choose from, at the cursor, and going on with the poem. The list lies over the page, so nothing moves when it
// comes; the cursor stays where it is, and keys reach the list from there.

const list = part("lines");
const rows = part("choices");
const hasKeys = matchMedia("(hover: hover)"); // where there is a mouse, there is a keyboard
const asking = { open: false, number: 0, mode: "", turn: 0, place: 0, spot: null, found: [], chosen: -1, growing: false };

// Questions and answers: an event there, and an event of the document back (see web/components/channel.py).

const PATIENCE = 60_000; // milliseconds; a poem in a form takes its time on a busy machine
const questions = new Map();
let lastQuestion = 0;

function ask(event, data, hear = null) {
  const number = ++lastQuestion;
  return new Promise((resolve) => {
    const waits = () => setTimeout(() => answered({ ask: number, error: texts.noResponse, timedOut: true }), PATIENCE);
    questions.set(number, { resolve, hear, waits, timer: waits() });
    trigger(event, { ...data, ask: number });
  });
}

function answered(answer) {
  const question = questions.get(answer?.ask);
  if (!question) return;
  clearTimeout(question.timer);
  if (answer.more && question.hear) {
    question.timer = question.waits();
    return void question.hear(answer);
  }
  questions.delete(answer.ask);
  question.resolve(answer);
}

document.addEventListener("poetbot-answer", (event) => answered(event.detail));

// Where a line is asked for: at the end of a line that is full the next one, on an empty line that one, behind a space or
// inside a line the rest of it, at the beginning of a line one before it.
function spotOf(mode) {
  const { text } = paper;
  const at = cursorPlace();
  const [start, end] = [lineStart(at), lineEnd(at)];
  const line = text.slice(start, end);
  const spot = (from, until, lead = "", tail = "") => ({
    start: from,
    end: until,
    lead,
    tail,
    before: text.slice(0, from) + lead,
    after: tail + text.slice(from),
  });
  if (mode === "rewrite" || !line.trim()) return spot(start, end);
  if (at === start) return spot(start, start, "", "\n");
  const begun = /\s$/.test(line) && !within(paper.spans, end - 1, end).length; // typed, as between two words
  if (at < end || begun) return spot(at, end);
  return spot(end, end, "\n");
}

async function askForLines(mode, turn = 0) {
  if (busy() || asking.growing) return;
  const number = (asking.number += 1);
  const spot = spotOf(mode);
  Object.assign(asking, { mode, turn, spot, place: cursorPlace(), found: [], chosen: -1 });
  openList(texts.drafting);
  const answer = await ask("suggest", { before: spot.before, after: spot.after, form: formRequest(), turn });
  if (number !== asking.number || !asking.open) return; // closed meanwhile, or others were asked for
  if (answer.error) return void sayInList(answer.error);
  asking.found = answer.lines.map((line) => ({ ...line, poet: answer.poet }));
  showLines(answer);
}

function openList(sentence) {
  asking.open = true;
  list.hidden = false;
  list.classList.toggle("waiting", true);
  rows.replaceChildren(...[0, 1, 2].map(() => document.createElement("li")));
  sayInList(sentence);
  placeList();
}

function closeList() {
  if (!asking.open) return;
  asking.open = false;
  asking.number += 1;
  list.hidden = true;
  poem.removeAttribute("aria-activedescendant");
}

function sayInList(sentence) {
  part("lines-said").textContent = sentence ?? "";
  say(sentence ?? "");
}

// Below the line with the cursor, or above it where the window ends.
function placeList() {
  const line = boxes[lineAt(asking.place)] ?? poem;
  const [box, frame] = [line.getBoundingClientRect(), list.offsetParent.getBoundingClientRect()];
  const floor = part("bar").getBoundingClientRect().top;
  const above = box.bottom + list.offsetHeight > floor && box.top > list.offsetHeight;
  list.style.top = `${(above ? box.top - list.offsetHeight - 6 : box.bottom + 6) - frame.top}px`;
}

function showLines({ notice, status }) {
  list.classList.remove("waiting");
  rows.replaceChildren(
    ...asking.found.map((line, number) => {
      const row = document.createElement("li");
      row.id = `choice-${number}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.dataset.choice = number;
      const [key, text, note] = ["b", "span", "small"].map((name) => document.createElement(name));
      key.textContent = number + 1;
      text.textContent = line.line.trim(); // a poet may indent a line; in the list that looks like a mistake
      note.textContent = line.note;
      row.append(key, text, note);
      return row;
    }),
  );
  part("lines-said").textContent = notice || (hasKeys.matches ? texts.keys : "");
  say(status);
  placeList();
}

function choose(number) {
  const count = asking.found.length;
  if (!count) return;
  asking.chosen = (number + count) % count;
  [...rows.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === asking.chosen)));
  poem.setAttribute("aria-activedescendant", `choice-${asking.chosen}`);
}

function take(number) {
  const line = asking.found[number];
  if (!line) return;
  const { spot } = asking;
  closeList();
  put(spot, line.text, line);
  say(texts.taken.replace("{line}", line.line));
}

// What the poet wrote goes into its place, the cursor behind it; line ends around it are nobody's.
function put({ start, end, lead, tail }, text, { receipt, poet }) {
  beforeEdit(true);
  paper.sources.push(receipt);
  paper.poet = poet ?? paper.poet;
  replace(start, end, lead + tail);
  replace(start + lead.length, start + lead.length, text, paper.sources.length - 1);
  lastCursor = start + lead.length + text.length;
  if (document.activeElement === poem) {
    select(lastCursor);
    keepInView();
  }
  afterEdit();
}

// Going on: some lines at the cursor, or all of the rest. In a form it comes line by line.

async function goOn(finish) {
  if (busy() || asking.growing) return;
  closeList();
  const { text } = paper;
  if (finish) lastCursor = text.length;
  const place = finish ? text.length : lineEnd(cursorPlace());
  const lead = text.slice(lineStart(place), place).trim() ? "\n" : "";
  const spot = { start: place, end: place, lead, tail: "" };
  asking.growing = true;
  asking.place = place;
  const number = (asking.number += 1);
  setEditable(false);
  openList(texts.writing);
  const { length } = paper.sources;
  let grown = 0;
  const grow = (answer) => {
    if (number !== asking.number) return;
    if (!grown) put(spot, answer.text, answer);
    else replace(place + lead.length, place + lead.length + grown, answer.text, length);
    paper.sources[length] = answer.receipt;
    grown = answer.text.length;
    asking.place = place + lead.length + grown;
    placeList();
  };
  const answer = await ask("go_on", { before: text.slice(0, place) + lead, form: formRequest(), finish }, grow);
  if (answer.text !== undefined) grow(answer);
  const hushed = number !== asking.number;
  asking.growing = false;
  setEditable(true);
  if (hushed) return;
  if (answer.error) return void sayInList(answer.error);
  closeList();
  lastCursor = Math.min(asking.place, paper.text.length);
  poem.focus({ preventScroll: true });
  select(lastCursor);
  afterEdit();
}

function hush() {
  if (asking.growing) trigger("cancel", {});
  closeList();
  say(texts.stopped);
}

// What follows every edit: the marks, the sentence of overlap, how near the poem is to its form.

const looking = { timer: 0, now: false, again: false, pause: 450 };

function lookSoon(pause = looking.pause) {
  clearTimeout(looking.timer);
  looking.timer = setTimeout(look, pause);
}

async function look() {
  if (looking.now || editing.composing) return void (looking.again = true);
  if (paper.text.length > Number(texts.maxCompared)) {
    setMarks([]);
    return void part("overlap").replaceChildren(Object.assign(document.createElement("p"), { textContent: texts.tooLong }));
  }
  looking.now = true;
  const [{ text }, began] = [paper, performance.now()];
  const answer = await ask("compare", { text, given: givenCharacters(), poet: paper.poet, form: formRequest() });
  looking.now = false;
  looking.pause = Math.max(450, 2 * (performance.now() - began)); // a long poem is looked at less often
  if (paper.text === text && !busy() && !answer.timedOut) {
    const marks = units(text, answer.marks ?? []).map(([start, end, kind]) => ({ start, end, kind, at: 0 }));
    if (!editing.composing) setMarks(marks);
    showOverlap(answer.overlap_html ?? "", answer.error ?? "");
  } else looking.again = true;
  if (looking.again) lookSoon();
  looking.again = false;
}

function showOverlap(html, error) {
  const open = part("overlap").querySelector("details")?.open;
  if (error) part("overlap").textContent = error;
  else part("overlap").innerHTML = html;
  const table = part("overlap").querySelector("details");
  if (table && open) table.open = true;
}

// Keys and taps

const sameLine = () => lineAt(asking.place) === lineAt(cursorPlace());

function cursorMoved() {
  showLineStar();
  if (asking.open && !asking.growing && !sameLine()) closeList();
}

poem.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || !editing.on) return; // an input method is at work
  const plainKey = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "Enter" && event.altKey) {
    event.preventDefault();
    askForLines(asking.open ? asking.mode : "next", asking.open ? asking.turn + 1 : 0);
  } else if ((event.ctrlKey || event.metaKey) && !event.altKey && "zy".includes(event.key.toLowerCase())) {
    event.preventDefault();
    doing[event.key.toLowerCase() === "y" || event.shiftKey ? "redo" : "undo"]();
  } else if (asking.open && asking.found.length && plainKey) keyInList(event);
});

function keyInList(event) {
  const number = "123".indexOf(event.key);
  if (event.key.length === 1 && number >= 0 && number < asking.found.length) take(number);
  else if (event.key === "ArrowDown") choose(asking.chosen + 1);
  else if (event.key === "ArrowUp") choose(asking.chosen < 0 ? -1 : asking.chosen - 1);
  else if (event.key === "Enter" && asking.chosen >= 0) take(asking.chosen);
  else return;
  event.preventDefault();
}

for (const place of [list, part("bar")]) {
  // The cursor stays on the page, and with it a phone's keyboard.
  place.addEventListener("mousedown", (event) => event.target.closest("button, li") && event.preventDefault());
}

rows.addEventListener("click", (event) => {
  const row = event.target.closest("[data-choice]");
  if (row) take(Number(row.dataset.choice));
});

Object.assign(doing, {
  next: () => askForLines("next"),
  rewrite: () => askForLines("rewrite"),
  others: () => askForLines(asking.mode || "next", asking.turn + 1),
  goon: () => goOn(false),
  finish: () => goOn(true),
  close: () => (asking.growing ? hush() : closeList()),
});
