"""The Python API: what it writes is what the command line writes, and a notebook shows it with marks."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import poetbot
from poetbot.api.poem import marked
from poetbot.cli.main import main
from poetbot.overlap import OverlapIndex

SEED = "the lamp is low and"


@pytest.fixture(scope="module")
def poet(tiny_poet: Path) -> poetbot.Poet:
    return poetbot.load(tiny_poet)


def test_importing_it_loads_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import poetbot; print(sorted({name.partition('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)), 'poetbot.api' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['poetbot'] False"


def test_everything_it_offers_is_there() -> None:
    assert dir(poetbot) == sorted(poetbot.__all__)
    assert all(getattr(poetbot, name) for name in poetbot.__all__)
    assert {*poetbot.api.__all__, "__version__"} == set(
        poetbot.__all__
    )  # which is imported without poetbot.api
    with pytest.raises(AttributeError, match="no attribute 'sonnet'"):
        poetbot.sonnet  # noqa: B018
    assert "english" in poetbot.list_poets() and "haiku" in poetbot.list_forms()


@pytest.mark.parametrize(
    ("options", "arguments"),
    [
        ({"lines": 4}, ["--lines", "4"]),
        ({"characters": 40, "temperature": 1.2, "top_p": 0.9}, ["--characters", "40", "--temperature", "1.2", "--top-p", "0.9"]),
        ({"form": {"stanzas": [3], "acrostic": "TAR"}}, ["--stanzas", "3", "--acrostic", "TAR"]),
        ({"lines": 2, "best_of": 3, "about": "lamps"}, ["--lines", "2", "--best-of", "3", "--about", "lamps"]),
        ({"form": "couplet", "avoid": "rain"}, ["--form", "couplet", "--avoid", "rain"]),
        ({"lines": 2, "real_words": True, "guard": 6}, ["--lines", "2", "--real-words", "--guard", "6"]),
    ],
)  # fmt: skip
def test_it_writes_what_the_command_line_writes(
    options: dict[str, Any],
    arguments: list[str],
    poet: poetbot.Poet,
    tiny_poet: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    seed = "" if "form" in options else SEED
    poem = poet.write(seed, rng=7, **options)
    assert main(["write", str(tiny_poet), "--seed", seed, "--rng", "7", "--json", *arguments]) == 0
    (expected,) = json.loads(capsys.readouterr().out)["poems"]
    assert poem.text == str(poem) == expected["text"]
    assert poem.overlap == expected["overlap"] and json.loads(json.dumps(poem.receipt)) == expected["receipt"]
    if "best_of" not in options:
        assert "".join(poet.stream(seed, rng=7, **options)) == poem.written.text.rstrip("\n")
    assert poet.recreate(poem.receipt).text == poem.text


@pytest.mark.parametrize(
    ("options", "arguments"),
    [
        ({"lines": 2, "count": 2}, ["--go-on", "2", "--count", "2"]),
        ({"real_words": True, "avoid": "rain"}, ["--finish", "--count", "1", "--real-words", "--avoid", "rain"]),
        ({"form": "quatrain", "drafts": 4}, ["--finish", "--form", "quatrain", "--drafts", "4"]),
    ],
)  # fmt: skip
def test_it_continues_as_the_command_line_does(
    options: dict[str, Any],
    arguments: list[str],
    poet: poetbot.Poet,
    tiny_poet: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = [each.as_json() for each in poet.continuations(SEED, rng=7, **options)]
    assert main(["suggest", str(tiny_poet), "--text", SEED, "--rng", "7", "--json", *arguments]) == 0
    assert json.loads(json.dumps(found)) == json.loads(capsys.readouterr().out)["suggestions"] != []


def test_a_new_seed_is_drawn_if_none_is_given(poet: poetbot.Poet) -> None:
    assert poet.write(lines=1).receipt["rng"] != poet.write(lines=1).receipt["rng"]


def test_it_suggests_checks_and_scores(poet: poetbot.Poet) -> None:
    one, other = poet.suggest(SEED, count=2, drafts=8, rng=1, begun=True)
    assert one.line == SEED + one.text and other.line.startswith(SEED)
    (line,) = poet.suggest(SEED, count=1, drafts=8, rng=1, form={"acrostic": "ts"})
    assert line.line[0] in "sS"
    assert poet.titles(SEED, count=1)
    assert poet.check(SEED)["longest"]["text"] == "the lamp is low"
    assert poet.score([SEED])["poems"] == 1 and poet.score(SEED) == poet.score([SEED])
    assert poet.surprise(SEED).perplexity > 1 and poet.words()["the"] == 9
    with pytest.raises(poetbot.PoetBotError, match="temperature"):
        poet.write(temperature=3)
    with pytest.raises(poetbot.PoetBotError, match="best_of must be"):
        poet.write(best_of=0)


def test_a_blend_is_loaded_by_its_poets_and_weights() -> None:
    both = poetbot.load("english:0.6,dickinson:0.4")
    poem = both.write(lines=2, rng=1)
    assert both.name == "english:0.6,dickinson:0.4" and poem.overlap
    assert both.recreate(poem.receipt).text == poem.text
    assert both.check("The lamp is low.")["longest"]["words"] > 1 and both.surprise("The lamp").units
    for refused in (both.history, lambda: both.score("The lamp is low.")):
        with pytest.raises(poetbot.PoetBotError, match="A blend"):
            refused()


def test_a_notebook_shows_the_poem_with_its_marks_and_escapes_it(poet: poetbot.Poet) -> None:
    written = poet.write("a", lines=1, rng=7).written
    copied = "The lamp is low\n& a kettle sings its kitchen song"
    poem = poetbot.Poem(
        replace(written, text=copied, seed_characters=0), index=OverlapIndex.open(poet.model.overlap_folder)
    )
    assert poem.overlap and [part for part, kind in marked(copied, poem.overlap) if kind] == [
        "The lamp is low",
        "a kettle sings its kitchen song",
    ]
    assert "".join(part for part, _ in marked(copied, poem.overlap)) == copied
    shown = poem._repr_html_()
    assert shown.count("<mark ") == 2 and "&amp; <mark" in shown and "longest phrase" in shown
    assert "<b>" not in poet.write("the <b>lamp</b>", lines=1, rng=1)._repr_html_()


def test_poems_are_found_in_text_files_and_named_corpora(tmp_path: Path) -> None:
    (tmp_path / "verse.jsonl").write_text('{"text": "the lamp is low", "title": "Lamp"}\n')
    assert [poem.title for poem in poetbot.read_poems(tmp_path / "verse.jsonl")] == ["Lamp"]
    assert len(poetbot.read_poems("chinese-poems")) > 10
    stanza = "The lamp is low,\nthe road is long,\nthe rain goes home.\n"
    assert poetbot.find_poems(f"{stanza}\n{stanza}")[0].text.startswith("The lamp is low")
