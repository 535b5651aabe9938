"""The words that rhyme with a word, ranked by how likely a poet is to use them, and by the poem's theme.

English rhymes are those of `verse.rhyme`, by the CMU Pronouncing Dictionary, among the words the poet has read. Chinese
rhymes are the characters of the same rhyme group (`verse.chinese`) among those the poet knows.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.verse import Rhyme, character_rhyme, last_word, word_rhyme
from poetbot.verse.chinese import HAN, readings
from poetbot.verse.rhyme import endings
from poetbot.writing.drafts import DraftWriter
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.request import MAX_SEED, clean_seed, validate_integer
from poetbot.writing.surprise import read_surprise
from poetbot.writing.theme import NO_THEME, Theme
from poetbot.writing.theme_words import relatedness, resolved
from poetbot.writing.word_sounds import ChineseSounds, EnglishSounds

MAX_RHYMES = 200
_MAX_WORD = 200  # characters of the word, or of the line that ends with it
IN_THEME = 4.0
"""Nats by which a word of the theme is preferred; a related one by as much times its cosine."""
_TRIED = 128  # of each kind, the most frequent, are tried at the end of a line that is begun
_TRIED_AFTER_DRAFTS = 48  # of each kind, at the end of each drafted line
_DRAFTS = 3
_LOOKED_AT = 2_000  # characters before the end of the line that the poet reads
_TEMPERATURE = 0.7  # of drafted lines
_LAST_WORD = re.compile(r"\S+\s*$")
_LAST_HAN = re.compile(rf"{HAN.pattern}[^\w]*$")


@dataclass(frozen=True)
class RhymingWord:
    """A word that rhymes. `kind` is "perfect" or "near", `count` how often the training poems use it.

    `log_probability` is that of ending the present line with it, in nats; None if no line was given. `theme` says how
    much the word belongs to the theme, from 0 to 1.
    """

    word: str
    kind: str
    count: int
    log_probability: float | None = None
    theme: float = 0.0

    @property
    def rank(self) -> float:
        """How good the rhyme is, in nats."""
        likely = math.log1p(self.count) if self.log_probability is None else self.log_probability
        return likely + IN_THEME * self.theme

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Rhymes:
    """The rhymes of a word: those of `rhymes` are the perfect ones first, each kind from the likeliest on.

    `group` is the rhyme of a Chinese character and its tone, such as "tang level"; "" for English.
    """

    word: str
    group: str
    words: tuple[RhymingWord, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {"word": self.word, "group": self.group, "rhymes": [each.as_json() for each in self.words]}


def rhymes(
    cached: CachedPoet, word: str, *, before: str | None = None, count: int = 20, theme: Theme = NO_THEME
) -> Rhymes:
    """Return up to `count` perfect and as many near rhymes of a word or a line's last word.

    They are those of `all_rhymes`, ranked as by `likeliest`. Raises PoetBotError as these do.
    """
    return likeliest(cached, all_rhymes(cached, word, theme), before, count)


def all_rhymes(cached: CachedPoet, word: str, theme: Theme = NO_THEME) -> Rhymes:
    """Return all rhymes of a word or a line's last word, ranked by their frequency in the training poems.

    Words of the `theme` and those related to them come sooner, and words to avoid are left out. Raises PoetBotError if no
    rhymes are known in the poet's language, or the word has none.
    """
    if not isinstance(word, str) or len(word) > _MAX_WORD:
        raise PoetBotError("Give one word, of at most {most:,} characters.", most=_MAX_WORD)
    ending, group, found = _found(cached, word)
    found = _in_theme(cached, found, resolved(theme, cached.poet)[0])
    if not found:
        raise PoetBotError("Nothing that this poet has read rhymes with {word}.", word=ending)
    return Rhymes(ending, group, tuple(_best_first(found)))


def likeliest(cached: CachedPoet, found: Rhymes, before: str | None, count: int) -> Rhymes:
    """Return up to `count` perfect and as many near rhymes, ranked by the probability that `before` ends its last line so.

    If no last line is begun, a few are drafted. Without a poem `before` they keep their order. Raises PoetBotError for a
    number out of range or too long a poem.
    """
    validate_integer("count", count, 1, MAX_RHYMES)
    if before is not None and (not isinstance(before, str) or len(before) > MAX_SEED):
        raise PoetBotError("The poem must be text of at most {most:,} characters.", most=MAX_SEED)
    ranked: list[RhymingWord] = []
    for kind in ("perfect", "near"):
        some = [each for each in found.words if each.kind == kind]
        if before is not None:
            some = _best_first(_with_probability(cached, before, some))
        ranked += some[:count]
    return replace(found, words=tuple(ranked))


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


def _in_theme(cached: CachedPoet, words: list[RhymingWord], theme: Theme) -> list[RhymingWord]:
    """Return the words with how much they belong to the theme, without those to avoid."""
    if not theme:
        return words
    related = relatedness(theme, cached.poet, [each.word for each in words])
    found = [replace(each, theme=round(near, 3)) for each, near in zip(words, related, strict=True)]
    return [each for each in found if each.word not in theme.avoided]


def _best_first(words: Iterable[RhymingWord]) -> list[RhymingWord]:
    return sorted(words, key=lambda each: (-each.rank, each.word))


def _with_probability(cached: CachedPoet, before: str, words: list[RhymingWord]) -> list[RhymingWord]:
    """Return the best of the words with the probability that the poet ends the last line of `before` with each.

    If that line is empty, this is the mean over a few drafts of it, each without its last word.
    """
    text, _ = clean_seed(before[-_LOOKED_AT:], cached.poet)
    is_begun = bool(text.rsplit("\n", 1)[-1].strip())
    words = words[: _TRIED if is_begun else _TRIED_AFTER_DRAFTS]
    if not words:
        return []
    chinese = isinstance(cached.sounds, ChineseSounds)
    mark = "\n" if not chinese else ""  # a Chinese line may end in any mark
    shares = np.zeros(len(words))
    beginnings = [text] if is_begun else _drafted(cached, text)
    for beginning in beginnings:
        space = "" if chinese or beginning[-1:] in ("", " ", "\n") else " "
        texts = [f"{space}{each.word}{mark}" for each in words]
        states = [cached.primed(beginning)] * len(words)
        nats, _ = read_surprise(cached.poet, states, texts, 1.0, beginning)
        shares += np.exp(-nats) / len(beginnings)
    likely = np.log(np.maximum(shares, 1e-30))
    return [
        replace(each, log_probability=round(float(nats), 3)) for each, nats in zip(words, likely, strict=True)
    ]


def _drafted(cached: CachedPoet, before: str) -> list[str]:
    """Return the poem so far with drafts of its next line, each without its last word."""
    drafting = DraftWriter(cached.poet, before, _TEMPERATURE, 1.0, (0,))
    drafts = drafting.drafts(cached.primed(before), range(_DRAFTS))
    last = _LAST_HAN if isinstance(cached.sounds, ChineseSounds) else _LAST_WORD
    return [before + last.sub("", draft.text) for draft in drafts]
