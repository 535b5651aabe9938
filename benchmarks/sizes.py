"""Full sizes for real figures, or tiny ones for the test that runs every benchmark: `BENCHMARK_TINY=1`.

With tiny sizes, the figures and missed bars mean nothing.
"""

import os
from typing import TypeVar

TINY = bool(os.environ.get("BENCHMARK_TINY"))

Size = TypeVar("Size")


def full_or_tiny(full: Size, tiny: Size) -> Size:
    """Return `full`, or `tiny` if the benchmark should only run for a moment."""
    return tiny if TINY else full
