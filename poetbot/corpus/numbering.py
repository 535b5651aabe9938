"""Which numbers count the poems of a book, and which the parts or stanzas of one poem."""

from collections import Counter
from collections.abc import Mapping, Sequence

from poetbot.corpus.titles import Paragraph, number_of
from poetbot.documents.block import NUMBER

_MANY = 12
"""Numbers that run further than this count poems, as in a book of sonnets; fewer count the parts of one."""
_STEP = 3
"""So much more than the one before may the next number of a run be: a printer leaves one out."""
_STANZAS = range(5, 14)
"""Lines of a stanza that may be numbered: fewer are an epigram, more a sonnet, and each of those is a poem."""
_NEARLY_ALL = 0.8


def numbers_of_poems(numerals: Sequence[tuple[int, str]], sizes: Mapping[int, int]) -> frozenset[int]:
    """Return the lines of those numbers, each given with its line, that belong to a run of many and count poems.

    `sizes` says by the line of a number how many lines its stanza has, 0 where it has several. A run that counts stanzas
    of one size is that of a long poem.
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
