"""Titles for a poem: phrases from it, and from lines that the poet would write next, ranked by the poet's probability.

Poets never read titles, which aren't part of the training stream. So a title is found, not written (`phrases.py`), and
the poet ranks it. Candidates come from the poem and from 16 lines drafted after it. The rank is a sum of penalties in
bits, lowest first; `docs/writing.md` explains each, and how little some of them tell.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.poets.word_vocabulary import Words
from poetbot.verse.dictionary import listed
from poetbot.writing.drafts import DraftWriter
from poetbot.writing.phrases import as_title, content_words, phrases
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.request import MAX_POEM, MAX_RNG, clean_seed, validate_integer
from poetbot.writing.suggestions import MAX_SUGGESTIONS
from poetbot.writing.surprise import read_surprise
from poetbot.writing.theme import NO_THEME, Theme
from poetbot.writing.theme_words import resolved
from poetbot.writing.word_sounds import CjkSounds, EnglishSounds

CANDIDATES = 20
"""Phrases that the poet ranks: the most telling ones of the poem, and up to five from drafted lines."""

_DRAFTED = 5
_DRAFTS = 16
_TEMPERATURE = 0.7
_ENDS = 300  # characters at the end of the poem that the drafts continue
_LIFTED = 100  # characters at the start of the poem that a title should make more probable
_LOOKED_AT = 40_000  # characters of a poem that are searched for phrases: half at its start, half at its end

NATURAL = 1.0
TELLING = 0.2
AGAIN = 0.5
LIFT = 0.5
ONE_WORD = 0.5
NOT_ITS_OWN = 1.0
OF_THEME = 1.0
_MOST_TELLING = 16.0  # bits: a word in 65,000; rarer words count the same


@dataclass(frozen=True)
class Title:
    """A title. `source` is `phrase`, `opening` (the poem's first words), `refrain` or `drafted`; figures are in bits.

    `bits_per_character`: the surprise of the title as the first line of a poem. `telling_bits`: the average rarity of its
    content words in the training poems. `lift_bits`: how much more probable it makes the start of the poem than the
    average candidate does.
    """

    text: str
    source: str
    count: int
    bits_per_character: float
    telling_bits: float
    lift_bits: float
    penalty: float

    def as_json(self) -> dict[str, object]:
        """Return plain data, with figures to three decimals."""
        data = asdict(self)
        return {name: round(value, 3) if isinstance(value, float) else value for name, value in data.items()}


def titles(
    cached: CachedPoet, poem: str, *, rng: int = 0, count: int = 3, theme: Theme = NO_THEME
) -> list[Title]:
    """Return up to `count` different titles for a poem, best first; the same ones for the same `rng`.

    Words of the `theme` make a title better, and none has a word to avoid.

    Raises PoetBotError if there is no poem, nothing in it works as a title, or the poet writes word by word.
    """
    if not isinstance(poem, str) or len(poem) > MAX_POEM:
        raise PoetBotError("The poem must be text of at most {most:,} characters.", most=MAX_POEM)
    for name, value, low, high in (("rng", rng, 0, MAX_RNG), ("count", count, 1, MAX_SUGGESTIONS)):
        validate_integer(name, value, low, high)
    if not poem.strip():
        raise PoetBotError("There is no poem yet. Write a few lines first.")
    if isinstance(cached.poet.vocabulary, Words):
        raise PoetBotError(
            "A poet that writes word by word can't suggest titles. Choose one that writes letter by letter."
        )
    if len(poem) > _LOOKED_AT:
        poem = poem[: _LOOKED_AT // 2].rsplit("\n", 1)[0] + "\n" + poem[-_LOOKED_AT // 2 :].split("\n", 1)[-1]
    candidates = _candidates(cached, poem, rng, resolved(theme, cached.poet)[0])
    if not candidates:
        raise PoetBotError("No phrase in this poem works as a title. Type your own.")
    return _unlike(_judged(cached, poem, candidates), count)


@dataclass(frozen=True)
class _Candidate:
    text: str
    source: str
    count: int
    content: tuple[str, ...]
    telling: float
    theme: float

    @property
    def worth(self) -> float:
        """The part of the penalty that doesn't depend on the poet; lower is better."""
        own = NOT_ITS_OWN if self.source == "drafted" else 0.0
        short = ONE_WORD if " " not in self.text and len(self.content) == 1 else 0.0
        again = AGAIN * min(2.0, math.log2(self.count))
        return own + short - TELLING * self.telling - again - OF_THEME * self.theme


def _candidates(cached: CachedPoet, poem: str, rng: int, theme: Theme) -> list[_Candidate]:
    """Return the candidates: the most telling phrases of the poem, and a few from lines drafted after it."""
    counts: Mapping[str, int] = cached.poet.words()
    total = max(1, sum(counts.values()))
    english = isinstance(cached.sounds, EnglishSounds)
    commonest = None if english or isinstance(cached.sounds, CjkSounds) else list(counts)

    def found_in(text: str, source: str | None = None) -> list[_Candidate]:
        found = []
        for each in phrases(text, commonest):
            words = content_words(each.text, commonest)
            if not words or theme.avoided & set(words):
                continue
            bits = [min(_MOST_TELLING, -math.log2((counts.get(word, 0) + 0.5) / total)) for word in words]
            title = as_title(each.text, english=english)
            telling = sum(bits) / len(bits)
            of_theme = max(theme.wanted.get(word, 0.0) for word in words)
            origin = source or each.source
            found.append(_Candidate(title, origin, each.count, tuple(words), telling, of_theme))
        return sorted(found, key=lambda each: each.worth)

    own = found_in(poem)
    in_poem = {each.text.casefold() for each in own}
    drafted = [
        each
        for each in found_in(_drafts(cached, poem, rng), "drafted")
        if each.text.casefold() not in in_poem
        and all(counts.get(word, 0) > 1 or (english and listed(word)) for word in each.content)
    ]
    return own[: CANDIDATES - _DRAFTED] + drafted[:_DRAFTED]


def _drafts(cached: CachedPoet, poem: str, rng: int) -> str:
    """Return lines drafted after the poem, as for a new stanza."""
    before = clean_seed(poem.rstrip()[-_ENDS:], cached.poet)[0] + "\n\n"
    drafting = DraftWriter(cached.poet, before, _TEMPERATURE, 1.0, (rng,))
    drafts = drafting.drafts(cached.primed(before), range(_DRAFTS))
    return "\n".join(dict.fromkeys(draft.text.strip() for draft in drafts if draft.complete))


def _judged(
    cached: CachedPoet, poem: str, candidates: Sequence[_Candidate]
) -> list[tuple[Title, frozenset[str]]]:
    """Return the ranked candidates, best first, each with its content words."""
    poet, start = cached.poet, cached.poet.empty_seed
    beginning = clean_seed(poem.strip("\n")[:_LIFTED], poet)[0]
    lines = [clean_seed(each.text, poet)[0] + "\n" for each in candidates]
    states = [start] * len(candidates)
    alone, _ = read_surprise(poet, states, lines, 1.0)
    with_poem, _ = read_surprise(poet, states, [line + beginning for line in lines], 1.0)
    behind = with_poem - alone  # -log p(poem | title); -log p(poem) is the same for all of them
    lift = (float(np.mean(behind)) - behind) / math.log(2)
    bits = alone / np.array([max(1, len(line)) for line in lines]) / math.log(2)
    judged = []
    for k, each in enumerate(candidates):
        penalty = NATURAL * float(bits[k]) + each.worth - LIFT * float(lift[k])
        title = Title(
            each.text, each.source, each.count, float(bits[k]), each.telling, float(lift[k]), penalty
        )
        judged.append((title, frozenset(each.content)))
    return sorted(judged, key=lambda pair: (pair[0].penalty, pair[0].text))


def _unlike(judged: Sequence[tuple[Title, frozenset[str]]], count: int) -> list[Title]:
    """Return the best titles without common content words, then others if there are too few."""
    chosen: list[Title] = []
    used: set[str] = set()
    for title, content in judged:
        if len(chosen) < count and not content & used:
            chosen.append(title)
            used |= content
    rest = [title for title, _ in judged if title not in chosen]
    return chosen + rest[: count - len(chosen)]
