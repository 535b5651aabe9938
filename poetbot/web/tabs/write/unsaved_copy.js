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

const tab = tabName();

export function keepCopy(copy) {
  try {
    localStorage.setItem(COPY + tab, JSON.stringify({ ...copy, at: Date.now() }));
  } catch {
    // there is no room
  }
}

export function dropCopy() {
  try {
    localStorage.removeItem(COPY + tab);
  } catch {
    // nothing is kept
  }
}

/** Return what this tab or one that is gone has left, the newest last, and remove it. */
export function takeCopies() {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(COPY));
    const copies = keys.map((key) => ({ key, ...JSON.parse(localStorage.getItem(key)) }));
    const left = copies.filter(({ key, at }) => key === COPY + tab || at < Date.now() - ABANDONED);
    for (const { key } of left) localStorage.removeItem(key);
    return left.sort((one, other) => one.at - other.at);
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
