"""An ending: lines that close a poem, by the poet's own sense of an end."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import Poet
from poetbot.writing.endings import (
    ENDING,
    EndingRequest,
    EndingWriter,
    end_bits,
    write_ending,
)
from poetbot.writing.last_line import ends_sentence
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.replay import recreate_poem
from tests.writing.conftest import SIGNS, STANZAS


def cached_of(poet: Poet) -> CachedPoet:
    return CachedPoet(poet, OverlapIndex.open(poet.overlap_folder))


@pytest.fixture(scope="module")
def cached(copies: Poet) -> CachedPoet:
    return cached_of(copies)


@pytest.mark.parametrize("poem", STANZAS)
def test_the_poem_ends_where_those_that_were_read_end(cached: CachedPoet, poem: str) -> None:
    begun = poem[: poem.rindex("\n")]
    ending = write_ending(cached, EndingRequest(begun, temperature=0.2, rng=1))
    ends = [each.split("\n")[-1][-12:] for each in STANZAS]
    assert ending.text[-12:] in ends and ends_sentence(ending.text) and ending.end_bits < 1


def test_a_chinese_poem_ends_with_its_own_full_stop(copies_signs: Poet) -> None:
    first = SIGNS[0].split("\n")[0]
    ending = write_ending(cached_of(copies_signs), EndingRequest(first, temperature=0.2))
    assert ending.text.endswith("。") and 1 <= len(ending.text.split("\n")) <= 4


@pytest.mark.parametrize("rng", range(4))
def test_it_has_one_to_four_lines_even_if_the_poet_finds_no_end(cached: CachedPoet, rng: int) -> None:
    writer = EndingWriter(cached, EndingRequest("o bell\n", temperature=2.0, rng=rng, drafts=4))
    seen = list(writer)
    assert 1 <= len(seen) <= 4 and seen[-1] == writer.text
    assert all(later.startswith(earlier + "\n") for earlier, later in pairwise(seen))
    assert all(line.strip() for line in writer.text.split("\n"))


def test_an_end_is_likelier_after_the_last_line(cached: CachedPoet) -> None:
    poem = STANZAS[0] + "\n"
    first = poem[: poem.index("\n") + 1]
    assert end_bits(cached.poet, cached.primed(poem)) < 1 < end_bits(cached.poet, cached.primed(first))
    assert [ends_sentence(line) for line in ("so.", 'so?"', "so,", "so", "門前。", "")] == [
        *(True, True, False, False, True, False)
    ]


def test_the_receipt_writes_it_again(cached: CachedPoet) -> None:
    asked = EndingRequest("Once, in the hall\n", 0.9, rng=5, drafts=8, guard=4)
    ending = write_ending(cached, asked)
    receipt = json.loads(json.dumps(ending.receipt))
    assert ENDING.request_of(receipt, cached.poet) == asked
    assert write_ending(cached, asked).text == ending.text
    pieces = [{"typed": "Once, in the hall\n"}, {"source": 0, "at": 0, "characters": 9}]
    *_, again = recreate_poem({"kind": "desk", "sources": [receipt], "pieces": pieces}, lambda source: cached)
    assert again.text == "Once, in the hall\n" + ending.text[:9]
    with pytest.raises(PoetBotError, match="another poet"):
        ENDING.request_of(receipt | {"poet_id": "x"}, cached.poet)


@pytest.mark.parametrize(
    "bad", [{"before": " \n"}, {"before": 3}, {"temperature": 3}, {"drafts": 0}, {"rng": -1}]
)
def test_bad_requests_are_refused(bad: dict) -> None:
    with pytest.raises(PoetBotError):
        replace(EndingRequest("a"), **bad)
