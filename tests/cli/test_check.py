"""`check` as a script uses it: tables, JSON, exit codes, and texts meant to break it."""

import io
import json
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.cli.main import main

COPIED = "He wrote: and no one asks the rain to stay, again.\nA kettle sings its kitchen song!"
OWN = "Nothing here was read before by anyone at all."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "copied.txt").write_text(COPIED)
    (texts / "own.txt").write_text(OWN)
    (texts / "picture.png").write_bytes(b"\x89PNG")
    return texts


def test_a_text_gets_a_summary_its_lines_and_its_phrases(
    tiny_poet: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tiny_poet), str(folder / "copied.txt")]) == 0
    printed = capsys.readouterr().out
    assert "has 8 words: “and no one asks the rain to stay”, in 1 poem" in printed
    assert (
        'Whole line copied (line 2): "A kettle sings its kitchen song", PoetBot, Stanza 1, line 2.' in printed
    )
    rows = [line.split() for line in printed.splitlines() if "Stanza 1, line" in line and "Whole" not in line]
    assert [row[0] for row in rows] == ["8", "6"]


def test_a_folder_gets_a_table_and_a_list(
    tiny_poet: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tiny_poet), str(folder)]) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[0].split()[:2] == ["words", "longest"]
    assert table[1].split()[:2] == ["17", "8"] and table[1].endswith("copied.txt")
    assert table[2].split()[0] == "9" and table[2].endswith("own.txt")
    assert "in 1 poem" in table[-1] and table[-1].startswith(str(folder / "copied.txt"))
    assert main(["check", str(tiny_poet), str(folder), "--json", "--fail-over", "8"]) == 3
    reports = json.loads(capsys.readouterr().out)
    assert [Path(each["file"]).name for each in reports] == ["copied.txt", "own.txt"]
    assert main(["check", str(tiny_poet), str(folder), "--json", "--fail-over", "9"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2


def test_a_folder_of_one_text_is_still_a_list(
    tiny_poet: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "own.txt").unlink()
    assert main(["check", str(tiny_poet), str(folder), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1


def given_on_stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


@settings(max_examples=40)
@given(st.text(max_size=200))
def test_any_text_gets_a_report_or_an_error(tiny_poet: Path, text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    with pytest.MonkeyPatch.context() as patch:
        given_on_stdin(patch, data)
        assert main(["check", str(tiny_poet), "-"]) in (0, 2)


@pytest.mark.parametrize(
    "text",
    [
        "— … !",
        "שלום עולם, مرحبا بالعالم",
        "😀 👩‍👩‍👧 ❤️",
        "a\u0301\u0323\u0327 Zalgo\u0300\u0301\u0302",
        "and no one\x00 asks the rain",
        "<script>alert(1)</script> & <b>and no one asks the rain</b>",
        "\x1b[31mand no one asks the rain to stay\x1b[0m, she said, and she said it again and again in red",
    ],
)
def test_control_characters_are_not_sent_to_the_terminal(
    text: str, tiny_poet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for options in ([], ["--json"]):
        given_on_stdin(monkeypatch, text.encode())
        code = main(["check", str(tiny_poet), "-", *options])
        printed = capsys.readouterr()
        assert code in (0, 2) and (printed.err.count("\n") == 1) == (code == 2)
        assert not {c for c in printed.out if ord(c) < 32} - {"\n"}


def test_five_megabytes_take_seconds(
    tiny_poet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = tmp_path / "long.txt"
    long.write_text((COPIED + "\n" + OWN + "\n") * 40_000)
    assert long.stat().st_size > 5_000_000
    start = time.process_time()
    assert main(["check", str(tiny_poet), str(long)]) == 0
    assert time.process_time() - start < 60
    assert len(capsys.readouterr().out) < 4000
    long.write_text("word " * 2_000_001)
    assert main(["check", str(tiny_poet), str(long)]) == 2


def test_a_folder_without_texts_and_a_broken_index_are_errors(
    tiny_poet: Path, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    poet = shutil.copytree(tiny_poet, tmp_path / "poet")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["check", str(poet), str(empty)]) == 2
    assert main(["check", str(poet), "-", "-"]) == 2
    suffixes = poet / "overlap" / "suffixes.npy"
    suffixes.write_bytes(suffixes.read_bytes()[:-8])
    assert main(["check", str(poet), str(folder)]) == 2
    header = poet / "overlap" / "index.json"
    header.write_text(header.read_text().replace('"format": 4', '"format": 1'))
    assert main(["check", str(poet), str(folder)]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 4
    assert "damaged" in printed.err and "has format 1" in printed.err
