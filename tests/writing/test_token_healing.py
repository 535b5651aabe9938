"""A word that is whole where the writing begins stays as it is, and an older receipt still makes a longer one of it."""

import dataclasses
import json
from pathlib import Path

import pytest

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import BUNDLED, Poet, load
from poetbot.writing.batch_writer import write_together
from poetbot.writing.form_writer import FormRequest, form_request_of_receipt, write_in_form
from poetbot.writing.forms import Form
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.request import Request, request_of_receipt
from poetbot.writing.suggestions import LineRequest, recreate_suggestion, suggest
from poetbot.writing.token_healing import end_of
from poetbot.writing.writer import write

WORD = "The lamp by the"  # the last of which the tiny poet has read nine times


@pytest.fixture(scope="module")
def poet(tiny_poet: Path) -> Poet:
    return load(tiny_poet)


@pytest.fixture(scope="module")
def cached(poet: Poet) -> CachedPoet:
    return CachedPoet(poet, OverlapIndex.open(poet.overlap_folder))


def test_words_that_were_read_often_stay_whole(poet: Poet) -> None:
    assert end_of(poet, WORD).whole_word and end_of(poet, "THE").whole_word
    for text in ("", "th", "The lamp", "the ", "the,", "the\n", "breathe", "the5", "the'"):
        assert not end_of(poet, text).whole_word, text
    assert not end_of(poet, WORD, whole_words=False).whole_word


def test_no_letter_follows_a_whole_word(poet: Poet, cached: CachedPoet) -> None:
    request = Request(seed=WORD, lines=1, temperature=1.5, guard=4)
    for k in range(12):
        assert not write(poet, dataclasses.replace(request, rng=k)).text[len(WORD) :][:1].isalnum()
    for poem in dict(write_together(poet, request, 12)).values():
        assert not poem.text[len(WORD) :][:1].isalnum()
    for each in suggest(cached, LineRequest(WORD, drafts=12, count=5, temperature=1.5)).suggestions:
        assert not each.text[:1].isalnum()
    poem, _ = write_in_form(cached, FormRequest(Form(stanzas=(2,)), seed=WORD, drafts=4, temperature=1.5))
    assert not poem.text[len(WORD) :][:1].isalnum()


def test_older_receipts_recreate_their_poems(poet: Poet, cached: CachedPoet) -> None:
    longer = []
    for k in range(12):
        request = Request(seed=WORD, lines=1, temperature=1.5, rng=k, whole_words=False)
        then = write(poet, request)
        assert "whole_words" not in then.receipt
        assert write(poet, request_of_receipt(then.receipt, poet)) == then
        longer.append(then.text[len(WORD) :][:1].isalnum())
        now = write(poet, dataclasses.replace(request, whole_words=True))
        assert now.receipt["whole_words"] is True
        assert write(poet, request_of_receipt(json.loads(json.dumps(now.receipt)), poet)) == now
    assert any(longer)
    asked = LineRequest(WORD, drafts=8, whole_words=False)
    for each in (
        *suggest(cached, asked).suggestions,
        *suggest(cached, LineRequest(WORD, drafts=8)).suggestions,
    ):
        assert recreate_suggestion(cached, each.receipt) == each.text
    for whole in (True, False):
        form = FormRequest(Form(stanzas=(2,)), seed=WORD, drafts=4, whole_words=whole)
        poem, _ = write_in_form(cached, form)
        assert write_in_form(cached, form_request_of_receipt(poem.receipt, poet))[0] == poem
    with pytest.raises(PoetBotError, match="whole_words"):
        Request(whole_words="yes")  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", ["The cat", "I went to Spain and saw the king", "Tell me, O moon"])
def test_the_bundled_poet_leaves_words_alone(seed: str) -> None:
    english = load(BUNDLED / "english")
    for k in range(8):
        written = write(english, Request(seed=seed, lines=1, rng=k, temperature=1.0)).text[len(seed) :]
        assert not written[:1].isalnum(), (seed, written)
