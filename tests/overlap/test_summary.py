"""The verdict against the report that it is made from."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.locale import locale
from poetbot.overlap import OverlapIndex, build_index, of_people, per_hundred, percent, report, sentence
from poetbot.overlap.report_types import Report
from poetbot.poem import Poem

ONE_POEM = OverlapIndex.build([Poem("one two three four")])


@pytest.mark.parametrize(
    ("text", "seed", "expected"),
    [
        ("— …", 0, "There are no written words to compare."),
        ("one two", 7, "There are no written words to compare."),
        ("one two three", 0, "Too short to compare: there are no four written words in a row."),
        ("one two three six", 0, "This has no four-word phrase in common with the poet's training poems."),
        (
            "one two\nthree four seven",
            0,
            "50% of the four-word phrases are also in the poet's training poems. "
            "The longest phrase in common has 4 words: “one two three four”, in 2 poems.",
        ),
        (
            "one two three four five of one two three four",
            3,  # the longest one begins with a typed word
            "33.3% of the four-word phrases are also in the poet's training poems. "
            "The longest phrase in common has 4 words: “two three four five”, in 1 poem.",
        ),
    ],
)
def test_the_verdict_without_poems_by_people(text: str, seed: int, expected: str) -> None:
    read = ["one two three four five", "one, two, three, four; six", "one two three four"][: 2 + (seed > 0)]
    assert sentence(report(OverlapIndex.build([Poem(each) for each in read]), text, seed)) == expected


def test_the_verdict_counts_the_poems_by_people_that_share_as_much() -> None:
    rng = np.random.default_rng(4)
    made = [Poem(" ".join(f"w{k}" for k in rng.integers(8, size=50))) for _ in range(160)]
    index = build_index(made[:40], made[40:])
    human = [report(index, poem.text) for poem in made[40:]]

    def people(holds: Callable[[Report], bool]) -> str:
        return of_people(sum(map(holds, human)), len(human), locale("en"))

    found = report(index, " ".join(["x"] * 42 + made[0].text.split()[:8]))
    share = found["fourgrams"]["share_novel"] or 0
    as_much = people(lambda each: (each["fourgrams"]["share_novel"] or 0) <= share)
    as_long = people(lambda each: each["longest"]["words"] >= 8)
    median = percent(1 - sorted(each["fourgrams"]["share_novel"] or 0 for each in human)[60])
    said = sentence(found)
    assert (
        f"Of its four-word phrases, {percent(1 - share)} are also there; "
        f"among poems of this length by people, {median} is typical, and {as_much} shared as much." in said
    )
    assert said.endswith(f"in 1 poem; of those by people, {as_long} shared one as long.")
    sharing = people(lambda each: (each["fourgrams"]["share_novel"] or 0) < 1)
    assert sentence(report(index, " ".join(["x"] * 50))) == (
        "This has no four-word phrase in common with the poet's training poems. "
        f"Among poems of this length by people, {sharing} shared at least one."
    )
    assert sentence(report(index, made[0].text)).startswith(
        "This shares far more phrases with the poet's training poems than most poems by people do. "
        "1 of them is a rare combination of words, worth a look. Of its four-word phrases, 100% are"
    )


@pytest.mark.parametrize(
    ("as_much", "as_long", "verdict"),
    [
        (
            0.02,
            0.9,
            "This shares far more phrases with the poet's training poems than most poems by people do.",
        ),
        (
            0.9,
            0.02,
            "This shares far more phrases with the poet's training poems than most poems by people do.",
        ),
        (0.03, 0.9, "This shares more phrases with the poet's training poems than most poems by people do."),
        (0.9, 0.12, "This shares more phrases with the poet's training poems than most poems by people do."),
        (
            0.13,
            0.13,
            "This shares no more phrases with the poet's training poems than poems by people usually do.",
        ),
    ],
)
@pytest.mark.parametrize("joined", [False, True])
def test_either_measure_can_make_it_far_more(
    as_much: float, as_long: float, verdict: str, joined: bool
) -> None:
    whom = "passages of this length from poems by people" if joined else "poems of this length by people"
    found = compared(as_much, as_long, joined)
    assert found.startswith(verdict) and f"among {whom}, 0% is typical" in found


def test_one_poem_by_people_in_twenty_has_far_more_in_common_even_if_the_measures_are_independent() -> None:
    shares = [k / 40 for k in range(40)]
    verdicts = Counter(compared(much, long).split(" phrases")[0] for much in shares for long in shares)
    far, more = verdicts["This shares far more"] / 1600, verdicts["This shares more"] / 1600
    assert 0.04 < far < 0.05 and 0.2 < far + more < 0.25


@pytest.mark.parametrize(
    ("as_much", "distinctive", "said"),
    [
        (0.02, 0, " do, but only everyday ones, which don't look copied. Of"),
        (0.1, 0, " do, but only everyday ones, which don't look copied. Of"),
        (0.2, 0, " than poems by people usually do. Of"),
        (0.1, 1, " do. 1 of them is a rare combination of words, worth a look. Of"),
        (
            0.2,
            2,
            " than poems by people usually do. 2 of them are rare combinations of words, worth a look. Of",
        ),
    ],
)
def test_the_verdict_says_whether_a_phrase_looks_copied(as_much: float, distinctive: int, said: str) -> None:
    assert f"{said} its four-word phrases," in compared(as_much, 0.9, distinctive=distinctive)


def compared(as_much: float, as_long: float, joined: bool = False, distinctive: int = 1) -> str:
    """Return the sentence on a text of which these shares of the poems by people have as much, or as long a phrase, in common."""
    found: Any = report(ONE_POEM, "one two three four")
    found["summary"]["distinctive"] = distinctive
    found["fourgrams"]["share_novel"] = 0.9
    found["percentiles"] = {
        "passages": 100,
        "joined": joined,
        "share_novel": {"higher": 1 - as_much, "quantiles": {"50": 1.0}},
        "longest_written": {"lower": 1 - as_long},
    }
    return sentence(found)


@pytest.mark.parametrize(
    ("count", "total", "said"),
    [(0, 250, "none"), (1, 250, "fewer than 1 of 100"), (100, 250, "40 of 100"), (3, 60, "3 of 60")],
)
def test_none_and_hardly_any_are_said_in_words(count: int, total: int, said: str) -> None:
    assert of_people(count, total, locale("en")) == said


@given(st.integers(1, 5000), st.data())
def test_a_share_is_none_or_all_only_if_that_is_exact(total: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, total))
    shown, out_of = per_hundred(count, total)
    assert out_of == min(total, 100)
    if shown is None:
        assert 0 < 100 * count < total
    else:
        assert abs(shown / out_of - count / total) <= 0.01
        assert (shown == 0) == (count == 0) and (shown == out_of) == (count == total)
