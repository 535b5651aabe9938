"""Sources of phrases: the poems and lines of all occurrences of many phrases at once."""

import html

import numpy as np
from numpy.typing import NDArray

from poetbot.overlap.index import OverlapIndex
from poetbot.overlap.poem_catalog import AUTHOR, OF, TITLE, WHOSE
from poetbot.overlap.report_types import Occurrences

MOST_SOURCES = 20  # of one phrase

Places = NDArray[np.int64]


def occurrences(index: OverlapIndex, lows: Places, highs: Places) -> tuple[Places, NDArray[np.uint32]]:
    """Return all positions of the phrases with the intervals [low, high) (k,), and the phrase of each position.

    Both are (t,), phrase after phrase, in reading order.
    """
    often = highs - lows
    phrase = np.repeat(np.arange(len(often)), often)
    ranks = np.arange(len(phrase)) - np.repeat(np.cumsum(often) - often, often) + np.repeat(lows, often)
    both = phrase.astype(np.uint64) << np.uint64(32)
    both |= index.suffixes[ranks]
    both.sort()
    return phrase, (both & np.uint64(0xFFFFFFFF)).astype(np.uint32)


def describe(
    index: OverlapIndex, phrase: Places, positions: NDArray[np.uint32], phrases: int
) -> list[Occurrences]:
    """Return the occurrences of each phrase, with at most twenty sources.

    `phrase` and `positions` (t,) are in the order of `occurrences`. One place in every poem is chosen before a second in
    any; the chosen ones are in reading order. `poem` is the 0-based number of the poem in the index. `line` is the
    1-based line of its first word in the poem, counting blank lines: `poem.text.split("\\n")[line - 1]`, or line
    `start_line + line - 1` of the source file.
    """
    ends = index.suffixes[: index.poem_count]
    poems = ends.searchsorted(positions)
    new_poem = np.ones(len(poems), np.bool_)
    new_poem[1:] = (poems[1:] != poems[:-1]) | (phrase[1:] != phrase[:-1])
    counts = np.bincount(phrase, minlength=phrases)
    different = np.bincount(phrase[new_poem], minlength=phrases)
    order = np.lexsort((~new_poem, phrase))
    place = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    chosen = np.sort(order[place < MOST_SOURCES])
    poems = poems[chosen]
    first = np.where(poems > 0, ends[poems - 1] + np.uint32(1), np.uint32(0))
    lines = index.lines.searchsorted(positions[chosen], "right") - index.lines.searchsorted(first)
    found: list[Occurrences] = [
        {"count": count, "poems": some, "sources": []}
        for count, some in zip(counts.tolist(), different.tolist(), strict=True)
    ]
    columns = index.catalogue.poems[poems]
    names = {number: _name(index, number) for number in set(columns[:, [AUTHOR, TITLE]].ravel().tolist())}
    rows = columns.tolist()
    for of, poem, line, row in zip(
        phrase[chosen].tolist(), poems.tolist(), lines.tolist(), rows, strict=True
    ):
        found[of]["sources"].append(
            {
                "poem": poem,
                "author": names[row[AUTHOR]],
                "title": names[row[TITLE]],
                "line": line,
                "of": OF[row[WHOSE]],
            }
        )
    return found


def _name(index: OverlapIndex, number: int) -> str | None:
    """Return a title or an author. Some collections escape their titles as HTML does."""
    name = index.catalogue.name(number)
    return None if name is None else html.unescape(name)


def sources(index: OverlapIndex, lows: Places, highs: Places) -> list[Occurrences]:
    """Return the occurrences for each interval [low, high) (k,). Equal intervals are looked up once."""
    half, last = np.uint64(32), np.uint64(0xFFFFFFFF)
    both = lows.astype(np.uint64) << half | highs.astype(np.uint64)
    intervals, which = np.unique(both, return_inverse=True)
    found = describe(
        index,
        *occurrences(index, (intervals >> half).astype(np.int64), (intervals & last).astype(np.int64)),
        len(intervals),
    )
    return [found[k] for k in which.tolist()]
