"""Measure how long the Teach tab takes to read an upload, and to answer a click on a verdict.

Uploads 300 KB and 20 MB of real books (the folder shared/ next to the checkout) to a new app in a real browser. Prints the
seconds until the verdicts are on the page, how often the progress moved, the peak memory of the app's process and of the
process that reads the files, and the seconds from a click on a verdict to the answer.

Needs Chromium (set its path with `CHROMIUM`; /usr/bin/chromium by default) and Linux (for the memory).
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks import figures
from benchmarks.app import free_port, most_memory, started
from benchmarks.figures import Figure, median, rounded
from benchmarks.sizes import full_or_tiny

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SIZES = full_or_tiny(
    {"300 KB": (300_000, 2.0), "20 MB": (20_000_000, 15.0)},
    {"300 KB": (300_000, 2.0)},
)
TOPIC = "The app"

WATCH = """() => { window.steps = new Set(); new MutationObserver(() =>
    window.steps.add(document.querySelector('.review progress').value)).observe(
    document.querySelector('.review progress'), { attributes: true }); }"""
FLIP = """() => new Promise((done) => {
  const button = document.querySelector('.review li .toggle'), began = performance.now();
  const before = button.dataset.do;
  button.click();
  const look = () => document.querySelector('.review li .toggle').dataset.do !== before
    ? done((performance.now() - began) / 1000) : requestAnimationFrame(look);
  requestAnimationFrame(look);
})"""


def books(size: int) -> bytes:
    """Return `size` bytes of books, one after the other, cut at the end of a line."""
    data = b""
    files = [file for file in sorted(DATA.rglob("*.txt")) if file.stat().st_size > 20_000]
    while len(data) < size:
        for file in files:
            data += file.read_bytes().decode("utf-8", "ignore").encode() + b"\n\n\n"
    return data[: data.rfind(b"\n", 0, size)]


class Memory(threading.Thread):
    """Samples the memory of the reading processes of a process."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.most, self.over = process, 0.0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.05):
            self.most = max([self.most, *(most_memory(child) or 0 for child in self.children())])

    def children(self) -> Iterator[int]:
        for task in Path(f"/proc/{self.process}/task").glob("*/children"):
            try:
                for child in map(int, task.read_text().split()):
                    # Another child process measures how fast the machine trains.
                    if (
                        b"poetbot.library.corpora.reading_process"
                        in Path(f"/proc/{child}/cmdline").read_bytes()
                    ):
                        yield child
            except OSError:
                continue


def measured(page: Any, url: str, name: str, file: Path, bar: float) -> Iterator[Figure]:
    page.goto(url)
    page.click("role=tab[name=Teach]")
    page.wait_for_selector("#upload-files input[type=file]", state="attached")
    page.wait_for_timeout(2000)
    page.evaluate(WATCH)
    began = time.perf_counter()
    page.locator("#upload-files input[type=file]").set_input_files(file)
    title = file.stem
    page.wait_for_function(
        f"document.querySelector('.review h3.name')?.textContent === '{title}'", timeout=300_000
    )
    page.wait_for_selector(".review li .toggle")
    seconds = rounded(time.perf_counter() - began)
    what = f"{name} of books uploaded on the Teach tab, upload to verdicts"
    yield Figure(TOPIC, what, seconds, "s", f"≤ {bar:g}")
    if name == "20 MB":
        steps = page.evaluate("window.steps.size")
        yield Figure(TOPIC, "progress updates while 20 MB are read", steps, "", "≥ 10")
    clicks = [page.evaluate(FLIP) for _ in range(3)]
    yield median(TOPIC, f"{name} of books, click on a verdict to its answer", clicks, "s", "≤ 0.5")


def measure(quick: bool = False) -> Iterator[Figure]:
    """Measure both uploads."""
    if not DATA.is_dir():
        sys.exit("This needs real books: the folder shared/ next to the checkout.")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["POETBOT_HOME"] = str(Path(folder) / "home")
        os.environ["GRADIO_TEMP_DIR"] = str(Path(folder) / "gradio")
        port = free_port()
        app, _ = started(port)
        memory = Memory(app.pid)
        memory.start()
        try:
            with sync_playwright() as play:
                browser = play.chromium.launch(
                    executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                    args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
                )
                page = browser.new_page()
                for name, (size, bar) in SIZES.items():
                    file = Path(folder) / f"books-{size}.txt"
                    file.write_bytes(books(size))
                    yield from measured(page, f"http://127.0.0.1:{port}/", name, file, bar)
                browser.close()
            most = round(most_memory(app.pid) or 0.0)
            yield Figure(TOPIC, "peak memory of the app while 20 MB are read", most, "MB", "≤ 500")
            name = "peak memory of the process that reads 20 MB, which then ends"
            yield Figure(TOPIC, name, round(memory.most), "MB", "≤ 500")
        finally:
            memory.over.set()
            app.terminate()
            app.wait()


if __name__ == "__main__":
    sys.exit(figures.report(measure()))
