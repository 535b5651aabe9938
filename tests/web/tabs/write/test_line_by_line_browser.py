"""Writing line by line in a real browser: suggestions, editing, stars, saved poems and export."""

import json
from typing import Any

import pytest

from tests.web.conftest import Served
from tests.web.windows import PHONE_FIRST

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def text(page: Any) -> str:
    lines = page.evaluate("[...document.querySelectorAll('.poem .line')].map((line) => line.textContent)")
    return "\n".join(lines)


def suggestions(page: Any, key: str = "Alt+Enter") -> list[str]:
    """Ask for suggestions and return them."""
    page.keyboard.press(key)
    page.wait_for_selector("[data-part=lines] li[data-choice]")
    lines: list[str] = page.locator("[data-part=lines] li span").all_inner_texts()
    return lines


def top(page: Any) -> float:
    return float(page.evaluate("document.querySelector('.after').getBoundingClientRect().top + scrollY"))


@PHONE_FIRST
def test_a_poem_is_written_line_by_line_and_saved(window: Any, served: Served) -> None:
    page = window
    page.goto(served.url)
    page.wait_for_selector(".poem .line")
    # The first words begin the poem, also if it isn't the poet that goes on from them.
    page.fill("#seed textarea", "the sea,")
    page.dispatch_event("[data-do=next]", "click")
    page.wait_for_selector("[data-part=lines] li[data-choice]")
    assert text(page) == "the sea,"
    page.click(".poem .line")
    page.keyboard.press("End")
    page.keyboard.press("Escape")

    # Take three lines: with a key, with arrows, with a tap. Nothing moves while they come.
    before = top(page)
    first = suggestions(page)
    assert len(first) == 3 and top(page) == before
    assert page.locator("#choices").is_visible()
    page.keyboard.press("2")
    assert text(page).split("\n")[1].rstrip() == first[1].strip()
    suggestions(page)
    page.keyboard.press("ArrowDown")
    assert page.locator("[data-part=lines] [aria-selected=true]").count() == 1
    page.keyboard.press("Enter")
    third = suggestions(page)
    others = suggestions(page)
    assert others != third and top(page) == before
    # What was offered earlier is kept, and so is what came after it.
    page.click("[data-do=earlier]")
    assert page.locator("[data-part=lines] li span").all_inner_texts() == third
    assert page.locator("[data-do=earlier]").is_hidden()
    assert suggestions(page) == others
    page.click("[data-part=lines] li >> nth=2")
    assert not page.locator("[data-part=lines]").is_visible()
    assert text(page).split("\n")[3].rstrip() == others[2].strip()
    assert page.locator(".poem .yours").count() == 1 and page.locator(".poem .line").count() == 4

    # Esc closes the list; without it digits are typed like letters. Behind a line that was taken, they begin the next.
    suggestions(page)
    page.keyboard.press("Escape")
    page.keyboard.type("1 a two")
    for _ in "a two":
        page.keyboard.press("Backspace")
    page.keyboard.type("grey bird")
    assert text(page).endswith("\n1 grey bird")

    # Edit one line; the comparison follows, without what was typed.
    page.click(".poem .line >> nth=2")
    page.keyboard.press("Home")
    page.keyboard.type("one small grey bird upon ")
    page.wait_for_selector("[data-part=overlap]:has-text('Your own 10 words are left out.')")
    assert page.locator(".poem .partly mark").count() == 0  # it isn't the poet who copied this
    bar = "getComputedStyle(document.querySelector('.poem .partly'), '::before').backgroundImage"
    assert page.evaluate(bar).endswith(" 10px, rgba(0, 0, 0, 0) 10px)")  # short
    page.click("[data-do=star-line]")
    page.wait_for_selector(".poem .starred")
    page.fill(".title", "A <b>Sea</b>")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.poems')?.textContent.includes('A <b>Sea</b>')")
    whole = text(page)

    # Close the page; the poem is there on return, with its star and all its steps.
    page.close()
    page = window.context.new_page()
    page.goto(served.url)
    page.click(".poems button")
    page.wait_for_selector(".poem .starred")
    assert text(page) == whole and page.input_value(".title") == "A <b>Sea</b>"
    assert page.locator(".poem-page b:not([data-part=lines] b)").count() == 0
    page.click(".poem .line >> nth=0")
    page.keyboard.press("Control+z")
    page.wait_for_function("!document.querySelector('.poem').textContent.includes('small grey')")
    page.keyboard.press("Control+y")
    page.wait_for_function("document.querySelector('.poem').textContent.includes('small grey')")
    assert text(page) == whole

    # Export, delete, restore.
    page.click(".further summary")
    with page.expect_download() as saving:
        page.click(".further [data-format=json]")
    (poem,) = json.loads(saving.value.path().read_text("utf-8"))["poems"]
    assert poem["text"] == whole and len(poem["lines"]) == 1 and poem["receipt"]["kind"] == "desk"
    written = "".join(whole[start:end] for start, end in poem["written"])
    assert first[1].strip() in written and "grey" not in written
    page.click("[data-do=suggest-title]")
    page.wait_for_selector("[data-part=titles] button")
    title = page.inner_text("[data-part=titles] button >> nth=0")
    page.click("[data-part=titles] button >> nth=0")
    page.wait_for_function(
        "(title) => document.querySelector('.poems').textContent.includes(title)", arg=title
    )
    page.click("[data-do=recreate]")
    page.wait_for_selector(".notices:has-text('identical')")
    page.click("[data-do=delete]")
    page.click(".notices button")
    page.wait_for_selector(".poem .starred")
    assert text(page) == whole

    # The Overlap tab takes the poem as it is here.
    page.click("role=tab[name=Overlap]")
    page.click("#ov-use-poem")
    page.wait_for_function("(poem) => document.querySelector('#ov-text textarea').value === poem", arg=whole)


@PHONE_FIRST
def test_an_input_method_is_left_alone(window: Any, served: Served) -> None:
    """While it composes, no key is a shortcut, and what it writes is read from the page."""
    page = window
    page.goto(served.url)
    page.wait_for_selector(".poem .line")
    page.click(".poem")
    page.keyboard.type("a ")
    suggestions(page)
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "shan", "selectionStart": 4, "selectionEnd": 4})
    page.evaluate(
        """() => document.querySelector('.poem').dispatchEvent(
            new KeyboardEvent('keydown', { key: '1', isComposing: true, bubbles: true }))"""
    )
    assert page.locator("[data-part=lines]").is_visible() is False or "shan" in text(page)
    keys.send("Input.insertText", {"text": "山 🙂"})
    page.keyboard.type("!")
    assert text(page) == "a 山 🙂!"
    page.wait_for_function("document.querySelector('.poems')?.textContent.includes('a 山 🙂!')")
