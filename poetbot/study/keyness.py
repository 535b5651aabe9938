"""Keyness: which words a poet says more, or less, than it read.

The log-likelihood ratio of Dunning 1993, "Accurate methods for the statistics of surprise and coincidence",
Computational Linguistics 19(1), pp. 61-74, over the four cells of word / other words in wrote / read. Unlike chi-square
it holds for rare words too. As a difference of frequency in texts is nearly always "significant" in the end, the ratio
of the shares stands beside it.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from poetbot.errors import PoetBotError

SURE = 10.83
"""G² from which chance gives such a difference in one word of a thousand (chi-square, one degree of freedom)."""


class Key(NamedTuple):
    """A word with how often it was written and read, the shares of all words, and its `keyness`.

    `keyness` is G², with a minus where the word was written less than it was read.
    """

    word: str
    wrote: int
    read: int
    wrote_share: float
    read_share: float
    keyness: float


def keyness(wrote: Mapping[str, int], read: Mapping[str, int]) -> list[Key]:
    """Return every word of either, by falling keyness: first what was written more than it was read.

    Words of equal keyness come in the order of their letters. Raises PoetBotError where either has no words at all.
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
    """Return G² (n,) of counts a (n,) and b (n,) of the same words in two texts whose words are all counted."""
    c, d = a.sum(), b.sum()
    table = np.stack([a, b, c - a, d - b])
    both = a + b
    whole = c + d
    expected = np.stack([c * both, d * both, c * (whole - both), d * (whole - both)]) / whole
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(table > 0, table * np.log(table / expected), 0.0)
    sums: np.ndarray = np.maximum(2 * terms.sum(axis=0), 0.0)
    return sums
