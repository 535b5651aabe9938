"""Measure how fast the app writes and responds during training. With --dickinson: the gain from three minutes of fine-tuning.

A training run is started as from the page, in a temporary data folder. Its worker is paused and resumed in turn, so that an
idle and a busy machine are measured side by side: characters per second of the app's endpoint, and in a browser the time from
a click to the first character and from Random opening to its words. Needs Chromium (set its path with `CHROMIUM`;
/usr/bin/chromium by default) and a system with SIGSTOP.

--dickinson fine-tunes `english`, which never read her, on 30 KB and on 120 KB of Emily Dickinson for three minutes each, one
after the other, and scores parent and poets on the same 20 % of all her poems (rng 0, near-duplicates on one side).
`--minutes` sets other minutes for a quick try; the bars are for three.
"""

import argparse
import json
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

import numpy as np
from gradio_client import Client
from playwright.sync_api import sync_playwright

from benchmarks import figures
from benchmarks.app import FIRST_CHARACTER, free_port
from benchmarks.figures import Figure, median
from benchmarks.sizes import full_or_tiny
from poetbot.corpus.loading import read_poems
from poetbot.corpus.named_corpora import read_named
from poetbot.poem import Poem
from poetbot.poets.training_run import TrainingRun
from poetbot.runs.completion import discard
from poetbot.runs.job import Job, State
from poetbot.runs.progress_log import latest_events
from poetbot.runs.start import start
from poetbot.storage import Home
from poetbot.training.split import split

ROOT = Path(__file__).resolve().parents[1]
DICKINSON = ROOT.parent / "shared" / "data" / "english" / "clean" / "dickinson.jsonl"
TURNS, CHARACTERS = full_or_tiny((5, 4000), (1, 200))
TOPIC = "The app"
BARS = {30_000: 4.0, 120_000: 7.0}  # characters of poems: minimum per cent of the parent's bits saved

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


def some(poems: list[Poem], characters: int) -> list[Poem]:
    """Return the first poems that have `size` characters together."""
    total = np.cumsum([len(poem.text) for poem in poems])
    return poems[: int(np.searchsorted(total, characters)) + 1]


def bits(poet: Path | str, poems: Path) -> float:
    """Return the bits per character that a poet needs for poems, as `score` does."""
    command = [sys.executable, "-m", "poetbot", "score", str(poet), str(poems), "--json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return float(json.loads(done.stdout)["bits_per_character"])


def dickinson(minutes: float) -> Iterator[Figure]:
    """Fine-tune on two amounts of her poems."""
    if not DICKINSON.is_file():
        sys.exit("This benchmark needs the folder shared/ with real books next to the checkout.")
    rng = np.random.default_rng(0)
    parts = split(read_poems(DICKINSON).poems, rng, share=0.2)
    brought = [parts.training[k] for k in rng.permutation(len(parts.training))]
    with tempfile.TemporaryDirectory() as folder:
        home, held_out = Home(Path(folder, "home")), Path(folder, "held-out.jsonl")
        held_out.write_text("".join(json.dumps({"text": poem.text}) + "\n" for poem in parts.validation))
        parent = bits("english", held_out)
        for characters, bar in BARS.items():
            poems = some(brought, characters)
            job = start(home, TrainingRun(f"emily {characters}", parent="english", minutes=minutes), poems)
            try:
                while job.state().alive:
                    time.sleep(1)
            finally:
                if job.state().alive:
                    discard(job)  # it would continue without us
            poet = job.poet()
            if job.state() is not State.FINISHED or poet is None:
                sys.exit(f"The job ended: {job.error()}")
            after = bits(poet, held_out)
            took = json.loads((poet / "poet.json").read_text())["training"]["minutes"]
            yield Figure(
                "Fine-tuning",
                f"{characters // 1000} KB of Emily Dickinson, from `english` in {took} minutes: {len(poems)} poems",
                round(100 * (1 - after / parent), 1),
                "% fewer bits",
                f"≥ {bar:g}",
                compared=f"{after:.3f} bits per character on {len(parts.validation)} poems held out, before {parent:.3f}",
            )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dickinson", action="store_true", help="fine-tune on Emily Dickinson instead")
    parser.add_argument("--minutes", type=float, default=3.0, help="of each fine-tuning (default: 3)")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no job is left running
    return figures.report(dickinson(chosen.minutes) if chosen.dickinson else measure())


if __name__ == "__main__":
    sys.exit(main())
