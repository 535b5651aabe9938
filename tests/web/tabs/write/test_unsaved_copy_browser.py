"""What is on the Write tab outlives a reload in the middle of a poem, and an app that is gone for a while."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from poetbot.library.kept_poems import poems_of
from poetbot.storage import Home
from tests.web.conftest import SEED, Served
from tests.web.tabs.write.test_line_by_line_browser import text

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
COPIES = "Object.entries(localStorage).filter(([key]) => key.startsWith('poetbot-unsaved-')).map(([, copy]) => JSON.parse(copy))"
DESKTOP = pytest.mark.parametrize("window", [pytest.param((1280, 900), id="desktop")], indirect=True)


def opened(page: Any, served: Served) -> Any:
    """Return the page when the app has loaded."""
    page.goto(served.url)
    page.wait_for_selector(".poem .line")
    page.wait_for_function("!document.querySelector('.poem-page').closest('[inert]')")
    return page


@DESKTOP
def test_a_reload_keeps_the_poem_that_is_being_written(window: Any, served: Served) -> None:
    page = window
    page.emulate_media(reduced_motion="no-preference")  # so that the poem is typed out
    page.goto(served.url)
    page.fill("#seed textarea", SEED)
    page.fill("[data-part=about]", "a lamp")
    page.click("#write-button")
    page.wait_for_selector(".poem .line >> nth=2")
    page.reload()
    page.wait_for_selector(".poems button[aria-current]")
    assert text(page).startswith(SEED) and text(page).count("\n") >= 1
    assert page.input_value("#seed textarea") == SEED
    kept = text(page)
    assert page.input_value("[data-part=about]") == "a lamp"
    page.click("[data-do=avoid]")
    page.keyboard.type("rain")
    page.reload()  # now it is saved, and was on the page last
    page.wait_for_selector(".poems button[aria-current]")
    page.wait_for_function("document.querySelector('[data-part=about]').value === 'a lamp'")
    assert page.input_value("[data-part=avoid]") == "rain"
    assert text(page) == kept and page.locator(".poems li").count() == 1
    page.click("[data-do=new-poem]")
    page.wait_for_function("document.querySelector('#seed textarea').value === ''")
    assert page.input_value("[data-part=about]") == ""
    page.reload()
    page.wait_for_selector(".poems button")
    page.wait_for_timeout(500)
    assert text(page).strip() == "" and page.input_value("#seed textarea") == ""


@DESKTOP
def test_what_is_typed_while_the_app_is_down_is_kept(window: Any, served: Served) -> None:
    page = opened(window, served)
    page.context.set_offline(True)
    page.click(".poem")
    page.keyboard.type("a bird was on the sill")
    page.wait_for_timeout(1_000)
    page.context.set_offline(False)
    page.reload()
    page.wait_for_selector(".poems button[aria-current]")
    assert text(page) == "a bird was on the sill" and page.locator(".poems li").count() == 1


@DESKTOP
@pytest.mark.parametrize("reloads", [False, True])
def test_a_poem_that_is_left_while_the_app_is_down_is_kept(
    window: Any, served: Served, reloads: bool
) -> None:
    page = opened(window, served)
    page.context.set_offline(True)
    poems = ["a bird was on the sill", "a lamp was in the hall", "a moth"]
    for poem in poems:
        page.click("[data-do=new-poem]")
        page.keyboard.type(poem)
    page.wait_for_function(f"{COPIES}.length === 3")
    page.context.set_offline(False)
    if reloads:
        page.reload()
    page.wait_for_selector(".poems button[aria-current]:has-text('a moth')")
    page.wait_for_selector(".poems li >> nth=2")
    page.wait_for_function(f"{COPIES}.length === 0")
    assert sorted(page.locator(".poems .name").all_inner_texts()) == sorted(poems) and text(page) == poems[-1]


@DESKTOP
def test_a_poem_that_was_saved_without_an_answer_is_not_saved_twice(
    window: Any, served: Served, poetbot_home: Path
) -> None:
    page = opened(window, served)
    page.wait_for_timeout(1_000)  # so that nothing else is asked
    # The server gets the page's next request, and the page never gets an answer.
    page.route("**/queue/data*", lambda route: route.abort())
    page.click(".poem")
    page.keyboard.type("a bird was on the sill")
    poems = poems_of(Home(poetbot_home))
    while [each.text for each in poems.find()] != ["a bird was on the sill"]:
        page.wait_for_timeout(100)
    page.keyboard.type(" and sang")  # while the answer is still waited for
    page.wait_for_function(f"{COPIES}.some((copy) => copy.text.endsWith('and sang'))")
    page.unroute("**/queue/data*")
    page.reload()
    page.wait_for_selector(".poems button[aria-current]")
    page.wait_for_function(f"!{COPIES}.length")
    assert text(page) == "a bird was on the sill and sang" and len(poems.find()) == 1


@DESKTOP
def test_what_pages_that_are_gone_have_left_is_saved(window: Any, served: Served, poetbot_home: Path) -> None:
    page = window
    page.goto(served.url)
    page.wait_for_selector(".poem .line")
    left = {"id": None, "title": "", "receipt": None, "poet": "", "request": None, "settings": None}
    for at, (poem, written) in enumerate((("rain", 99), ("snow on the sill", 4), ("wind in the wheat", 4))):
        copy = {**left, "text": poem, "written": [[0, written]], "at": at}  # the first can't be saved
        page.evaluate(
            "(copy) => localStorage.setItem(`poetbot-unsaved-${copy.at}`, JSON.stringify(copy))", copy
        )
    page.reload()
    page.wait_for_function(f"{COPIES}.length === 1")
    page.wait_for_selector(".poems li >> nth=1")
    assert text(page) == "wind in the wheat"
    assert {each.text for each in poems_of(Home(poetbot_home)).find()} == {
        "snow on the sill",
        "wind in the wheat",
    }
    assert page.evaluate(f"{COPIES}[0].text") == "rain"


@DESKTOP
def test_an_import_is_safe(window: Any, served: Served) -> None:
    page = window
    page.goto(served.url)
    page.wait_for_selector("[data-part=files]", state="attached")
    picture = {"name": "photo.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"}
    page.set_input_files("[data-part=import]", picture)
    page.wait_for_selector('.notices:has-text("photo.png isn\'t a file of poems")')
    poems = {"name": "poems.txt", "mimeType": "text/plain", "buffer": b"snow\n%\nwind\n"}
    page.set_input_files("[data-part=import]", poems)
    page.wait_for_selector(".notices:has-text('2 poems imported.')")
    page.wait_for_selector(".poems li >> nth=1")
    assert page.locator(".poems .name").all_inner_texts() == ["snow", "wind"]
    page.set_input_files("[data-part=import]", {**poems, "buffer": b"snow\n%\nrain\n"})
    page.wait_for_selector(".notices:has-text('1 poem imported. 1 was saved already.')")
    page.wait_for_selector(".poems li >> nth=2")
    page.click(".notices button")
    page.wait_for_function("document.querySelectorAll('.poems li').length === 2")


def test_poems_with_the_same_first_line_differ_in_the_list(
    window: Any, served: Served, poetbot_home: Path
) -> None:
    poems = poems_of(Home(poetbot_home))
    for each in (
        "snow\non the sill\nand rain",
        "snow\non the sill\nand wind\nand late",
        "wind\nin the wheat",
    ):
        poems.add(each)
    page = window
    page.clock.set_fixed_time(datetime.now() + timedelta(days=2))
    page.goto(served.url)
    page.wait_for_selector(".poems li >> nth=2")
    if (below := page.locator("[data-do=to-saved]")).is_visible():
        below.click()
    page.wait_for_function(
        "document.querySelector('.poems li:nth-child(3)').getBoundingClientRect().bottom < innerHeight"
    )
    details = page.locator(".poems .details").all_inner_texts()
    assert [":" in each.split(" · ")[0] for each in details] == [False, True, True], "the time of day"
    assert [each.split(" · ")[-1] for each in details] == [
        "in the wheat",
        "… and wind / and late",
        "… and rain",
    ]


@DESKTOP
def test_the_list_says_what_a_poem_is_and_takes_several_at_once(
    window: Any, served: Served, poetbot_home: Path
) -> None:
    poems = poems_of(Home(poetbot_home))
    for each in ("wind\nin the wheat", "rain", "snow\non the sill\n\nand late"):
        poems.add(each)
    page = window
    page.goto(served.url)
    page.wait_for_selector(".poems li >> nth=2")
    assert page.locator(".poems .name").all_inner_texts() == ["snow", "rain", "wind"]
    assert page.inner_text(".poems .details >> nth=0").endswith(" · on the sill / and late")
    assert page.locator(".poems time").count() == 3
    page.evaluate(
        """() => {
          window.told = [];
          window.other = new BroadcastChannel('poetbot-poems');
          other.onmessage = ({ data }) => told.push(data);
        }"""
    )
    page.click(".poems button >> nth=0")
    page.wait_for_function("location.hash.startsWith('#poem/')")
    page.click("[data-do=select]")
    page.click(".poems button >> nth=0")  # selects, and opens nothing
    page.check(".poems input >> nth=2")
    page.wait_for_selector("[data-part=selected]:has-text('2 selected')")
    with page.expect_download() as saving:
        page.click("[data-do=selected-files][data-format=text]")
    assert set(saving.value.path().read_text("utf-8").split("\n")) >= {"in the wheat", "and late"}
    page.click("[data-do=star-selected]")
    page.wait_for_selector(".notices:has-text('Starred “snow” and 1 more.')")
    assert len(poems.find(starred=True)) == 2
    page.click(".notices button")
    page.wait_for_function("!document.querySelector('.poems').textContent.includes('★')")
    page.click("[data-do=select]")
    page.click("[data-do=select-all]")
    page.click("[data-do=delete-selected]")
    page.wait_for_selector(".notices:has-text('Deleted “snow” and 2 more.')")
    page.wait_for_function("location.hash === '#write'")
    page.wait_for_function("!document.querySelector('.poems li')")
    assert poems.find() == []
    page.click(".notices button")
    page.wait_for_selector(".poems li >> nth=2")
    page.wait_for_function("location.hash.startsWith('#poem/')")
    assert text(page).startswith("snow") and page.evaluate("told").count("star_all") == 2
    poems.add("from another window")
    page.evaluate("other.postMessage('save')")
    page.wait_for_selector(".poems .name:has-text('from another window')")
