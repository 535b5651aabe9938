"""The constraints of poets of subwords; `constraints.py` has those of characters."""

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from poetbot.corpus.slurs import NEVER_WRITTEN
from poetbot.poem import MARKER
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.writing.token_healing import NOTHING_PENDING, End

MOST_SPACES = 40

_LONGEST_STEM = max(map(len, NEVER_WRITTEN))
_NO_WORD = re.compile(r"[\W_]")


class _Kinds:
    """The ids of the kinds of units that constraints need, found once per vocabulary."""

    def __init__(self, vocabulary: Subwords) -> None:
        units = vocabulary.units
        self.newline, self.marker = vocabulary.ids["\n"], vocabulary.marker
        self.never = _ids(n for n, unit in enumerate(units) if n != self.marker and _never_written(unit))
        self.never_nor_marker = np.append(self.never, self.marker)
        self.spaces = {n: len(unit) for n, unit in enumerate(units) if not unit.strip(" ")}
        self.widest = max(self.spaces.values(), default=0)
        self.spaced = _ids(n for n, unit in enumerate(units) if unit[0] == " " and unit.strip(" "))
        self.letters = _ids(n for n, unit in enumerate(units) if unit[0].isalnum())
        self.slurs: dict[str, npt.NDArray[np.intp]] = {}
        """The ids that would complete a slur, by its beginning."""
        folded = [unit.casefold() for unit in units]
        completing: dict[str, set[int]] = {}
        for stem in NEVER_WRITTEN:
            for length in range(len(stem)):
                found = [n for n, unit in enumerate(folded) if unit.startswith(stem[length:])]
                completing.setdefault(stem[:length], set()).update(found)
        self.slurs = {begun: _ids(sorted(found)) for begun, found in completing.items() if found}


@lru_cache(maxsize=8)
def _kinds_of(vocabulary: Subwords) -> _Kinds:
    return _Kinds(vocabulary)


class SubwordConstraints:
    """No slurs, no plus signs except the end of the poem, no gaps, and first words of lines as in training.

    With `open_end` the poem may end at the start of a line, but not before anything was written after `seed`. After a
    seed that ends in a complete word (`end`) no letter may follow.
    """

    def __init__(
        self, vocabulary: Subwords, seed: str, *, open_end: bool, end: End = NOTHING_PENDING
    ) -> None:
        self._kinds = _kinds_of(vocabulary)
        self._open_end, self._seed, self._whole_word = open_end, seed, end.whole_word

    def __call__(self, text: str, logits: npt.NDArray[np.float32]) -> None:
        """Forbid what must not follow the text, all of which the network has read."""
        kinds, last = self._kinds, text[-1:]
        written = text[len(self._seed) :]
        may_end = self._open_end and last == "\n" and written and not written.isspace()
        logits[kinds.never if may_end else kinds.never_nor_marker] = -np.inf
        for end in ends_of_word(text):
            if (slurs := kinds.slurs.get(end)) is not None:
                logits[slurs] = -np.inf
        if last in ("", "\n", " "):
            self._at_space(text, logits)
        if self._whole_word and not written:
            logits[kinds.letters] = -np.inf

    def _at_space(self, text: str, logits: npt.NDArray[np.float32]) -> None:
        kinds, line = self._kinds, text[text.rfind("\n") + 1 :]
        if not line.strip(" "):
            logits[kinds.spaced] = -np.inf
        if not line and (not text.strip("\n") or text.endswith("\n\n")):
            logits[kinds.newline] = -np.inf
        spaces = len(line) - len(line.rstrip(" "))
        if spaces + kinds.widest > MOST_SPACES:
            logits[
                [number for number, width in kinds.spaces.items() if spaces + width > MOST_SPACES]
            ] = -np.inf


def ends_of_word(text: str) -> list[str]:
    """Return the letters and digits at the end of a text, up to the length of the longest slur, casefolded.

    If a hyphen is before them, the word before the hyphen follows, with both.
    """
    word = text[-_LONGEST_STEM:]
    word = word[word.rfind(" ") + 1 :].casefold()
    if word.isalnum():
        return [word]
    *_, before, last = ["", *_NO_WORD.split(word)]
    compound = f"{before}-{last}"
    return [last, compound] if before and word.endswith(compound) else [last]


def _never_written(unit: str) -> bool:
    """Return whether a unit has a plus sign, or the beginning of a slur after a space."""
    word = unit.lstrip(" ")
    return MARKER[0] in unit or (word != unit and word.casefold().startswith(tuple(NEVER_WRITTEN)))


def _ids(numbers: Iterable[int]) -> npt.NDArray[np.intp]:
    return np.array(list(numbers), dtype=np.intp)
