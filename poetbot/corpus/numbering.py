"""Decide which numbers count the poems of a book, and which the parts or stanzas of one poem."""

from collections import Counter
from collections.abc import Mapping, Sequence

from poetbot.corpus.titles import Paragraph, number_of
from poetbot.documents.block import NUMBER

_MANY = 12
"""Numbers beyond this count poems, as in a book of sonnets; fewer count the parts of one."""
_STEP = 3
"""Maximum step to the next number of a run, because printers may leave one out."""
_STANZAS = range(5, 14)
"""Number of lines of a numbered stanza: fewer are an epigram, more a sonnet, and each of those is a poem."""
_NEARLY_ALL = 0.8


def numbers_of_poems(numerals: Sequence[tuple[int, str]], sizes: Mapping[int, int]) -> frozenset[int]:
    """Return the lines of the numbers, each given with its line, that belong to a long run and count poems.

    `sizes` has, by the line of a number, the number of lines of its stanza, 0 if there are several. A run that counts stanzas of one size
    belongs to a long poem.
    """
    runs: list[list[tuple[int, int]]] = []
    for line, numeral in numerals:
        value = number_of(Paragraph(numeral, NUMBER, 0, line))
        if value is None:
            continue
        if not runs or not runs[-1][-1][0] < value <= runs[-1][-1][0] + _STEP:
            runs.append([])
        runs[-1].append((value, line))
    return frozenset(
        line for run in runs if run[-1][0] > _MANY and not _of_stanzas(run, sizes) for _, line in run
    )


def _of_stanzas(run: Sequence[tuple[int, int]], sizes: Mapping[int, int]) -> bool:
    size, times = Counter(sizes.get(line, 0) for _, line in run).most_common(1)[0]
    return size in _STANZAS and times >= _NEARLY_ALL * len(run)
