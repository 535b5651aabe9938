"""Copies, variants and excerpts fall into one group, other poems do not."""

import random
import time
import tracemalloc
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus import Poem, near_duplicate_groups, near_duplicates
from poetbot.corpus.near_duplicates import (
    WordHashes,
    are_near,
    distinct_sequences,
    hashed_words,
    linked_holders,
    near_duplicate_pairs,
)

OAK = """The oak that stood beside the mill
Has lost its crown of gold,
And down the lane and up the hill
The evening air is cold.

I knew the miller and his wife,
Their seven sons I knew,
And every one has left this life
As leaves in autumn do."""
BOAT = """A boat with neither sail nor oar
Came drifting in at dawn,
And no one stood upon the shore
To see the stranger yawn."""
WORDS = [
    a + b
    for a in ("gra", "tol", "mir", "sen", "bup", "lak", "wo", "fe")
    for b in ("n", "st", "ding", "ly", "er", "o")
]


def nonsense(rng: random.Random, words: int = 120) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(words))


def test_copies_do_not_depend_on_case_marks_and_lines() -> None:
    shouted = OAK.upper().replace("\n", " / ").replace(",", " --")
    assert near_duplicate_groups([OAK, BOAT, shouted]) == [0, 1, 0]


def test_a_variant_is_found() -> None:
    variant = OAK.replace("gold", "green").replace("seven", "eleven").replace("the lane", "a lane")
    assert near_duplicate_groups([Poem(OAK), Poem(BOAT), Poem(variant)]) == [0, 1, 0]


def test_an_excerpt_belongs_to_the_whole() -> None:
    whole = "\n\n".join([nonsense(random.Random(1), 400), OAK, nonsense(random.Random(2), 400)])
    assert near_duplicate_groups([OAK.split("\n\n")[1], BOAT, whole]) == [0, 1, 0]


def test_excerpts_of_one_poem_are_grouped_through_it() -> None:
    first, second = OAK.split("\n\n")
    assert near_duplicate_groups([first, second]) == [0, 1]
    assert near_duplicate_groups([first, second, OAK]) == [0, 0, 0]


def test_a_common_line_is_not_enough() -> None:
    refrain = "And home we went together, you and I. "
    poems = [refrain + nonsense(random.Random(seed), 60) for seed in range(6)]
    assert near_duplicate_groups(poems) == list(range(6))


def test_chinese_poems_are_compared_by_character() -> None:
    poem = "门前小河水，日夜向东流。来人都不见，唯有白沙鸥。"
    assert near_duplicate_groups([poem, "山中无一事，闭门读旧书。", poem.replace("日夜", "日日")]) == [
        0,
        1,
        0,
    ]


def test_no_poems_and_tiny_poems() -> None:
    assert near_duplicate_groups([]) == []
    assert near_duplicate_groups(["", "", "one two", "One, two", "..."]) == [0, 1, 2, 2, 3]


@given(st.lists(st.text(st.sampled_from("ab \n"), max_size=40), max_size=12))
def test_numbers_count_up_and_copies_share_them(poems: list[str]) -> None:
    groups = near_duplicate_groups(poems)
    assert len(groups) == len(poems)
    assert groups == near_duplicate_groups(poems)
    for place, group in enumerate(groups):
        assert group <= max(groups[:place], default=-1) + 1
    twice = near_duplicate_groups(poems + poems)
    for first, second, poem in zip(twice[: len(poems)], twice[len(poems) :], poems, strict=True):
        assert first == second or not poem.split()


def test_ten_thousand_poems_in_seconds() -> None:
    rng = random.Random(3)
    poems = [nonsense(rng, 150) for _ in range(9_000)]
    poems += [poem.replace("gran", "toler", 1) for poem in poems[:1_000]]
    start = time.process_time()
    groups = near_duplicate_groups(poems)
    assert time.process_time() - start < 30  # about 4 on a quiet machine
    assert groups[9_000:] == groups[:1_000]
    assert len(set(groups)) == 9_000


def test_a_thousand_copies_cost_no_more() -> None:
    variants = [OAK.replace("gold", f"colour{n}") for n in range(1_000)]
    start = time.process_time()
    assert set(near_duplicate_groups(variants)) == {0}
    assert time.process_time() - start < 20


@given(st.integers(0, 99), st.sampled_from([1, 7, 60]))
def test_pairs_counted_in_parts_equal_those_of_all_at_once(seed: int, at_a_time: int) -> None:
    rng = random.Random(seed)
    poems = [" ".join(rng.choices(WORDS[:5], k=rng.randrange(30))) for _ in range(40)]
    poems += [f"{poem} boat" for poem in poems[:9]]
    whole = list(near_duplicate_pairs(poems))
    with patch.object(near_duplicates, "_AT_A_TIME", at_a_time):
        assert list(near_duplicate_pairs(poems)) == whole != []


def test_poems_of_few_words_take_little_memory() -> None:
    """Every run of three words stands in thousands of them, so that each is a candidate with all of its neighbours."""
    rng = random.Random(3)
    poems = [" ".join(rng.choices(WORDS[:8], k=100)) for _ in range(6_000)]
    tracemalloc.start()
    assert all(one < other for one, other in near_duplicate_pairs(poems, 0.6))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60 * sum(map(len, poems))


def test_hashed_sequences_of_a_text_are_those_of_its_words():
    hashes = WordHashes()
    one, same, other = (
        distinct_sequences(hashed_words(text, hashes))
        for text in (
            "The old oak, the old oak, fell.",
            "the OLD oak the old oak\nfell",
            "oak old the fell the oak old",
        )
    )
    assert one.tolist() == same.tolist() and len(one) == 4  # "the old oak" comes twice
    assert not set(one.tolist()) & set(other.tolist())
    assert distinct_sequences(hashed_words("only two", hashes)).size == 0


def test_poems_are_near_by_the_share_of_the_shorter_one():
    short, long = np.arange(10, dtype=np.uint64), np.arange(4, 100, dtype=np.uint64)
    assert are_near(short, long, 0.6) and are_near(long, short, 0.6)
    assert not are_near(short, long, 0.7)
    assert not are_near(short[:5], long, 0.1)  # fewer than five are shared
    assert not are_near(short[:0], long, 0.6)


def test_commonplaces_link_each_poem_only_to_the_next():
    keys = np.array([1] * 3 + [2] * 40 + [3], np.uint64)
    holders = np.array([5, 6, 9, *range(40), 7], np.uint64)
    left, right, common = linked_holders(keys, holders)
    pairs = set(zip(left.tolist(), right.tolist(), strict=True))
    assert pairs == {(5, 6), (6, 9), (5, 9)} | {(k, k + 1) for k in range(39)}
    assert common.tolist() == list(range(40))
