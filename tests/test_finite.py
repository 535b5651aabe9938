"""Whether a value from outside is a number to calculate with."""

from typing import Any

import pytest

from poetbot.finite import is_finite


@pytest.mark.parametrize("value", [0, -1, 1.5, 2**63, 10**300])
def test_a_number_that_a_float_can_hold(value: Any) -> None:
    assert is_finite(value)


@pytest.mark.parametrize("value", [10**400, -(10**400), float("inf"), float("nan"), True, None, "1", [1], 1j])
def test_anything_else_is_none(value: Any) -> None:
    assert not is_finite(value)
