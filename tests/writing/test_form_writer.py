"""Poems in a form: in form wherever it is possible, and saying so where not."""

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.poem import Poem
from poetbot.poets.folder import Poet, load
from poetbot.poets.prefix_network import tensor_shapes
from poetbot.poets.recipes import RECIPES
from poetbot.poets.word_vocabulary import LINE_END, Words
from poetbot.verse import line_syllables
from poetbot.writing import LineRequest, Request, continuations, recreate_suggestion, suggest
from poetbot.writing.form_writer import (
    FORM,
    FormRequest,
    FormWriter,
    form_request_of_receipt,
    write_in_form,
)
from poetbot.writing.forms import FREE, NAMED, Form
from poetbot.writing.poet_cache import CachedPoet
from tests.writing.conftest import STANZAS, copyist


@pytest.fixture(scope="module")
def cached(tmp_path_factory: pytest.TempPathFactory) -> CachedPoet:
    """A poet that has read five stanzas, and says which words."""
    folder = tmp_path_factory.mktemp("copyist-with-words")
    poet = copyist(list(STANZAS), folder)
    words = Counter(
        "".join(c if c.isalpha() or c == "'" else " " for c in " ".join(STANZAS).casefold()).split()
    )
    (folder / "words.json").write_text(json.dumps(words))
    return CachedPoet(poet, OverlapIndex.open(poet.overlap_folder))


def request(form: Form, **changes: object) -> FormRequest:
    return FormRequest(form, **{"temperature": 0.9, "drafts": 12, "rng": 1, **changes})


@pytest.mark.parametrize("rng", range(3))
def test_a_haiku_has_its_syllables(cached: CachedPoet, rng: int) -> None:
    poem, report = write_in_form(cached, request(NAMED["haiku"], rng=rng))
    assert [line_syllables(line) for line in poem.text.split("\n")] == [5, 7, 5]
    assert report.met and report.sentence() == "The poem fits its form." and poem.stopped_by == "form"


def test_lines_rhyme_by_the_scheme(cached: CachedPoet) -> None:
    poem, report = write_in_form(cached, request(Form(stanzas=(2, 2), rhyme="AA"), drafts=24))
    assert report.rhymes == (2, 2), poem.text
    assert poem.text.count("\n\n") == 1


def test_an_acrostic_with_stanzas_and_a_refrain(cached: CachedPoet) -> None:
    form = Form(acrostic="TAW TOW", refrain="first")
    poem, report = write_in_form(cached, request(form))
    lines = [line for line in poem.text.split("\n") if line]
    assert "".join(line[0] for line in lines).casefold() == "tawtow" and report.met
    assert lines[3] == lines[0]
    stanzas = poem.text.split("\n\n")
    assert [len(stanza.split("\n")) for stanza in stanzas] == [3, 3]


def test_the_receipt_recreates_the_poem(cached: CachedPoet) -> None:
    asked = request(Form(stanzas=(2, 2), refrain="last"), seed="Tell me", guard=5)
    poem, _ = write_in_form(cached, asked)
    receipt = json.loads(json.dumps(poem.receipt))
    assert FORM.matches(receipt) and not FORM.matches({}) and not FORM.matches(7)
    again = form_request_of_receipt(receipt, cached.poet)
    assert again == asked and write_in_form(cached, again)[0] == poem
    for wrong in (
        {**receipt, "poet_id": "0" * 64},
        {**receipt, "kind": "line"},
        {**receipt, "form": 3},
        None,
    ):
        with pytest.raises(PoetBotError):
            form_request_of_receipt(wrong, cached.poet)


def test_a_stopped_poem_can_be_recreated(cached: CachedPoet) -> None:
    writer = FormWriter(cached, request(Form(stanzas=(4,))))
    pieces = []
    for piece in writer:
        pieces.append(piece)
        if len(pieces) == 2:
            break
    stopped = writer.poem("you")
    assert stopped.text == "".join(pieces) and stopped.text.count("\n") == 1
    again, _ = write_in_form(cached, form_request_of_receipt(stopped.receipt, cached.poet))
    assert again.text == stopped.text and again.stopped_by == "you"
    mid = replace(form_request_of_receipt(stopped.receipt, cached.poet), stop_after=5)
    assert write_in_form(cached, mid)[0].text == stopped.text[:5]


def test_a_poem_continues_its_seed(cached: CachedPoet) -> None:
    form = Form(stanzas=(2, 2), acrostic="WRAT")
    poem, report = write_in_form(cached, request(form, seed="We kept the apples in the hall,\nRed by"))
    lines = [line for line in poem.text.split("\n") if line]
    assert poem.text.startswith("We kept the apples in the hall,\nRed by") and len(lines) == 4
    assert poem.text[: poem.seed_characters].endswith("Red by") and report.letters == (4, 4)
    _, report = write_in_form(cached, request(form, seed="Once\nOnce\n\n"))
    assert report.letters == (2, 4) and not report.met and "2 of 4" in report.sentence()
    with pytest.raises(PoetBotError, match="all 4 lines"):
        write_in_form(cached, request(form, seed="a\nb\nc\nd\n"))


def test_invalid_requests_are_errors(cached: CachedPoet) -> None:
    for wrong in (
        {"form": FREE},
        {"form": "haiku"},
        {"form": NAMED["haiku"], "drafts": 0},
        {"form": NAMED["haiku"], "real_words": 1},
        {"form": NAMED["haiku"], "seed": "x" * 20_001},
        {"form": NAMED["haiku"], "temperature": 3},
    ):
        with pytest.raises(PoetBotError) as caught:
            FormRequest(**wrong)
        assert "\n" not in str(caught.value)
    with pytest.raises(PoetBotError, match="know the letter Ж"):
        FormWriter(cached, request(Form(acrostic="Ж")))


def test_other_languages_have_no_syllables_or_rhymes(cached: CachedPoet, tmp_path: Path) -> None:
    folder = tmp_path / "german"
    folder.mkdir()
    poet = copyist(list(STANZAS), folder)
    words = {"und": 90, "nicht": 90, "ich": 90, "mädchen": 90, "schön": 90, "vöglein": 90, "the": 3}
    (folder / "words.json").write_text(json.dumps(words))
    german = CachedPoet(poet, OverlapIndex.open(poet.overlap_folder))
    for form, what in ((Form(rhyme="AA"), "Rhymes"), (NAMED["haiku"], "Syllable counts")):
        with pytest.raises(PoetBotError, match=what):
            FormWriter(german, request(form))
        with pytest.raises(PoetBotError, match=what):
            suggest(german, LineRequest("The lamp\n", form=form))
    assert write_in_form(german, request(Form(acrostic="WE")))[1].met


def test_chinese_characters_are_syllables(copies_signs: Poet) -> None:
    poem, report = write_in_form(CachedPoet(copies_signs), request(Form(stanzas=(3,), acrostic="山日一")))
    assert [line[0] for line in poem.text.split("\n")] == ["山", "日", "一"] and report.met
    counted, report = write_in_form(CachedPoet(copies_signs), request(Form(stanzas=(2,), syllables=10)))
    assert report.syllables[1] == 2 and len(counted.text.split("\n")) == 2


@pytest.fixture(scope="module")
def of_words(tmp_path_factory: pytest.TempPathFactory) -> Poet:
    """A poet of words with random weights."""
    vocabulary = Words.of(STANZAS, min_count=1)
    recipe = RECIPES["story"].changed(["units=8", "embedding=6", "last_units=6", "dense=8", "window=12"])
    rng = np.random.default_rng(3)
    tensors = {
        name: (rng.normal(size=shape) * 0.4).astype(np.float32)
        for name, shape in tensor_shapes(recipe, len(vocabulary)).items()
    }
    tensors["dense.bias"][LINE_END] += 3
    folder = tmp_path_factory.mktemp("of-words")
    OverlapIndex.build([Poem(text) for text in STANZAS]).save(folder / "overlap")
    return Poet("of words", folder, recipe, vocabulary, tensors, {})


def test_a_poet_of_words_suggests_and_writes_in_form(of_words: Poet) -> None:
    cached = CachedPoet(of_words, OverlapIndex.open(of_words.overlap_folder))
    found = suggest(cached, LineRequest("The lamp is low,\n", "\nAnd no one asks", rng=2, drafts=12, guard=4))
    assert found.suggestions
    for each in found.suggestions:
        assert each.line.strip() and "\n" not in each.line and np.isfinite(each.figures["bits_per_character"])
        assert recreate_suggestion(cached, each.receipt) == each.text
    form = Form(stanzas=(2, 2), acrostic="TAWB", rhyme="AA")
    asked = request(form, drafts=8)
    poem, report = write_in_form(cached, asked)
    assert report.letters == (4, 4) and poem.text.count("\n\n") == 1, poem.text
    assert write_in_form(cached, form_request_of_receipt(poem.receipt, of_words))[0] == poem
    (on,) = continuations(cached, "The lamp is low,\n", Request(lines=2, rng=1), drafts=4)
    assert on.text.strip() and np.isfinite(on.figures["bits_per_character"])


def test_a_poet_of_few_words_reports_how_close_it_came(tiny_poet: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_poet, tmp_path / "poet")
    cached = CachedPoet(load(folder))
    poem, report = write_in_form(cached, request(Form(rhyme="AABB"), drafts=6))
    assert report.lines == 4 and report.rhymes[1] == 2
    assert len([line for line in poem.text.split("\n") if line.strip()]) == 4
