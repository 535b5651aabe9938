"""The app in a real browser: it writes, stops, reports, and asks no other host for anything."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from tests.web.conftest import Served, Window

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SEED = "what was in it, and"  # with rng 7 and 4 lines, the poet has read what it writes: see conftest.py
XSS = "<script>document.title='broken in'</script> <img src=x onerror=\"document.title='broken in'\">"

Open = Callable[..., Any]


@pytest.fixture
def open_page(chromium: Any, served: Served, shared_window: Window) -> Iterator[Open]:
    """Open the app in an empty page; one for touch has a window of its own."""
    windows = []

    def open_page(
        width: int = 1280, height: int = 900, motion: str = "no-preference", touch: bool = False, **media: Any
    ) -> Any:
        window = Window(chromium, served.url, has_touch=True) if touch else shared_window
        windows.append(window)
        page = window.page(width, height, reduced_motion=motion, **media)
        page.goto(served.url)
        page.wait_for_selector(".poem-page")
        page.wait_for_selector("#write-button")
        return page

    yield open_page
    for window in windows:
        window.clean()
        if window is not shared_window:
            window.context.close()


def known_poem(page: Any) -> None:
    """Set up the one poem that the poet has read, and allow copying it."""
    page.fill("#seed textarea", SEED)
    length(page, 4)
    page.click("#more > button")
    guard(page, "any length")
    page.uncheck("#new-seed input")
    page.uncheck("#real-words input")
    page.fill("#rng input", "7")
    page.locator("#rng input").blur()
    page.focus("#temperature input[type=range]")
    for _ in range(2):
        page.keyboard.press("ArrowRight")


def length(page: Any, lines: int) -> None:
    page.click("#lines input")
    page.click(f"role=option[name='{lines} lines']")


def guard(page: Any, choice: str) -> None:
    page.click("#guard input")
    page.click(f"role=option[name='{choice}']")


def settled(page: Any) -> None:
    page.wait_for_selector(".after.ready:not(.resting)")


def written(page: Any) -> str:
    """Return what is visible of the poem."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.poem .line')].map((line) =>
            [...line.querySelectorAll('.unwritten')].reduce((text, hidden) =>
                text.slice(0, text.length - hidden.textContent.length), line.textContent)).join('\\n')"""
    )


def test_a_poem_is_written_at_a_reading_pace_and_reported(open_page: Open) -> None:
    page = open_page()
    known_poem(page)
    page.click("#write-button")
    page.wait_for_selector("#stop-button", state="visible")
    assert not page.locator("#write-button").is_visible()
    settled(page)
    page.wait_for_selector("#write-button", state="visible")
    assert written(page).startswith(SEED) and page.locator(".poem .given").inner_text() == SEED
    assert "the poet's training poems" in page.inner_text(".overlap summary")
    assert page.locator(".poem mark").count() > 0
    assert not page.locator(".overlap table").is_visible()
    page.click(".overlap summary")
    assert "<img src=x onerror" in page.inner_text(".overlap table")  # the title, as text
    assert page.locator(".overlap img, .overlap script").count() == 0 and page.title() == "PoetBot"
    page.click(".overlap summary")
    assert "Tap or click one for its sources" in page.inner_text("[data-part=overlap] .legend")
    page.click(".poem mark")
    assert "<img src=x onerror" in page.inner_text(".sources")
    assert quoted(page) <= marked_phrases(page)
    assert inside_window(page, ".sources")
    assert page.inner_text(".sources mark >> nth=0")[:4] in page.inner_text(".poem")
    page.keyboard.press("Escape")
    assert not page.locator(".sources").is_visible()
    page.focus(".poem[role=textbox]")
    page.keyboard.press("Tab")  # to the mark, which gets a frame
    framed, marked = (
        page.locator(each).first.bounding_box() for each in (".marks button:focus", ".poem mark")
    )
    assert abs(framed["x"] - marked["x"]) < 3 and abs(framed["y"] - marked["y"]) < 3 and framed["width"] > 50
    page.keyboard.press("Enter")
    assert "<img src=x onerror" in page.inner_text(".sources")
    page.click("[data-do=close-sources]")
    assert not page.locator(".sources").is_visible() and page.locator(".marks button:focus").count() == 1
    page.click(".receipt summary")
    assert "--lines 4 --rng 7" in page.inner_text(".receipt pre")
    assert "4 lines" in page.inner_text("[data-part=status]")


def quoted(page: Any) -> set[str]:
    """Return the phrases whose sources are shown."""
    return {" ".join(each.split()) for each in page.locator(".sources dt").all_inner_texts()}


def marked_phrases(page: Any) -> set[str]:
    """Return the phrases of the table that are underlined in the poem."""
    return {" ".join(each.split()) for each in page.locator(".overlap td mark").all_text_contents()}


def inside_window(page: Any, selector: str) -> bool:
    box, window = page.locator(selector).bounding_box(), page.viewport_size
    return (
        box["x"] >= 0
        and box["y"] >= 0
        and box["x"] + box["width"] <= window["width"]
        and box["y"] + box["height"] <= window["height"]
    )


def test_everything_on_the_page_says_what_it_is(open_page: Open) -> None:
    page = open_page(height=600, motion="reduce")
    known_poem(page)
    page.click("#more > button")
    page.click("#write-button")
    settled(page)
    ink = "(each) => getComputedStyle(document.querySelector(each)).color"
    assert page.evaluate(ink, ".poem .given") == page.evaluate(ink, ".poem")
    assert "you wrote it" in page.inner_text(".legend.mine")
    assert page.inner_text("[data-part=receipt]") == "How it was written"
    assert page.get_attribute("[data-do=star]", "aria-label") == "Star this poem"
    assert page.inner_text("[data-do=star-line]") == "Star line"
    assert page.inner_text("[data-do=starred-only]") == "Starred"

    # While one reads, no line of the poem is below the bar, wherever the page is scrolled to.
    page.evaluate("document.activeElement.blur()")
    for top in range(0, 700, 100):
        page.evaluate(f"scrollTo(0, {top})")
        assert not page.evaluate(
            "() => { const bar = document.querySelector('.bar').getBoundingClientRect();"
            " return [...document.querySelectorAll('.poem .line')].some((line) =>"
            " line.getBoundingClientRect().bottom > bar.top + 1); }"
        )

    # What comes and goes beside it leaves "More" where it is.
    place = page.locator(".further summary").bounding_box()["x"]
    page.click(".poem .line >> nth=-1")
    page.keyboard.press("End")
    page.keyboard.type("!")
    page.wait_for_selector("[data-do=another]", state="hidden")
    assert page.locator(".further summary").bounding_box()["x"] == place
    page.click(".further summary")
    assert page.locator(".further summary").bounding_box()["x"] == place

    # The sheets of all tabs are equally wide.
    widths = set()
    for tab, sheet in (
        ("Write", "sheet"),
        ("Overlap", "overlap"),
        ("Teach", "teach"),
        ("Study", "study"),
        ("Poets", "poets"),
    ):
        page.click(f"role=tab[name={tab}]")
        page.wait_for_selector(f"#{sheet}", state="visible")
        widths.add(round(page.locator(f"#{sheet}").bounding_box()["width"]))
    assert widths == {1040}


@pytest.mark.parametrize("motion", ["reduce", pytest.param("no-preference", marks=pytest.mark.slow)])
def test_phrases_in_common_are_marked_while_the_poem_is_typed_out(open_page: Open, motion: str) -> None:
    page = open_page(motion=motion)
    known_poem(page)
    page.evaluate(
        """() => { // what the reader sees of marks in every frame, and the poem just before its finished page comes
            window.seen = [];
            const marked = () => [...document.querySelectorAll('.poem mark')].map((mark) => mark.textContent).join('');
            const look = () => {
              if (document.querySelector('.caret')) seen.push(marked());
              if (!window.live) requestAnimationFrame(look);
            };
            look();
            window.shown = () => [...document.querySelectorAll('.poem .line')].map((line) => {
              const { x, y, width, height } = line.getBoundingClientRect();
              return [line.outerHTML, x, y + scrollY, width, height];
            });
            const sheet = document.querySelector('#sheet');
            let writing = false;
            new MutationObserver(() => {
              const was = writing;
              writing = sheet.classList.contains('writing');
              if (was && !writing) window.live = shown();
            }).observe(sheet, { attributeFilter: ['class'] });
        }"""
    )
    page.click("#write-button")
    settled(page)
    live = page.evaluate("window.live")
    assert len(live) == 4 and live == page.evaluate("shown()")  # nothing changes and nothing moves
    assert page.locator(".poem mark").count() > 0
    frames = page.evaluate("window.seen")
    assert all(later.startswith(earlier) for earlier, later in pairwise(frames)), "a mark was taken back"


@pytest.mark.slow
def test_a_guarded_poem_is_written(open_page: Open) -> None:
    page = open_page(motion="reduce")
    known_poem(page)
    guard(page, "under 4 words")
    page.click("#write-button")
    settled(page)
    assert "no four-word phrase in common" in page.inner_text(".after p.overlap")
    assert page.locator(".poem mark").count() == 0
    assert "no copied phrase of 4 words" in page.text_content(".receipt")
    page.click(".receipt summary")
    assert "--guard 4 --rng 7" in page.inner_text(".receipt pre")


@pytest.mark.slow
def test_the_guard_is_on_by_default(open_page: Open) -> None:
    page = open_page(motion="reduce")
    page.click("#more > button")
    assert page.input_value("#guard input") == "under 8 words"
    page.click("#write-button")
    settled(page)
    assert "no copied phrase of 8 words" in page.text_content(".receipt")


@pytest.mark.slow
def test_a_poem_is_typed_out_and_a_click_shows_the_rest(open_page: Open) -> None:
    page = open_page()
    length(page, 40)
    page.click("#write-button")
    page.wait_for_function("document.querySelector('.caret') !== null")
    lengths = []
    for _ in range(5):
        lengths.append(len(written(page)))
        page.wait_for_timeout(150)
    assert sorted(lengths) == lengths and 0 < lengths[0] < lengths[-1] < 400
    page.click(".poem")
    settled(page)
    assert written(page).count("\n") >= 39


def test_stop_keeps_what_was_seen(open_page: Open) -> None:
    page = open_page()
    page.fill("#seed textarea", SEED)
    length(page, 40)
    page.focus("#seed textarea")
    page.keyboard.press("Control+Enter")
    page.wait_for_function("document.querySelector('.caret') !== null")
    page.wait_for_timeout(500)
    page.keyboard.press("Escape")
    page.wait_for_selector("#write-button", state="visible")
    seen = written(page)
    settled(page)
    assert written(page) == seen and seen.startswith(SEED) and not seen.endswith("\n")
    page.click(".receipt summary")
    count = len(seen) - len(SEED)
    assert f"You stopped after {count} character" in page.inner_text(".receipt")


def test_write_another_copy_save_study_and_the_saved_poems(open_page: Open) -> None:
    page = open_page(motion="reduce")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.fill("#seed textarea", SEED)
    page.click("#write-button")
    settled(page)
    first = written(page)
    page.click("text=Copy")
    page.wait_for_selector("text=Copied")
    assert page.evaluate("navigator.clipboard.readText()") == first
    with page.expect_download() as saving:
        page.click("text=Save as text")
    saved = saving.value.path().read_text("utf-8")
    assert saved.startswith(first.rstrip()) and "Written with PoetBot: tiny" in saved
    assert saving.value.suggested_filename.endswith(".txt")

    page.click("[data-do=another]")
    page.click("[data-part=untouched]:has-text('(1)')")  # neither is edited or starred
    page.wait_for_function("document.querySelectorAll('.poems button').length === 2")
    assert written(page) != first and written(page).startswith(SEED)
    page.click(".poems li:last-child button")
    page.wait_for_function(
        "document.querySelector('.poems li:last-child button').hasAttribute('aria-current')"
    )
    assert written(page) == first
    page.wait_for_selector(".overlap", state="visible")

    page.click("role=tab[name=Study]")
    page.click("#st-tab-words")
    page.wait_for_function("document.querySelectorAll('.clouds img').length === 1")
    assert page.locator(".clouds table").count() == 2  # but no cloud of only two poems
    page.click("#st-tab-sound")
    assert page.locator("#st-sound [name=poem] option").first.inner_text().startswith(SEED)
    page.click("role=tab[name=Write]")
    assert written(page) == first  # the poem is still there


@pytest.mark.slow
def test_reduced_motion_skips_the_typing_animation(open_page: Open) -> None:
    page = open_page(motion="reduce")
    length(page, 40)
    page.evaluate(
        """() => { window.steps = 0; new MutationObserver(() => window.steps++).observe(
            document.querySelector('.poem'), { childList: true, characterData: true, subtree: true }); }"""
    )
    page.click("#write-button")
    settled(page)
    assert written(page).count("\n") >= 39
    # A piece at a time, every tenth of a second: how many depends on the machine. Letter by letter, there is one for each.
    assert page.evaluate("window.steps") < len(written(page)) / 5


@pytest.mark.slow  # as with reduced motion, which runs always
def test_the_typing_animation_can_be_skipped(open_page: Open) -> None:
    page = open_page()
    page.click("#more > button")
    page.check("#skip-animation input")
    length(page, 40)
    page.click("#write-button")
    settled(page)
    assert written(page).count("\n") >= 39


@pytest.mark.slow
def test_the_slider_and_the_random_opening(open_page: Open) -> None:
    page = open_page(motion="reduce")
    page.click("#random-opening")
    page.wait_for_function("document.querySelector('#seed textarea').value !== ''")
    assert page.inner_text(".notices") == ""  # nobody had typed these words
    assert page.get_by_role("button", name="Random opening", exact=True).count() == 1
    page.focus("#temperature input[type=range]")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.click("#write-button")
    settled(page)
    assert "temperature 0.8" in page.text_content(".receipt")


def test_an_error_is_a_sentence_and_typed_html_is_never_run_at_double_size_in_the_dark(
    open_page: Open,
) -> None:
    page = open_page(640, 900, color_scheme="dark", motion="reduce")  # 1280 pixels at 200 %
    assert (
        page.evaluate("getComputedStyle(document.querySelector('#sheet')).backgroundColor")
        == "rgb(28, 27, 25)"
    )
    page.fill("#seed textarea", "x" * 20_001)
    page.click("#write-button")
    page.wait_for_selector(".notices p")
    assert "The opening is too long" in page.inner_text(".notices")
    page.wait_for_selector("#write-button", state="visible")

    page.fill("#seed textarea", XSS)
    page.click("#write-button")
    settled(page)
    page.wait_for_selector(".poems button")
    assert page.locator(".poem .given").inner_text().startswith("<script>")
    assert page.locator(".poem-page script, .poem-page img").count() == 0
    assert page.title() == "PoetBot" and page.evaluate("document.documentElement.scrollWidth") == 640


def test_on_a_phone_the_controls_are_below_the_poem(open_page: Open) -> None:
    page = open_page(390, 844, touch=True, motion="reduce")
    assert page.locator(".poem").bounding_box()["y"] < page.locator("#seed").bounding_box()["y"]
    page.fill("#seed textarea", SEED)
    page.click("#write-button")
    settled(page)
    page.click("#settings-button")
    page.wait_for_selector("#settings", state="visible")
    for selector in (
        "#write-button",
        "#settings-button",
        "#random-opening",
        "#more > button",
        ".actions button",
    ):
        for box in (each.bounding_box() for each in page.locator(selector).all()):
            assert box["height"] >= 44 and box["width"] >= 44, selector
    bar = page.locator("#controls").bounding_box()
    assert round(bar["y"] + bar["height"]) == 844
    # The same poem again, in a window so high that the controls would cover half of the buttons below the poem.
    page.click("#more > button")
    page.uncheck("#new-seed input")
    page.click("#settings-button")
    bottom = "document.querySelector('.poem-page .bar').getBoundingClientRect().bottom"
    height = page.evaluate(
        f"scrollTo(0, 0), Math.round({bottom} - 40 + document.querySelector('#controls').offsetHeight)"
    )
    page.set_viewport_size({"width": 390, "height": height})
    page.click("#write-button")
    settled(page)
    page.wait_for_function(f"{bottom} <= document.querySelector('#controls').getBoundingClientRect().top + 1")
    page.click("role=tab[name=Study]")
    page.click("#st-tab-words")
    page.wait_for_selector(".clouds")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.click("role=tab[name=Write]")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
