"""Whether a line begins with a capital: as the lines before it do in the same place of their sentence.

In some poems every line begins with a capital, in others only a sentence does. So the earlier lines are counted by what
comes before them: the end of a sentence (or nothing), or the middle of one. If nearly all that stand in the same place
as the next line begin alike, it does too. In a poem of the second kind, a line after the middle of a sentence therefore
goes on with it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from poetbot.poets.vocabulary import Vocabulary
from poetbot.writing.last_line import ends_sentence

Logits = npt.NDArray[np.float32]

_NEARLY_ALL = 0.8
_ALWAYS_CAPITAL = re.compile(r"\W*I(?!\w)")


class LineStarts:
    """Forbids capitals or small letters at the beginning of a line."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        units = [unit.lstrip(" ") for unit in vocabulary.symbols]
        self._capitals = _ids(
            number
            for number, unit in enumerate(units)
            if unit[:1].isupper() and not _ALWAYS_CAPITAL.match(unit)
        )
        self._small = _ids(number for number, unit in enumerate(units) if unit[:1].islower())

    def forbid(self, text: str, logits: Logits) -> None:
        """Forbid at the beginning of a line what doesn't begin like the lines before it."""
        end = text.rfind("\n") + 1
        if any(map(str.isalnum, text[end:])):
            return
        capital = begins_with_capital(text[:end])
        if capital is None:
            return
        forbidden = self._small if capital else self._capitals
        others = np.delete(logits, forbidden)
        if others.size and others.max() > -np.inf:
            logits[forbidden] = -np.inf


@lru_cache(maxsize=64)
def begins_with_capital(poem: str) -> bool | None:
    """Return whether the line after a poem begins with a capital, None if its lines don't tell."""
    alike: dict[bool, list[bool]] = {True: [], False: []}
    new_sentence = True
    for line in poem.split("\n"):
        body = line.strip()
        if not body:
            continue
        first = next((each for each in body if each.isalpha()), "")
        if first.isupper() != first.islower() and not _ALWAYS_CAPITAL.match(body):
            alike[new_sentence].append(first.isupper())
        new_sentence = ends_sentence(body)
    here = alike[new_sentence]
    if not here and not new_sentence and alike[True] and not any(alike[True]):
        return False  # not even sentences begin with capitals
    share = sum(here) / len(here) if here else 0.5
    return True if share >= _NEARLY_ALL else False if share <= 1 - _NEARLY_ALL else None


def _ids(numbers: Iterable[int]) -> npt.NDArray[np.intp]:
    return np.array(list(numbers), np.intp)
