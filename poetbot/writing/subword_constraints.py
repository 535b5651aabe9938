"""What a poet of subwords may not write next; see `constraints.py`, which does the same for characters."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from poetbot.corpus.poem import MARKER
from poetbot.corpus.slurs import STEMS
from poetbot.poets.subwords import Subwords
from poetbot.writing.healing import NOTHING_PENDING, End

MOST_SPACES = 40

_LONGEST_STEM = max(map(len, STEMS))


class SubwordConstraints:
    """No slurs, no plus sign but in the poem's end, no gaps; and words that stand first in a line as they were read.

    With `open_end` the poem may end at a line's beginning, but not before anything was written behind `seed`. Behind a
    seed that ends in a `whole_word` no letter may follow.
    """

    def __init__(
        self, vocabulary: Subwords, seed: str, *, open_end: bool, end: End = NOTHING_PENDING
    ) -> None:
        units = vocabulary.units
        self._newline, self._marker = vocabulary.ids["\n"], vocabulary.marker
        self._never = _ids(
            number
            for number, unit in enumerate(units)
            if number != vocabulary.marker and (MARKER[0] in unit or _begins_slur(unit.lstrip(" ")))
            if MARKER[0] in unit or unit[0] == " "
        )
        self._slurs: dict[str, npt.NDArray[np.intp]] = {}
        for stem in STEMS:
            for length in range(len(stem)):
                begun, rest = stem[:length], stem[length:]
                found = [n for n, unit in enumerate(units) if unit.casefold().startswith(rest)]
                if found:
                    known = self._slurs.get(begun, _ids(()))
                    self._slurs[begun] = np.union1d(known, np.array(found, np.intp))
        self._spaces = {number: len(unit) for number, unit in enumerate(units) if not unit.strip(" ")}
        self._spaced = _ids(n for n, unit in enumerate(units) if unit[0] == " " and unit.strip(" "))
        self._letters = _ids(n for n, unit in enumerate(units) if unit[0].isalnum())
        self._open_end = open_end
        self._seed = seed
        self._whole_word = end.whole_word

    def __call__(self, text: str, logits: npt.NDArray[np.float32]) -> None:
        """Forbid what must not follow the text, of which the network has read all."""
        logits[self._never] = -np.inf
        last = text[-1:]
        if last.isalnum():
            start = len(text)
            while start > 0 and len(text) - start <= _LONGEST_STEM and text[start - 1].isalnum():
                start -= 1
            slurs = self._slurs.get(text[start:].casefold())
        else:
            slurs = self._slurs.get("")
        if slurs is not None:
            logits[slurs] = -np.inf
        written = text[len(self._seed) :]
        ends_here = self._open_end and last == "\n" and written and not written.isspace()
        if not ends_here:
            logits[self._marker] = -np.inf
        if last in ("", "\n", " "):
            self._at_space(text, logits)
        if self._whole_word and not written:
            logits[self._letters] = -np.inf

    def _at_space(self, text: str, logits: npt.NDArray[np.float32]) -> None:
        line = text[text.rfind("\n") + 1 :]
        begun = line.strip(" ")
        if not begun:
            logits[self._spaced] = -np.inf
        if not line and (not text.strip("\n") or text.endswith("\n\n")):
            logits[self._newline] = -np.inf
        spaces = len(line) - len(line.rstrip(" "))
        for number, length in self._spaces.items():
            if spaces + length > MOST_SPACES:
                logits[number] = -np.inf


def _begins_slur(word: str) -> bool:
    return word.casefold().startswith(tuple(STEMS))


def _ids(numbers: Iterable[int]) -> npt.NDArray[np.intp]:
    return np.array(list(numbers), dtype=np.intp)
