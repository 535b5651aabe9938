"""What a poet may not write next. A constraint is a function of (text so far, logits) that changes the logits in place.

Forbidden ids get a logit of minus infinity, which no temperature can undo.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from poetbot.corpus.slurs import NEVER_WRITTEN
from poetbot.poem import MARKER
from poetbot.poets.interfaces import WritingVocabulary
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary
from poetbot.poets.word_vocabulary import Words
from poetbot.writing.subword_constraints import MOST_SPACES, SubwordConstraints, ends_of_word
from poetbot.writing.token_healing import NOTHING_PENDING, End
from poetbot.writing.word_constraints import WordConstraints


class Constraint(NamedTuple):
    """`forbid` applies only if the last character of the text ("" if it is empty) is in `after`.

    If `after` is None, it applies anywhere.
    """

    after: frozenset[str] | None
    forbid: Callable[[str, npt.NDArray[np.float32]], None]

    def __call__(self, text: str, logits: npt.NDArray[np.float32]) -> None:
        """Forbid the ids that must not follow the text."""
        if self.after is None or text[-1:] in self.after:
            self.forbid(text, logits)


_AT_LINE_START = frozenset(("", "\n"))


def constraints_of(
    vocabulary: WritingVocabulary, seed: str, *, open_end: bool, end: End = NOTHING_PENDING
) -> list[Constraint]:
    """Return the constraints of a poem that begins with `seed`. With `open_end` the poet decides where it ends.

    `end` describes how the seed ends for this poet.
    """
    if isinstance(vocabulary, Words):
        return [Constraint(None, WordConstraints(vocabulary, seed, open_end=open_end))]
    if isinstance(vocabulary, Subwords):
        return [Constraint(None, SubwordConstraints(vocabulary, seed, open_end=open_end, end=end))]
    if not isinstance(vocabulary, Vocabulary):
        raise TypeError(f"no constraints are known for {type(vocabulary)}")
    marker = whole_marker(vocabulary, seed) if open_end else no_marker(vocabulary)
    kept = [no_longer_word(vocabulary, seed)] if end.whole_word else []
    return [no_slurs(vocabulary), no_gaps(vocabulary), no_void(vocabulary), marker, *kept]


class ConstraintSet:
    """A set of constraints, indexed by the last character of the text: after most letters none applies."""

    def __init__(self, constraints: list[Constraint]) -> None:
        self._anywhere = [each for each in constraints if each.after is None]
        lasts = {last for each in constraints for last in each.after or ()}
        self._after = {last: [c for c in constraints if c.after is None or last in c.after] for last in lasts}

    def forbid(self, text: str, logits: npt.NDArray[np.float32]) -> None:
        """Forbid what must not follow the text."""
        for constraint in self._after.get(text[-1:], self._anywhere):
            constraint.forbid(text, logits)


def no_slurs(vocabulary: Vocabulary) -> Constraint:
    """Forbid the letter that would complete a slur."""
    last_letters: dict[str, list[int]] = {}
    for stem in NEVER_WRITTEN:
        ids = [i for i, c in enumerate(vocabulary.characters) if c.casefold() == stem[-1]]
        last_letters.setdefault(stem[:-1], []).extend(ids)
    ends = {stem[-2] for stem in NEVER_WRITTEN}

    def forbid(text: str, logits: npt.NDArray[np.float32]) -> None:
        for end in ends_of_word(text):
            if ids := last_letters.get(end):
                logits[ids] = -np.inf

    return Constraint(frozenset(c for c in vocabulary.characters if c.casefold()[-1] in ends), forbid)


def no_gaps(vocabulary: Vocabulary) -> Constraint:
    """Forbid a newline before any text, and a second blank line in a row."""
    newline = vocabulary.ids["\n"]

    def forbid(text: str, logits: npt.NDArray[np.float32]) -> None:
        if not text.strip("\n") or text.endswith("\n\n"):
            logits[newline] = -np.inf

    return Constraint(_AT_LINE_START, forbid)


def no_longer_word(vocabulary: Vocabulary, seed: str) -> Constraint:
    """Forbid a letter right after the seed, because its last word is complete."""
    letters = [number for number, each in enumerate(vocabulary.characters) if each.isalnum()]

    def forbid(text: str, logits: npt.NDArray[np.float32]) -> None:
        if text == seed:
            logits[letters] = -np.inf

    return Constraint(frozenset(seed[-1:]), forbid)


def no_void(vocabulary: Vocabulary) -> Constraint:
    """Forbid more than forty spaces in a row, which might never end at temperature 0."""
    spaces = [vocabulary.ids[" "]] if " " in vocabulary.ids else []

    def forbid(text: str, logits: npt.NDArray[np.float32]) -> None:
        if text.endswith(" " * MOST_SPACES):
            logits[spaces] = -np.inf

    return Constraint(frozenset(" "), forbid)


def no_marker(vocabulary: Vocabulary) -> Constraint:
    """Forbid the poem marker, for poems of a requested length. No poet writes a plus sign."""
    plus = vocabulary.ids[MARKER[0]]

    def forbid(text: str, logits: npt.NDArray[np.float32]) -> None:
        logits[plus] = -np.inf

    return Constraint(None, forbid)


def whole_marker(vocabulary: Vocabulary, seed: str) -> Constraint:
    """Allow the poem marker only as a whole, at the start of a line, and after something other than `seed`.

    The poem ends with it, so readers never see it. After its first character only the rest of it may follow.
    """
    plus, signs = vocabulary.ids[MARKER[0]], len(MARKER) - 1
    unlike = {wanted: np.array([each != wanted for each in vocabulary.characters]) for wanted in set(MARKER)}

    def forbid(text: str, logits: npt.NDArray[np.float32]) -> None:
        last = text[-1:] if len(text) > len(seed) else ""
        if last == MARKER[0]:
            begun = text.endswith(MARKER[:signs])
            logits[unlike[MARKER[signs] if begun else MARKER[0]]] = -np.inf
        elif last != "\n" or text[len(seed) :].isspace():
            logits[plus] = -np.inf

    return Constraint(None, forbid)
