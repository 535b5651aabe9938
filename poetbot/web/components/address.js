// The address of what is shown, in the fragment: #write, #study/sound, #poem/ID. It never leaves this machine.
//
// A step to another place is a step of the browser's history, so Back and Forward lead there, and bookmarks do.

const listeners = {}; // what follows the address of a place, by the place's name
const RENAMED = { shelf: "poets" }; // places in old bookmarks, by the name they had
const last = {}; // the rest of a place's address when it was last shown
let following = false; // what an address leads to is being shown

export function currentAddress() {
  const [name, ...rest] = location.hash.slice(1).split("/");
  const place = Object.hasOwn(RENAMED, name) ? RENAMED[name] : name || "write";
  try {
    return { place, rest: decodeURIComponent(rest.join("/")) };
  } catch {
    return { place, rest: "" }; // a damaged address
  }
}

/** Show where one is. With `instead` the step can't be taken back. */
export function setAddress(place, rest = last[place] ?? "", instead = false) {
  last[place] = rest;
  const now = currentAddress();
  if (following || (now.place === place && now.rest === rest)) return;
  const fragment = rest ? `#${place}/${encodeURIComponent(rest)}` : `#${place}`;
  history[instead ? "replaceState" : "pushState"](null, "", location.pathname + location.search + fragment);
}

/** Call `follow(rest)` when somebody comes to an address of this place, also if the page was opened with it. */
export function onAddress(place, follow) {
  listeners[place] = follow;
  const now = currentAddress();
  if (now.place === place && now.rest) followAddress();
}

function followAddress() {
  const now = currentAddress();
  last[now.place] = now.rest;
  following = true;
  try {
    listeners[now.place]?.(now.rest);
  } finally {
    following = false;
  }
}

addEventListener("popstate", followAddress);
