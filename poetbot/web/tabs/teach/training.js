// A training run on the Teach tab. The answers are each an Update of training_view.py. HTML comes from templates; samples
// and errors are text.

export default function ({ element, trigger }) {
  const root = element.querySelector(".job");
  const part = (name) => element.querySelector(`[data-part="${name}"]`);
  const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

  let current = ""; // the id of the run
  let selected = null; // the label of the sample to show; null for the latest
  let samples = [];
  let compared = ""; // the run whose poets have written before and after

  // HTML that hasn't changed stays, with its focus and scroll position.
  function put(name, html) {
    const place = part(name);
    if (place.shown === html) return;
    place.innerHTML = html;
    place.shown = html;
  }

  function showRun(value) {
    const previousState = root.dataset.state;
    if (value.job !== current) {
      current = value.job;
      selected = null;
      confirmDiscard(false);
    }
    root.hidden = !value.job;
    if (!value.job) return;
    const active = document.activeElement;
    const hadFocus = part("actions").contains(active);
    root.dataset.state = value.state;
    root.querySelector("progress").value = value.share;
    for (const [name, html] of Object.entries(value.parts)) put(name, html);
    if (previousState !== value.state) {
      part("status").textContent = value.message;
      confirmDiscard(false);
    }
    if (hadFocus && !part("actions").contains(document.activeElement)) {
      (part("actions").querySelector("button") ?? part("title")).focus({ preventScroll: true });
    }
    samples = value.samples;
    showSample();
    if (value.is_finished && compared !== value.job) {
      compared = value.job;
      compare();
    }
    if (value.has_started) root.scrollIntoView({ block: "start", behavior: reducedMotion.matches ? "auto" : "smooth" });
  }

  // A button for each sample, and the text of the selected one.
  function showSample() {
    const row = part("stages");
    const labels = samples.map((sample) => sample.label);
    if (selected !== null && !labels.includes(selected)) selected = null;
    const shown = selected ?? labels.at(-1);
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
    for (const button of row.children) button.setAttribute("aria-pressed", String(button.dataset.label === shown));
    const text = samples.find((sample) => sample.label === shown)?.text ?? root.dataset.noSample;
    part("sample").classList.toggle("wait", samples.length === 0);
    if (part("sample").textContent !== text) part("sample").textContent = text;
  }

  const confirmDiscard = (asks) => root.classList.toggle("confirming", asks);
  const act = (action, data = {}) => trigger("act", { do: action, job: current, ...data });
  const compare = () => act("compare", { seed: root.querySelector(".seed").value });

  function showError(sentence) {
    part("error").replaceChildren();
    if (sentence) part("error").appendChild(document.createElement("p")).textContent = sentence;
  }

  function receive(value) {
    if (value.comparison !== undefined) put("comparison", value.comparison);
    else if (value.error !== undefined) showError(value.error);
    else {
      if (value.has_acted) showError("");
      if (value.job !== undefined) showRun(value);
    }
  }

  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const action = button.dataset.do;
    if (button.parentNode === part("stages")) {
      selected = button.dataset.label === samples.at(-1).label ? null : button.dataset.label;
      showSample();
    } else if (action === "discard") {
      confirmDiscard(true);
      root.querySelector("[data-do=cancel-discard]").focus({ preventScroll: true });
    } else if (action === "cancel-discard") {
      confirmDiscard(false);
      part("actions").querySelector("[data-do=discard]")?.focus({ preventScroll: true });
    } else if (action === "confirm-discard") {
      confirmDiscard(false);
      act("discard");
    } else if (action === "compare") compare();
    else if (action === "write") trigger("write", { job: current });
    else if (action) act(action, button.dataset.job ? { job: button.dataset.job } : {});
  });

  root.querySelector(".seed").addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // an input method is at work
    if (event.key === "Enter") compare();
  });

  root.hidden = true;
  return receive;
}
