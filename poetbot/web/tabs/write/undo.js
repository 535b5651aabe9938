// Steps: the poem as it stands goes to the keeper (keeper.js) by itself, a step for each thing that was done and
// for each burst of typing; undo and redo are the keeper's, so they outlast the page.

const SAVE_AFTER = 350; // milliseconds after the last letter
const BURST = 1500; // letters that come within so long of each other are one step
const MOST_RECEIPT = 190_000; // characters of JSON; what is longer is kept without

const steps = { timer: 0, unsaved: false, begun: 0, saved: false, queue: Promise.resolve(), trouble: false };
let page = newPage(); // what the keeper knows of the poem on the page

function newPage() {
  return { id: null, version: 0, title: "", starred: false, lines: [], collections: [], canUndo: false, canRedo: false };
}

function beforeEdit(step) {
  const now = performance.now();
  if (step || now - steps.begun > BURST) {
    saveNow();
    steps.saved = false;
  }
  steps.begun = now;
  if (!step) closeList();
}

function afterEdit() {
  showBelow();
  if (current && current.text !== paper.text) {
    current = null; // it is the poet's alone no more
    part("receipt").replaceChildren();
  }
  steps.unsaved = true;
  clearTimeout(steps.timer);
  steps.timer = setTimeout(saveNow, SAVE_AFTER);
  showSteps();
  lookSoon();
}

function showBelow() {
  after.inert = !paper.text;
  after.classList.toggle("ready", Boolean(paper.text));
  after.classList.remove("resting");
  after.classList.toggle("whole", current !== null); // the poet's alone, as it was written
}

function saveNow() {
  clearTimeout(steps.timer);
  if (!steps.unsaved) return steps.queue;
  steps.unsaved = false;
  const [mine, join] = [page, steps.saved];
  const standing = { text: paper.text, written: writtenSpans(), receipt: receiptOf(), poet: paper.poet };
  steps.saved = true; // what follows in this burst joins it
  return inTurn(async () => {
    let answer = await keeper.save({ ...standing, id: mine.id, version: mine.version, join });
    const { clash } = answer;
    if (clash) answer = await keeper.save({ ...standing, id: null }); // it goes on as a poem of its own
    if (answer.error) {
      trouble(answer.error);
      if (mine === page && (answer.failed || answer.timedOut)) steps.unsaved = true; // with the next letter it is tried again
      return;
    }
    told(mine, answer.poem);
    if (clash) trouble(texts.changedElsewhere);
  });
}

// One after the other, whatever becomes of the one before.
function inTurn(work) {
  steps.queue = steps.queue.then(work).catch((error) => console.error(error));
  return steps.queue;
}

function trouble(sentence) {
  steps.trouble = true;
  notify(sentence);
}

function told(mine, poem) {
  if (steps.trouble) notify();
  steps.trouble = false;
  const { text, written, receipt, poet, ...known } = poem;
  const title = mine.id === null && mine.title;
  Object.assign(mine, known);
  if (mine !== page) return;
  if (title) change("title", { title });
  showSteps();
  showPage();
}

function step(way) {
  if (busy() || asking.growing || editing.composing) return;
  closeList();
  saveNow();
  const mine = page;
  inTurn(async () => {
    if (mine !== page || mine.id === null || steps.unsaved) return;
    const answer = await keeper.step({ id: mine.id, way });
    if (answer.error) return trouble(answer.error);
    told(mine, answer.poem);
    if (mine === page && !steps.unsaved) restore(answer.poem);
  });
}

// Shows a poem as the keeper has it, the cursor where it differs from what stood there.
function restore(kept) {
  const before = paper.text;
  const focused = document.activeElement === poem;
  setPaper({ ...standingOf(kept), marks: before === kept.text ? paper.marks : [] });
  let at = paper.text.length;
  for (let tail = 1; at > 0 && paper.text.at(-tail) === before.at(-tail) && tail <= before.length; tail++) at--;
  lastCursor = at;
  if (focused) select(at);
  steps.saved = false;
  lookSoon(100);
}

function showSteps() {
  for (const [name, can] of [["undo", page.canUndo || steps.unsaved], ["redo", page.canRedo && !steps.unsaved]]) {
    const button = part("bar").querySelector(`[data-do=${name}]`);
    button.setAttribute("aria-disabled", String(!can));
  }
}

// The receipt of a poem of many hands: what was typed, and of what the poet wrote, which part of which receipt's text.

function receiptOf() {
  const { text, spans, sources } = paper;
  if (!spans.length) return null;
  if (current && current.text === text) return current.receipt;
  const [pieces, used] = [[], new Map()];
  let at = 0;
  const typed = (until) => until > at && pieces.push({ typed: text.slice(at, until) });
  for (const span of spans) {
    typed(span.start);
    const source = sources[span.source];
    at = span.end;
    if (!source) {
      pieces.push({ written: text.slice(span.start, span.end) });
      continue;
    }
    if (!used.has(span.source)) used.set(span.source, used.size);
    const [from, count] = [span.at, points(text.slice(span.start, span.end), span.end - span.start)];
    pieces.push({ source: used.get(span.source), at: from, characters: count });
  }
  typed(text.length);
  const receipt = { kind: "desk", poet: paper.poet, sources: [...used.keys()].map((number) => sources[number]), pieces };
  return JSON.stringify(receipt).length < MOST_RECEIPT ? receipt : null;
}

// A kept poem as it stands on the page.
function standingOf({ text, written, receipt, poet }) {
  const pieces = receipt?.kind === "desk" ? receipt.pieces : null;
  const spans = [];
  if (pieces) {
    let at = 0;
    const signs = [...text];
    for (const piece of pieces) {
      const count = piece.characters ?? [...(piece.typed ?? piece.written)].length;
      if (piece.typed === undefined) spans.push([at, at + count, piece.source ?? null, piece.at ?? 0]);
      at += count;
    }
    if (at !== signs.length) spans.length = 0;
  }
  if (!spans.length) spans.push(...written.map(([start, end]) => [start, end, receipt && !pieces ? 0 : null, 0]));
  const sources = pieces ? receipt.sources : receipt ? [receipt] : [];
  return {
    text,
    poet,
    sources: [...sources],
    spans: units(text, spans).map(([start, end, source, from]) => ({ start, end, source, at: from })),
  };
}

Object.assign(doing, { undo: () => step("undo"), redo: () => step("redo") });

// What was typed last is not lost with the page.
addEventListener("pagehide", saveNow);
document.addEventListener("visibilitychange", () => document.hidden && saveNow());
