// The head of the page: each tab has an address, the switch of the language keeps it, and the look can be chosen.

import { currentAddress, setAddress } from "./address.js";

const OF_WRITE = ["poem", "receipt"]; // places on the Write tab

const SIGNS = { system: "◐", light: "○", dark: "●" };

export default function ({ element }) {
  const look = element.querySelector(".look");
  showLook(look);
  addEventListener("storage", () => showLook(look));
  look.addEventListener("click", () => {
    chooseLook(nextLook());
    showLook(look);
  });
  element.addEventListener("click", (event) => {
    const link = event.target.closest(".languages a");
    if (link) link.hash = location.hash;
  });
  findTabs(followTabs);
  return () => {};
}

// components/look.js reads the choice when the page begins.
const KEY = "poetbot-look";

function chosenLook() {
  try {
    return localStorage.getItem(KEY) ?? "system";
  } catch {
    return "system";
  }
}

// The first press changes what one sees.
function nextLook() {
  const other = document.documentElement.dataset.system === "dark" ? "light" : "dark";
  const next = { system: other, [other]: other === "dark" ? "light" : "dark" };
  return next[chosenLook()] ?? "system";
}

function chooseLook(look) {
  try {
    if (look === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, look);
  } catch {
    return;
  }
  dispatchEvent(new Event(KEY));
}

function showLook(button) {
  const look = chosenLook();
  button.textContent = SIGNS[look];
  button.title = button.ariaLabel = button.dataset[look];
}

// Gradio may lay out the tabs after the head.
function findTabs(found) {
  const list = document.querySelector("#tabs [role=tablist]");
  if (list) found(list);
  else requestAnimationFrame(() => findTabs(found));
}

const nameOf = (tab) => tab.dataset.tabId.replace("-tab", "");

function followTabs(list) {
  const tabs = () => [...list.querySelectorAll("[role=tab]")];
  const selected = () => tabs().find((tab) => tab.ariaSelected === "true");
  const wanted = () => {
    const { place } = currentAddress();
    const name = OF_WRITE.includes(place) ? "write" : place;
    return tabs().find((tab) => nameOf(tab) === name);
  };
  const follow = () => {
    const tab = wanted();
    if (tab && tab !== selected()) tab.click();
  };
  const note = () => {
    const tab = selected();
    if (tab && tab !== wanted()) setAddress(nameOf(tab));
  };
  if (location.hash) follow();
  else note(); // somebody was faster than this script
  addEventListener("popstate", follow);
  new MutationObserver(note).observe(list, { subtree: true, attributes: true, attributeFilter: ["aria-selected"] });
}
