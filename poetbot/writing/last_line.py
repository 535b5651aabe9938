"""The last line of a poem: it ends with a full stop or the like, and closes open quotation marks and brackets.

Up to three fifths of the usual length of a line the poet writes as ever, but can't end the line within a sentence. From
then on no comma may be drawn, so that the next mark is one that ends the sentence, and with it the poem. In a line that
is half as long again as usual, no further word may begin.

A poem without punctuation ends without it.
"""

from functools import lru_cache
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from poetbot.poem import MARKER
from poetbot.poets.vocabulary import Vocabulary
from poetbot.writing.paired_marks import unclosed

Logits = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

STOPS = frozenset(".!?…。！？")
_MARKS = STOPS | frozenset(",;:—–，；：、")
_BEHIND_STOP = "\"'”’)）」』*_ "
_WITHIN_WORD = ("-", "'", "’")

USUAL = 40.0
"""The usual length of a line if none has been written, in characters."""
_LATER, _TOO_LONG = 0.6, 1.5  # times the usual length
_FEWEST, _PUNCTUATED = (
    3,
    0.25,
)  # lines, and the share of them with a mark, of a poem with punctuation
_ALIKE = 12  # lines before that tell the usual length


def ends_sentence(line: str) -> bool:
    """Return whether a line ends with a full stop or the like, perhaps inside quotation marks or brackets."""
    return line.rstrip(_BEHIND_STOP)[-1:] in STOPS


def is_closed(text: str) -> bool:
    """Return whether a poem may end here: after a sentence, with nothing left open. One without punctuation always may."""
    lines = [line for line in text.split("\n") if line.strip()]
    return not lines or not has_punctuation(lines[:-1]) or (ends_sentence(lines[-1]) and not unclosed(text))


def has_punctuation(lines: list[str]) -> bool:
    """Return whether enough lines have a punctuation mark; of fewer than three lines it is assumed."""
    marked = sum(not _MARKS.isdisjoint(line) for line in lines)
    return len(lines) < _FEWEST or marked >= _PUNCTUATED * len(lines)


def usual_length(text: str) -> float:
    """Return the mean length of the last lines before the one at the end of a text."""
    lengths = [len(line.strip()) for line in text.split("\n")[:-1] if line.strip()][-_ALIKE:]
    return sum(lengths) / len(lengths) if lengths else USUAL


@lru_cache(maxsize=64)
def _style(before: str) -> tuple[bool, float]:
    """Return whether the lines before the last one have punctuation, and their usual length."""
    return has_punctuation([each for each in before.split("\n") if each.strip()]), usual_length(before)


class LastLine:
    """The rule for the last line. Poets that know no full stop or the like aren't constrained."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._units = _Units(vocabulary)

    def forbid(self, text: str, logits: Logits) -> None:
        """Forbid the ids that must not follow a poem whose last line is being written, unless nothing would be left."""
        start = text.rfind("\n") + 1
        line = text[start:].strip()
        if not line or not self._units.stops:
            return
        is_punctuated, usual = _style(text[:start])
        if not is_punctuated:
            return
        share = len(line) / usual
        stage = sum(share >= each for each in (_LATER, _TOO_LONG))
        mask = self._units.forbidden(line[-1], ends_sentence(line), unclosed(text), stage)
        if logits[~mask].max(initial=-np.inf) > -np.inf:
            logits[mask] = -np.inf


class _Units:
    """The units of a vocabulary by what they do at the end of a line."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._texts = [unit if unit == "\n" else unit.strip(" ") for unit in vocabulary.symbols]
        self._spaced = np.array([unit[0] == " " for unit in vocabulary.symbols])
        self._cjk = np.array(["⺀" <= text[:1] <= "鿿" for text in self._texts])
        self._newline = np.array([text == "\n" for text in self._texts])
        self._marker = np.array([text == MARKER for text in self._texts])
        self._words = np.array([any(map(str.isalnum, text)) or not text for text in self._texts])
        self.stops = any(ends_sentence(text) for text in self._texts)
        self._known: dict[tuple[object, ...], Mask] = {}

    def forbidden(self, last: str, ended: bool, needed: str, stage: int) -> Mask:
        """Return what must not follow a line: by its last character, whether a sentence has `ended` there, the marks
        that are `needed` to close it, and the stage: 0 for a short line, 1 from three fifths on, 2 if it is too long.
        """
        needed = "".join(mark for mark in needed if mark in self._texts)
        inside = last.isalnum()
        key = (inside and ("⺀" <= last <= "鿿" or "letter"), ended, needed, stage)
        mask = self._known.get(key)
        if mask is None:
            mask = self._known[key] = ~self._allowed(inside, ended, needed, stage) | self._marker
        return mask

    def _allowed(self, inside: bool, ended: bool, needed: str, stage: int) -> Mask:
        if ended and not needed:
            return self._newline if stage else np.ones_like(self._newline)
        if not stage:
            return ~self._newline
        closings = tuple(accumulate(needed))
        if ended:
            return np.array([text in closings for text in self._texts]) & ~self._spaced
        closing = np.array([self._closes(text, closings) for text in self._texts])
        if stage == 1:
            return self._words | closing
        if inside:
            return (
                self._words & ~self._spaced & ~self._cjk & np.array(list(map(bool, self._texts)))
            ) | closing
        return self._words | closing

    def _closes(self, text: str, closings: tuple[str, ...]) -> bool:
        """Return whether punctuation ends a sentence or closes what is open, and opens nothing."""
        if not text or text == "\n" or any(map(str.isalnum, text)):
            return False
        if text in _WITHIN_WORD or text in closings:
            return True
        before = text.rstrip("".join(closings[-1:]))
        behind = text[len(before) :]
        return all(each in STOPS for each in before) and bool(before) and behind in ("", *closings)
