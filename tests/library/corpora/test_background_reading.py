"""Reading in a process of its own."""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from poetbot import isolated_process
from poetbot.errors import PoetBotError
from poetbot.isolated_process import SMALL
from poetbot.library.corpora import create_corpus
from poetbot.storage import Home

SONG = "The lamp is lit, the door is shut,\nThe kettle starts to sing,\nAnd every cup inside the hut\nIs waiting for the king.\n\n\n\n"


def test_a_reader_that_hangs_is_stopped(
    poetbot_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = tmp_path / "hanging"
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o700)
    monkeypatch.setattr(isolated_process, "sys", SimpleNamespace(executable=str(hanging)))
    monkeypatch.setenv("POETBOT_READING_SECONDS", "1")
    corpus = create_corpus(Home(poetbot_home), {"songs.docx": SONG.encode()})
    before = time.monotonic()
    with pytest.raises(PoetBotError, match="took more than 1 second and was stopped"):
        list(corpus.read_stepwise())
    assert time.monotonic() - before < 30
    assert corpus.state().read is None and not list(corpus.folder.glob(".half-*"))


@pytest.mark.parametrize(
    ("name", "data", "here"),
    [
        ("songs.txt", SONG.encode(), True),
        ("songs.txt", SONG.encode() * (SMALL // len(SONG) + 1), False),
        ("songs.docx", SONG.encode(), False),
        ("songs.odt", SONG.encode(), False),
        ("songs.epub", SONG.encode(), False),
        ("songs.pdf", SONG.encode(), False),
        ("songs.unheard", SONG.encode(), False),
    ],
)
def test_only_small_files_are_read_in_the_app(
    name: str, data: bytes, here: bool, poetbot_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(
        "poetbot.library.corpora.folder.read_in_process", lambda *_: asked.append("here") or ""
    )
    monkeypatch.setattr(
        "poetbot.library.corpora.folder.read_in_subprocess", lambda *_: iter(asked.append("apart") or ())
    )
    list(create_corpus(Home(poetbot_home), {name: data}).read_stepwise())
    assert asked == ["here" if here else "apart"]
