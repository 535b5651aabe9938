import math
from pathlib import Path

import numpy as np
import pytest

from poetbot.errors import PoetBotError
from poetbot.poem import MARKER
from poetbot.poets.folder import load
from poetbot.poets.scoring import score

TEXT = "The rain is long,\nAnd so is the hall.\n"


def plain_score(folder: Path, text: str) -> float:
    """The same by the book: one step after the other from sixty markers."""
    poet = load(folder)
    state = poet.network.zero_state()
    poet.network.read(poet.vocabulary.ids_of(MARKER * 60), state)
    nats = 0.0
    for wanted in poet.vocabulary.ids_of(text):
        shares = np.exp(state.logits[0].astype(float))
        nats -= math.log(shares[wanted] / shares.sum())
        poet.network.step(np.array([wanted], np.int32), state)
    return nats


def test_many_poems_score_as_each_alone(tiny_poet: Path) -> None:
    poet = load(tiny_poet)
    texts = [TEXT, "A kettle\n", TEXT * 3]
    together = score(poet.network, poet.vocabulary, texts)
    assert together.characters == sum(map(len, texts))
    assert together.nats == pytest.approx(sum(plain_score(tiny_poet, text) for text in texts), rel=1e-5)
    assert together.bits_per_character == pytest.approx(together.nats_per_character / math.log(2))


def test_accuracy_is_the_share_of_characters_that_were_the_likeliest(tiny_poet: Path) -> None:
    poet = load(tiny_poet)
    state = poet.empty_seed.copy()
    likeliest = []
    for wanted in poet.vocabulary.ids_of(TEXT):
        likeliest.append(int(state.logits[0].argmax()) == wanted)
        poet.network.step(np.array([wanted], np.int32), state)
    assert score(poet.network, poet.vocabulary, [TEXT]).accuracy == sum(likeliest) / len(TEXT)


def test_line_ends_and_the_last_newline(tiny_poet: Path) -> None:
    poet = load(tiny_poet)
    expected = score(poet.network, poet.vocabulary, [TEXT])
    for text in (TEXT.replace("\n", "\r\n"), TEXT.rstrip("\n")):
        assert score(poet.network, poet.vocabulary, [text]) == expected


def test_unknown_characters_are_charged(tiny_poet: Path) -> None:
    poet = load(tiny_poet)
    plain = score(poet.network, poet.vocabulary, [TEXT])
    marked = score(poet.network, poet.vocabulary, [TEXT.replace("hall", "h☃all")])
    assert marked.unknown_characters == 1
    assert marked.characters == plain.characters + 1
    assert marked.nats == pytest.approx(plain.nats + math.log(len(poet.vocabulary) + 1), rel=1e-6)


def test_no_poems_to_score(tiny_poet: Path) -> None:
    poet = load(tiny_poet)
    with pytest.raises(PoetBotError):
        score(poet.network, poet.vocabulary, [])
