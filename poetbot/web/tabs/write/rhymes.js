// Rhymes for a line end: the words that rhyme with the one at the cursor, or with any that is typed. A click suggests lines
// that end with it.

import { actions, announce, create, editor, part, popoverClosed, popoverOpened, root, texts } from "./page.js";
import { ask } from "./messages.js";
import { cursor, editing, select } from "./editor.js";
import { isBusy } from "./write.js";
import { hasKeyboard, isContinuing, placeOfNextLine, suggestEndingIn } from "./suggestions.js";
import { lineEnd, lineStart, poem } from "./poem.js";
import { themeRequest } from "./theme.js";

const rhymePanel = part("rhymes");
const rhymeWord = part("rhyme-word");
const rhymesButton = root.querySelector("[data-do=rhymes]");
const TYPING_PAUSE = 400; // milliseconds
const rhymeSearch = { number: 0, timer: 0 };

const LETTERS = "[\\p{L}\\p{M}'’-]+";
const [wordBefore, wordAfter, lastWord] = [`${LETTERS}$`, `^${LETTERS}`, `${LETTERS}(?=[^\\p{L}]*$)`].map((each) => new RegExp(each, "u"));

// The word that the cursor touches, else the last one before the line that would be suggested.
function wordAtCursor() {
  const { text } = poem;
  const at = cursor();
  const [start, end] = [lineStart(at), lineEnd(at)];
  const [before, after] = [text.slice(start, at).match(wordBefore), text.slice(at, end).match(wordAfter)];
  const lines = text.slice(0, at === end && /\s$/.test(text.slice(start, end)) ? start : end).trimEnd();
  const word = `${before ?? ""}${after ?? ""}` || `${lines.match(lastWord) ?? ""}`;
  return /\p{Script=Han}/u.test(word) ? [...`${before ?? word}`].at(-1) : word;
}

async function findRhymes() {
  const number = (rhymeSearch.number += 1);
  const word = rhymeWord.value.trim();
  part("rhyme-groups").replaceChildren();
  showRhymeStatus(word ? texts.findingRhymes : "");
  if (!word) return;
  const answer = await ask("rhymes", { word, before: placeOfNextLine(), theme: themeRequest() });
  if (number !== rhymeSearch.number || rhymePanel.hidden) return;
  showRhymeStatus(answer.error ?? answer.status);
  const groups = [[texts.perfectRhymes, answer.perfect], [texts.nearRhymes, answer.near]].filter(([, words]) => words?.length);
  part("rhyme-groups").replaceChildren(...groups.flatMap(([label, words]) => rhymeGroup(label, words)));
}

function rhymeGroup(label, words) {
  const items = words.map((word) => {
    const button = create("button", { type: "button", textContent: word });
    Object.assign(button.dataset, { do: "end-in", word });
    return create("li", {}, button);
  });
  return [create("h3", { textContent: label }), create("ul", { ariaLabel: label }, ...items)];
}

function showRhymeStatus(sentence) {
  part("rhymes-status").textContent = sentence;
  announce(sentence);
}

function openRhymes() {
  if (isBusy() || isContinuing()) return;
  popoverOpened(rhymePanel, rhymesButton, closeRhymes);
  rhymePanel.hidden = false;
  rhymesButton.ariaExpanded = "true";
  rhymeWord.value = wordAtCursor();
  if (hasKeyboard.matches || !rhymeWord.value) rhymeWord.focus({ preventScroll: true });
  findRhymes();
}

function closeRhymes() {
  const hadFocus = rhymePanel.contains(document.activeElement);
  rhymePanel.hidden = true;
  rhymesButton.ariaExpanded = "false";
  rhymeSearch.number += 1;
  popoverClosed(rhymePanel);
  if (hadFocus) backToPoem();
}

function backToPoem() {
  editor.focus({ preventScroll: true });
  select(Math.min(editing.cursor, poem.text.length));
}

rhymeWord.addEventListener("input", () => {
  clearTimeout(rhymeSearch.timer);
  rhymeSearch.timer = setTimeout(findRhymes, TYPING_PAUSE);
});

Object.assign(actions, {
  rhymes: () => (rhymePanel.hidden ? openRhymes() : closeRhymes()),
  "end-in": ({ dataset }) => {
    const word = dataset.word ?? rhymeWord.value.trim();
    if (!word) return rhymeWord.focus();
    closeRhymes();
    suggestEndingIn(word);
  },
});
