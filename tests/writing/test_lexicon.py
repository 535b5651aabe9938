"""A lexicon, and the rules that write its words alone."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.poets.vocabulary import Vocabulary
from poetbot.poets.word_vocabulary import Words
from poetbot.writing.form_rules import Ending, FirstLetter, Rule, Spelling
from poetbot.writing.lexicon import Lexicon, begun, casefolded

VOCABULARY = Vocabulary("\n !\"',-.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ’é")
SOME = ("a", "an", "and", "ant", "o", "o'er", "over", "river", "rivers", "rain", "i", "i'll", "rained")
VOWELS = {word: max(1, sum(letter in "aeiou" for letter in word)) for word in SOME}


@given(
    words=st.frozensets(st.text("ab'c", min_size=1, max_size=5), max_size=30),
    beginning=st.text("ab'c", max_size=4),
    room=st.integers(0, 5),
)
def test_only_letters_of_some_word_may_follow(words: frozenset[str], beginning: str, room: int) -> None:
    lexicon = Lexicon(words, len)
    short = [word for word in words if len(word) <= room]
    for among, found in ((words, lexicon.after(beginning)), (short, lexicon.after(beginning, room))):
        longer = {word[len(beginning)] for word in among if word.startswith(beginning) and word != beginning}
        assert found == (longer, beginning in among)
    assert all((word in lexicon) == (word in words) for word in [*words, beginning])


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("The O’er", "o'er"),
        ("rain-worn", "worn"),
        ("o'", "o'"),
        ("the ", ""),
        ("'tis", "tis"),
        ("", ""),
        ("don't", "don't"),
    ],
)
def test_the_started_word(line: str, word: str) -> None:
    assert begun(line) == word


def drawn(rules: list[Rule], rng: np.random.Generator, line: str = "", longest: int = 300) -> str:
    """Draw a line of which nothing but the rules is known; None where they leave no way on."""
    newline = VOCABULARY.ids["\n"]
    for _ in range(longest):
        logits = np.zeros(len(VOCABULARY), np.float32)
        logits[newline] = 1
        for rule in rules:
            rule.forbid(line, logits)
        allowed = np.flatnonzero(logits > -np.inf)
        if not len(allowed):
            raise AssertionError(f"no way on from {line!r}")
        number = int(rng.choice(allowed))
        if number == newline:
            return line
        line += VOCABULARY.characters[number]
    return line + "…"


def words_of(line: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", casefolded(line))


@pytest.mark.parametrize("rng", range(30))
def test_spelling_writes_only_words_of_the_lexicon(rng: int) -> None:
    rule = Spelling(VOCABULARY, Lexicon(SOME))
    line = drawn([rule], np.random.default_rng(rng), longest=60)
    whole = words_of(line[:-1])[:-1] if line.endswith("…") else words_of(line)
    assert all(word in SOME for word in whole), line


@pytest.mark.parametrize("wanted", [1, 2, 5, 7])
def test_a_line_has_exactly_its_syllables(wanted: int) -> None:
    def count(line: str) -> int:
        return sum(VOWELS.get(word, 1) for word in words_of(line))

    rule = Spelling(VOCABULARY, Lexicon(SOME, VOWELS.__getitem__), wanted, count)
    for rng in range(40):
        line = drawn([rule], np.random.default_rng(rng))
        if not line.endswith("…"):  # one may go on with dashes for ever
            assert count(line) == wanted, line
            assert all(word in SOME for word in words_of(line))
    # A word that somebody began, and a line that is too long already: both can be left.
    for line in ("xylo", "rivers over rivers over rivers"):
        drawn([rule], np.random.default_rng(1), line)


def test_an_ending_is_one_word_and_closing_marks() -> None:
    rule = Ending(VOCABULARY, Lexicon(["rain", "o'er", "river", "rivers"]), len("The "))
    ends = {drawn([rule], np.random.default_rng(rng), "The ")[4:] for rng in range(200)}
    assert {end.rstrip(',.!"').casefold().replace("’", "'") for end in ends} == {
        "rain",
        "o'er",
        "river",
        "rivers",
    }
    assert max(map(len, ends)) <= len("rivers") + 2


def test_the_first_letter_is_large_or_small_and_known() -> None:
    rule = FirstLetter(VOCABULARY, "R")
    logits = np.zeros(len(VOCABULARY), np.float32)
    rule.forbid("", logits)
    assert {VOCABULARY.characters[k] for k in np.flatnonzero(logits > -np.inf)} == {"r", "R"}
    later = np.zeros(len(VOCABULARY), np.float32)
    rule.forbid("R", later)
    assert (later == 0).all()
    with pytest.raises(PoetBotError, match="know the letter ß"):
        FirstLetter(VOCABULARY, "ß")


def test_a_poet_of_words_begins_with_words_of_that_letter() -> None:
    vocabulary = Words.of(["rain and river\nand snow"], min_count=1)
    rule = FirstLetter(vocabulary, "R")
    logits = np.zeros(len(vocabulary), np.float32)
    rule.forbid("", logits)
    assert {vocabulary.piece(k, "") for k in np.flatnonzero(logits > -np.inf)} == {"rain", "river"}
