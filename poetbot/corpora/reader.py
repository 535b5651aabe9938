"""The process that reads a corpus: `python -m poetbot.corpora.reader CORPUS OUT`, with its state on standard input.

It says on standard output how far it is, several times a second, a line of JSON each; the last line is {"done": true}
or {"error": a sentence}. It ends with the process that started it: its next line has nowhere to go then.
"""

import contextlib
import json
import os
import sys
import threading
from pathlib import Path

from poetbot.corpora.record import write_record
from poetbot.corpora.state import State
from poetbot.corpus.records import NoSuchField
from poetbot.errors import PoetBotError

_EVERY = 0.1  # seconds
_MOST_MEMORY = 3 << 30  # bytes: 100 MB of JSON can ask for more than a laptop has


class _Saying(threading.Thread):
    """Says again and again how far the work is."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.at = (0.0, "opening")
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(_EVERY):
            share, step = self.at
            _say(share=round(share, 3), step=step)


def _say(**facts: object) -> None:
    try:
        print(json.dumps(facts), flush=True)
    except OSError:
        os._exit(1)  # nobody listens any more


def main(arguments: list[str]) -> int:
    """Read a corpus; return 0 where it was read."""
    folder, out = map(Path, arguments)
    _limit_memory()
    saying = _Saying()
    saying.start()

    def at(share: float, step: str) -> None:
        saying.at = (share, step)

    try:
        state = State.from_json(json.load(sys.stdin))
        write_record(folder, state, out, at)
        said: dict[str, object] = {"done": True}
    except NoSuchField as error:
        said = {"error": error.sentence, "fields": list(error.names)}
    except PoetBotError as error:
        said = {"error": str(error)}
    except MemoryError:
        said = {"error": "That is more than the memory of this computer holds: bring less at once."}
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        said = {"error": f"PoetBot's folder cannot be written to ({reason}): make room and try again."}
    saying.over.set()
    saying.join()
    _say(**said)
    return 0 if "done" in said else 2


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has none of it
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
