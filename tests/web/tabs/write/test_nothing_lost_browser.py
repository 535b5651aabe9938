"""Nothing is lost: in a poem of 10,000 lines, when the app is killed, or when two windows edit one poem."""

import os
import signal
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Served
from tests.web.tabs.write.test_line_by_line_browser import text

ROOT = Path(__file__).resolve().parents[4]
LINES = 10_000
LINE = "the grey sea 雨 и дождь {} 𝄞"
TYPED = "one small bird"

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
DESKTOP = pytest.mark.parametrize("window", [pytest.param((1280, 900), id="desktop")], indirect=True)

WAITS = """() => {
  window.waits = [];
  document.addEventListener('keydown', () => {
    const pressed = performance.now();
    requestAnimationFrame(() => setTimeout(() => waits.push(performance.now() - pressed)));
  }, true);
}"""


@DESKTOP
@pytest.mark.parametrize(
    "lines",
    [[LINE.format(k) for k in range(LINES)], [(LINE.format(k) * 200)[:5_000] for k in range(12)]],
    ids=["ten thousand lines", "lines of 5,000 characters"],
)
def test_typing_in_a_very_long_poem_is_fast_enough_and_saved(
    window: Any, served: Served, lines: list[str]
) -> None:
    page = window
    page.goto(served.url)
    page.wait_for_selector(".poem .line")
    page.click(".poem")
    page.keyboard.insert_text("\n".join(lines))
    page.evaluate(WAITS)
    page.keyboard.type(TYPED, delay=50)
    at = len(lines) // 2
    page.evaluate(
        """(at) => {
          const line = document.querySelectorAll('.poem .line')[at];
          line.scrollIntoView({ block: 'center' });
          getSelection().selectAllChildren(line);
          getSelection().collapseToStart();
        }""",
        at,
    )
    page.keyboard.type(TYPED, delay=50)
    for key in ("Enter", "Backspace", "ArrowUp", "Home"):
        page.keyboard.press(key)
    page.keyboard.type("a")
    whole = [*lines[:-1], lines[-1] + TYPED]
    whole[at] = TYPED + whole[at]
    whole[at - 1] = "a" + whole[at - 1]
    if len(lines) == LINES:
        assert text(page) == "\n".join(whole)
        page.wait_for_selector("[data-part=overlap]:has-text('Use the Overlap tab')")
    # 0.1 s on a quiet machine (docs/writing.md); a busy one gets more time.
    assert statistics.median(page.evaluate("waits")) < 1_000
    page.wait_for_selector(".poems button[aria-current]")
    page.close()
    page = window.context.new_page()
    page.goto(served.url)
    page.click(".poems button")
    page.wait_for_selector(".poem .line >> nth=1")
    assert sorted(map(len, text(page).split("\n"))) == sorted(map(len, whole))
    assert TYPED in text(page)


@pytest.fixture
def app(poet_root: Path, poetbot_home: Path) -> Iterator[Callable[[], tuple[Any, str]]]:
    """Start the app as a user does, with the data folder of this test; return its process and its address."""
    started: list[subprocess.Popen[str]] = []

    def start() -> tuple[Any, str]:
        process = subprocess.Popen(
            [sys.executable, "app.py", "--poets", str(poet_root)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout
        said = process.stdout.readline()
        assert "http://" in said
        return process, said.split()[3]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="kills as Unix does")
def test_an_edit_outlives_the_app_that_is_killed_a_second_later(
    chromium: Any, app: Callable[[], tuple[Any, str]]
) -> None:
    context = chromium.new_context(reduced_motion="reduce")
    context.set_default_timeout(120_000)
    process, url = app()
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(".poem .line")
    page.click(".poem")
    page.keyboard.type("a bird was on the sill\nand it")
    page.wait_for_selector(".poems button[aria-current]")
    page.keyboard.type(" was grey")
    page.wait_for_timeout(1_000)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    page.close()

    _, url = app()
    one, other = context.new_page(), context.new_page()
    for page in (one, other):
        page.goto(url)
        page.click(".poems button")
        page.wait_for_selector(".poem .line >> nth=1")
        assert text(page) == "a bird was on the sill\nand it was grey"
        page.click(".poem .line >> nth=1")
        page.keyboard.press("End")
    # The later of two windows with one poem says so, and its version becomes a poem of its own.
    for page, typed in ((one, " one"), (other, " other")):
        page.bring_to_front()
        page.keyboard.type(typed)
        page.wait_for_timeout(1_000)
    other.wait_for_selector(".notices:has-text('changed in another window')")
    assert one.inner_text(".notices") == ""
    one.wait_for_selector(".poems li >> nth=1")  # it is told by the other window
    one.reload()
    one.wait_for_selector(".poems li >> nth=1")
    found = []
    for row in range(one.locator(".poems button").count()):
        one.click(f".poems li:nth-child({row + 1}) button")
        one.wait_for_selector(f".poems li:nth-child({row + 1}) button[aria-current]")
        found.append(text(one).split("\n")[1])
    assert sorted(found) == ["and it was grey one", "and it was grey other"]
    context.close()
