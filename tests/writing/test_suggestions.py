"""Suggestions for the next line: among many drafts, unlike each other, and written again from their receipts."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import Poet, load
from poetbot.writing.drafts import Draft, DraftWriter
from poetbot.writing.form_fit import Fit
from poetbot.writing.form_rules import Ending, Spelling
from poetbot.writing.forms import Form
from poetbot.writing.lexicon import Lexicon
from poetbot.writing.next_line import following
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.ranking import Figures, Ranked, chosen
from poetbot.writing.suggestions import LineRequest, Suggestions, recreate_suggestion, suggest
from poetbot.writing.surprise import following_surprise, read_surprise
from poetbot.writing.writer import primed

BEFORE = "The lamp is low, the street is long,\nA kettle sings its kitchen song;\n"


@pytest.fixture(scope="module")
def poet(tiny_poet: Path) -> Poet:
    return load(tiny_poet)


@pytest.fixture(scope="module")
def cached(poet: Poet) -> CachedPoet:
    return CachedPoet(poet, OverlapIndex.open(poet.overlap_folder))


@pytest.fixture(scope="module")
def copying(copies: Poet) -> CachedPoet:
    return CachedPoet(copies, OverlapIndex.open(copies.overlap_folder))


def test_three_suggestions_are_different(copying: CachedPoet) -> None:
    found = suggest(copying, LineRequest(BEFORE, rng=5, temperature=1.2))
    lines = [each.line for each in found.suggestions]
    assert found.drafts == 64 and len(lines) == 3
    assert all(line.strip() and "\n" not in line and "+" not in line for line in lines)
    assert len({re.sub(r"\W", "", line.casefold()) for line in lines}) == 3
    penalties = [each.figures["penalty"] for each in found.suggestions]
    assert penalties[0] == min(penalties)
    json.dumps(found.as_json(), allow_nan=False)


def test_suggestions_depend_only_on_the_random_seed(cached: CachedPoet) -> None:
    asked = LineRequest(BEFORE, "\nAnd no one", rng=3, drafts=16)
    assert suggest(cached, asked) == suggest(cached, asked)
    others = suggest(cached, replace(asked, rng=4))
    assert {each.text for each in others.suggestions} != {
        each.text for each in suggest(cached, asked).suggestions
    }


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"temperature": 1.3, "top_p": 0.9},
        {"real_words": True},
        {"before": BEFORE + "And no", "after": " one at all\n\nYet here"},
        {"form": Form(stanzas=(2, 2), acrostic="ABCD")},
    ],
)
def test_the_receipt_recreates_a_suggestion(cached: CachedPoet, changes: dict) -> None:
    found = suggest(cached, replace(LineRequest(BEFORE, rng=8, drafts=20), **changes))
    for each in found.suggestions:
        assert recreate_suggestion(cached, json.loads(json.dumps(each.receipt))) == each.text


def test_a_draft_does_not_depend_on_the_others(poet: Poet, cached: CachedPoet) -> None:
    start = cached.primed(BEFORE)
    drafts = DraftWriter(poet, BEFORE, 0.9, 1.0, (7,))
    many = drafts.drafts(start, range(40))
    alone = drafts.drafts(start, [13])[0]
    assert alone.text == many[13].text
    assert (alone.nats, alone.expected) == pytest.approx((many[13].nats, many[13].expected), rel=1e-5)


def test_surprise_equals_that_of_single_characters(poet: Poet, cached: CachedPoet) -> None:
    start = cached.primed(BEFORE)
    draft = DraftWriter(poet, BEFORE, 1.0, 1.0, (2,)).drafts(start, [0])[0]
    state = start.copy()
    nats = expected = 0.0
    for number in poet.vocabulary.ids_of(draft.text + "\n").tolist():
        logits = state.logits[0].astype(np.float64)
        shares = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
        nats -= np.log(shares[number])
        expected -= float((shares * np.log(shares)).sum())  # at temperature 1: the entropy
        poet.network.step(np.array([number], np.int32), state)
    assert draft.complete and draft.characters == len(draft.text) + 1
    assert draft.nats == pytest.approx(nats, rel=1e-4)
    assert draft.expected == pytest.approx(expected, rel=1e-4)
    again = following_surprise(poet, [start], draft.text + "\n")
    assert again[0] * draft.characters == pytest.approx(nats, rel=1e-4)
    assert draft.state is not None
    assert np.allclose(draft.state.logits, state.logits, atol=1e-4)


def test_surprise_does_not_depend_on_the_constraints(poet: Poet, cached: CachedPoet) -> None:
    """Rules forbid; what a line would have cost without them is what counts."""
    start = cached.primed(BEFORE)
    lexicon = Lexicon(["lamp", "rain", "the", "apples", "bridge"])
    drafts = DraftWriter(
        poet,
        BEFORE,
        0.8,
        1.0,
        (4,),
        rules=[Spelling(poet.vocabulary, lexicon)],
        ending=lambda line: Ending(poet.vocabulary, Lexicon(["bridge"]), len(line)),
        fits=lambda line: line.endswith("bridge"),
    ).drafts(start, range(12))
    assert all(draft.complete and "bridge" in draft.text.casefold() for draft in drafts)
    nats, expected = read_surprise(poet, [start] * 12, [draft.text + "\n" for draft in drafts], 0.8)
    assert [draft.nats for draft in drafts] == pytest.approx(nats, rel=1e-4)
    assert [draft.expected for draft in drafts] == pytest.approx(expected, rel=1e-4)
    assert (start.logits == primed(poet, BEFORE).logits).all()


def test_the_following_line_decides_between_drafts(copying: CachedPoet) -> None:
    """Before a line that was read, the line that was read before it is the best."""
    before = "We kept the apples in the hall,\n"
    asked = LineRequest(
        before, "\nAnd winter came to the door to call.", rng=1, temperature=1.5, drafts=64, count=10
    )
    with_it = suggest(copying, asked).suggestions
    assert all(each.figures["following_bits_per_character"] is not None for each in with_it)
    assert (
        suggest(copying, replace(asked, after="")).suggestions[0].figures["following_bits_per_character"]
        is None
    )
    assert following("\n\nAnd so\nThen") == "\nAnd so\n" and following("\nAnd so") == "And so\n"
    assert following(" \n \n") == following("") == ""


def test_copied_phrases_are_measured_and_guarded(copying: CachedPoet) -> None:
    found = suggest(copying, LineRequest("", rng=2, temperature=0.3, count=10))
    assert max(each.figures["copied_words"] for each in found.suggestions) >= 6
    asked = LineRequest("", rng=2, temperature=1.2, count=10, guard=5)
    assert all(each.figures["copied_words"] < 5 for each in suggest(copying, asked).suggestions)
    for each in suggest(copying, asked).suggestions:
        assert recreate_suggestion(copying, each.receipt) == each.text


def test_real_words_are_words_that_were_read(cached: CachedPoet, poet: Poet) -> None:
    found = suggest(cached, LineRequest(BEFORE, rng=1, drafts=16, count=10, real_words=True))
    assert all(not each.figures["unknown_words"] for each in found.suggestions)
    for each in found.suggestions:
        assert set(re.findall(r"[^\W_]+(?:'[^\W_]+)*", each.line.casefold())) <= set(poet.words())


def test_the_form_of_a_line_depends_on_the_poem(cached: CachedPoet) -> None:
    form = Form(acrostic="TAY", refrain="")
    assert (
        suggest(cached, LineRequest("The end\nAnd so\n", form=form, drafts=8)).suggestions[0].line[0] in "Yy"
    )
    stanza = suggest(cached, LineRequest("The end\n", form=Form(stanzas=(1, 1)), drafts=8)).suggestions[0]
    assert stanza.text == "\n" + stanza.line
    returns = suggest(
        cached, LineRequest("The end\nAnd so\n\n", form=Form(stanzas=(2, 2), refrain="first"), drafts=8)
    )
    assert [each.line for each in returns.suggestions] == ["The end"]
    assert recreate_suggestion(cached, returns.suggestions[0].receipt) == "The end"
    with pytest.raises(PoetBotError, match="all 2 lines"):
        suggest(cached, LineRequest("The end\nAnd so\n", form=Form(stanzas=(2,))))


def test_the_fit_of_a_line_is_reported(copying: CachedPoet) -> None:
    """A line that has too many syllables already cannot be mended; it is written on all the same."""
    before = "The lamp is low, the street is long, a kettle"
    found = suggest(copying, LineRequest(before, form=Form(syllables=(5, 7, 5)), drafts=8))
    form = found.suggestions[0].figures["form"]
    assert form["syllables_wanted"] == 5 and form["syllables"] > 9 and found.in_form == 0
    assert recreate_suggestion(copying, found.suggestions[0].receipt) == found.suggestions[0].text


@pytest.mark.parametrize(
    "before",
    [
        "the lamp\n" * 10_000,
        "a kettle " * 550 + "sings",
        "x" * 5_000 + "\n",
        "山中雨未停，\nдождь العربية 🙂\n",
        "\0\ud800\n",
    ],
)
def test_long_and_mixed_poems_are_read(cached: CachedPoet, before: str) -> None:
    found = suggest(cached, LineRequest(before, before, drafts=8))
    assert isinstance(found, Suggestions) and found.suggestions
    json.dumps(found.as_json()["suggestions"])


def test_a_form_for_a_very_long_poem_is_an_error(cached: CachedPoet) -> None:
    for before in ("the lamp\n" * 10_000, "the lamp\n" * 4):
        with pytest.raises(PoetBotError):
            suggest(cached, LineRequest(before, form=Form(syllables=(5, 7, 5)), drafts=8))


@settings(max_examples=25)
@given(before=st.text(max_size=120), after=st.text(max_size=60), rng=st.integers(0, 2**63 - 1))
def test_any_poem_gets_suggestions(cached: CachedPoet, before: str, after: str, rng: int) -> None:
    found = suggest(cached, LineRequest(before, after, rng=rng, drafts=8, count=2))
    assert 1 <= len(found.suggestions) <= 2
    for each in found.suggestions:
        assert each.line.endswith(each.text) and "\n" not in each.line


@pytest.mark.parametrize(
    "wrong",
    [
        {"before": 7},
        {"after": None},
        {"before": "x" * 2_000_001},
        {"drafts": 0},
        {"drafts": 513},
        {"count": 11},
        {"count": True},
        {"temperature": float("nan")},
        {"rng": -1},
        {"form": "haiku"},
        {"real_words": "yes"},
        {"before": "x" * 20_001, "form": Form(rhyme="AA")},
        {"guard": 1.5},
    ],
)
def test_invalid_requests_are_errors(wrong: dict) -> None:
    with pytest.raises(PoetBotError) as caught:
        LineRequest(**wrong)
    assert "\n" not in str(caught.value)


def test_receipts_of_other_poets_are_refused(cached: CachedPoet) -> None:
    receipt = suggest(cached, LineRequest(BEFORE, drafts=4)).suggestions[0].receipt
    for wrong in (
        {**receipt, "poet_id": "0" * 64},
        {**receipt, "draft": -1},
        {**receipt, "kind": "form"},
        {},
        None,
        [],
    ):
        with pytest.raises(PoetBotError):
            recreate_suggestion(cached, wrong)


def test_the_number_of_cached_states_is_limited(poet: Poet) -> None:
    cached = CachedPoet(poet)
    first = cached.primed("the lamp")
    assert cached.primed("the lamp") is first
    for k in range(80):
        cached.primed(f"the lamp {k}")
    assert len(cached._states) == 64 and cached.primed("the lamp") is not first
    assert (cached.primed("the lamp").logits == first.logits).all()


def test_a_line_that_resembles_a_chosen_one_comes_last_or_not_at_all() -> None:
    def choose(*lines: str) -> list[str]:
        figures = [Figures(2.0, 2.0, None, 3, None, None, 0.0, Fit(), k / 10, 0.0) for k in range(len(lines))]
        ranked = [Ranked(Draft(k), line, figures[k]) for k, line in enumerate(lines)]
        return [each.line for each in chosen(ranked, 2)]

    assert choose("The shadow falls", "the shadow, falls!") == ["The shadow falls"]
    assert choose("The shadows fall", "The shadow falls", "Oh go") == ["The shadows fall", "Oh go"]
    assert choose("The shadows fall", "The shadow falls") == ["The shadows fall", "The shadow falls"]
    assert choose() == []
