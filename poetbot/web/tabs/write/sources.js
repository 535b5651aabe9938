// What a marked phrase has in common with the training poems: its rows of the table below the poem, shown by a click on the
// mark. Nothing within the poem can take the focus, because one types there; so for the keyboard, each mark has a button
// behind the poem, which frames it.

import { actions, create, editor, part, popoverClosed, popoverOpened, sheet, texts, windowFloor } from "./page.js";
import { cursor, rangeOf } from "./editor.js";
import { poem, toCharacters } from "./poem.js";

const MAX_STOPS = 200; // nobody walks through more
const MARGIN = 6; // pixels around the box
const sourcesBox = part("sources");
const example = part("example");

let opener = null; // the button or mark whose sources are shown, if it can take the focus

function closeSources() {
  sourcesBox.hidden = true;
  popoverClosed(sourcesBox);
}

// Shows the marked phrases of a table that the characters from start to end are part of, longest first, at that place.
function showSources(table, start, end, place) {
  const rows = [...table.querySelectorAll("tr[data-start]")].filter(
    (row) => row.querySelector("mark") && Number(row.dataset.start) < end && start < Number(row.dataset.end),
  );
  if (!rows.length) return;
  const contentsOf = (cell) => [...cell.cloneNode(true).childNodes];
  const items = rows.map(({ cells: [phrase, , , source] }) => [
    create("dt", {}, ...contentsOf(phrase)),
    create("dd", {}, ...contentsOf(source)),
  ]);
  const several = create("p", { textContent: texts.phrasesMeet.replace("{n}", rows.length) });
  part("source-list").replaceChildren(...(rows.length > 1 ? [several] : []), create("dl", {}, ...items.flat()));
  sourcesBox.hidden = false;
  placeBox(place);
  popoverOpened(sourcesBox, null, closeSources);
}

// Below that place, or above it where there is more room; never beyond the window.
function placeBox({ top, bottom, left }) {
  sourcesBox.style.maxHeight = "none";
  const frame = sourcesBox.offsetParent.getBoundingClientRect();
  const [above, below] = [top - 2 * MARGIN, windowFloor() - bottom - 2 * MARGIN];
  const isBelow = sourcesBox.offsetHeight <= below || below >= above;
  sourcesBox.style.maxHeight = `${Math.max(isBelow ? below : above, 0)}px`;
  const y = isBelow ? bottom + MARGIN : top - MARGIN - sourcesBox.offsetHeight;
  sourcesBox.style.top = `${y - frame.top}px`;
  sourcesBox.style.left = `${Math.max(0, Math.min(left - frame.left, frame.width - sourcesBox.offsetWidth))}px`;
}

// Marks that touch are one place to look at.
function markedPlaces() {
  const found = [];
  for (const { start, end } of poem.marks) {
    if (found.length && found.at(-1).end >= start) found.at(-1).end = end;
    else found.push({ start, end });
  }
  return found;
}

function showSourcesOf({ start, end }, place) {
  showSources(part("overlap"), toCharacters(poem.text, start), toCharacters(poem.text, end), place);
}

/** Gives the marks their buttons, once the table has their sources. */
export function showMarkButtons() {
  const buttons = markedPlaces().slice(0, MAX_STOPS).map((marked) => {
    const text = poem.text.slice(marked.start, marked.end).replace(/\s+/g, " ");
    const button = create("button", { type: "button", ariaLabel: texts.sourcesOf.replace("{text}", () => text) });
    button.dataset.do = "sources";
    Object.assign(button.dataset, marked);
    return button;
  });
  part("marks").replaceChildren(...buttons);
}

const markedBy = ({ dataset }) => ({ start: Number(dataset.start), end: Number(dataset.end) });

part("marks").addEventListener("focusin", ({ target }) => {
  const { start, end } = markedBy(target);
  const [place, frame] = [rangeOf(start, end).getBoundingClientRect(), target.offsetParent.getBoundingClientRect()];
  Object.assign(target.style, {
    top: `${place.top - frame.top}px`,
    left: `${place.left - frame.left}px`,
    width: `${place.width}px`,
    height: `${place.height}px`,
  });
  target.scrollIntoView({ block: "nearest" });
});

actions.sources = (button) => {
  opener = button;
  showSourcesOf(markedBy(button), button.getBoundingClientRect());
};

actions["close-sources"] = () => {
  closeSources();
  opener?.focus({ preventScroll: true });
};

editor.addEventListener("click", ({ target }) => {
  const mark = target.closest("mark");
  if (!mark || sheet.classList.contains("writing")) return;
  const at = cursor();
  const marked = markedPlaces().find(({ start, end }) => start <= at && at <= end);
  opener = null;
  if (marked) showSourcesOf(marked, mark.getBoundingClientRect());
});
editor.addEventListener("beforeinput", closeSources);

// The example's marks can take the focus themselves.
example.addEventListener("click", ({ target }) => {
  const mark = target.closest("mark");
  const start = Number(mark?.dataset.start);
  opener = mark;
  if (mark) showSources(example, start, start + [...mark.textContent].length, mark.getBoundingClientRect());
});
example.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.key !== "Enter" || !event.target.matches("mark")) return;
  event.preventDefault();
  event.target.click();
});
