"""Saved poems have addresses, Back and Forward lead from one to the other, and a link recreates a poem."""

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


def shows(page: Any, words: str) -> None:
    page.wait_for_function(
        "words => document.querySelector('.poem')?.textContent.trim().startsWith(words)", arg=words
    )


@DESKTOP
def test_back_and_forward_lead_from_poem_to_poem(window: Any, served: Served) -> None:
    page = window
    page.goto(served.url)
    page.wait_for_function("document.querySelector('.poem')?.isContentEditable")
    first = typed(page, "a bird was on the sill")
    page.click("[data-do=new-poem]")
    page.wait_for_function("location.hash === '#write'")
    second = typed(page, "the snow is late")
    assert first.startswith("#poem/") and second.startswith("#poem/") and first != second
    page.click(".poems button:has-text('a bird')")
    shows(page, "a bird")
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
    assert text(page) == "the snow is late"


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
    page.goto("about:blank")
    page.goto(link)
    shows(page, SEED)
    page.wait_for_function("location.hash.startsWith('#poem/')")
    assert text(page) == written
    page.goto("about:blank")
    page.goto(f"{served.url}#receipt/nonsense")
    page.wait_for_selector('.notices:has-text("This isn\'t a receipt")')
