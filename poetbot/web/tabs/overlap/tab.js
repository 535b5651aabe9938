// The page of the Overlap tab: turns Check into Stop, shows how far the work is, the notes of the marks, and hands files
// over. Gradio runs this once; `props.value` is what tab.py says. HTML enters only as report_view.py and
// tables.py have escaped it.

const ov = element.querySelector(".ov");
const tab = element.closest("#overlap");
const part = (name) => ov.querySelector(`[data-part="${name}"]`);
const byId = (id) => document.getElementById(id);
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

let busy = false;
let left = 0; // the last check that was stopped: what still comes of it is not shown
let seen = 0;
let notes = [];
let marked = null; // the number of the note that is shown
let from = null; // the mark it was opened from

function setBusy(now) {
  const [before, after] = now ? ["ov-check", "ov-stop"] : ["ov-stop", "ov-check"];
  const hadFocus = document.activeElement === byId(before);
  busy = now;
  tab.classList.toggle("checking", now);
  part("report").setAttribute("aria-busy", String(now));
  if (hadFocus) byId(after)?.focus({ preventScroll: true });
}

function begin() {
  part("notices").replaceChildren();
  step(ov.dataset.working, 0.01);
  setBusy(true);
}

function step(text, share) {
  if (part("step").textContent !== text) part("step").textContent = text;
  part("working").querySelector("progress").value = share;
}

function stop() {
  left = Math.max(seen, left);
  part("status").textContent = ov.dataset.stopped;
  setBusy(false);
}

function show(value) {
  notes = value.notes;
  marked = from = null;
  tab.classList.remove("note-open");
  part("report").innerHTML = value.report;
  part("status").textContent = ov.querySelector(".said").textContent;
  const top = ov.getBoundingClientRect().top;
  if (top < 0 || top > innerHeight * 0.7) {
    ov.scrollIntoView({ block: "start", behavior: reducedMotion.matches ? "auto" : "smooth" });
  }
}

// A note stands beside the text where there is room, and over the lower end of the window where there is none.
function openNote(mark) {
  const number = Number(mark.dataset.note);
  from = ov.querySelector(`mark[data-note="${number}"]`);
  tab.classList.add("note-open");
  if (marked === number) return;
  marked = number;
  ov.querySelectorAll("mark.chosen").forEach((each) => each.classList.remove("chosen"));
  ov.querySelectorAll(`mark[data-note="${number}"]`).forEach((each) => each.classList.add("chosen"));
  part("note").innerHTML = notes[number];
  ov.querySelector(".sources-card").scrollTop = 0;
}

function closeNote() {
  from?.focus({ preventScroll: true }); // which would open it again
  tab.classList.remove("note-open");
}

function handOver(value) {
  const type = value.kind === "json" ? "application/json" : "text/html;charset=utf-8";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([value.file], { type }));
  link.download = value.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

watch("value", () => {
  const value = props.value;
  if (!value) return;
  if (value.file !== undefined) handOver(value);
  else if (value.error) {
    part("notices").innerHTML = value.error;
    setBusy(false);
  } else if (value.id <= left) return;
  else if (value.working) {
    seen = value.id;
    if (!busy) begin();
    step(value.working, value.share);
  } else if (value.report !== undefined) {
    setBusy(false);
    show(value);
  }
});

ov.addEventListener("focusin", (event) => {
  const mark = event.target.closest("mark[data-note]");
  if (mark) openNote(mark);
});

ov.addEventListener("click", (event) => {
  const mark = event.target.closest("mark[data-note]");
  const button = event.target.closest("button");
  if (mark) openNote(mark);
  else if (button?.dataset.keep) trigger("keep", { kind: button.dataset.keep });
  else if (button?.dataset.do === "close") closeNote();
});

ov.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // an input method is at work
  if (event.key === "Enter" || event.key === " ") {
    const mark = event.target.closest("mark[data-note]");
    if (!mark) return;
    event.preventDefault();
    openNote(mark);
    ov.querySelector(".sources-card").focus({ preventScroll: true });
  } else if (event.key === "Escape" && tab.classList.contains("note-open")) {
    event.preventDefault();
    closeNote();
  }
});

// Before Gradio hears of it: Check begins here at once, and not twice.
document.addEventListener(
  "click",
  (event) => {
    if (event.target.closest("#ov-check")) busy ? event.stopPropagation() : begin();
    else if (event.target.closest("#ov-stop")) stop();
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || !ov.offsetParent) return; // an input method is at work, or another tab is open
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (!busy) byId("ov-check").click();
  } else if (event.key === "Escape" && busy) {
    event.preventDefault();
    byId("ov-stop").click();
  }
});

setBusy(false);
