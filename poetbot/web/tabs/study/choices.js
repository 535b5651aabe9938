// What there is to choose from, and the parts of the tab.

import { onAddress, setAddress } from "../../components/address.js";
import { OPEN_POEM, OTHER_TEXT, make, openPoem, openTitle, question, study } from "./page.js";
import { ask, clear, last } from "./requests.js";

const FIRST = { words: "words", sound: "marks", curves: "curves", surprise: "surprise" }; // what a part asks by itself
export const IMMEDIATE = ["words", "curves"]; // asked again after every choice; the others wait for a button or a poem

export const tabs = [...study.querySelectorAll("[role=tab]")];
export const poet = study.querySelector("select[name=poet]");
export const partOf = (tab) => tab.id.replace("st-tab-", "");
let current = "words";
let hasChosen = false; // a part; until then, an open poem is shown, or else the words of the poet
let opened = false;

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => Object.assign(make("option", text), { value })));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}

// The poem on the Write tab comes first, in place of the same poem as the poet wrote it.
function withOpenPoem(poems) {
  const [first] = openPoem().split("\n");
  if (!first) return poems;
  const others = poems.filter(([, line]) => line !== first);
  return [[OPEN_POEM, study.dataset.open.replace("{line}", () => openTitle() || first)], ...others];
}

export function showChoices(choices) {
  const before = opened ? poet.value : choices.poet;
  fill(poet, choices.poets.map((name) => [name, name]), choices.poets.includes(before) ? before : choices.poet);
  const poems = withOpenPoem(choices.poems);
  for (const select of study.querySelectorAll("select[name=poem]")) {
    const isOther = select.value === OTHER_TEXT;
    const newest = poems[0]?.[0] ?? OTHER_TEXT;
    // Text that was typed before the choices came stays, too.
    const keeps = isOther ? select.form.text.value.trim() : opened;
    const chosen = keeps ? select.value : newest;
    fill(select, [...poems, [OTHER_TEXT, study.dataset.other]], chosen);
    showTextBox(select);
    const { question: name } = select.closest("[data-question]").dataset;
    if (select.value === OPEN_POEM && last[name] && last[name].text !== openPoem()) clear(name);
  }
  const histories = study.querySelector("[data-part=histories]");
  const ticked = [...histories.querySelectorAll(":checked")].map((box) => box.value);
  const tickBox = ([value, name, isChosen]) => {
    const box = Object.assign(make("input"), { type: "checkbox", name: "histories", value });
    box.checked = opened ? ticked.includes(value) : isChosen;
    const label = make("label");
    label.append(box, name);
    return label;
  };
  const experiment = choices.compared.length ? [make("p", histories.dataset.experiment), ...choices.compared.map(tickBox)] : [];
  histories.replaceChildren(histories.querySelector("legend"), ...choices.histories.map(tickBox), ...experiment);
  if (!hasChosen && openPoem() && study.offsetParent) switchTo("sound", true);
  opened = true;
  askFirst(true);
}

// Until other curves are chosen, they are those of the poet in use.
let choseHistories = false;
export const keepHistories = () => (choseHistories = true);
export function tickPoet() {
  const boxes = [...study.querySelectorAll("[name=histories]")];
  if (choseHistories || !boxes.some((box) => box.value === `poet:${poet.value}`)) return;
  for (const box of boxes) box.checked = box.value === `poet:${poet.value}`;
  clear("curves");
}

export const showTextBox = (select) => (select.form.querySelector("label.text").hidden = select.value !== OTHER_TEXT);

// A poem of this session is analysed without a button, once; the clouds include what was written since they were drawn.
export function askFirst(again) {
  const name = FIRST[current];
  if (!name || (last[name] && !(again && IMMEDIATE.includes(name)))) return;
  const poem = question(name).querySelector("[name=poem]");
  if (!poem || poem.value !== OTHER_TEXT) ask(name);
}

export function showPart(name, focus) {
  hasChosen = true;
  switchTo(name, false);
  if (focus) tabs.find((tab) => partOf(tab) === name).focus();
  if (opened) askFirst();
}

/** Show a part; with `instead`, Back doesn't lead to the one that was shown. */
function switchTo(name, instead) {
  current = name;
  setAddress("study", name, instead);
  for (const tab of tabs) {
    const isChosen = tab.id === `st-tab-${name}`;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    study.querySelector(`#${tab.getAttribute("aria-controls")}`).hidden = !isChosen;
  }
  // One poem sounds the same to every poet, so on Sound the choice of a poet is beside what it changes.
  const choice = study.querySelector(".poet-choice");
  if (name === "sound") study.querySelector("[data-part=poet-of-shares]").append(choice);
  else study.querySelector(".parts").after(choice);
  choice.hidden = name === "curves";
}

// Opened with `#study/sound`, or gone back to.
onAddress("study", (name) => tabs.some((tab) => partOf(tab) === (name || "words")) && showPart(name || "words"));
