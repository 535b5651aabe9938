"""What the next characters of a line must be, so that the line comes out as it was asked for.

A rule forbids ids in the logits, in place, for the line as far as it is written; see `constraints.py`, which says what
holds for every poem. A poet of words is given the rule of the first letter alone: its words are words already, and the
rest of a form is chosen among its drafts.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from poetbot.errors import PoetBotError
from poetbot.poets.interfaces import WritingVocabulary
from poetbot.poets.vocabulary import Vocabulary
from poetbot.writing.lexicon import NO_SYLLABLES, Lexicon, begun, plain

Logits = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_CLOSING = frozenset(',.;:!?…—”")')
_MOST_CLOSING = 2  # marks behind the last word
_MOST_MASKS = 20_000


class Rule(Protocol):
    """Forbids what must not follow."""

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid, in the next id's logits `[ids]`, what must not follow the line so far.

        `pending` is the line's end that the network has not read: the next unit puts it there again.
        """


class FirstLetter:
    """The line begins with this letter, large or small. Raises PoetBotError where the poet does not know it."""

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
    """Every word of the line is one of a lexicon; with `syllables` the line has exactly so many and ends with them.

    One rule serves many lines and several threads: what it has found out is kept.

    A word that a person began and the lexicon does not have may end where it is, and a line that a person made too
    long already is left alone.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        lexicon: Lexicon,
        syllables: int | None = None,
        count: Callable[[str], int] | None = None,
    ) -> None:
        self._characters = Characters(vocabulary)
        self._lexicon, self._syllables, self._count = lexicon, syllables, count
        self._counted: dict[str, int] = {}
        self._masks: dict[tuple[str, int, int], Mask] = {}

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid letters that lead to no word, and an end before or after the last syllable."""
        key = self.key(line)
        if key[1] < 0:
            return
        mask = self._masks.get(key)
        if mask is None:
            if len(self._masks) > _MOST_MASKS:
                self._masks.clear()
            mask = self._masks[key] = self._forbidden(*key)
        logits[mask] = -np.inf

    def key(self, line: str) -> tuple[str, int, int]:
        """Return the word that the line ends in, how many syllables that has room for, and the marks that close it."""
        beginning = begun(line)
        room = NO_SYLLABLES
        if self._syllables is not None:
            room = self._syllables - self._syllables_of(line[: len(line) - len(beginning)])
        closing = 0
        while room == 0 and closing < _MOST_CLOSING and line[-1 - closing :][:1] in _CLOSING:
            closing += 1
        return beginning, room, closing

    def _syllables_of(self, words: str) -> int:
        counted = self._counted.get(words)
        if counted is None:
            if len(self._counted) > _MOST_MASKS:
                self._counted.clear()
            counted = self._counted[words] = self._count(words) if self._count else 0
        return counted

    def _forbidden(self, beginning: str, room: int, closing: int) -> Mask:
        characters, lexicon = self._characters, self._lexicon
        letters, whole = lexicon.after(beginning, room)
        quoted = beginning.endswith("'")
        if quoted:  # it may have closed a quotation; where syllables are counted it never does
            whole = room == NO_SYLLABLES and lexicon.after(beginning[:-1], room)[1]
        if beginning and not letters and not whole:
            whole = True  # somebody else's word
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
    """The line ends with one word of a lexicon, which begins at character `start` of the line."""

    def __init__(self, vocabulary: Vocabulary, lexicon: Lexicon, start: int) -> None:
        self._characters, self._lexicon, self._start = Characters(vocabulary), lexicon, start

    def key(self, line: str) -> str:
        """Return the last word as far as it is written."""
        return plain(line[self._start :])

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid letters that lead to none of the words, and behind it all but closing marks and the line's end."""
        characters, word = self._characters, plain(line[self._start :])
        closing = len(word) - len(word.rstrip("".join(_CLOSING)))
        letters, whole = self._lexicon.after(word)
        allowed = characters.letters(letters - {"'"})
        if "'" in letters:
            allowed |= characters.apostrophe
        if whole or (closing and self._lexicon.after(word[: len(word) - closing])[1]):
            allowed |= characters.end(closing)
        logits[~allowed] = -np.inf


class Characters:
    """The characters a poet knows, sorted: letters, apostrophes, the line end and all others, as masks `[ids]`."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        known = vocabulary.characters
        self._plain = np.array([plain(each) if each.isalnum() else "" for each in known])
        self.others: Mask = self._plain == ""
        self.newline = vocabulary.ids["\n"]
        self.apostrophe: Mask = np.array([plain(each) == "'" for each in known])
        self._closing: Mask = np.array([each in _CLOSING for each in known])
        self._by_letter: dict[str, Mask] = {}

    def letters(self, wanted: frozenset[str]) -> Mask:
        """Return which ids are one of these letters, large or small."""
        allowed = np.zeros(len(self._plain), np.bool_)
        for letter in wanted:
            if letter not in self._by_letter:
                self._by_letter[letter] = self._plain == letter
            allowed |= self._by_letter[letter]
        return allowed

    def end(self, closing: int) -> Mask:
        """Return which ids end a line that has so many closing marks already."""
        allowed = self._closing.copy() if closing < _MOST_CLOSING else np.zeros_like(self._closing)
        allowed[self.newline] = True
        return allowed
