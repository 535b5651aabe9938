"""The margin of a line: how far it is moved in does not depend on the temperature.

A network cannot count spaces. One that has read lines that stand far to the right, as in printed plays, holds another
space for likely after twenty of them, nineteen times of twenty. Temperatures below 1 make that nearly certain: the line
never begins, and the poem, which has now seen such a line, goes on with more of them. So before a line has begun, a space is
drawn as at temperature 1, and the temperature decides among what else may stand there.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from poetbot.poets.interfaces import WritingVocabulary
from poetbot.poets.vocabulary import Vocabulary

Logits = npt.NDArray[np.float32]


@lru_cache(maxsize=8)
def _spaces_of(vocabulary: Vocabulary) -> tuple[int, ...]:
    return tuple(number for number, each in enumerate(vocabulary.symbols) if not each.strip(" "))


class Layout:
    """The margin for one vocabulary; that of words has none."""

    def __init__(self, vocabulary: WritingVocabulary) -> None:
        self._spaces = _spaces_of(vocabulary) if isinstance(vocabulary, Vocabulary) else ()

    def at_margin(self, text: str) -> bool:
        """Return whether `text` ends where a line has not begun yet."""
        return (
            bool(self._spaces)
            and text[-1:] in ("", "\n", " ")
            and not text[text.rfind("\n") + 1 :].strip(" ")
        )

    def drawn_from(self, logits: Logits, temperature: float) -> Logits:
        """Return the logits `[ids]` to draw from at this temperature, at the margin: new ones, of which spaces alone differ.

        At temperature 0 they are the same: what is likeliest is not drawn.
        """
        spaces = [number for number in self._spaces if logits[number] > -np.inf]
        if not spaces or temperature == 0:
            return logits
        others = np.delete(logits, spaces).astype(np.float64)
        highest = others.max()
        if highest == -np.inf:
            return logits
        others -= highest
        with np.errstate(over="ignore"):  # to minus infinity, which is right
            tempered = np.log(np.exp(others / temperature).sum())
        total = np.log(np.exp(others).sum())
        changed = logits.copy()
        for space in spaces:
            odds = float(logits[space]) - highest - total  # of these spaces at temperature 1
            changed[space] = highest + temperature * (odds + tempered)
        return changed
