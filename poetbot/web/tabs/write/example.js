// A first visit shows a short poem as an example, over the empty page. It is nobody's poem, so it is never saved.

import { actions, editor, part, root, texts } from "./page.js";
import { ask } from "./messages.js";
import { currentAddress } from "../../components/address.js";
import { isBusy } from "./write.js";
import { poem } from "./poem.js";

const VISITED = "poetbot-visited";
const exampleBox = part("example");

let hasBegun = false;

function isFirstVisit() {
  try {
    return localStorage.getItem(VISITED) === null;
  } catch {
    return true; // the browser keeps nothing
  }
}

export async function showExample() {
  const isUnwanted = () => hasBegun || poem.text || isBusy() || document.activeElement === editor;
  if (!texts.example || !isFirstVisit() || currentAddress().rest || isUnwanted()) return;
  const { example_html: html } = await ask("example", {});
  if (!html || isUnwanted()) return;
  exampleBox.innerHTML = html;
  exampleBox.style.top = `${editor.offsetTop}px`;
  exampleBox.hidden = false;
  root.classList.add("with-example");
}

function leaveExample() {
  hasBegun = true;
  exampleBox.hidden = true;
  root.classList.remove("with-example");
  try {
    localStorage.setItem(VISITED, "yes");
  } catch {
    // nothing is kept
  }
}

for (const kind of ["input", "click"]) {
  document.addEventListener(kind, ({ target }) => {
    const isLook = target.closest(".example-poem mark, .sources");
    if (!hasBegun && !isLook && target.closest("#seed, #page, #go")) leaveExample();
  });
}

actions.begin = () => editor.focus();
