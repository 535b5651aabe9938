"""Read what a visitor sent in a process of its own, so that the app stays responsive and reading can be stopped.

The process is ended after `reading_seconds` (poetbot.settings) and may use a limited amount of memory. It reports its
progress on standard output several times a second, one line of JSON each (see Report). It ends with the process that
started it, because it can't write its next line then; one that hangs is ended by the system when its time is used up.
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
from typing import Any, TypedDict, TypeVar

from poetbot.errors import Failure, PoetBotError
from poetbot.messages import Message
from poetbot.settings import Settings
from poetbot.storage import ROOT, subprocess_environment

SMALL = 100_000
"""Bytes that are read within hundredths of a second; more are read in a process of their own, which can be stopped."""

_REPORT_EVERY = 0.1  # seconds
_GRACE = 2  # processor seconds beyond `reading_seconds`: the app should end the process first, and say so
_MAX_MEMORY = 3 << 30  # bytes: 100 MB of JSON can ask for more than a laptop has

Result = TypeVar("Result")


class Report(TypedDict, total=False):
    """What the process reports: `share` and `step` while it works, then `done`, `error` or `broken`, in the last report.

    `error` is a message as JSON; it is a Failure if `failed`. `broken` is the traceback of an exception that is
    PoetBot's own fault.
    """

    share: float
    step: str
    done: bool
    result: Any
    error: dict[str, Any]
    failed: bool
    fields: list[str]
    broken: str


def call(function: Callable[..., Result], *arguments: Any) -> Result:
    """Call a function of a module in a process of its own. Arguments and result are plain data, as in JSON.

    Raises PoetBotError as the function does, and after `reading_seconds`.
    """
    request = json.dumps([function.__module__, function.__qualname__, arguments])
    reports = run_module("poetbot.isolated_process", [], request)
    while True:
        try:
            next(reports)
        except StopIteration as end:
            if error := error_of(end.value):
                raise error from None
            result: Result = end.value["result"]
            return result


def run_module(module: str, arguments: Sequence[str], standard_input: str) -> Generator[Report, None, Report]:
    """Run a module that calls `serve`; yield its progress reports and return its last one.

    Closing the generator ends the process. Raises PoetBotError after `reading_seconds`; an error inside the process is
    in its last report (see `error_of`).
    """
    seconds = Settings.in_force().reading_seconds
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        # One thread is as fast here, and each takes memory from what the process may have.
        env=subprocess_environment(OPENBLAS_NUM_THREADS="1"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    assert process.stdin and process.stdout
    report: Report = {}
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, end)  # not checked between reports: a process that hangs makes none
    timer.daemon = True
    timer.start()
    try:
        with contextlib.suppress(OSError), process.stdin:
            process.stdin.write(standard_input)
        for line in process.stdout:
            with contextlib.suppress(ValueError):
                report = json.loads(line)
            if "share" in report:
                yield report
        process.wait()
        if late.is_set():
            raise _too_slow(seconds)
        if process.returncode != 0 or not {"done", "error", "broken"} & report.keys():
            error = Message("Reading stopped unexpectedly, perhaps for lack of memory. Add less at once.")
            report = {"error": error.as_json(), "failed": True}
        return report
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


def _too_slow(seconds: int) -> PoetBotError:
    if seconds == 1:
        return PoetBotError("Reading took more than 1 second and was stopped. Add less at once.")
    return PoetBotError(
        "Reading took more than {count:,} seconds and was stopped. Add less at once.", count=seconds
    )


def error_of(report: Report) -> Exception | None:
    """Return the error that a process ended with, None if it finished.

    A RuntimeError carries the traceback of an unforeseen exception: it is for the log, as if it had happened here.
    """
    if "broken" in report:
        return RuntimeError(f"The process that read failed:\n{report['broken']}")
    if "error" not in report:
        return None
    return (Failure if report.get("failed") else PoetBotError).of(Message.from_json(report["error"]))


class Progress(threading.Thread):
    """Inside the process: reports progress again and again. `at` is the share that is done, and the step."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.at = (0.0, "opening")
        self.over = threading.Event()

    def run(self) -> None:
        """Report until the work is over."""
        while not self.over.wait(_REPORT_EVERY):
            share, step = self.at
            _write({"share": round(share, 3), "step": step})


def serve(work: Callable[[Progress], Report]) -> None:
    """Inside the process: do the work within limits of memory and time, then report how it ended."""
    _limit_resources()
    progress = Progress()
    progress.start()
    try:
        report: Report = {**work(progress), "done": True}
    except MemoryError:
        error = Message("This needs more memory than the computer has. Add less at once.")
        report = {"error": error.as_json()}
    except PoetBotError as problem:
        report = {"error": problem.message.as_json(), "failed": isinstance(problem, Failure)}
    except OSError as problem:
        error = Message(
            "PoetBot can't write to its folder ({reason}). Make room, then try again.",
            reason=(problem.strerror or str(problem)).lower(),
        )
        report = {"error": error.as_json()}
    except Exception:
        report = {"broken": traceback.format_exc()}
    progress.over.set()
    progress.join()
    _write(report)


def _write(report: Report) -> None:
    try:
        print(json.dumps(report), flush=True)
    except OSError:
        os._exit(1)  # the app is gone


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    seconds = Settings.in_force().reading_seconds + _GRACE
    for kind, limit in ((resource.RLIMIT_AS, _MAX_MEMORY), (resource.RLIMIT_CPU, seconds)):
        hard = resource.getrlimit(kind)[1]
        with contextlib.suppress(ValueError, OSError):  # macOS doesn't limit memory
            resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _call(progress: Progress) -> Report:
    module, name, arguments = json.load(sys.stdin)
    return {"result": getattr(importlib.import_module(module), name)(*arguments)}


if __name__ == "__main__":
    serve(_call)
