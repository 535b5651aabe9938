"""The Teach tab in a browser: upload, review by mouse and keyboard, edit, stop. Nothing in a text is executed."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from poetbot.library.corpora import list_corpora
from poetbot.storage import Home
from tests.documents.samples import pdf
from tests.web.test_accessibility_browser import severe
from tests.web.windows import PHONE_FIRST

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

XSS = "<script>document.title='broken in'</script> <img src=x onerror=\"document.title='broken in'\">"
SONG = "The lamp is lit, the door is shut,\nThe kettle starts to sing,\nAnd every cup inside the hut\nIs waiting for the king."
PROSE = (
    "The ferry was late again, and nobody was told why, though we had waited on the landing stage for an hour and "
    "more with all our bags; in the end a boy came out and said it would not come, and we walked back up the hill."
)
BOOK = f"A SONG\n\n{SONG}\n\n\n\n{PROSE}\n\n\n\n{XSS}\n\n{SONG.replace('lamp', 'fire')} {XSS}\n"


@pytest.fixture
def tab(window: Any, served: Any) -> Any:
    """The Teach tab in a window of its own."""
    page = window
    page.goto(served.url)
    show(page)
    return page


def show(page: Any) -> None:
    page.click("role=tab[name=Teach]")
    page.wait_for_selector("#upload-files input[type=file]", state="attached")
    page.wait_for_selector(".review [data-part=corpus][aria-busy=false]", state="attached")  # its script runs


def said(page: Any, start: str) -> None:
    page.wait_for_function(
        "(start) => document.querySelector('.review [data-part=status]').textContent.startsWith(start)",
        arg=start,
    )


@PHONE_FIRST
def test_a_file_is_uploaded_reviewed_and_deleted(tab: Any, poetbot_home: Path, tmp_path: Path) -> None:
    page, width = tab, tab.viewport_size["width"]
    file = tmp_path / "Ferry 'n' kettle.txt"
    file.write_text(BOOK, "utf-8")
    page.locator("#upload-files input[type=file]").set_input_files(file)
    page.wait_for_selector(".review h3.name")
    assert page.inner_text(".review h3.name") == "Ferry 'n' kettle"
    labels = page.locator(".review .about strong").all_inner_texts()
    assert labels[:3] == ["Title", "Poem", "Prose"]
    assert "because it is the title of the next poem" in page.inner_text(".review .parts li >> nth=0")
    assert "This looks like a collection" in page.inner_text(".review .offer")
    assert page.locator(".review script, .review img").count() == 0 and page.title() == "PoetBot"
    assert page.evaluate("document.documentElement.scrollWidth") == width

    # by keyboard: from the list's head to the prose, which becomes a poem, and the keyboard stays there
    before = page.inner_text(".review .counts")
    page.focus("[data-key=toggle-1]")
    page.keyboard.press("Tab")  # its Edit
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(
        "Include as a poem: line 10, The ferry"
    )
    page.keyboard.press("Enter")
    said(page, "Included.")
    assert page.evaluate("document.activeElement.dataset.key") == "toggle-2"
    assert (
        page.inner_text(".review .parts li >> nth=2").startswith("Poem")
        and page.inner_text(".review .counts") != before
    )

    # by click, and under a heading of its own it goes out of sight
    page.click("[data-key=filter-included]")
    page.wait_for_selector("[data-key=filter-included][aria-pressed=true]")
    page.click("[data-key=toggle-2]")
    said(page, "Left out.")
    assert page.locator("[data-key=toggle-2]").count() == 0
    assert page.evaluate("document.activeElement.closest('.review') !== null")

    # everything is poems, whose they are, what it is called: all of it is there after a reload
    page.click("[data-key=offer]")
    page.wait_for_selector("[data-key=reading-poems]:checked")
    page.check("[data-key=owner-mine]")
    page.fill("[data-part=name]", "Kettles <b>")
    page.press("[data-part=name]", "Enter")
    page.wait_for_function("document.querySelector('.review h3.name').textContent === 'Kettles <b>'")
    page.reload()
    show(page)
    page.wait_for_selector("[data-key=owner-mine]:checked")
    assert page.inner_text(".review h3.name") == "Kettles <b>" and page.is_checked("[data-key=reading-poems]")
    (corpus,) = list_corpora(Home(poetbot_home))
    assert corpus.state().owner == "mine" and len(corpus.poems()) == 2

    page.click(".naming [data-do=delete]")
    page.click("[data-do=confirm-delete]")
    page.wait_for_selector(".review [data-part=corpus] .blank")
    assert list_corpora(Home(poetbot_home)) == []


@PHONE_FIRST
def test_a_part_is_edited_by_keyboard_and_no_input_is_lost(
    tab: Any, poetbot_home: Path, tmp_path: Path
) -> None:
    page, width = tab, tab.viewport_size["width"]
    file = tmp_path / "ferry.txt"
    file.write_text(f"A SONG\n\n{SONG}\n\n\n\n\n{PROSE}\n", "utf-8")
    page.locator("#upload-files input[type=file]").set_input_files(file)
    page.wait_for_selector(".review h3.name")
    focused = "document.activeElement.getAttribute('aria-label')"

    # Tab order: the verdict, Edit, and in the panel title, author, text, Save, Cancel. Esc leaves it.
    page.focus("[data-key=toggle-1]")
    page.keyboard.press("Tab")
    assert page.evaluate(focused).startswith("Edit: lines 3 to 6, The lamp is lit")
    page.keyboard.press("Enter")
    page.wait_for_selector(".review .editor")
    assert page.evaluate("document.activeElement.name") == "title"
    assert page.input_value(".editor [name=title]") == "A SONG"
    assert page.input_value(".editor [name=text]") == SONG
    page.keyboard.press("End")
    page.keyboard.type(" of mine")
    for name in ("author", "text"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == name
    for name in ("save", "cancel"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.dataset.do") == name
    assert page.evaluate("document.documentElement.scrollWidth") == width and severe(page) == []
    page.keyboard.press("Escape")
    assert page.locator(".review .editor").count() == 0
    assert page.evaluate(focused).startswith("Edit: lines 3 to 6")

    # A text of nothing is a sentence in the panel, and what was typed stays.
    page.keyboard.press("Enter")
    page.wait_for_selector(".review .editor")
    page.fill(".editor [name=title]", f"Stove {XSS}")
    page.fill(".editor [name=text]", "  ")
    page.click(".editor [data-do=save]")
    page.wait_for_selector(".editor .error p")
    assert "The text is empty" in page.inner_text(".editor .error")
    assert page.input_value(".editor [name=title]") == f"Stove {XSS}"

    # The panel outlives whatever else is done to the list, also where its part is out of sight for a while.
    page.fill(".editor [name=text]", f"Kettle,\nsing.\n{XSS}")
    page.click("[data-key=toggle-2]")
    said(page, "Included.")
    assert page.input_value(".editor [name=text]") == f"Kettle,\nsing.\n{XSS}"
    page.click("[data-key=filter-left-out]")
    page.wait_for_selector("[data-key=filter-left-out][aria-pressed=true]")
    assert page.locator(".review .editor").count() == 0
    page.click("[data-key=filter-all]")
    page.wait_for_selector(".review .editor")
    page.focus(".editor [name=text]")
    page.keyboard.press("Control+Enter")
    said(page, "Saved.")
    assert page.locator(".review .editor").count() == 0
    assert page.evaluate(focused).startswith("Edit: lines 3 to 6")
    item = page.locator(".review .parts li").nth(1)
    assert "edited" in item.inner_text() and f"Kettle,\nsing.\n{XSS}" in item.inner_text()
    assert page.locator(".review script, .review img").count() == 0 and page.title() == "PoetBot"
    (corpus,) = list_corpora(Home(poetbot_home))
    assert corpus.poems()[0].title == f"Stove {XSS}" and corpus.poems()[0].text.endswith(XSS)

    # It is there after a reload, and the original can be had back.
    page.reload()
    show(page)
    page.wait_for_selector(".review .edited")
    page.click(".review .parts li >> nth=1 >> .edit")
    page.click(".editor [data-do=restore]")
    said(page, "Original restored.")
    assert page.locator(".review .edited, .review .editor").count() == 0
    assert (corpus.poems()[0].title, corpus.poems()[0].text[:8]) == ("A SONG", "The lamp")


class HeldActions:
    """The actions of a page's review, which the server gets when they are sent on."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._routes: list[Any] = []
        page.route("**/queue/join*", self._hold)

    def _hold(self, route: Any) -> None:
        if '"do":' in (route.request.post_data or ""):
            self._routes.append(route)
        else:
            route.continue_()

    def send(self, status: str) -> None:
        """Send the actions on, one after the other, and wait until the page says what the last one did."""
        status_text = "document.querySelector('.review [data-part=status]').textContent"
        for route in self._routes:
            if '"do":"edit"' in route.request.post_data:  # its answer says nothing
                route.continue_()
                continue
            self._page.evaluate(f"{status_text} = ''")
            route.continue_()
            self._page.wait_for_function(f"{status_text} !== ''")
        self._routes.clear()
        said(self._page, status)


@PHONE_FIRST
def test_answers_leave_what_is_being_typed(tab: Any, poetbot_home: Path, tmp_path: Path) -> None:
    page = tab
    file = tmp_path / "ferry.txt"
    file.write_text(f"A SONG\n\n{SONG}\n\n\n\n\n{PROSE}\n", "utf-8")
    page.locator("#upload-files input[type=file]").set_input_files(file)
    page.wait_for_selector(".review h3.name")
    actions = HeldActions(page)

    # Two answers come while a name is typed, and one while an input method is at work in it.
    page.check("[data-key=owner-mine]")
    page.click("[data-key=toggle-2]")
    page.fill("[data-part=name]", "Kets")
    page.press("[data-part=name]", "ArrowLeft")
    actions.send("Included.")
    page.keyboard.type("tle")
    assert page.input_value("[data-part=name]") == "Kettles" and page.is_checked("[data-key=owner-mine]")
    page.click("[data-key=toggle-2]")
    page.press("[data-part=name]", "End")
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "ka", "selectionStart": 2, "selectionEnd": 2})
    actions.send("Left out.")
    keyboard.send("Input.imeSetComposition", {"text": "か", "selectionStart": 1, "selectionEnd": 1})
    keyboard.send("Input.insertText", {"text": "か"})
    assert page.input_value("[data-part=name]") == "Kettlesか"

    # Letters after Enter stay too, and what was sent before is the name.
    page.keyboard.press("Enter")
    page.keyboard.type("!")
    actions.send("1 poem included.")
    assert page.inner_text(".review h3.name") == "Kettlesか"
    assert page.input_value("[data-part=name]") == "Kettlesか!"
    page.keyboard.press("Backspace")
    page.click(".naming [data-do=delete]")
    page.click("[data-key=toggle-2]")
    page.click(
        "[data-key=edit-PART]".replace("PART", page.get_attribute(".review li >> nth=1", "data-part-key"))
    )
    actions.send("Included.")
    assert page.is_visible(".review .confirmation")

    # The same in the panel for editing a part, whose answer comes last.
    page.wait_for_selector(".review .editor")
    page.click("[data-key=toggle-2]")
    page.click(".editor [name=text]")
    page.keyboard.press("Control+Home")
    page.keyboard.type("Oh, ")
    actions.send("Left out.")
    page.keyboard.type("dear! ")
    assert page.input_value(".editor [name=text]") == f"Oh, dear! {SONG}"


@PHONE_FIRST
def test_bad_files_show_an_error_and_tables_a_choice_of_fields(tab: Any, tmp_path: Path) -> None:
    page = tab
    assert page.inner_text("#upload-files").split("\n") == ["Drop files here", "- or -", "Click to upload"]
    page.click("#upload-use-text")
    page.wait_for_selector(".review .notices p")
    assert "There's nothing to read yet" in page.inner_text(".review .notices")
    for name, data, sentence in (
        ("empty.txt", b"", "empty"),
        ("a" * 180 + ".txt", b"\x89PNG\r\n\x1a\n\0", "isn't text"),
        ("scan.pdf", pdf([b""]), "only images of its pages"),
        ("up'\"&.docx", b"PK\x03\x04", "can't be read as a Word document"),
    ):
        file = tmp_path / name
        file.write_bytes(data)
        page.locator("#upload-files input[type=file]").set_input_files(file)
        page.wait_for_function(
            "(says) => document.querySelector('.review .notices').textContent.includes(says)", arg=sentence
        )
    file = tmp_path / "table.csv"
    file.write_text('vers,wer\n"one\ntwo",Ada\n"three\nfour",<b>Bob\n')
    page.locator("#upload-files input[type=file]").set_input_files(file)
    page.wait_for_selector("select[data-field=text]")
    page.select_option("select[data-field=text]", "vers")
    page.select_option("select[data-field=author]", "wer")
    page.click("[data-do=fields]")
    page.wait_for_selector(".review .parts li")
    assert "2 poems included" in page.inner_text(".review .counts")
    assert "<b>Bob" in page.inner_text(".review .parts")
    assert page.input_value("select[data-field=author]") == "wer"


@PHONE_FIRST
def test_an_encoding_is_chosen(tab: Any, poetbot_home: Path, tmp_path: Path) -> None:
    page, width = tab, tab.viewport_size["width"]
    file = tmp_path / "old.txt"
    poem = SONG.replace("shut", "fermé").replace("hut", "café")
    file.write_bytes(f"A SONG\n\n{poem}\n".encode("cp1252"))
    page.locator("#upload-files input[type=file]").set_input_files(file)
    page.wait_for_selector(".review .encoding")
    assert "fermé" in page.inner_text(".review .encoding .sample")
    assert page.evaluate("document.documentElement.scrollWidth") == width and severe(page) == []
    page.select_option("select[data-encoding]", "Mac Roman")
    page.click("[data-do=encoding]")
    page.wait_for_function(
        "document.querySelector('.review .encoding .sample').textContent.includes('fermÈ')"
    )
    assert page.evaluate("document.activeElement.dataset.do") == "encoding"
    page.select_option("select[data-encoding]", "Windows-1252")
    page.click("[data-do=encoding]")
    page.wait_for_function(
        "document.querySelector('.review .encoding .sample').textContent.includes('fermé')"
    )
    (corpus,) = list_corpora(Home(poetbot_home))
    assert corpus.poems()[0].text == poem


# In one go: a quick machine has read the book before a click that waits for the button to stand still.
STOP_AT_ONCE = """() => {
  const button = document.querySelector("#teach.reading .working [data-do=stop]");
  if (!button?.checkVisibility()) return false;
  button.click();
  return true;
}"""


@pytest.mark.slow
def test_reading_a_long_book_is_stopped_and_resumed(tab: Any, tmp_path: Path) -> None:
    page = tab
    file = tmp_path / "long.txt"
    words = sorted(set(re.findall(r"[a-z]{3,}", f"{SONG} {PROSE}")))
    rng = np.random.default_rng(4)
    lines = [" ".join(line).capitalize() + "," for line in rng.choice(words, (32_000, 6))]
    poems = [f"POEM {n}\n\n" + "\n".join(lines[4 * n : 4 * n + 4]) for n in range(8_000)]
    file.write_text("\n\n\n\n".join(poems), "utf-8")
    page.locator("#upload-files input[type=file]").set_input_files(file)
    page.wait_for_function(STOP_AT_ONCE)
    page.wait_for_function(
        "document.querySelector('.review .notices').textContent.includes('Reading stopped')"
    )
    assert not page.locator(".review .working").is_visible()
    page.reload()
    show(page)
    page.wait_for_selector(".review .counts")  # it is read again where it was not
    assert page.locator(".review .parts li").count() == 40
    page.click("[data-key=next]")
    page.wait_for_function("document.querySelector('.review .pager span').textContent.startsWith('41 to 80')")
    assert page.evaluate("document.activeElement.dataset.part") == "parts"
    page.click(".review li.included .toggle >> nth=0")
    said(page, "Left out.")
    assert "counted in a moment" in page.inner_text(".review .parts")
    page.wait_for_function(
        "!document.querySelector('.review .parts').textContent.includes('counted in a moment')"
    )
    assert "because you left it out" in page.inner_text(".review .parts")
    assert page.inner_text(".review .pager span").startswith("41 to 80")
