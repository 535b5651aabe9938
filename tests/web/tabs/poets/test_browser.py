"""The Poets tab in a real browser: rename, delete, restore, download, import and use a poet."""

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
    """The Poets tab in its own window, with a poet of the visitor's own."""
    folder = Path(shutil.copytree(poet_root / "tiny", poetbot_home / "poets" / "mine"))
    save_epoch(folder, 1, load(folder).tensors)
    (folder / "history.jsonl").write_text(
        '{"epoch": 1, "training_nats": 2.0, "validation_nats": 2.1, "sample": "<img src=x onerror=alert(1)>"}\n'
        '{"epoch": 2, "training_nats": 1.5, "validation_nats": 1.9, "sample": "a bird"}\n'
    )
    page = window
    page.goto(served.url)
    page.click("role=tab[name=Poets]")
    page.wait_for_selector(poet("mine"))
    return page


def poet(name: str) -> str:
    return f"details.poet[data-poet='{name}']"


def opened(page: Any, name: str) -> str:
    """Wait for a poet's details."""
    page.wait_for_selector(f"{poet(name)}[open] .sample")
    return poet(name)


def wait_for_message(page: Any, sentence: str) -> None:
    page.wait_for_function(
        "(sentence) => document.querySelector('.pt [data-part=message]').innerText.includes(sentence)",
        arg=sentence,
    )


@PHONE_FIRST
def test_everything_that_can_be_done_with_a_poet(tab: Any, poetbot_home: Path, tmp_path: Path) -> None:
    page = tab
    page.click(f"{poet('mine')} summary")
    mine = opened(page, "mine")
    assert "<img src=x onerror" in page.inner_text(f"{mine} blockquote >> nth=0")
    assert page.locator(".pt img, .pt script").count() == 0 and page.locator(f"{mine} polyline").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]

    # rename by keyboard, with a forbidden name first
    page.click(f"{mine} [data-do=ask-name]")
    page.keyboard.type("a/b")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{mine} .new-name .error:has-text('Remove /.')")  # beside the field
    assert page.inner_text(".pt .errors") == "" and page.is_visible(f"{mine} .new-name input")
    page.fill(f"{mine} .new-name input", "Emily")
    page.keyboard.press("Enter")
    emily = opened(page, "Emily")
    wait_for_message(page, "Renamed to Emily.")
    assert page.inner_text(".pt .errors") == "" and (poetbot_home / "poets" / "Emily").is_dir()

    # download, delete, restore
    with page.expect_download() as saving:
        page.click(f"{emily} [data-do=pack]")
    assert saving.value.suggested_filename == "Emily.zip"
    saving.value.save_as(tmp_path / "Emily.zip")
    page.click(f"{emily} [data-do=remove]")
    wait_for_message(page, "Emily is in the trash.")
    assert page.locator(emily).count() == 0
    markers = "getComputedStyle(document.querySelector('.pt .trash > summary')).listStyleType"
    assert page.evaluate(markers) == "disclosure-closed"
    page.click(".pt .message [data-do=restore]")
    opened(page, "Emily")

    # import a file that is not a poet, then the poet
    for file in ("no.zip", "notes.txt"):
        (tmp_path / file).write_bytes(b"nothing")
    for file, sentence in (
        ("no.zip", "This file can't be imported"),
        ("notes.txt", "This file can't be imported"),
        ("Emily.zip", "Emily 2 imported."),
    ):
        with page.expect_file_chooser() as choosing:
            page.click("#pt-import")
        choosing.value.set_files(tmp_path / file)
        page.wait_for_function(
            "(sentence) => document.querySelector('.pt').innerText.includes(sentence)", arg=sentence
        )
        assert page.locator(".toast-body").count() == 0
    again = opened(page, "Emily 2")

    # write with an early epoch
    page.click(f"{again} [data-epoch='1']")
    page.wait_for_function("document.querySelector('#poet input').value === 'Emily 2, after epoch 1'")
    page.click("#write-button")
    page.wait_for_selector(".after.ready:not(.resting)")
    page.click(".receipt summary")
    assert "poetbot write 'Emily 2' --epoch 1" in page.inner_text(".receipt pre")


@PHONE_FIRST
def test_a_new_poet_can_be_chosen_on_the_write_tab(tab: Any, poetbot_home: Path) -> None:
    page = tab
    shutil.copytree(poetbot_home / "poets" / "mine", poetbot_home / "poets" / "new")
    page.click("role=tab[name=Write]")
    if page.locator("#settings-button").is_visible():
        page.click("#settings-button")
    page.wait_for_timeout(1000)
    page.click("#poet input")
    page.click("role=option[name='new']")
    assert page.input_value("#poet input") == "new"
