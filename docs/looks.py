"""Takes a picture of every tab in every look: `python docs/looks.py` writes 72 to docs/images/looks. Needs Chromium.

English and Chinese, light and dark, on a large window and on a phone; each language with a poet who writes in it.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from typing import Any

from screenshots import DESKTOP, PHONE, ROOT, opened, picture, reported, studied, tab, write


@dataclass(frozen=True)
class Language:
    """What is done in one language."""

    key: str
    poet: str
    people: str
    seeds: tuple[str, str]


LANGUAGES = (
    Language("en", "english", "english-poems", ("The lamp is low, and", "O wind that walks the wheat,")),
    Language("zh", "tang", "chinese-poems", ("明月", "春")),
)
TEMPERATURE, RNG = "0.6", 4


def main() -> None:
    """Serve the app, and go through its tabs in a browser."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["POETBOT_HOME"] = home  # so that no poem or poet of one's own is in the pictures
        from playwright.sync_api import sync_playwright

        from poetbot.web.app import build_blocks, create_app
        from poetbot.web.serving.server import Server

        blocks = build_blocks(ROOT / "weights")
        server = Server(create_app(blocks))
        server.start()
        url = server.url
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            for language in LANGUAGES:
                for screen, size in (("desktop", DESKTOP), ("phone", PHONE)):
                    for scheme in ("light", "dark"):
                        page = opened(browser, url, size, scheme, language.poet, language.key, 1)
                        look(page, language, f"{language.key}-{screen}-{scheme}")
                        page.context.close()
            browser.close()
        server.close()


def look(page: Any, language: Language, name: str) -> None:
    """Take every tab."""
    for number, seed in enumerate(language.seeds):
        write(page, seed, TEMPERATURE, RNG + number)
    picture(page, f"looks/write-{name}", whole=True)
    reported(page)
    picture(page, f"looks/overlap-{name}", whole=True)
    studied(page, lambda part: f"looks/study-{part}-{name}", language.people, language.seeds[0])
    tab(page, "poets-tab")
    page.click(f"details.poet[data-poet={language.poet}] > summary")
    page.wait_for_selector("details.poet[open] .whole svg")
    picture(page, f"looks/poets-{name}", whole=True)
    tab(page, "teach-tab")
    page.click("#upload-named input")
    page.locator("role=option").filter(has_text=language.people).first.click()
    page.click("#upload-use-named")
    page.wait_for_selector(".review h3.name")
    picture(page, f"looks/teach-{name}", whole=True)


if __name__ == "__main__":
    main()
