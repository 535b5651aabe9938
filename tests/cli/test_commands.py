"""The command line as a person uses it: in a process of its own, and what it prints."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from poetbot.cli.main import main, parser
from poetbot.corpus.loading import read_poems
from poetbot.overlap import OverlapIndex

VERSE = "The lamp is low,\nThe street is long,\nAnd no one asks\nThe rain to stay.\n"


def poetbot(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "poetbot", *arguments],
        capture_output=True,
        text=True,
        input=given,
        timeout=100,
    )


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main(arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_write_as_json_keeps_the_contract(tiny_poet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(
        capsys,
        "write",
        str(tiny_poet),
        "--seed",
        "The rain",
        "--lines",
        "3",
        "--rng",
        "5",
        "--count",
        "2",
        "--json",
    )
    assert [poem["rng"] for poem in found["poems"]] == [5, 6]
    for poem in found["poems"]:
        assert {"text", "seed_characters", "temperature", "rng", "stopped_by", "receipt", "overlap"} <= set(
            poem
        )
        assert poem["text"].startswith("The rain")
        assert poem["overlap"]["seed_words"] >= 2
    alone = answer(
        capsys, "write", str(tiny_poet), "--seed", "The rain", "--lines", "3", "--rng", "6", "--json"
    )
    receipts = alone["poems"][0].pop("receipt"), found["poems"][1].pop("receipt")
    assert alone["poems"][0] == found["poems"][1]
    assert receipts[0] == receipts[1]  # nothing depends on the others


def test_write_streams_what_json_gives(
    tiny_poet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("write", str(tiny_poet), "--characters", "90", "--rng", "1")
    assert main(asked) == 0
    streamed = capsys.readouterr().out
    found = answer(capsys, *asked, "--json")
    assert streamed == found["poems"][0]["text"] + "\n"
    receipt = tmp_path / "receipt.json"
    for data in (found, found["poems"][0]["receipt"]):
        receipt.write_text(json.dumps(data))
        assert main(["write", str(tiny_poet), "--receipt", str(receipt)]) == 0
        assert capsys.readouterr().out == streamed


@pytest.mark.parametrize("form", [[], ["--rhyme", "AABB"]])
def test_a_poem_can_be_about_its_seed(
    tiny_poet: Path, capsys: pytest.CaptureFixture[str], form: list[str]
) -> None:
    asked = ["write", str(tiny_poet), "--seed", "The lamp", "--rng", "4", *(form or ["--lines", "3"])]
    (poem,) = answer(capsys, *asked, "--about-seed", "--json")["poems"]
    theme = poem["receipt"]["theme"]
    assert theme["from_opening"] and theme["words"]["lamp"] == 1
    assert "theme" not in answer(capsys, *asked, "--json")["poems"][0]["receipt"]


def test_many_poems_are_written_together_and_guarded(
    tiny_poet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["write", str(tiny_poet), "--lines", "2", "--rng", "5", "--guard", "3"]
    found = answer(capsys, *asked, "--count", "5", "--json")["poems"]
    assert [poem["rng"] for poem in found] == [5, 6, 7, 8, 9]
    assert all(poem["overlap"]["longest"]["words"] < 3 for poem in found)
    assert found[0]["receipt"]["guard"] == 3
    assert main([*asked, "--count", "5"]) == 0
    assert capsys.readouterr().out == "%\n".join(poem["text"] + "\n" for poem in found)


@pytest.mark.parametrize("asked", [["--lines", "3"], ["--acrostic", "to"]])
def test_the_best_of_many_is_one_of_them_and_its_receipt_recreates_it(
    tiny_poet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: list[str]
) -> None:
    write = ["write", str(tiny_poet), "--rng", "5", *asked]
    many = answer(capsys, *write, "--count", "4", "--json")["poems"]
    (best,) = answer(capsys, *write, "--best-of", "4", "--json")["poems"]
    ranking = best.pop("ranking")
    assert best in many
    assert ranking.pop("penalty") == pytest.approx(sum(ranking.values()), abs=0.01) and len(ranking) == 8
    assert main([*write, "--best-of", "4"]) == 0
    assert capsys.readouterr().out == best["text"] + "\n"
    receipt = tmp_path / "receipt.json"
    receipt.write_text(json.dumps(best["receipt"]))
    assert main(["write", str(tiny_poet), "--receipt", str(receipt)]) == 0
    assert capsys.readouterr().out == best["text"] + "\n"


def test_corpus_finds_poems_and_keeps_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book, out = tmp_path / "book.txt", tmp_path / "poems.jsonl"
    book.write_text(VERSE * 3, encoding="utf-8")
    found = answer(capsys, "corpus", str(book), "--out", str(out), "--json")
    assert found["poems"] == len(out.read_text().splitlines()) >= 1
    assert found["characters"] == sum(len(json.loads(line)["text"]) for line in out.read_text().splitlines())
    assert {"start_line", "end_line", "label", "reason", "score"} <= set(found["files"][0]["blocks"][0])


def test_check_finds_a_copy_and_fails_over_it(tiny_poet: Path, tmp_path: Path) -> None:
    copied, own = tmp_path / "copied.txt", tmp_path / "own.txt"
    copied.write_text("He wrote: and no one asks the rain to stay, again.")
    own.write_text("Nothing here was read before by anyone at all.")
    found = poetbot("check", str(tiny_poet), str(copied), "--fail-over", "7", "--json")
    assert found.returncode == 3
    report = json.loads(found.stdout)
    assert report["longest"]["text"].startswith("and no one asks")
    both = poetbot("check", str(tiny_poet), str(copied), str(own), "--json")
    assert both.returncode == 0 and len(json.loads(both.stdout)) == 2
    piped = poetbot("check", str(tiny_poet), "-", given=own.read_text())
    assert piped.returncode == 0 and "no four-word phrase in common" in piped.stdout


def test_an_index_is_rebuilt_from_the_same_poems_alone(
    tiny_poet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    poet, rows = shutil.copytree(tiny_poet, tmp_path / "poet"), tmp_path / "poems.jsonl"
    texts = [
        "A bell across the evening water,\nand nobody to answer it.",
        "The oven ticks. The bread is late.",
    ]
    rows.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    order = ["train", str(rows), "--out", str(poet), "--overlap-only", "--validation"]
    assert main([*order, "0"]) == 2
    assert "trained on other poems" in capsys.readouterr().err
    card = json.loads((poet / "poet.json").read_text())
    poems = read_poems(rows)
    size = sum(len(poem.text) for poem in poems.poems)
    card["corpus"] = {"fingerprint": poems.fingerprint, "training_poems": 2, "training_characters": size}
    card["training"]["steps"] = 1
    (poet / "poet.json").write_text(json.dumps(card))
    assert main([*order, "0.5"]) == 2
    weights = (poet / "weights.safetensors").read_bytes()
    assert main([*order, "0"]) == 0
    assert OverlapIndex.open(poet / "overlap").poem_count == 2
    assert (poet / "weights.safetensors").read_bytes() == weights
    assert json.loads((poet / "words.json").read_text())["the"] == 3


def test_score_and_poets(tiny_poet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain, rows = tmp_path / "poems.txt", tmp_path / "poems.jsonl"
    plain.write_text(f"{VERSE}%\n{VERSE}", encoding="utf-8")
    rows.write_text("".join(json.dumps({"text": VERSE}) + "\n" for _ in range(2)))
    one = answer(capsys, "score", str(tiny_poet), str(plain), "--json")
    assert one["poems"] == 2 and one["bits_per_character"] > 0
    assert one == answer(capsys, "score", str(tiny_poet), str(rows), "--json")
    assert isinstance(answer(capsys, "poets", "--json")["poets"], list)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["sing"],
        ["write", "nobody"],
        ["write", "TINY", "--temperature", "nan"],
        ["write", "TINY", "--lines", "0"],
        ["write", "TINY", "--lines", "2", "--characters", "9"],
        ["write", "TINY", "--count", "0"],
        ["write", "TINY", "--best-of", "0"],
        ["write", "TINY", "--best-of", "101"],
        ["write", "TINY", "--best-of", "3", "--count", "2"],
        ["write", "TINY", "--best-of", "3", "--receipt", "missing.json"],
        ["write", "TINY", "--rng", "-4"],
        ["write", "TINY", "--guard", "-1"],
        ["write", "TINY", "--guard", "100000"],
        ["write", "TINY", "--rng", str(2**63 - 2), "--count", "9"],
        ["write", "TINY", "--receipt", "missing.json"],
        ["write", "TINY", "--form", "villanelle"],
        ["write", "TINY", "--form", "haiku", "--lines", "4"],
        ["write", "TINY", "--syllables", "five"],
        ["write", "TINY", "--rhyme", "AABB", "--characters", "90"],
        ["write"],
        ["write", "TINY", "--blend", "english:1,modern:1"],
        ["write", "--blend", "english:1,modern:1", "--epoch", "1"],
        ["write", "--blend", "english"],
        ["suggest", "--blend", "english:1,tang:1", "--text", "The rain"],
        ["suggest", "nobody"],
        ["suggest", "TINY", "missing.txt"],
        ["suggest", "TINY", "BINARY"],
        ["suggest", "TINY", "VERSE", "--text", "The rain"],
        ["suggest", "TINY", "VERSE", "--line", "99"],
        ["suggest", "TINY", "VERSE", "--after", "-1"],
        ["suggest", "TINY", "VERSE", "--count", "0"],
        ["suggest", "TINY", "VERSE", "--one-each"],
        ["suggest", "--blend", "english:1,dickinson:1", "VERSE", "--one-each", "--finish"],
        ["suggest", "TINY", "VERSE", "--form", "couplet"],
        ["suggest", "TINY", "VERSE", "--go-on", "0"],
        ["suggest", "TINY", "VERSE", "--go-on", "2", "--form", "couplet"],
        ["suggest", "TINY", "--receipt", "missing.json"],
        ["check", "TINY", "missing.txt"],
        ["check", "TINY", "EMPTY", "--fail-over", "1"],
        ["score", "TINY", "EMPTY"],
        ["corpus", "EMPTY"],
        ["corpus", "BINARY"],
        ["train", "EMPTY", "--out", "OUT"],
        ["train", "homer", "--out", "OUT"],
        ["train", "VERSE", "--out", "OUT", "--epochs", "nan"],
        ["train", "VERSE", "--out", "OUT", "--recipe", "sonnet"],
        ["train", "VERSE", "--out", "OUT", "--rng", "-1"],
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    arguments: list[str], tiny_poet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "verse.txt").write_text(VERSE)
    names = {
        "TINY": str(tiny_poet),
        "EMPTY": str(tmp_path / "empty.txt"),
        "BINARY": str(tmp_path / "binary.txt"),
        "VERSE": str(tmp_path / "verse.txt"),
        "OUT": str(tmp_path / "out"),
    }
    assert main([names.get(a, a) for a in arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.endswith("\n") and printed.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_blend_writes_and_suggests_and_its_receipt_needs_no_poet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blend = ("--blend", "english:0.6,dickinson:0.4")
    found = answer(capsys, "write", *blend, "--lines", "2", "--rng", "1", "--guard", "6", "--json")["poems"][
        0
    ]
    (tmp_path / "receipt.json").write_text(json.dumps(found["receipt"]))
    again = answer(capsys, "write", "--receipt", str(tmp_path / "receipt.json"), "--json")["poems"][0]
    assert again["text"] == found["text"] and again["receipt"] == found["receipt"]
    (tmp_path / "verse.txt").write_text(VERSE)
    asked = ("suggest", *blend, str(tmp_path / "verse.txt"), "--drafts", "8", "--rng", "1", "--json")
    lines = answer(capsys, *asked)["suggestions"]
    (tmp_path / "line.json").write_text(json.dumps(lines[0]["receipt"]))
    line = answer(capsys, "suggest", "--receipt", str(tmp_path / "line.json"), "--json")
    assert line["text"] == lines[0]["text"]
    each = answer(capsys, *asked, "--one-each", "--count", "2")["suggestions"]
    assert [line["receipt"]["poet"] for line in each] == ["english", "dickinson"]
    assert main([*asked[:-1], "--one-each"]) == 0
    assert "\n   dickinson; " in capsys.readouterr().out
    haiku = answer(capsys, "write", *blend, "--form", "haiku", "--rng", "1", "--json")["poems"][0]
    assert len(haiku["receipt"]["blend"]) == 2 and haiku["form"]["lines"] == [3, 3]


def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("corpus", "train", "write", "suggest", "check", "score", "poets"):
        with pytest.raises(SystemExit) as ended:
            parser().parse_args([command, "--help"])
        assert ended.value.code == 0
        assert f"Example: python -m poetbot {command}" in " ".join(capsys.readouterr().out.split())


def test_writing_loads_none_of_the_heavy_libraries(tiny_poet: Path) -> None:
    script = (
        "import sys; from poetbot.cli.main import main; "
        f"main(['write', {str(tiny_poet)!r}, '--characters', '20', '--json']); "
        "assert not {'tensorflow', 'keras', 'gradio', 'nltk', 'ray', 'pyarrow'} & set(sys.modules), sorted(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
