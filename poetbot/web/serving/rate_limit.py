"""How much each may ask for in a span of time: a bucket that fills as time goes by (a token bucket)."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable


class Pace:
    """Buckets by key, of which the `most` used last are remembered; one that is forgotten is full again."""

    def __init__(self, most: int = 20_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = (
            OrderedDict()
        )  # what is left, and when that was
        self._lock = threading.Lock()

    def has(self, key: str, amount: float, size: float, seconds: float) -> bool:
        """Return whether `amount` is left in the bucket of `key`, which holds `size` and fills in so many seconds."""
        with self._lock:
            return self._left(key, size, seconds) >= amount

    def take(self, key: str, amount: float, size: float, seconds: float) -> bool:
        """Take `amount` out; return False, and take nothing, where there is not so much."""
        with self._lock:
            if self._left(key, size, seconds) < amount:
                return False
            self._pour(key, amount, size, seconds)
            return True

    def owe(self, key: str, amount: float, size: float, seconds: float) -> None:
        """Take `amount` out though there may not be so much: it was had already, and the bucket fills from below."""
        with self._lock:
            self._pour(key, amount, size, seconds)

    def _pour(self, key: str, amount: float, size: float, seconds: float) -> None:
        self._buckets[key] = (self._left(key, size, seconds) - amount, self._clock())
        self._buckets.move_to_end(key)
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)

    def _left(self, key: str, size: float, seconds: float) -> float:
        now = self._clock()
        left, when = self._buckets.get(key, (size, now))
        return min(size, left + (now - when) * size / seconds)
