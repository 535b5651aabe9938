"""The suffix order against plain sorting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.overlap import suffix_array
from poetbot.overlap.suffix_array import lower_bounds, pair_bounds, pair_guides, suffix_order

STREAMS = st.lists(st.lists(st.integers(0, 3), max_size=40), max_size=6)


def sorted_plainly(poems: list[list[int]]) -> list[int]:
    stream: list[int] = []
    for number, poem in enumerate(poems):
        stream += [word + len(poems) for word in poem] + [number]
    return sorted(range(len(stream)), key=lambda position: stream[position:])


@pytest.mark.parametrize("bits", [64, 8], ids=["packed", "by index"])
@given(poems=STREAMS)
def test_the_order_is_that_of_plain_sorting(bits: int, poems: list[list[int]]) -> None:
    ids = np.array([word for poem in poems for word in poem], np.int64)
    counts = np.array([len(poem) for poem in poems], np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suffix_array, "_NUMBER", bits)
        order, ranks, buckets = suffix_order(ids, 4, counts)
    assert order.tolist() == sorted_plainly(poems)
    assert ranks[order].tolist() == list(range(len(order)))
    assert np.diff(buckets.astype(np.int64)).tolist() == [ids.tolist().count(word) for word in range(4)]


@given(STREAMS, st.integers(0, 3))
def test_pairs_are_the_same_with_and_without_guides(poems: list[list[int]], word: int) -> None:
    ids = np.array([each for poem in poems for each in poem], np.int64)
    order, ranks, buckets = suffix_order(ids, 4, np.array([len(poem) for poem in poems], np.int64))
    guides = pair_guides(order, ranks, buckets)
    assert (guides[1:] >= guides[:-1]).all()
    targets = np.arange(len(order) + 1)
    same = np.full(len(targets), 1)
    low, high = same * int(buckets[word]), same * int(buckets[word + 1])
    plain = lower_bounds(order, ranks, low, high, np.int64(1), targets)
    assert pair_bounds(order, ranks, guides, same * word, low, high, targets).tolist() == plain.tolist()


def test_a_poem_of_one_word_many_times_is_ordered_quickly() -> None:
    order, _, _ = suffix_order(np.zeros(200_000, np.int64), 1, np.array([200_000]))
    assert order.tolist() == list(range(200_000, -1, -1))
