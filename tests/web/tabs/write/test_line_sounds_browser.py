"""Syllables and rhymes beside the lines, in a real browser."""

from typing import Any

import pytest

from tests.web.conftest import Served
from tests.web.tabs.write.test_line_by_line_browser import text

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LINES = ["The small grey bird sings in the tree,", "and no one hears it but the sea"]
SHOWN = "[...document.querySelectorAll('.poem .line')].map((line) => line.dataset.sounds ?? '')"


def wait_for_labels(page: Any, *labels: str) -> None:
    page.wait_for_function(f"(wanted) => ({SHOWN}).join('|') === wanted", arg="|".join(labels))


@pytest.mark.parametrize("window", [(1280, 900)], indirect=True)
def test_syllables_and_rhymes_stand_beside_the_lines_while_one_types(window: Any, served: Served) -> None:
    page = window
    page.goto(served.url)
    page.wait_for_selector(".poem .line")
    page.click(".poem")
    page.keyboard.type("\n".join(LINES))
    page.wait_for_selector("[data-part=saved]:not([hidden])")
    page.wait_for_timeout(1_000)  # longer than it takes to ask for them
    assert page.evaluate(SHOWN) == ["", ""]  # off by default
    page.click("#more > button")
    page.check("#line-sounds input")
    wait_for_labels(page, "8 A", "8 A")
    look = page.evaluate(
        "(({ content, fontSize }) => [content, fontSize])(getComputedStyle(document.querySelector('.poem .line'), '::after'))"
    )
    assert look == ['"8 A" / ""', "12px"]
    assert text(page) == "\n".join(LINES)
    assert "8 A" not in page.locator(".poem").aria_snapshot()

    # A number never stands beside words that it wasn't counted for; the other line keeps its own.
    page.click(".poem .line >> nth=1")
    page.keyboard.press("End")
    page.keyboard.type("s")
    assert page.evaluate(SHOWN) == ["8 A", ""]
    page.keyboard.type("hell")
    wait_for_labels(page, "8", "9")

    # The browser remembers the switches.
    page.uncheck("#mark-mine input")
    page.reload()
    wait_for_labels(page, "8", "9")
    assert page.locator(".poem-page.unmarked").count() == 1
    page.click("#more > button")
    page.wait_for_selector("#line-sounds input:checked")
    assert not page.is_checked("#mark-mine input") and not page.is_checked("#skip-animation input")
    page.uncheck("#line-sounds input")
    assert page.evaluate(SHOWN) == ["", ""]
    page.check("#mark-mine input")
    assert page.locator(".poem-page.unmarked").count() == 0
