// The elements of the page, its texts, and what it says. What a person or a poet wrote enters the page as text; as HTML
// enters only what the server's templates have escaped.

export const root = document.querySelector("#page .poem-page");
export const sheet = root.closest("#sheet");
export let trigger; // sends an event to the server
export const connect = (gradio) => (trigger = gradio.trigger);
export const texts = root.dataset;
export const actions = {}; // what the buttons do, by their data-do
export const byId = (id) => document.getElementById(id);
export const part = (name) => root.querySelector(`[data-part="${name}"]`);
export const editor = part("poem");
export const below = part("after");

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
export const prefersReducedMotion = () => reducedMotion.matches;
export const scrolling = () => (reducedMotion.matches ? "auto" : "smooth");

// Where the window ends for what scrolls: on a phone, the controls or the bar lie over its lower end, above a keyboard.
export function windowFloor() {
  const floor = Math.min(innerHeight, visualViewport ? visualViewport.offsetTop + visualViewport.height : innerHeight);
  const over = [byId("controls"), part("bar")].filter((each) => getComputedStyle(each).position === "fixed");
  return floor - Math.max(0, ...over.map((each) => each.offsetHeight));
}

export function create(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// For screen readers.
export function announce(text) {
  part("status").textContent = text;
}

const NOTICE_STAYS = 12_000; // milliseconds
let noticeTimer = 0;

export function notify(...sentences) {
  showNotice(...sentences.map((sentence) => create("p", { textContent: sentence })));
}

// A notice goes by itself, but not from under the pointer or the keyboard focus.
export function showNotice(...nodes) {
  const notices = part("notices");
  clearTimeout(noticeTimer);
  notices.replaceChildren(...nodes);
  const leave = () => {
    if (notices.matches(":hover, :focus-within")) noticeTimer = setTimeout(leave, NOTICE_STAYS);
    else notices.replaceChildren();
  };
  if (nodes.length) noticeTimer = setTimeout(leave, NOTICE_STAYS);
}

/** Says what was done, with a button that takes it back. */
export function notifyWithUndo(sentence, undo, label = texts.undo) {
  const takeBack = () => {
    notify();
    undo();
  };
  showNotice(sentence, " ", create("button", { type: "button", textContent: label, onclick: takeBack }));
}

// Popovers: one is open at a time, and Esc or a click elsewhere closes it. `close` hides it; its opener is left alone.

let popover = null;

export function popoverOpened(element, opener, close) {
  if (popover?.element !== element) closePopover();
  popover = { element, opener, close };
}

export function popoverClosed(element) {
  if (popover?.element === element) popover = null;
}

/** Closes what is open, and says whether anything was. */
export function closePopover() {
  const open = popover;
  popover = null;
  open?.close();
  return open !== null;
}

document.addEventListener("pointerdown", ({ target }) => {
  if (popover && !popover.element.contains(target) && !popover.opener?.contains(target)) closePopover();
});
