"""Rules for Chinese, Japanese and Korean lines: the number of characters, and the punctuation mark at the end.

Characters are counted as the overlap report counts words; see `form_rules.py` for rules in general.
"""

from collections.abc import Collection

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.overlap.normalization import CJK, KIND, LETTER, code_points, kinds_of
from poetbot.poets.vocabulary import Vocabulary
from poetbot.writing.form_rules import Logits, Mask


class CjkCharacters:
    """Masks `[ids]` of a poet's CJK characters, and of letters and digits of other scripts."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        kinds = kinds_of(code_points("".join(vocabulary.characters))) & KIND
        self.vocabulary = vocabulary
        self.signs: Mask = kinds == CJK
        self.letters: Mask = kinds == LETTER
        self.newline = vocabulary.ids["\n"]

    def only(self, characters: Collection[str]) -> Mask:
        """Return the mask of these characters, as far as the poet knows them."""
        mask = np.zeros(len(self.signs), np.bool_)
        mask[[self.vocabulary.ids[each] for each in characters if each in self.vocabulary.ids]] = True
        return mask


class CharacterCount:
    """The line has exactly `count` characters. With `closing` it has nothing else but one of these marks at the end.

    With `last`, its last character is one of these. A line whose typed beginning is already too long isn't constrained.
    Raises PoetBotError if the poet knows none of the marks.
    """

    def __init__(
        self, kinds: CjkCharacters, count: int, closing: str = "", last: Collection[str] | None = None
    ) -> None:
        self._count = count
        end = np.zeros_like(kinds.signs)
        end[kinds.newline] = True
        marks = kinds.only(closing)
        if closing and not marks.any():
            raise PoetBotError(
                "This poet never ends a line with {mark}. Set syllables and rhymes without couplets.",
                mark=closing[0],
            )
        self._closing = closing
        within = kinds.signs if closing else ~(end | kinds.letters)
        final = within if last is None else within & (kinds.only(last) | ~kinds.signs)
        behind = marks if closing else ~(kinds.signs | kinds.letters)
        self._not_within, self._not_final, self._not_behind, self._not_end = ~within, ~final, ~behind, ~end

    def key(self, line: str) -> str:
        """Return the line."""
        return line

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid too many characters, too early an end, and anything that doesn't belong in or after the line."""
        kinds = kinds_of(code_points(line)) & KIND
        left = self._count - int((kinds == CJK).sum())
        if left < 0:
            return
        if left:
            logits[self._not_final if left == 1 else self._not_within] = -np.inf
        elif kinds.size and kinds[-1] == CJK:
            logits[self._not_behind] = -np.inf
        else:
            logits[self._not_end] = -np.inf
