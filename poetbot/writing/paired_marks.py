"""Quotation marks and brackets: which are open, and a rule that a poet closes only those and opens none twice.

Single quotation marks are left out, because they are apostrophes too. The straight double mark is the same for both, so
it counts as opening where a word follows and none precedes it.
"""

import re

import numpy as np
import numpy.typing as npt

from poetbot.poets.vocabulary import Vocabulary

Logits = npt.NDArray[np.float32]

PAIRS = tuple(zip("“([«「『（《", "”)]»」』）》", strict=True))
STRAIGHT = '"'
_OPENS = re.compile(r'(?<![^\s(\[—–-])"(?=[^\s])|(?<![^\s(\[—–-])"\Z')
_QUOTES = "“"  # every stanza of a speech may open again


def unclosed(text: str) -> str:
    """Return the marks that close what is open at the end of a text, in the order in which they must come.

    At most one of each kind counts, because every stanza of a speech may open it again.
    """
    found = []
    for opening, closing in PAIRS:
        place = text.rfind(opening)
        if place > text.rfind(closing):
            found.append((place, closing))
    place = text.rfind(STRAIGHT)
    curly = max(text.rfind(mark) for mark in "“”")
    if place > curly and _OPENS.match(text, place):
        found.append((place, STRAIGHT))
    return "".join(closing for _, closing in sorted(found, reverse=True))


class PairedMarks:
    """Forbids marks that close what isn't open, and those that open a second time within a line."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._pairs = [
            (opening, closing, _ids_with(vocabulary, opening), _ids_with(vocabulary, closing))
            for opening, closing in PAIRS
            if {opening, closing} <= set("".join(vocabulary.symbols))
        ]

    def forbid(self, text: str, logits: Logits) -> None:
        """Forbid the ids that must not follow the text."""
        for opening, closing, openings, closings in self._pairs:
            is_open = text.rfind(opening) > text.rfind(closing)
            if not is_open:
                logits[closings] = -np.inf
            elif not (
                opening in _QUOTES and text[-1:] in ("\n", " ") and not text[text.rfind("\n") + 1 :].strip()
            ):
                logits[openings] = -np.inf


def _ids_with(vocabulary: Vocabulary, mark: str) -> npt.NDArray[np.intp]:
    return np.array([number for number, unit in enumerate(vocabulary.symbols) if mark in unit], np.intp)
