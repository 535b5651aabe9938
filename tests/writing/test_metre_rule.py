"""Lines in a metre: every line scans by the ear of Study, keeps its rhyme, and is written again from its receipt."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from poetbot.errors import PoetBotError
from poetbot.overlap import words as overlap_words
from poetbot.poets.folder import BUNDLED, Poet, load
from poetbot.poets.vocabulary import Vocabulary
from poetbot.poets.word_vocabulary import Words
from poetbot.verse import line_syllables
from poetbot.verse.metre import scans
from poetbot.verse.scansion import scansion
from poetbot.writing import CachedPoet, FormRequest, FormWriter, LineRequest, recreate_suggestion, suggest
from poetbot.writing.form_fit import form_report
from poetbot.writing.form_rules import Rule, Spelling
from poetbot.writing.form_writer import form_request_of_receipt, write_in_form
from poetbot.writing.forms import NAMED, Form
from poetbot.writing.lexicon import Lexicon
from poetbot.writing.metre_rule import MetreRule, Stresses
from tests.writing.conftest import STANZAS, copyist

VOCABULARY = Vocabulary("\n !\"',-.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ’é+")
LEXICON = Lexicon(
    [
        "the",
        "a",
        "of",
        "over",
        "again",
        "river",
        "rivers",
        "rain",
        "o'er",
        "heaven",
        "remember",
        "garden",
        "gardener",
    ]
)
COUPLET = Form(rhyme="AA", syllables=8, metre="iambic")


@pytest.fixture(scope="module")
def cached(tmp_path_factory: pytest.TempPathFactory) -> CachedPoet:
    """A poet that has read five stanzas, and says which words."""
    folder = tmp_path_factory.mktemp("copyist-in-metre")
    poet = copyist(list(STANZAS), folder)
    words = Counter(overlap_words(" ".join(STANZAS)).strings())
    (folder / "words.json").write_text(json.dumps(words))
    return CachedPoet(poet)


def drawn(rules: list[Rule], rng: np.random.Generator, line: str = "") -> str:
    """Draw a line of which nothing but the rules is known."""
    while True:
        logits = np.zeros(len(VOCABULARY), np.float32)
        for rule in rules:
            rule.forbid(line, logits)
        allowed = [VOCABULARY.characters[k] for k in np.flatnonzero(logits > -np.inf)]
        assert allowed, line
        letters = [each for each in allowed if each.isalpha() or each in "'’\n"]
        # Other marks are allowed between any two words: a few are enough.
        character = str(rng.choice(letters if letters and rng.random() < 0.9 else allowed))
        if character == "\n":
            return line
        line += character


@pytest.mark.parametrize(("foot", "feet"), [("iambic", 3), ("iambic", 5), ("anapaestic", 3)])
def test_whatever_is_drawn_scans(foot: str, feet: int) -> None:
    spelling = Spelling(VOCABULARY, LEXICON)
    rule = MetreRule(VOCABULARY, Stresses(LEXICON.words), scansion(foot, feet))
    lines = [drawn([spelling, rule], np.random.default_rng(rng)) for rng in range(25)]
    assert all(scans(line, foot, feet) for line in lines), lines
    assert len({line.casefold() for line in lines}) > 15
    free = Spelling(VOCABULARY, LEXICON, 2 * feet, line_syllables)
    assert not all(scans(drawn([free], np.random.default_rng(rng)), foot, feet) for rng in range(25))


def test_a_typed_beginning_is_left_and_the_line_still_ends() -> None:
    spelling = Spelling(VOCABULARY, LEXICON)
    rule = MetreRule(VOCABULARY, Stresses(LEXICON.words), scansion("iambic", 4))
    for typed in ("The again river ", "A xylo", "Remember the gard", "O'", "'Tis "):
        line = drawn([spelling, rule], np.random.default_rng(1), typed)
        assert line.startswith(typed) and 7 <= line_syllables(line) <= 9, line
    logits = np.zeros(len(VOCABULARY), np.float32)
    rule.forbid("the garden of the river over again the rain ", logits)
    assert (logits == 0).all(), "it is too long already"


def test_a_poem_rhymes_in_metre_and_is_recreated(cached: CachedPoet) -> None:
    asked = FormRequest(replace(COUPLET, rhyme="AABB", stanzas=(4,)), seed="The win", rng=2, drafts=24)
    poem, report = write_in_form(cached, asked)
    assert report.metre == (4, 4) and report.rhymes == (2, 2) and report.met, poem.text
    assert [line_syllables(line) for line in poem.text.split("\n")] == [8] * 4
    receipt = json.loads(json.dumps(poem.receipt))
    assert receipt["form"]["metre"] == "iambic"
    again = form_request_of_receipt(receipt, cached.poet)
    assert again == asked and write_in_form(cached, again)[0] == poem


def test_a_limerick_has_lines_of_three_and_two_anapaests(cached: CachedPoet) -> None:
    poem, report = write_in_form(cached, FormRequest(NAMED["limerick"], rng=1, drafts=8))
    assert report.metre == (5, 5), poem.text
    for line, feet in zip(poem.text.split("\n"), (3, 3, 2, 2, 3), strict=True):
        assert line_syllables(line) in (3 * feet - 1, 3 * feet)
    counted = replace(NAMED["limerick"], metre="")
    free, _ = write_in_form(cached, FormRequest(counted, rng=1, drafts=8))
    assert form_report(free.text, NAMED["limerick"], cached.sounds).metre[0] < 5, "its poems are iambic"


def test_metres_share_the_rule_on_spelling(cached: CachedPoet) -> None:
    forms = (Form(metre="iambic", syllables=8), Form(metre="iambic", syllables=10))
    (spelling, metre), (same, other) = (cached.rules(form.line(0), real_words=False) for form in forms)
    assert spelling is same and metre is not other


@pytest.mark.parametrize("before", ["", "The lamp is low, the street is long,\nAnd the ra"])
def test_a_poet_of_subwords_suggests_lines_in_metre(subword_poet: Path, before: str) -> None:
    subwords = CachedPoet(load(subword_poet))
    asked = LineRequest(before, rng=3, drafts=6, form=Form(metre="iambic", syllables=8))
    found = suggest(subwords, asked)
    assert found.in_form == 6
    for each in found.suggestions:
        assert scans(each.line, "iambic", 4) and each.figures["form"] == {"scans": True}, each.line
        assert recreate_suggestion(subwords, each.receipt) == each.text


def test_a_bundled_poet_writes_a_pentameter() -> None:
    english = CachedPoet(load(BUNDLED / "english"))
    (found,) = suggest(english, LineRequest(rng=3, drafts=4, count=1, form=Form(metre="iambic"))).suggestions
    assert scans(found.line, "iambic", 5) and line_syllables(found.line) == 10, found.line


def test_only_english_poets_write_in_metre(copies_signs: Poet, tmp_path: Path) -> None:
    german = copyist(list(STANZAS), tmp_path)
    words = Counter({"und": 90, "nicht": 90, "ich": 90, "mädchen": 90, "schön": 90, "vöglein": 90})
    (tmp_path / "words.json").write_text(json.dumps(words))
    for poet in (german, copies_signs):
        cached = CachedPoet(poet)
        with pytest.raises(PoetBotError, match="Only English poets write in metre"):
            FormWriter(cached, FormRequest(NAMED["sonnet"]))
        with pytest.raises(PoetBotError, match="Only English poets write in metre"):
            suggest(cached, LineRequest(form=COUPLET))
        with pytest.raises(PoetBotError, match="Only English poets write in metre"):
            form_report("rain", COUPLET, cached.sounds)


def test_a_poet_of_words_chooses_the_nearest_lines() -> None:
    story = CachedPoet(load(BUNDLED / "story"))
    assert isinstance(story.poet.vocabulary, Words)
    poem, report = write_in_form(story, FormRequest(Form(stanzas=(1,), metre="iambic"), rng=1, drafts=2))
    assert report.metre[1] == 1 and "\n" not in poem.text
    assert report.met or "lines that scan" in report.sentence()
