"""Measure whether the app's memory stays flat while 1,000 poems are written through its API.

The first poems load the poet and fill the caches, so the memory after a tenth of the poems is what the end is compared with.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx

from benchmarks import figures
from benchmarks.app import free_port, started
from benchmarks.figures import Figure
from benchmarks.sizes import full_or_tiny

TOPIC = "The app"
POEMS = full_or_tiny(1_000, 10)
LINES = 6
BAR = 1.05  # times the memory after the first tenth, at most


def memory(process: int) -> float:
    """Return the memory of a process in MB (VmRSS on Linux)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 * 1.024 for line in lines if line.startswith("VmRSS"))


def measure(quick: bool = False) -> Iterator[Figure]:
    """Write 1,000 poems of six lines with `english`; a quick run writes 100."""
    poems, port = max(10, POEMS // 10) if quick else POEMS, free_port()
    app, _ = started(port)
    try:
        first = 0.0
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/", timeout=120) as page:
            for number in range(poems):
                write(page, number)
                if number + 1 == poems // 10:
                    first = memory(app.pid)
        last = memory(app.pid)
    finally:
        app.terminate()
        app.wait()
    told = f"{round(first)} MB after the first {poems // 10}"
    yield Figure(
        TOPIC, f"memory after {poems:,} poems", round(last), "MB", f"≤ {round(first * BAR)}", compared=told
    )


def write(page: httpx.Client, number: int) -> None:
    """Write a poem as a program would."""
    info = page.get("gradio_api/info").json()["named_endpoints"]["/write"]["parameters"]
    given = {"poet": "english", "seed": "The sea at night", "lines": LINES, "rng": number, "guard": 8}
    data = [given.get(each["parameter_name"], each["parameter_default"]) for each in info]
    event = page.post("gradio_api/call/write", json={"data": data}).json()["event_id"]
    answer = page.get(f"gradio_api/call/write/{event}").text
    if "event: complete" not in answer:
        sys.exit(f"No poem came: {answer[:200]}")


if __name__ == "__main__":
    sys.exit(figures.report(measure()))
