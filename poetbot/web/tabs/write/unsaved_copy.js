// A copy of what is on the page and not yet in the store, in this browser: a poem that is being written, and what the
// server hasn't answered yet. A page that is reloaded, or opened after a crash, takes it up.

const COPY = "poetbot-unsaved-"; // of the storage's keys; each tab of the browser has its own
const ABANDONED = 60_000; // milliseconds after which the copy of another tab is taken, too
const SAME_TAB = "poetbot-tab";
const MAX_ASIDE = 20;

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
const aside = []; // those of poems that left the page before they were saved, the newest last

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

/** Keeps the newest copy, if it is to be saved, for when another poem's takes its place. */
export function setAside() {
  if (!kept?.request) return; // without, it is of a poem that is being written
  removeCopy(kept);
  kept.key = `${OWN}-${newId()}`;
  storeCopy(kept);
  aside.push(kept);
  if (aside.length > MAX_ASIDE) removeCopy(aside.shift());
  kept = null;
}

/** Whether a copy is the newest of a poem that left the page before it was saved. */
export const isAside = (copy) => aside.includes(copy);

/** Changes how a copy, or else the newest, is to be saved: by which request, and as an edit of which version. */
export function amendCopy(changes, copy = kept) {
  if (copy) storeCopy(Object.assign(copy, changes));
}

/** Drops a copy, unless a newer one has taken its place. */
export function dropCopy(copy = kept) {
  if (!copy || (copy.key === OWN && copy !== kept)) return;
  if (copy === kept) kept = null;
  if (isAside(copy)) aside.splice(aside.indexOf(copy), 1);
  removeCopy(copy);
}

function removeCopy({ key }) {
  try {
    localStorage.removeItem(key);
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
    const left = copies.filter(({ key, at }) => key.startsWith(OWN) || at < Date.now() - ABANDONED);
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
