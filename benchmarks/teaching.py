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

from benchmarks.app import FIRST_CHARACTER, free_port
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
SPEED_BAR, CLICK_BAR = 0.5, 0.5  # of the idle speed; seconds
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


def beside_a_job() -> bool:
    """Measure the app while idle and during a job; return whether the bars are met."""
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
                    for turn in range(TURNS):
                        os.kill(worker, signal.SIGSTOP)
                        idle.append(speed(client, turn))
                        os.kill(worker, signal.SIGCONT)
                        time.sleep(1)
                        busy.append(speed(client, turn))
                        waits.append(clicks(page, url))
                finally:
                    os.kill(worker, signal.SIGCONT)
            browser.close()
    share = statistics.median(b / i for b, i in zip(busy, idle, strict=True))
    first, throw = ([wait[k] for wait in waits] for k in (0, 1))
    print("| the app during a job | median | range | bar |\n|---|---|---|---|")
    for what, values in (
        ("characters per second, job paused", idle),
        ("characters per second, job running", busy),
    ):
        print(f"| {what} | {statistics.median(values):,.0f} | {min(values):,.0f} to {max(values):,.0f} | |")
    print(f"| share of its idle speed | {share:.0%} | | {SPEED_BAR:.0%} |")
    for what, values in (("click to the first character, s", first), ("throw of the die, s", throw)):
        print(
            f"| {what} | {statistics.median(values):.2f} | {min(values):.2f} to {max(values):.2f} | {CLICK_BAR} |"
        )
    return share >= SPEED_BAR and max(map(statistics.median, (first, throw))) <= CLICK_BAR


def some(poems: list[Poem], characters: int) -> list[Poem]:
    """Return the first poems that have `size` characters together."""
    total = np.cumsum([len(poem.text) for poem in poems])
    return poems[: int(np.searchsorted(total, characters)) + 1]


def bits(poet: Path | str, poems: Path) -> float:
    """Return the bits per character that a poet needs for poems, as `score` does."""
    command = [sys.executable, "-m", "poetbot", "score", str(poet), str(poems), "--json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return float(json.loads(done.stdout)["bits_per_character"])


def dickinson(minutes: float) -> bool:
    """Fine-tune on two amounts of her poems; return whether the bars are met."""
    if not DICKINSON.is_file():
        sys.exit("This benchmark needs the folder shared/ with real books next to the checkout.")
    rng = np.random.default_rng(0)
    parts = split(read_poems(DICKINSON).poems, rng, share=0.2)
    brought = [parts.training[k] for k in rng.permutation(len(parts.training))]
    met = True
    with tempfile.TemporaryDirectory() as folder:
        home, held_out = Home(Path(folder, "home")), Path(folder, "held-out.jsonl")
        held_out.write_text("".join(json.dumps({"text": poem.text}) + "\n" for poem in parts.validation))
        parent = bits("english", held_out)
        print(f"\nBits per character on {len(parts.validation)} held-out poems of Emily Dickinson:\n")
        print(
            "| poet | poems added | characters | minutes | bits | better by | bar |\n|---|---|---|---|---|---|---|"
        )
        print(f"| english as it is | | | | {parent:.4f} | | |", flush=True)
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
            saved = 100 * (1 - after / parent)
            met &= saved >= bar
            size = sum(len(poem.text) for poem in poems)
            took = json.loads((poet / "poet.json").read_text())["training"]["minutes"]
            print(
                f"| fine-tuned | {len(poems)} | {size:,} | {took} | {after:.4f} | {saved:.1f} % | {bar:.0f} % |",
                flush=True,
            )
    return met


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dickinson", action="store_true", help="fine-tune on Emily Dickinson instead")
    parser.add_argument("--minutes", type=float, default=3.0, help="of each fine-tuning (default: 3)")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no job is left running
    met = dickinson(chosen.minutes) if chosen.dickinson else beside_a_job()
    print("\nmet" if met else "\nmissed")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
