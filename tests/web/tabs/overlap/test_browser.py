"""The Overlap tab in a real browser: sources by click and by keyboard, files to keep, and nothing that is run."""

import json
from pathlib import Path
from typing import Any

import pytest

from poetbot.poets.folder import load
from poetbot.writing import Request, write
from tests.web.windows import PHONE_FIRST

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

XSS = "<script>document.title='broken in'</script> <img src=x onerror=\"document.title='broken in'\">"
BIRD = "One small grey bird,\nupon the sill"


@pytest.fixture
def tab(window: Any, served: Any) -> Any:
    """The Overlap tab in a window of its own."""
    page = window
    page.goto(served.url)
    page.click("role=tab[name=Overlap]")
    page.wait_for_selector("#ov-check", state="visible")
    page.wait_for_selector("#ov-page [aria-busy=false]")  # its script runs
    return page


def check(page: Any, text: str) -> None:
    page.fill("#ov-text textarea", text)
    page.focus("#ov-text textarea")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#overlap:not(.checking) .summary")


@PHONE_FIRST
def test_a_text_is_checked_its_sources_opened_and_its_report_saved(
    tab: Any, poet_root: Path, tmp_path: Path
) -> None:
    page = tab
    poem = write(load(poet_root / "tiny"), Request("what was in it, and", rng=7, lines=4)).text
    check(page, f"{XSS}\n{BIRD}\n\n{poem}")
    width = page.viewport_size["width"]
    marks = page.locator(".text mark[role=button]")
    assert marks.count() == 2

    # by keyboard: Tab from the downloads to the first mark, Enter into the sources, Esc back
    page.focus("[data-save=html]")
    page.keyboard.press("Tab")
    page.wait_for_selector(".sources .title", state="visible")
    assert "Bird" in page.inner_text(".sources-card") and "line 1" in page.inner_text(".sources-card")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className") == "sources-card"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.note") == "0"

    # by click, on a poem whose title and author are scripts
    page.locator(".text mark[data-note='1']").last.click()
    page.wait_for_function("document.querySelector('.sources-card').innerText.includes('<img src=x onerror')")
    assert "<script>" in page.inner_text(".text .line >> nth=0")
    assert (
        page.locator(".overlap-report script, .overlap-report img").count() == 0 and page.title() == "PoetBot"
    )
    assert page.evaluate("document.documentElement.scrollWidth") == width
    if width < 1000:
        page.click(".sources-card .close")
        assert not page.locator(".sources-card").is_visible()
    assert (
        page.locator(".novelty .chart circle").count() >= 10
        and page.locator("table.figures tbody tr").count() == 8
    )

    with page.expect_download() as saving:
        page.click("[data-save=json]")
    report = json.loads(saving.value.path().read_text("utf-8"))
    assert report["longest"]["words"] > 4 and saving.value.suggested_filename.endswith("-overlap.json")
    with page.expect_download() as saving:
        page.click("[data-save=html]")
    kept = tmp_path / "kept.html"
    saving.value.save_as(kept)
    page.goto(kept.as_uri())
    assert "Overlap with the training poems of tiny" in page.title()
    assert page.locator("script, img").count() == 0
    page.click("a.common, a.rare")
    assert page.locator("li:target").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") == width


@PHONE_FIRST
def test_a_file_is_opened_and_nothing_to_check_is_reported(tab: Any, tmp_path: Path) -> None:
    page = tab
    check(page, BIRD)
    page.fill("#ov-text textarea", "")
    page.click("#ov-check")
    page.wait_for_selector("#ov-page .notices p")
    assert page.locator("#ov-page .summary").count() == 0 and page.is_visible("#ov-page .blank")
    assert "nothing to check" in page.inner_text("#ov-page .notices")
    page.wait_for_selector("#ov-check", state="visible")
    file = tmp_path / "draft.txt"
    file.write_text(f"{BIRD}\n%\n{BIRD}", "utf-8")
    page.locator("#overlap input[type=file]").set_input_files(file)
    page.wait_for_selector("#overlap:not(.checking) .summary")
    assert "draft.txt: overlap with the training poems of tiny" in page.inner_text("#ov-page")
    assert "The 2 poems compared with each other" in page.inner_text("#ov-page")
    assert page.input_value("#ov-text textarea").startswith(BIRD)
    page.fill("#ov-text textarea", "")
    page.fill("#ov-given textarea", "Two owls")
    file = tmp_path / "gulls.txt"
    file.write_text("Two gulls\nupon the sill", "utf-8")
    page.locator("#overlap input[type=file]").set_input_files(file)
    page.wait_for_function(
        "!document.querySelector('#ov-page').innerText.includes('compared with each other')"
    )
    page.wait_for_selector("#overlap:not(.checking) .summary")
    assert page.input_value("#ov-given textarea") == "" and "your first words" not in page.inner_text(
        "#ov-page"
    )
