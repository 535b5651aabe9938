"""`corpus --manifest`: what is written, what is printed, and that the project's own manifests can be read."""

import json
from pathlib import Path

import pytest

from poetbot.cli.main import main
from poetbot.corpus.loading import read_poems
from poetbot.corpus.manifest import read_manifest
from poetbot.corpus.named_corpora import CORPORA

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
LINES = ["The lamp is low,", "The street is long,", "And no one asks", "The rain to stay."]
POEMS = {
    "one": ["\n".join(LINES), "Two boats\nlie in\nthe mud tonight"],
    "two": ["\n".join([*LINES, "Good night."]), "I count the stairs\nfrom ten to one\nand lose my place"],
}


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    for name, texts in POEMS.items():
        rows = [json.dumps({"text": text, "author": name.title()}) for text in texts]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(rows), encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "mine"\nfiles = ["one.jsonl", "two.jsonl"]\n[left_out]\n"three.txt" = "a play"\n', "utf-8"
    )
    return path


def test_poems_are_written_and_the_counts_add_up(manifest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = manifest.with_name("mine.jsonl")
    given = ["corpus", "--manifest", str(manifest), "--books", str(manifest.parent), "--out", str(out)]
    assert main([*given, "--json"]) == 0
    account = json.loads(capsys.readouterr().out)
    written = read_poems(out)
    assert [poem.text for poem in written.poems] == [POEMS["one"][1], *POEMS["two"]]
    assert account["poems"] == 3 and account["fingerprint"] == written.fingerprint
    left = account["left_out"]["near-duplicates of one another"]
    assert left == {"poems": 1, "characters": len(POEMS["one"][0])}
    assert account["read"]["characters"] == account["characters"] + left["characters"]
    assert account["authors"][0]["author"] == "Two"
    assert main(given) == 0
    said = capsys.readouterr().out
    assert "included, written to" in said and "three.txt: a play" in said and written.fingerprint in said


def test_held_out_poems_go_to_a_separate_file(manifest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with manifest.open("a", encoding="utf-8") as file:
        file.write('[held_out]\nfiles = ["one.jsonl"]\nshare = 0.5\n')
    out, held = manifest.with_name("mine.jsonl"), manifest.with_name("held.jsonl")
    given = ["corpus", "--manifest", str(manifest), "--books", str(manifest.parent), "--out", str(out)]
    assert main(given) == 2
    assert "--held-out" in capsys.readouterr().err
    assert main([*given, "--held-out", str(held)]) == 0
    [apart] = read_poems(held).poems
    assert apart.text in POEMS["one"]
    assert apart.text not in [poem.text for poem in read_poems(out).poems]


def test_training_holds_out_the_poems_of_a_file(manifest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = []
    card = {
        "name": "x",
        "training": {"steps": 0, "minutes": 0},
        "figures": {},
        "recipe": {"level": "characters"},
    }
    monkeypatch.setattr("poetbot.cli.train.train", lambda order: orders.append(order) or card)
    held = manifest.with_name("one.jsonl")
    assert (
        main(
            [
                "train",
                str(manifest.with_name("two.jsonl")),
                "--out",
                "x",
                "--hold-out-poems",
                str(held),
                "--json",
            ]
        )
        == 0
    )
    assert [poem.text for poem in orders[0].held_out] == POEMS["one"]


@pytest.mark.parametrize("given", [[], ["a.txt", "--manifest", "b.toml"]])
def test_files_or_a_manifest(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpus", *given]) == 2
    assert "not both" in capsys.readouterr().err


@pytest.mark.parametrize("given", [["--deduplicate"], ["--engine", "ray"], ["--address", "auto"]])
def test_a_manifest_refuses_what_it_does_not_do(
    given: list[str], manifest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["corpus", "--manifest", str(manifest), "--books", str(manifest.parent), *given]) == 2
    assert given[0] in capsys.readouterr().err


def test_no_poems_left_is_an_error(manifest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest.write_text('name = "mine"\nfiles = ["one.jsonl"]\n[rules]\nfewest_lines = 9\n', "utf-8")
    assert main(["corpus", "--manifest", str(manifest), "--books", str(manifest.parent)]) == 2
    assert "leave no poem" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["english", "tang"])
def test_the_manifests_of_this_project_are_valid(name: str) -> None:
    found = read_manifest(CORPORA / f"{name}.toml")
    assert found.name == name and not {each for each, _ in found.left_out} & set(found.files)
    if SHARED.is_dir():
        named = [*found.files, *found.unseen, *(each for each, _ in found.left_out)]
        assert [each for each in named if not (SHARED / each).is_file()] == []
