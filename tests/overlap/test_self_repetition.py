"""Self-repetition against plain sets."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk import ngrams

from poetbot.errors import PoetBotError
from poetbot.overlap import repetition, words

POEMS = st.lists(st.tuples(st.text(st.sampled_from("aab  c\n"), max_size=40), st.integers(0, 10)), max_size=5)


@given(POEMS)
def test_every_figure_equals_that_of_sets(drawn: list[tuple[str, int]]) -> None:
    poems = [(text, min(seed, len(text))) for text, seed in drawn]
    written = []
    for text, seed in poems:
        found = words(text)
        written.append([w for w, start in zip(found.strings(), found.starts, strict=True) if start >= seed])

    def in_others(k: int, n: int) -> list[bool]:
        others = {gram for j, run in enumerate(written) if j != k for gram in ngrams(run, n)}
        return [gram in others for gram in ngrams(written[k], n)]

    made = repetition(poems)
    four = [in_others(k, 4) for k in range(len(poems))]
    assert made["fourgrams"]["total"] == sum(map(len, four))
    assert made["fourgrams"]["repeated"] == sum(map(sum, four))
    assert made["by_poem"] == [sum(each) / len(each) if each else None for each in four]
    longest = max((n for n in range(1, 41) for k in range(len(poems)) if any(in_others(k, n))), default=0)
    assert made["longest"]["words"] == longest
    runs = {
        tuple(words(poems[place["poem"]][0][place["start"] : place["end"]]).strings())
        for place in made["longest"]["places"]
    }
    assert len(runs) == bool(longest)
    assert len({place["poem"] for place in made["longest"]["places"]}) != 1


def test_a_refrain_within_one_poem_is_not_self_repetition() -> None:
    refrain = "row the boat home\n" * 5
    assert repetition([(refrain, 0), ("the lamp is low tonight", 0)])["fourgrams"]["repeated"] == 0
    made = repetition([(refrain, 0), ("so row the boat home again", 0)])
    assert made["longest"]["text"] == "row the boat home" and len(made["longest"]["places"]) == 6
    assert made["by_poem"][1] == 1 / 3


def test_nothing_to_compare() -> None:
    for poems in ([], [("", 0)], [("one two three four five", 0)]):
        made = repetition(poems)
        assert made["longest"] == {"words": 0, "text": "", "places": []}
        assert made["fourgrams"]["repeated"] == 0


@pytest.mark.parametrize("seed", [-1, 4, True, 1.5, None])
def test_a_seed_longer_than_its_text_is_refused(seed: Any) -> None:
    with pytest.raises(PoetBotError, match="seed"):
        repetition([("abc", seed)])
