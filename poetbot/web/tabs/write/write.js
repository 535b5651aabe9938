// Writing a whole poem: Write becomes Stop, the poem is typed out, and its finished page is shown. This file comes last.

import { actions, announce, byId, editor, notify, part, root, sheet, texts } from "./page.js";
import { cancelSuggestions, listIsOpen } from "./suggestions.js";
import { clearPage, closeTitles, leavePoem, listSoon, openSaved } from "./saved_poems.js";
import { continueTyping, draftNumber, dropDraft, isTyping, skipTyping, startTyping, stopTyping } from "./typewriter.js";
import { drawPoem, editing, setEditable, setPoem } from "./editor.js";
import { formRequest } from "./form.js";
import { markUnsaved, save, showActions, showSteps } from "./history.js";
import { marksFrom, poem, toOffsets } from "./poem.js";
import { showOverlap } from "./comparison.js";

export const writing = {
  waiting: false, // Write was pressed and nothing has come yet
  finishing: false, // typing has ended and the finished page has not come yet
  finished: null, // the message with the poem on the page, as long as it is as the poet wrote it
  lastEnded: 0, // the number of the last poem whose typing has ended
  openNext: null, // a saved poem to open when the finished page has come
};

export const isBusy = () => writing.waiting || writing.finishing || isTyping();

// Write and Stop are two buttons in one place; the focus goes with the one that is visible.
function showState() {
  const isWriting = writing.waiting || isTyping();
  const [from, to] = isWriting ? ["write-button", "stop-button"] : ["stop-button", "write-button"];
  const hadFocus = document.activeElement === byId(from);
  sheet.classList.toggle("writing", isWriting);
  editor.ariaBusy = String(isWriting);
  setEditable(!isBusy());
  if (hadFocus) byId(to)?.focus({ preventScroll: true });
}

// On a phone the settings are folded away behind a button.
function openSettings(open) {
  sheet.classList.toggle("settings", open);
  byId("settings-button")?.setAttribute("aria-expanded", String(open));
}

function start() {
  cancelSuggestions();
  save();
  writing.waiting = true;
  notify();
  openSettings(false);
  announce(texts.writing);
  showState();
}

function stop() {
  if (isTyping()) return stopTyping();
  writing.waiting = false;
  showState();
}

// The server keeps what was seen and sends the finished page.
function typingEnded(id, shown) {
  writing.lastEnded = id;
  writing.finishing = true;
  trigger("ended", { id, shown });
  showState();
}

/** @param {import("./messages.js").Finished} value */
function showFinished(value) {
  writing.finished = value;
  leavePoem();
  const [[given, end]] = toOffsets(value.text, [[value.given, [...value.text].length]]);
  setPoem({
    text: value.text,
    poet: value.poet,
    sources: [value.receipt],
    spans: given < end ? [{ start: given, end, source: 0, at: 0 }] : [],
    marks: marksFrom(value.text, value.marks),
  });
  editing.cursor = value.text.length;
  markUnsaved();
  save();
  showOverlap(value.overlap_html);
  part("receipt").innerHTML = value.receipt_html;
  notify(...value.notices);
  showActions();
  announce(value.status);
}

watch("value", () => {
  const { value } = props;
  if (!value) return;
  if (value.error) {
    notify(value.error);
    if (isTyping() || writing.finishing) drawPoem();
    dropDraft();
    Object.assign(writing, { waiting: false, finishing: false });
    showState();
  } else if (value.final || value.empty) {
    if (writing.waiting || isTyping()) return;
    writing.finishing = false;
    if (value.final) showFinished(value);
    else clearPage();
    showState();
    if (writing.openNext) openSaved(writing.openNext);
    writing.openNext = null;
  } else if ((writing.waiting || isTyping()) && value.id > writing.lastEnded && value.id >= draftNumber()) {
    if (draftNumber() !== value.id) {
      Object.assign(writing, { waiting: false, finished: null });
      leavePoem();
      startTyping(value, typingEnded);
    }
    continueTyping(value);
  }
});

Object.assign(actions, {
  another: () => {
    if (!writing.finished) return;
    const { id } = writing.finished;
    start();
    trigger("another", { id });
  },
});

root.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const id = button?.dataset.poem && JSON.parse(button.dataset.poem);
  if (id && isTyping()) {
    writing.openNext = id;
    stopTyping();
  } else if (id) openSaved(id);
  else if (button) actions[button.dataset.do]?.(button);
  else if (editor.contains(event.target)) skipTyping();
});

// Before Gradio hears of it: Write starts here at once, and not twice.
document.addEventListener(
  "click",
  (event) => {
    if (event.target.closest("#write-button")) {
      if (writing.waiting || isTyping()) event.stopPropagation();
      else start();
    } else if (event.target.closest("#stop-button")) stop();
    else if (event.target.closest("#settings-button")) openSettings(!sheet.classList.contains("settings"));
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || !root.offsetParent) return; // an input method, or another tab
  const isWriting = writing.waiting || isTyping();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (!isWriting) byId("write-button").click();
  } else if (event.key === "Escape") {
    if (isWriting) stop();
    else if (listIsOpen()) actions.close();
    else if (!closeTitles()) return;
    event.preventDefault();
  }
});

byId("mark-mine")?.addEventListener("change", (event) => root.classList.toggle("unmarked", !event.target.checked));

root.formRequest = formRequest; // for the Write button (tab.py)
root.currentPoem = () => ({
  text: poem.text,
  given: poem.spans.length ? poem.text.slice(0, poem.spans[0].start) : "",
  poet: poem.poet,
}); // for the Overlap tab

setPoem({ text: "" });
showSteps();
showState();
listSoon(0); // once the page can ask
