"""The example of a first visit: its HTML, and that it goes without a trace."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from poetbot.locale import locale
from poetbot.overlap import OverlapIndex
from poetbot.overlap.tokens import words
from poetbot.poem import Poem
from poetbot.poets.folder import BUNDLED, load
from poetbot.web.app import build_blocks
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.tabs.write.example import EXAMPLE_REQUESTS, Piece, example_html, lines_of
from poetbot.web.tabs.write.tab import Handlers
from poetbot.writing import CachedPoet, write
from tests.web.conftest import start
from tests.web.tabs.write.test_line_by_line_browser import text


def test_a_poem_is_cut_at_its_marks() -> None:
    assert lines_of("one two\nsix", 3, [(0, 5, "rare"), (6, 8, "common"), (8, 9, "rare")]) == [
        [
            Piece("one", True, "rare", 0, True, False),
            Piece(" t", False, "rare", 3, False, False),
            Piece("w", False, "", 5, False, False),
            Piece("o", False, "common", 6, True, False),
        ],
        [Piece("s", False, "rare", 8, True, False), Piece("ix", False, "", 9, False, False)],
    ]
    ((one, two),) = lines_of("onetwo", 0, [(0, 3, "rare"), (3, 6, "rare")])
    assert (one.meets, two.meets) == (False, True)
    ((one, two),) = lines_of("onetwo", 0, [(0, 3, "rare"), (3, 6, "common")])
    assert (one.meets, two.meets) == (False, False)  # they look different


@pytest.mark.parametrize(("language", "poet"), [("en", "modern"), ("zh", "tang")])
def test_the_bundled_poet_writes_the_example(language: str, poet: str) -> None:
    shelf = PoetRegistry(BUNDLED)
    html = Handlers(shelf, locale(language)).example()["example_html"]
    poem = write(shelf.poet(poet), EXAMPLE_REQUESTS[poet], shelf.index(poet))
    lines = poem.text.strip().split("\n")
    assert len(lines) == html.count('class="line"') == 4 and all(len(line) < 60 for line in lines)


def test_the_example_is_escaped_and_explains_marks_only_if_it_has_any(poet_root: Path) -> None:
    poet = load(poet_root / "tiny")
    written = write(poet, EXAMPLE_REQUESTS["modern"]).text
    phrase = " ".join(words(written).strings()[20:27])  # as long as the example may copy
    known = OverlapIndex.build([Poem(phrase)])
    plain, marked = (example_html("modern", CachedPoet(poet, index), locale("en")) for index in (None, known))
    assert "Underlined" not in plain and "<mark" not in plain and "An example by modern" in plain
    assert "<" not in plain.replace("<div", "").replace("<span", "").replace("<p", "").replace(
        "<button", ""
    ).replace("</", "")
    assert Handlers(PoetRegistry(poet_root), locale("en")).example() == {"example_html": ""}
    assert all(each in marked for each in ("Underlined", "<mark", "<tr data-start"))


@pytest.fixture(scope="module")
def bundled() -> Iterator[str]:
    server = start(build_blocks(BUNDLED))
    yield server.url
    server.close()


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "size",
    [pytest.param((1280, 900), id="desktop", marks=pytest.mark.slow), pytest.param((390, 844), id="phone")],
)
def test_the_example_goes_when_one_begins(chromium: Any, bundled: str, size: tuple[int, int]) -> None:
    is_phone = size[0] <= 700
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, has_touch=is_phone, is_mobile=is_phone
    )
    page = context.new_page()
    page.goto(bundled)
    page.wait_for_selector(".poem-page")
    assert page.evaluate("matchMedia('(hover: none)').matches") == is_phone
    placeholder = "getComputedStyle(document.querySelector('.poem'), '::before').content"
    places = "['.poem', '.margin'BAR].map((each) => document.querySelector(each).getBoundingClientRect().y)"
    places = places.replace("BAR", "" if is_phone else ", '.bar'")  # which follows the cursor on a phone
    page.wait_for_selector(".example-poem .line >> nth=3")
    assert page.evaluate(placeholder) == "none"
    before = page.evaluate(places)
    assert (
        text(page).strip() == "" and page.locator(".poems li").count() == 0
    )  # it is no poem of the visitor's
    bottom = "document.querySelector('{}').getBoundingClientRect().bottom"
    assert page.evaluate(bottom.format(".example-poem")) <= page.evaluate(bottom.format(".poem")) + 1
    page.click(".example-poem mark >> nth=0")  # which shows its sources, and begins nothing
    assert page.inner_text(".sources dd >> nth=0") and page.locator(".example-poem").is_visible()
    page.keyboard.press("Escape")
    page.focus(".example-poem mark >> nth=0")
    page.keyboard.press("Enter")
    page.click(".sources dd >> nth=0")
    assert page.locator(".sources").is_visible() and page.locator(".example-poem").is_visible()
    page.keyboard.press("Escape")
    page.click(".example-poem button")
    assert not page.locator(".example-poem").is_visible() and page.evaluate(places) == before
    assert "begin" in page.evaluate(placeholder)
    assert page.evaluate("document.activeElement.className").startswith("poem")
    page.reload()
    page.wait_for_selector("[data-part=files]:not([hidden])")  # the list has come
    page.wait_for_timeout(500)
    assert not page.locator(".example-poem").is_visible() and page.locator(".poems li").count() == 0
    context.close()
