"""What the next character of a line must be in Chinese, Japanese or Korean, so that the line has its signs and its mark.

A line is counted by signs, as the overlap report counts words; see `form_rules.py` for what a rule is.
"""

from collections.abc import Collection

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.overlap.normalization import CJK, KIND, LETTER, code_points, kinds_of
from poetbot.poets.vocabulary import Vocabulary
from poetbot.writing.form_rules import Logits, Mask


class SignKinds:
    """Which characters a poet knows are signs, which are letters and figures of other scripts, as masks `[ids]`."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        kinds = kinds_of(code_points("".join(vocabulary.characters))) & KIND
        self.vocabulary = vocabulary
        self.signs: Mask = kinds == CJK
        self.letters: Mask = kinds == LETTER
        self.newline = vocabulary.ids["\n"]

    def only(self, characters: Collection[str]) -> Mask:
        """Return the mask of those of these characters that the poet knows."""
        mask = np.zeros(len(self.signs), np.bool_)
        mask[[self.vocabulary.ids[each] for each in characters if each in self.vocabulary.ids]] = True
        return mask


class SignCount:
    """The line has exactly `count` signs. With `closing` nothing stands between them, and one of these marks ends it.

    With `last`, its last sign is one of these. What a person began and made too long is left alone.
    Raises PoetBotError where the poet knows none of the marks.
    """

    def __init__(
        self, kinds: SignKinds, count: int, closing: str = "", last: Collection[str] | None = None
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
        """Forbid signs too many, an end too early, and whatever does not belong between and behind them."""
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
