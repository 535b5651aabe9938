// A copy of what is on the page and not yet in the store, in this browser: a poem that is being written, and what the
// server hasn't answered yet. A page that is reloaded, or opened after a crash, takes it up.

const COPY = "poetbot-unsaved-"; // of the storage's keys; each tab of the browser has its own
const ABANDONED = 60_000; // milliseconds after which the copy of another tab is taken, too
const SAME_TAB = "poetbot-tab";

/** A random id. (`crypto.randomUUID` needs https.) */
export const newId = () => crypto.getRandomValues(new Uint32Array(3)).join("-");

function tabName() {
  try {
    const name = sessionStorage.getItem(SAME_TAB) ?? newId();
    sessionStorage.setItem(SAME_TAB, name); // outlasts a reload
    return name;
  } catch {
    return null; // the browser keeps nothing
  }
}

const OWN = COPY + tabName();
let kept = null; // the newest copy of this tab

function storeCopy(copy) {
  try {
    localStorage.setItem(copy.key, JSON.stringify({ ...copy, at: Date.now() }));
  } catch {
    // there is no room
  }
}

/** Keeps a copy in place of this tab's last one, and returns it. */
export function keepCopy(copy) {
  kept = { ...copy, key: OWN };
  storeCopy(kept);
  return kept;
}

/** Changes how the newest copy is to be saved: by which request, and as an edit of which version. */
export function amendCopy(changes) {
  if (kept) storeCopy(Object.assign(kept, changes));
}

/** Drops a copy, unless a newer one has taken its place. */
export function dropCopy(copy = kept) {
  if (!copy || (copy.key === OWN && copy !== kept)) return;
  if (copy === kept) kept = null;
  try {
    localStorage.removeItem(copy.key);
  } catch {
    // nothing is kept
  }
}

/**
 * Returns the copies that tabs which are gone have left, the newest last, and then the one that this tab had left. The last
 * of all is this tab's from now on. They stay stored until they are dropped.
 */
export function takeCopies() {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(COPY));
    const copies = keys.map((key) => ({ ...JSON.parse(localStorage.getItem(key)), key }));
    const left = copies.filter(({ key, at }) => key === OWN || at < Date.now() - ABANDONED);
    left.sort((one, other) => (one.key === OWN) - (other.key === OWN) || one.at - other.at);
    for (const copy of left) {
      if (copy === left.at(-1) && copy.key !== OWN) {
        localStorage.removeItem(copy.key);
        copy.key = OWN;
      }
      copy.request ??= newId();
      storeCopy(copy); // so that no other tab takes it meanwhile
    }
    return left;
  } catch {
    return [];
  }
}

const SETTINGS = "poetbot-settings"; // of the page that was changed last

export function keepSettings(poem, settings) {
  try {
    localStorage.setItem(SETTINGS, JSON.stringify({ poem, settings }));
  } catch {
    // nothing is kept
  }
}

/** Return the settings of the page with this poem (null: without a saved one), if it was the last; else null. */
export function keptSettings(poem) {
  try {
    const kept = JSON.parse(localStorage.getItem(SETTINGS));
    return kept?.poem === poem ? kept.settings : null;
  } catch {
    return null;
  }
}

const LAST = "poetbot-last-poem";

/** Remember which poem this browser showed last; null after New page. */
export function rememberPoem(id) {
  try {
    if (id === null) localStorage.removeItem(LAST);
    else localStorage.setItem(LAST, JSON.stringify(id));
  } catch {
    // nothing is kept
  }
}

export function lastPoem() {
  try {
    return JSON.parse(localStorage.getItem(LAST));
  } catch {
    return null;
  }
}
