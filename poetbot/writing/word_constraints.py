"""The constraints of poets of words; `constraints.py` has those of characters."""

import numpy as np
import numpy.typing as npt

from poetbot.corpus.slurs import NEVER_WRITTEN, STEMS, has_slur
from poetbot.poem import MARKER
from poetbot.poets.word_vocabulary import FIRST_WORD, LINE_END, POEM_END, Words, ends_in_word
from poetbot.writing.subword_constraints import ends_of_word


class WordConstraints:
    """No slurs, no plus signs (the poem marker consists of them), no empty lines, no two separators in a row.

    With `open_end` the poem may end, but not before anything was written after `seed`.
    """

    def __init__(self, vocabulary: Words, seed: str, *, open_end: bool) -> None:
        numbered = list(enumerate(vocabulary.words, FIRST_WORD))
        slurs = tuple(NEVER_WRITTEN - STEMS)
        never = [
            number
            for number, word in numbered
            if has_slur(word) or word.casefold().startswith(slurs) or MARKER[0] in word
        ]
        self._never = np.array(never if open_end else [*never, POEM_END], dtype=np.intp)
        self._separators = np.array(
            [number for number, word in numbered if not word[0].isalnum()], dtype=np.intp
        )
        self._compounds: dict[str, list[int]] = {}
        """The words that would complete a slur, by the word before the hyphen, with it."""
        for stem in NEVER_WRITTEN:
            first, hyphen, last = stem.partition("-")
            if hyphen:
                found = [number for number, word in numbered if word.casefold().startswith(last)]
                self._compounds.setdefault(first + hyphen, []).extend(found)
        self._seed = seed

    def __call__(self, text: str, logits: npt.NDArray[np.float32]) -> None:
        """Forbid what must not follow the text."""
        logits[self._never] = -np.inf
        if text.endswith("-") and (slurs := self._compounds.get(ends_of_word(text)[-1])):
            logits[slurs] = -np.inf
        if text[-1:] in ("", "\n"):
            logits[LINE_END:FIRST_WORD] = -np.inf
        elif not ends_in_word(text):
            logits[self._separators] = -np.inf
        if text == self._seed:
            logits[POEM_END] = -np.inf
