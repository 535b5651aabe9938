"""Self-repetition against plain sets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk import ngrams

from poetbot.errors import PoetBotError
from poetbot.overlap import repetition, words

PARTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10)), max_size=2)
POEMS = st.lists(st.tuples(st.text(st.sampled_from("aab  c\n"), max_size=40), PARTS), max_size=5)


def written_runs(text: str, typed: list[tuple[int, int]]) -> list[list[str]]:
    """Return the written words, in runs between typed ones."""
    found = words(text)
    runs: list[list[str]] = [[]]
    for word, first, last in zip(found.strings(), found.starts, found.ends, strict=True):
        if any(start < last and first < end for start, end in typed):
            runs.append([])
        else:
            runs[-1].append(word)
    return runs


@given(POEMS)
def test_every_figure_equals_that_of_sets(drawn: list[tuple[str, list[tuple[int, int]]]]) -> None:
    poems = []
    for text, parts in drawn:
        places = [(min(start, len(text)), min(start + size, len(text))) for start, size in parts]
        poems.append((text, [(start, end) for start, end in places if start < end]))
    written = [written_runs(text, typed) for text, typed in poems]

    def grams(k: int, n: int) -> list[tuple[str, ...]]:
        return [gram for run in written[k] for gram in ngrams(run, n)]

    def in_others(k: int, n: int) -> list[bool]:
        others = {gram for j in range(len(poems)) if j != k for gram in grams(j, n)}
        return [gram in others for gram in grams(k, n)]

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
    assert repetition([(refrain, ()), ("the lamp is low tonight", ())])["fourgrams"]["repeated"] == 0
    made = repetition([(refrain, ()), ("so row the boat home again", ())])
    assert made["longest"]["text"] == "row the boat home" and len(made["longest"]["places"]) == 6
    assert made["by_poem"][1] == 1 / 3


def test_nothing_to_compare() -> None:
    for poems in ([], [("", ())], [("one two three four five", ())]):
        made = repetition(poems)
        assert made["longest"] == {"words": 0, "text": "", "places": []}
        assert made["fourgrams"]["repeated"] == 0


@pytest.mark.parametrize("part", [(-1, 2), (0, 4), (2, 1)])
def test_a_typed_part_outside_its_text_is_refused(part: tuple[int, int]) -> None:
    with pytest.raises(PoetBotError, match="within the text"):
        repetition([("abc", [part])])
