"""The surprise of a poet at a text: the probability of each character, and the most likely alternatives.

As in `score`, the poet reads the text from the state of an empty seed and knows only what comes before a character.
The perplexity of a line is exp of its mean surprise in nats per character (Jelinek, Mercer, Bahl & Baker 1977),
including its line end: the number of equally likely characters that would be as hard to predict.
"""

import csv
import io
import math
import unicodedata
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.poem import MARKER
from poetbot.poets.folder import Poet
from poetbot.poets.interfaces import WritingNetwork, WritingVocabulary
from poetbot.poets.sampling import probabilities
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary
from poetbot.poets.word_vocabulary import LINE, POEM_END, STANZA, UNKNOWN, Words, tokens

LARGEST = 20_000
"""Maximum length of a text in characters. It takes about ten seconds."""
NEXT_BEST = 5


class Guess(NamedTuple):
    """A character (or word) that the poet could have written, and its probability."""

    text: str
    probability: float


@dataclass(frozen=True)
class Unit:
    """A character, a subword, or a word or mark, depending on the poet. `line` counts from 1.

    `rank` is 1 for the most likely one. An unknown one has rank None and is charged log(V + 1) nats, as in `score`.
    `best` holds the most likely alternatives.
    """

    text: str
    line: int
    probability: float
    nats: float
    rank: int | None
    best: tuple[Guess, ...]


@dataclass(frozen=True)
class Line:
    """A line (from 1), its number of characters (or words and marks) with the line end, and its total surprise."""

    line: int
    units: int
    nats: float

    @property
    def perplexity(self) -> float:
        """The exponential of the mean surprise."""
        return math.exp(self.nats / self.units)


@dataclass(frozen=True)
class Surprise:
    """The result of `surprise`. The concatenated units are the text in NFC with LF line ends.

    `unit` says what figures are per: "characters" or "words". `level` says what `units` are: those or "subwords".
    """

    unit: str
    units: tuple[Unit, ...]
    lines: tuple[Line, ...]
    level: str

    @property
    def nats(self) -> float:
        """The mean surprise, in nats per character, or per word or mark."""
        return sum(unit.nats for unit in self.units) / sum(line.units for line in self.lines)

    @property
    def perplexity(self) -> float:
        """The exponential of the mean surprise."""
        return math.exp(self.nats)

    def as_json(self) -> dict[str, object]:
        """Return the figures as plain data."""
        return {
            "unit": self.unit,
            "level": self.level,
            "nats": self.nats,
            "perplexity": self.perplexity,
            "lines": [
                {"line": line.line, "units": line.units, "nats": line.nats, "perplexity": line.perplexity}
                for line in self.lines
            ],
            "units": [
                {
                    "text": unit.text,
                    "line": unit.line,
                    "probability": unit.probability,
                    "rank": unit.rank,
                    "best": [[guess.text, guess.probability] for guess in unit.best],
                }
                for unit in self.units
            ],
        }

    def as_csv(self) -> str:
        """Return every unit with its alternatives as CSV (RFC 4180)."""
        page = io.StringIO()
        writer = csv.writer(page)
        best = [f"best_{k}{what}" for k in range(1, NEXT_BEST + 1) for what in ("", "_probability")]
        writer.writerow(["line", self.level, "probability", "nats", "rank", *best])
        for unit in self.units:
            guesses: list[Any] = [part for guess in unit.best for part in guess]
            writer.writerow([unit.line, unit.text, unit.probability, unit.nats, unit.rank, *guesses])
        return page.getvalue()


def surprise(poet: Poet, text: str) -> Surprise:
    """Return how much each character and each line of a text surprises a poet.

    The text is read in NFC with LF line ends, a newline is added if it has none at its end, and Chinese is converted to
    the poet's script. A poet with folded case reads lower case. For a word poet, probabilities cover only what it can
    write. Raises PoetBotError for a text without a word or with more than 20,000 characters.
    """
    if not isinstance(text, str) or not text.strip():
        raise PoetBotError("There is no poem to analyse. Write at least one word.")
    if len(text) > LARGEST:
        raise PoetBotError(
            "The poem is too long. Analyse at most {most:,} characters at a time.", most=LARGEST
        )
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    poet = poet.in_floats  # as for scores
    vocabulary = poet.vocabulary
    if isinstance(vocabulary, Words):
        units = _words(poet, vocabulary, text)
    elif isinstance(vocabulary, Vocabulary):
        text = text.lower() if poet.recipe.fold_case else text
        text = text if text.endswith("\n") else text + "\n"
        units = (
            _subwords(poet, vocabulary, text)
            if isinstance(vocabulary, Subwords)
            else _characters(poet, vocabulary, text)
        )
    else:
        raise TypeError(f"no way to look at a text with {type(vocabulary)}")
    lines: dict[int, list[Unit]] = {}
    for unit in units:
        lines.setdefault(unit.line, []).append(unit)
    counted = (
        Line(number, sum(_size(unit, vocabulary) for unit in found), sum(unit.nats for unit in found))
        for number, found in lines.items()
    )
    return Surprise(vocabulary.unit, tuple(units), tuple(counted), poet.recipe.level)


def _size(unit: Unit, vocabulary: WritingVocabulary) -> int:
    return 1 if isinstance(vocabulary, Words) else len(unit.text)


def _subwords(poet: Poet, vocabulary: Subwords, text: str) -> list[Unit]:
    network, state = poet.network, poet.empty_seed.copy()
    units, line, at = [], 1, 0
    read = vocabulary.in_own_script(text)
    for number in vocabulary.ids_of(read).tolist():
        length = 1 if number < 0 else int(vocabulary.lengths[number])
        written = text[at : at + length]
        known = None if number < 0 else number
        units.append(_unit(written, line, state.logits[0], known, vocabulary.symbols, len(vocabulary)))
        for instead in (
            [number] if known is not None else vocabulary.ids_of(vocabulary.fallback(read[at])).tolist()
        ):
            _read(network, instead, state)
        line += written == "\n"
        at += length
    return units


def _characters(poet: Poet, vocabulary: Vocabulary, text: str) -> list[Unit]:
    network, state = poet.network, poet.empty_seed.copy()
    units, line = [], 1
    for character, read in zip(text, vocabulary.in_own_script(text), strict=True):
        known = vocabulary.ids.get(read)
        units.append(_unit(character, line, state.logits[0], known, vocabulary.symbols, len(vocabulary)))
        for instead in read if known is not None else vocabulary.fallback(read):
            _read(network, vocabulary.ids[instead], state)
        line += character == "\n"
    return units


def _words(poet: Poet, vocabulary: Words, text: str) -> list[Unit]:
    network, state = poet.network, poet.empty_seed.copy()
    named = ["", "", LINE, STANZA, MARKER, *vocabulary.words]
    units, line = [], 1
    keys = tokens(text)
    for key, number in zip([*keys, "\n"], [*vocabulary.ids_of(text).tolist(), POEM_END], strict=True):
        known = None if number == UNKNOWN else number
        units.append(_unit(key, line, state.logits[0], known, named, len(vocabulary)))
        _read(network, number, state)
        line += key.count("\n")
    return units


def _read(network: WritingNetwork, number: int, state: Any) -> None:
    network.step(np.array([number], np.int32), state)


def _unit(text: str, line: int, logits: np.ndarray, known: int | None, names: Any, size: int) -> Unit:
    shares = probabilities(logits, 1.0)
    order = np.argsort(-shares, kind="stable")[: NEXT_BEST + 1].tolist()
    best = tuple(Guess(names[k], float(shares[k])) for k in order if k != known and shares[k] > 0)[:NEXT_BEST]
    if known is None or not shares[known] > 0:
        return Unit(text, line, 0.0, math.log(size + 1), None, best)
    share = float(shares[known])
    return Unit(text, line, share, -math.log(share), int((shares > share).sum()) + 1, best)
