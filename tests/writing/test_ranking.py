"""What is measured of drafts, beside the slow and obvious way."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.overlap import OverlapIndex, words
from poetbot.overlap.longest_matches import longest_runs
from poetbot.poets.folder import Poet
from poetbot.writing.drafts import Draft
from poetbot.writing.form_fit import Fit
from poetbot.writing.ranking import Ranked, chosen, ranked

READ = (
    "the kettle sings its kitchen song",
    "and no one",
    "asks the rain",
    "xylo",
    "-",
    "o'er the",
    "Ça",
    "é",
    "'",
)
TEXTS = st.lists(st.sampled_from(READ), max_size=4).map(" ".join)


@pytest.fixture(scope="module")
def index(copies: Poet) -> OverlapIndex:
    return OverlapIndex.open(copies.overlap_folder)


def drafted(text: str, nats: float = 1.0, number: int = 0) -> Draft:
    return Draft(number, text, nats * (len(text) + 1), 1.0 * (len(text) + 1), len(text) + 1, complete=True)


def ranks(index: OverlapIndex | None, lines: list[str], before: str = "", after: str = "") -> list[Ranked]:
    drafts = [drafted(line, number=k) for k, line in enumerate(lines)]
    found = ranked(drafts, before, after, index, lambda line: Fit(), None)
    return sorted(found, key=lambda each: each.draft.number)


@settings(max_examples=150)
@given(before=TEXTS, begun=st.booleans(), texts=st.lists(TEXTS, min_size=1, max_size=5))
def test_ranking_together_equals_ranking_one_by_one(
    index: OverlapIndex, before: str, begun: bool, texts: list[str]
) -> None:
    before += " " if begun else "\n"
    for each in ranks(index, texts, before):
        text = texts[each.draft.number]
        found = words(before + text)
        seed = int(np.searchsorted(found.starts, len(before)))
        ids = index.ids(found.keys)
        lengths = longest_runs(index, ids).lengths
        runs = [int(n) for at, n in enumerate(lengths) if at + n > seed]
        assert each.figures.copied_words == max(runs, default=0)
        unread = [word for at, word in enumerate(found.strings()) if at >= seed and ids[at] < 0]
        assert each.figures.unknown_words == tuple(unread)


def test_each_fault_has_a_penalty(index: OverlapIndex) -> None:
    good = "a bell is low by the door"
    for worse, before in (
        ("a bell is low by the doorxx", ""),
        ("Yet here it sits, and here, all day", ""),
        ("a bell, a bell, a bell, a bell", ""),
        ("a bell is low by the door", "And there it is, a bell is low by the door\n"),
    ):
        one, other = (ranks(index, [good])[0], ranks(index, [worse], before)[0])
        assert one.figures.penalty < other.figures.penalty, worse


def test_the_aim_is_more_probable_than_expected_and_not_the_most_probable() -> None:
    drafts = [
        drafted("a line of so many words", nats, k) for k, nats in enumerate((0.2, 0.8, 0.95, 1.0, 1.05, 2.0))
    ]
    found = ranked(drafts, "", "", None, lambda line: Fit(), None)
    best, last = found[0].draft, found[-1].draft
    assert best.excess < 0 and best.number not in (0, 5) and last.number == 5
    assert found[0].figures.copied_words is None and found[0].figures.unknown_words is None


def test_a_line_in_form_comes_before_any_other(index: OverlapIndex) -> None:
    drafts = [drafted("Yet here it sits, and here, all day", 3.0, 0), drafted("a bell is low", 1.0, 1)]
    found = ranked(drafts, "", "", index, lambda line: Fit(letter="Yet" in line), None)
    assert [each.draft.number for each in found] == [0, 1]


def test_the_following_line_counts(index: OverlapIndex) -> None:
    drafts = [drafted("a bell is low", 1.0, 0), drafted("a door is low", 1.0, 1)]
    found = ranked(drafts, "", "", index, lambda line: Fit(), np.array([2.0, 1.0]))
    assert [each.draft.number for each in found] == [1, 0]
    assert found[0].figures.following_bits == pytest.approx(1 / np.log(2))


def test_chosen_lines_are_different() -> None:
    lines = [
        "the shadow on the sea",
        "the shadows on the sea",
        "The shadow on the sea!",
        "a bell at home",
        "so it goes",
    ]
    drafts = [drafted(line, 1.0 + k / 1000, k) for k, line in enumerate(lines)]
    found = ranked(drafts, "", "", None, lambda line: Fit(), None)
    best = chosen(found, 3)
    assert len({each.line for each in best} & set(lines[:3])) == 1 and len(best) == 3
    assert len(chosen(found, 10)) >= 3 and chosen(found, 0) == []


def test_ranking_needs_no_files(tmp_path: Path) -> None:
    assert ranks(None, ["山中雨未停", ""])[1].figures.words == 0
