// What was taken as poems: shows what review.py says, keeps the keyboard where it was, and tells what a person asks
// for. Gradio runs this once; `props.value` is the value. HTML enters only as review_view.py has escaped it.

const ts = element.querySelector(".ts");
const tab = element.closest("#teach");
const part = (name) => ts.querySelector(`[data-part="${name}"]`);
const COUNT_AFTER = 900; // milliseconds after the last word of a person

let busy = false;
let stopped = false; // what still comes of reading that was stopped is not shown
let counting = null;
let later = null; // where the keyboard is to go when the answer comes
let newest = 0; // when the youngest answer was made; answers may overtake one another
let typing = false; // the answer to come leaves a name that is being typed as it is

const view = () => {
  const seen = ts.querySelector("section.seen");
  return { which: seen?.dataset.whichNow ?? "all", first: Number(seen?.dataset.first ?? 0) };
};

function setBusy(now) {
  busy = now;
  tab.classList.toggle("reading", now);
  part("corpus").setAttribute("aria-busy", String(now));
}

function begin() {
  stopped = false;
  part("notices").replaceChildren();
  step(ts.dataset.reading, 0.02);
  setBusy(true);
}

function step(text, share) {
  if (part("step").textContent !== text) part("step").textContent = text;
  part("working").querySelector("progress").value = share;
}

function act(data) {
  part("notices").replaceChildren();
  // What these answer does not say whether the corpus is to be counted again.
  if (!["whole", "edit", "save", "restore"].includes(data.do)) clearTimeout(counting);
  typing = data.do !== "name" && data.do !== "delete";
  trigger("act", { ...view(), ...data });
}

// The same control has the focus again; where it is gone, what stands in its place.
function replaceCorpus(html) {
  const active = ts.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.dataset.key;
  const at = active?.closest("li[data-part-number]");
  const panelOpen = active?.closest(".panel");
  const place = at ? [...at.parentElement.children].indexOf(at) : -1;
  const name = part("name");
  const typed = typing && name && name.value !== name.defaultValue ? name.value : null;
  const scrolled = ts.querySelector(".parts")?.scrollTop ?? 0;
  const shownBefore = JSON.stringify(view());
  part("corpus").innerHTML = html;
  showPanels();
  if (JSON.stringify(view()) === shownBefore && part("parts")) (ts.querySelector(".parts") ?? {}).scrollTop = scrolled;
  if (typed !== null && part("name")) part("name").value = typed;
  if (later === "parts") {
    part("parts")?.scrollIntoView({ block: "start" });
    part("parts")?.focus({ preventScroll: true });
  } else if (later) {
    ts.querySelector(`[data-key="${CSS.escape(later)}"]`)?.focus({ preventScroll: true });
  } else if (active && panelOpen?.isConnected) {
    active.focus({ preventScroll: true });
  } else if (active === name && name) {
    part("name")?.focus({ preventScroll: true });
  } else if (key) {
    const same = ts.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const items = ts.querySelectorAll("li[data-part-number]");
    const near = items[Math.min(place, items.length - 1)]?.querySelector("button[data-say]");
    (same ?? (place >= 0 ? near : null) ?? part("parts"))?.focus({ preventScroll: true });
  }
  later = null;
  typing = false;
}

function receive() {
  const value = props.value;
  if (!value) return;
  if (value.error) {
    part("notices").innerHTML = value.error;
    setBusy(false);
  } else if (value.working) {
    if (stopped) return;
    if (!busy) begin();
    step(value.working, value.share);
  } else if (value.whole !== undefined) {
    const words = ts.querySelector(`li[data-part-number="${Number(value.whole)}"] .words`);
    if (words) {
      words.innerHTML = value.html;
      words.tabIndex = -1;
      words.focus({ preventScroll: true });
    }
  } else if (value.edit !== undefined) {
    openPanel(value.edit, value.html);
  } else if (value.refused !== undefined) {
    refuse(value.refused, value.html);
  } else if (value.corpus !== undefined) {
    if (value.saved) {
      const item = itemNamed(value.saved);
      forgetPanel(value.saved);
      if (item) later = item.querySelector("[data-edit]").dataset.key;
    }
    if (value.at < newest) return;
    newest = value.at;
    setBusy(false);
    part("notices").replaceChildren();
    replaceCorpus(value.corpus);
    part("status").textContent = value.status ?? "";
    if (value.stale) {
      clearTimeout(counting);
      counting = setTimeout(() => {
        stopped = false;
        trigger("count", view());
      }, COUNT_AFTER);
    }
  }
}

watch("value", receive);

ts.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { say, taken, which, firstTo, whole, read } = button.dataset;
  const sure = ts.querySelector(".sure");
  if (say !== undefined) act({ do: "say", number: Number(say), taken: taken === "true" });
  else if (which) act({ do: "view", which, first: 0 });
  else if (firstTo !== undefined) {
    later = "parts";
    act({ do: "view", first: Number(firstTo) });
  } else if (whole !== undefined) act({ do: "whole", number: Number(whole) });
  else if (read) act({ do: "read", value: read, first: 0 });
  else if (button.dataset.edit) {
    const item = itemOf(button);
    if (item.classList.contains("editing")) closePanel(item);
    else act({ do: "edit", part: item.dataset.partKey });
  } else if (button.dataset.do === "save") savePanel(itemOf(button));
  else if (button.dataset.do === "cancel") closePanel(itemOf(button));
  else if (button.dataset.do === "restore") act({ do: "restore", part: itemOf(button).dataset.partKey });
  else if (button.dataset.do === "fields") {
    const chosen = [...ts.querySelectorAll("select[data-field]")].map((each) => [each.dataset.field, each.value]);
    act({ do: "choose", ...Object.fromEntries(chosen), first: 0 });
  } else if (button.dataset.do === "encoding") {
    const select = button.closest(".encoding").querySelector("select");
    act({ do: "encoding", number: Number(select.dataset.encoding), value: select.value });
  } else if (button.dataset.do === "tags") {
    const tags = [...ts.querySelectorAll("input[data-tag]:checked")].map((each) => each.dataset.tag);
    act({ do: "choose", tags, first: 0 });
  } else if (button.dataset.do === "rename") act({ do: "name", value: part("name").value });
  else if (button.dataset.do === "delete") {
    sure.hidden = false;
    sure.querySelector("[data-do=delete-no]").focus();
  } else if (button.dataset.do === "delete-no") {
    sure.hidden = true;
    ts.querySelector("[data-do=delete]").focus();
  } else if (button.dataset.do === "delete-yes") act({ do: "delete" });
  else if (button.dataset.do === "stop") {
    stopped = true;
    setBusy(false);
    part("status").textContent = ts.dataset.stopped;
    part("notices").textContent = ts.dataset.stopped;
    trigger("halt");
  }
});

ts.addEventListener("change", (event) => {
  const { name, value, checked } = event.target;
  if (name === "ts-reading" && checked) act({ do: "read", value, first: 0 });
  else if (name === "ts-owner" && checked) act({ do: "own", value });
});

ts.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // an input method is at work
  const item = event.target.closest(".panel") && itemOf(event.target);
  if (item) {
    const inText = event.target.matches("textarea") && !event.ctrlKey && !event.metaKey;
    if (event.key === "Escape") closePanel(item);
    else if (event.key === "Enter" && !inText && event.target.matches("[name]")) savePanel(item);
    else return;
    event.preventDefault();
    return;
  }
  if (event.key !== "Enter" || event.target !== part("name")) return;
  event.preventDefault();
  act({ do: "name", value: part("name").value });
});

// Before Gradio hears of it: reading begins here at once.
document.addEventListener(
  "click",
  (event) => {
    if (event.target.closest("#tb-take-text, #tb-take-ready")) {
      busy ? event.stopPropagation() : begin();
    }
  },
  true,
);

setBusy(false);
receive(); // what came before this was listening
