// Where poems are saved: on your own machine in PoetBot's data folder (`serverStore`); where PoetBot is served to others,
// in their browser's storage and nowhere else (`browserStore`). Both take the same questions and give the same answers.

import { ask } from "./messages.js";
import { texts } from "./page.js";

const MAX_VERSIONS = 60; // of a poem in a browser
const OPENING = 200; // characters of a poem that the list is told
const MAX_LISTED = 100; // poems that the list shows at once
const PREFIX = "poetbot-poem-"; // of the storage's keys
const DELETED_FOR = 30 * 24 * 3600 * 1000; // milliseconds until a deleted poem is gone for good

const CHANGES = ["save", "step", "star", "star_all", "title", "collect", "delete", "restore", "bring"];
const serverStore = Object.fromEntries(
  [...CHANGES, "open", "list", "file"].map((action) => [
    action,
    ({ id, ids, ...data }) => ask("keep", { ...data, poem: id, poems: ids, do: action }),
  ]),
);

const readStored = (id) => JSON.parse(localStorage.getItem(PREFIX + id));
const currentOf = (stored) => stored.versions[stored.current];
const fold = (text) => text.normalize("NFC").toLowerCase();

/** The beginning of a poem, for the list. */
export const openingOf = (text) => [...text.trim().slice(0, 2 * OPENING)].slice(0, OPENING).join("").trim();

function nameOf(stored) {
  const lines = currentOf(stored).text.split("\n").map((line) => line.trim());
  return stored.title || lines.find(Boolean) || "";
}

function answerWith(stored) {
  const { id, current, title, starred, lines, collections, versions, settings = null } = stored;
  const can = { canUndo: current > 0, canRedo: current < versions.length - 1 };
  const known = { id, title, name: nameOf(stored), starred, lines, collections, settings, touched: isTouched(stored) };
  return { poem: { ...known, ...can, ...currentOf(stored) } };
}

const isTouched = ({ touched, starred, lines }) => touched !== false || starred || lines.length > 0;

// A full storage drops old versions of this poem first.
function writeStored(stored) {
  for (;;) {
    try {
      localStorage.setItem(PREFIX + stored.id, JSON.stringify(stored));
      return answerWith(stored);
    } catch {
      if (stored.current === 0) return { error: texts.storageFull, failed: true };
      stored.versions.shift();
      stored.current -= 1;
    }
  }
}

function newPoem(versions, more = {}) {
  versions.forEach((version, number) => (version.version = number));
  return {
    id: `${Date.now()}-${Math.floor(Math.random() * 1e6)}`,
    changed: Date.now(),
    title: "",
    starred: false,
    lines: [],
    collections: [],
    ...more,
    versions,
    current: versions.length - 1,
    last: versions.length,
  };
}

const wholeText = (title, text) => (title ? `${title}\n\n` : "") + text.replace(/^\n+|\n+$/g, "");

function changeStored(id, edit) {
  const stored = readStored(id);
  if (!stored) return { error: texts.noneFound };
  edit(stored);
  return writeStored(stored);
}

// Changes poems, and returns the ids of those that were not so before.
function changeAll(ids, isSo, edit) {
  const changed = [];
  for (const id of ids) {
    const stored = readStored(id);
    if (!stored || isSo(stored)) continue;
    edit(stored);
    const answer = writeStored(stored);
    if (answer.error) return answer;
    changed.push(id);
  }
  return { changed };
}

function allPoems() {
  const poems = Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => JSON.parse(localStorage.getItem(key)));
  for (const { id, deleted } of poems) if (deleted < Date.now() - DELETED_FOR) localStorage.removeItem(PREFIX + id);
  return poems.filter(({ deleted }) => deleted === undefined).sort((one, other) => other.changed - one.changed);
}

function findStored({ search = "", starred = false, collection = "", untouched = false, id = null }) {
  const words = fold(search).split(/\s+/).filter(Boolean);
  return allPoems().filter((stored) => {
    const text = fold(`${stored.title}\n${currentOf(stored).text}`);
    return (
      nameOf(stored) &&
      words.every((word) => text.includes(word)) &&
      (untouched || words.length > 0 || isTouched(stored) || stored.id === id) &&
      (!starred || stored.starred || stored.lines.length > 0) &&
      (!collection || stored.collections.includes(collection))
    );
  });
}

const browserStore = {
  async save({ id, version, join, text, written, receipt, poet, settings, touched }) {
    const now = { text, written, receipt, poet };
    const stored = id === null ? null : readStored(id);
    if (!stored) {
      const blank = { text: "", written: [], receipt: null, poet };
      return writeStored(newPoem(written.length ? [now] : [blank, now], { settings, touched }));
    }
    if (currentOf(stored).version !== version) return { clash: true };
    stored.versions.length = stored.current + 1;
    if (join && stored.current > 0) stored.versions[stored.current] = { ...now, version };
    else stored.versions.push({ ...now, version: stored.last++ });
    stored.versions.splice(0, Math.max(0, stored.versions.length - MAX_VERSIONS));
    stored.current = stored.versions.length - 1;
    Object.assign(stored, { changed: Date.now(), touched: true, settings: settings ?? stored.settings });
    delete stored.deleted; // somebody works on it
    return writeStored(stored);
  },
  step: async ({ id, way }) =>
    changeStored(id, (stored) => {
      const to = stored.current + (way === "undo" ? -1 : 1);
      if (stored.versions[to]) stored.current = to;
    }),
  open: async ({ id }) => changeStored(id, () => {}),
  star: async ({ id, on, line }) =>
    changeStored(id, (stored) => {
      if (line === undefined) stored.starred = on;
      else stored.lines = [...stored.lines.filter((each) => each !== line.trim()), ...(on ? [line.trim()] : [])];
    }),
  title: async ({ id, title }) =>
    changeStored(id, (stored) => Object.assign(stored, { title: title.trim().slice(0, 200), touched: true })),
  collect: async ({ id, names }) =>
    changeStored(id, (stored) => Object.assign(stored, { collections: [...new Set(names)].sort(), touched: true })),
  star_all: async ({ ids, on }) => changeAll(ids, ({ starred }) => starred === on, (stored) => (stored.starred = on)),
  delete: async ({ ids }) => changeAll(ids, ({ deleted }) => deleted, (stored) => (stored.deleted = Date.now())),
  restore: async ({ ids }) => changeAll(ids, ({ deleted }) => !deleted, (stored) => delete stored.deleted),
  async list(filter) {
    const [poems, all] = [findStored(filter), allPoems()];
    const lines = all.flatMap((stored) => stored.lines.map((text) => ({ text, poem: stored.id })));
    return {
      poems: poems.slice(0, MAX_LISTED).map((stored) => {
        const { id, starred, changed } = stored;
        const opening = openingOf(currentOf(stored).text);
        return { id, name: nameOf(stored), opening, starred, changed, touched: isTouched(stored) };
      }),
      untouched: all.filter((stored) => !isTouched(stored)).length,
      more: poems.length > MAX_LISTED,
      lines: filter.starred ? lines.slice(0, MAX_LISTED) : [],
      collections: [...new Set(all.flatMap((stored) => stored.collections))].sort(),
    };
  },
  async file({ id, ids = id === undefined ? null : [id], format, dark, with_receipt, ...filter }) {
    const stored = ids ? ids.map(readStored) : findStored(filter);
    const poems = stored.map((each) => ({ ...each, ...currentOf(each), versions: undefined }));
    return ask("keep", { do: "file", format, dark, with_receipt, rows: JSON.stringify({ poetbot_poems: 1, poems }) });
  },
  // Poems that are saved already are left out; the others are listed in the order of the file.
  async bring({ text, name }) {
    const answer = await ask("keep", { do: "read", text, name });
    if (answer.error) return answer;
    const known = new Set(allPoems().map((stored) => wholeText(stored.title, currentOf(stored).text)));
    const added = [];
    for (const { text, written = [], receipt = null, poet = "", ...more } of answer.rows) {
      const { title = "", starred = false, lines = [], collections = [], settings = null } = more;
      if (known.has(wholeText(title, text))) continue;
      known.add(wholeText(title, text));
      const changed = Date.now() - added.length;
      const details = { title, starred, lines, collections, settings, changed };
      const kept = writeStored(newPoem([{ text, written, receipt, poet }], details));
      if (kept.error) return kept;
      added.push(kept.poem.id);
    }
    return { ...(await ask("keep", { do: "imported", added: added.length, of: answer.rows.length })), added };
  },
};

export const store = texts.store === "browser" ? browserStore : serverStore;

// Other windows are told of every change.
const windows = new BroadcastChannel("poetbot-poems");
for (const action of CHANGES) {
  const change = store[action];
  store[action] = async (data) => {
    const answer = await change(data);
    if (!answer.error) windows.postMessage(action);
    return answer;
  };
}

export const onOtherWindow = (listener) => windows.addEventListener("message", listener);
