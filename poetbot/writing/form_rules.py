"""Rules that make a line fit its form.

A rule forbids ids in the logits, in place, given the line so far; `constraints.py` has what holds for every poem. Poets
of words use only the rule of the first letter: their words are real anyway, and the rest of a form is left to the
choice among drafts.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from poetbot.errors import PoetBotError
from poetbot.poets.interfaces import WritingVocabulary
from poetbot.poets.vocabulary import Vocabulary
from poetbot.writing.lexicon import NO_SYLLABLES, Lexicon, begun, casefolded

Logits = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

CLOSING = frozenset(',.;:!?…—”")，。；：！？、')
MOST_CLOSING = 2  # marks after the last word
_MARKS = ",.;:!?—"  # which have no effect on the syllables before them
_MOST_MASKS = 20_000


class Rule(Protocol):
    """Forbids ids."""

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid, in the logits `[ids]`, what must not follow the line so far.

        `pending` is the end of the line that the network hasn't read; the next unit includes it.
        """


class FirstLetter:
    """The line begins with this letter, in either case. Raises PoetBotError if the poet doesn't know it."""

    def __init__(self, vocabulary: WritingVocabulary, letter: str) -> None:
        wanted = letter.casefold()
        first = {number: word[:1] for word, number in vocabulary.ids.items()}
        self._others = np.array([first.get(k, "").casefold() != wanted for k in range(len(vocabulary))])
        if self._others.all():
            raise PoetBotError(
                "This poet doesn't know the letter {letter}, so no line can begin with it.", letter=letter
            )

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid all other letters at the line's beginning."""
        if not line:
            logits[self._others] = -np.inf


class Spelling:
    """Every word of the line is in a lexicon. With `syllables` the line has exactly that many.

    One rule serves many lines and several threads, and caches its results. A typed word that isn't in the lexicon may
    end where it is, and a line whose typed beginning is already too long isn't constrained.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        lexicon: Lexicon,
        syllables: int | None = None,
        count: Callable[[str], int] | None = None,
    ) -> None:
        self._characters = _characters_of(vocabulary)
        self.lexicon, self._syllables, self._count = lexicon, syllables, count
        self._counted: dict[str, int] = {}
        self._masks: dict[tuple[str, int, int], Mask] = {}

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid letters that lead to no word, and an end at the wrong number of syllables."""
        mask = self.forbidden(line)
        if mask is not None:
            logits[mask] = -np.inf

    def forbidden(self, line: str) -> Mask | None:
        """Return which ids must not follow the line, None if all may."""
        key = self.key(line)
        if key[1] < 0:
            return None
        mask = self._masks.get(key)
        if mask is None:
            if len(self._masks) > _MOST_MASKS:
                self._masks.clear()
            mask = self._masks[key] = self._forbidden(*key)
        return mask

    def key(self, line: str) -> tuple[str, int, int]:
        """Return the word at the end of the line, the syllables left for it, and the number of closing marks."""
        beginning = begun(line)
        room = NO_SYLLABLES
        if self._syllables is not None:
            room = self._syllables - self._syllables_of(line[: len(line) - len(beginning)])
        closing = 0
        while room == 0 and closing < MOST_CLOSING and line[-1 - closing :][:1] in CLOSING:
            closing += 1
        return beginning, room, closing

    def _syllables_of(self, words: str) -> int:
        words = words.rstrip(_MARKS)  # many lines differ only in their last mark
        counted = self._counted.get(words)
        if counted is None:
            if len(self._counted) > _MOST_MASKS:
                self._counted.clear()
            counted = self._counted[words] = self._count(words) if self._count else 0
        return counted

    def _forbidden(self, beginning: str, room: int, closing: int) -> Mask:
        characters, lexicon = self._characters, self.lexicon
        letters, whole = lexicon.after(beginning, room)
        quoted = beginning.endswith("'")
        if quoted:  # it may close a quotation, but not where syllables are counted
            whole = room == NO_SYLLABLES and lexicon.after(beginning[:-1], room)[1]
        if beginning and not letters and not whole:
            whole = True  # a typed word
        allowed = characters.letters(letters - {"'"})
        if beginning and not quoted and "'" in letters:
            allowed |= characters.apostrophe
        if beginning and not whole:
            return ~allowed
        left = NO_SYLLABLES
        if room < NO_SYLLABLES:
            left = room - (self._syllables_of(beginning) if beginning else 0)
        if left > 0:
            others = characters.others.copy()
            if left < NO_SYLLABLES:
                others &= ~characters.apostrophe  # in 'tis and th' it counts
                others[characters.newline] = False
            return ~(allowed | others)
        return ~(allowed | characters.end(closing))


class Ending:
    """The line ends with a word of a lexicon, which begins at character `start` of the line."""

    def __init__(self, vocabulary: Vocabulary, lexicon: Lexicon, start: int) -> None:
        self._characters, self._lexicon, self._start = _characters_of(vocabulary), lexicon, start

    def key(self, line: str) -> str:
        """Return the last word so far."""
        return casefolded(line[self._start :])

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid letters that lead to none of the words, and after it everything but closing marks and the newline."""
        characters, word = self._characters, casefolded(line[self._start :])
        closing = len(word) - len(word.rstrip("".join(CLOSING)))
        letters, whole = self._lexicon.after(word)
        allowed = characters.letters(letters - {"'"})
        if "'" in letters:
            allowed |= characters.apostrophe
        if whole or (closing and self._lexicon.after(word[: len(word) - closing])[1]):
            allowed |= characters.end(closing)
        logits[~allowed] = -np.inf


class Characters:
    """Masks `[ids]` of a poet's letters, apostrophes, newline and other characters."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        known = vocabulary.characters
        self._plain = np.array([casefolded(each) if each.isalnum() else "" for each in known])
        self.others: Mask = self._plain == ""
        self.newline = vocabulary.ids["\n"]
        self.apostrophe: Mask = np.array([casefolded(each) == "'" for each in known])
        self._closing: Mask = np.array([each in CLOSING for each in known])
        self._by_letter: dict[str, Mask] = {}

    def letters(self, wanted: frozenset[str]) -> Mask:
        """Return which ids are one of these letters, in either case."""
        allowed = np.zeros(len(self._plain), np.bool_)
        for letter in wanted:
            if letter not in self._by_letter:
                self._by_letter[letter] = self._plain == letter
            allowed |= self._by_letter[letter]
        return allowed

    def end(self, closing: int) -> Mask:
        """Return which ids may end a line that already has this many closing marks."""
        allowed = self._closing.copy() if closing < MOST_CLOSING else np.zeros_like(self._closing)
        allowed[self.newline] = True
        return allowed


_characters_of = lru_cache(maxsize=16)(Characters)
