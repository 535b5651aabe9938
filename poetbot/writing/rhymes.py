"""The words that rhyme with a word, ranked by how likely a poet is to use them.

English rhymes are those of `verse.rhyme`, by the CMU Pronouncing Dictionary, among the words the poet has read. Chinese
rhymes are the characters of the same rhyme group (`verse.chinese`) among those the poet knows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.verse import Rhyme, character_rhyme, last_word, word_rhyme
from poetbot.verse.chinese import HAN, readings
from poetbot.verse.rhyme import endings
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.request import MAX_SEED, clean_seed, validate_integer
from poetbot.writing.surprise import read_surprise
from poetbot.writing.word_sounds import ChineseSounds, EnglishSounds

MAX_RHYMES = 200
_MAX_WORD = 200  # characters of the word, or of the line that ends with it
_TRIED = 128  # of each kind, the most frequent, are tried at the end of a line
_LOOKED_AT = 2_000  # characters before the end of the line that the poet reads


@dataclass(frozen=True)
class RhymingWord:
    """A word that rhymes. `kind` is "perfect" or "near", `count` how often the training poems use it.

    `log_probability` is that of ending the present line with it, in nats; None if no line was given.
    """

    word: str
    kind: str
    count: int
    log_probability: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Rhymes:
    """The rhymes of a word, perfect ones first, each kind from the likeliest on.

    `group` is the rhyme of a Chinese character and its tone, such as "tang level"; "" for English.
    """

    word: str
    group: str
    words: tuple[RhymingWord, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {"word": self.word, "group": self.group, "rhymes": [each.as_json() for each in self.words]}


def rhymes(cached: CachedPoet, word: str, *, before: str | None = None, count: int = 20) -> Rhymes:
    """Return up to `count` perfect and as many near rhymes of a word or a line's last word.

    They are ranked by their frequency in the training poems; with `before`, a poem whose last line isn't finished, by
    the probability of ending that line with them.
    Raises PoetBotError if no rhymes are known in the poet's language, or the word has none.
    """
    validate_integer("count", count, 1, MAX_RHYMES)
    if not isinstance(word, str) or len(word) > _MAX_WORD:
        raise PoetBotError("Give one word, of at most {most:,} characters.", most=_MAX_WORD)
    if before is not None and (not isinstance(before, str) or len(before) > MAX_SEED):
        raise PoetBotError("The poem must be text of at most {most:,} characters.", most=MAX_SEED)
    ending, group, found = _found(cached, word)
    ranked: list[RhymingWord] = []
    for kind in ("perfect", "near"):
        some = sorted(
            (each for each in found if each.kind == kind), key=lambda each: (-each.count, each.word)
        )
        if before is not None:
            some = _by_probability(cached, before, some[:_TRIED])
        ranked += some[:count]
    if not ranked:
        raise PoetBotError("Nothing that this poet has read rhymes with {word}.", word=ending)
    return Rhymes(ending, group, tuple(ranked))


def _found(cached: CachedPoet, word: str) -> tuple[str, str, list[RhymingWord]]:
    """Return the word itself, its rhyme group, and everything that rhymes with it, in no order."""
    sounds, counts = cached.sounds, cached.poet.words()
    if isinstance(sounds, ChineseSounds):
        characters = HAN.findall(clean_seed(word, cached.poet)[0]) or HAN.findall(word)
        if not characters:
            raise PoetBotError("Give a Chinese character, or a line that ends with one.")
        last = characters[-1]
        read = readings(last)
        group = f"{read[0].rhyme} {'level' if read[0].level else 'oblique'}" if read else ""
        known = filter(HAN.fullmatch, cached.poet.vocabulary.symbols)
        return last, group, _counted(((each, character_rhyme(last, each)) for each in known), counts)
    if not isinstance(sounds, EnglishSounds):
        raise PoetBotError("Rhymes are known only for English and Chinese poets. Choose another poet.")
    last = last_word(word)
    if not last or not endings(last):
        raise PoetBotError("Give an English word, or a line that ends with one.")
    return last, "", _counted(((each, word_rhyme(last, each)) for each in sounds.lexicon.words), counts)


def _counted(found: Iterable[tuple[str, Rhyme | None]], counts: Mapping[str, int]) -> list[RhymingWord]:
    return [
        RhymingWord(word, "perfect" if rhyme is Rhyme.PERFECT else "near", counts.get(word, 0))
        for word, rhyme in found
        if rhyme not in (None, Rhyme.SAME)
    ]


def _by_probability(cached: CachedPoet, before: str, words: list[RhymingWord]) -> list[RhymingWord]:
    """Return the words with the probability that the poet ends the last line of `before` with each, likeliest first."""
    if not words:
        return []
    text, _ = clean_seed(before[-_LOOKED_AT:], cached.poet)
    chinese = isinstance(cached.sounds, ChineseSounds)
    space = "" if chinese or text[-1:] in ("", " ", "\n") else " "
    mark = "\n" if not chinese else ""  # a Chinese line may end in any mark
    texts = [f"{space}{each.word}{mark}" for each in words]
    nats, _ = read_surprise(cached.poet, [cached.primed(text)] * len(words), texts, 1.0, text)
    return [
        RhymingWord(words[k].word, words[k].kind, words[k].count, round(-float(nats[k]), 3))
        for k in np.argsort(nats, kind="stable").tolist()
    ]
