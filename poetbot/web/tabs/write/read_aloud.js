// Reading the poem aloud, line by line, with a voice of this machine: those of the browser's maker would send the poem out.

import { actions, part, texts } from "./page.js";
import { lines } from "./editor.js";
import { poem } from "./poem.js";

const readButton = part("read-aloud");
let reading = null; // what is being read: the text, and the element of the line

const localVoices = () => (window.speechSynthesis?.getVoices() ?? []).filter((voice) => voice.localService);

function voiceFor(text) {
  const language = /\p{Script=Han}/u.test(text) ? "zh" : "en";
  const voices = localVoices();
  return voices.find((voice) => voice.lang.toLowerCase().startsWith(language)) ?? voices[0];
}

function showVoices() {
  if (localVoices().length) part("copy").parentNode.after(readButton);
  else readButton.remove();
}

/** Stops reading, and says whether anything was read. */
export function stopReading() {
  if (!reading) return false;
  reading.line?.classList.remove("spoken");
  reading = null;
  speechSynthesis.cancel();
  readButton.textContent = texts.readAloud;
  return true;
}

function readLine(number, mine) {
  if (reading !== mine) return;
  mine.line?.classList.remove("spoken");
  const line = lines[number];
  if (!line || poem.text !== mine.text) return void stopReading();
  const next = () => readLine(number + 1, mine);
  if (!line.textContent.trim()) return next();
  mine.line = line;
  line.classList.add("spoken");
  const utterance = new SpeechSynthesisUtterance(line.textContent);
  utterance.voice = mine.voice;
  utterance.lang = mine.voice.lang;
  utterance.onend = next;
  utterance.onerror = () => reading === mine && stopReading();
  speechSynthesis.speak(utterance);
}

actions["read-aloud"] = () => {
  if (stopReading()) return;
  reading = { text: poem.text, voice: voiceFor(poem.text), line: null };
  readButton.textContent = texts.stopReading;
  readLine(0, reading);
};

window.speechSynthesis?.addEventListener("voiceschanged", showVoices);
addEventListener("pagehide", stopReading);
showVoices();
