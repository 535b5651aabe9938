"""The page as a whole in a real browser: the addresses of its tabs, and its look."""

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SELECTED = "document.querySelector('#tabs [role=tab][aria-selected=true]')?.dataset.tabId"
PART = "document.querySelector('.st [role=tab][aria-selected=true]').id"


def at(page: Any, tab: str, fragment: str, part: str = "") -> None:
    page.wait_for_function(f"{SELECTED} === '{tab}' && location.hash === '{fragment}'")
    if part:
        page.wait_for_function(f"{PART} === 'st-tab-{part}'")


@pytest.mark.parametrize("window", [(1280, 900)], indirect=True)
def test_tabs_have_addresses(window: Any, served: Any) -> None:
    """Back, Forward, a bookmark and the other language lead to the same place."""
    page = window
    page.goto(f"{served.url}?language=en")
    page.click("role=tab[name=Teach]")
    at(page, "teach-tab", "#teach")
    page.click("role=tab[name=Study]")
    at(page, "study-tab", "#study", "words")
    page.click("#st-tab-sound")
    at(page, "study-tab", "#study/sound", "sound")
    page.click("role=tab[name=Poets]")
    at(page, "poets-tab", "#poets")
    page.click("role=tab[name=Study]")
    at(page, "study-tab", "#study/sound", "sound")
    for back in (
        ("poets-tab", "#poets"),
        ("study-tab", "#study/sound", "sound"),
        ("study-tab", "#study", "words"),
        ("teach-tab", "#teach"),
        ("write", ""),
    ):
        page.go_back()
        at(page, *back)
    page.go_forward()
    at(page, "teach-tab", "#teach")
    page.goto(f"{served.url}#study/growth")
    at(page, "study-tab", "#study/growth", "growth")
    page.reload()
    at(page, "study-tab", "#study/growth", "growth")
    page.click("#head .languages a:has-text('中文')")
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    at(page, "study-tab", "#study/growth", "growth")
    page.goto(f"{served.url}#shelf")  # its name before
    page.wait_for_function(f"{SELECTED} === 'poets-tab'")
    page.goto(f"{served.url}#nowhere/%E0%A4%A")
    page.wait_for_function(f"{SELECTED} === 'write'")


@pytest.mark.parametrize("window", [(390, 844)], indirect=True)
def test_a_phone_is_not_told_to_press_keys_that_it_lacks(window: Any, served: Any) -> None:
    page = window
    page.goto(f"{served.url}?language=en")
    for tab in ("Write", "Overlap", "Teach", "Study", "Poets"):
        page.click(f"role=tab[name={tab}]")
        page.wait_for_timeout(200)
        shown = page.inner_text("body")
        assert tab in shown and not [key for key in ("Enter", "Ctrl", "Alt +") if key in shown], tab


@pytest.mark.parametrize("window", [(1280, 900)], indirect=True)
def test_the_look_is_chosen_for_this_device(window: Any, served: Any) -> None:
    page = window
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(f"{served.url}?language=en")
    paper = "getComputedStyle(document.querySelector('#sheet') ?? document.body).backgroundColor"
    light, dark = "rgb(251, 249, 244)", "rgb(28, 27, 25)"
    page.wait_for_function(f"{paper} === '{light}'")
    page.click("#head .look")
    page.wait_for_function(f"{paper} === '{dark}'")
    assert page.get_attribute("#head .look", "aria-label") == "Look: dark"
    # after a reload nothing is light for a moment
    looking = page.add_init_script(
        "window.grounds = new Set(); const look = () => { if (document.body)"
        " grounds.add(getComputedStyle(document.body).backgroundColor); requestAnimationFrame(look); }; look();"
    )
    page.reload()
    page.wait_for_function(f"{paper} === '{dark}'")
    assert page.evaluate("[...grounds]") == ["rgb(20, 19, 17)"]
    looking.close()
    page.wait_for_selector("#head .look[aria-label='Look: dark']")
    page.click("#head .look")
    page.wait_for_function(f"{paper} === '{light}'")
    page.click("#head .look")  # as the system's
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{paper} === '{dark}'")
