// Who keeps the poems. On one's own machine PoetBot does, in its data folder (`serverKeeper`); where it is served to
// others, the storage of their browser and nothing else (`browserKeeper`). Both answer the same questions alike.

const serverKeeper = (() => {
  const asks = (what) => (data) => ask("keep", { ...data, do: what });
  const all = ["save", "step", "open", "star", "title", "collect", "delete", "restore", "list", "file", "bring"];
  return Object.fromEntries(all.map((what) => [what, asks(what)]));
})();

const MOST_VERSIONS = 60; // of one poem in a browser
const KEPT_AS = "poetbot-poem-"; // and its number
const DELETED_FOR = 30 * 24 * 3600 * 1000; // milliseconds until a deleted poem is gone for good

const browserKeeper = (() => {
  const read = (id) => JSON.parse(localStorage.getItem(KEPT_AS + id));
  const folded = (text) => text.normalize("NFC").toLowerCase();
  const nameOf = (poem) => poem.title || standing(poem).text.split("\n").map((line) => line.trim()).find(Boolean) || "";
  const standing = (poem) => poem.versions[poem.current];

  // A full storage gives up old versions of this poem first; then there is no room, and the page is told.
  const write = (poem) => {
    for (;;) {
      try {
        localStorage.setItem(KEPT_AS + poem.id, JSON.stringify(poem));
        return { poem: told(poem) };
      } catch {
        if (poem.current === 0) return { error: texts.storageFull, failed: true };
        poem.versions.shift();
        poem.current -= 1;
      }
    }
  };

  const told = (poem) => {
    const { id, current, title, starred, lines, collections, versions } = poem;
    const can = { canUndo: current > 0, canRedo: current < versions.length - 1 };
    return { id, title, name: nameOf(poem), starred, lines, collections, ...can, ...standing(poem) };
  };

  const everyone = () =>
    Object.keys(localStorage)
      .filter((key) => key.startsWith(KEPT_AS))
      .map((key) => JSON.parse(localStorage.getItem(key)))
      .filter((poem) => poem.deleted === undefined || drop(poem))
      .sort((one, other) => other.changed - one.changed);

  const drop = (poem) => {
    if (poem.deleted < Date.now() - DELETED_FOR) localStorage.removeItem(KEPT_AS + poem.id);
    return false;
  };

  const fresh = (versions, more = {}) => {
    const blank = { title: "", starred: false, lines: [], collections: [] };
    const id = `${Date.now()}-${Math.floor(Math.random() * 1e6)}`;
    versions.forEach((each, at) => (each.version = at));
    return { id, changed: Date.now(), ...blank, ...more, versions, current: versions.length - 1, last: versions.length };
  };

  const changed = (id, change) => {
    const poem = read(id);
    if (!poem) return { error: texts.noneFound };
    change(poem);
    return write(poem);
  };

  const found = ({ search = "", starred = false, collection = "" }) => {
    const wanted = folded(search).split(/\s+/).filter(Boolean);
    return everyone().filter((poem) => {
      const text = folded(`${poem.title}\n${standing(poem).text}`);
      const stars = poem.starred || poem.lines.length > 0;
      const inside = !collection || poem.collections.includes(collection);
      return nameOf(poem) && wanted.every((word) => text.includes(word)) && (stars || !starred) && inside;
    });
  };

  const exported = (poems) => {
    const rows = poems.map((poem) => ({ ...poem, ...standing(poem), versions: undefined }));
    return JSON.stringify({ poetbot_poems: 1, poems: rows });
  };

  return {
    async save({ id, version, join, text, written, receipt, poet }) {
      const now = { text, written, receipt, poet };
      const poem = id === null ? null : read(id);
      if (!poem) {
        return write(fresh(written.length ? [now] : [{ text: "", written: [], receipt: null, poet }, now]));
      }
      if (standing(poem).version !== version) return { clash: true };
      poem.versions.length = poem.current + 1;
      if (join && poem.current > 0) poem.versions[poem.current] = { ...now, version };
      else poem.versions.push({ ...now, version: poem.last++ });
      poem.versions.splice(0, Math.max(0, poem.versions.length - MOST_VERSIONS));
      poem.current = poem.versions.length - 1;
      poem.changed = Date.now();
      return write(poem);
    },
    async step({ id, way }) {
      return changed(id, (poem) => {
        const to = poem.current + (way === "undo" ? -1 : 1);
        if (poem.versions[to]) poem.current = to;
      });
    },
    open: async ({ id }) => changed(id, () => {}),
    star: async ({ id, on, line }) =>
      changed(id, (poem) => {
        if (line === undefined) poem.starred = on;
        else poem.lines = [...poem.lines.filter((each) => each !== line.trim()), ...(on ? [line.trim()] : [])];
      }),
    title: async ({ id, title }) => changed(id, (poem) => (poem.title = title.trim().slice(0, 200))),
    collect: async ({ id, names }) => changed(id, (poem) => (poem.collections = [...new Set(names)].sort())),
    delete: async ({ id }) => changed(id, (poem) => (poem.deleted = Date.now())),
    restore: async ({ id }) => changed(id, (poem) => delete poem.deleted),
    async list(asked) {
      const poems = found(asked);
      const row = (poem) => ({ id: poem.id, name: nameOf(poem), starred: poem.starred });
      const lines = everyone().flatMap((poem) => poem.lines.map((text) => ({ text, poem: poem.id })));
      return {
        poems: poems.slice(0, LISTED).map(row),
        more: poems.length > LISTED,
        lines: asked.starred ? lines.slice(0, LISTED) : [],
        collections: [...new Set(everyone().flatMap((poem) => poem.collections))].sort(),
      };
    },
    file: async ({ id, format, dark, ...asked }) =>
      ask("keep", { do: "file", format, dark, rows: exported(id === undefined ? found(asked) : [read(id)]) }),
    async bring({ text }) {
      const answer = await ask("keep", { do: "read", text });
      if (answer.error) return answer;
      for (const { text, written = [], receipt = null, poet = "", ...more } of answer.rows) {
        const { title = "", starred = false, lines = [], collections = [] } = more;
        const kept = write(fresh([{ text, written, receipt, poet }], { title, starred, lines, collections }));
        if (kept.error) return kept;
      }
      return { status: answer.status };
    },
  };
})();

const LISTED = 100; // poems that the list shows at once
const keeper = texts.keeper === "browser" ? browserKeeper : serverKeeper;
