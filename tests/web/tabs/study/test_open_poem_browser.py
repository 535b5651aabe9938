"""The poem that is open on the Write tab is the first that Study offers."""

from typing import Any

import pytest

from tests.web.windows import PHONE_FIRST


@pytest.mark.browser
@pytest.mark.timeout(300)
@PHONE_FIRST
def test_the_poem_on_the_page_is_offered_and_studied_as_it_is_now(window: Any, served: Any) -> None:
    page = window
    page.goto(served.url)
    page.wait_for_selector(".poem-page")
    page.click("[data-part=poem]")
    page.keyboard.type("one small grey bird")
    page.click("role=tab[name=Study]")
    page.wait_for_selector("[data-question=marks] .result .marked:has-text('one small grey bird')")
    page.click("#st-tab-surprise")
    chosen = "[data-question=surprise] select[name=poem]"
    page.wait_for_function(
        f"document.querySelector('{chosen}').selectedOptions[0]?.text.startsWith('one small')"
    )
    page.wait_for_selector("[data-question=surprise] .result > *")
    assert "bird" in page.inner_text("[data-question=surprise] .result")
    page.click("role=tab[name=Write]")
    page.click("[data-part=poem] .line")
    page.keyboard.press("End")
    page.keyboard.type(" sings")
    page.click("role=tab[name=Study]")
    page.wait_for_function(
        "document.querySelector('[data-question=surprise] .result').innerText.includes('sings')"
    )
