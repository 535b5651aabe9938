"""Whether a value from outside is a number to calculate with."""

import math
from typing import Any, TypeGuard


def is_finite(value: Any) -> TypeGuard[float]:
    """Return whether `value` is an int or a float (not a bool) that a float can hold: `math.isfinite` raises for 10**400."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
