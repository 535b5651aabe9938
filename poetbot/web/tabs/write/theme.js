// What the poem is about, and the words to avoid. They belong to its settings (settings.js).

import { actions, part } from "./page.js";

const themeFields = { about: part("about"), avoid: part("avoid") };

export function themeRequest() {
  return { about: themeFields.about.value.trim(), avoid: themeFields.avoid.value.trim() };
}

/** Sets the fields; those that are not given are cleared. */
export function setTheme({ about = "", avoid = "" }) {
  themeFields.about.value = about;
  themeFields.avoid.value = avoid;
  showAvoid(avoid !== "");
}

function showAvoid(shown) {
  part("avoid-row").hidden = !shown;
  part("avoid-button").hidden = shown;
}

actions.avoid = () => {
  showAvoid(true);
  themeFields.avoid.focus();
};
