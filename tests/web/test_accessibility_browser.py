"""For everyone: what axe-core finds on every tab, text twice as large, the keyboard, and input methods left alone.

On a large window the page is English and light, on a phone Chinese and dark: both layouts, languages and colours are
looked at for the price of two pages. docs/accessibility.md says what is held and what is Gradio's own.
"""

from typing import Any

import pytest

from poetbot.web.tabs.study.requests import OTHER_TEXT
from tests.web.windows import PHONE_FIRST

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# What axe finds in Gradio's own markup, which an app cannot change: rule, and what its element matches.
GRADIOS_OWN: tuple[tuple[str, str], ...] = ()
SEVERE = ("serious", "critical")

TOO_LARGE = """() => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth + 1) found.push("the page is wider than the window");
  for (const each of document.querySelectorAll("#head *, #tabs *")) {
    const words = [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const style = getComputedStyle(each);
    if (!words || !each.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (each.closest(".unseen, svg, [inert]") || style.display === "inline") continue;
    const name = `${each.tagName} ${each.id || each.className}: ${each.textContent.trim().slice(0, 30)}`;
    const clips = (overflow) => ["hidden", "clip"].includes(overflow);
    if (clips(style.overflowX) && each.scrollWidth > each.clientWidth + 2) found.push(`cut at its side: ${name}`);
    if (clips(style.overflowY) && each.scrollHeight > each.clientHeight + 2) found.push(`cut below: ${name}`);
    const scrolls = each.closest("pre, .table, .tab-container, [data-scrolls]");
    if (!scrolls && each.getBoundingClientRect().right > innerWidth + 1) found.push(`off the window: ${name}`);
  }
  return found;
}"""


def opened(window: Any, url: str) -> Any:
    """The page with a finished poem, so that all of its parts are there."""
    large = window.viewport_size["width"] > 700
    window.emulate_media(color_scheme="light" if large else "dark", reduced_motion="reduce")
    window.goto(f"{url}?language={'en' if large else 'zh'}")
    window.wait_for_selector(".poem-page")
    assert window.evaluate("document.documentElement.lang") == ("en" if large else "zh-CN")
    return window


def severe(page: Any) -> list[str]:
    """What axe finds that keeps people out, but for what is Gradio's own."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in found
        if violation["impact"] in SEVERE
        for node in violation["nodes"]
        if not any(violation["id"] == rule and part in node["html"] for rule, part in GRADIOS_OWN)
    ]


@PHONE_FIRST
def test_every_tab_is_accessible(window: Any, served: Any) -> None:
    page = opened(window, served.url)
    assert page.inner_text("#head .what") in (
        "A small neural network that writes poems with you.",
        "一个和你一起写诗的小型神经网络。",
    )
    tabs = page.locator("#tabs [role=tab]")
    for place in range(tabs.count()):
        tabs.nth(place).click()
        page.wait_for_function(
            f"document.querySelectorAll('#tabs [role=tab]')[{place}].ariaSelected === 'true'"
        )
        page.wait_for_timeout(300)
        assert severe(page) == [], tabs.nth(place).inner_text()
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        page.wait_for_timeout(100)
        assert page.evaluate(TOO_LARGE) == [], tabs.nth(place).inner_text()
        page.evaluate("document.documentElement.style.fontSize = ''")
        assert moving(page) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_writing_line_by_line_is_accessible(window: Any, served: Any) -> None:
    """With lines to choose from, the forms, what can be done with a poem, its titles, receipt and report; and every
    other tab with what it finds."""
    page = opened(window, served.url)
    page.fill("#seed textarea", "the lamp is low and")
    page.click("#write-button")
    page.wait_for_selector(".after.ready:not(.resting)")
    page.click(".receipt summary")
    assert severe(page) == []
    page.click(".poem .line >> nth=0")
    page.keyboard.press("End")
    page.keyboard.press("Alt+Enter")
    page.wait_for_selector("[data-part=lines] li[data-choice]")
    assert severe(page) == []
    page.keyboard.press("1")
    page.click("[data-part=form-button]")
    assert severe(page) == []
    page.click(".form-panel [data-do=form]")
    page.click("[data-do=star-line]")
    page.click(".further summary")
    page.click("[data-do=suggest-title]")
    page.wait_for_selector("[data-part=titles] button")
    assert severe(page) == []
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(TOO_LARGE) == []
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.click("[data-do=select]")  # hidden once the only poem is deleted
    page.wait_for_selector("[data-part=selection]:not([hidden])")
    assert severe(page) == []
    page.click("[data-do=select]")
    page.click("[data-do=delete]")
    page.wait_for_selector(".notices button")
    assert severe(page) == []
    tab(page, "teach-tab")
    page.click("#upload-use-named")
    page.wait_for_selector(".review h3.name")
    assert severe(page) == []
    tab(page, "overlap-tab")
    page.fill("#ov-text textarea", "the lamp is low and one small grey bird upon the sill")
    page.click("#ov-check")
    page.wait_for_selector("#overlap .summary")
    page.click("#overlap mark[data-note] >> nth=0")
    page.wait_for_selector("#overlap .sources-card li")
    assert severe(page) == []
    tab(page, "study-tab")
    page.click("#st-tab-words")
    page.wait_for_selector(
        "#st-words .clouds img"
    )  # the choices have come: until then, they may take the place of ours
    page.click("#st-tab-sound")
    page.select_option("#st-sound [name=poem]", OTHER_TEXT)
    page.fill("#st-sound textarea", "one small grey bird\nupon the sill\nwith no more word")
    page.click("#st-sound button[type=submit] >> nth=0")
    page.wait_for_selector("#st-sound .result table")
    assert severe(page) == []
    tab(page, "poets-tab")
    page.click(".poets .poet summary >> nth=0")
    page.wait_for_selector(".poets .poet[open] .details > *")
    assert severe(page) == []


def tab(page: Any, name: str) -> None:
    page.click(f"#tabs [role=tab][data-tab-id={name}]")
    page.wait_for_selector(f"#tabs [role=tab][data-tab-id={name}][aria-selected=true]")


def moving(page: Any) -> list[str]:
    """What moves although the person asked for reduced motion."""
    return page.evaluate(
        """() => document.getAnimations().filter((each) => each.playState === 'running' &&
            each.effect.getComputedTiming().duration > 200 && each.effect.target?.closest('#tabs, #head'))
            .map((each) => each.effect.target.outerHTML.slice(0, 120))"""
    )


ASKS = ("write", "suggest", "go_on", "another", "ended", "cancel", "suggest_titles")  # of the page

COMPOSING = """([selector, key, code]) => {
  const field = document.querySelector(selector);
  field.focus();
  field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
  for (const how of [{ isComposing: true }, { isComposing: false, keyCode: 229 }])
    for (const ctrlKey of [false, true])
      for (const altKey of [false, true])
        field.dispatchEvent(new KeyboardEvent("keydown", { key, code: key, ctrlKey, altKey, bubbles: true, cancelable: true, ...how }));
  field.dispatchEvent(new CompositionEvent("compositionend", { data: "诗", bubbles: true }));
}"""


@PHONE_FIRST
def test_an_input_method_is_left_alone_and_the_keyboard_goes_everywhere(window: Any, served: Any) -> None:
    by_keys = {
        each["id"]
        for each in served.blocks.get_config_file()["dependencies"]
        if {"click", "submit", *ASKS}
        & {how for _, how in each["targets"]}  # the page asks for others by itself
    }
    assert len(by_keys) > len(ASKS)
    sent: list[int] = []

    def note(request: Any) -> None:
        if "/queue/join" in request.url and (asked := request.post_data_json["fn_index"]) in by_keys:
            sent.append(asked)

    page = opened(window, served.url)
    page.on("request", note)
    for field in ("#seed textarea", ".poem[role=textbox]"):
        for key in ("Enter", "Escape", "1", "ArrowDown"):
            page.evaluate(COMPOSING, [field, key, ""])
    page.wait_for_timeout(300)
    assert sent == [] and page.locator(".poem").inner_text().strip() == ""
    # The head and the tabs by keyboard alone: each stop can be seen.
    page.focus("#head a >> nth=0")
    seen = []
    for _ in range(3):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => { const at = document.activeElement, style = getComputedStyle(at);
                return [at.textContent.trim(), style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1]; }"""
            )
        )
    tab = page.locator("#tabs [role=tab]").first.inner_text()
    assert seen[0] == ["中文", True] and [tab, True] in seen[1:]
