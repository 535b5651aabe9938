// The syllables and the rhyme letter of each line, beside it. They are attributes that the style shows, and no part of the
// text. A line that is edited gets a new element, so its label is gone until the next answer.

import { isOn } from "./switches.js";
import { lines } from "./editor.js";

export const showsSounds = () => isOn("line-sounds");

/** Labels the lines, if that is still switched on. @param {?({ syllables: number, letter: string } | null)[]} sounds */
export function labelLines(sounds) {
  const found = showsSounds() && sounds ? sounds : [];
  lines.forEach((line, number) => {
    const label = found[number] ? `${found[number].syllables} ${found[number].letter}`.trim() : undefined;
    if (line.dataset.sounds === label) return;
    if (label) line.dataset.sounds = label;
    else delete line.dataset.sounds;
  });
}
