"""Full sizes for figures, tiny ones for the test that every benchmark still runs: `BENCHMARK_TINY=1`.

With tiny sizes the figures mean nothing, and a missed bar neither.
"""

import os
from typing import TypeVar

TINY = bool(os.environ.get("BENCHMARK_TINY"))

Size = TypeVar("Size")


def full_or_tiny(full: Size, tiny: Size) -> Size:
    """Return `full`, or `tiny` if the benchmark is only to run for a moment."""
    return tiny if TINY else full
