"""What a visitor sent is read in a process of its own: the app stays quick, its memory small, and reading can be stopped.

The process is ended after `reading_seconds` (poetbot.settings), and may have so much memory and no more. It says on
standard output how far it is, several times a second, a line of JSON each; the last line has {"done": true}, {"error":
a sentence}, or {"broken": a traceback} where PoetBot itself is at fault. It ends with the process that started it: its next line has nowhere to go then. One that hangs so that it
says nothing is ended by the system when it has used up its time.
"""

import contextlib
import importlib
import json
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from poetbot.errors import Failure, PoetBotError
from poetbot.settings import Settings

ROOT = Path(__file__).resolve().parents[1]

SMALL = 100_000
"""Bytes that are read in some hundredths of a second; for more, a process of its own is begun, which can be ended."""

_EVERY = 0.1  # seconds
_GRACE = 2  # seconds of the processor beyond `reading_seconds`: the app is to end it first, and say so
_MOST_MEMORY = 3 << 30  # bytes: 100 MB of JSON can ask for more than a laptop has

Said = dict[str, Any]
Result = TypeVar("Result")


def call(function: Callable[..., Result], *arguments: Any) -> Result:
    """Call a function of a module in a process of its own. Arguments and result are plain data, as JSON has it.

    Raises PoetBotError as the function does, and after `reading_seconds`.
    """
    asked = json.dumps([function.__module__, function.__qualname__, arguments])
    telling = running("poetbot.isolated_process", [], asked)
    while True:
        try:
            next(telling)
        except StopIteration as ended:
            if error := raised(ended.value):
                raise error from None
            result: Result = ended.value["result"]
            return result


def running(module: str, arguments: Sequence[str], given: str) -> Generator[Said, None, Said]:
    """Run a module that ends in `answer`, with `given` on its standard input; yield what it says, return its last word.

    When the generator is closed, the process is ended. Raises PoetBotError after `reading_seconds`; an error that the
    process met itself is its last word (see `raised`).
    """
    seconds = Settings.in_force().reading_seconds
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    # One thread is as fast here, and each takes memory from what the process may have.
    settings = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    assert process.stdin and process.stdout
    said: Said = {}
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, end)  # not measured between its lines: a process that hangs says nothing
    timer.daemon = True
    timer.start()
    try:
        with contextlib.suppress(OSError), process.stdin:
            process.stdin.write(given)
        for line in process.stdout:
            with contextlib.suppress(ValueError):
                said = json.loads(line)
            if "share" in said:
                yield said
        process.wait()
        if late.is_set():
            many = f"{seconds:,} seconds" if seconds > 1 else "1 second"
            raise PoetBotError(f"Reading took more than {many} and was stopped: bring less at once.")
        if process.returncode != 0 or not {"done", "error", "broken"} & said.keys():
            said = {
                "error": "Reading ended without a word, perhaps because the memory was too small: bring less at once.",
                "failed": True,
            }
        return said
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


def raised(said: Said) -> Exception | None:
    """Return the error that a process ended with, None where its work was done.

    A RuntimeError has the traceback of what nobody foresaw: it is for the log, as if it had happened here.
    """
    if "broken" in said:
        return RuntimeError(f"The process that read failed:\n{said['broken']}")
    if "error" not in said:
        return None
    return (Failure if said.get("failed") else PoetBotError)(str(said["error"]))


class Saying(threading.Thread):
    """In the process: says again and again how far the work is."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.at = (0.0, "opening")
        self.over = threading.Event()

    def run(self) -> None:
        """Say it until it is over."""
        while not self.over.wait(_EVERY):
            share, step = self.at
            _say({"share": round(share, 3), "step": step})


def answer(work: Callable[[Saying], Said]) -> None:
    """In the process: do the work within the memory and the time that it may have, and say how that ended."""
    _limit_itself()
    saying = Saying()
    saying.start()
    try:
        said = work(saying) | {"done": True}
    except MemoryError:
        said = {"error": "That is more than the memory of this computer holds: bring less at once."}
    except Failure as error:
        said = {"error": str(error), "failed": True}
    except PoetBotError as error:
        said = {"error": str(error)}
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        said = {"error": f"PoetBot's folder cannot be written to ({reason}): make room and try again."}
    except Exception:
        said = {"broken": traceback.format_exc()}
    saying.over.set()
    saying.join()
    _say(said)


def _say(facts: Said) -> None:
    try:
        print(json.dumps(facts), flush=True)
    except OSError:
        os._exit(1)  # nobody listens any more


def _limit_itself() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    seconds = Settings.in_force().reading_seconds + _GRACE
    for what, most in ((resource.RLIMIT_AS, _MOST_MEMORY), (resource.RLIMIT_CPU, seconds)):
        hard = resource.getrlimit(what)[1]
        with contextlib.suppress(ValueError, OSError):  # macOS bounds no memory
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _called(saying: Saying) -> Said:
    module, name, arguments = json.load(sys.stdin)
    return {"result": getattr(importlib.import_module(module), name)(*arguments)}


if __name__ == "__main__":
    answer(_called)
