// The Study tab's page, and making elements. Texts enter as text, and HTML only as the server has escaped it.

export const study = document.querySelector("#st-page .st");
export let trigger; // sends an event to the server
export const connect = (gradio) => (trigger = gradio.trigger);
export const question = (name) => study.querySelector(`[data-question="${name}"]`);
export const OTHER_TEXT = "other"; // the choice that stands for the text box
export const OPEN_POEM = "open"; // the choice that stands for the poem on the page of the Write tab

export function openPoem() {
  const lines = [...document.querySelectorAll('#page [data-part="poem"] .line')];
  return lines.map(({ textContent }) => textContent).join("\n").trim();
}

export const openTitle = () => document.querySelector('#page [data-part="title"]')?.value.trim() ?? "";

export function make(tag, text = "", kind = "") {
  const node = document.createElement(tag);
  node.textContent = text;
  if (kind) node.className = kind;
  return node;
}
