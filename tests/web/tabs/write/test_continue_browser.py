"""Write with lines on the page that somebody typed: they are continued or set aside, and the button says which."""

from typing import Any

import pytest

from poetbot.web.tabs.write.tab import DEFAULT_LENGTH
from tests.web.conftest import Served
from tests.web.tabs.write.test_line_by_line_browser import suggestions, text
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


def count(poem: str) -> int:
    """Return the number of lines with text."""
    return sum(1 for line in poem.split("\n") if line.strip())


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
    assert page.locator("#keys span").filter(visible=True).first.inner_text() == "Up to 14 lines in all"
    assert page.locator("#continue-button").bounding_box()["width"] == width
    page.click("#continue-button")
    page.wait_for_selector(".receipt")
    whole = text(page)
    assert whole.startswith(TYPED + "\n") and count(whole) == DEFAULT_LENGTH
    assert page.locator(".poem .given").all_inner_texts() == TYPED.split("\n")
    assert page.locator(".poem .line >> nth=0").get_attribute("class") == "line yours"
    assert page.input_value("#seed textarea") == "" and button(page) == "Write another"

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

    # Another poem has nothing of it, and this one is in the list.
    page.click("#another-button")
    page.wait_for_selector(".notices:has-text('among your saved poems')")
    assert not text(page).startswith(TYPED) and page.input_value(".title") == ""
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
    assert page.input_value("#seed textarea") == "the sea," and button(page) == "Write another"
    assert count(text(page)) == DEFAULT_LENGTH
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


@pytest.mark.parametrize("window", [(1280, 900)], ids=["desktop"], indirect=True)
def test_a_poem_that_both_wrote_is_continued_to_its_length(window: Any, served: Served) -> None:
    page = opened(window, served)
    page.click(".poem")
    page.keyboard.type(TYPED)
    suggested = suggestions(page)[0].strip()
    page.keyboard.press("1")
    page.keyboard.type("and then")
    both = text(page)
    assert len(both.split("\n")) == 4 and button(page) == "Continue"
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(SETTLED)
    whole = text(page)
    assert (
        whole.startswith(both + "\n") and count(whole) == DEFAULT_LENGTH and button(page) == "Write another"
    )
    mine = page.locator(".poem .yours").all_inner_texts()
    assert mine == [*TYPED.split("\n"), "and then"] and suggested not in mine
    page.click(".further summary")
    page.click("[data-do=recreate]")
    page.wait_for_selector(".notices:has-text('Recreated, and identical.')")
    assert page.input_value("#seed textarea") == "" and button(page) == "Write another"

    # It is the same after a reload, and Undo leads back to where it was continued.
    page.reload()
    page.wait_for_selector(".poem .yours >> nth=2")
    assert text(page) == whole and page.locator(".poems button").count() == 1
    page.click("[data-do=undo]")
    page.wait_for_function("document.querySelectorAll('.poem .line').length === 4")
    assert text(page) == both and button(page) == "Continue"

    # A poem without a length is finished when its end was written.
    page.click("#lines")
    page.click("[role=option]:has-text('until the poem ends')")
    assert button(page) == "Continue"
    page.click("[data-do=finish]")
    page.wait_for_selector("[data-part=status]:text-is('Finished.')", state="attached")
    assert button(page) == "Write another"
    page.click("[data-do=undo]")
    page.wait_for_function("document.querySelectorAll('.poem .line').length === 4")
    assert button(page) == "Continue"


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
    page.keyboard.type(TYPED)
    assert button.inner_text() == f"Continue to {DEFAULT_LENGTH} lines"
    page.keyboard.type("\n" + "\n".join([TYPED] * 11))
    assert button.inner_text() == "Continue"

    def places() -> list[Any]:
        return [page.locator(f".bar [data-do={name}]").bounding_box() for name in ("next", "rewrite", "undo")]

    before = places()
    last, bar = (page.locator(each).last.bounding_box() for each in (".poem .line", ".bar"))
    assert last["y"] + last["height"] <= bar["y"] and button.is_visible()
    button.click()
    page.wait_for_selector(SETTLED)
    assert (
        not button.is_visible()
        and page.locator("#another-button, #write-button").filter(visible=True).count()
    )
    assert count(text(page)) == 25  # of a poem that is long enough, one more
    page.click(".poem .line >> nth=0")
    assert not button.is_visible() and places() == before
    page.click(".poems button")  # who opens a poem reads it first
    page.wait_for_selector("#sheet:not(.typing)")


@PHONE_FIRST
def test_a_random_opening_gives_typed_first_words_back(window: Any, served: Served) -> None:
    page = opened(window, served)
    page.click("#seed textarea")
    page.keyboard.type("my own words")
    page.click("#random-opening")
    page.wait_for_function("document.querySelector('#seed textarea').value !== 'my own words'")
    page.click(".notices:has-text('have been replaced') >> text=Undo")
    assert page.input_value("#seed textarea") == "my own words"
