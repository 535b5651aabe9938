"""Converts between characters and ids, with a fallback for characters that a poet does not know."""

import unicodedata
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from poetbot.corpus.chinese_scripts import in_known_script, other_forms
from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.poem import MARKER

MAX_SIZE = 65_535
PRIMING_CHARACTERS = 300
Ids = npt.NDArray[np.int32]


class Vocabulary:
    """The characters a poet knows, in the order of their ids."""

    unit = "characters"

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(characters)
        if not self.characters or len(self.characters) > MAX_SIZE:
            raise PoetBotError(
                "A poet can know 1 to {most:,} characters, not {given:,}.",
                most=MAX_SIZE,
                given=len(self.characters),
            )
        if any(not isinstance(c, str) or len(c) != 1 for c in self.characters):
            raise PoetBotError(
                "The vocabulary must be a list of single characters. Get the poet again from its source."
            )
        self.ids = {character: number for number, character in enumerate(self.characters)}
        if len(self.ids) != len(self.characters):
            raise PoetBotError("The vocabulary lists a character twice. Get the poet again from its source.")

    @staticmethod
    def of(texts: Iterable[str]) -> "Vocabulary":
        """Return the vocabulary of all characters of `texts`, by code point."""
        seen: set[str] = set()
        for text in texts:
            seen.update(text)
        return Vocabulary(sorted(seen))

    @staticmethod
    def from_json(data: Any) -> "Vocabulary":
        """Create a vocabulary from the result of `as_json`. Raises PoetBotError for anything else."""
        if not isinstance(data, list):
            raise PoetBotError(
                "The vocabulary must be a list of single characters. Get the poet again from its source."
            )
        return Vocabulary(data)

    def as_json(self) -> list[str]:
        """Return plain data for vocabulary.json."""
        return list(self.characters)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The characters."""
        return self.characters

    def __len__(self) -> int:
        return len(self.characters)

    @cached_property
    def lengths(self) -> Ids:
        """The characters that each id stands for, `[ids]`."""
        return np.ones(len(self), np.int32)

    @cached_property
    def _table(self) -> npt.NDArray[np.int32]:
        """Ids by code point, -1 if unknown. It ends with the largest known code point."""
        table = np.full(max(map(ord, self.characters)) + 1, -1, dtype=np.int32)
        for character, number in self.ids.items():
            table[ord(character)] = number
        return table

    def ids_of(self, text: str) -> Ids:
        """Return `[len(text)]` ids, -1 for each unknown character."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        known = codes < len(self._table)
        ids = np.full(len(codes), -1, dtype=np.int32)
        ids[known] = self._table[codes[known]]
        return ids

    def fallback(self, character: str) -> str:
        """Return the replacement of an unknown character, or "".

        Its NFKC form, else its base letter, else (Chinese) its form in the other script.
        """
        for form in ("NFKC", "NFKD"):
            replaced = unicodedata.normalize(form, character)
            if form == "NFKD":
                replaced = "".join(c for c in replaced if not unicodedata.combining(c))
            replaced = replaced.translate(_PUNCTUATION)
            if replaced and all(c in self.ids for c in replaced):
                return replaced
        return next((form for form in other_forms(character) if form in self.ids), "")

    def in_own_script(self, text: str) -> str:
        """Return a Chinese text in the script of which the poet knows more characters. The length stays the same."""
        return in_known_script(text, lambda characters: self.ids.keys() & set(characters))

    def replace_unknown(self, text: str) -> tuple[str, tuple[str, ...]]:
        """Return `text` with known characters only, and the characters that were dropped, each once."""
        if not any(c not in self.ids for c in set(text)):
            return text, ()
        stands_for = {c: self.fallback(c) for c in dict.fromkeys(text) if c not in self.ids}
        known = "".join(stands_for.get(c, c) for c in text)
        return known, tuple(c for c, instead in stands_for.items() if not instead)

    def readable(self, text: str) -> tuple[str, tuple[Message, ...]]:
        """Return `text` with known characters only, and a notice about those that were dropped."""
        known, dropped = self.replace_unknown(text)
        if not dropped:
            return known, ()
        shown = " ".join(dropped[:12]) + (" …" if len(dropped) > 12 else "")
        return known, (
            Message(
                "This poet doesn't know these characters, so they were left out: {characters}",
                characters=shown,
            ),
        )

    def priming(self, seed: str) -> Ids:
        """Return the ids of the last 300 characters of sixty markers + seed."""
        padded = MARKER * (PRIMING_CHARACTERS // len(MARKER)) + seed
        return self.ids_of(padded[-PRIMING_CHARACTERS:])

    def piece(self, number: int, after: str) -> str:
        """Return the character of an id, which is the same after any text."""
        return self.characters[number]

    def text_of(self, ids: Iterable[int]) -> str:
        """Return the text of `ids`."""
        return "".join(self.characters[i] for i in ids)


# NFKC keeps typographic quotes and dashes. A poet that knows only ASCII quotes and dashes reads those instead.
_PUNCTUATION = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "—": "-", "–": "-", "\t": " "}
)
