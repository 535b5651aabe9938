// The switches of More settings that are the reader's, not a poem's. This browser remembers them.

import { byId, root, sheet } from "./page.js";

const STORED = "poetbot-switches";

/** By element id, whether each is on. */
const switches = { "skip-animation": false, "mark-mine": true, "line-sounds": false, ...stored() };

function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORED)) ?? {};
  } catch {
    return {}; // nothing is kept
  }
}

export const isOn = (name) => switches[name];

const listeners = new Map();

/** Calls `listener` when a switch is used. */
export function onSwitch(name, listener) {
  listeners.set(name, listener);
}

document.addEventListener("change", ({ target }) => {
  const name = Object.keys(switches).find((each) => byId(each)?.contains(target));
  if (!name) return;
  switches[name] = target.checked;
  try {
    localStorage.setItem(STORED, JSON.stringify(switches));
  } catch {
    // nothing is kept
  }
  listeners.get(name)?.();
});

// Gradio draws the boxes when More settings is opened first.
const drawn = new MutationObserver(() => {
  const boxes = Object.entries(switches).map(([name, on]) => [byId(name)?.querySelector("input"), on]);
  if (boxes.some(([box]) => !box)) return;
  drawn.disconnect();
  for (const [box, on] of boxes) box.checked = on;
});
drawn.observe(sheet, { childList: true, subtree: true });

const showMine = () => root.classList.toggle("unmarked", !isOn("mark-mine"));
onSwitch("mark-mine", showMine);
showMine();
