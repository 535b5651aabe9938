// After every edit: the marks, what the poem has in common with the training poems, and how near it is to its form.

import { ask } from "./messages.js";
import { create, part, texts } from "./page.js";
import { editing, setMarks } from "./editor.js";
import { formRequest } from "./form.js";
import { marksFrom, poem, toCharacters, typedSpans } from "./poem.js";
import { isBusy, showWriteButton, writing } from "./write.js";
import { showMarkButtons } from "./sources.js";
import { lineRedrawn } from "./suggestions.js";
import { labelLines, showsSounds } from "./line_sounds.js";

const LEAST_PAUSE = 450; // milliseconds
const comparing = { timer: 0, now: false, again: false, pause: LEAST_PAUSE };

export function compareSoon(pause = comparing.pause) {
  clearTimeout(comparing.timer);
  comparing.timer = setTimeout(compare, pause);
}

async function compare() {
  if (comparing.now || editing.composing) {
    comparing.again = true;
    return;
  }
  if (poem.text.length > Number(texts.maxCompared)) {
    setMarks([]);
    labelLines(null);
    return showSentence(texts.tooLong);
  }
  comparing.now = true;
  const [{ text }, start] = [poem, performance.now()];
  const answer = await askComparison();
  comparing.now = false;
  if (!answer.error) writing.formLines = answer.lines || null;
  showWriteButton();
  comparing.pause = Math.max(LEAST_PAUSE, 2 * (performance.now() - start)); // a long poem is compared less often
  if (poem.text === text && !isBusy() && !answer.timedOut) {
    if (!editing.composing) {
      setMarks(marksFrom(text, answer.marks ?? []));
      labelLines(answer.sounds);
    }
    lineRedrawn();
    if (answer.error) showSentence(answer.error);
    else showOverlap(answer.overlap_html);
  } else comparing.again = true;
  if (comparing.again) compareSoon();
  comparing.again = false;
}

const askComparison = () =>
  ask("compare", { text: poem.text, typed: poem.spans.length ? typedSpans() : [[0, toCharacters(poem.text, poem.text.length)]], poet: poem.poet, form: formRequest(), sounds: showsSounds() });

/** Shows the syllables and rhymes of a poem that isn't edited, if they are switched on; or hides them. */
export async function showSounds() {
  labelLines(null);
  if (!showsSounds() || isBusy() || poem.text.length > Number(texts.maxCompared)) return;
  const { text } = poem;
  const answer = await askComparison();
  if (poem.text === text && !isBusy() && !editing.composing) labelLines(answer.sounds);
}

function showSentence(sentence) {
  part("overlap").replaceChildren(create("p", { className: "overlap", textContent: sentence }));
  showMarkButtons();
}

export function showOverlap(html) {
  const isOpen = part("overlap").querySelector("details")?.open;
  part("overlap").innerHTML = html;
  const table = part("overlap").querySelector("details");
  if (table && isOpen) table.open = true;
  showMarkButtons();
}
