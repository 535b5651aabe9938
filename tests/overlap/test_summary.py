"""The sentence against the report that it is made from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.locale import locale
from poetbot.overlap import (
    OverlapIndex,
    build_index,
    headline,
    per_hundred,
    report,
    sentence,
    summary,
)
from poetbot.poem import Poem
from poetbot.web.components import poem_view


def said(texts: Sequence[str], text: str, seed: int = 0) -> str:
    return sentence(report(OverlapIndex.build([Poem(each) for each in texts]), text, seed))


def test_the_headline_counts_every_poem_once() -> None:
    index = OverlapIndex.build(
        [Poem("the slow\ngrey river, the slow grey river")] + [Poem("slow grey river")] * 40
    )
    made = headline(report(index, "my slow\n grey river"))
    assert made == {
        "words": 3,
        "text": "slow grey river",
        "poems": 41,
        "longer": None,
        "sharing": None,
        "as_long": None,
        "as_much": None,
        "passages": None,
        "joined": None,
        "spans": 0,
        "distinctive": 0,
        "lines": 0,
    }


@pytest.mark.parametrize(
    ("text", "seed", "expected"),
    [
        ("— …", 0, "There are no words in it."),
        ("one two", 7, "There are no written words to compare."),
        ("seven", 0, "It shares no words with the poet's training poems."),
        ("one two", 0, "It shares no phrase of four words or more with the poet's training poems."),
        (
            "one two\nthree four",
            0,
            'Longest phrase in common with its training poems: 4 words, "one two three four", in 2 poems.',
        ),
    ],
)
def test_the_sentence(text: str, seed: int, expected: str) -> None:
    assert said(["one two three four five", "one, two, three, four; six"], text, seed) == expected


def test_the_sentence_compares_with_people() -> None:
    rng = np.random.default_rng(4)
    made = [Poem(" ".join(f"w{k}" for k in rng.integers(8, size=50))) for _ in range(160)]
    index = build_index(made[:40], made[40:])
    text = " ".join(["x"] * 44) + " " + " ".join(made[0].text.split()[:6])
    human = [report(index, poem.text)["longest"]["words"] for poem in made[40:]]
    longer = sum(words > 6 for words in human)
    assert headline(report(index, text))["longer"] == longer
    assert sentence(report(index, text)).endswith(
        f", in 1 poem. {per_hundred(longer, 120)[0]} of 100 human poems of this length share a longer one."
    )
    sharing = sum(words >= 4 for words in human)
    assert sentence(report(index, " ".join(["x"] * 50))).endswith(
        f". {per_hundred(sharing, 120)[0]} of 100 human poems of this length share one."
    )


@pytest.mark.parametrize("joined", [False, True])
def test_one_poem_shares_and_two_share(monkeypatch: pytest.MonkeyPatch, joined: bool) -> None:
    for words, what in ((5, "a longer one"), (0, "one")):
        for count, verb in ((1, "shares"), (2, "share")):
            facts = {"words": words, "text": "a b", "poems": 1, "passages": 100, "joined": joined}
            facts |= {"longer": count, "sharing": count, "as_long": count, "as_much": count}
            for module in (summary, poem_view):
                monkeypatch.setattr(module, "headline", lambda report, facts=facts: facts)
            counted: Any = {"words": 5, "seed_words": 0}
            for said in (sentence(counted), poem_view.overlap_sentence(counted, locale("en"))):
                assert said.endswith(f"of this length {verb} {what}.") and f". {count} of 100 " in said


@pytest.mark.parametrize("joined", [False, True])
def test_none_and_hardly_any_are_said_in_words(monkeypatch: pytest.MonkeyPatch, joined: bool) -> None:
    whom = f"{'passages of human poems' if joined else 'human poems'} of this length"
    long, ordinary = "That is more than most people's poems share.", "That is nothing out of the ordinary."
    much, as_long = (
        "Some human poems share one as long, but fewer phrases in all.",
        "Some human poems share one as long.",
    )
    for count, total, judgement, said in (
        (100, 250, much, f"40 of 100 {whom} share a longer one."),
        (0, 250, long, f"None of 250 {whom} shares a longer one."),
        (1, 250, long, f"Hardly any {whom} share a longer one: fewer than 1 in 100."),
        (20, 250, as_long, f"8 of 100 {whom} share a longer one."),  # and 25 one as long
        (25, 250, ordinary, f"10 of 100 {whom} share a longer one."),
        (250, 250, ordinary, f"100 of 100 {whom} share a longer one."),
    ):
        facts = {"words": 5, "text": "a b", "poems": 1, "passages": total, "joined": joined}
        facts |= {"longer": count, "sharing": 20, "as_long": 25 if count == 20 else count}
        facts["as_much"] = 24 if judgement == much else 25
        for module in (summary, poem_view):
            monkeypatch.setattr(module, "headline", lambda report, facts=facts: facts)
        counted: Any = {"words": 5, "seed_words": 0}
        assert sentence(counted).endswith(f"in 1 poem. {said}")
        assert poem_view.overlap_sentence(counted, locale("en")).endswith(f"in 1 poem. {judgement} {said}")


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
