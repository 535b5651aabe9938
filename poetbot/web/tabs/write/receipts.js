// Recreating a poem from its receipt: the poet's parts are written again, and the settings are as they were.

import { actions, notify, part, texts } from "./page.js";
import { afterEdit, save, showError } from "./history.js";
import { ask } from "./messages.js";
import { clearPage, copyText } from "./saved_poems.js";
import { isContinuing, whileLocked } from "./suggestions.js";
import { editing, setPoem } from "./editor.js";
import { isBusy, writing } from "./write.js";
import { poem, poemFrom, receiptOf } from "./poem.js";
import { setForm } from "./form.js";

// `isShown`: the receipt is that of the poem on the page, which stays if it comes out identical.
async function recreate(receipt, isShown) {
  if (isBusy() || isContinuing()) return;
  save();
  const answer = await whileLocked(texts.recreating, (isCurrent) =>
    ask("recreate", { receipt }, ({ status }) => isCurrent() && (part("working").textContent = status)),
  );
  if (!answer) return;
  if (answer.error) return showError(answer.error);
  setForm(answer.form);
  const isIdentical = isShown && answer.text === poem.text;
  if (!isIdentical) {
    clearPage();
    setPoem(poemFrom(answer));
    editing.cursor = poem.text.length;
    afterEdit();
  }
  if (isShown) notify(isIdentical ? texts.identical : texts.notIdentical);
  else notify();
}

Object.assign(actions, {
  recreate: () => {
    const receipt = receiptOf(writing.finished);
    if (receipt) recreate(receipt, true);
  },
  "recreate-pasted": () => recreate(part("receipt-text").value, false),
  "copy-receipt": async () => {
    if (await copyText(JSON.stringify(receiptOf(writing.finished), null, 1))) notify(texts.copied);
  },
});
