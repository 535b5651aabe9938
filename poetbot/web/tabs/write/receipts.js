// Recreating a poem from its receipt: the poet's parts are written again, and the settings are as they were.

import { actions, notify, part, texts } from "./page.js";
import { afterEdit, save, showError } from "./history.js";
import { ask } from "./messages.js";
import { clearPage, copyText } from "./saved_poems.js";
import { isContinuing, whileLocked } from "./suggestions.js";
import { editing, setPoem } from "./editor.js";
import { isBusy, writing } from "./write.js";
import { poem, poemFrom, receiptOf } from "./poem.js";
import { setAddress } from "../../components/address.js";
import { setForm } from "./form.js";
import { setTheme } from "./theme.js";

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
  setTheme(answer.theme);
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

/** Recreates the poem of a link; what it says is checked like any receipt from outside. */
export async function recreateLinked(receipt) {
  if (!receipt) return;
  setAddress("write", "", true); // a reload shows the poem, which is saved then
  await recreate(receipt, false);
}

const MAX_LINK = 16_000; // characters; longer ones don't survive being sent

Object.assign(actions, {
  "copy-link": async () => {
    const link = new URL(location.href);
    link.hash = `receipt/${encodeURIComponent(JSON.stringify(receiptOf(writing.finished)))}`;
    if (link.href.length > MAX_LINK) return notify(texts.linkTooLong);
    if (await copyText(link.href)) notify(texts.copied);
  },
  recreate: () => {
    const receipt = receiptOf(writing.finished);
    if (receipt) recreate(receipt, true);
  },
  "recreate-pasted": () => recreate(part("receipt-text").value, false),
  "copy-receipt": async () => {
    if (await copyText(JSON.stringify(receiptOf(writing.finished), null, 1))) notify(texts.copied);
  },
});
