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
export const skipsAnimation = () => reducedMotion.matches || byId("skip-animation")?.querySelector("input")?.checked;
export const scrolling = () => (reducedMotion.matches ? "auto" : "smooth");

export function create(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// For screen readers.
export function announce(text) {
  part("status").textContent = text;
}

export function notify(...sentences) {
  part("notices").replaceChildren(...sentences.map((sentence) => create("p", { textContent: sentence })));
}
