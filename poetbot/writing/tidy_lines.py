"""The rules that keep the lines of a poem tidy, for one vocabulary: indentation, first letters, and quotation marks and
brackets. `last_line.py` has the one for the last line.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from poetbot.poets.interfaces import WritingVocabulary
from poetbot.poets.vocabulary import Vocabulary
from poetbot.writing.indentation import SteadyIndentation
from poetbot.writing.last_line import LastLine
from poetbot.writing.line_starts import LineStarts
from poetbot.writing.paired_marks import PairedMarks

Logits = npt.NDArray[np.float32]


class TidyLines:
    """The rules for lines; `last_line` is the one for the last line of a poem."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        # Indentation first: the odds of a space are those before any letter is forbidden.
        self._starts = SteadyIndentation(vocabulary), LineStarts(vocabulary)
        self._marks = PairedMarks(vocabulary)
        self.last_line = LastLine(vocabulary)

    def forbid(self, text: str, logits: Logits) -> None:
        """Forbid the ids that must not follow a poem so far."""
        if not text[-1:].isalnum() and not text[text.rfind("\n") + 1 :][:1].isalnum():
            for rule in self._starts:
                rule.forbid(text, logits)
        self._marks.forbid(text, logits)


def tidy_lines(vocabulary: WritingVocabulary) -> TidyLines | None:
    """Return the rules for a vocabulary, None for poets of words, whose lines have neither marks nor capitals of their own."""
    return _kept(vocabulary) if isinstance(vocabulary, Vocabulary) else None


_kept = lru_cache(maxsize=8)(TidyLines)


class InPoem:
    """A rule for a line (`form_rules.Rule`), made from one for the whole poem. `before` may end inside the line."""

    def __init__(self, forbid: Callable[[str, Logits], None], before: str) -> None:
        self._forbid, self._before = forbid, before[: before.rfind("\n") + 1]

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid the ids that must not follow the line, unless a part of it is still to be read."""
        if not pending:
            self._forbid(self._before + line, logits)
