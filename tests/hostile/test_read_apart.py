"""What a visitor sends is read in a process that can be ended; the app itself reads only what takes no time."""

import contextlib
import json
import random
import sys
import time
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from poetbot.errors import Failure, PoetBotError
from poetbot.isolated_process import SMALL
from poetbot.library.corpora import create_corpus
from poetbot.library.poets import zip_import
from poetbot.library.poets.zip_export import export_poet
from poetbot.locale import locale
from poetbot.poets.training_run import TrainingRun
from poetbot.runs.start import start
from poetbot.storage import Home
from poetbot.web.serving.access import Access, Kind
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.session import Session
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.overlap import handlers as overlap_tab
from poetbot.web.tabs.poets.handlers import Handlers as PoetsHandlers
from poetbot.web.tabs.teach.time_estimate import training_poems
from poetbot.web.tabs.write import kept_poems as kept

LINE = "A gull goes over, and the kettle sings.\n"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what is called in a process of its own."""
    names: list[str] = []

    def noting(module: Any) -> None:
        call = module.call

        def noted(function: Any, *arguments: Any) -> Any:
            names.append(function.__name__)
            return call(function, *arguments)

        monkeypatch.setattr(module, "call", noted)

    for module in (overlap_tab, kept, zip_import):
        noting(module)
    return names


@pytest.mark.parametrize("long", [False, True])
def test_a_long_file_for_the_overlap_tab_is_read_in_another_process(
    poet_root: Path, tmp_path: Path, asked: list[str], long: bool
) -> None:
    file = tmp_path / "gull.txt"
    file.write_text(LINE * (SMALL // len(LINE) + 1 if long else 3), encoding="utf-8")
    session = Session()
    overlap_tab.Handlers(PoetRegistry(poet_root), locale("en")).open(session, str(file), "")
    assert session.opened == ("gull.txt", file.read_text("utf-8"))
    assert asked == (["text_of_file"] if long else [])


@pytest.mark.parametrize("long", [False, True])
def test_long_exports_are_read_and_written_in_another_process(asked: list[str], long: bool) -> None:
    handlers = kept.Handlers(Visitors(Access(Kind.PUBLIC)), locale("en"))
    poem = LINE * (SMALL // len(LINE) + 1 if long else 3)
    rows = json.dumps({"poetbot_poems": 1, "poems": [{"text": poem}]})

    def ask(do: str, **data: Any) -> Any:
        return handlers.keep(kept.Question(do, **data))

    assert [row["text"] for row in ask("read", text=rows)["rows"]] == [poem]
    assert [row["text"] for row in ask("read", text=poem)["rows"]] == [poem.strip("\n")]
    assert ask("file", rows=rows, format="text")["file"] == poem
    assert ask("file", rows=rows, format="card")["media"] == "image/png"
    assert asked == (["poems_of_file", "poems_of_file", "export_rows", "export_rows"] if long else [])


def test_a_poet_is_always_unpacked_in_another_process(
    poet_root: Path, tmp_path: Path, asked: list[str], poetbot_home: Path
) -> None:
    export_poet(poet_root / "tiny", tmp_path / "tiny.zip")
    handlers = PoetsHandlers(PoetRegistry(poet_root), locale("en"))
    assert "imported" in handlers.import_poet(str(tmp_path / "tiny.zip"))["message"]
    assert asked == ["_unpack_into"]
    (tmp_path / "no.zip").write_bytes(b"PK")
    with pytest.raises(PoetBotError, match=r"a \.zip file"):
        handlers.import_poet(str(tmp_path / "no.zip"))


def test_an_import_that_takes_too_long_is_cancelled_and_leaves_nothing(
    poet_root: Path, tmp_path: Path, poetbot_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_poet(poet_root / "tiny", tmp_path / "tiny.zip")
    home = Home(poetbot_home)
    half = home.create(home.poets) / ".new-0"
    half.mkdir()
    (half / "weights.safetensors").write_bytes(b"half of them")
    monkeypatch.setenv("POETBOT_READING_SECONDS", "1")
    monkeypatch.setattr(zip_import.secrets, "token_hex", lambda size: "0")
    monkeypatch.setattr(zip_import, "_unpack_into", time_out)
    with pytest.raises(PoetBotError, match="took more than 1 second"):
        PoetsHandlers(PoetRegistry(poet_root), locale("en")).import_poet(str(tmp_path / "tiny.zip"))
    assert list(home.poets.iterdir()) == []


def time_out(*arguments: Any) -> None:
    time.sleep(60)


def test_a_zip_that_swells_costs_the_app_nothing(poet_root: Path, tmp_path: Path, poetbot_home: Path) -> None:
    """Members that claim little and hold much, many of them, and nested archives are refused by their list alone."""
    swelling = tmp_path / "swelling.zip"
    with zipfile.ZipFile(swelling, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("weights.safetensors", bytes(300_000_000))
        file.writestr("poet.json", bytes(300_000_000))
    many = tmp_path / "many.zip"
    with zipfile.ZipFile(many, "w") as file:
        for number in range(5_000):
            file.writestr(f"epochs/{number:04d}.safetensors", b"")
    nested = tmp_path / "nested.zip"
    with zipfile.ZipFile(nested, "w") as file:
        file.write(swelling, "poet.zip")
    handlers = PoetsHandlers(PoetRegistry(poet_root), locale("en"))
    for path in (swelling, many, nested):
        with pytest.raises(PoetBotError, match="be imported"):
            handlers.import_poet(str(path))
    assert not [path for path in Home(poetbot_home).poets.rglob("*") if path.is_file()]


def test_teaching_from_a_large_corpus_leaves_its_poems_on_the_disk(poetbot_home: Path) -> None:
    """What the time buys, and the beginning of a training, take no more memory for many poems than for few."""
    rng = random.Random(1)
    words = [f"w{n}" for n in range(5_000)]
    rows = (
        json.dumps({"title": f"No. {n}", "text": " ".join(rng.choices(words, k=300))}) for n in range(2_000)
    )
    home = Home(poetbot_home)
    corpus = create_corpus(home, {"many.jsonl": "\n".join(rows).encode()})
    corpus.read()
    script = [sys.executable, "-c", "import sys; sys.exit(1)"]
    tracemalloc.start()
    material = training_poems(home, corpus.id, True)
    assert material is not None and len(material.poems) == 2_000
    assert material.characters == corpus.summary().counts.characters > 3_000_000
    with contextlib.suppress(Failure):
        start(home, TrainingRun("many", minutes=1), material.poems, script)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    (kept,) = home.jobs.glob("*/poems.jsonl")
    assert kept.read_bytes() == (corpus.folder / str(corpus.state().read) / "poems.jsonl").read_bytes()
    assert peak < 400_000
