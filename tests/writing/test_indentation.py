"""The margin of a line: a space is as likely there as at temperature 1."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as of

from poetbot.poets.sampling import probabilities
from poetbot.poets.vocabulary import Vocabulary
from poetbot.writing.constraints import constraints_of
from poetbot.writing.indentation import Layout

VOCABULARY = Vocabulary(["\n", " ", "+", "a", "b"])
SPACE = VOCABULARY.ids[" "]
LOGITS = of.arrays(
    np.float32, 5, elements=st.floats(-30, 30, width=32) | st.just(-np.inf), fill=st.nothing()
).filter(lambda logits: np.isfinite(logits).any())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", True),
        ("a\n", True),
        ("a\n   ", True),
        ("  ", True),
        ("a ", False),
        ("\n a", False),
        ("a\nb ", False),
    ],
)
def test_indentation_ends_at_the_first_letter(text: str, found: bool) -> None:
    assert Layout(VOCABULARY).at_margin(text) is found
    assert not Layout(Vocabulary(["\n", "+", "a"])).at_margin(text)


@given(LOGITS, st.floats(0.01, 2))
def test_a_space_keeps_its_share_and_the_temperature_decides_the_rest(
    logits: np.ndarray, temperature: float
) -> None:
    before = logits.copy()
    shares = probabilities(Layout(VOCABULARY).drawn_from(logits, temperature), temperature)
    assert np.array_equal(logits, before)  # they may be drawn from again, with one more forbidden
    assert shares[SPACE] == pytest.approx(probabilities(logits, 1.0)[SPACE], abs=1e-3)
    rest = logits.copy()
    if np.isfinite(np.delete(rest, SPACE)).any():
        rest[SPACE] = -np.inf
        others = np.delete(shares, SPACE)
        if others.sum() > 1e-6:
            wanted = np.delete(probabilities(rest, temperature), SPACE)
            assert others / others.sum() == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("temperature", [5e-324, 1e-200, 1e-30])
def test_the_coldest_temperatures_give_no_nan(temperature: float) -> None:
    logits = np.array([0, 3, -np.inf, 2, 1], np.float32)
    shares = probabilities(Layout(VOCABULARY).drawn_from(logits, temperature), temperature)
    assert np.isfinite(shares).all() and shares.sum() == pytest.approx(1)


def test_greedy_writing_does_not_indent_forever() -> None:
    logits = np.array([0, 9, 1, 2, 1], np.float32)
    assert Layout(VOCABULARY).drawn_from(logits, 0) is logits
    text = "a\n"
    while text[-1:] != "a":
        now = logits.copy()
        for constraint in constraints_of(VOCABULARY, "", open_end=False):
            constraint(text, now)
        text += VOCABULARY.characters[int(now.argmax())]
    assert text == "a\n" + " " * 40 + "a"
