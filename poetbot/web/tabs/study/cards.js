// The cards of points and characters: one is chosen with the pointer or the arrow keys, and a card says what it is.

import { make, study } from "./page.js";

function explore(place, items, cardOf, under, mark) {
  let chosen = -1;
  const choose = (k) => {
    if (k === undefined || k < 0 || k >= items.length || k === chosen) return;
    chosen = k;
    mark(place, items[k], k);
    place.closest(".explorer").querySelector(".card").replaceChildren(...cardOf(items[k]));
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

export const explorePoints = (place, points) => explore(place, points, pointCard, nearestPoint, markPoint);
export const exploreUnits = (place, units) => explore(place, units, unitCard, unitUnder, markUnit);
