// Requests and their answers: progress, a message, or a result below the form.

import { explorePoints, exploreUnits } from "./cards.js";
import { OPEN_POEM, OTHER_TEXT, make, openPoem, question, study, trigger } from "./page.js";

const PATIENCE = 400; // milliseconds before the progress is shown

let count = 0; // of requests
export const last = {}; // the last request of each kind

function formData(name) {
  const form = question(name).querySelector("form");
  const data = Object.fromEntries(new FormData(form));
  if (data.poem === OPEN_POEM) Object.assign(data, { poem: OTHER_TEXT, text: openPoem() });
  data.histories = [...form.querySelectorAll("[name=histories]:checked")].map((box) => box.value);
  return data;
}

export function ask(name) {
  const place = question(name);
  const request = { ...formData(name), poet: study.querySelector("select[name=poet]").value, dark: document.querySelector(".dark") !== null, id: ++count };
  last[name] = request;
  place.setAttribute("aria-busy", "true");
  place.querySelector(".message").replaceChildren();
  setTimeout(() => last[name] === request && isBusy(place) && showProgress(place, study.dataset.working), PATIENCE);
  trigger(name, request);
}

export const isBusy = (place) => place.getAttribute("aria-busy") === "true";

function showProgress(place, text, share) {
  const line = place.querySelector(".working");
  line.hidden = false;
  line.querySelector("span").textContent = text;
  if (share === undefined) line.querySelector("progress").removeAttribute("value");
  else line.querySelector("progress").value = share;
}

export function finish(place) {
  const line = place.querySelector(".working");
  const hadFocus = line.contains(document.activeElement);
  place.setAttribute("aria-busy", "false");
  line.hidden = true;
  if (hadFocus) place.querySelector("button[type=submit], [data-do]")?.focus({ preventScroll: true });
}

export function stop(place) {
  delete last[place.dataset.question]; // an answer that still comes is ignored
  finish(place);
  showMessage(place, study.dataset.stopped);
  trigger("stop", {});
}

export const showMessage = (place, text) => place.querySelector(".message").replaceChildren(make("p", text));

export function clear(name) {
  const place = question(name);
  delete last[name];
  finish(place);
  place.querySelector(".result").replaceChildren();
  place.querySelector(".message").replaceChildren();
}

export function showAnswer(answer) {
  const name = Object.keys(last).find((each) => last[each].id === answer.id);
  if (!name) return;
  if (name === "save") return answer.file ? saveFile(answer) : showMessage(question(last.save.of), answer.error);
  const place = question(name);
  if (answer.working) return showProgress(place, answer.working, answer.share);
  finish(place);
  const result = place.querySelector(".result");
  if (result.contains(document.activeElement)) result.focus({ preventScroll: true });
  result.innerHTML = answer.html ?? "";
  if (answer.error) return showMessage(place, answer.error);
  if (answer.is_chinese !== undefined) place.querySelector("[name=unit]").closest("label").hidden = !answer.is_chinese;
  if (answer.points) explorePoints(result.querySelector(".points"), answer.points);
  if (answer.units) exploreUnits(result.querySelector(".units"), answer.units);
  if (name === "shares") delete last.words; // the clouds include the poems that were written for the shares
  if (answer.then) ask(answer.then);
  const summary = result.querySelector(".summary");
  if (summary) study.querySelector("[data-part=status]").textContent = summary.textContent;
}

// Ask for what is shown as a file, with the request that it is the answer to.
export function save(button) {
  const of = button.closest("[data-question]").dataset.question;
  last.save = { of, kind: button.dataset.save, request: last[of], id: ++count };
  trigger("save", last.save);
}

function saveFile(answer) {
  const bytes = Uint8Array.from(atob(answer.file), (each) => each.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: answer.type }));
  link.download = answer.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
