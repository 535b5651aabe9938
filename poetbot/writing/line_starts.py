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
        self._all_but = {
            capital: np.delete(np.arange(len(units)), self._small if capital else self._capitals)
            for capital in (True, False)
        }

    def forbid(self, text: str, logits: Logits) -> None:
        """Forbid at the beginning of a line what doesn't begin like the lines before it."""
        end = text.rfind("\n") + 1
        if any(map(str.isalnum, text[end:])):
            return
        capital = begins_with_capital(text[:end])
        if capital is None:
            return
        if logits[self._all_but[capital]].max(initial=-np.inf) > -np.inf:
            logits[self._small if capital else self._capitals] = -np.inf


@lru_cache(maxsize=64)
def begins_with_capital(poem: str) -> bool | None:
    """Return whether the line after a poem begins with a capital, None if its lines don't tell."""
    alike: dict[bool, list[bool]] = {True: [], False: []}
    new_sentence = True
    for line in poem.split("\n"):
        body = line.strip()
        if not body:
            continue
        is_capital, ends = _ends_of(body)
        if is_capital is not None:
            alike[new_sentence].append(is_capital)
        new_sentence = ends
    here = alike[new_sentence]
    if not here and not new_sentence and alike[True] and not any(alike[True]):
        return False  # not even sentences begin with capitals
    share = sum(here) / len(here) if here else 0.5
    return True if share >= _NEARLY_ALL else False if share <= 1 - _NEARLY_ALL else None


@lru_cache(maxsize=10_000)
def _ends_of(line: str) -> tuple[bool | None, bool]:
    """Return whether a line begins with a capital, None if it can't tell, and whether it ends a sentence."""
    first = next((each for each in line if each.isalpha()), "")
    tells = first.isupper() != first.islower() and not _ALWAYS_CAPITAL.match(line)
    return first.isupper() if tells else None, ends_sentence(line)


def _ids(numbers: Iterable[int]) -> npt.NDArray[np.intp]:
    return np.array(list(numbers), np.intp)
