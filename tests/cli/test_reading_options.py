"""Several files, folders and choices on the command line: `corpus` and `train` read alike."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from poetbot.cli import reading_options, train
from poetbot.cli.main import main
from poetbot.corpus.loading import read_poems
from poetbot.corpus.named_corpora import read_named
from poetbot.training import worker

LAMP = "The lamp is low,\nThe street is long,\nAnd no one asks\nThe rain to stay."
PROSE = "Nobody had told us that the ferry was late, and so we stood on the landing stage in the rain for an hour, and then for another, with all our bags."


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> list[worker.TrainOptions]:
    """Take what `train` would do instead of doing it."""
    taken: list[worker.TrainOptions] = []
    card: dict[str, Any] = {
        "name": "x",
        "training": {"steps": 0, "minutes": 0},
        "figures": {},
        "recipe": {"level": "characters"},
    }
    monkeypatch.setattr(train, "train", lambda order: taken.append(order) or card)
    return taken


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "my poems"
    folder.mkdir()
    (folder / "book.txt").write_text(f"{LAMP}\n\n\n{PROSE}\n", encoding="utf-8")
    (folder / "rows.csv").write_text(f'verse,by,about\n"{LAMP} Today.",Ada,Lamp\n', encoding="utf-8")
    (folder / "broken.docx").write_bytes(b"no document")
    return folder


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--all-poems"],
        ["--text", "about", "--author", "by", "--title", "verse"],
        ["--filter"],
        ["--pieces", "lines"],
    ],
)
def test_train_reads_what_corpus_finds(
    options: list[str], folder: Path, orders: list[worker.TrainOptions], tmp_path: Path, capsys
) -> None:
    more = tmp_path / "more.txt"
    more.write_text(LAMP.replace("lamp", "fire"), encoding="utf-8")
    assert (
        main(["corpus", str(more), str(folder), *options, "--out", str(tmp_path / "x.jsonl"), "--json"]) == 0
    )
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert main(["train", str(more), str(folder), *options, "--out", "poet", "--json"]) == 0
    (order,) = orders
    assert order.corpus.fingerprint == read_poems(tmp_path / "x.jsonl").fingerprint
    assert order.corpus.name == "more and 3 more"
    assert len(order.corpus.poems) == found["poems"]
    assert [file["name"] for file in found["files"]] == ["more.txt", "my poems/book.txt", "my poems/rows.csv"]
    assert found["left_out"] == [line for line in printed.err.splitlines() if line.startswith("Left out")]
    assert tuple(map(str, order.corpus.notices)) == tuple(printed.err.splitlines())


def test_the_options_change_what_is_read(folder: Path, orders: list[worker.TrainOptions]) -> None:
    for options in ([], ["--all-poems"], ["--text", "about"]):
        assert main(["train", str(folder), *options, "--out", "poet", "--json"]) == 0
    usual, everything, other = ([poem.text for poem in order.corpus.poems] for order in orders)
    assert usual == [LAMP, f"{LAMP} Today."]
    assert everything == [f"{LAMP}\n\n{PROSE}", f"{LAMP} Today."]
    assert other == [LAMP, "Lamp"]


def test_a_folder_is_the_same_corpus_to_a_run_that_is_resumed(
    folder: Path, orders: list[worker.TrainOptions], tmp_path: Path
) -> None:
    again = tmp_path / "again" / "my poems"
    again.mkdir(parents=True)
    for path in sorted(folder.iterdir(), reverse=True):  # made in another order
        (again / path.name).write_bytes(path.read_bytes())
    for given in (folder, again):
        assert main(["train", str(given), "--out", "poet", "--json"]) == 0
    (again / "new.txt").write_text(LAMP.replace("lamp", "fire"), encoding="utf-8")
    assert main(["train", str(again), "--out", "poet", "--json"]) == 0
    one, same, other = (order.corpus.fingerprint for order in orders)
    assert one == same != other


def test_names_and_files_together(folder: Path, orders: list[worker.TrainOptions]) -> None:
    assert main(["train", "english-poems", str(folder), "chinese-poems", "--out", "poet", "--json"]) == 0
    assert main(["train", "english-poems", "chinese-poems", "--out", "poet", "--json"]) == 0
    mixed, named = orders
    english, chinese = read_named("english-poems").poems, read_named("chinese-poems").poems
    assert mixed.corpus.poems == (*english, *read_poems(folder).poems, *chinese)
    assert mixed.corpus.name == "english-poems and my poems and chinese-poems" and mixed.run.licence is None
    assert named.corpus.poems == (*english, *chinese) and named.run.licence == "CC0 1.0"


@pytest.mark.parametrize("command", ["corpus", "train"])
@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--all-poems", "--pieces", "lines"], "--all-poems can't be combined with --pieces lines"),
        (["EMPTY"], "has no file that can be read"),
        (["missing folder"], "There is no file"),
    ],
)
def test_bad_input_is_one_line(
    command: str, options: list[str], says: str, folder: Path, tmp_path: Path, capsys
) -> None:
    (tmp_path / "nothing here").mkdir()
    options = [str(tmp_path / "nothing here") if each == "EMPTY" else each for each in options]
    given = [str(folder)] if options[0].startswith("-") else []
    if "missing folder" in options:
        given = [str(folder)]
    end = ["--out", str(tmp_path / "out")]
    assert main([command, *given, *options, *end]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1 and says in printed.err
    assert not (tmp_path / "out").exists()


def test_output_in_the_folder_is_not_read(folder: Path, orders: list[worker.TrainOptions], capsys) -> None:
    out = folder / "found.jsonl"
    for _ in range(2):
        assert main(["corpus", str(folder), "--out", str(out)]) == 0
        assert len(out.read_text("utf-8").splitlines()) == 2
    out.unlink()
    poet, older = folder / "poet", folder / "older"
    for _ in range(2):  # as with --resume
        assert main(["train", str(folder), "--out", str(poet), "--json"]) == 0
        (poet / "job").mkdir(parents=True, exist_ok=True)
        (poet / "job" / "progress.jsonl").write_text(json.dumps({"text": LAMP}))
        older.mkdir(exist_ok=True)
        (older / "poet.json").write_text("{}")
        (older / "README.md").write_text(LAMP)
    assert orders[0].corpus == orders[1].corpus


@pytest.mark.parametrize("watched", [True, False])
def test_the_progress_bar_is_shown_only_in_a_terminal(
    watched: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return watched

    told = Terminal()
    monkeypatch.setattr(sys, "stderr", told)
    monkeypatch.setattr(reading_options, "_BAR_AFTER", 0)
    with reading_options.reading_bar() as seen:
        for percent in range(0, 100, 10):
            seen(percent / 100)
    assert ("reading" in told.getvalue()) == watched
    assert main(["corpus", str(folder)]) == 0
    assert "Left out" in told.getvalue()
