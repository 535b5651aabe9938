"""A manifest says what is read and by which rules; a bad one is refused in one sentence."""

from pathlib import Path

import pytest

from poetbot.corpus.manifest import HeldOut, Rules, read_manifest
from poetbot.errors import PoetBotError

GOOD = """
name = "two"
licence = "mine"
files = ["a/one.txt", "two.jsonl"]
hold_out = ["Anna Writer"]
unseen = ["kept.txt"]
[rules]
fewest_lines = 3
most_odd_words = 0.1
scenes = false
regular = [5, 7]
[left_out]
"three.txt" = "a play"
[held_out]
files = ["a/one.txt"]
share = 0.1
rng = 4
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_manifest_with_every_field(tmp_path: Path) -> None:
    found = read_manifest(written(tmp_path, GOOD))
    assert (found.name, found.licence, found.files) == ("two", "mine", ("a/one.txt", "two.jsonl"))
    assert (found.hold_out, found.unseen) == (("Anna Writer",), ("kept.txt",))
    assert found.rules == Rules(fewest_lines=3, most_odd_words=0.1, scenes=False, regular=(5, 7))
    assert found.left_out == (("three.txt", "a play"),)
    assert found.held_out == HeldOut(("a/one.txt",), 0.1, 4)


def test_missing_fields_have_defaults(tmp_path: Path) -> None:
    found = read_manifest(written(tmp_path, 'name = "one"\nfiles = ["one.txt"]'))
    assert found.rules == Rules() and found.held_out is None and found.unseen == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "isn't valid TOML"),
        ("x = " + "[" * 20_000, "isn't valid TOML"),
        ('files = ["one.txt"]', "needs a name"),
        ('name = "one"', "names no files"),
        ('name = "one"\nfiles = "one.txt"', "files as a list"),
        ('name = "one"\nfiles = [1]', "files as a list"),
        ('name = "one"\nfiles = ["../one.txt"]', "outside the folder"),
        ('name = "one"\nfiles = ["/etc/one.txt"]', "outside the folder"),
        ('name = "one"\nfiles = ["one.txt", "one.txt"]', "twice"),
        ('name = "one"\nfile = ["one.txt"]', "unknown entry file"),
        ('name = "one"\nfiles = ["one.txt"]\nrules = 3', "rules as a table"),
        ('name = "one"\nfiles = ["one.txt"]\n[rules]\nmetre = true', "unknown rule metre"),
        ('name = "one"\nfiles = ["one.txt"]\n[rules]\nslurs = 0', "rule slurs"),
        ('name = "one"\nfiles = ["one.txt"]\n[rules]\nfewest_lines = true', "rule fewest_lines"),
        ('name = "one"\nfiles = ["one.txt"]\n[rules]\nmost_odd_words = nan', "rule most_odd_words"),
        ('name = "one"\nfiles = ["one.txt"]\n[rules]\nregular = [0]', "rule regular"),
        ('name = "one"\nfiles = ["one.txt"]\n[left_out]\n"a" = 1', "a reason"),
        ('name = "one"\nfiles = ["one.txt"]\n[held_out]\nfiles = ["one.txt"]', "a share"),
        (
            'name = "one"\nfiles = ["one.txt"]\n[held_out]\nfiles = ["one.txt"]\nshare = 0.1\nrng = -1',
            "rng from",
        ),
    ],
)
def test_an_invalid_manifest_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PoetBotError, match=said) as refused:
        read_manifest(written(tmp_path, text))
    assert "mine.toml" in str(refused.value) and "\n" not in str(refused.value)


def test_a_missing_manifest_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PoetBotError, match="no file"):
        read_manifest(tmp_path / "none.toml")
