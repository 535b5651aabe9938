"""Word counts for the clouds and their tables."""

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.overlap import normalization
from poetbot.overlap.tokens import words

_BLOCK = 4_000_000  # characters counted at a time

# Verse uses function words that lists of modern English lack. Without these every cloud of older poems would show
# little but "thy" and "thou". In the form of our words: casefolded, without a leading apostrophe.
OLDER_COMMON_WORDS = """
    thou thee thy thine thyself ye yourself art wert wast hast hath hadst dost doth didst shalt wilt wouldst
    shouldst canst couldst mayst mightst must may might will would us one o oh ah lo yea nay yet still
    tis twas twere twill o'er ne'er e'er e'en ere oft unto upon till amid amidst among amongst beneath
    beside within without toward towards though although whilst whence whither thence thither hither
    whose whoever whatever wherein whereon thereof hereof th mine many every
"""


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """English stop words: the list of wordcloud and the older forms above."""
    # Imported here because wordcloud loads matplotlib (about half a second), which would delay the start of the app.
    from wordcloud import STOPWORDS

    return frozenset(word.casefold() for word in STOPWORDS) | frozenset(OLDER_COMMON_WORDS.split())


def without_common_words(counts: Mapping[str, int]) -> dict[str, int]:
    """Leave out `common_words`. A poet's `words.json` has every word, so nothing needs to be counted again."""
    return {word: count for word, count in counts.items() if word not in common_words()}


def count_words(texts: Iterable[str], *, common: bool = False) -> dict[str, int]:
    """Count the words of all texts, split as in the overlap report. `common` includes the stop words.

    Sorted by count, then alphabetically, so that equal texts give equal files.
    """
    counter: Counter[str] = Counter()
    block: list[str] = []
    size = 0
    for text in texts:
        block.append(text)
        size += len(text)
        if size > _BLOCK:
            counter.update(_counts_of("\n\n".join(block)))
            block, size = [], 0
    counter.update(_counts_of("\n\n".join(block)))
    counts = dict(_by_count(counter))
    return counts if common else without_common_words(counts)


def _counts_of(text: str) -> dict[str, int]:
    """Count the words of a text by their keys, which is twice as fast as by the words themselves."""
    found = words(text)
    order = np.argsort(found.keys)
    keys = found.keys[order]
    firsts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    counts = np.diff(np.append(firsts, len(keys)))
    points, starts, ends = found.normal
    folded = normalization.folded(normalization.as_text(points))
    return {
        folded[starts[place] : ends[place]]: count
        for place, count in zip(order[firsts].tolist(), counts.tolist(), strict=True)
    }


def top(counts: Mapping[str, int], k: int) -> list[tuple[str, int, float]]:
    """Return the `k` most frequent words with their count and share (0 to 1) of all words in `counts`.

    This is the cloud as text: show it with every cloud, for readers who cannot see sizes or colours.
    """
    if k < 1:
        raise PoetBotError("A table needs at least 1 word, not {count}.", count=k)
    total = sum(counts.values())
    occurring = ((word, count) for word, count in counts.items() if count > 0)
    most = heapq.nsmallest(k, occurring, key=_rank)
    return [(word, count, count / total) for word, count in most]


def _by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Sort the words with a count above 0, the most frequent first and equal ones alphabetically."""
    return sorted(((word, count) for word, count in counts.items() if count > 0), key=_rank)


def _rank(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
