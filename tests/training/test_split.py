import numpy as np
import pytest

from poetbot.corpus.slurs import STEMS
from poetbot.errors import PoetBotError
from poetbot.poem import Poem
from poetbot.training.split import split

WORDS = [
    "lamp",
    "street",
    "kettle",
    "rain",
    "hall",
    "apple",
    "winter",
    "bridge",
    "fog",
    "boat",
    "name",
    "stair",
    "gold",
    "door",
    "call",
    "stone",
    "river",
]


def poem(number: int, author: str = "A") -> Poem:
    rng = np.random.default_rng(number)
    lines = [" ".join(rng.choice(WORDS, 6)) for _ in range(8)]
    return Poem("\n".join(lines), title=str(number), author=author)


POEMS = [poem(n, "AB"[n % 2]) for n in range(30)]


def test_a_share_by_poem() -> None:
    parts = split(POEMS, np.random.default_rng(0), share=0.2)
    assert len(parts.validation) == 6
    assert {p.text for p in parts.training} | {p.text for p in parts.validation} == {p.text for p in POEMS}
    assert parts == split(POEMS, np.random.default_rng(0), share=0.2)


def test_near_duplicates_fall_on_one_side() -> None:
    poems = [*POEMS, *(Poem(p.text.replace("lamp", "lantern"), author="C") for p in POEMS)]
    for rng in range(5):
        parts = split(poems, np.random.default_rng(rng), share=0.3)
        held = {p.text for p in parts.validation}
        for one, other in zip(POEMS, poems[len(POEMS) :], strict=True):
            assert (one.text in held) == (other.text in held)


def test_by_author() -> None:
    parts = split(POEMS, np.random.default_rng(0), authors=["B"])
    assert {p.author for p in parts.training} == {"A"}
    assert {p.author for p in parts.validation} == {"B"}
    with pytest.raises(PoetBotError, match="Nobody"):
        split(POEMS, np.random.default_rng(0), authors=["Nobody"])


def test_poems_never_to_be_used_are_left_out_with_their_near_duplicates() -> None:
    excerpt = Poem("\n".join(POEMS[4].text.split("\n")[:5]))
    parts = split(POEMS, np.random.default_rng(0), share=0, without=[excerpt])
    assert POEMS[4] not in parts.training
    assert len(parts.training) == len(POEMS) - 1
    assert parts.validation == ()


def test_given_poems_are_held_out_and_nothing_like_them_is_trained_on() -> None:
    given = [POEMS[3], poem(99, "N")]
    like = Poem(POEMS[3].text.replace("lamp", "lantern"), author="C")
    parts = split([*POEMS, like], np.random.default_rng(0), held_out=given)
    assert parts.validation == tuple(given)
    assert set(parts.training) == {each for each in POEMS if each != POEMS[3]}
    assert parts.left_out == {"near-duplicates of held-out poems": 2}
    assert parts.rule == "by poem: those of a file, near-duplicates left out"


def test_held_out_poems_that_may_never_be_used_are_left_out() -> None:
    parts = split(POEMS, np.random.default_rng(0), held_out=POEMS[:2], without=[POEMS[0]])
    assert parts.validation == (POEMS[1],)


def test_poems_with_slurs_can_be_left_out() -> None:
    bad = Poem(POEMS[0].text + "\n" + sorted(STEMS)[0])
    assert bad in split([*POEMS[1:], bad], np.random.default_rng(0), share=0).training
    assert bad not in split([*POEMS[1:], bad], np.random.default_rng(0), share=0, slurs=False).training


@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan")])
def test_an_invalid_share_is_an_error(share: float) -> None:
    with pytest.raises(PoetBotError):
        split(POEMS, np.random.default_rng(0), share=share)


def test_a_single_poem_cannot_be_held_out() -> None:
    assert len(split(POEMS[:1], np.random.default_rng(0), share=0).training) == 1
    with pytest.raises(PoetBotError, match="only one poem"):
        split(POEMS[:1], np.random.default_rng(0), share=0.1)
