// A training run on the Teach tab: puts what the server says in its places, and nothing else moves. Gradio runs this
// once; `props.value` is what training_view.py says. HTML enters only as it escaped it, samples enter as text.

const root = element.querySelector(".job");
const part = (name) => element.querySelector(`[data-part="${name}"]`);
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

let current = "";
let picked = null; // the sample that was chosen; null is the newest
let samples = [];
let compared = ""; // the run whose poet has written before and after

function put(name, html) {
  const place = part(name);
  if (place.shown === html) return; // what is there stays, with its focus and where it is scrolled to
  place.innerHTML = html;
  place.shown = html;
}

function show(value) {
  const another = value.job !== current;
  const was = root.dataset.state;
  if (another) {
    current = value.job;
    picked = null;
    sure(false);
  }
  root.hidden = !value.job;
  if (!value.job) return;
  const active = document.activeElement;
  const acting = part("actions").contains(active) ? active.dataset.do : null;
  root.dataset.state = value.state;
  root.querySelector("progress").value = value.share;
  for (const [name, html] of Object.entries(value.parts)) put(name, html);
  if (was !== value.state) {
    part("status").textContent = value.said;
    sure(false);
  }
  if (acting && !part("actions").contains(document.activeElement)) {
    (part("actions").querySelector("button") ?? part("title")).focus({ preventScroll: true });
  }
  samples = value.samples;
  tell();
  if (value.shelved && compared !== value.job) {
    compared = value.job;
    ask("both", { seed: root.querySelector(".seed").value });
  }
  if (value.started) root.scrollIntoView({ block: "start", behavior: reducedMotion.matches ? "auto" : "smooth" });
}

// The samples: a button for each, and the text of the chosen one.
function tell() {
  const row = part("stages");
  const labels = samples.map((sample) => sample.label);
  if (picked !== null && !labels.includes(picked)) picked = null;
  const chosen = picked ?? labels.at(-1);
  if (row.shown !== labels.join("\n")) {
    const focused = row.contains(document.activeElement) ? document.activeElement.dataset.label : null;
    row.replaceChildren(
      ...labels.map((label) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = button.dataset.label = label;
        return button;
      }),
    );
    row.shown = labels.join("\n");
    if (focused !== null) row.querySelector(`[data-label="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
  for (const button of row.children) button.setAttribute("aria-pressed", String(button.dataset.label === chosen));
  const text = samples.find((sample) => sample.label === chosen)?.text ?? root.dataset.wait;
  const page = part("sample");
  page.classList.toggle("wait", samples.length === 0);
  if (page.textContent !== text) page.textContent = text;
}

function sure(asking) {
  root.classList.toggle("sure", asking);
}

function take() {
  const value = props.value;
  if (!value) return;
  if (value.both !== undefined) put("both", value.both);
  else if (value.error !== undefined) put("refused", value.error);
  else {
    if (value.acted) put("refused", "");
    show(value);
  }
}

function ask(what, more = {}) {
  trigger("ask", { do: what, job: current, ...more });
}

root.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.parentNode === part("stages")) {
    picked = button.dataset.label === samples.at(-1).label ? null : button.dataset.label;
    tell();
  } else if (button.dataset.do === "discard") {
    sure(true);
    root.querySelector('[data-do="no"]').focus({ preventScroll: true });
  } else if (button.dataset.do === "no") {
    sure(false);
    part("actions").querySelector('[data-do="discard"]')?.focus({ preventScroll: true });
  } else if (button.dataset.do === "yes") {
    sure(false);
    ask("discard");
  } else if (button.dataset.do === "both") {
    ask("both", { seed: root.querySelector(".seed").value });
  } else if (button.dataset.do === "write") {
    trigger("write", { job: current });
  } else if (button.dataset.do) {
    ask(button.dataset.do, button.dataset.job ? { job: button.dataset.job } : {});
  }
});

root.querySelector(".seed").addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // an input method is at work
  if (event.key === "Enter") ask("both", { seed: event.target.value });
});

root.hidden = true;
watch("value", take);
take(); // a tab is made when it is opened first, and what was said before is not said again
