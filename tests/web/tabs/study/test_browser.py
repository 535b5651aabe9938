"""The Study tab in a real browser: each of its parts, by pointer and by keyboard, with a poem full of HTML."""

from typing import Any

import pytest

from tests.web.windows import PHONE_FIRST

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

XSS = "<script>document.title='broken in'</script> <img src=x onerror=\"document.title='broken in'\">"
POEM = f"the lamp is low, the street is long\na kettle sings its kitchen song\n{XSS}"


@PHONE_FIRST
def test_every_part_answers(window: Any, served: Any) -> None:
    page = window
    width = page.viewport_size["width"]
    page.goto(served.url)
    page.click("role=tab[name=Study]")

    # words: a cloud of what it read, and a button to let it write
    page.wait_for_selector("#st-words .clouds img")
    assert page.locator("#st-words .clouds img").count() == 1 and page.locator("[data-do=write]").count() == 1
    page.select_option("#st-words [name=common]", "none")
    page.wait_for_selector("#st-words .note:has-text('Common words are shown')")

    # by keyboard from part to part
    page.focus("#st-tab-words")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "st-tab-sound"
    # one poem needs no poet, so the choice is beside the poet's poems
    assert page.locator("#st-sound [data-question=shares] select[name=poet]").is_visible()
    page.fill("#st-sound textarea", POEM)
    page.click("#st-sound [data-question=marks] button[type=submit]")
    page.wait_for_selector("#st-sound .marked .rhyme")
    assert "Rhyme scheme: AA" in page.inner_text("#st-sound .summary")
    assert "<script>" in page.inner_text("#st-sound .marked")

    # a poet without a history
    page.click("#st-tab-curves")
    page.wait_for_selector("#st-curves .message p, #st-curves .chart")

    page.click("#st-tab-growth")
    assert page.locator(".st > .poet-choice select[name=poet]").is_visible()
    assert "Press Write" in page.inner_text("#st-growth .result")
    page.fill("#st-growth [name=seed]", "the lamp <b>")
    page.fill("#st-growth [name=lines]", "1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#st-growth .stages li >> nth=5")
    assert "has no earlier versions" in page.inner_text("#st-growth .result")

    page.click("#st-tab-surprise")
    page.fill("#st-surprise textarea", POEM)
    page.click("#st-surprise button[type=submit]")
    page.wait_for_selector("#st-surprise .units")
    page.hover("#st-surprise [data-k='4']")
    page.wait_for_selector("#st-surprise .card h3:text-is('l')")
    page.focus("#st-surprise .units")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#st-surprise .card h3:text-is('a')")
    assert page.locator("#st-surprise .card li").count() == 5
    with page.expect_download() as saving:
        page.click("#st-surprise [data-save=csv]")
    assert saving.value.suggested_filename == "poetbot-surprise.csv"
    assert "probability" in saving.value.path().read_text("utf-8-sig").splitlines()[0]

    page.fill("#st-surprise textarea", " ")
    page.click("#st-surprise button[type=submit]")
    page.wait_for_selector("#st-surprise .message:has-text('There is no poem yet')")
    for name in ("words", "sound", "curves", "growth", "surprise"):
        page.click(f"#st-tab-{name}")
        assert page.inner_text(f"#st-{name} .why").startswith("See ")
    assert page.locator(".st script, .st .marked img, .st .units img").count() == 0
    assert page.title() == "PoetBot" and page.evaluate("document.documentElement.scrollWidth") == width
