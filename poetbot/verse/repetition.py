"""Words and lines that come again: anaphora, doubled words, refrains.

Definitions are those of The Princeton Encyclopedia of Poetry and Poetics (4th ed., 2012): anaphora repeats a word or
words at the beginning of successive lines, epizeuxis a word with none between, a refrain a whole line.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from poetbot.verse.alliteration import UNSTRESSED
from poetbot.verse.word_letters import Word, words_of

FEWEST = 3
"""Lines in a row that must begin with one unstressed word; two are enough for more words or a word of weight."""
MOST_WORDS = 8
"""Words of a beginning that are compared; lines that go on alike are refrains."""


def anaphora(lines: Sequence[str]) -> list[tuple[range, int]]:
    """Return the runs of lines that begin alike: which lines, without a gap, and how many words they share.

    Whole lines that are repeated count as well. A blank line ends a run.
    """
    begins = [[word.text for word in words_of(line)[:MOST_WORDS]] for line in lines]
    found = []
    start = 0
    while start < len(lines):
        shared = begins[start]
        end, best = start + 1, 0
        while end < len(lines) and (common := _common(shared, begins[end])):
            # A third line with less in common makes a longer run of fewer words, unless two had two words or more.
            if len(common) < len(shared) and end - start > 1 and best > 1 and len(common) == 1:
                break
            shared, best, end = common, len(common), end + 1
        lines_in_run = end - start
        heavy = best > 1 or (best == 1 and shared[0] not in UNSTRESSED)
        if best and lines_in_run >= (2 if heavy else FEWEST):
            found.append((range(start, end), best))
            start = end
        else:
            start += 1
    return found


def _common(one: Sequence[str], other: Sequence[str]) -> list[str]:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return list(one[:length])


def doubled(line: str) -> list[tuple[Word, Word]]:
    """Return the words of a line that are said twice in a row, as in "Never, never"."""
    words = words_of(line)
    return [(a, b) for a, b in pairwise(words) if a.text == b.text and len(a.text) > 1]


def refrains(lines: Sequence[str]) -> list[list[int]]:
    """Return the lines that come more than once, each with all its places; punctuation and capitals do not count.

    A line of one word must be a word of weight: "And" alone in a line is no refrain.
    """
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for k, line in enumerate(lines):
        words = tuple(word.text for word in words_of(line))
        if len(words) > 1 or (words and words[0] not in UNSTRESSED):
            places[words].append(k)
    return [found for found in places.values() if len(found) > 1]
