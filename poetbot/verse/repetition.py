"""Repeated words and lines: anaphora, doubled words, refrains.

Definitions are those of The Princeton Encyclopedia of Poetry and Poetics (4th ed., 2012): anaphora repeats a word or
words at the beginning of successive lines, epizeuxis repeats a word immediately, a refrain repeats a whole line.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from poetbot.verse.alliteration import UNSTRESSED
from poetbot.verse.word_letters import Word, words_of

FEWEST = 3
"""Minimum number of lines that begin with one unstressed word. Two are enough for more words or a stressed word."""
MOST_WORDS = 8
"""Maximum number of words compared at the beginning of lines."""


def anaphora(lines: Sequence[str]) -> list[tuple[range, int]]:
    """Return the runs of lines that begin with the same words: the lines, without a gap, and the number of shared words.

    Repeated whole lines count as well. A blank line ends a run.
    """
    begins = [[word.text for word in words_of(line)[:MOST_WORDS]] for line in lines]
    found = []
    start = 0
    while start < len(lines):
        shared = begins[start]
        end, best = start + 1, 0
        while end < len(lines) and (common := _common(shared, begins[end])):
            # A third line that shares fewer words makes a longer run, unless the first two share two words or more.
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
    """Return the words of a line that are immediately repeated, as in "Never, never"."""
    words = words_of(line)
    return [(a, b) for a, b in pairwise(words) if a.text == b.text and len(a.text) > 1]


def refrains(lines: Sequence[str]) -> list[list[int]]:
    """Return the repeated lines, each with all its positions. Punctuation and case are ignored.

    A line of one word must be a stressed word: "And" alone in a line is not a refrain.
    """
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for k, line in enumerate(lines):
        words = tuple(word.text for word in words_of(line))
        if len(words) > 1 or (words and words[0] not in UNSTRESSED):
            places[words].append(k)
    return [found for found in places.values() if len(found) > 1]
