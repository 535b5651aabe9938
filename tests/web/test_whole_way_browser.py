"""From upload to poem in a browser: poems are uploaded, one is left out, a poet is trained on them while the page is
closed and opened again, and writes.
"""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest

from poetbot.poets.folder import load
from poetbot.runs import start, time_estimate
from poetbot.runs.job import list_jobs
from poetbot.storage import Home
from tests.runs.conftest import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PATIENCE = 240_000  # milliseconds; a busy machine is no failure
THINGS = """lamp kettle street river apple winter garden letter harbour sparrow window candle orchard bridge pillow
    ladder feather wagon lantern meadow chimney button thimble anchor basket""".split()  # noqa: SIM905
DOES = "keeps finds forgets mends follows paints carries hears counts wakes".split()  # noqa: SIM905
HOW = "old slow golden little broken quiet crooked early wooden silver".split()  # noqa: SIM905
PROSE = (
    "The ferry was late again, and nobody was told why, though we had waited on the landing stage for an hour and "
    "more with all our bags; in the end a boy came out and said it would not come, and we walked back up the hill."
)


def song(rng: np.random.Generator) -> str:
    """Two stanzas unlike any others: of poems that are nearly the same only one is kept."""

    def line() -> str:
        first, second = rng.choice(THINGS, 2, replace=False)
        return f"My {rng.choice(HOW)} {first} {rng.choice(DOES)} a {second}"

    return "\n\n".join(",\n".join(line() for _ in range(4)) + "." for _ in range(2))


def book() -> str:
    rng = np.random.default_rng(1)
    poems = [f"{title.upper()}\n\n{song(rng)}" for title in THINGS[:10]]
    return "\n\n\n\n".join([*poems, PROSE]) + "\n"


@pytest.fixture
def home(poetbot_home: Path, poet_root: Path) -> Iterator[Home]:
    """A home in which the poet `tiny` can be taught, on a machine whose speed is known."""
    home = Home.default()
    shutil.copytree(poet_root / "tiny", home.create(home.poets) / "tiny")
    time_estimate.store_rate(home, time_estimate.SpeedKey(60, 1.0, load("tiny").recipe), 20_000)
    yield home
    for job in list_jobs(home):
        start.stop(job)
    until(lambda: not any(job.state().alive for job in list_jobs(home)), 200)


@pytest.fixture
def open_page(
    chromium: Any, served: Any, home: Home, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Any]]:
    """Open the Teach tab in the browser of one person; nothing may fail or leave the machine."""
    # Every test has a folder of its own for what a user leaves on the disk; the app is served for all of them.
    monkeypatch.setenv("GRADIO_TEMP_DIR", served.blocks.GRADIO_CACHE)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    asked: list[str] = []
    errors: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: errors.append(str(error.error)))
    context.set_default_timeout(PATIENCE)

    def open_page() -> Any:
        page = context.new_page()
        page.goto(served.url)
        page.click("role=tab[name=Teach]")
        page.wait_for_selector("#training-start", state="visible")
        return page

    yield open_page
    context.close()
    own = urlsplit(served.url).netloc
    strangers = [
        url for url in asked if urlsplit(url).scheme.startswith("http") and urlsplit(url).netloc != own
    ]
    assert (strangers, errors) == ([], [])


def bring(page: Any, tmp_path: Path) -> None:
    file = tmp_path / "songs.txt"
    file.write_text(book(), "utf-8")
    page.locator("#upload-files input[type=file]").set_input_files(file)
    page.wait_for_selector(".review h3.name")


def estimate(page: Any, says: str) -> None:
    page.wait_for_function(
        "(says) => document.querySelector('#training-estimate').innerText.includes(says)", arg=says
    )


def teach(page: Any, minutes: str) -> None:
    page.fill("#training-minutes input", minutes)
    page.fill("#training-name input, #training-name textarea", "Songs")
    page.locator("#training-name input, #training-name textarea").blur()
    page.click("#training-start")
    page.wait_for_selector(".job:not([hidden])")


def state(page: Any, *wanted: str) -> None:
    page.wait_for_function(
        "(wanted) => wanted.includes(document.querySelector('.job').dataset.state)", arg=list(wanted)
    )


def test_from_upload_to_poem(open_page: Callable[[], Any], home: Home, tmp_path: Path) -> None:
    page = open_page()
    page.click("#training-start")
    page.wait_for_selector("#training-page .notices p")
    assert page.inner_text("#training-page .notices") == "Upload some poems first."

    # brought, seen, and a poem left out
    bring(page, tmp_path)
    estimate(page, "your 10 poems")
    poems = page.locator(".review .parts li:has(.about strong:text-is('Poem'))")
    poems.first.locator(".toggle").click()
    estimate(page, "your 9 poems")

    # taught; the page is closed, and another one finds the run
    teach(page, "0.05")
    page.close()
    page = open_page()
    state(page, "waiting", "running", "finished")
    assert page.inner_text(".job h2") == "Songs"
    state(page, "finished")
    assert "Songs is now one of your poets" in page.inner_text(".job .state")
    (job,) = list_jobs(home)
    assert (
        job.training_run().parent == "tiny"
        and len((job.folder / "poems.jsonl").read_text().splitlines()) == 9
    )

    # what it has learned: the numbers of the curve, the samples, before and after
    assert page.locator("svg.chart polyline.held-out").count() == 1
    page.click(".job summary")
    assert page.locator(".job table tbody tr").count() >= 2
    page.click(".job .stages button >> nth=0")
    assert page.get_attribute(".job .stages button >> nth=0", "aria-pressed") == "true"
    before = page.inner_text(".job .sample")
    page.click(".job .stages button >> nth=-1")
    assert page.inner_text(".job .sample") != before
    page.wait_for_selector(".job .comparison .verse >> nth=1")
    page.fill(".job .seed", "the kettle")
    page.press(".job .seed", "Enter")
    page.wait_for_function(
        "document.querySelectorAll('.job .comparison .given')[1]?.textContent === 'the kettle'"
    )
    assert "Before: tiny" in page.inner_text(".job .comparison") and "After: Songs" in page.inner_text(
        ".job .comparison"
    )

    # and it writes
    page.click("[data-do=write]")
    page.wait_for_selector("#write-button", state="visible")
    assert page.input_value("#poet input") == "Songs"
    page.fill("#seed textarea", "the river")
    page.click("#write-button")
    page.wait_for_selector(".after.ready:not(.resting)")
    assert page.inner_text(".poem .given") == "the river"
    page.click(".receipt summary")
    assert page.inner_text(".receipt p >> nth=0").startswith("Songs ")

    # downloaded, and taken in again
    page.click("role=tab[name=Poets]")
    page.click("details.poet[data-poet='Songs'] summary")
    with page.expect_download() as saving:
        page.click("details.poet[data-poet='Songs'] [data-do=pack]")
    saving.value.save_as(tmp_path / "Songs.zip")
    with page.expect_file_chooser() as choosing:
        page.click("#pt-import")
    choosing.value.set_files(tmp_path / "Songs.zip")
    page.wait_for_function("document.querySelector('.pt').innerText.includes('Songs 2 imported.')")
    assert load("Songs 2").id == load("Songs").id


@pytest.mark.slow
def test_a_run_is_paused_killed_and_discarded(
    open_page: Callable[[], Any], home: Home, tmp_path: Path
) -> None:
    page = open_page()
    bring(page, tmp_path)
    estimate(page, "your 10 poems")
    page.click("#training-parent input")  # from scratch, because fine-tuning ten poems is soon over
    page.click("#training-parent [role=option]:last-child")
    teach(page, "30")
    page.wait_for_function("document.querySelector('.job .figures dd').textContent.includes(' of ')")
    page.click("[data-do=pause]")
    state(page, "stopped")
    assert "Paused" in page.inner_text(".job .state")
    page.click("[data-do=resume]")
    state(page, "running")
    (job,) = list_jobs(home)
    until(job.worker_lives, 200)
    os.kill(job.read("worker.json")["pid"], signal.SIGKILL)
    state(page, "dead")
    assert "was killed" in page.inner_text(".job .state")
    assert page.evaluate("document.querySelector('[data-do=resume]') !== null")
    page.click("[data-do=discard]")
    page.click("[data-do=cancel-discard]")
    page.click("[data-do=discard]")
    page.click("[data-do=confirm-discard]")
    page.wait_for_selector(".job", state="hidden")
    assert list_jobs(home) == []
