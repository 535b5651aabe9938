"""How well a poet predicts poems, in nats and bits per character. Each poem starts from the state of an empty seed."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.poets.interfaces import empty_seed_state
from poetbot.poets.network import Network, State
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary

_ROWS = 128


@dataclass(frozen=True)
class Score:
    """The result of `score`. `nats` is the sum over all `characters`, including the charge for unknown ones.

    `right` counts the characters that were the most likely ones; unknown ones never count.

    With `folded` case the characters are lower case, so there are fewer different ones. The nats cannot be compared
    with those of other poets, so there are no bits.
    """

    poems: int
    characters: int
    unknown_characters: int
    nats: float
    folded: bool = False
    right: int = 0

    @property
    def accuracy(self) -> float:
        """The share of characters that were the most likely ones."""
        return self.right / self.characters

    @property
    def nats_per_character(self) -> float:
        """The mean surprise in nats."""
        return self.nats / self.characters

    @property
    def bits_per_character(self) -> float | None:
        """The mean surprise in bits, or None for folded case."""
        return None if self.folded else self.nats_per_character / math.log(2)

    def as_json(self) -> dict[str, float | None]:
        """Return the figures as plain data. Folded case has nats per token instead of nats per character."""
        counts = {
            "poems": self.poems,
            "characters": self.characters,
            "unknown_characters": self.unknown_characters,
        }
        by_token = {"nats_per_token": self.nats_per_character} if self.folded else {}
        per_character = None if self.folded else self.nats_per_character
        return {
            **counts,
            **by_token,
            "nats_per_character": per_character,
            "bits_per_character": self.bits_per_character,
        }


def score(
    network: Network, vocabulary: Vocabulary, texts: Sequence[str], *, first: int | None = None
) -> Score:
    """Score `texts`, each in NFC with LF line ends, and a newline added if it has none at its end.

    Chinese in the other script is converted to the poet's. Every character counts, including that newline. An unknown
    character is charged log(V + 1) nats, and the network reads its replacement (`Vocabulary.fallback`) or nothing. A
    poet with folded case reads lower case. With `first`, only that many characters of each text are scored. Raises
    PoetBotError if there is nothing to score.
    """
    sequences: list[tuple[np.ndarray, np.ndarray]] = []
    characters = unknown = 0
    for text in texts:
        text = vocabulary.in_own_script(unicodedata.normalize("NFC", text.replace("\r\n", "\n")))
        text = text.lower() if network.recipe.fold_case else text
        text = text if text.endswith("\n") else text + "\n"
        text = text if first is None else text[:first]
        ids = vocabulary.ids_of(text)
        characters += len(text)
        counted = np.ones(len(ids), dtype=bool)
        if (ids < 0).any():
            ids, counted, missing = _with_fallbacks(vocabulary, text)
            unknown += missing
        sequences.append((ids, counted))
    if not characters:
        raise PoetBotError("There are no poems to score. Choose a file with at least one line of text.")
    nats, right = unknown * math.log(len(vocabulary) + 1), 0
    start = empty_seed_state(network, vocabulary)
    sequences.sort(key=lambda pair: -len(pair[0]))
    for at in range(0, len(sequences), _ROWS):
        more, likeliest = _nats(network, start, sequences[at : at + _ROWS], vocabulary.lengths)
        nats, right = nats + more, right + likeliest
    return Score(len(texts), characters, unknown, float(nats), network.recipe.fold_case, right)


def _with_fallbacks(vocabulary: Vocabulary, text: str) -> tuple[np.ndarray, np.ndarray, int]:
    if isinstance(
        vocabulary, Subwords
    ):  # the replacement may form one unit with its neighbours, so it counts as well
        units = vocabulary.ids_of(vocabulary.replace_unknown(text)[0])
        return units, np.ones(len(units), dtype=bool), sum(c not in vocabulary.ids for c in text)
    ids: list[int] = []
    counted: list[bool] = []
    missing = 0
    for character in text:
        known = vocabulary.ids.get(character)
        if known is not None:
            ids.append(known)
            counted.append(True)
            continue
        missing += 1
        for instead in vocabulary.fallback(character):
            ids.append(vocabulary.ids[instead])
            counted.append(False)
    return np.array(ids, dtype=np.int32), np.array(counted, dtype=bool), missing


def _nats(
    network: Network, start: State, sequences: list[tuple[np.ndarray, np.ndarray]], lengths_of: np.ndarray
) -> tuple[float, int]:
    """Sum the surprise of sequences of descending length, and count the characters of those that were most likely.

    Rows that have ended are removed from the end of the state.
    """
    state = start.repeated(len(sequences))
    lengths = np.array([len(ids) for ids, _ in sequences])
    total, right = 0.0, 0
    for t in range(int(lengths[0])):
        rows = int((lengths > t).sum())
        if rows < len(state.logits):
            state = state.take(slice(rows))
        ids = np.array([sequence[0][t] for sequence in sequences[:rows]], dtype=np.int32)
        counted = np.array([sequence[1][t] for sequence in sequences[:rows]], dtype=bool)
        logits = state.logits.astype(np.float64)
        largest = logits.max(axis=1)
        surprise = (
            np.log(np.exp(logits - largest[:, None]).sum(axis=1)) + largest - logits[np.arange(rows), ids]
        )
        total += float(surprise[counted].sum())
        right += int(lengths_of[ids][(logits.argmax(axis=1) == ids) & counted].sum())
        network.step(ids, state)
    return total, right
