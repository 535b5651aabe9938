"""The Shelf tab in a real browser: a poet renamed, deleted, had back, downloaded, taken in again, and written with."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from poetbot.poets.folder import load, save_epoch
from tests.web.windows import PHONE_FIRST

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def tab(
    window: Any,
    served: Any,
    poet_root: Path,
    poetbot_home: Path,
) -> Any:
    """The Shelf tab with a poet of one's own, in a window of its own."""
    folder = Path(shutil.copytree(poet_root / "tiny", poetbot_home / "poets" / "mine"))
    save_epoch(folder, 1, load(folder).tensors)
    (folder / "history.jsonl").write_text(
        '{"epoch": 1, "training_nats": 2.0, "validation_nats": 2.1, "sample": "<img src=x onerror=alert(1)>"}\n'
        '{"epoch": 2, "training_nats": 1.5, "validation_nats": 1.9, "sample": "a bird"}\n'
    )
    page = window
    page.goto(served.url)
    page.click("role=tab[name=Shelf]")
    page.wait_for_selector(poet("mine"))
    return page


def poet(name: str) -> str:
    return f"details.poet[data-poet='{name}']"


def opened(page: Any, name: str) -> str:
    """Wait until a poet is shown as a whole."""
    page.wait_for_selector(f"{poet(name)}[open] .sample")
    return poet(name)


def said(page: Any, sentence: str) -> None:
    page.wait_for_function(
        "(sentence) => document.querySelector('.sh [data-part=said]').innerText.includes(sentence)",
        arg=sentence,
    )


@PHONE_FIRST
def test_a_poet_goes_through_all_that_can_be_done_with_it(
    tab: Any, poetbot_home: Path, tmp_path: Path
) -> None:
    page = tab
    page.click(f"{poet('mine')} summary")
    mine = opened(page, "mine")
    assert "<img src=x onerror" in page.inner_text(f"{mine} blockquote >> nth=0")
    assert page.locator(".sh img, .sh script").count() == 0 and page.locator(f"{mine} polyline").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]

    # renamed, by keyboard, and a name that cannot be
    page.click(f"{mine} [data-do=ask-name]")
    page.keyboard.type("a/b")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sh .notices p")
    assert "leave the / sign out" in page.inner_text(".sh .notices")
    page.fill(f"{mine} .new-name input", "Emily")
    page.keyboard.press("Enter")
    emily = opened(page, "Emily")
    said(page, "It is called Emily now.")
    assert page.inner_text(".sh .notices") == "" and (poetbot_home / "poets" / "Emily").is_dir()

    # downloaded, deleted, had back
    with page.expect_download() as saving:
        page.click(f"{emily} [data-do=pack]")
    assert saving.value.suggested_filename == "Emily.zip"
    saving.value.save_as(tmp_path / "Emily.zip")
    page.click(f"{emily} [data-do=remove]")
    said(page, "Emily is in the trash.")
    assert page.locator(emily).count() == 0
    page.click(".sh .said [data-do=back]")
    opened(page, "Emily")

    # taken in again, and what is no poet is not
    (tmp_path / "no.zip").write_bytes(b"nothing")
    for file, sentence in (
        ("no.zip", "no poet that can be taken in"),
        ("Emily.zip", "Emily 2 is on the shelf."),
    ):
        with page.expect_file_chooser() as choosing:
            page.click("#sh-take-in")
        choosing.value.set_files(tmp_path / file)
        page.wait_for_function(
            "(sentence) => document.querySelector('.sh').innerText.includes(sentence)", arg=sentence
        )
    again = opened(page, "Emily 2")

    # written with as it was
    page.click(f"{again} [data-epoch='1']")
    page.wait_for_function("document.querySelector('#poet input').value === 'Emily 2, after pass 1'")
    page.click("#write-button")
    page.wait_for_selector(".after.ready:not(.resting)")
    page.click(".receipt summary")
    assert "poetbot write 'Emily 2' --epoch 1" in page.inner_text(".receipt pre")


@PHONE_FIRST
def test_a_poet_that_comes_meanwhile_can_be_chosen_when_one_goes_back_to_write(
    tab: Any, poetbot_home: Path
) -> None:
    page = tab
    shutil.copytree(poetbot_home / "poets" / "mine", poetbot_home / "poets" / "new")
    page.click("role=tab[name=Write]")
    if page.locator("#settings-button").is_visible():
        page.click("#settings-button")
    page.wait_for_timeout(1000)
    page.click("#poet input")
    page.click("role=option[name='new']")
    assert page.input_value("#poet input") == "new"
