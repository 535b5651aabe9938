"""Keyness: which words a poet uses more, or less, often than its training poems.

The log-likelihood ratio of Dunning 1993, "Accurate methods for the statistics of surprise and coincidence",
Computational Linguistics 19(1), pp. 61-74, over the four cells of word / other words in wrote / read. Unlike chi-square
it is valid for rare words too. With enough text nearly every difference is "significant", so the ratio of the shares is
shown as well.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from poetbot.errors import PoetBotError

SURE = 10.83
"""G² at p = .001 (chi-square, one degree of freedom)."""


class Key(NamedTuple):
    """A word with its counts as written and as read, their shares of all words, and its `keyness`.

    `keyness` is G², negative if the word was written less often than it was read.
    """

    word: str
    wrote: int
    read: int
    wrote_share: float
    read_share: float
    keyness: float


def keyness(wrote: Mapping[str, int], read: Mapping[str, int]) -> list[Key]:
    """Return all words by descending keyness: first those written more often than read.

    Words of equal keyness are in alphabetical order. Raises PoetBotError if either side has no words.
    """
    if not any(count > 0 for count in wrote.values()):
        raise PoetBotError("This poet has written no words yet. Write some poems first.")
    if not any(count > 0 for count in read.values()):
        raise PoetBotError("The training poems have no words to compare with. Choose another corpus.")
    words = sorted({*wrote, *read})
    a = np.array([wrote.get(word, 0) for word in words], np.float64)
    b = np.array([read.get(word, 0) for word in words], np.float64)
    g2 = log_likelihood(a, b)
    c, d = a.sum(), b.sum()
    signed = np.where(a / c >= b / d, g2, -g2)
    order = np.argsort(-signed, kind="stable")
    columns = (a.astype(np.int64), b.astype(np.int64), a / c, b / d, np.round(signed, 4))
    rows = zip(order.tolist(), *(column[order].tolist() for column in columns), strict=True)
    return [Key(words[k], *row) for k, *row in rows]


def log_likelihood(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return G² (n,) of the counts a (n,) and b (n,) of the same words; each array covers all words of its text."""
    c, d = a.sum(), b.sum()
    table = np.stack([a, b, c - a, d - b])
    both = a + b
    whole = c + d
    expected = np.stack([c * both, d * both, c * (whole - both), d * (whole - both)]) / whole
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(table > 0, table * np.log(table / expected), 0.0)
    sums: np.ndarray = np.maximum(2 * terms.sum(axis=0), 0.0)
    return sums
