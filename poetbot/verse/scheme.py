"""The rhyme scheme of a poem, as letters."""

from collections.abc import Callable, Sequence
from string import ascii_uppercase

from poetbot.verse.rhyme import Rhyme, word_rhyme
from poetbot.verse.word_letters import last_word

FARTHEST = 8
"""Maximum distance, in lines, of a perfect rhyme. ABBAABBA needs 5."""
FARTHEST_WEAK = 4
"""Maximum distance, in lines, of a historic or slant rhyme, which occurs more often by chance."""


def rhyme_letters(lines: Sequence[str]) -> list[str]:
    """Return a letter for each line, equal for lines that rhyme and "" for a line without a word.

    The closest rhymes are joined first, and of equally close ones those of the nearest lines. A historic or slant rhyme
    joins two lines only if neither has a closer one within its distance. A line joins a group only if it rhymes with
    every line in it. A line that does not rhyme has its own letter. After Z comes A1.
    """
    return letters_of([last_word(line) for line in lines], word_rhyme)


def letters_of(
    ends: Sequence[str],
    compare: Callable[[str, str], Rhyme | None],
    farthest: int = FARTHEST,
    farthest_weak: int = FARTHEST_WEAK,
) -> list[str]:
    """Return the letters of lines that end in these words or characters, using `compare`."""
    spoken = [k for k, end in enumerate(ends) if end]
    group = list(range(len(spoken)))
    members = {k: [k] for k in group}

    def between(i: int, j: int) -> Rhyme | None:
        return compare(ends[spoken[i]], ends[spoken[j]])

    pairs = []
    for i in range(len(spoken)):
        for j in range(i + 1, min(i + farthest + 1, len(spoken))):
            kind = between(i, j)
            if kind and (j - i <= farthest_weak or kind in (Rhyme.SAME, Rhyme.PERFECT)):
                rank = 0 if kind in (Rhyme.SAME, Rhyme.PERFECT) else 3 - kind.closeness
                pairs.append((rank, j - i, i, j))
    best = [9] * len(spoken)
    for rank, _, i, j in pairs:
        best[i], best[j] = min(best[i], rank), min(best[j], rank)
    for rank, _, i, j in sorted(pairs):
        one, other = group[i], group[j]
        if one == other or (rank and (best[i] < rank or best[j] < rank)):
            continue
        if all(
            between(a, b)
            for a in members[one][-farthest:]
            for b in members[other][-farthest:]
            if abs(a - b) <= farthest
        ):
            for k in members[other]:
                group[k] = one
            members[one] = sorted(members[one] + members.pop(other))
    return _letters(len(ends), spoken, group)


def rhyme_scheme(poem: str) -> str:
    """Return the rhyme scheme of a poem with spaces between stanzas, such as "ABAB CDCD EFEF GG"."""
    lines = poem.split("\n")
    letters = rhyme_letters(lines)
    stanzas = [""]
    for line, letter in zip(lines, letters, strict=True):
        if line.strip():
            stanzas[-1] += letter
        elif stanzas[-1]:
            stanzas.append("")
    return " ".join(stanza for stanza in stanzas if stanza)


def _letters(lines: int, spoken: Sequence[int], group: Sequence[int]) -> list[str]:
    names: dict[int, str] = {}
    letters = [""] * lines
    for k, line in enumerate(spoken):
        letters[line] = names.setdefault(group[k], letter_name(len(names)))
    return letters


def letter_name(number: int) -> str:
    """Return the letter of a rhyme, counted from 0. After Z comes A1."""
    turn, place = divmod(number, 26)
    return ascii_uppercase[place] + (str(turn) if turn else "")
