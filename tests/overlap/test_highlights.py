"""The marks of a text: the report's spans, also while it is being written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.overlap import Mark, OverlapIndex, marks, report
from poetbot.overlap.highlights import whole
from poetbot.poem import Poem

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
def test_the_marks_are_the_spans_of_the_report(index: OverlapIndex, text: str, given: int) -> None:
    given = min(given, len(text))
    spans = report(index, text, given)["spans"]
    assert marks(index, text, given) == [Mark(s["start"], s["end"], s["distinctive"]) for s in spans]


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
