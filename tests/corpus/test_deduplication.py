"""Near-duplicates: the longest is kept, and what a person is sure of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus import deduplication
from poetbot.corpus.deduplication import find_repeats
from poetbot.poem import Poem

WORDS = [f"word{number}" for number in range(400)]


def poem(*words: int) -> Poem:
    return Poem(" ".join(WORDS[number] for number in words))


WHOLE, PART, OTHER = poem(*range(60)), poem(*range(20, 45)), poem(*range(100, 160))
VARIANT = poem(*range(30), 200, *range(31, 60))


def test_the_longest_is_kept_and_the_first_of_equals() -> None:
    assert find_repeats([PART, WHOLE, OTHER]) == {0: 1}
    assert find_repeats([WHOLE, VARIANT, OTHER, WHOLE]) in ({1: 0, 3: 0}, {0: 1, 3: 1})
    assert find_repeats([OTHER] * 500) == dict.fromkeys(range(1, 500), 0)
    assert find_repeats([]) == find_repeats([OTHER]) == find_repeats([Poem("!"), Poem("!")]) == {}


def test_poems_the_user_included_stay() -> None:
    assert find_repeats([PART, WHOLE], sure={0}) == {}
    assert find_repeats([PART, WHOLE, OTHER, WHOLE], sure={0}) == {3: 1}


def test_two_poems_that_share_a_stanza_are_both_kept() -> None:
    assert find_repeats([poem(*range(60)), poem(*range(40, 100))]) == {}


def test_a_large_family_of_variants_leaves_one() -> None:
    family = [poem(*range(50), 60 + k, *range(51, 55)) for k in range(200)]
    assert len(find_repeats(family)) == 199


def test_copies_are_removed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each copy once became the next one to be compared, which took a round for each."""
    rounds = []
    compare = deduplication.near_duplicate_pairs
    monkeypatch.setattr(deduplication, "near_duplicate_pairs", lambda *a: rounds.append(1) or compare(*a))
    family = [poem(*range(50), 60 + k % 9, *range(51, 55 + k % 9)) for k in range(900)]
    gone = find_repeats(family)
    assert len(gone) == 899 and {*gone.values()} == {8}
    assert len(rounds) < 5


def test_the_longest_text_of_the_same_words_is_kept() -> None:
    shouted = Poem(WHOLE.text.upper() + "!")
    assert find_repeats([WHOLE, PART, shouted, WHOLE, OTHER]) == {0: 2, 1: 2, 3: 2}


@given(st.lists(st.lists(st.integers(0, 30), max_size=30).map(lambda words: poem(*words)), max_size=12))
def test_every_removed_poem_has_a_longer_one_that_stays(poems: list[Poem]) -> None:
    gone = find_repeats(poems)
    for place, kept in gone.items():
        assert kept not in gone and len(poems[kept].text) >= len(poems[place].text)
