"""Subwords: any text comes back from them, words are cut the same each time, and a damaged file is refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.poem import MARKER
from poetbot.poets.folder import Poet, load
from poetbot.poets.scoring import score
from poetbot.poets.subword_vocabulary import Subwords

CHARACTERS = sorted(set(" \n+abcdehilnoprst'T"))
UNITS = [*CHARACTERS, "th", "the", " the", "an", " an", MARKER, "the'"]
MERGES = [("t", "h"), ("th", "e"), (" ", "the"), ("a", "n"), (" ", "an")]


@pytest.fixture(scope="module")
def known() -> Subwords:
    return Subwords(UNITS[:-1], [(UNITS.index(a), UNITS.index(b)) for a, b in MERGES])


@pytest.fixture(scope="module")
def poet(subword_poet: Path) -> Poet:
    return load(subword_poet)


def cut(known: Subwords, text: str) -> list[str]:
    return [known.units[number] for number in known.ids_of(text)]


def test_merges_are_applied_in_the_order_they_were_learned(known: Subwords) -> None:
    assert cut(known, "the other hands\n") == ["the", " ", "o", "the", "r", " ", "h", "an", "d", "s", "\n"]
    assert cut(known, "    the an") == [" ", " ", " ", " ", "the", " an"], (
        "a line's first word is the same however far it is moved in"
    )
    assert cut(known, "a\n\n" + MARKER + MARKER + "the") == ["a", "\n", "\n", MARKER, MARKER, "the"]


def test_a_very_long_word_is_split_and_restored(known: Subwords) -> None:
    endless = "the" * 5_000
    assert known.text_of(known.ids_of(endless)) == endless
    assert len(known.ids_of(endless)) < 5_200, "nearly all of it is joined"
    assert max(map(len, known._known)) < 1_000, "it is not remembered"


@given(st.text(alphabet=st.sampled_from(CHARACTERS), max_size=60))
def test_any_text_of_known_characters_round_trips(text: str) -> None:
    vocabulary = Subwords(UNITS[:-1], [(UNITS.index(a), UNITS.index(b)) for a, b in MERGES])
    ids = vocabulary.ids_of(text)
    assert vocabulary.text_of(ids) == text
    assert int(vocabulary.lengths[ids].sum()) == len(text)
    (perturbed,) = vocabulary.perturbed([text], 0.5, np.random.default_rng(1))
    assert vocabulary.text_of(perturbed) == text


@given(st.text(alphabet=st.sampled_from(CHARACTERS), max_size=40), st.integers(0, 40))
def test_tokens_of_a_continuation_equal_those_of_the_whole_text(text: str, at: int) -> None:
    vocabulary = Subwords(UNITS[:-1], [(UNITS.index(a), UNITS.index(b)) for a, b in MERGES])
    before, after = text[:at], text[at:]
    pending = vocabulary.pending(before)
    assert before.endswith(pending)
    read = before[: len(before) - len(pending)]
    assert vocabulary.text_of(vocabulary.ids_after(read, pending + after)) == pending + after


def test_a_space_between_words_is_not_taken_for_a_margin(known: Subwords) -> None:
    assert [known.units[n] for n in known.ids_after("other", " the")] == [" the"]
    assert [known.units[n] for n in known.ids_after("other\n", " the")] == [" ", "the"]
    assert [known.units[n] for n in known.ids_after("", " the")] == [" ", "the"]


def test_merges_are_dropped_at_random_but_reproducibly(known: Subwords) -> None:
    texts = ["the other hand and the other hand\n"] * 50
    one, same, other = (known.perturbed(texts, 0.3, np.random.default_rng(k)) for k in (1, 1, 2))
    assert [ids.tolist() for ids in one] == [ids.tolist() for ids in same]
    assert [ids.tolist() for ids in one] != [ids.tolist() for ids in other]
    assert len({tuple(ids.tolist()) for ids in one}) > 10, "the same word is cut in several ways"
    whole = known.perturbed(texts, 0.0, np.random.default_rng(1))
    assert all((ids == known.ids_of(texts[0])).all() for ids in whole)


def test_an_unknown_character_has_no_id_and_joins_nothing(known: Subwords) -> None:
    assert known.ids_of("thé").tolist() == [known.ids["th"], -1]
    assert known.replace_unknown("thé")[0] == "the"


def test_it_survives_json(known: Subwords) -> None:
    again = Subwords.from_json(json.loads(json.dumps(known.as_json())))
    assert again.units == known.units and again.merges == known.merges


def test_new_characters_leave_every_id_as_it_was(known: Subwords) -> None:
    grown = known.grown(["x", "é"])
    assert grown.units[: len(known)] == known.units and cut(grown, "the éx") == ["the", " ", "é", "x"]


def damaged(**changes: Any) -> dict[str, Any]:
    whole = Subwords(UNITS[:-1], [(UNITS.index(a), UNITS.index(b)) for a, b in MERGES]).as_json()
    return whole | changes


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        list("abc"),
        {"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}},  # Hugging Face's own file
        damaged(level="words"),
        damaged(units=UNITS[:-3]),  # no marker
        damaged(units=UNITS),  # a unit that no pair gives
        damaged(units=[*UNITS[:-1], "a"]),
        damaged(units=[*UNITS[:-1], ""]),
        damaged(units=[*UNITS[:-1], 3]),
        damaged(merges=[[0, 99]]),
        damaged(merges=[[0, -1]]),
        damaged(merges=[[0, True]]),
        damaged(merges=[[0, 1, 2]]),
        damaged(merges=[["t", "h"]]),
        damaged(merges=damaged()["merges"][:-1]),
        damaged(merges=damaged()["merges"] * 2),
        damaged(units=[*UNITS[:-1]] * 4000),
    ],
)
def test_an_invalid_file_of_subwords_is_an_error(data: Any) -> None:
    with pytest.raises(PoetBotError):
        Subwords.from_json(data)


def test_no_unit_goes_beyond_a_line_end_or_holds_the_marker() -> None:
    for unit, pair in (("a\n", ("a", "\n")), ("++", ("+", "+"))):
        units = [*CHARACTERS, MARKER, unit]
        whole = Subwords(units, [(units.index(pair[0]), units.index(pair[1]))]) if unit == "++" else None
        if whole is None:
            with pytest.raises(PoetBotError):
                Subwords(units, [(units.index(pair[0]), units.index(pair[1]))])


def test_a_seed_primes_whole_markers_and_its_own_units(known: Subwords) -> None:
    assert known.priming("").tolist() == [known.marker] * 60
    ids = known.priming("the an")
    assert (ids[:-2] == known.marker).all() and len(ids) == (300 - 6) // 5 + 2
    assert known.text_of(known.priming("the " * 100)) == "the " * 75


def test_the_score_adds_up_and_every_character_counts(poet: Poet) -> None:
    text = "The lamp is low,\nand the rain"
    found = score(poet.network, poet.vocabulary, [text])  # type: ignore[arg-type]
    state = poet.empty_seed.copy()
    nats = 0.0
    for number in poet.vocabulary.ids_of(text + "\n").tolist():
        logits = state.logits[0].astype(np.float64)
        nats += float(np.log(np.exp(logits - logits.max()).sum()) + logits.max() - logits[number])
        poet.network.step(np.array([number], np.int32), state)
    assert found.characters == len(text) + 1
    assert abs(found.nats - nats) < 1e-3
    unknown = score(poet.network, poet.vocabulary, [text + " ж"])  # type: ignore[arg-type]
    assert unknown.unknown_characters == 1 and unknown.characters == len(text) + 3


def test_padding_is_read_once_for_every_seed(poet: Poet) -> None:
    assert poet.paddings is not None
    for seed in ("T", "The lamp", "the rain " * 20, "x" * 296, "the rain\n" * 33):
        state = poet.network.zero_state()
        poet.network.read(poet.vocabulary.priming(seed), state)
        assert np.allclose(poet.paddings.primed(poet.network, seed).logits, state.logits, atol=1e-6)
