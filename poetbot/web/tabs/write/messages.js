// Messages between the page and the server. The page is told of poems that are written by messages of poem_page.py. Its
// questions are numbered events; their answers have the same number and come to `receive`.

import { notify, texts, trigger } from "./page.js";

/**
 * A poem as far as it is written. Places are those of characters, from the beginning of the first words.
 * @typedef {{ draft: number, seed: string, text: string, marks: [number, number, string][], done: boolean, lines: number,
 *   notices: string[] }} InProgress
 *
 * How many of the drafts are written of which the best is to be shown.
 * @typedef {{ draft: number, drafting: string }} Drafting
 *
 * A finished poem.
 * @typedef {{ draft: number, final: true, poet: string, text: string, given: number, marks: [number, number, string][],
 *   receipt: object, overlap_html: string, receipt_html: string, notices: string[], status: string, file: string,
 *   file_name: string }} Finished
 *
 * A poem that was stopped before anything was written.
 * @typedef {{ draft: number, empty: true }} Empty
 *
 * An answer. With `more` others follow; `failed` and `timedOut` say that the same question may be asked again.
 * @typedef {{ id: number, error?: string, failed?: boolean, timedOut?: boolean, more?: boolean }} Answer
 */

const PATIENCE = 60_000; // milliseconds; a poem in a form takes its time on a busy machine
const questions = new Map();
let lastNumber = 0;

/** Asks the server, and resolves to its last answer. @returns {Promise<Answer>} */
export function ask(event, data, onProgress = null) {
  const number = ++lastNumber;
  return new Promise((resolve) => {
    const timedOut = () => receive({ id: number, error: texts.noResponse, timedOut: true });
    const startTimer = () => setTimeout(timedOut, PATIENCE);
    questions.set(number, { resolve, onProgress, startTimer, timer: startTimer() });
    trigger(event, { ...data, id: number });
  });
}

/** Takes in what comes to a mailbox of the page. @param {Answer} answer */
export function receive(answer) {
  const question = questions.get(answer.id);
  if (!question) {
    if (answer.error) notify(answer.error);
    return;
  }
  clearTimeout(question.timer);
  if (answer.more && question.onProgress) {
    question.timer = question.startTimer();
    question.onProgress(answer);
    return;
  }
  questions.delete(answer.id);
  question.resolve(answer);
}
