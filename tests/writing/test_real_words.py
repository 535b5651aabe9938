"""Real words only, in poems without a form: every word is one that the poet has read, however wild it is."""

from gc import disable, enable
from pathlib import Path
from weakref import ref

import pytest

from poetbot.corpus.slurs import has_slur
from poetbot.overlap import words
from poetbot.poets.folder import Poet, load
from poetbot.poets.vocabulary import Vocabulary
from poetbot.writing.batch_writer import write_together
from poetbot.writing.form_rules import Mask, Spelling
from poetbot.writing.lexicon import Lexicon
from poetbot.writing.real_words import RealWords, real_words_of
from poetbot.writing.request import Request, request_of_receipt
from poetbot.writing.subword_rules import units_of
from poetbot.writing.writer import WrittenPoem, write

SEED = "The lamp is xyzzy and\nthe rain"


@pytest.fixture(scope="module", params=["tiny_poet", "subword_poet"])
def poet(request: pytest.FixtureRequest) -> Poet:
    return load(request.getfixturevalue(request.param))


def unread(poet: Poet, poem: WrittenPoem) -> set[str]:
    return set(words(poem.text[poem.seed_characters :]).strings()) - poet.words().keys()


def test_only_words_that_were_read_are_written(poet: Poet) -> None:
    wild = Request(SEED, 1.5, lines=6, rng=3)
    poem = write(poet, Request(SEED, 1.5, lines=6, rng=3, real_words=True))
    assert unread(poet, write(poet, wild)) and not unread(poet, poem)
    assert write(poet, request_of_receipt(poem.receipt, poet)).text == poem.text
    assert "real_words" not in write(poet, wild).receipt


def test_a_poem_of_real_words_may_end_by_itself_and_is_the_same_among_others(poet: Poet) -> None:
    request = Request("", 1.2, rng=5, real_words=True, guard=4)
    poems = dict(write_together(poet, request, 6))
    assert "marker" in {poem.stopped_by for poem in poems.values()}
    for number, poem in poems.items():
        assert not unread(poet, poem)
        assert write(poet, request_of_receipt(poem.receipt, poet)).text == poem.text, number


def test_a_slur_that_was_read_is_not_written_even_where_no_other_word_begins_so(
    poet: Poet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(poet.vocabulary, Vocabulary)
    rule = RealWords(poet.vocabulary, Lexicon(["nigger"]), units_of(poet))
    monkeypatch.setitem(poet.derived, "real_words", rule)
    poem = write(poet, Request("so ", 1.0, lines=2, rng=1, real_words=True))
    assert not has_slur(poem.text) and poem.stopped_by == "lines"


def test_poets_whose_units_are_words_need_no_rule(chinese_poet: Path) -> None:
    poet = load(chinese_poet)
    assert real_words_of(poet) is None
    asked = Request("", lines=2, rng=1)
    assert write(poet, Request("", lines=2, rng=1, real_words=True)).text == write(poet, asked).text


def test_the_rule_is_made_once_and_goes_with_its_poet(poet: Poet) -> None:
    again = load(poet.folder)
    assert real_words_of(again) is real_words_of(again) is not real_words_of(poet)
    write(again, Request(SEED, 1.5, lines=2, rng=3, real_words=True))
    kept = ref(real_words_of(again))
    disable()
    try:
        del again  # nothing in it refers back to it, so no garbage collection is needed
        assert kept() is None
    finally:
        enable()


def test_what_may_begin_a_line_is_found_out_once(poet: Poet, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(poet.vocabulary, Vocabulary)
    rule = RealWords(poet.vocabulary, Lexicon(["the", "moon"]), units_of(poet))
    asked: list[str] = []
    forbidden = Spelling.forbidden

    def counted(self: Spelling, line: str) -> Mask | None:
        asked.append(line)
        return forbidden(self, line)

    monkeypatch.setattr(Spelling, "forbidden", counted)
    allowed = [
        rule.allows(before, text)
        for text in ("the", "then", "\n")
        for before in ("", "The moon,\n", "Then\n\n", "moon ", "the " + "moon" * 30 + " ")
    ]
    assert allowed == [True] * 5 + [False] * 5 + [True] * 5
    assert asked == ["", "t", "th", "", "t", "th", "the", ""]
