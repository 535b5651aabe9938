"""The marks of a text: the report's spans, also while it is being written."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.overlap import HumanPoems, Mark, OverlapIndex, marks, report
from poetbot.overlap.highlights import marked_from_words, whole
from poetbot.poem import Poem
from poetbot.web.components.poem_view import flat_marks, report_marks

READ = (
    "the rain on the roof and the rain in the hall",
    "don't ask the rain to stay\n山中雨未停 the rain",
    "á é a b c d",
)
TEXTS = st.lists(
    st.sampled_from(
        [
            "the",
            "rain",
            "on",
            "roof",
            "and",
            "in",
            "hall",
            "don't",
            "ask",
            "to",
            "stay",
            "山",
            "中",
            "雨",
            "未",
            "停",
            "a",
            "á",
            "b",
            "c",
            "d",
            "zz",
            " ",
            " ",
            " ",
            "\n",
            "'",
            "’",
            "-",
            "́",
            "\u200b",
            "-\n",
            "th",
            "e",
        ]
    ),
    max_size=40,
).map("".join)


@pytest.fixture(scope="module")
def index() -> OverlapIndex:
    return OverlapIndex.build([Poem(text) for text in READ])


@given(TEXTS, st.integers(0, 30))
def test_the_marks_are_the_longer_and_the_distinctive_spans_of_the_report(
    index: OverlapIndex, text: str, given: int
) -> None:
    given = min(given, len(text))
    found = report(index, text, given)
    assert found["compared_with"]["marked_from_words"] == 5
    spans = [span for span in found["spans"] if span["words"] >= 5 or span["distinctive"]]
    assert marks(index, text, given) == [Mark(s["start"], s["end"], s["distinctive"]) for s in spans]
    assert report_marks(text, found) == flat_marks(len(text), marks(index, text, given))


@pytest.mark.parametrize(("shared", "least"), [(3, 4), (4, 5), (6, 7), (0, 4)])
def test_phrases_are_marked_that_are_longer_than_those_of_an_ordinary_human_poem(
    shared: int, least: int
) -> None:
    runs = np.zeros(2400, np.uint8)
    for start in range(0, 2400, 100):
        runs[start : start + shared] = np.arange(shared, 0, -1)
    runs[:200] = 9  # those of two poems
    human = HumanPoems(runs, np.full(24, 100), 24, 30.0)
    index = replace(OverlapIndex.build([Poem("one two three four five six seven eight")]), human=human)
    assert marked_from_words(index) == least
    text = "one two three four; six seven eight one"
    assert len(marks(index, text)) == (least == 4) and len(report(index, text)["spans"]) == 1


def covered(found: list[Mark], length: int) -> list[int]:
    kinds = [0] * length
    for start, end, distinctive in found:
        for at in range(start, end):
            kinds[at] = max(kinds[at], 1 + distinctive)
    return kinds


@given(TEXTS, st.integers(0, 30))
def test_marks_do_not_disappear_while_writing(index: OverlapIndex, text: str, given: int) -> None:
    given = min(given, len(text))
    before = [0] * len(text)
    for end in range(given, len(text) + 1):
        now = covered(marks(index, text[:end], given, ended=False), len(text))
        assert all(a <= b for a, b in zip(before, now, strict=True)), text[:end]
        before = now
    last = covered(marks(index, text, given), len(text))
    assert all(a <= b for a, b in zip(before, last, strict=True))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("the", 0),
        ("the rain", 3),
        ("the rain ", 8),
        ("don'", 0),
        ("山中", 1),
        ("山", 0),
        ("a\u0301", 0),
        ("a, ", 2),
        ("the rain-\n ", 3),
        ("the rain-\nbo", 3),
        ("the rain-bo", 3),
    ],
)
def test_the_last_word_is_complete_once_a_separator_follows(text: str, length: int) -> None:
    assert whole(text) == length
