"""What happens to the lines that are there, and what is open over them, in a real browser."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from poetbot.web.tabs.write import line_by_line
from poetbot.writing import CachedPoet, Request, continuations
from poetbot.writing.continuation import MAX_DRAFTS, Passage
from tests.web.conftest import Served, Window
from tests.web.tabs.write.test_line_by_line_browser import suggestions, text

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SIZES = [
    pytest.param((1280, 900), id="desktop", marks=pytest.mark.slow),
    pytest.param((390, 844), id="phone"),
]

LINES = ["the sea is wide,", "the hill is high,", "and nothing more"]
STATUS = "[data-part=status]"
LIST, FORM, TITLES = "[data-part=lines]", "[data-part=form]", "[data-part=titles]"


@pytest.fixture(scope="module", params=SIZES)
def write_tab(request: pytest.FixtureRequest, chromium: Any, served: Served) -> Iterator[Any]:
    """The Write tab, which all tests share, because opening it takes longest."""
    window = Window(chromium, served.url)
    page = window.page(*request.param)
    page.goto(served.url)
    page.wait_for_selector(".poem .line")
    yield page
    window.clean()
    window.context.close()


@pytest.fixture
def page(write_tab: Any, served: Served, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The Write tab with a new poem of three lines that were typed, and the cursor in the middle of the second."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", served.blocks.GRADIO_CACHE)
    if write_tab.evaluate("window.isHeld"):
        write_tab.reload()
        write_tab.wait_for_selector(".poems button[aria-current]")  # the poem and its settings are there
    if write_tab.inner_text(".poem").strip():
        write_tab.click("[data-do=new-poem]")
        write_tab.wait_for_function("!document.querySelector('.poem').textContent.trim()")
    write_tab.click(".poem")
    write_tab.keyboard.type("\n".join(LINES))
    write_tab.keyboard.press("ArrowUp")
    write_tab.keyboard.press("Home")
    for _ in "the hill":
        write_tab.keyboard.press("ArrowRight")
    return write_tab


def hold_requests(page: Any) -> None:
    """Let no request of the page reach the server. A route that is set again after it was unset lets some through."""
    page.evaluate(
        """() => {
          const { fetch } = window;
          const isHeld = ([url]) => String(url).includes("/queue/join");
          window.fetch = (...request) => (isHeld(request) ? new Promise(() => {}) : fetch(...request));
          window.isHeld = true;
        }"""
    )


def test_a_line_below_keeps_what_is_behind_the_cursor_and_rewriting_shows_what_it_replaces(page: Any) -> None:
    first = suggestions(page)[0].strip()
    assert page.locator(".to-replace").count() == 0 and not page.locator("[data-part=replaced]").is_visible()
    page.keyboard.press("1")
    assert [line.strip() for line in text(page).split("\n")] == [*LINES[:2], first, LINES[2]]

    page.keyboard.press("ArrowUp")
    page.click("[data-do=rewrite]")
    page.wait_for_selector(f"{LIST} li[data-choice]")
    assert LINES[1] in page.inner_text("[data-part=replaced]")
    assert page.inner_text(".poem .to-replace") == LINES[1]
    # The lines that follow are below the list, not under it.
    box = page.locator(LIST).bounding_box()
    assert page.locator(".poem .line >> nth=2").bounding_box()["y"] >= box["y"] + box["height"]
    page.keyboard.press("Escape")
    assert page.locator(".to-replace").count() == 0 and LINES[1] in text(page)
    page.click("[data-do=rewrite]")
    page.wait_for_selector(f"{LIST} li[data-choice]")
    other = page.inner_text(f"{LIST} li span >> nth=0").strip()
    page.keyboard.press("1")
    assert [line.strip() for line in text(page).split("\n")] == [LINES[0], other, first, LINES[2]]


def test_four_more_lines_are_no_new_stanza_of_a_poem_that_has_one(
    page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_blank_lines(cached: CachedPoet, before: str, request: Request, *, count: int) -> list[Passage]:
        found: list[Passage] = []
        while not found:
            many = continuations(cached, before, request, drafts=MAX_DRAFTS, count=count)
            found = [each for each in many if "\n\n" in each.text]
            request = replace(request, rng=request.rng + MAX_DRAFTS)
        return found

    monkeypatch.setattr(line_by_line, "continuations", with_blank_lines)
    page.keyboard.press("Control+End")
    page.locator(".poem").blur()  # while one types, a phone has fewer buttons
    page.click("[data-do=continue]")
    page.wait_for_function(f"document.querySelector('{STATUS}').textContent === 'Finished.'")
    lines = text(page).split("\n")
    assert lines[:3] == LINES and len(lines) == 7 and all(line.strip() for line in lines)
    page.click(".further summary")
    page.wait_for_function(  # nothing lies over what has opened
        """() => {
          const more = document.querySelector(".further");
          const { left, top, bottom } = more.getBoundingClientRect();
          return [top + 2, bottom - 2].every((y) => more.contains(document.elementFromPoint(left + 2, y)));
        }"""
    )
    page.click("[data-do=recreate]")
    page.wait_for_selector(".notices:has-text('Recreated, and identical.')")


def test_an_ending_is_written_and_stopped(page: Any) -> None:
    page.click("[data-do=finish]")
    page.wait_for_function(f"document.querySelector('{STATUS}').textContent === 'Finished.'")
    written = text(page).split("\n")
    assert written[:3] == LINES and 1 <= len(written) - 3 <= 4 and all(line.strip() for line in written)
    assert not page.locator(LIST).is_visible() and not page.locator(".bar .working").is_visible()
    # Stop and Esc end at once what another machine would go on writing for minutes.
    hold_requests(page)
    for stop in (lambda: page.locator("[data-do=stop]").click(), lambda: page.keyboard.press("Escape")):
        page.click("[data-do=finish]")
        page.wait_for_selector("[data-do=stop]", state="visible")
        assert page.inner_text(STATUS) == "Writing…"
        stop()
        page.wait_for_selector("[data-do=stop]", state="hidden")
        assert page.inner_text(STATUS) == "Stopped." and text(page).split("\n") == written


def test_the_form_panel_stays_in_its_place_while_it_is_filled_in(page: Any) -> None:
    page.click("[data-do=form] >> nth=0")
    done = page.locator(f"{FORM} [data-do=form]")
    place = done.bounding_box()
    page.fill(f"{FORM} [name=stanzas]", "4,4,4")
    field = page.locator(f"{FORM} [name=stanzas]").bounding_box()
    page.mouse.click(field["x"] + 20, field["y"] + field["height"] + 4)  # between the fields
    assert done.bounding_box() == place
    done.click()
    assert page.inner_text("[data-part=form-button]") == "Form: 4,4,4"
    on_phone = page.viewport_size["width"] < 400
    if on_phone:  # the bar takes the place of the settings, and leads to them
        assert page.locator("#sheet.typing").count() == 1
        page.click("[data-do=to-settings]")
        page.wait_for_selector("#temperature-column")
        page.keyboard.press("Escape")
    page.click("[data-do=form] >> nth=0")
    page.click("[data-do=clear-form]")
    page.keyboard.press("Escape")


def test_one_popover_is_open_at_a_time_and_esc_or_a_click_elsewhere_closes_it(page: Any) -> None:
    suggestions(page)
    page.click("[data-do=form] >> nth=0")
    assert page.locator(FORM).is_visible() and not page.locator(LIST).is_visible()
    page.click(".heading")
    assert not page.locator(FORM).is_visible()
    page.click("[data-do=form] >> nth=0")
    page.keyboard.press("Escape")
    assert not page.locator(FORM).is_visible()
    page.click("[data-do=suggest-title]")
    page.wait_for_selector(f"{TITLES} button")
    page.click("[data-do=form] >> nth=0")
    assert page.locator(FORM).is_visible() and not page.locator(TITLES).is_visible()
    page.click("[data-do=form] >> nth=1")
    assert not page.locator(FORM).is_visible()
    page.click(".poem .line >> nth=0")
    suggestions(page)
    page.click(".title")
    assert not page.locator(LIST).is_visible()


def test_a_form_stands_where_the_length_was_and_is_checked_when_its_panel_closes(page: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.fill(".title", "Two things")
    page.click("[data-do=copy]")
    page.wait_for_selector("text=Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "Two things\n\n" + "\n".join(LINES)

    page.click("[data-do=form] >> nth=0")
    page.select_option(f"{FORM} [name=name]", "sonnet")
    assert page.input_value(f"{FORM} [name=metre]") == "iambic"
    page.select_option(f"{FORM} [name=name]", "七绝")
    assert page.locator(f"{FORM} [name=rhyme_book]").is_visible()
    assert page.input_value(f"{FORM} [name=rhyme_book]") == "pingshui"
    page.select_option(f"{FORM} [name=name]", "couplet")
    assert page.input_value(f"{FORM} [name=metre]") == "none"
    assert not page.locator(f"{FORM} [name=rhyme_book]").is_visible()
    assert page.get_attribute("#lines", "data-form") == "couplet"
    page.click("[data-do=form] >> nth=1")
    page.wait_for_selector("[data-part=overlap]:has-text('1 line too many')")
    assert "3 of 2" not in page.inner_text("[data-part=overlap]")
    page.click("[data-do=form] >> nth=0")
    page.click("[data-do=clear-form]")
    assert page.get_attribute("#lines", "data-form") is None
    page.keyboard.press("Escape")

    # A poem that is stopped says so, and nothing else afterwards.
    hold_requests(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-do=stop]", state="visible")
    page.keyboard.press("Escape")
    page.wait_for_selector("[data-do=stop]", state="hidden")
    assert page.inner_text(STATUS) == "Stopped." and text(page) == "\n".join(LINES)
