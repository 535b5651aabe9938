"""What a person sees of a run on stderr, and what a program sees in progress.jsonl."""

import contextlib
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tqdm import tqdm

from poetbot.messages import Message
from poetbot.training.memory import resident_bytes

_EVERY = 1.0
"""Seconds between two lines of progress.jsonl at the most: a reader knows by them that the run lives."""


_SAID = {
    "loading": f"loading {'JAX' if os.environ.get('KERAS_BACKEND') == 'jax' else 'TensorFlow'}",
    "splitting": "looking for near-duplicates",
    "trying": "measuring the poet it begins as",
    "indexing": "indexing the poems",
    "building": "building the network",
    "measuring": "measuring",
}
"""What a run does that isn't training, as the bar says it."""


class Reporter:
    """Takes the events of a run. In progress.jsonl it appends notices, epochs, and the newest step once a second, each
    with the time and the bytes of memory the process takes.

    Where nothing happens for a second (a long step, the loading of TensorFlow), a line says what is being done, and the
    bar for how long.
    A line that cannot be written is left out, there and on stderr, which may be a file or a pipe that was closed: that
    must not end a run that could go on.
    """

    def __init__(self, job: Path) -> None:
        self._path = job / "progress.jsonl"
        self._bar = tqdm(total=1.0, file=sys.stderr, bar_format="{desc} {percentage:3.0f}%|{bar}| {postfix}")
        self._written = 0.0
        self._stepped = (
            0.0  # on its own: where every step takes a second, the lines between would always be newer
        )
        self._step = 0
        self._doing = "loading"
        self._began = time.monotonic()  # doing that
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._pulse = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Reporter":
        self._mend()
        self._pulse.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._pulse.join()
        with contextlib.suppress(OSError):
            self._bar.leave = self._step > 0  # of a run that was refused only the sentence is left
            self._bar.close()

    def __call__(self, event: dict[str, Any]) -> None:
        """Take an event of the run."""
        if "notice" in event:
            self._say(str(event["notice"]))
        elif "doing" in event:
            self._doing, self._began = event["doing"], time.monotonic()
            with contextlib.suppress(OSError):
                self._bar.set_postfix_str("", refresh=False)
                self._bar.set_description_str(_SAID[self._doing])
        elif "begin" in event or "start" in event:
            pass  # for those who watch the file
        elif "epoch" in event:
            self._doing = "training"
            entry = event["epoch"]
            bits, nats = entry["validation_bits"], entry["validation_nats"]
            found = f"{bits:.3f} bits" if bits else f"{nats:.3f} nats a word" if nats else ""
            measured = f", {found} on held-out poems" if found else ""
            self._say(f"\nEpoch {entry['epoch']}{measured}:\n{entry['sample']}")
        else:
            self._doing, self._step = "training", event["step"]
            with contextlib.suppress(OSError):
                self._show(event)
            if time.monotonic() - self._stepped < _EVERY:
                return
            self._stepped = time.monotonic()
        self._append(event)

    def _say(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self._bar.write(text, file=sys.stderr)

    def _show(self, event: dict[str, Any]) -> None:
        if event["epochs"]:
            self._bar.n = min(1.0, event["passes"] / event["epochs"])
        self._bar.set_description_str(f"step {event['step']:,} loss {event['loss']:.3f}", refresh=False)
        left = event["seconds_left"]
        self._bar.set_postfix_str(
            f"{event[event['unit'] + '_per_second']:,.0f} {event['unit']}/s"
            + (f", {left / 60:.0f} min left" if left is not None else "")
        )

    def _beat(self) -> None:
        while not self._ended.wait(_EVERY / 4):
            if time.monotonic() - self._written >= _EVERY * 0.75:
                self._append({"step": self._step, "doing": self._doing})
                if self._doing != "training":
                    self._bar.set_postfix_str(f"{time.monotonic() - self._began:.0f} s", refresh=False)
                    with contextlib.suppress(OSError):
                        self._bar.refresh(nolock=True)  # tqdm keeps its lock where a line cannot be written

    def _append(self, event: dict[str, Any]) -> None:
        facts = {"time": round(time.time(), 1), "memory": resident_bytes()}
        line = json.dumps({**facts, **event}, ensure_ascii=False, default=Message.as_json) + "\n"
        with self._lock, contextlib.suppress(OSError):
            self._written = time.monotonic()
            with self._path.open("ab", buffering=0) as file:
                file.write(line.encode())

    def _mend(self) -> None:
        """End a line that a killed run left half written."""
        with contextlib.suppress(OSError), self._path.open("r+b") as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    file.write(b"\n")
