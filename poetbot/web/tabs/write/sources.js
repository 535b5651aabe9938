// A click on a mark shows the phrase and its sources, which are those of the table below the poem.

import { create, editor, part, popoverClosed, popoverOpened } from "./page.js";
import { cursor } from "./editor.js";
import { poem, toCharacters } from "./poem.js";

const sourcesBox = part("sources");

function closeSources() {
  sourcesBox.hidden = true;
  popoverClosed(sourcesBox);
}

// The rows of the phrases that this place of the poem is part of, longest first.
function phrasesAt(place) {
  const rows = [...part("overlap").querySelectorAll("tr[data-start]")];
  return rows.filter(({ dataset }) => Number(dataset.start) <= place && place <= Number(dataset.end));
}

function showSources(mark) {
  const rows = phrasesAt(toCharacters(poem.text, cursor()));
  if (!rows.length) return;
  const contentsOf = (cell) => [...cell.cloneNode(true).childNodes];
  const items = rows.map(({ cells: [phrase, , , source] }) => [
    create("dt", {}, ...contentsOf(phrase)),
    create("dd", {}, ...contentsOf(source)),
  ]);
  sourcesBox.replaceChildren(create("dl", {}, ...items.flat()));
  sourcesBox.hidden = false;
  const [line, frame] = [mark.getBoundingClientRect(), sourcesBox.offsetParent.getBoundingClientRect()];
  sourcesBox.style.top = `${line.bottom + 6 - frame.top}px`;
  sourcesBox.style.left = `${Math.max(0, Math.min(line.left - frame.left, frame.width - sourcesBox.offsetWidth))}px`;
  popoverOpened(sourcesBox, null, closeSources);
}

editor.addEventListener("click", ({ target }) => {
  const mark = target.closest("mark");
  if (mark) showSources(mark);
});
editor.addEventListener("beforeinput", closeSources);
