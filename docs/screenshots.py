"""Makes the pictures that the pages show: `python docs/screenshots.py [--poet NAME] [--rng N]`. Needs Chromium.

`docs/looks.py` takes every tab in every look.
"""

import argparse
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT))
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

DESKTOP, PHONE = (1280, 900), (390, 844)
EARLIER = ("When I was small", "The lamp is low, and", "There is a door I never tried,")
OWN_LINE = "and I have nothing left to mend,"
RNG_OF_LINES = 1  # nobody chose among them
COLOURS = 128  # of each picture; it keeps them small
PATIENCE = 120_000  # milliseconds


def main() -> None:
    """Serve the app, write some poems with it in a browser, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--poets", type=Path, default=ROOT / "weights", help="the folder with the poets")
    parser.add_argument("--poet", default="modern")
    parser.add_argument("--seed", default="O wind that walks the wheat,")
    parser.add_argument("--temperature", default="0.6")
    parser.add_argument("--rng", type=int, default=4)
    parser.add_argument(
        "--teach", type=float, metavar="MINUTES", help="teach a poet for the picture of that, too"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["POETBOT_HOME"] = home  # so that no poem or poet of one's own is in the pictures
        take(asked)


def take(asked: argparse.Namespace) -> None:
    """Take the pictures."""
    from playwright.sync_api import sync_playwright

    from poetbot.web.app import build_blocks, create_app
    from poetbot.web.serving.server import Server

    blocks = build_blocks(asked.poets)
    server = Server(create_app(blocks))
    server.start()
    url = server.url
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, size, scheme in (
            ("write", DESKTOP, "light"),
            ("write-dark", DESKTOP, "dark"),
            ("phone", PHONE, "light"),
        ):
            page = opened(browser, url, size, scheme, asked.poet)
            if size == DESKTOP:
                for number, seed in enumerate(EARLIER):
                    write(page, seed, asked.temperature, asked.rng + 100 + number)
            write(page, asked.seed, asked.temperature, asked.rng)
            picture(page, name, whole=size == DESKTOP)
            if name == "write":
                studied(page, lambda part: f"study-{part}", "english-poems", "The lamp")
                tab(page, "write")
            if size == DESKTOP:
                page.set_viewport_size({"width": DESKTOP[0], "height": 1640})
                reported(page)
                picture(page, name.replace("write", "overlap"), whole=False)
            page.context.close()
        for name, size, scheme in (
            ("lines", DESKTOP, "light"),
            ("lines-dark", DESKTOP, "dark"),
            ("lines-phone", PHONE, "light"),
            ("lines-phone-dark", PHONE, "dark"),
        ):
            suggested(opened(browser, url, size, scheme, asked.poet), name, asked)
        if asked.teach:
            taught(browser, url, asked.teach)
        browser.close()
    server.close()


def suggested(page: Any, name: str, asked: argparse.Namespace) -> None:
    """Write a few lines, type one behind them, and take the list of lines for what comes next."""
    write(page, asked.seed, asked.temperature, RNG_OF_LINES, lines=4)
    page.click(".poem .line >> nth=-1")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type(OWN_LINE)
    page.keyboard.press("Alt+Enter")
    page.wait_for_selector("[data-part=lines] li[data-choice]")
    page.wait_for_timeout(1_500)  # until what follows the edit has come
    picture(page, name, whole=False)
    page.context.close()


def reported(page: Any) -> None:
    """Have the poem that was written last checked, and go to the first run of words that was read elsewhere."""
    tab(page, "overlap-tab")
    page.click("#ov-use-poem")
    page.wait_for_function("document.querySelector('#ov-text textarea').value !== ''")
    page.click("#ov-check")
    page.wait_for_selector("#overlap .summary")
    if (runs := page.locator("#overlap mark[role=button]")).count():
        runs.first.focus()
    page.wait_for_timeout(500)


def studied(page: Any, named: Callable[[str], str], people: str, seed: str) -> None:
    """Take a picture of each part of the Study tab, of the poet and the poem that were written with last."""
    tab(page, "study-tab")
    page.wait_for_selector(".st .marked")  # of the poem that was written last
    page.select_option("[name=people]", people)
    page.click("[data-question=shares] button[type=submit]")
    page.wait_for_selector(".st .track", state="attached")  # on a phone only the numbers are shown
    taken(page, named("sound"))
    page.click("#st-tab-words")  # of the poems that were written to be compared
    page.wait_for_function("document.querySelectorAll('#st-words .result img').length === 2")
    taken(page, named("words"))
    page.click("#st-tab-curves")
    page.wait_for_selector(".st .points")
    page.focus(".st .points")
    page.keyboard.press("End")
    taken(page, named("curves"))
    page.click("#st-tab-growth")
    page.fill("#st-growth [name=seed]", seed)
    page.click("#st-growth button[type=submit]")
    page.wait_for_selector(".st .stages")
    taken(page, named("growth"))
    page.click("#st-tab-surprise")
    page.wait_for_selector(".st .units")
    page.focus(".st .units")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    taken(page, named("surprise"))


def taken(page: Any, name: str) -> None:
    """Take a picture of the Study tab as it stands."""
    page.mouse.move(0, 0)
    page.wait_for_function("!document.querySelector('.st [aria-busy=true]')")
    page.wait_for_timeout(500)
    picture(page, name, whole=True)


def taught(browser: Any, url: str, minutes: float) -> None:
    """Teach a poet the poems that come with PoetBot, and take the end of its run."""
    page = opened(browser, url, DESKTOP, "light")
    page.set_default_timeout(PATIENCE + minutes * 300_000)
    tab(page, "teach-tab")
    page.click("#upload-use-named")
    page.wait_for_selector(".review h3.name")
    page.fill("#training-minutes input", str(minutes))
    page.locator("#training-minutes input").blur()
    page.click("#training-start")
    page.wait_for_selector(".job[data-state=finished]")
    page.wait_for_selector(".job .comparison .verse >> nth=1")
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    kept(page.locator(".job").screenshot(), "teach")
    page.context.close()


def tab(page: Any, name: str) -> None:
    """Go to a tab, whatever the language calls it."""
    page.click(f"#tabs [role=tab][data-tab-id={name}]")


def opened(
    browser: Any,
    url: str,
    size: tuple[int, int],
    scheme: str,
    poet: str | None = None,
    language: str = "en",
    scale: int = 2,
) -> Any:
    """Return the app in a window of its own, which shows poems at once, with this poet."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=scale,
        color_scheme=scheme,
        reduced_motion="reduce",
        has_touch=size == PHONE,
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{url}?language={language}")
    page.wait_for_selector("[data-part=files]:not([hidden])", state="attached")  # the kept poems are listed
    if poet and page.input_value("#poet input") != poet:
        if narrow := page.locator("#settings-button").is_visible():
            page.click("#settings-button")
        page.click("#poet input")
        page.locator("role=option").filter(has_text=poet).first.click()
        if narrow:
            page.click("#settings-button")
    return page


def write(page: Any, seed: str, temperature: str, rng: int, lines: int | None = None) -> None:
    """Write a poem, of 14 lines where not said otherwise, and wait for its report."""
    before = page.evaluate("location.hash")
    page.fill("#seed textarea", seed)
    phone = page.locator("#settings-button").is_visible()
    if phone:
        page.click("#settings-button")
    page.click("#more > button")
    page.uncheck("#new-seed input")
    page.fill("#rng input", str(rng))
    page.fill("#temperature input[type=number]", temperature)
    page.locator("#temperature input[type=number]").blur()
    page.click("#more > button")
    if lines:
        page.click("#lines input")
        page.locator("role=option").filter(has_text=str(lines)).first.click()
    page.click("#write-button")
    page.wait_for_function(
        "before => location.hash.startsWith('#poem/') && location.hash !== before", arg=before
    )
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.wait_for_timeout(500)


def picture(page: Any, name: str, *, whole: bool) -> None:
    """Take a picture of the window, or of the whole page, in a window as high: what sticks to its foot hides nothing."""
    before = page.viewport_size
    if whole:
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": before["width"], "height": height})
        page.wait_for_timeout(300)
    kept(page.screenshot(), name)
    page.set_viewport_size(before)


def kept(png: bytes, name: str) -> None:
    """Keep a picture, made small."""
    from PIL import Image

    taken = Image.open(io.BytesIO(png))
    (IMAGES / name).parent.mkdir(parents=True, exist_ok=True)
    small = taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(IMAGES / f"{name}.png", optimize=True)
    print(f"docs/images/{name}.png  {taken.width} x {taken.height}")


if __name__ == "__main__":
    main()
