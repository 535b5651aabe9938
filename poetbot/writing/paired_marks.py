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
        known = set("".join(vocabulary.symbols))
        self._pairs = [pair for pair in PAIRS if known.issuperset(pair)]
        self._with = {mark: _ids_with(vocabulary, mark) for pair in self._pairs for mark in pair}
        self._forbidden: dict[tuple[str, bool], npt.NDArray[np.intp]] = {}

    def forbid(self, text: str, logits: Logits) -> None:
        """Forbid the ids that must not follow the text."""
        are_open = ""
        for opening, closing in self._pairs:
            place = text.rfind(opening)
            if place >= 0 and place > text.rfind(closing):
                are_open += opening
        again = bool(are_open) and text[-1:] in ("\n", " ") and not text[text.rfind("\n") + 1 :].strip()
        forbidden = self._forbidden.get((are_open, again))
        if forbidden is None:
            forbidden = self._forbidden[are_open, again] = self._ids(are_open, again)
        if len(forbidden):
            logits[forbidden] = -np.inf

    def _ids(self, are_open: str, again: bool) -> npt.NDArray[np.intp]:
        """Return the ids that must not follow while these marks are open, where a quotation may be opened `again`."""
        marks = [opening if opening in are_open else closing for opening, closing in self._pairs]
        found = [self._with[mark] for mark in marks if not (again and mark in are_open and mark in _QUOTES)]
        return np.unique(np.concatenate(found)) if found else np.empty(0, np.intp)


def _ids_with(vocabulary: Vocabulary, mark: str) -> npt.NDArray[np.intp]:
    return np.array([number for number, unit in enumerate(vocabulary.symbols) if mark in unit], np.intp)
