"""Rate limits with token buckets: each key has a bucket that refills with time."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable


class RateLimiter:
    """Buckets by key. Beyond `capacity` the least recently used is dropped, and so counts as full again."""

    def __init__(self, capacity: int = 20_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity = capacity
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # level, and when it was so
        self._lock = threading.Lock()

    def has(self, key: str, amount: float, size: float, seconds: float) -> bool:
        """Return whether the bucket of `key`, which holds `size` and fills in `seconds`, has `amount` left."""
        with self._lock:
            return self._level(key, size, seconds) >= amount

    def take(self, key: str, amount: float, size: float, seconds: float) -> bool:
        """Take `amount` if there is so much, and return whether there was."""
        with self._lock:
            if self._level(key, size, seconds) < amount:
                return False
            self._spend(key, amount, size, seconds)
            return True

    def charge(self, key: str, amount: float, size: float, seconds: float) -> None:
        """Take `amount` even if there is less: it has been used already. A negative amount is a refund."""
        with self._lock:
            self._spend(key, amount, size, seconds)

    def _spend(self, key: str, amount: float, size: float, seconds: float) -> None:
        self._buckets[key] = (self._level(key, size, seconds) - amount, self._clock())
        self._buckets.move_to_end(key)
        while len(self._buckets) > self._capacity:
            self._buckets.popitem(last=False)

    def _level(self, key: str, size: float, seconds: float) -> float:
        now = self._clock()
        level, when = self._buckets.get(key, (size, now))
        return min(size, level + (now - when) * size / seconds)
