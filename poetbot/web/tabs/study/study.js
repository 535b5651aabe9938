// What happens on the Study tab. The answers are each an `Answer` of handlers.py.

import { IMMEDIATE, askFirst, keepHistories, partOf, poet, showChoices, showPart, showTextBox, tabs, tickPoet } from "./choices.js";
import { OTHER_TEXT, connect, study } from "./page.js";
import { ask, clear, finish, isBusy, save, showAnswer, showMessage, stop } from "./requests.js";

const OF_POET = ["words", "write", "shares", "growth", "surprise"]; // what a new choice of the poet clears

export default function (gradio) {
  connect(gradio);
  return update;
}

function update(answer) {
  if (answer.choices) showChoices(answer.choices);
  else if (answer.id !== undefined) showAnswer(answer);
  else {
    // an error that belongs to no request
    const place = [...study.querySelectorAll("[aria-busy=true]")].at(-1);
    if (!place) return;
    finish(place);
    showMessage(place, answer.error);
  }
}

study.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const place = button?.closest("[data-question]");
  if (button?.role === "tab") showPart(partOf(button));
  else if (button?.dataset.do === "stop") stop(place);
  else if (button?.dataset.do === "write") ask("write");
  else if (button?.dataset.save) save(button);
});

study.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // an input method is at work
  const at = tabs.indexOf(event.target.closest("[role=tab]"));
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (at >= 0 && to !== undefined) {
    event.preventDefault();
    showPart(partOf(tabs[(to + tabs.length) % tabs.length]), true);
  } else if (event.key === "Escape") {
    const place = [...study.querySelectorAll("section:not([hidden]) [aria-busy=true]")].at(-1);
    if (place && !place.querySelector(".working").hidden) stop(place);
  }
});

study.addEventListener("change", (event) => {
  const name = event.target.closest("[data-question]")?.dataset.question;
  if (event.target === poet) {
    OF_POET.forEach(clear);
    tickPoet();
    askFirst(true);
  } else if (event.target.name === "poem") {
    showTextBox(event.target);
    clear(name);
    if (event.target.value !== OTHER_TEXT) ask(name);
  } else if (IMMEDIATE.includes(name)) {
    if (event.target.name === "histories") keepHistories();
    ask(name);
  }
});

study.addEventListener("submit", (event) => {
  event.preventDefault();
  const place = event.target.closest("[data-question]");
  if (!isBusy(place)) ask(place.dataset.question);
});
