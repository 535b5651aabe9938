// The list of saved poems: its filters, several poems selected together, and the same list in every window.

import { actions, create, notifyWithUndo, part, root, scrolling, texts } from "./page.js";
import { clearDeleted, downloadFrom, openSaved } from "./saved_poems.js";
import { enqueue, saved, showError } from "./history.js";
import { onOtherWindow, openingOf, store } from "./store.js";
import { poem } from "./poem.js";
import { showExample } from "./example.js";

const SNIPPET = 48; // characters; it wraps, so that it is whole at any size of text
const OTHER_WINDOW = 500; // milliseconds after another window has changed something

const filter = { search: "", starred: false, collection: "", untouched: false };
const selected = new Set(); // ids
let listed = []; // what the list shows
let listTimer = 0;
let isStale = false; // another window has changed something while this one was hidden
let isSelecting = false;

export function listSoon(pause = 150) {
  clearTimeout(listTimer);
  listTimer = setTimeout(() => enqueue(showList), pause);
}

/** Brings the list up to date with the poem on the page. */
export function listSaved() {
  const known = listed.find((each) => each.id === saved.id);
  const isUpToDate = known === listed[0] && ["name", "starred", "touched"].every((name) => known?.[name] === saved[name]);
  const isLeft = saved.id === null && !filter.untouched && !isFiltered() && listed.some(({ touched }) => !touched);
  if (isLeft || (saved.id !== null && !isUpToDate)) listSoon();
  else if (known && known.opening !== openingOf(poem.text)) {
    Object.assign(known, { opening: openingOf(poem.text), changed: Date.now() });
    drawPoems();
  }
  markCurrent();
}

export async function showList() {
  isStale = false;
  const { id: current } = saved;
  const answer = await store.list({ ...filter, id: current });
  if (answer.error) return showError(answer.error);
  listed = answer.poems;
  for (const id of selected) if (!listed.some((each) => each.id === id)) selected.delete(id);
  drawPoems();
  const starred = answer.lines.map(({ text, poem }) => create("li", {}, poemButton(poem, text)));
  const heading = create("h3", { textContent: texts.starredLines });
  part("starred-lines").replaceChildren(...(starred.length ? [heading, orderedList(starred)] : []));
  part("more-poems").hidden = !answer.more;
  showCollections(answer.collections);
  showUntouched(answer.untouched - (filter.untouched ? 0 : listed.filter(({ touched }) => !touched).length));
  part("find").hidden = !isFiltered() && !listed.length && !answer.untouched;
  part("files").hidden = false;
  part("all-files").hidden = !listed.length;
  if (!listed.length && !isFiltered() && !answer.untouched) showExample();
  if (saved.id !== current) listSaved(); // another poem came onto the page meanwhile
}

const isFiltered = () => filter.search || filter.starred || filter.collection;

function drawPoems() {
  const none = create("p", { className: "none", textContent: isFiltered() ? texts.noneFound : texts.noPoems });
  part("poems").replaceChildren(listed.length ? orderedList(listed.map(poemItem)) : none);
  markCurrent();
  showSelection();
}

function poemItem({ id, name, opening, starred, changed, touched }) {
  const title = create("span", { className: "name", textContent: `${starred ? "★ " : ""}${name || texts.untitled}` });
  const twins = listed.filter((each) => each.id !== id && each.name === name);
  const textContent = dateOf(changed, twins.length > 0);
  const date = create("time", { dateTime: new Date(changed).toISOString(), textContent });
  const rest = [opening, opening.slice(opening.split("\n")[0].length)].find((text) => !text.startsWith(name)) ?? "";
  const snippet = ownLines(rest, twins).join(" / ");
  const further = [!touched && texts.unedited, shortened(snippet)].filter(Boolean).map((each) => ` · ${each}`);
  const details = create("span", { className: "details" }, date, ...further);
  const item = create("li", { className: touched ? "" : "untouched" });
  if (isSelecting) {
    const box = create("input", { type: "checkbox", checked: selected.has(id), ariaLabel: name || texts.untitled });
    box.addEventListener("change", () => selectPoem(id, box.checked));
    item.append(box);
  }
  item.append(poemButton(id, title, details));
  return item;
}

const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

// The lines from the first one that no poem with the same name has, or all of them.
function ownLines(text, twins) {
  const [own, others] = [linesOf(text), new Set(twins.flatMap(({ opening }) => linesOf(opening)))];
  const first = own.findIndex((line) => !others.has(line));
  return first > 0 ? [`… ${own[first]}`, ...own.slice(first + 1)] : own;
}

function shortened(text) {
  const characters = [...text];
  return characters.length > SNIPPET ? `${characters.slice(0, SNIPPET).join("").replace(/\s+\S*$/, "")}…` : text;
}

function poemButton(id, ...content) {
  const button = create("button", { type: "button" }, ...content);
  button.dataset.poem = JSON.stringify(id);
  return button;
}

const orderedList = (items) => create("ol", { className: "poems" }, ...items);

// The time of a poem of today, else the day, with the year if it is another one, and perhaps with the time.
function dateOf(changed, withTime) {
  const [then, now] = [new Date(changed), new Date()];
  const language = root.closest("[lang]")?.lang || undefined;
  const time = { hour: "numeric", minute: "2-digit" };
  if (then.toDateString() === now.toDateString()) return then.toLocaleTimeString(language, time);
  const year = then.getFullYear() === now.getFullYear() ? {} : { year: "numeric" };
  return then.toLocaleString(language, { day: "numeric", month: "short", ...year, ...(withTime ? time : {}) });
}

function markCurrent() {
  for (const button of part("poems").querySelectorAll("button")) {
    const isCurrent = saved.id !== null && button.dataset.poem === JSON.stringify(saved.id);
    if (isCurrent) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

function showCollections(names) {
  const box = part("collection");
  box.replaceChildren(...["", ...names].map((name) => new Option(name || texts.allPoems, name)));
  box.value = names.includes(filter.collection) ? filter.collection : "";
  box.hidden = !names.length;
}

// Poems that nobody has edited or starred are only in the list while they are on the page; a search finds them.
function showUntouched(count) {
  const button = part("untouched");
  button.hidden = !count || Boolean(isFiltered());
  button.ariaPressed = String(filter.untouched);
  button.textContent = filter.untouched ? texts.hideUntouched : texts.showUntouched.replace("{n}", count);
}

part("search").addEventListener("input", (event) => {
  filter.search = event.target.value;
  listSoon();
});

part("collection").addEventListener("change", (event) => {
  filter.collection = event.target.value;
  listSoon();
});

// Several poems together

function selectPoem(id, on) {
  if (on) selected.add(id);
  else selected.delete(id);
  showSelection();
}

function showSelection() {
  root.querySelector("[data-do=select]").ariaPressed = String(isSelecting);
  part("selection").hidden = !isSelecting;
  part("selected").textContent = texts.selected.replace("{n}", selected.size);
  for (const button of part("selection").querySelectorAll("[data-several]")) button.disabled = !selected.size;
}

// While poems are selected, a click on one selects it.
part("poems").addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("button");
    if (!isSelecting || !button) return;
    event.stopPropagation();
    button.parentNode.querySelector("input").click();
  },
  true,
);

/** Says what was done to poems: "one" with its name, "more" with the number of the others. */
function sentenceAbout(ids, one, more) {
  const name = listed.find(({ id }) => id === ids[0])?.name || texts.untitled;
  return (ids.length > 1 ? more : one).replace("{name}", () => name).replace("{n}", ids.length - 1);
}

function changeSelected(change, undo, one, more) {
  const ids = listed.map(({ id }) => id).filter((id) => selected.has(id));
  return enqueue(async () => {
    const answer = await change(ids);
    if (answer.error) return showError(answer.error);
    const { changed } = answer;
    const sentence = sentenceAbout(changed.length ? changed : ids, one, more);
    stopSelecting();
    notifyWithUndo(sentence, async () => {
      await enqueue(() => undo(changed));
      listSoon(0);
    });
    await showList();
  });
}

function stopSelecting() {
  isSelecting = false;
  selected.clear();
  drawPoems();
}

// Other windows

onOtherWindow(() => {
  if (document.hidden) isStale = true;
  else listSoon(OTHER_WINDOW);
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && isStale) listSoon(0);
});

Object.assign(actions, {
  "to-saved": () => {
    const heading = part("saved-poems");
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ behavior: scrolling() });
  },
  "starred-only": (button) => {
    filter.starred = !filter.starred;
    button.ariaPressed = String(filter.starred);
    listSoon();
  },
  untouched: () => {
    filter.untouched = !filter.untouched;
    listSoon(0);
  },
  select: () => {
    isSelecting = !isSelecting;
    if (isSelecting) drawPoems();
    else stopSelecting();
  },
  "select-all": () => {
    const isAll = listed.every(({ id }) => selected.has(id));
    for (const { id } of listed) selectPoem(id, !isAll);
    drawPoems();
  },
  "star-selected": () =>
    changeSelected(
      (ids) => store.star_all({ ids, on: true }),
      (ids) => store.star_all({ ids, on: false }),
      texts.starred,
      texts.starredMore,
    ),
  "delete-selected": () => {
    const current = selected.has(saved.id) ? saved.id : null;
    return changeSelected(
      async (ids) => {
        const answer = await store.delete({ ids });
        if (!answer.error && current !== null) clearDeleted(current);
        return answer;
      },
      async (ids) => {
        await store.restore({ ids });
        if (current !== null) setTimeout(() => openSaved(current));
      },
      texts.deleted,
      texts.deletedMore,
    );
  },
  "selected-files": (button) => {
    const ids = [...selected];
    return downloadFrom(() => ({ ids, format: button.dataset.format }));
  },
  "all-files": (button) => downloadFrom(() => ({ ...filter, format: button.dataset.format })),
});
