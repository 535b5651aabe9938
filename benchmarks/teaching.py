"""Measure how fast the app writes and responds during training.

A training run is started as from the page, in a temporary data folder. Its worker is paused and resumed in turn, so that an
idle and a busy machine are measured side by side: characters per second of the app's endpoint, and in a browser the time from
a click to the first character and from Random opening to its words. Needs Chromium (set its path with `CHROMIUM`;
/usr/bin/chromium by default) and a system with SIGSTOP.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gradio_client import Client
from playwright.sync_api import sync_playwright

from benchmarks import figures
from benchmarks.app import FIRST_CHARACTER, free_port
from benchmarks.figures import Figure, median
from benchmarks.sizes import full_or_tiny
from poetbot.corpus.named_corpora import read_named
from poetbot.poets.training_run import TrainingRun
from poetbot.runs.completion import discard
from poetbot.runs.job import Job, State
from poetbot.runs.progress_log import latest_events
from poetbot.runs.start import start
from poetbot.storage import Home

ROOT = Path(__file__).resolve().parents[1]
TURNS, CHARACTERS = full_or_tiny((5, 4000), (1, 200))
TOPIC = "The app"

THROW = """() => new Promise((done) => {
  const box = document.querySelector('#seed textarea'), before = box.value, began = performance.now();
  document.querySelector('#random-opening').click();
  const look = () => box.value !== before ? done(performance.now() - began) : requestAnimationFrame(look);
  look();
})"""


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the app as `make app` does, and yield its address."""
    port = free_port()
    environment = {**os.environ, "POETBOT_HOME": str(home)}
    command = [sys.executable, "app.py", "--port", str(port)]
    app = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
                break
            except OSError:
                if app.poll() is not None:
                    sys.exit("The app did not start.")
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/"
    finally:
        app.terminate()
        app.wait()


@contextmanager
def training(home: Home) -> Iterator[Job]:
    """Start a job, yield it once training steps have begun, and delete it at the end."""
    poems = read_named("english-poems").poems[:300]
    job = start(home, TrainingRun("busy", parent="english", minutes=30), poems)
    try:
        while not any("step" in event for event in latest_events(job.out()).events):
            if not job.state().alive:
                sys.exit(f"The job ended: {job.error()}")
            time.sleep(0.5)
        yield job
        if job.state() is not State.RUNNING:
            sys.exit(f"The job ended while it was measured: {job.error()}")
    finally:
        discard(job)
        while job.folder.exists():
            time.sleep(0.2)


def speed(client: Client, rng: int) -> float:
    """Return the characters per second of one poem, from request to response."""
    began = time.perf_counter()
    client.predict(poet="english", characters=CHARACTERS, rng=rng, temperature=0.7, api_name="/write")
    return CHARACTERS / (time.perf_counter() - began)


def clicks(page: Any, url: str) -> list[float]:
    """Return the seconds to the first character, and to a random opening."""
    page.goto(url)
    page.wait_for_selector("#write-button")
    page.fill("#seed textarea", "The sea at night")
    page.wait_for_timeout(1500)
    first = page.evaluate(FIRST_CHARACTER.replace("SEED", str(len("The sea at night"))))
    page.click("#stop-button")
    page.wait_for_selector("#write-button", state="visible")
    return [first / 1000, page.evaluate(THROW) / 1000]


def measure(quick: bool = False) -> Iterator[Figure]:
    """Measure the app while idle and during a job; a quick run takes three turns."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        with served(home.root) as url, sync_playwright() as play:
            chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            client = Client(url, verbose=False)
            speed(client, 0)  # the first poem loads the poet
            idle, busy, waits = [], [], []
            with training(home) as job:
                worker = int(job.read("worker.json")["pid"])
                try:
                    for turn in range(min(3, TURNS) if quick else TURNS):
                        os.kill(worker, signal.SIGSTOP)
                        idle.append(speed(client, turn))
                        os.kill(worker, signal.SIGCONT)
                        time.sleep(1)
                        busy.append(speed(client, turn))
                        waits.append(clicks(page, url))
                finally:
                    os.kill(worker, signal.SIGCONT)
            browser.close()
    shares = [100 * b / i for b, i in zip(busy, idle, strict=True)]
    rates = [f"{statistics.median(each):,.0f} ({min(each):,.0f}–{max(each):,.0f})" for each in (busy, idle)]
    told = f"{rates[0]} and {rates[1]} characters/s in turn"
    name = "writing speed of the app during training"
    yield median(TOPIC, name, shares, "% of its speed while training is paused", "≥ 50", told)
    for k, what in enumerate(("the first character", "a random opening")):
        yield median(TOPIC, f"click to {what} during training", [wait[k] for wait in waits], "s", "≤ 0.5")


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no job is left running
    return figures.report(measure())


if __name__ == "__main__":
    sys.exit(main())
