import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from poetbot.errors import PoetBotError
from poetbot.poets.sampling import probabilities, sample, validate_temperature, validate_top_p

LOGITS = arrays(np.float32, st.integers(1, 40), elements=st.floats(-80, 80, width=32))


@given(LOGITS, st.floats(0, 2), st.floats(0.01, 1))
def test_probabilities_sum_to_one(logits: np.ndarray, temperature: float, top_p: float) -> None:
    shares = probabilities(logits, temperature, top_p)
    assert np.isfinite(shares).all() and (shares >= 0).all()
    assert math.isclose(shares.sum(), 1)


@given(LOGITS, st.floats(0, 2), st.floats(0.01, 1), st.integers(0, 2**32))
def test_a_drawn_id_has_a_probability(logits: np.ndarray, temperature: float, top_p: float, rng: int) -> None:
    chosen = sample(logits, temperature, top_p, np.random.default_rng(rng))
    assert probabilities(logits, temperature, top_p)[chosen] > 0


def test_zero_is_greedy_and_a_hundredth_does_not_overflow() -> None:
    logits = np.array([1.0, 900.0, -900.0], dtype=np.float32)
    with np.errstate(over="raise", invalid="raise"):
        assert probabilities(logits, 0).tolist() == [0, 1, 0]
        assert probabilities(logits, 0.01).tolist() == [0, 1, 0]
    assert sample(logits, 0, 1, np.random.default_rng()) == 1


def test_the_smallest_temperature_is_greedy_and_overflows_nowhere() -> None:
    logits = np.array([1.0, 3.0, -9.0], dtype=np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for temperature in (5e-324, 1e-308, 1e-38):
            assert sample(logits, temperature, 1, np.random.default_rng(0)) == 1
            assert probabilities(logits, temperature, 0.5).tolist() == [0, 1, 0]


def test_the_softmax_equals_its_definition() -> None:
    logits = np.log(np.array([0.5, 0.3, 0.2], dtype=np.float32))
    np.testing.assert_allclose(probabilities(logits, 1), [0.5, 0.3, 0.2], rtol=1e-6)
    halved = np.array([0.25, 0.09, 0.04])
    np.testing.assert_allclose(probabilities(logits, 0.5), halved / halved.sum(), rtol=1e-6)


def test_top_p_keeps_the_fewest_likeliest() -> None:
    logits = np.log(np.array([0.1, 0.5, 0.4], dtype=np.float32))
    np.testing.assert_allclose(probabilities(logits, 1, 0.85), [0, 5 / 9, 4 / 9], rtol=1e-5)
    assert probabilities(logits, 1, 0.3).tolist() == [0, 1, 0]


def test_draws_follow_the_shares() -> None:
    rng = np.random.default_rng(1)
    logits = np.log(np.array([0.7, 0.3], dtype=np.float32))
    drawn = np.mean([sample(logits, 1, 1, rng) for _ in range(4000)])
    assert abs(drawn - 0.3) < 0.03


def test_a_forbidden_id_is_never_drawn() -> None:
    rng = np.random.default_rng(2)
    logits = np.array([5.0, -np.inf, 4.0], dtype=np.float32)
    assert 1 not in {sample(logits, 2, 1, rng) for _ in range(500)}


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("size", [128, 129, 3000])
def test_a_draw_is_the_first_id_whose_cumulated_share_exceeds_it(size: int, exact: bool) -> None:
    rng = np.random.default_rng(size)
    logits = (rng.normal(size=size) * 4).astype(np.float32)
    logits[rng.random(size) < 0.5] = -np.inf
    logits[-200:-20] = -np.inf  # a block without any share
    cumulated = probabilities(logits, 0.6, exact=exact).cumsum()
    draws = np.random.default_rng(1).random(500)
    expected = cumulated.searchsorted(draws * cumulated[-1], side="right").tolist()
    same = np.random.default_rng(1)
    assert [sample(logits, 0.6, 1.0, same, exact=exact) for _ in draws] == expected


class _Last:
    """The largest number that a generator returns."""

    def random(self) -> float:
        return math.nextafter(1, 0)


@given(st.integers(129, 3000), st.integers(0, 2**32))
def test_the_largest_draw_is_an_id_with_a_probability(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    logits = (rng.normal(size=size) * 40).astype(np.float32)
    logits[rng.integers(1, size) :] = -np.inf
    assert logits[sample(logits, 1.0, 1.0, _Last())] > -np.inf  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [-0.1, 2.1, math.nan, math.inf, "warm", None, True])
def test_a_wrong_temperature_is_refused(value: float) -> None:
    with pytest.raises(PoetBotError, match="temperature"):
        validate_temperature(value)


@pytest.mark.parametrize("value", [0, 1.1, math.nan, "all"])
def test_a_wrong_top_p_is_refused(value: float) -> None:
    with pytest.raises(PoetBotError, match="Top-p"):
        validate_top_p(value)
