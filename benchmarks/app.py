"""Measure how long the app takes to open its page after the start of `app.py`, and from a click to the first character.

Also counts what a first visit asks for, and how much of that is files of Gradio, which a page can't do without or join.
Also prints the peak memory of the app's process while it writes (VmHWM on Linux; left out elsewhere).

Needs Chromium (set its path with `CHROMIUM`; /usr/bin/chromium by default). Starts the app three times and writes five
poems on a page of the last one.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from benchmarks import figures
from benchmarks.figures import Figure, median
from benchmarks.sizes import full_or_tiny

ROOT = Path(__file__).resolve().parent.parent
STARTS, POEMS = full_or_tiny((3, 5), (1, 1))
TOPIC = "The app"

FIRST_CHARACTER = """() => new Promise((done) => {
  const began = performance.now();
  document.querySelector('#write-button').click();
  const look = () => {
    const line = document.querySelector('.poem.writing .line, .poem .line');
    const hidden = [...document.querySelectorAll('.poem .unwritten')].reduce((n, e) => n + e.textContent.length, 0);
    const shown = [...document.querySelectorAll('.poem .line')].reduce((n, e) => n + e.textContent.length, 0) - hidden;
    if (line && document.querySelector('#stop-button').offsetParent && shown > SEED) done(performance.now() - began);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


def started(port: int) -> tuple[subprocess.Popen[bytes], float]:
    began = time.perf_counter()
    app = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(port)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
            return app, time.perf_counter() - began
        except OSError:
            if app.poll() is not None:
                sys.exit("The app did not start.")
            time.sleep(0.02)


def most_memory(process: int) -> float | None:
    """Return the peak memory of a process in MB; None if the system doesn't report it."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1000 * 1.024 for line in lines if line.startswith("VmHWM")), None)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def first_visit(browser: Browser, url: str) -> Figure:
    """Open the page with an empty cache, and count the requests until nothing is asked for any more."""
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(url)
    page.wait_for_selector(".poem .line")
    count = 0
    while count < len(asked):
        count = len(asked)
        page.wait_for_timeout(3_000)
    page.close()
    gradio = sum(each.startswith(("/assets/", "/static/", "/theme.css")) for each in asked)
    events = sum(each.startswith("/gradio_api/") for each in asked)
    compared = f"{gradio} are files of Gradio, {events} events, {len(asked) - gradio - events} files of ours"
    return Figure(TOPIC, "requests of a first visit", len(asked), "", "≤ 43", compared=compared)


def measure(quick: bool = False) -> Iterator[Figure]:
    """Start the app and write on its page; a quick run starts it twice."""
    waits, starts = [], min(2, STARTS) if quick else STARTS
    for number in range(starts):
        port = free_port()
        app, seconds = started(port)
        waits.append(seconds)
        if number + 1 < starts:
            app.terminate()
            app.wait()
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                args=[
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-background-networking",
                    "--disable-component-update",
                ],
            )
            visit = first_visit(browser, f"http://127.0.0.1:{port}/")
            page = browser.new_page()
            seed = "The sea at night"
            clicks = []
            for _ in range(POEMS):
                # A new page each time: a poem that is still shown would be taken for the new one.
                page.goto(f"http://127.0.0.1:{port}/")
                page.wait_for_selector(
                    "#write-button", state="attached"
                )  # which says Write another on a poem
                page.fill("#seed textarea", seed)
                page.wait_for_timeout(2500)
                clicks.append(page.evaluate(FIRST_CHARACTER.replace("SEED", str(len(seed)))) / 1000)
            browser.close()
        memory = most_memory(app.pid)
    finally:
        app.terminate()
        app.wait()
    yield median(TOPIC, "start until the page opens", waits, "s", "≤ 5")
    yield median(TOPIC, "click to the first character", clicks, "s", "≤ 0.3")
    yield visit
    if memory:
        name = "peak memory of the app's process after writing"
        yield Figure(TOPIC, name, round(memory), "MB", "≤ 350")


if __name__ == "__main__":
    sys.exit(figures.report(measure()))
