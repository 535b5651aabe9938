// Messages between the page and the server. The value of the component is a message of poem_page.py; questions are events
// with a number, and their answers come back as events of the document (components/channel.py).

import { texts } from "./page.js";

/**
 * A poem as far as it is written. Places are those of characters, from the beginning of the first words.
 * @typedef {{ id: number, seed: string, text: string, marks: [number, number, string][], done: boolean, lines: number,
 *   notices: string[] }} InProgress
 *
 * A finished poem.
 * @typedef {{ id: number, final: true, poet: string, text: string, given: number, marks: [number, number, string][],
 *   receipt: object, overlap_html: string, receipt_html: string, notices: string[], status: string, file: string,
 *   file_name: string }} Finished
 *
 * A poem that was stopped before anything was written.
 * @typedef {{ id: number, empty: true }} Empty
 *
 * A sentence instead of a poem.
 * @typedef {{ id: number, error: string, at: number }} Failure
 *
 * An answer. With `more` others follow; `failed` and `timedOut` say that the same question may be asked again.
 * @typedef {{ ask: number, error?: string, failed?: boolean, timedOut?: boolean, more?: boolean }} Answer
 */

const PATIENCE = 60_000; // milliseconds; a poem in a form takes its time on a busy machine
const questions = new Map();
let lastNumber = 0;

/** Asks the server, and resolves to its last answer. @returns {Promise<Answer>} */
export function ask(event, data, onProgress = null) {
  const number = ++lastNumber;
  return new Promise((resolve) => {
    const timedOut = () => receive({ ask: number, error: texts.noResponse, timedOut: true });
    const startTimer = () => setTimeout(timedOut, PATIENCE);
    questions.set(number, { resolve, onProgress, startTimer, timer: startTimer() });
    trigger(event, { ...data, ask: number });
  });
}

function receive(answer) {
  const question = questions.get(answer?.ask);
  if (!question) return;
  clearTimeout(question.timer);
  if (answer.more && question.onProgress) {
    question.timer = question.startTimer();
    question.onProgress(answer);
    return;
  }
  questions.delete(answer.ask);
  question.resolve(answer);
}

document.addEventListener("poetbot-answer", (event) => receive(event.detail));
