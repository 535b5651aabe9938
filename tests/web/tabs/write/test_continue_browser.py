"""Write with lines on the page that somebody typed: they are continued or set aside, and the button says which."""

from typing import Any

import pytest

from tests.web.conftest import Served
from tests.web.tabs.write.test_line_by_line_browser import text
from tests.web.windows import PHONE_FIRST

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TYPED = "one small bird\nupon the sill"
SETTLED = "#sheet:not([data-button=stop]) .after.ready:not(.resting)"


def opened(page: Any, served: Served) -> Any:
    page.goto(served.url)
    page.wait_for_selector(".poem .line")
    return page


def button(page: Any) -> str:
    """Return the label of the button that writes."""
    (label,) = page.locator("#go .primary").filter(visible=True).all_inner_texts()
    return str(label)


def type_below(page: Any, words: str) -> None:
    page.focus(".poem")
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def top_of_poem(page: Any) -> float:
    return float(page.evaluate("document.querySelector('.poem').getBoundingClientRect().top"))


@PHONE_FIRST
def test_a_poem_that_is_all_typed_is_continued(window: Any, served: Served) -> None:
    page = opened(window, served)
    width = page.locator("#write-button").bounding_box()["width"]
    page.click("[data-do=new-poem]")
    page.keyboard.type(TYPED)
    page.fill(".title", "Zinnia")
    page.locator(".title").blur()
    page.wait_for_selector(".poems [aria-current]:has-text('Zinnia')")
    assert button(page) == "Continue"
    assert page.locator("#continue-button").bounding_box()["width"] == width
    page.click("#continue-button")
    page.wait_for_selector(".receipt")
    whole = text(page)
    assert whole.startswith(TYPED + "\n") and len(whole) > len(TYPED) + 20
    assert page.locator(".poem .given").all_inner_texts() == TYPED.split("\n")
    assert page.locator(".poem .line >> nth=0").get_attribute("class") == "line yours"
    assert page.input_value("#seed textarea") == TYPED + "\n" and button(page) == "Write"

    # Its receipt has what was typed, and it is still the poem with this title.
    assert page.input_value(".title") == "Zinnia" and page.locator(".poems button").count() == 1
    page.click(".further summary")
    page.click("[data-do=recreate]")
    page.wait_for_selector(".notices:has-text('identical')")

    # Undo leads back to what was typed.
    page.click(".poem")
    page.keyboard.press("Control+z")
    page.wait_for_function("document.querySelectorAll('.poem .line').length === 2")
    page.keyboard.press("Escape")
    page.locator(".poem").blur()
    assert (text(page), button(page), page.locator(".receipt").count()) == (TYPED, "Continue", 0)
    page.click(".poem")
    page.keyboard.press("Control+y")
    page.wait_for_function("document.querySelectorAll('.poem .line').length > 2")
    page.locator(".poem").blur()
    assert (text(page), button(page)) == (whole, "Write another")

    # Another poem begins with the same words, and this one is in the list.
    page.click("#another-button")
    page.wait_for_selector(".notices:has-text('among your saved poems')")
    assert text(page).startswith(TYPED) and text(page) != whole and page.input_value(".title") == ""
    page.click(".poems button:has-text('Zinnia')")
    page.wait_for_function("document.querySelector('.title').value === 'Zinnia'")
    assert text(page) == whole


@pytest.mark.parametrize("window", [(1280, 900)], ids=["desktop"], indirect=True)
def test_first_words_and_a_typed_poem(window: Any, served: Served) -> None:
    page = opened(window, served)
    # Lines that were typed after the first words are continued; what the poet can't read stays on the page.
    page.fill("#seed textarea", "the sea,")
    strange = "one §7 bird\n\nupon\nthe\nsill, and"
    type_below(page, strange)
    assert button(page) == "Continue"
    before = top_of_poem(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(SETTLED)
    assert text(page).startswith(strange) and top_of_poem(page) == before
    assert page.input_value("#seed textarea") == strange + "\n" and button(page) == "Write another"
    page.click(".further summary")
    page.click("[data-do=recreate]")
    page.wait_for_selector(".notices:has-text('Recreated, and identical.')")

    # First words that were changed after the poem begin another one; the poem is kept.
    page.click("[data-do=new-poem]")
    page.keyboard.type(TYPED)
    page.fill("#seed textarea", "the sea,")
    assert button(page) == "Write another"
    page.fill("#seed textarea", "one small")  # with which the poem begins
    assert button(page) == "Continue"
    page.fill("#seed textarea", "The lamp is low, and")
    page.wait_for_selector("#another-button", state="visible")
    page.click("#another-button")
    page.wait_for_selector(".notices:has-text('among your saved poems')")
    assert text(page).startswith("The lamp is low, and")
    page.click(".poems button:has-text('one small bird')")
    page.wait_for_function("document.querySelectorAll('.poem .line').length === 2")
    assert text(page) == TYPED

    # A poem that both wrote is set aside, too.
    page.focus(".poem")
    page.keyboard.press("Control+End")
    page.keyboard.press("Alt+Enter")
    page.wait_for_selector("[data-part=lines] li[data-choice]")
    page.keyboard.press("1")
    both = text(page)
    assert len(both.split("\n")) == 3 and button(page) == "Write another"
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".notices:has-text('among your saved poems')")
    page.click(".poems button:has-text('one small bird')")
    page.wait_for_function("document.querySelector('.poem .line').textContent === 'one small bird'")
    assert text(page) == both


@pytest.mark.parametrize("window", [(1280, 900)], ids=["desktop"], indirect=True)
def test_typed_lines_outlast_a_stop_and_a_reload(window: Any, served: Served) -> None:
    page = opened(window, served)
    page.click(".poem")
    page.keyboard.type(TYPED)
    page.wait_for_selector(".poems button[aria-current]")
    # Reloaded while it is written.
    page.emulate_media(reduced_motion="no-preference")
    page.click("#continue-button")
    page.wait_for_function("document.querySelectorAll('.poem .line').length > 3")
    page.reload()
    page.wait_for_function("document.querySelector('.poem')?.innerText.includes('upon the sill')")
    page.wait_for_selector(".poems button[aria-current]")
    assert text(page).startswith(TYPED) and page.locator(".poems button").count() == 1
    page.click("[data-do=undo]")
    page.wait_for_function("document.querySelectorAll('.poem .line').length === 2")
    assert text(page) == TYPED
    # Stopped before a letter is written.
    page.evaluate(
        "document.querySelector('#continue-button').click(); document.querySelector('#stop-button').click()"
    )
    page.wait_for_selector("#continue-button", state="visible")
    assert text(page) == TYPED


@pytest.mark.parametrize("window", [(1280, 900)], ids=["desktop"], indirect=True)
def test_a_poem_that_begins_with_typed_lines_stays_in_the_list(window: Any, served: Served) -> None:
    page = opened(window, served)
    for words in (TYPED, "the sea,"):
        page.click("[data-do=new-poem]")
        page.fill("#seed textarea", words)
        page.click("#write-button")
        page.wait_for_selector(SETTLED)
        page.wait_for_selector(f".poems [aria-current]:has-text('{words[:7]}')")
    page.click("[data-do=new-poem]")
    page.wait_for_selector("[data-part=untouched]:has-text('(1)')")
    page.wait_for_function("document.querySelectorAll('.poems button').length === 1")
    assert page.inner_text(".poems .name") == "one small bird"


@pytest.mark.parametrize("window", [(390, 844)], ids=["phone"], indirect=True)
def test_on_a_phone_a_typed_poem_is_continued_while_one_types(window: Any, served: Served) -> None:
    page = opened(window, served)
    page.click(".poem")
    button = page.locator("[data-do=write-on]")
    assert not button.is_visible()
    page.keyboard.type("\n".join(f"{TYPED}\n" for _ in range(12)))
    last, bar = (page.locator(each).last.bounding_box() for each in (".poem .line", ".bar"))
    assert last["y"] + last["height"] <= bar["y"] and button.is_visible()
    button.click()
    page.wait_for_selector(SETTLED)
    assert (
        not button.is_visible()
        and page.locator("#another-button, #write-button").filter(visible=True).count()
    )
    assert len(text(page).split("\n")) > 37


@PHONE_FIRST
def test_a_random_opening_gives_typed_first_words_back(window: Any, served: Served) -> None:
    page = opened(window, served)
    page.click("#seed textarea")
    page.keyboard.type("my own words")
    page.click("#random-opening")
    page.wait_for_function("document.querySelector('#seed textarea').value !== 'my own words'")
    page.click(".notices:has-text('have been replaced') >> text=Undo")
    assert page.input_value("#seed textarea") == "my own words"
