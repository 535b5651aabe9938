// The page of the Study tab: its parts, the requests of each, and the cards of points and characters, by pointer and by
// keyboard. Gradio runs this once; `props.value` is an `Answer` of handlers.py, whose HTML the server has escaped.

const study = element.querySelector(".st");
const tabs = [...study.querySelectorAll("[role=tab]")];
const poet = study.querySelector("select[name=poet]");
const question = (name) => study.querySelector(`[data-question="${name}"]`);
const FIRST = { words: "words", sound: "marks", curves: "curves", surprise: "surprise" }; // what a part asks by itself
const IMMEDIATE = ["words", "curves"]; // asked again after every choice; the others wait for a button or a poem
const OF_POET = ["words", "write", "shares", "growth", "surprise"]; // what a new choice of the poet clears
const PATIENCE = 400; // milliseconds before the progress is shown
const OTHER_TEXT = "other";

let count = 0; // of requests
const last = {}; // the last request of each kind
let current = "words";
let opened = false;

// Requests and answers

function formData(name) {
  const form = question(name).querySelector("form");
  const data = Object.fromEntries(new FormData(form));
  data.histories = [...form.querySelectorAll("[name=histories]:checked")].map((box) => box.value);
  return data;
}

function ask(name) {
  const place = question(name);
  const request = { ...formData(name), poet: poet.value, dark: document.querySelector(".dark") !== null, id: ++count };
  last[name] = request;
  place.setAttribute("aria-busy", "true");
  place.querySelector(".message").replaceChildren();
  setTimeout(() => last[name] === request && isBusy(place) && showProgress(place, study.dataset.working), PATIENCE);
  trigger(name, request);
}

const isBusy = (place) => place.getAttribute("aria-busy") === "true";

function showProgress(place, text, share) {
  const line = place.querySelector(".working");
  line.hidden = false;
  line.querySelector("span").textContent = text;
  if (share === undefined) line.querySelector("progress").removeAttribute("value");
  else line.querySelector("progress").value = share;
}

function finish(place) {
  const line = place.querySelector(".working");
  const hadFocus = line.contains(document.activeElement);
  place.setAttribute("aria-busy", "false");
  line.hidden = true;
  if (hadFocus) place.querySelector("button[type=submit], [data-do]")?.focus({ preventScroll: true });
}

function stop(place) {
  delete last[place.dataset.question]; // an answer that still comes is ignored
  finish(place);
  showMessage(place, study.dataset.stopped);
  trigger("stop", {});
}

const showMessage = (place, text) => place.querySelector(".message").replaceChildren(make("p", text));

function clear(name) {
  const place = question(name);
  delete last[name];
  finish(place);
  place.querySelector(".result").replaceChildren();
  place.querySelector(".message").replaceChildren();
}

function showAnswer(answer) {
  const place = question(answer.part);
  if (!place || !last[answer.part] || answer.id !== last[answer.part].id) return;
  if (answer.working) return showProgress(place, answer.working, answer.share);
  finish(place);
  const result = place.querySelector(".result");
  if (result.contains(document.activeElement)) result.focus({ preventScroll: true });
  result.innerHTML = answer.html ?? "";
  if (answer.error) return showMessage(place, answer.error);
  if (answer.is_chinese !== undefined) place.querySelector("[name=unit]").closest("label").hidden = !answer.is_chinese;
  if (answer.points) explore(result.querySelector(".points"), answer.points, pointCard, nearestPoint, markPoint);
  if (answer.units) explore(result.querySelector(".units"), answer.units, unitCard, unitUnder, markUnit);
  if (answer.part === "shares") delete last.words; // the clouds include the poems that were written for the shares
  if (answer.then) ask(answer.then);
  const summary = result.querySelector(".said");
  if (summary) study.querySelector("[data-part=status]").textContent = summary.textContent;
}

function saveFile(answer) {
  const bytes = Uint8Array.from(atob(answer.file), (each) => each.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: answer.type }));
  link.download = answer.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

watch("value", () => {
  const answer = props.value;
  if (!answer) return;
  if (answer.part === "page") showChoices(answer.choices);
  else if (answer.part === "save") answer.file ? saveFile(answer) : showMessage(question(last.save), answer.error);
  else if (answer.part === "failed") {
    const place = [...study.querySelectorAll("[aria-busy=true]")].at(-1);
    if (place) finish(place), showMessage(place, answer.error);
  } else showAnswer(answer);
});

// What there is to choose from

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => Object.assign(make("option", text), { value })));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}

function showChoices(choices) {
  const before = opened ? poet.value : choices.poet;
  fill(poet, choices.poets.map((name) => [name, name]), choices.poets.includes(before) ? before : choices.poet);
  for (const select of study.querySelectorAll("select[name=poem]")) {
    const wasOther = opened && select.value === OTHER_TEXT;
    const newest = choices.poems[0]?.[0] ?? OTHER_TEXT;
    const chosen = wasOther && select.form.text.value.trim() ? OTHER_TEXT : opened && !wasOther ? select.value : newest;
    fill(select, [...choices.poems, [OTHER_TEXT, study.dataset.other]], chosen);
    showTextBox(select);
  }
  const histories = study.querySelector("[data-part=histories]");
  const ticked = [...histories.querySelectorAll(":checked")].map((box) => box.value);
  const boxes = choices.histories.map(([value, name, isChosen]) => {
    const box = Object.assign(make("input"), { type: "checkbox", name: "histories", value });
    box.checked = opened ? ticked.includes(value) : isChosen;
    const label = make("label");
    label.append(box, name);
    return label;
  });
  const heading = choices.compared ? [make("p", choices.compared)] : [];
  histories.replaceChildren(histories.querySelector("legend"), ...heading, ...boxes);
  if (!opened) study.querySelector("[name=figure]").value = choices.figure;
  opened = true;
  askFirst(true);
}

const showTextBox = (select) => (select.form.querySelector("label.text").hidden = select.value !== OTHER_TEXT);

// A poem of this session is analysed without a button, once; the clouds include what was written since they were drawn.
function askFirst(again) {
  const name = FIRST[current];
  if (!name || (last[name] && !(again && IMMEDIATE.includes(name)))) return;
  const poem = question(name).querySelector("[name=poem]");
  if (!poem || poem.value !== OTHER_TEXT) ask(name);
}

// Parts

function showPart(name, focus) {
  current = name;
  for (const tab of tabs) {
    const isChosen = tab.id === `st-tab-${name}`;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    study.querySelector(`#${tab.getAttribute("aria-controls")}`).hidden = !isChosen;
    if (isChosen && focus) tab.focus();
  }
  study.querySelector(".who").hidden = name === "curves";
  if (opened) askFirst();
}

const partOf = (tab) => tab.id.replace("st-tab-", "");

study.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const place = button?.closest("[data-question]");
  if (button?.role === "tab") showPart(partOf(button));
  else if (button?.dataset.do === "stop") stop(place);
  else if (button?.dataset.do === "write") ask("write");
  else if (button?.dataset.save) {
    last.save = place.dataset.question;
    trigger("save", { ...last[last.save], of: last.save, kind: button.dataset.save, id: ++count });
  }
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
    askFirst(true);
  } else if (event.target.name === "poem") {
    showTextBox(event.target);
    clear(name);
    if (event.target.value !== OTHER_TEXT) ask(name);
  } else if (IMMEDIATE.includes(name)) ask(name);
});

study.addEventListener("submit", (event) => {
  event.preventDefault();
  const place = event.target.closest("[data-question]");
  if (!isBusy(place)) ask(place.dataset.question);
});

// Points and characters: one of them is chosen, and a card says what it is

function explore(place, items, cardOf, under, mark) {
  let chosen = -1;
  const choose = (k) => {
    if (k === undefined || k < 0 || k >= items.length || k === chosen) return;
    chosen = k;
    mark(place, items[k], k);
    place.closest(".looked").querySelector(".card").replaceChildren(...cardOf(items[k]));
  };
  const nextLine = (step) => {
    // the next curve, or the next line of the poem
    const line = items[chosen]?.line;
    let k = chosen + step;
    while (k >= 0 && k < items.length && items[k].line === line) k += step;
    return k;
  };
  for (const kind of ["pointermove", "pointerdown"]) {
    place.addEventListener(kind, (event) => choose(under(place, items, event)));
  }
  place.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const targets = {
      ArrowRight: () => chosen + 1,
      ArrowLeft: () => chosen - 1,
      ArrowDown: () => nextLine(1),
      ArrowUp: () => nextLine(-1),
      Home: () => 0,
      End: () => items.length - 1,
    };
    if (!targets[event.key]) return;
    event.preventDefault();
    choose(Math.min(Math.max(targets[event.key](), 0), items.length - 1));
  });
}

function make(tag, text = "", kind = "") {
  const node = document.createElement(tag);
  node.textContent = text;
  if (kind) node.className = kind;
  return node;
}

function nearestPoint(place, points, event) {
  const svg = place.querySelector("svg");
  const box = svg.getBoundingClientRect();
  const scale = svg.viewBox.baseVal.width / box.width;
  const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  const distances = points.map((point) => Math.hypot(point.x - x, point.y - y));
  return distances.indexOf(Math.min(...distances));
}

function markPoint(place, point) {
  const ring = place.querySelector(".ring");
  ring.setAttribute("cx", point.x);
  ring.setAttribute("cy", point.y);
}

function pointCard(point) {
  const figures = make("dl");
  for (const [name, value] of point.figures) figures.append(make("dt", name), make("dd", value));
  const card = [make("h3", point.head), figures, make("p", point.under, "under")];
  return point.sample ? [...card, make("p", point.sample, "written")] : card;
}

function unitUnder(place, units, event) {
  const unit = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-k]");
  return unit ? Number(unit.dataset.k) : undefined;
}

function markUnit(place, unit, k) {
  place.querySelector(".chosen")?.classList.remove("chosen");
  place.querySelector(`[data-k="${k}"]`).classList.add("chosen");
}

function unitCard(unit) {
  const best = make("ol");
  for (const [text, share, probability] of unit.best) {
    const row = make("li");
    const bar = make("span", "", "measure");
    bar.style.width = `${100 * probability}%`;
    row.append(make("b", text), make("span", share, "share"), bar);
    best.append(row);
  }
  return [make("h3", unit.unit), make("p", unit.figures), make("p", study.dataset.expected, "under"), best];
}
