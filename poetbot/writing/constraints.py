"""What a poet may not write next: a constraint is a function from (text so far, logits) to logits, in place.

Forbidden ids get a logit of minus infinity, so that no temperature brings them back.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from poetbot.corpus.poem import MARKER
from poetbot.corpus.slurs import STEMS
from poetbot.poets.kinds import WritingVocabulary
from poetbot.poets.vocabulary import Vocabulary
from poetbot.poets.words import Words
from poetbot.writing.word_constraints import WordConstraints

Constraint = Callable[[str, npt.NDArray[np.float32]], None]


def constraints_of(vocabulary: WritingVocabulary, seed: str, *, open_end: bool) -> list[Constraint]:
    """Return what holds for a poem that begins with `seed`; with `open_end` it ends where the poet ends it."""
    if isinstance(vocabulary, Words):
        return [WordConstraints(vocabulary, seed, open_end=open_end)]
    if not isinstance(vocabulary, Vocabulary):
        raise TypeError(f"no constraints are known for {type(vocabulary)}")
    end = not_empty(vocabulary, seed) if open_end else no_marker(vocabulary)
    return [no_slurs(vocabulary), no_gaps(vocabulary), end]


def no_slurs(vocabulary: Vocabulary) -> Constraint:
    """Forbid the letter that would complete one of the slurs that a poet never writes."""
    last_letters: dict[str, list[int]] = {}
    for stem in STEMS:
        ids = [i for i, c in enumerate(vocabulary.characters) if c.casefold() == stem[-1]]
        last_letters.setdefault(stem[:-1], []).extend(ids)
    longest = max(map(len, STEMS))

    def forbid(text: str, logits: npt.NDArray[np.float32]) -> None:
        start = len(text)
        while start > 0 and len(text) - start <= longest and text[start - 1].isalnum():
            start -= 1
        ids = last_letters.get(text[start:].casefold())
        if ids:
            logits[ids] = -np.inf

    return forbid


def no_gaps(vocabulary: Vocabulary) -> Constraint:
    """Forbid a line end where the poem has none yet, and a second blank line in a row."""
    newline = vocabulary.ids["\n"]

    def forbid(text: str, logits: npt.NDArray[np.float32]) -> None:
        if not text.strip("\n") or text.endswith("\n\n"):
            logits[newline] = -np.inf

    return forbid


def no_marker(vocabulary: Vocabulary) -> Constraint:
    """Forbid the poem's end, for when a length was asked for."""
    plus = vocabulary.ids[MARKER[0]]

    def forbid(text: str, logits: npt.NDArray[np.float32]) -> None:
        if not text or text.endswith("\n"):
            logits[plus] = -np.inf

    return forbid


def not_empty(vocabulary: Vocabulary, seed: str) -> Constraint:
    """Forbid the poem's end before anything was written."""
    plus = vocabulary.ids[MARKER[0]]

    def forbid(text: str, logits: npt.NDArray[np.float32]) -> None:
        if text == seed:
            logits[plus] = -np.inf

    return forbid
