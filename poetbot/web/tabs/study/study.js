// The page of the Study tab: its parts, what is asked in each, and looking at points and letters by pointer and by
// keyboard. Gradio runs this once; `props.value` is what handlers.py says. HTML enters only as the server has
// escaped it, all else as text.

const st = element.querySelector(".st");
const tabs = [...st.querySelectorAll("[role=tab]")];
const poet = st.querySelector("select[name=poet]");
const asking = (name) => st.querySelector(`[data-ask="${name}"]`);
const say = (text) => (st.querySelector("[data-part=status]").textContent = text);
const QUESTIONS = ["words", "write", "marks", "shares", "curves", "growth", "surprise", "keep", "stop"];
const FIRST = { words: "words", sound: "marks", curves: "curves", surprise: "surprise" }; // what a part is asked by itself
const AT_ONCE = ["words", "curves"]; // asked anew with every choice; the others wait for a button, or a poem that is there
const PATIENCE = 400; // milliseconds before a person is told that it takes a while

let count = 0; // of questions
const last = {}; // the number of the last question of each kind, and what it asked
let current = "words";
let opened = false;

// Questions and answers

function chosenIn(name) {
  const form = asking(name).querySelector("form");
  const data = Object.fromEntries(new FormData(form));
  data.histories = [...form.querySelectorAll("[name=histories]:checked")].map((each) => each.value);
  return data;
}

function ask(name) {
  const place = asking(name);
  // What the clouds are drawn of is what the poems are written for.
  const data = { ...chosenIn(name), poet: poet.value, dark: document.querySelector(".dark") !== null, for: ++count };
  last[name] = data;
  place.setAttribute("aria-busy", "true");
  place.querySelector(".sentence").replaceChildren();
  setTimeout(() => last[name] === data && busy(place) && working(place, st.dataset.working), PATIENCE);
  trigger(name, data);
}

const busy = (place) => place.getAttribute("aria-busy") === "true";

function working(place, text, share) {
  const line = place.querySelector(".working");
  line.hidden = false;
  line.querySelector("span").textContent = text;
  if (share === undefined) line.querySelector("progress").removeAttribute("value");
  else line.querySelector("progress").value = share;
}

function done(place) {
  const hadFocus = place.querySelector(".working").contains(document.activeElement);
  place.setAttribute("aria-busy", "false");
  place.querySelector(".working").hidden = true;
  if (hadFocus) place.querySelector("button[type=submit], [data-do]")?.focus({ preventScroll: true });
}

function stop(place) {
  delete last[place.dataset.ask]; // what still comes of it is not shown
  done(place);
  sentence(place, st.dataset.stopped);
  trigger("stop", {});
}

function sentence(place, text) {
  const said = document.createElement("p");
  said.innerHTML = text; // escaped by the server
  place.querySelector(".sentence").replaceChildren(said);
}

function clear(name) {
  delete last[name];
  done(asking(name));
  asking(name).querySelector(".found").replaceChildren();
  asking(name).querySelector(".sentence").replaceChildren();
}

function answer(value) {
  const place = asking(value.part);
  if (!place || !last[value.part] || value.for !== last[value.part].for) return;
  if (value.working) return working(place, value.working, value.share);
  done(place);
  const found = place.querySelector(".found");
  if (found.contains(document.activeElement)) found.focus({ preventScroll: true });
  if (value.error) {
    found.replaceChildren();
    return sentence(place, value.error);
  }
  found.innerHTML = value.html;
  if (value.chinese !== undefined) place.querySelector("[name=unit]").closest("label").hidden = !value.chinese;
  if (value.points) look(found.querySelector(".points"), value.points, pointCard, nearestPoint, ring);
  if (value.units) look(found.querySelector(".units"), value.units, unitCard, unitUnder, pick);
  if (value.part === "shares") delete last.words; // the poems that were written for it belong into the clouds
  if (value.then) ask(value.then);
  const told = found.querySelector(".said");
  if (told) say(told.textContent);
}

function handOver(value) {
  const bytes = Uint8Array.from(atob(value.file), (each) => each.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: value.type }));
  link.download = value.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

watch("value", () => {
  const value = props.value;
  if (!value) return;
  if (value.part === "page") offer(value);
  else if (value.part === "keep") value.file ? handOver(value) : sentence(asking(last.keep), value.error);
  else if (value.part === "broken") {
    const place = [...st.querySelectorAll("[aria-busy=true]")].at(-1);
    if (place) {
      done(place);
      sentence(place, value.error);
    }
  } else answer(value);
});

// What there is to choose from

function options(select, choices, chosen) {
  select.replaceChildren(
    ...choices.map(([value, text]) => {
      const option = document.createElement("option");
      option.value = value;
      option.textContent = text;
      return option;
    }),
  );
  if (choices.some(([value]) => value === chosen)) select.value = chosen;
}

function offer(value) {
  const before = opened ? poet.value : value.chosen;
  options(poet, value.poets.map((name) => [name, name]), value.poets.includes(before) ? before : value.chosen);
  const poems = value.poems.map((each) => [each.id, each.name]);
  for (const select of st.querySelectorAll("select[name=poem]")) {
    const kept = opened && select.value !== "own" ? select.value : poems[0]?.[0];
    const own = opened && select.value === "own" && select.form.text.value.trim();
    options(select, [...poems, ["own", st.dataset.own]], own ? "own" : kept ?? "own");
    textBox(select);
  }
  const histories = st.querySelector("[data-part=histories]");
  const ticked = new Set([...histories.querySelectorAll(":checked")].map((each) => each.value));
  const legend = histories.querySelector("legend");
  histories.replaceChildren(
    legend,
    ...value.histories.map((each) => {
      const label = document.createElement("label");
      const box = document.createElement("input");
      Object.assign(box, { type: "checkbox", name: "histories", value: each.id });
      box.checked = opened ? ticked.has(each.id) : each.chosen;
      label.append(box, each.name);
      return label;
    }),
  );
  if (value.compared) legend.after(made("p", value.compared));
  if (!opened) st.querySelector("[name=figure]").value = value.figure;
  opened = true;
  atOnce(true);
}

function textBox(select) {
  select.form.querySelector("label.text").hidden = select.value !== "own";
}

// A poem of this session is looked at without a button, once; what was written since then is part of the clouds.
function atOnce(again) {
  const name = FIRST[current];
  if (!name || (last[name] && !(again && AT_ONCE.includes(name)))) return;
  const poem = asking(name).querySelector("[name=poem]");
  if (!poem || poem.value !== "own") ask(name);
}

// Parts

function part(name, focus) {
  current = name;
  for (const tab of tabs) {
    const chosen = tab.id === `st-tab-${name}`;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    st.querySelector(`#${tab.getAttribute("aria-controls")}`).hidden = !chosen;
    if (chosen && focus) tab.focus();
  }
  st.querySelector(".who").hidden = name === "curves";
  if (opened) atOnce();
}

st.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  const button = event.target.closest("button");
  if (tab) part(tab.id.replace("st-tab-", ""));
  else if (button?.dataset.do === "stop") stop(button.closest("[data-ask]"));
  else if (button?.dataset.do === "write") ask("write");
  else if (button?.dataset.keep) {
    const of = button.closest("[data-ask]").dataset.ask;
    const data = { ...last[of], of, kind: button.dataset.keep, for: ++count };
    last.keep = of;
    trigger("keep", data);
  }
});

st.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // an input method is at work
  const at = tabs.indexOf(event.target.closest("[role=tab]"));
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (at >= 0 && to !== undefined) {
    event.preventDefault();
    part(tabs[(to + tabs.length) % tabs.length].id.replace("st-tab-", ""), true);
  } else if (event.key === "Escape") {
    const place = [...st.querySelectorAll("section:not([hidden]) [aria-busy=true]")].at(-1);
    if (place && !place.querySelector(".working").hidden) stop(place);
  }
});

st.addEventListener("change", (event) => {
  const name = event.target.closest("[data-ask]")?.dataset.ask;
  if (event.target === poet) {
    for (const each of ["words", "write", "shares", "growth", "surprise"]) clear(each);
    atOnce(true);
  } else if (event.target.name === "poem") {
    textBox(event.target);
    clear(name);
    if (event.target.value !== "own") ask(name);
  } else if (AT_ONCE.includes(name)) ask(name);
});

st.addEventListener("submit", (event) => {
  event.preventDefault();
  const name = event.target.closest("[data-ask]").dataset.ask;
  if (!busy(asking(name))) ask(name);
});

// Looking at points and letters: one of them is chosen, and a card says what it is

function look(place, things, card, under, mark) {
  let chosen = -1;
  const choose = (k) => {
    if (k === undefined || k < 0 || k >= things.length || k === chosen) return;
    chosen = k;
    mark(place, things[k], k);
    place.closest(".looked").querySelector(".card").replaceChildren(...card(things[k]));
  };
  place.addEventListener("pointermove", (event) => choose(under(place, things, event)));
  place.addEventListener("pointerdown", (event) => choose(under(place, things, event)));
  place.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const line = things[chosen]?.line;
    const next = (step) => {
      // up and down go to the next line of the graph, or of the poem
      let k = chosen + step;
      while (k >= 0 && k < things.length && things[k].line === line) k += step;
      return k;
    };
    const to = {
      ArrowRight: chosen + 1,
      ArrowLeft: chosen - 1,
      ArrowDown: next(1),
      ArrowUp: next(-1),
      Home: 0,
      End: things.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(Math.min(Math.max(to, 0), things.length - 1));
  });
}

function made(tag, text, kind = "") {
  const it = document.createElement(tag);
  it.textContent = text;
  if (kind) it.className = kind;
  return it;
}

function nearestPoint(place, points, event) {
  const box = place.querySelector("svg").getBoundingClientRect();
  const scale = place.querySelector("svg").viewBox.baseVal.width / box.width;
  const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  const far = points.map((point) => Math.hypot(point.x - x, point.y - y));
  return far.indexOf(Math.min(...far));
}

function ring(place, point) {
  const it = place.querySelector(".ring");
  it.setAttribute("cx", point.x);
  it.setAttribute("cy", point.y);
}

function pointCard(point) {
  const figures = document.createElement("dl");
  for (const [name, value] of point.figures) figures.append(made("dt", name), made("dd", value));
  const parts = [made("h3", point.head), figures, made("p", point.under, "under")];
  return point.sample ? [...parts, made("p", point.sample, "written")] : parts;
}

function unitUnder(place, units, event) {
  const it = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-k]");
  return it ? Number(it.dataset.k) : undefined;
}

function pick(place, unit, k) {
  place.querySelector(".chosen")?.classList.remove("chosen");
  place.querySelector(`[data-k="${k}"]`).classList.add("chosen");
}

function unitCard(unit) {
  const best = document.createElement("ol");
  for (const [text, share, probability] of unit.best) {
    const row = document.createElement("li");
    const measure = made("span", "", "measure");
    measure.style.width = `${100 * probability}%`;
    row.append(made("b", text), made("span", share, "share"), measure);
    best.append(row);
  }
  return [made("h3", unit.unit), made("p", unit.figures), made("p", st.dataset.expected, "under"), best];
}
