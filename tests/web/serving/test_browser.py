"""The app as others see it in a real browser: signed in, or known by a cookie; each with poets of their own."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.web.visiting import USERS, Site

pytestmark = pytest.mark.browser
PATIENCE = 60_000  # milliseconds


def poets(page: Any) -> list[str]:
    page.wait_for_selector("#write-button")
    page.click("#poet input")
    page.wait_for_selector("role=option")
    found = page.locator("role=option").all_inner_texts()
    page.keyboard.press("Escape")
    return [each.strip().removeprefix("✓").strip() for each in found]


def write(page: Any) -> None:
    page.click("#write-button")
    page.wait_for_function("document.querySelector('[data-part=after]:not([inert])')")
    assert page.inner_text(".poem").strip()


def opened(browser: Any, url: str) -> Any:
    page = known(browser, url).new_page()
    page.goto(url)
    return page


def known(browser: Any, url: str) -> Any:
    """Return a browser that the app knows by a cookie, before it opens the app."""
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.request.get(url)
    return context


def test_each_browser_has_poets_of_its_own(chromium: Any, public: Site, poet_root: Path) -> None:
    hers, his = known(chromium, public.url), known(chromium, public.url)
    token = next(c["value"] for c in hers.cookies() if c["name"] == "poetbot-visitor")
    key = public.visitors.key({"poetbot-visitor": token})
    assert key
    home = public.home.visitor(key)
    shutil.copytree(poet_root / "tiny", home.create(home.poets) / "adas own")
    ada, bob = hers.new_page(), his.new_page()
    for page in (ada, bob):
        page.goto(public.url)
    assert ada.evaluate("document.cookie") == ""
    write(ada)  # the list is asked for when a page is opened, and there by then
    write(bob)
    assert poets(ada) == ["tiny", "adas own"] and poets(bob) == ["tiny"]

    # What they write is kept by their browsers and nowhere else.
    poem = ada.inner_text(".poem")
    ada.wait_for_selector(".poems button")
    ada.reload()
    ada.click(".poems button")
    ada.wait_for_selector(".poem .line >> nth=1")
    assert ada.inner_text(".poem") == poem
    ada.click(".further summary")
    with ada.expect_download() as saving:
        ada.click(".further [data-format=json]")
    assert saving.value.path().read_text("utf-8").count('"text"') == 1
    ada.click("[data-do=delete]")
    ada.click(".notices button")
    ada.wait_for_selector(".poem .line >> nth=1")
    assert (
        ada.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('poetbot-poem-')).length") == 1
    )
    assert list(public.home.root.rglob("poems.sqlite*")) == []

    # A full storage is told in one sentence, and what stands on the page stays there.
    bob.evaluate("""() => {
      Object.defineProperty(Storage.prototype, 'setItem', { value() { throw new Error('QuotaExceededError'); } });
    }""")
    bob.click(".poem .line >> nth=0")
    bob.keyboard.type("more ")
    bob.wait_for_selector("text=storage is full")
    assert "more " in bob.inner_text(".poem")
    for page in (ada, bob):
        page.context.close()


def test_a_user_signs_in_and_writes(chromium: Any, school: Site) -> None:
    page = opened(chromium, school.url)
    page.wait_for_selector("input[type=password]")
    assert "the name and password you were given" in page.inner_text("body")
    page.fill("[name=username]", "../bob")  # to whom no other test gives a poet
    page.fill("input[type=password]", USERS["../bob"])
    page.keyboard.press("Enter")
    write(page)
    assert poets(page) == ["tiny"]
    page.context.close()
