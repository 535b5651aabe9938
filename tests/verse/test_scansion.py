"""Whatever is written word by word in a metre scans by the ear of Study."""

import numpy as np
import pytest

from poetbot.verse.metre import FEET, scans, usual_stresses
from poetbot.verse.scansion import scansion
from poetbot.verse.word_letters import spoken

WORDS = [
    "the",
    "of",
    "a",
    "in",
    "and",
    "to",
    "river",
    "garden",
    "silent",
    "sleeps",
    "beneath",
    "upon",
    "remember",
    "wonderful",
    "lamp",
    "snow",
    "winter",
    "again",
    "heaven",
    "carrying",
    "beautiful",
    "understand",
    "evening",
    "moon",
    "rain",
    "low",
    "i",
    "my",
    "o'er",
    "unbelievable",
    "desert",
]
PLACES = [("iambic", 3), ("iambic", 4), ("iambic", 5), ("anapaestic", 2), ("anapaestic", 3)]


@pytest.mark.parametrize(("foot", "feet"), PLACES)
def test_a_line_of_words_that_fit_scans(foot: str, feet: int) -> None:
    rng = np.random.default_rng(feet)
    lengths = set()
    for _ in range(300):
        place, line = scansion(foot, feet), ""
        while place.may_go_on and not (place.may_end and rng.random() < 0.5):
            fitting = [word for word in WORDS if place.takes(usual_stresses(word))]
            assert fitting, line
            word = str(rng.choice(fitting))
            assert place.ends_after(usual_stresses(word)) == place.after(word).may_end
            place, line = place.after(word), f"{line} {word}"
        assert place.may_end and scans(line, foot, feet), line
        lengths.add(sum(len(usual_stresses(word)[0]) for word in spoken(line)))
    plain = len(FEET[foot]) * feet
    assert lengths == ({plain} if foot == "iambic" else {plain - 1, plain})


def test_words_against_the_metre_are_refused() -> None:
    start = scansion("iambic", 5)
    assert not start.after("the").takes(usual_stresses("again")), "its first syllable would be stressed"
    assert start.takes(usual_stresses("under")), "the first foot may be inverted"
    assert not start.after_all(spoken("The silent")).takes(usual_stresses("beneath"))
    assert not scans("The silent beneath garden sleeps the snow", "iambic", 5)


def test_a_typed_line_goes_on_as_well_as_it_can() -> None:
    broken = scansion("iambic", 5).after_all(spoken("The again river"))
    assert not broken.is_lost and broken.may_go_on
    assert broken.takes(usual_stresses("beneath")) != broken.takes(usual_stresses("garden"))
    elided = scansion("iambic", 2).after_all(spoken("beneath the heaven"))
    assert elided.may_end, "heaven has one syllable where it must"
    assert scansion("iambic", 2).after_all(spoken("the rain upon the river of stone")).is_lost
    assert scansion("iambic", 2).after("蓮").is_lost
