"""Progress of a run: a bar on stderr for people, progress.jsonl for programs."""

import contextlib
import json
import os
import sys
import threading
import time
from pathlib import Path

from tqdm import tqdm

from poetbot.messages import Message
from poetbot.training.events import Event
from poetbot.training.memory import resident_bytes

_EVERY = 1.0
"""The most seconds between two lines of progress.jsonl, which show that the run is alive."""


_STATUS = {
    "waiting": "waiting for a node with room",
    "sending": "sending the poems",
    "loading": f"loading {'JAX' if os.environ.get('KERAS_BACKEND') == 'jax' else 'TensorFlow'}",
    "splitting": "looking for near-duplicates",
    "trying": "measuring the parent",
    "indexing": "indexing the poems",
    "building": "building the network",
    "measuring": "measuring",
}
"""What the bar shows while a run isn't training."""


class Reporter:
    """Takes the events of a run, and appends notices, epochs and the newest step once a second to progress.jsonl.

    Each line has the time and the bytes of memory of the process. If nothing happens for a second (a long step, the
    import of TensorFlow), a line says what is being done, and the bar shows for how long. A line that can't be written
    is skipped, in the file and on stderr, which may be a closed pipe: that must not end the run.
    """

    def __init__(self, job: Path) -> None:
        self._path = job / "progress.jsonl"
        self._bar = tqdm(total=1.0, file=sys.stderr, bar_format="{desc} {percentage:3.0f}%|{bar}| {postfix}")
        self._written = 0.0
        self._stepped = (
            0.0  # separate from _written: with steps of a second, the lines between would always be newer
        )
        self._step = 0
        self._doing = "loading"
        self._follows = False  # a process elsewhere
        self._began = time.monotonic()  # to do that
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._pulse = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Reporter":
        self._complete_last_line()
        self._pulse.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._pulse.join()
        with contextlib.suppress(OSError):
            self._bar.leave = self._step > 0  # after a refused run only the error stays on the screen
            self._bar.close()

    def follow(self, lines: bytes) -> None:
        """Take whole lines of a remote process's progress.jsonl. From now on, they show that the run is alive."""
        self._follows = True
        for line in lines.splitlines():
            event = json.loads(line)
            if "notice" in event:
                event["notice"] = Message.from_data(event["notice"])
            if not ("step" in event and "doing" in event):  # more than a sign of life
                self._take(event)
        self._write(lines)

    def __call__(self, event: Event) -> None:
        """Report an event of the run."""
        self._follows = False
        if self._take(event):
            self._append(event)

    def _take(self, event: Event) -> bool:
        """Show an event, and return whether it is time to record it."""
        if "notice" in event:
            self._say(str(event["notice"]))
        elif "doing" in event:
            self._doing, self._began = event["doing"], time.monotonic()
            with contextlib.suppress(OSError):
                self._bar.set_postfix_str("", refresh=False)
                self._bar.set_description_str(_STATUS[self._doing])
        elif "begin" in event or "start" in event:
            pass  # only for progress.jsonl
        elif "epoch" in event:
            self._doing = "training"
            entry = event["epoch"]
            bits, nats = entry["validation_bits"], entry["validation_nats"]
            unit = "word" if "words" in entry else "letter"
            found = f"{bits:.3f} bits" if bits else f"{nats:.3f} nats per {unit}" if nats else ""
            measured = f", {found} on held-out poems" if found else ""
            self._say(f"\nEpoch {entry['epoch']}{measured}:\n{entry['sample']}")
        else:
            self._doing, self._step = "training", event["step"]
            with contextlib.suppress(OSError):
                self._show(event)
            if time.monotonic() - self._stepped < _EVERY:
                return False
            self._stepped = time.monotonic()
        return True

    def _say(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self._bar.write(text, file=sys.stderr)

    def _show(self, event: Event) -> None:
        if event["epochs"]:
            self._bar.n = min(1.0, event["passes"] / event["epochs"])
        self._bar.set_description_str(f"step {event['step']:,} loss {event['loss']:.3f}", refresh=False)
        left = event["seconds_left"]
        rate = event.get("characters_per_second") or event.get("words_per_second") or 0.0
        self._bar.set_postfix_str(
            f"{rate:,.0f} {event['unit']}/s" + (f", {left / 60:.0f} min left" if left is not None else "")
        )

    def _beat(self) -> None:
        while not self._ended.wait(_EVERY / 4):
            if time.monotonic() - self._written >= _EVERY * 0.75:
                if self._follows:
                    continue
                self._append({"step": self._step, "doing": self._doing})
                if self._doing != "training":
                    self._bar.set_postfix_str(f"{time.monotonic() - self._began:.0f} s", refresh=False)
                    with contextlib.suppress(OSError):
                        self._bar.refresh(nolock=True)  # tqdm keeps its lock if a line can't be written

    def _append(self, event: Event) -> None:
        facts = {"time": round(time.time(), 1), "memory": resident_bytes()}
        line = json.dumps({**facts, **event}, ensure_ascii=False, default=Message.as_json) + "\n"
        self._write(line.encode())

    def _write(self, lines: bytes) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._written = time.monotonic()
            with self._path.open("ab", buffering=0) as file:
                file.write(lines)

    def _complete_last_line(self) -> None:
        """End a line that a killed run left half written."""
        with contextlib.suppress(OSError), self._path.open("r+b") as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    file.write(b"\n")
