// The Overlap tab: turns Check into Stop, shows progress and the notes of marked phrases, and downloads the report. The
// answers are each an Update of handlers.py, whose HTML comes from templates.

export default function ({ element, trigger }) {
  const root = element.querySelector(".overlap-report");
  const tab = element.closest("#overlap");
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const byId = (id) => document.getElementById(id);
  const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

  const blank = part("report").innerHTML; // what stands where no report is

  let busy = false;
  let stopped = 0; // the last check that was stopped, of which nothing is shown any more
  let current = 0; // the check that is running
  let notes = [];
  let shownNote = null; // the number of the note that is shown
  let openedFrom = null; // the mark it was opened from

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
    step(root.dataset.working, 0.01);
    setBusy(true);
  }

  function step(text, share) {
    if (part("step").textContent !== text) part("step").textContent = text;
    part("working").querySelector("progress").value = share;
  }

  function showNotice(sentence) {
    const paragraph = document.createElement("p");
    paragraph.textContent = sentence;
    part("notices").replaceChildren(paragraph);
  }

  function stop() {
    stopped = Math.max(current, stopped);
    part("status").textContent = root.dataset.stopped;
    setBusy(false);
  }

  function show(value) {
    notes = value.notes;
    shownNote = openedFrom = null;
    tab.classList.remove("note-open");
    part("report").innerHTML = value.report || blank;
    part("status").textContent = root.querySelector(".summary")?.textContent ?? "";
    if (!value.report) return;
    const top = root.getBoundingClientRect().top;
    if (top < 0 || top > innerHeight * 0.7) {
      root.scrollIntoView({ block: "start", behavior: reducedMotion.matches ? "auto" : "smooth" });
    }
  }

  // A note stands beside the text where there is room, and over the lower end of the window where there is none.
  function openNote(mark) {
    const number = Number(mark.dataset.note);
    openedFrom = root.querySelector(`mark[data-note="${number}"]`);
    tab.classList.add("note-open");
    if (shownNote === number) return;
    shownNote = number;
    root.querySelectorAll("mark.chosen").forEach((each) => each.classList.remove("chosen"));
    root.querySelectorAll(`mark[data-note="${number}"]`).forEach((each) => each.classList.add("chosen"));
    part("note").innerHTML = notes[number];
    root.querySelector(".sources-card").scrollTop = 0;
  }

  function closeNote() {
    openedFrom?.focus({ preventScroll: true }); // which would open it again
    tab.classList.remove("note-open");
  }

  function download(value) {
    const type = value.kind === "json" ? "application/json" : "text/html;charset=utf-8";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([value.file], { type }));
    link.download = value.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function update(value) {
    if (value.file !== undefined) download(value);
    else if (value.filled) part("notices").replaceChildren();
    else if (value.error) {
      showNotice(value.error);
      setBusy(false);
      if (value.report !== undefined) show(value);
    } else if (value.check <= stopped) return;
    else if (value.working) {
      current = value.check;
      if (!busy) begin();
      step(value.working, value.share);
    } else if (value.report !== undefined) {
      setBusy(false);
      show(value);
    }
  }

  root.addEventListener("focusin", (event) => {
    const mark = event.target.closest("mark[data-note]");
    if (mark) openNote(mark);
  });

  root.addEventListener("click", (event) => {
    const mark = event.target.closest("mark[data-note]");
    const button = event.target.closest("button");
    if (mark) openNote(mark);
    else if (button?.dataset.save) trigger("save", { kind: button.dataset.save });
    else if (button?.dataset.do === "close") closeNote();
  });

  root.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // an input method is at work
    if (event.key === "Enter" || event.key === " ") {
      const mark = event.target.closest("mark[data-note]");
      if (!mark) return;
      event.preventDefault();
      openNote(mark);
      root.querySelector(".sources-card").focus({ preventScroll: true });
    } else if (event.key === "Escape" && tab.classList.contains("note-open")) {
      event.preventDefault();
      closeNote();
    }
  });

  // Before Gradio gets the click: Check starts here at once, and only once.
  document.addEventListener(
    "click",
    (event) => {
      if (event.target.closest("#ov-check")) busy ? event.stopPropagation() : begin();
      else if (event.target.closest("#ov-stop")) stop();
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || !root.offsetParent) return; // an input method is at work, or another tab is open
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!busy) byId("ov-check").click();
    } else if (event.key === "Escape" && busy) {
      event.preventDefault();
      byId("ov-stop").click();
    }
  });

  setBusy(false);
  return update;
}
