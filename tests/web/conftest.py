"""A small poet with random weights, an app that offers it, and a browser that looks at the app."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest

from poetbot.overlap import OverlapIndex
from poetbot.poem import Poem
from poetbot.poets.folder import load, save_card, save_network
from poetbot.poets.network import tensor_shapes
from poetbot.poets.recipe import Recipe
from poetbot.poets.vocabulary import Vocabulary
from poetbot.storage import Home, json_bytes
from poetbot.study import count_words
from poetbot.web.app import build_blocks, create_app
from poetbot.web.serving.access import Access, Kind
from poetbot.web.serving.server import Server
from poetbot.web.serving.visitors import Visitors
from poetbot.writing import Request, write
from tests.web.visiting import USERS, Site, Visitor

SEED = "what was in it, and"
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
    poem = write(load(folder), Request(SEED, 0.7, rng=RNG, lines=LINES))
    read = [Poem(poem.text, TITLE, AUTHOR), Poem("one small grey bird\nupon the sill", "Bird", "Nobody")]
    read.append(Poem("a lamp for a rainy day", "Lamp", "Nobody"))
    OverlapIndex.build(read).save(folder / "overlap")
    (folder / "words.json").write_bytes(json_bytes(count_words([each.text for each in read], common=True)))
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
    """An app that is served, and where."""

    blocks: Any
    url: str


@pytest.fixture(scope="session")
def served(poet_root: Path) -> Iterator[Served]:
    """The app, served on a free port for all tests."""
    blocks = build_blocks(poet_root)
    server = start(blocks)
    yield Served(blocks, server.url)
    server.close()


def start(blocks: Any, visitors: Visitors | None = None) -> Server:
    """Serve an app from a thread, on a port that no other program looks for."""
    server = Server(create_app(blocks, visitors), port=0, closing=lambda: blocks.close(verbose=False))
    server.start()
    return server


@pytest.fixture(scope="session")
def made(poet_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Site]]:
    """Serve an app to others, with a data folder of its own and these settings."""
    servers = []

    def serve(access: Access, **settings: str) -> Site:
        home = Home(tmp_path_factory.mktemp("data"))
        with pytest.MonkeyPatch.context() as patch:
            move_into(patch, home)
            for name, value in settings.items():
                patch.setenv(f"POETBOT_{name.upper()}", value)
            visitors = Visitors(access)
            blocks = build_blocks(poet_root, visitors)
            servers.append(start(blocks, visitors))
        return Site(servers[-1].url, visitors, home, blocks)

    yield serve
    for server in servers:
        server.close()


def move_into(patch: pytest.MonkeyPatch, home: Home) -> None:
    """Let a served app, which asks the environment, find its own data folder."""
    patch.setenv("POETBOT_HOME", str(home.root))
    patch.setenv("GRADIO_TEMP_DIR", str(home.temporary))


@pytest.fixture(scope="session")
def public_site(made: Callable[..., Site]) -> Site:
    return made(Access(Kind.PUBLIC), visitor_requests="100000")


@pytest.fixture(scope="session")
def school_site(made: Callable[..., Site]) -> Site:
    return made(Access(Kind.USERS, USERS))


@pytest.fixture
def public(public_site: Site, poetbot_home: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """An app that is served to everybody."""
    move_into(monkeypatch, public_site.home)
    return public_site


@pytest.fixture
def school(school_site: Site, poetbot_home: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """An app that is served to users with passwords. In a test of both, the data folder is that of the one named last."""
    move_into(monkeypatch, school_site.home)
    return school_site


@pytest.fixture
def ada(public: Site, poet_root: Path) -> Iterator[Visitor]:
    """A visitor of the public app with a poet of her own."""
    with Visitor(public) as ada:
        shutil.copytree(poet_root / "tiny", ada.home.create(ada.home.poets) / "adas own")
        yield ada


@pytest.fixture
def bob(public: Site) -> Iterator[Visitor]:
    """Another visitor of the public app."""
    with Visitor(public) as bob:
        yield bob


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


class Window:
    """A window of the browser that looks at the served app. Nothing that is opened in it may fail or leave the machine.

    Its one page serves test after test: what it has compiled of the app's scripts it need not compile again, which is
    two thirds of the work of opening the app.
    """

    def __init__(self, chromium: Any, url: str, **settings: Any) -> None:
        self._url = url
        self._asked: list[str] = []
        self._errors: list[str] = []
        self.context = chromium.new_context(**settings)
        self.context.on("request", lambda request: self._asked.append(request.url))
        self.context.on("weberror", lambda error: self._errors.append(str(error.error)))
        self.context.set_default_timeout(120_000)  # milliseconds; a busy machine is no failure

    def page(
        self, width: int, height: int, color_scheme: str = "light", reduced_motion: str = "reduce"
    ) -> Any:
        """Return an empty page of this size."""
        page = self.context.pages[0] if self.context.pages else self.context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        return page

    def clean(self) -> None:
        """Forget what a test has left, and fail if something failed or left the machine."""
        self.context.set_offline(False)
        self.context.clear_permissions()
        first, *others = self.context.pages or [self.context.new_page()]
        for page in others:
            page.close()
        first.unroute_all()
        first.goto(f"{self._url}favicon.ico")  # where no script of the app runs
        first.evaluate("localStorage.clear(), sessionStorage.clear()")
        self.context.clear_cookies()
        asked, errors = self._asked.copy(), self._errors.copy()
        self._asked.clear()
        self._errors.clear()
        own = urlsplit(self._url).netloc
        strangers = [
            url for url in asked if urlsplit(url).scheme.startswith("http") and urlsplit(url).netloc != own
        ]
        assert (strangers, errors) == ([], [])


@pytest.fixture(scope="session")
def shared_window(chromium: Any, served: Served) -> Iterator[Window]:
    """The window of most tests."""
    window = Window(chromium, served.url)
    yield window
    window.context.close()


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def window(
    request: pytest.FixtureRequest, shared_window: Window, served: Served, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """An empty page in a window, in which no other test has left anything."""
    # Every test has a folder of its own for what a user leaves on the disk; the app is served for all of them.
    monkeypatch.setenv("GRADIO_TEMP_DIR", served.blocks.GRADIO_CACHE)
    yield shared_window.page(*request.param)
    shared_window.clean()
