"""Self-repetition: what the poems of one session share with each other.

This counts the sequences of four words or more that occur in more than one of the poems (Salkar et al. 2022). It is
independent of what the poet has read and is shown separately. Repetition within one poem, such as a refrain, does not
count.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from poetbot.overlap.figures import SHORTEST_SPAN
from poetbot.overlap.normalization import mixed
from poetbot.overlap.report_types import Place, Repetition, SharedPhrase
from poetbot.overlap.tokens import Words, words
from poetbot.overlap.written_words import Typed, written_words

_BASE = np.uint64(0x5851F42D4C957F2D)


def repetition(poems: Sequence[tuple[str, Typed]]) -> Repetition:
    """Return what the poems share with each other. Each is a text and the parts of it that a person typed.

    `fourgrams`: `total` is the number of sequences of four written words in all poems, `repeated` the number of those
    that also occur in another poem, and `share` their share of the total (None if there are none); `by_poem` is the
    share for each poem. `longest`: the longest sequence that two poems share, its words, its text and its position in
    every poem that has it (`places`: poem from 0, start and end in code points). Typed words do not count.
    Raises PoetBotError if a text is not a string or a part doesn't lie in it.
    """
    found = [words(text) for text, _ in poems]
    reach = [written_words(each, typed=typed).reach for each, (_, typed) in zip(found, poems, strict=True)]
    stream = _Stream([each.keys for each in found], reach)
    repeated = stream.repeated(SHORTEST_SPAN)
    totals = np.array([np.count_nonzero(each >= SHORTEST_SPAN) for each in reach], np.int64)
    often = np.bincount(stream.poem[repeated], minlength=len(poems))
    total = int(totals.sum())
    return {
        "poems": len(poems),
        "fourgrams": {
            "total": total,
            "repeated": len(repeated),
            "share": len(repeated) / total if total else None,
        },
        "by_poem": [
            int(some) / int(all_) if all_ else None
            for some, all_ in zip(often[: len(poems)], totals, strict=True)
        ],
        "longest": _longest(stream, found),
    }


class _Stream:
    """All words in sequence, with a hash of each n-gram of written ones: a polynomial modulo 2^64.

    Two different n-grams have the same hash with a probability of about 2^-60: 1e-7 for a million words.
    """

    def __init__(self, keys: list[NDArray[np.uint64]], reach: list[NDArray[np.int64]]) -> None:
        counts = np.array([len(each) for each in keys], np.int64)
        row = np.concatenate([np.zeros(0, np.uint64), *keys])
        self.poem = np.repeat(np.arange(len(keys)), counts)
        self.place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        self._reach = np.concatenate([np.zeros(0, np.int64), *reach])  # written words in a row from here on
        self._powers = np.cumprod(np.append(np.uint64(1), np.full(len(row), _BASE)))
        self._sums = np.append(np.uint64(0), np.cumsum(mixed(row) * self._powers[: len(row)]))
        self.longest_run = int(self._reach.max(initial=0))

    def numbers(self, n: int) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Return where the n-grams begin, in order, and their hashes."""
        begins = np.flatnonzero(self._reach >= n)
        top = self._powers[
            len(self._powers) - 1 - begins
        ]  # instead of dividing by the power of each position
        return begins, mixed((self._sums[begins + n] - self._sums[begins]) * top)

    def repeated(self, n: int) -> NDArray[np.int64]:
        """Return where the n-grams that occur in more than one poem begin, in order."""
        begins, numbers = self.numbers(n)
        if not len(begins):
            return begins
        order = np.argsort(numbers, kind="stable")  # poems stay in order within a group
        numbers, poem = numbers[order], self.poem[begins[order]]
        heads = np.flatnonzero(np.append(True, numbers[1:] != numbers[:-1]))
        tails = np.append(heads[1:], len(numbers)) - 1
        several = np.repeat(poem[heads] != poem[tails], tails - heads + 1)
        return np.sort(begins[order[several]])


def _longest(stream: _Stream, found: list[Words]) -> SharedPhrase:
    """Return the first of the longest sequences that two poems share, by binary search over its length."""
    low, high = 0, stream.longest_run
    while low < high:
        middle = (low + high + 1) // 2
        if len(stream.repeated(middle)):
            low = middle
        else:
            high = middle - 1
    if not low:
        return {"words": 0, "text": "", "places": []}
    first = int(stream.repeated(low)[0])
    begins, numbers = stream.numbers(low)
    same = begins[numbers == numbers[begins.searchsorted(first)]]
    places: list[Place] = []
    for poem, place in zip(stream.poem[same].tolist(), stream.place[same].tolist(), strict=True):
        start, end = int(found[poem].starts[place]), int(found[poem].ends[place + low - 1])
        places.append({"poem": poem, "start": start, "end": end})
    one = places[0]
    return {"words": low, "text": found[one["poem"]].text[one["start"] : one["end"]], "places": places}
