// Changes what an element holds into new HTML, in place: nodes that stay keep their focus, their caret and what is typed
// in them. Elements with a data-key are found again by it. Elements with data-own were added by a script and stay.

const keyOf = (node) => node.dataset?.key;
const isOwn = (node) => node.dataset?.own !== undefined;

export function morph(element, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  morphChildren(element, template.content);
}

function morphChildren(old, wanted) {
  const keys = new Set([...wanted.children].map(keyOf));
  for (const child of [...old.children]) if (keyOf(child) && !keys.has(keyOf(child))) child.remove();
  const kept = new Set();
  let next = old.firstChild; // the first node that may have a counterpart yet
  const pass = (isOver) => {
    while (next && isOver(next)) {
      const passed = next;
      next = next.nextSibling;
      if (!isOwn(passed)) passed.remove();
    }
  };
  for (const node of [...wanted.childNodes]) {
    const key = keyOf(node);
    const match = key && [...old.children].find((child) => keyOf(child) === key && !kept.has(child));
    // What moves loses its focus, so nodes go that stand before it instead.
    if (match) pass((each) => isOwn(each) || !keyOf(each));
    else pass(isOwn);
    const counterpart = match || next;
    if (counterpart && counterpart.nodeName === node.nodeName && keyOf(counterpart) === key) {
      kept.add(counterpart);
      if (counterpart === next) next = next.nextSibling;
      else old.insertBefore(counterpart, next);
      update(counterpart, node);
    } else old.insertBefore(node, next);
  }
  pass(() => true);
}

function update(old, wanted) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== wanted.nodeValue) old.nodeValue = wanted.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) if (!wanted.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.nodeName === "SELECT") updateOptions(old, wanted);
  else morphChildren(old, wanted);
}

// A choice that differs from that of the old HTML is the user's, and stays.
function updateOptions(old, wanted) {
  if (old.innerHTML === wanted.innerHTML) return;
  const chosen = [...old.options].some((option) => option.selected && !option.defaultSelected) ? old.value : null;
  old.replaceChildren(...wanted.childNodes);
  if (chosen !== null && [...old.options].some((option) => option.value === chosen)) old.value = chosen;
}
