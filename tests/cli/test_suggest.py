"""`suggest`, and `write` in a form."""

import json
from pathlib import Path

import pytest

from poetbot.cli.form_options import form_of
from poetbot.cli.main import main, parser
from poetbot.cli.suggest import around
from poetbot.errors import PoetBotError

POEM = "The lamp is low,\nthe street is long,\n\nAnd no one asks\n"


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main(arguments) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def poem(tmp_path: Path) -> str:
    path = tmp_path / "poem.txt"
    path.write_text(POEM, encoding="utf-8")
    return str(path)


def test_lines_are_suggested_with_figures_and_receipts(
    tiny_poet: Path, poem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("suggest", str(tiny_poet), poem, "--rng", "3", "--drafts", "12", "--count", "2")
    found = answer(capsys, *asked, "--json")
    assert len(found["suggestions"]) == 2 and found["drafts"] == 12
    for each in found["suggestions"]:
        assert {"text", "line", "figures", "receipt"} == set(each)
    assert main(asked) == 0
    printed = capsys.readouterr().out
    assert all(each["line"] in printed for each in found["suggestions"]) and "bits per character" in printed
    receipt = tmp_path / "receipt.json"
    for data in (found, found["suggestions"][0]["receipt"]):
        receipt.write_text(json.dumps(data))
        again = answer(capsys, "suggest", str(tiny_poet), "--receipt", str(receipt), "--json")
        assert again["text"] == found["suggestions"][0]["text"]


def test_the_line_number_chooses_the_line() -> None:
    assert around("a\nb", None, None, begun=False) == ("a\nb\n", "")
    assert around("a\nb\n", None, None, begun=True) == ("a\nb", "")
    assert around("a\nb\nc", 2, None, begun=False) == ("a\n", "\nc")
    assert around("a\nb\nc", 1, None, begun=False) == ("", "\nb\nc")
    assert around("a\nb\nc", None, 1, begun=False) == ("a\n", "\nb\nc")
    assert around("a\nb\nc", None, 0, begun=False) == ("", "\na\nb\nc")
    assert around("", None, None, begun=False) == ("", "")


def test_a_rewritten_line_fits_what_follows(
    tiny_poet: Path, poem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(
        capsys, "suggest", str(tiny_poet), poem, "--line", "2", "--drafts", "8", "--rng", "1", "--json"
    )
    assert found["suggestions"][0]["receipt"]["before"] == "The lamp is low,\n"
    assert found["suggestions"][0]["figures"]["following_bits_per_character"] > 0
    begun = answer(
        capsys, "suggest", str(tiny_poet), "--text", "The lamp", "--begun", "--drafts", "8", "--json"
    )
    assert all(each["line"].startswith("The lamp") for each in begun["suggestions"])


def test_a_poem_is_continued_and_finished(
    tiny_poet: Path, poem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("suggest", str(tiny_poet), poem, "--rng", "2", "--drafts", "4", "--json")
    on = answer(capsys, *asked, "--go-on", "2", "--count", "2")["suggestions"]
    assert len(on) == 2 and all(sum(map(bool, each["text"].split("\n"))) == 2 for each in on)
    ends = answer(capsys, *asked, "--finish", "--count", "2")["suggestions"]
    assert len(ends) == 2 and all(1 <= len(each["text"].split("\n")) <= 4 for each in ends)
    assert all(0 <= each["figures"]["end_probability"] <= 1 for each in ends)
    formed = answer(capsys, *asked, "--finish", "--acrostic", "TTAYO")["suggestions"][0]
    assert [line[0].upper() for line in formed["text"].split("\n") if line] == ["Y", "O"]
    assert formed["figures"]["form"]["letters"] == [5, 5]
    more = answer(capsys, *asked, "--go-on", "1", "--acrostic", "TTAYO")["suggestions"][0]
    assert more["text"][0].upper() == "Y" and "\n" not in more["text"] and more["receipt"]["most_lines"] == 1
    assert main([*asked, "--go-on", "1", "--acrostic", "TTA"]) == 2
    assert "already has all 3 lines" in capsys.readouterr().err


def test_a_poem_is_written_in_its_form(
    tiny_poet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("write", str(tiny_poet), "--acrostic", "to my", "--rng", "4", "--count", "2")
    poems = answer(capsys, *asked, "--json")["poems"]
    assert [poem["rng"] for poem in poems] == [4, 5]
    for poem in poems:
        assert [line[0].lower() for line in poem["text"].split("\n") if line] == list("tomy")
        assert poem["form"]["met"] and poem["stopped_by"] == "form" and poem["overlap"]["words"]
    assert main(asked) == 0
    assert capsys.readouterr().out == "%\n".join(poem["text"] + "\n" for poem in poems)
    receipt = tmp_path / "receipt.json"
    receipt.write_text(json.dumps(poems[1]["receipt"]))
    again = answer(capsys, "write", str(tiny_poet), "--receipt", str(receipt), "--json")["poems"]
    assert again == [poems[1]]


def test_unread_words_and_a_missed_form_are_named(
    tiny_poet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["write", str(tiny_poet), "--real-words", "--lines", "2", "--rng", "1"]) == 0
    lines = capsys.readouterr().out.strip("\n").split("\n")
    assert len(lines) == 2
    found = answer(
        capsys, "write", str(tiny_poet), "--seed", "Oh no\n", "--acrostic", "ATE", "--rng", "1", "--json"
    )["poems"][0]
    assert found["form"]["letters"] == [2, 3] and "2 of 3" in found["form"]["sentence"]


@pytest.mark.parametrize(
    ("asked", "stanzas"),
    [
        (["--form", "sonnet", "--lines", "14"], (4, 4, 4, 2)),
        (["--form", "couplets", "--lines", "8"], (8,)),
        (["--syllables", "10", "--lines", "3"], (3,)),
        (["--acrostic", "TO MY", "--lines", "4"], (2, 2)),
        (["--stanzas", "2,2", "--lines", "4"], (2, 2)),
        (["--metre", "iambic", "--lines", "4"], (4,)),
        (["--form", "sonnet", "--metre", "none", "--lines", "14"], (4, 4, 4, 2)),
        (["--form", "haiku", "--metre", "iambic"], None),
        (["--metre", "iambic", "--syllables", "7", "--lines", "4"], None),
        (["--stanzas", "2,2", "--lines", "5"], None),
        (["--acrostic", "TO MY", "--lines", "5"], None),
        (["--form", "sonnet", "--lines", "13"], None),
        (["--stanzas", "2,2", "--acrostic", "TO", "--lines", "5"], None),
    ],
)
def test_conflicting_options_are_errors(asked: list[str], stanzas: tuple | None) -> None:
    chosen = parser().parse_args(["write", "english", *asked])
    if stanzas is None:
        with pytest.raises(PoetBotError, match="contradicts itself"):
            form_of(chosen, chosen.lines)
    else:
        assert form_of(chosen, chosen.lines).stanzas == stanzas


def test_titles_for_a_poem(tiny_poet: Path, poem: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "suggest", str(tiny_poet), poem, "--titles", "--rng", "1", "--json")["titles"]
    assert len(found) == 3 and {"text", "source", "lift_bits", "penalty"} <= set(found[0])
    assert main(["suggest", str(tiny_poet), poem, "--titles", "--rng", "1", "--count", "2"]) == 0
    assert capsys.readouterr().out.splitlines() == [each["text"] for each in found[:2]]


def test_chinese_is_read_and_written_in_the_users_script(
    chinese_poet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = ["--form", "五絕", "--acrostic", "门风马雪", "--script", "simplified", "--rng", "1"]
    assert main(["write", str(chinese_poet), *form, "--json"]) == 0
    (poem,) = json.loads(capsys.readouterr().out)["poems"]
    assert poem["form"]["met"] and poem["receipt"]["script"] == "simplified"
    assert [line[0] for line in poem["text"].split("\n")] == list("门风马雪")
    assert main(["write", str(chinese_poet), *form]) == 0
    assert capsys.readouterr().out == poem["text"] + "\n"
    free = ["--seed", "门前", "--lines", "2", "--script", "simplified", "--rng", "2"]
    for wanted in ("门前", "門前"):
        assert main(["write", str(chinese_poet), *free]) == 0
        assert capsys.readouterr().out.startswith(wanted)
        free = free[:4] + free[6:]
    asked = ["--text", "门前风雨过，", "--form", "wujue", "--script", "simplified", "--rng", "3", "--json"]
    assert main(["suggest", str(chinese_poet), *asked]) == 0
    suggested = json.loads(capsys.readouterr().out)["suggestions"]
    assert suggested and all(each["line"][-1] in "。？！" for each in suggested)
    assert main(["suggest", str(chinese_poet), *asked, "--finish"]) == 0
    assert json.loads(capsys.readouterr().out)["suggestions"][0]["figures"]["form"]["met"]
    for wrong in (["--script", "klingon"], ["--form", "五言"]):
        try:
            assert main(["write", str(chinese_poet), *wrong]) == 2
        except SystemExit as stopped:
            assert stopped.code == 2


def test_rhymes_are_listed_and_a_line_ends_in_one(
    chinese_poet: Path, tiny_poet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("rhymes", str(chinese_poet), "停", "--text", "門前", "--count", "2")
    found = answer(capsys, *asked, "--json")
    assert found["word"] == "停" and {"word", "kind", "count", "log_probability", "theme"} == set(
        found["rhymes"][0]
    )
    assert main(asked) == 0
    printed = capsys.readouterr().out
    assert "停: geng level" in printed and found["rhymes"][0]["word"] in printed and "nats" in printed
    asked = ("suggest", str(tiny_poet), "--text", POEM, "--drafts", "8", "--ends-in", "lamp")
    lines = [each["line"] for each in answer(capsys, *asked, "--json")["suggestions"]]
    assert lines and all("lamp" in line[-6:].lower() for line in lines)
    assert main([*asked, "--finish"]) == 2 and main(["rhymes", str(tiny_poet), "bridge"]) == 2
    assert "rhymes with bridge" in capsys.readouterr().err


def test_a_poem_is_about_something(tiny_poet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--about", "the lamp", "--avoid", "rain", "--rng", "1", "--json")
    (poem,) = answer(capsys, "write", str(tiny_poet), "--lines", "2", *asked)["poems"]
    assert poem["receipt"]["theme"]["words"] == {"lamp": 1, "rain": -1} and len(poem["notices"]) == 1
    suggested = answer(capsys, "suggest", str(tiny_poet), "--text", POEM, "--drafts", "6", *asked)
    assert suggested["suggestions"][0]["receipt"]["theme"]["about"] == "the lamp"
    ending = answer(capsys, "suggest", str(tiny_poet), "--text", POEM, "--finish", "--count", "1", *asked)
    assert ending["suggestions"][0]["receipt"]["theme"]["avoid"] == "rain"
