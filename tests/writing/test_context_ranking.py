"""Suggestions are ranked by what the poem adds to them, and by their least likely place."""

import math
from pathlib import Path

import numpy as np
import pytest

from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import BUNDLED, load
from poetbot.writing import CachedPoet, LineRequest, suggest
from poetbot.writing.context_ranking import (
    ACCEPTABLE,
    GAINED,
    READ_AGAIN,
    STEADY,
    WORST,
    _by_words,
    acceptability,
    reranked,
    with_context,
)
from poetbot.writing.drafts import Draft
from poetbot.writing.form_fit import Fit
from poetbot.writing.forms import Form
from poetbot.writing.next_line import LineContext
from poetbot.writing.ranking import Figures, Ranked
from poetbot.writing.surprise import surprise_of
from poetbot.writing.writer import primed

BEFORE = "The lamp is low, the street is long,\nA kettle sings its kitchen song;\n"


@pytest.fixture(scope="module")
def cached(tiny_poet: Path) -> CachedPoet:
    poet = load(tiny_poet)
    return CachedPoet(poet, OverlapIndex.open(poet.overlap_folder))


def candidate(number: int, *, penalty: float = 1.0, worst: float = 8.0, characters: int = 30) -> Ranked:
    figures = Figures(2.0, 2.0, None, 5, None, None, 0.0, Fit(), penalty, worst)
    return Ranked(Draft(number, "a lamp", characters=characters), "a lamp", figures)


def numbers(found: list[Ranked]) -> list[int]:
    return [each.draft.number for each in found]


def nats_by_place(cached: CachedPoet, before: str, text: str) -> list[float]:
    """Return the surprise of each character of a text after `before`, one by one."""
    state, found = primed(cached.poet, before).repeated(1), []
    for number in cached.poet.vocabulary.ids_of(text).tolist():
        found.append(float(surprise_of(state.logits, [number], 1.0)[0][0]))
        cached.poet.network.step(np.array([number], np.int32), state)
    return found


def test_a_line_that_the_poem_makes_more_probable_is_better() -> None:
    some = [candidate(0), candidate(1), candidate(2)]
    found = reranked(some, {some[0]: -0.2, some[1]: 0.4})
    assert numbers(found) == [1, 2, 0]  # the unmeasured one counts as the mean of the others
    assert found[1].figures.penalty == 1.0 and found[1].figures.gained_bits is None
    share = 30 / (30 + STEADY)
    assert found[0].figures.penalty == pytest.approx(1.0 - GAINED * share * 0.3)
    assert found[0].figures.gained_bits == 0.4


def test_what_a_short_line_gains_counts_less() -> None:
    some = [candidate(0, characters=4), candidate(1, characters=40), candidate(2, characters=40)]
    assert numbers(reranked(some, {some[0]: 0.9, some[1]: 0.6, some[2]: -0.6})) == [1, 0, 2]


def test_a_line_is_as_acceptable_as_it_is_more_probable_than_its_words() -> None:
    nats = {"the": 3.0, "rain": 7.0, "was": 4.0}
    plain = Draft(0, "the rain was", 9.0)
    again = Draft(1, "the rain the rain", 9.0)  # the words that it repeats count once
    invented = Draft(2, "the rainle was", 9.0)
    jumbled = Draft(3, "was the rain", 18.0)
    found = acceptability([plain, again, invented, jumbled], nats) * math.log(2)
    end = math.log(7)
    wanted = [(end + 14 - 9) / 4, (end + 10 - 9) / 5, (end + 7 - 9) / 4, (end + 14 - 18) / 4]
    assert found == pytest.approx(wanted)
    assert (acceptability([plain, jumbled], {"moon": 3.0}) == 0).all()  # nothing is known of the words


def test_a_plain_sentence_comes_before_a_jumble_of_the_same_words(cached: CachedPoet) -> None:
    before = "The lamp is low.\n"
    place = LineContext(cached.primed(before), before, "", Form().line(1), {})
    cached.word_nats.update({"rain": 5.0, "the": 3.0, "is": 4.0, "long": 6.0})
    drafts = [
        Draft(0, "Is rain long the.", 40.0, 40.0, 18, True),
        Draft(1, "The rain is long.", 12.0, 12.0, 18, True),
    ]
    found = _by_words(cached, place, [Ranked(each, each.text, candidate(0).figures) for each in drafts])
    assert [each.draft.number for each in found] == [1, 0]
    assert (found[0].figures.acceptability or 0) > (found[1].figures.acceptability or 0)
    difference = found[1].figures.penalty - found[0].figures.penalty
    assert difference == pytest.approx(ACCEPTABLE * 28 / 5 / math.log(2))


def test_a_line_with_one_very_unlikely_place_is_worse_but_half_of_the_lines_are_not() -> None:
    some = [candidate(0, worst=12.0), candidate(1, worst=8.0), candidate(2, worst=4.0)]
    found = reranked(some, {})
    assert numbers(found) == [1, 2, 0]
    assert [each.figures.penalty for each in found] == pytest.approx([1.0, 1.0, 1.0 + WORST * 4])
    assert reranked([], {}) == []


@pytest.mark.parametrize("begun", ["", "And no"])
def test_the_figures_are_those_of_reading_each_line_alone(cached: CachedPoet, begun: str) -> None:
    found = suggest(cached, LineRequest(BEFORE + begun, rng=3, drafts=16)).suggestions
    for each in found:
        text = each.text + "\n"
        given = nats_by_place(cached, BEFORE + begun, text)
        alone = nats_by_place(cached, begun, text)
        indent = 0 if begun else len(text) - len(text.lstrip())
        gained = (sum(alone[indent:]) - sum(given[indent:])) / len(text) / math.log(2)
        assert each.figures["gained_bits_per_character"] == pytest.approx(gained, abs=0.002)
        assert each.figures["worst_bits"] == pytest.approx(max(given) / math.log(2), abs=0.002)


def test_indentation_is_nothing_that_the_poem_adds(cached: CachedPoet) -> None:
    before = BEFORE.replace("A kettle", "  A kettle")
    form = Form().line(2)
    place = LineContext(cached.primed(before), before, "", form, {})
    gained = []
    for text in ("the rain", "  the rain"):
        nats = sum(nats_by_place(cached, before, text + "\n"))
        draft = Draft(0, text, nats, nats, len(text) + 1, complete=True)
        (found,) = with_context(cached, place, [Ranked(draft, text, candidate(0).figures)])
        gained.append((found.figures.gained_bits or 0.0) * draft.characters)
    start = sum(nats_by_place(cached, "  ", "the rain\n"))
    assert gained[1] * math.log(2) == pytest.approx(
        start - sum(nats_by_place(cached, before + "  ", "the rain\n")), abs=0.05
    )
    assert gained[0] * math.log(2) == pytest.approx(
        sum(nats_by_place(cached, "", "the rain\n")) - sum(nats_by_place(cached, before, "the rain\n")),
        abs=0.05,  # the padding is shorter by two, and what is left of it is rounded
    )


def test_the_worst_place_of_a_line_whose_last_word_was_replaced_is_of_what_is_left(
    cached: CachedPoet,
) -> None:
    request = LineRequest(BEFORE, rng=3, drafts=16, ends_in="rain")
    for each in suggest(cached, request).suggestions:
        worst = max(nats_by_place(cached, BEFORE, each.text + "\n")) / math.log(2)
        assert each.figures["worst_bits"] == pytest.approx(worst, abs=0.002)


def test_a_first_line_and_the_drafts_of_a_form_are_ranked_too(cached: CachedPoet) -> None:
    for request in (LineRequest(rng=1), LineRequest("The la", rng=1)):
        found = suggest(cached, request).suggestions
        assert all(each.figures["gained_bits_per_character"] in (0.0, None) for each in found)
    found = suggest(cached, LineRequest(BEFORE, rng=1, form=Form(stanzas=(4,), acrostic="taat"))).suggestions
    assert len(found) == 3 and all(each.line[0] in "aA" for each in found)
    assert READ_AGAIN >= 10  # as many as can be suggested


def test_poets_of_words_and_subwords_still_suggest(subword_poet: Path) -> None:
    for folder in (BUNDLED / "story", subword_poet):
        found = suggest(CachedPoet(load(folder)), LineRequest("The fox said\n", rng=1, drafts=8))
        assert len(found.suggestions) == 3
