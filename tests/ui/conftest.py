"""A small poet with random weights, an app that offers it, and a browser that looks at the app."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from poetbot.corpus.poem import Poem
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import as_json, load, save_card, save_network
from poetbot.poets.network import tensor_shapes
from poetbot.poets.recipe import Recipe
from poetbot.poets.vocabulary import Vocabulary
from poetbot.study import count_words
from poetbot.ui.app import build_app, serving
from poetbot.writing import Request, write

SEED = "the lamp is low and"
RNG = 7
LINES = 4
TITLE = "<img src=x onerror=\"document.title='broken in'\">"
AUTHOR = "<script>document.title = 'broken in'</script>"
CHARACTERS = "\n '+,.<>=\"/()" + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.fixture(scope="session")
def poet_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one poet, `tiny`. It has read the poem that it writes from SEED with RNG, word for word."""
    root = tmp_path_factory.mktemp("poets")
    folder = root / "tiny"
    recipe, vocabulary = Recipe(layers=3, units=24), Vocabulary(CHARACTERS)
    rng = np.random.default_rng(5)
    shapes = tensor_shapes(recipe, len(vocabulary))
    tensors = {name: rng.normal(0, 0.4, shape).astype(np.float32) for name, shape in shapes.items()}
    bias = tensors["dense.bias"]
    bias[vocabulary.ids[" "]] += 3.0  # words, lines, and no end of the poem by itself
    bias[vocabulary.ids["\n"]] += 1.5
    bias[vocabulary.ids["+"]] -= 9.0
    save_network(folder, recipe, vocabulary, tensors)
    save_card(folder, {"name": "tiny", "recipe": recipe.as_json()})
    poem = write(load(folder), Request(SEED, rng=RNG, lines=LINES))
    read = [Poem(poem.text, TITLE, AUTHOR), Poem("one small grey bird\nupon the sill", "Bird", "Nobody")]
    OverlapIndex.build(read).save(folder / "overlap")
    (folder / "words.json").write_bytes(as_json(count_words([each.text for each in read], common=True)))
    return root


@pytest.fixture
def poets_without_index(poet_root: Path, tmp_path: Path) -> Path:
    """The same poet, as it is while its training goes on: without index and words."""
    shutil.copytree(
        poet_root / "tiny", tmp_path / "tiny", ignore=shutil.ignore_patterns("overlap", "words.json")
    )
    return tmp_path


@dataclass(frozen=True)
class Served:
    """An app that listens, and where."""

    app: Any
    url: str


@pytest.fixture(scope="session")
def served(poet_root: Path) -> Iterator[Served]:
    """The app, served on a free port for all tests."""
    app = build_app(poet_root)
    _, url, _ = app.launch(prevent_thread_lock=True, server_name="127.0.0.1", **serving())
    yield Served(app, url)
    app.close(verbose=False)


CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser of this machine. Without one the test is skipped, or fails where POETBOT_REQUIRE_BROWSER=1."""
    try:
        from playwright.sync_api import Error, sync_playwright

        path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
        if path is None:
            raise FileNotFoundError
    except (ImportError, FileNotFoundError):
        _no_browser()
    quiet = [
        "disable-gpu",
        "disable-background-networking",
        "no-first-run",
        "disable-component-update",
        "disable-sync",
    ]
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=path, args=["--no-sandbox", *(f"--{each}" for each in quiet)]
            )
        except Error:
            _no_browser()
        yield browser
        browser.close()


def _no_browser() -> None:
    sentence = "The browser tests need Chromium: install it (on Debian: apt-get install chromium)."
    if os.environ.get("POETBOT_REQUIRE_BROWSER") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)
