"""Saved poems have addresses and settings, Back and Forward lead from one to the other, and a link recreates a poem."""

from typing import Any

import pytest

from tests.web.conftest import SEED, Served
from tests.web.tabs.write.test_line_by_line_browser import text

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
DESKTOP = pytest.mark.parametrize("window", [pytest.param((1280, 900), id="desktop")], indirect=True)
CURRENT = ".poems button[aria-current]"


def typed(page: Any, words: str) -> str:
    """Type a new poem, and return its address."""
    page.click(".poem")
    page.keyboard.type(words)
    page.wait_for_selector(f"{CURRENT}:has-text('{words}')")
    return str(page.evaluate("location.hash"))


def opened(page: Any, served: Served) -> Any:
    """Return the page when one can type into the poem."""
    page.goto(served.url)
    page.wait_for_function("document.querySelector('.poem')?.isContentEditable")
    return page


def shows(page: Any, words: str) -> None:
    page.wait_for_function(
        "words => document.querySelector('.poem')?.textContent.trim().startsWith(words)", arg=words
    )


@pytest.mark.parametrize("window", [(390, 844)], ids=["phone"], indirect=True)
def test_a_saved_poem_comes_into_sight_and_nothing_false_is_shown_before_it(
    window: Any, served: Served
) -> None:
    page = opened(window, served)
    typed(page, "a bird was on the sill")
    page.click("[data-do=new-poem]")
    page.keyboard.type("\n" * 30)
    button = page.locator(".poems button:has-text('a bird')")
    page.locator(".title").blur()
    button.scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 0
    button.click()
    shows(page, "a bird was on the sill")
    page.wait_for_function(
        "(({ top, bottom }) => top >= 0 && bottom < innerHeight)(document.querySelector('.title').getBoundingClientRect())"
    )

    page.route("**/queue/join*", lambda route: None)  # no answer comes
    page.reload()
    page.wait_for_selector(".poem.blank-page")
    page.wait_for_timeout(300)  # longer than anything that isn't asked takes
    shown = "getComputedStyle(document.querySelector('.poem'), '::before').content"
    assert page.evaluate(shown) == '"Loading…"' and page.inner_text("[data-part=poems]") == "Loading…"
    page.unroute_all()
    page.reload()
    shows(page, "a bird was on the sill")
    page.wait_for_selector(CURRENT)


@DESKTOP
def test_first_words_of_an_empty_page_come_back_after_a_look_at_a_saved_poem(
    window: Any, served: Served
) -> None:
    page = opened(window, served)
    page.wait_for_function("document.querySelector('.poem-page').controls")
    typed(page, "a bird was on the sill")
    page.click("[data-do=new-poem]")
    page.wait_for_function("document.querySelector('.poem').textContent.trim() === ''")
    page.fill("#seed textarea", "the grey sea")
    page.click(".poems button:has-text('a bird')")
    shows(page, "a bird was on the sill")
    page.wait_for_function("document.querySelector('#seed textarea').value === ''")
    page.click("[data-do=new-poem]")
    page.wait_for_function("document.querySelector('#seed textarea').value === 'the grey sea'")
    page.click("[data-do=new-poem]")
    page.wait_for_function("document.querySelector('#seed textarea').value === ''")


def has_temperature(page: Any, wanted: float) -> None:
    page.wait_for_function(
        "wanted => Number(document.querySelector('#temperature input[type=range]').value) === wanted",
        arg=wanted,
    )


@DESKTOP
def test_each_poem_has_its_address_and_its_settings(window: Any, served: Served) -> None:
    page = opened(window, served)
    page.wait_for_function("document.querySelector('.poem-page').controls")
    page.fill("#seed textarea", "grey")
    page.focus("#temperature input[type=range]")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.click("[data-do=form]")
    page.select_option(".form-panel [name=name]", "couplet")
    page.keyboard.press("Escape")
    page.wait_for_function("document.querySelector('.poem-page').controls.temperature === 0.8")
    first = typed(page, "a bird was on the sill")
    page.click("[data-do=new-poem]")
    page.wait_for_function("location.hash === '#write'")
    assert page.input_value("#seed textarea") == ""
    assert page.inner_text("[data-part=form-button]") == "Form: couplet"
    has_temperature(page, 0.8)
    page.reload()
    page.wait_for_selector("[data-part=form-button]:has-text('Form: couplet')")
    has_temperature(page, 0.8)
    page.click("[data-do=new-poem]")
    page.click(".notices:has-text('still those of the last poem') >> text=Use the defaults")
    has_temperature(page, 0.6)
    assert page.inner_text("[data-part=form-button]") == "Form" and page.inner_text(".notices") == ""
    page.click("[data-do=new-poem]")
    assert page.inner_text(".notices") == ""
    page.fill("#seed textarea", "snow")
    second = typed(page, "the snow is late")
    assert first.startswith("#poem/") and second.startswith("#poem/") and first != second
    page.click(".poems button:has-text('a bird')")
    shows(page, "a bird")
    has_temperature(page, 0.8)
    assert page.input_value("#seed textarea") == "grey"
    assert page.inner_text("[data-part=form-button]") == "Form: couplet"
    page.go_back()
    shows(page, "the snow")
    page.go_forward()
    shows(page, "a bird")
    page.click("role=tab[name=Study]")
    page.wait_for_function("location.hash.startsWith('#study')")
    page.click("role=tab[name=Write]")
    page.wait_for_function("address => location.hash === address", arg=first)
    page.goto(served.url + second)  # a bookmark
    page.reload()
    shows(page, "the snow")
    assert text(page) == "the snow is late" and page.input_value("#seed textarea") == "snow"
    page.click("[data-do=form]")
    page.select_option(".form-panel [name=name]", "haiku")
    page.reload()  # what is set and not yet written with outlives it, too
    page.wait_for_selector("[data-part=form-button]:has-text('haiku')")


@DESKTOP
def test_a_link_recreates_a_poem(window: Any, served: Served) -> None:
    page = window
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(served.url)
    page.fill("#seed textarea", SEED)
    page.click("#write-button")
    page.wait_for_selector(".after.ready:not(.resting)")
    written = text(page)
    page.click(".further summary")
    page.click("[data-do=copy-link]")
    page.wait_for_selector(".notices:has-text('Copied')")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(served.url) and "#receipt/%7B" in link
    page.click("[data-do=new-poem]")
    page.click("[data-part=untouched]:has-text('Show unedited poems (1)')")
    page.wait_for_selector(".poems .untouched button")
    page.goto("about:blank")
    page.goto(link)
    shows(page, SEED)
    page.wait_for_function("location.hash.startsWith('#poem/')")
    assert text(page) == written
    page.goto("about:blank")
    page.goto(f"{served.url}#receipt/nonsense")
    page.wait_for_selector('.notices:has-text("This isn\'t a receipt")')
