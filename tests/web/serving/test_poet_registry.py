"""The poets that the app offers: everybody's and one's own."""

import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio_client import Client

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.storage import Home
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.visitors import Visitors
from poetbot.writing import CachedPoet, Request, form_named, write


@pytest.fixture
def own(poet_root: Path, poetbot_home: Path) -> Path:
    """A poet of one's own."""
    return Path(shutil.copytree(poet_root / "tiny", poetbot_home / "poets" / "mine"))


def test_own_poets_come_after_bundled_ones(poet_root: Path, own: Path) -> None:
    shelf = PoetRegistry(poet_root)
    assert shelf.names() == ["tiny"]
    assert shelf.of(None).names() == ["tiny", "mine"]
    assert shelf.of(None).poet("mine").id == shelf.poet("tiny").id
    with pytest.raises(PoetBotError, match="no poet mine"):
        shelf.poet("mine")


def test_curiosities_come_last(poet_root: Path, own: Path, tmp_path: Path) -> None:
    root = tmp_path / "weights"
    for name in ("story", "tiny", "nietzsche", "verse"):
        shutil.copytree(poet_root / "tiny", root / name)
    shutil.copytree(own, own.parent / "zoe")
    assert PoetRegistry(root).of(None).names() == ["tiny", "verse", "mine", "zoe", "nietzsche", "story"]


def test_an_own_poet_does_not_hide_a_bundled_one(poet_root: Path, own: Path) -> None:
    own.rename(own.parent / "tiny")
    assert PoetRegistry(poet_root).of(None)._folders() == {"tiny": poet_root / "tiny"}


def test_two_visitors_have_separate_poets(poet_root: Path, own: Path, tmp_path: Path) -> None:
    class Two(Visitors):
        def home(self, request: gr.Request | None) -> Home:
            return super().home(None) if request is None else Home(tmp_path / "other")

    shelf = PoetRegistry(poet_root, Two())
    assert shelf.of(None).names() == ["tiny", "mine"] and shelf.of(None).poet("mine")
    with pytest.raises(PoetBotError, match="There are: tiny"):
        shelf.of(gr.Request()).poet("mine")
    shutil.copytree(own, tmp_path / "other" / "poets" / "mine")
    assert shelf.of(None).poet("mine") is not shelf.of(gr.Request()).poet("mine")


def test_a_poet_is_read_once_and_again_when_it_changed(poet_root: Path, own: Path) -> None:
    shelf = PoetRegistry(poet_root)
    first = shelf.of(None).poet("mine")
    assert shelf.of(None).poet("mine") is first
    os.utime(own / "poet.json", (1, 1))
    assert shelf.of(None).poet("mine") is not first


def test_only_what_is_needed_of_a_poet_is_loaded(poet_root: Path) -> None:
    shelf = PoetRegistry(poet_root)
    assert "a" in shelf.symbols("tiny") and not shelf._cache.entries
    poet = shelf.cached_poet("tiny")
    assert callable(poet._index)  # it isn't open yet
    assert shelf.index("tiny") is poet.index is not None
    with pytest.raises(PoetBotError, match="no poet mine"):
        shelf.symbols("mine")


def test_an_index_that_several_threads_need_is_opened_once(poet_root: Path) -> None:
    index, opened = OverlapIndex.open(poet_root / "tiny" / "overlap"), []

    def slowly() -> OverlapIndex:
        opened.append(index)
        time.sleep(0.1)
        return index

    cached = CachedPoet(PoetRegistry(poet_root).poet("tiny"), slowly)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: cached.index, range(4)))
    assert found == [index] * 4 and opened == [index]


def test_the_number_of_poets_in_memory_is_limited(
    poet_root: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POETBOT_POETS_IN_MEMORY", "1")
    shelf = PoetRegistry(poet_root)
    first = shelf.of(None).poet("mine")
    assert shelf.of(None).poet("mine") is first
    shelf.poet("tiny")
    assert shelf.of(None).poet("mine") is not first


def test_large_poets_do_not_fill_the_memory(
    poet_root: Path, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("second", "third"):
        shutil.copytree(poet_root / "tiny", tmp_path / "many" / name)
    monkeypatch.setattr("poetbot.web.serving.poet_registry._weights", lambda poet: 400_000_000)
    monkeypatch.setenv("POETBOT_POETS_MB", "1000")
    shelf = PoetRegistry(tmp_path / "many")
    second, third = shelf.poet("second"), shelf.poet("third")
    assert shelf.poet("second") is second and shelf.poet("third") is third
    shelf.of(None).poet("mine")
    assert shelf.poet("third") is third and shelf.poet("second") is not second
    monkeypatch.setenv("POETBOT_POETS_MB", "1")  # the one in use stays, however large
    mine = shelf.of(None).poet("mine")
    assert shelf.of(None).poet("mine") is mine


def test_a_served_app_writes_with_own_poets(served: Any, own: Path) -> None:
    client = Client(served.url, verbose=False, analytics_enabled=False)
    assert client.predict("mine", "the lamp", lines=1, rng=1, api_name="/write")["text"].startswith(
        "the lamp"
    )
    assert client.predict("mine", "the lamp", api_name="/check")["words"] == 2
    client.close()


def test_a_blend_writes_with_poets_that_share_a_vocabulary(poet_root: Path, tmp_path: Path) -> None:
    shutil.copytree(poet_root / "tiny", tmp_path / "own" / "twin")
    shelf = PoetRegistry(poet_root, own=tmp_path / "own")
    assert shelf.blendable("tiny") == ["twin"] and shelf.blendable("nobody") == []
    name = "tiny:0.5,twin:2"
    assert (
        shelf.has(name)
        and not shelf.has("tiny:1,nobody:1")
        and not shelf.has("tiny:1")
        and not shelf.has(":")
    )
    cached = shelf.cached_poet(name)
    assert cached is shelf.cached_poet(name) and shelf.poet(name) is cached.poet
    assert shelf.index(name) is shelf.index("tiny") and shelf.guard(name, 6) == 6
    poem = write(cached.poet, Request(lines=2, rng=1), cached.index)
    assert [each["weight"] for each in poem.receipt["blend"]] == [0.5, 2]
    shutil.rmtree(tmp_path / "own" / "twin" / "overlap")
    (tmp_path / "own" / "twin" / "poet.json").touch()
    assert shelf.guard(name, 6) == 0  # its training poems aren't known
    with pytest.raises(PoetBotError, match="There is no poet nobody here"):
        shelf.poet("tiny:1,nobody:1")


def test_a_poet_that_is_deleted_meanwhile_is_an_error_and_leaves_the_others(
    poet_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = PoetRegistry(poet_root, own=tmp_path)
    for name in ("twin", "gone"):
        shutil.copytree(poet_root / "tiny", tmp_path / name)
    listed = shelf._folders()
    shutil.rmtree(tmp_path / "gone")
    monkeypatch.setattr(PoetRegistry, "_folders", lambda _: listed)
    with pytest.raises(PoetBotError, match="gone no longer exists"):
        shelf.poet("gone")
    assert shelf.blendable("tiny") == ["twin"] and shelf.blendable("gone") == []


def test_a_poet_that_is_ready_has_what_its_lines_need(poet_root: Path) -> None:
    cached = PoetRegistry(poet_root).ready_poet("tiny", form_named("couplet"))
    assert not callable(cached._index) and {"sounds", "word_nats"} <= cached.__dict__.keys()
    with pytest.raises(PoetBotError, match="Chinese poets only"):
        PoetRegistry(poet_root).ready_poet("tiny", form_named("五绝"))
