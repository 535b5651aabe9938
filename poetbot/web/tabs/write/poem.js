// The poem as data: its text, which parts the poet wrote and by which receipts, and its marks. Offsets are UTF-16 units,
// as the browser counts; the server counts characters.

export const poem = {
  text: "",
  spans: [], // what the poet wrote: start, end, the number of its source, and from which character of what that writes
  sources: [], // receipts
  marks: [], // start, end, kind
  poet: "",
};

const MAX_RECEIPT = 190_000; // characters of JSON; a poem with a longer receipt is saved without it

// What becomes of spans when [start, end) is replaced by that many characters.
function shifted(spans, start, end, length) {
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

// Moves spans and marks for text that was replaced; the new text is the poet's if it has a source.
export function moveSpans(start, end, length, source = null) {
  poem.marks = shifted(poem.marks, start, end, length);
  poem.spans = shifted(poem.spans, start, end, length);
  if (source === null || !length) return;
  const at = poem.spans.findIndex((span) => span.start >= start + length);
  const span = { start, end: start + length, source, at: 0 };
  poem.spans.splice(at < 0 ? poem.spans.length : at, 0, span);
}

export function replaceText(start, end, insert, source = null) {
  poem.text = poem.text.slice(0, start) + insert + poem.text.slice(end);
  moveSpans(start, end, insert.length, source);
}

export function within(spans, start, end) {
  return spans.filter((span) => span.start < end && span.end > start);
}

// Lines

export function lineStart(place) {
  return place === 0 ? 0 : poem.text.lastIndexOf("\n", place - 1) + 1;
}

export function lineEnd(place) {
  const end = poem.text.indexOf("\n", place);
  return end < 0 ? poem.text.length : end;
}

export function lineAt(place) {
  const starts = lineStarts();
  let [line, after] = [0, starts.length];
  while (after - line > 1) {
    const middle = (line + after) >> 1;
    if (starts[middle] <= place) line = middle;
    else after = middle;
  }
  return line;
}

const cached = { text: "", starts: [0] };

export function lineStarts() {
  const { text } = poem;
  if (cached.text === text) return cached.starts;
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  Object.assign(cached, { text, starts });
  return starts;
}

// Offsets and characters, which differ where a character takes two units

const hasPairs = (text) => /[\ud800-\udbff][\udc00-\udfff]/.test(text);

export function toCharacters(text, offset) {
  return hasPairs(text) ? [...text.slice(0, offset)].length : offset;
}

export function toOffsets(text, spans) {
  if (!hasPairs(text)) return spans;
  const offsets = [0];
  for (const character of text) offsets.push(offsets.at(-1) + character.length);
  return spans.map(([start, end, ...rest]) => [offsets[start], offsets[end], ...rest]);
}

export function marksFrom(text, marks) {
  return toOffsets(text, marks).map(([start, end, kind]) => ({ start, end, kind, at: 0 }));
}

// What the poet wrote, in characters; parts that touch count as one.
export function writtenSpans() {
  const found = [];
  for (const { start, end } of poem.spans) {
    if (found.length && found.at(-1)[1] === start) found.at(-1)[1] = end;
    else found.push([start, end]);
  }
  const { text } = poem;
  if (!hasPairs(text)) return found;
  let [at, characters] = [0, 0]; // each place is counted on from the one before
  return found.map((span) =>
    span.map((place) => {
      characters += [...text.slice(at, place)].length;
      at = place;
      return characters;
    }),
  );
}

// What the person typed, in characters; nothing if that is all, for then the whole poem is compared.
export function typedSpans() {
  const [found, written] = [[], writtenSpans()];
  let at = 0;
  const addUntil = (end) => end > at && found.push([at, end]);
  for (const [start, end] of written) {
    addUntil(start);
    at = end;
  }
  if (written.length) addUntil(toCharacters(poem.text, poem.text.length));
  return found;
}

// The receipt of a poem that both wrote: what was typed, and for each part of the poet's, where its source writes it.

export function receiptOf(finished) {
  const { text, spans, sources } = poem;
  if (!spans.length) return null;
  if (finished?.text === text) return finished.receipt;
  const [pieces, used] = [[], new Map()];
  let at = 0;
  const addTyped = (until) => until > at && pieces.push({ typed: text.slice(at, until) });
  for (const span of spans) {
    addTyped(span.start);
    at = span.end;
    if (!sources[span.source]) {
      pieces.push({ written: text.slice(span.start, span.end) });
      continue;
    }
    if (!used.has(span.source)) used.set(span.source, used.size);
    const characters = toCharacters(text.slice(span.start, span.end), span.end - span.start);
    pieces.push({ source: used.get(span.source), at: span.at, characters });
  }
  addTyped(text.length);
  const receipt = { kind: "desk", poet: poem.poet, sources: [...used.keys()].map((number) => sources[number]), pieces };
  return JSON.stringify(receipt).length < MAX_RECEIPT ? receipt : null;
}

// The poem of a saved one, or of a recreated one.
export function poemFrom({ text, written, receipt, poet }) {
  const pieces = receipt?.kind === "desk" ? receipt.pieces : null;
  const spans = [];
  if (pieces) {
    let at = 0;
    for (const piece of pieces) {
      const count = piece.characters ?? [...(piece.typed ?? piece.written)].length;
      if (piece.typed === undefined) spans.push([at, at + count, piece.source ?? null, piece.at ?? 0]);
      at += count;
    }
    if (at !== [...text].length) spans.length = 0;
  }
  if (!spans.length) spans.push(...written.map(([start, end]) => [start, end, receipt && !pieces ? 0 : null, 0]));
  const sources = pieces ? receipt.sources : receipt ? [receipt] : [];
  return {
    text,
    poet,
    sources: [...sources],
    spans: toOffsets(text, spans).map(([start, end, source, from]) => ({ start, end, source, at: from })),
  };
}
