from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.corpus.slurs import NEVER_WRITTEN, STEMS, has_slur
from poetbot.errors import PoetBotError
from poetbot.poem import MARKER
from poetbot.poets.folder import Poet, load
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary
from poetbot.poets.word_vocabulary import Words
from poetbot.writing import Request, Writer, primed, request_of_receipt, write
from poetbot.writing.constraints import constraints_of, no_slurs


@pytest.fixture(scope="module")
def poet(tiny_poet: Path) -> Poet:
    return load(tiny_poet)


SEEDS = st.one_of(
    st.text(max_size=400), st.sampled_from(["", "T", "++++\n", "the\n\n", "a" * 5000, "\0☃é\t"])
)


@settings(max_examples=60)
@given(
    seed=SEEDS,
    temperature=st.floats(0, 2),
    lines=st.none() | st.integers(1, 6),
    rng=st.integers(0, 2**63 - 1),
)
def test_any_seed_gives_a_poem(
    poet: Poet, seed: str, temperature: float, lines: int | None, rng: int
) -> None:
    request = Request(seed, temperature, lines=lines, characters=None if lines else 80, rng=rng)
    writer = Writer(poet, request)
    pieces = list(writer)
    poem = writer.poem()
    assert poem.text == writer.seed + "".join(pieces)
    assert poem.text[: poem.seed_characters] == writer.seed
    assert MARKER not in poem.text
    assert "\n\n\n" not in poem.text[poem.seed_characters :]
    assert poem.stopped_by in (("lines", "bound") if lines else ("characters",))
    if poem.stopped_by == "characters":
        assert len(poem.text) - poem.seed_characters <= 80
    if poem.stopped_by == "lines":
        begun = writer.seed.rfind("\n") + 1
        assert sum(1 for line in poem.text[begun:].split("\n") if line.strip()) == lines


def test_the_receipt_recreates_the_poem(poet: Poet) -> None:
    for request in (Request(rng=3), Request("The rain", 1.2, 0.9, lines=3, rng=4)):
        poem = write(poet, request)
        assert write(poet, request_of_receipt(poem.receipt, poet)) == poem


def test_a_stopped_poem_can_be_recreated(poet: Poet) -> None:
    writer = Writer(poet, Request("We", characters=300, rng=8))
    for number, _ in enumerate(writer):
        if number == 40:
            break
    stopped = writer.poem("you")
    again = write(poet, request_of_receipt(stopped.receipt, poet))
    assert again.text == stopped.text
    assert again.stopped_by == "you"


@pytest.fixture(scope="module")
def wholes(poet: Poet) -> list[str]:
    requests = (Request("the lamp", rng=rng, characters=300, temperature=1.5) for rng in range(6))
    return [write(poet, request).text for request in requests]


@given(after=st.integers(0, 300), rng=st.integers(0, 5))
def test_a_stopped_poem_is_exactly_what_was_shown(
    poet: Poet, wholes: list[str], after: int, rng: int
) -> None:
    stopped = write(poet, Request("the lamp", rng=rng, characters=300, temperature=1.5, stop_after=after))
    assert stopped.text == wholes[rng][: len("the lamp") + after]


def test_a_receipt_of_another_poet_is_refused(poet: Poet) -> None:
    receipt = write(poet, Request(characters=5)).receipt
    with pytest.raises(PoetBotError, match="another poet"):
        request_of_receipt({**receipt, "poet_id": "0" * 64}, poet)
    for wrong in ({}, [], None, "receipt"):
        with pytest.raises(PoetBotError):
            request_of_receipt(wrong, poet)


def test_priming_is_the_last_300_characters_of_markers_and_seed(poet: Poet) -> None:
    for seed in ("", "The", "rain " * 100):
        state = poet.network.zero_state()
        poet.network.read(poet.vocabulary.ids_of((MARKER * 60 + seed)[-300:]), state)
        assert (primed(poet, seed).logits == state.logits).all()


def test_writing_leaves_the_empty_seed_as_it_is(poet: Poet) -> None:
    before = poet.empty_seed.logits.copy()
    write(poet, Request(characters=50, rng=1))
    assert (poet.empty_seed.logits == before).all()


def test_dropped_characters_are_named(poet: Poet) -> None:
    assert any("☃" in str(notice) for notice in Writer(poet, Request("the ☃")).notices)
    assert Writer(poet, Request("the rain")).notices == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": float("nan")},
        {"temperature": -1},
        {"top_p": 0},
        {"seed": "x" * 20_001},
        {"seed": 7},
        {"lines": 0},
        {"lines": 2, "characters": 3},
        {"characters": 10**9},
        {"rng": -1},
        {"rng": 1.5},
        {"rng": None},
        {"lines": float("inf")},
    ],
)
def test_an_invalid_request_is_an_error(wrong: dict) -> None:
    with pytest.raises(PoetBotError) as caught:
        Request(**wrong)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("before", ["", "the ", "one-", "“"])
def test_a_compound_that_is_a_slur_is_not_written(before: str) -> None:
    compound = min(each for each in NEVER_WRITTEN if "-" in each)
    first, last = compound.split("-")
    letters = sorted(set("".join(NEVER_WRITTEN)) | set("\n+x“ "))

    def allowed(vocabulary: Any, text: str, unit: str) -> bool:
        logits = np.zeros(len(vocabulary), np.float32)
        for constraint in constraints_of(vocabulary, "", open_end=False):
            constraint(text, logits)
        return bool(logits[vocabulary.ids[unit]] == 0)

    begun = before + compound[:-1].title()
    units = [*letters, MARKER, last[0] + last[1]]
    whole = Subwords(units, [(units.index(last[0]), units.index(last[1]))])
    for vocabulary in (Vocabulary("".join(letters)), whole):
        assert not allowed(vocabulary, begun, compound[-1])
        assert allowed(vocabulary, begun.replace("-", " "), compound[-1]), "two words"
        assert allowed(vocabulary, begun.replace("-", "--"), compound[-1])
        assert allowed(vocabulary, f"{before}x{compound[:-1]}", compound[-1]), "in another word"
        assert allowed(vocabulary, f"{before}{first}-", last[0])
    words = Words(["-", ",", first, last, last + "s", "other"], line_capitals=False, sentence_capitals=False)
    for word in (last, last + "s"):
        assert not allowed(words, f"{before}{first.title()}-", word)
        assert allowed(words, f"{before}{first} ", word) and allowed(words, f"{before}other-", word)


def test_slurs_are_never_completed(poet: Poet) -> None:
    constraint = no_slurs(poet.vocabulary)
    for stem in STEMS:
        for last in {stem[-1], stem[-1].upper()} & set(poet.vocabulary.characters):
            for before in ("", "The ", "a-"):
                logits = np.zeros(len(poet.vocabulary), np.float32)
                constraint(before + stem[:-1].title(), logits)
                assert logits[poet.vocabulary.ids[last]] == -np.inf
            logits = np.zeros(len(poet.vocabulary), np.float32)
            constraint("x" + stem[:-1], logits)
            assert logits[poet.vocabulary.ids[last]] == 0
        assert has_slur(f"The {stem}s.") and not has_slur(f"un{stem}")
