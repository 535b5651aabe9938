// A receipt is opened: its poem is written again, part by part, and the settings are as they were. The one that stands on
// the page stays where it is, if it comes out the same.

async function writeAgain(receipt, here) {
  if (busy() || asking.growing) return;
  saveNow();
  closeList();
  asking.growing = true;
  asking.place = lastCursor;
  const number = (asking.number += 1);
  setEditable(false);
  openList(texts.recreating);
  const answer = await ask("recreate", { receipt }, (part) => number === asking.number && sayInList(part.status));
  const hushed = number !== asking.number;
  asking.growing = false;
  setEditable(!busy());
  if (hushed) return;
  closeList();
  if (answer.error) return trouble(answer.error);
  askForm(answer.form);
  const same = here && answer.text === paper.text;
  if (!same) {
    clearPage();
    setPaper(standingOf(answer));
    lastCursor = paper.text.length;
    afterEdit();
  }
  if (here) notify(same ? texts.identical : texts.notIdentical);
  else notify();
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = document.createElement("textarea"); // without https there is no clipboard but this one
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
}

Object.assign(doing, {
  recreate: () => {
    const receipt = receiptOf();
    if (receipt) writeAgain(receipt, true);
  },
  copyreceipt: async () => {
    const done = await copyText(JSON.stringify(receiptOf(), null, 1));
    notify(done ? texts.copied : texts.notCopied);
  },
  openreceipt: () => writeAgain(part("receipt-text").value, false),
});
