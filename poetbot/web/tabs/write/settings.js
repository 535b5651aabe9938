// The settings of the poem on the page: its first words, what the controls are set to, its form and theme. They are saved with
// the poem and come back with it. A new poem keeps them, except first words and theme; a first visit has the defaults.

import { ask } from "./messages.js";
import { formRequest, hasForm, setForm } from "./form.js";
import { keepSettings, keptSettings } from "./unsaved_copy.js";
import { notify, part, root } from "./page.js";
import { poem } from "./poem.js";
import { saved } from "./history.js";
import { setTheme, themeRequest } from "./theme.js";
import { writing } from "./write.js";

let coming = null; // the settings that the controls will soon have
let last = 0; // the number of the poem that was shown last
let asking = 0; // questions that are not answered yet
let leftWords = ""; // the first words of an empty page that was left for a saved poem

const controlsKnown = new Promise((resolve) => root.addEventListener("controls", resolve, { once: true }));

/** The settings that the poem on the page is written with; null if they are not known yet. */
export function settingsNow() {
  if (coming) return coming.settings;
  return root.controls ? { ...root.controls, seed: firstWords(), form: formRequest(), theme: themeRequest() } : null;
}

const firstWordsField = () => document.querySelector("#seed textarea");
export const firstWords = () => firstWordsField()?.value ?? "";

/** Sets the first words; Gradio's text box is told of them as if they were typed. */
export function setFirstWords(words) {
  const field = firstWordsField();
  if (!field || field.value === words) return;
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * Sets everything as a poem was written: what this browser has left of it, or what was saved with it, or else what its
 * receipt tells. Without all of these the page has the defaults.
 */
export async function showSettings({ id = null, settings = null, receipt = null, poet = "", given = "" } = {}, left = keptSettings(id)) {
  const [number, mine, wanted] = [++last, saved, left ?? settings];
  coming = null;
  if (!root.controls) await controlsKnown;
  if (number !== last) return; // another poem was opened
  setFirstWords(wanted?.seed ?? given);
  writing.wordsAtEdit = firstWords();
  setForm(wanted?.form ?? {});
  setTheme(wanted?.theme ?? {});
  const target = wanted ?? (receipt || poet ? null : root.defaults);
  if (target && isSet(target) && !asking) return;
  coming = { settings: target && { form: formRequest(), theme: themeRequest(), ...target, seed: firstWords() } };
  asking += 1;
  const answer = await ask("settings", { settings: wanted, receipt: wanted ? null : receipt, poet });
  asking -= 1;
  if (number !== last) return;
  coming = null;
  if (answer.error) return notify(answer.error);
  if (mine !== saved) return;
  if (!target) {
    setForm(answer.form);
    setTheme(answer.theme);
  }
  if (answer.notice) notify(answer.notice);
}

const isSet = (settings) =>
  Object.entries(root.controls).every(([name, value]) => name === "seed" || settings[name] === value);

const OF_ONE_POEM = ["seed", "theme", "rng"]; // the random seed changes with each poem that is written

/** Whether the page is set to anything but the defaults, apart from first words, theme and random seed. */
export const differsFromDefaults = () =>
  hasForm() || Object.entries(root.defaults).some(([name, value]) => !OF_ONE_POEM.includes(name) && settingsNow()[name] !== value);

/** Sets everything but first words and theme to the defaults. */
export function useDefaults() {
  showSettings({}, { ...root.defaults, seed: firstWords(), theme: themeRequest() });
}

/** Remembers the first words of an empty page, which have no saved poem, until the next new poem. */
export function leaveFirstWords() {
  if (saved.id === null && !poem.text.trim()) leftWords = firstWords();
}

/** Clears theme and first words for a new poem, or restores those that were left; other settings stay. */
export function clearForNewPoem() {
  const settings = settingsNow();
  showSettings({}, settings && { ...settings, seed: leftWords, theme: {} });
  leftWords = "";
  rememberSettings();
}

/** Remembers, for a reload, what the page is set to. */
export function rememberSettings() {
  const settings = settingsNow();
  if (settings) keepSettings(saved.id, settings);
}

root.addEventListener("controls", rememberSettings);
for (const name of ["form", "theme"]) part(name).addEventListener("input", rememberSettings);
document.addEventListener("input", ({ target }) => target.closest("#seed") && rememberSettings(), true);
