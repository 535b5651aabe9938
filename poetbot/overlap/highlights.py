"""The parts of a text to highlight as copied, also while it is being written.

Marks are spans of the report without their sources, found by the same functions: the distinctive ones, and those that
are longer than what an ordinary human poem shares. In an unfinished text only complete words count. What is marked stays
marked: a longer text contains the same phrases or longer ones, and a longer phrase is never less rare.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from poetbot.overlap.figures import SHORTEST_SPAN
from poetbot.overlap.index import OverlapIndex
from poetbot.overlap.longest_matches import longest_runs, maximal
from poetbot.overlap.normalization import (
    CJK,
    KIND,
    NEEDS_CARE,
    OTHER,
    code_points,
    kinds_of,
    may_be_hyphenated,
)
from poetbot.overlap.written_words import written_words

DISTINCTIVE_BITS = 20.0
"""How rare a span must be to be distinctive (`OverlapIndex.rarity`), for a poet with too few held-out poems to measure
it. The bundled poets' limits are within a few bits of this."""

ORDINARY_LONGEST = 4
"""The longest phrase, in words, that an ordinary human poem shares with training poems, for a poet with too few held-out
poems to measure it. It is that of the bundled English poets."""

_FAR_ENOUGH = 320  # characters before the end of a line in which a hyphen may be


class Mark(NamedTuple):
    """The characters [start, end) of a text are copied; `distinctive` if the phrase is too rare for chance."""

    start: int
    end: int
    distinctive: bool


def marks(index: OverlapIndex, text: str, seed_characters: int = 0, *, ended: bool = True) -> list[Mark]:
    """Return the marks of a text whose first `seed_characters` characters are the seed, in order.

    They are the spans of its report that are distinctive or have at least `marked_from_words` words, and may overlap as
    those do. If the text hasn't `ended`, its last word may continue and is left out.
    """
    found = index.words(text if ended else text[: whole(text)])
    ids = index.ids(found.keys)
    written = written_words(found, min(seed_characters, len(found.text)))
    begins, lengths, bits = spans(index, ids, written.trimmed(longest_runs(index, ids).lengths))
    rare = bits > limit_bits(index)
    marked = rare | (lengths >= marked_from_words(index))
    begins, lengths, rare = begins[marked], lengths[marked], rare[marked]
    starts, ends = found.starts[begins], found.ends[begins + lengths - 1]
    return [Mark(*each) for each in zip(starts.tolist(), ends.tolist(), rare.tolist(), strict=True)]


def spans(
    index: OverlapIndex, ids: NDArray[np.int64], longest: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the spans (k,) of a text: their first words, their numbers of words, and their rarity in bits.

    `ids` are those of the words of the text, and `longest` the lengths of the longest match at each.
    """
    begins = maximal(longest, SHORTEST_SPAN)
    lengths = longest[begins]
    return begins, lengths, np.round(index.rarity(ids, begins, lengths), 2)


def limit_bits(index: OverlapIndex) -> float:
    """Return the rarity, in bits, above which a phrase is distinctive."""
    limit = index.human.limit_bits if index.human else None
    return DISTINCTIVE_BITS if limit is None else limit


def marked_from_words(index: OverlapIndex) -> int:
    """Return the least number of words with which a phrase is marked even if its words are commonplace."""
    ordinary = index.human.ordinary_longest if index.human else None
    return max(SHORTEST_SPAN, 1 + (ORDINARY_LONGEST if ordinary is None else ordinary))


def whole(text: str) -> int:
    """Return the length of the part of a text whose words can't change when text is added."""
    kinds = kinds_of(code_points(text))
    parts = (kinds & NEEDS_CARE == 0) & ((kinds & KIND == OTHER) | (kinds & KIND == CJK))
    for place in np.flatnonzero(parts)[::-1].tolist():
        if not may_be_hyphenated(text[max(0, place - _FAR_ENOUGH) : place + 1]):
            return place
    return 0
