"""Ranking whole poems written from one request, so that the best of many can be chosen.

As for a line (`ranking.py`), the rank is a sum of penalties in bits per character; the lowest is best. Its terms:

- typicality: how far the poem's surprise, beyond the expected one, is from the lowest sixth of the poems, in either
  direction (Meister, Pimentel, Wiher & Cotterell 2023, "Locally Typical Sampling", TACL 11, 102-121). The most probable
  poem is not the best: it repeats itself (Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration", ICLR);
- words that are no real words, and the longest copied phrase, as for a line;
- repetition: the share of longer words that occur again within four lines;
- coherence: the mean cosine of neighbouring lines in the poet's word vectors (Foltz, Kintsch & Landauer 1998, "The
  Measurement of Textual Coherence with Latent Semantic Analysis", Discourse Processes 25, 285-307). Words that both
  lines have don't count, or else repetition would be coherent;
- names: words with a capital inside a sentence, in English, that the opening doesn't have;
- theme: the words of the theme in the poem, and those to avoid;
- form: what the poem lacks of its form, which outweighs everything else.

The weights of names, theme and coherence, relative to that of the surprise, are those of a logistic regression on which of two
poems with the same opening blind readers preferred (docs/writing.md).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypedDict, cast

import numpy as np

from poetbot.writing.form_fit import FormReport
from poetbot.writing.ranking import AIM, COPIED_WORD, OFF_FORM, REPEATED, UNKNOWN_WORD, repetition
from poetbot.writing.theme import Theme
from poetbot.writing.theme_bias import AVOIDED_WORD
from poetbot.writing.word_vectors import WordVectors

COHERENT = 0.1
NAME = 0.3
"""Bits per character for a name in each line."""
FREE_PHRASE = 5
"""Words of a copied phrase that a poem may have without a penalty: poems by different people often share as much."""
IN_THEME = 0.015
MOST_THEME_WORDS = 5.0
"""Words of the theme, each with its weight, beyond which more don't make a poem better."""
_NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z]+")
_WORD = re.compile(r"[A-Za-z]+")
_NEARBY = 3  # lines before a line whose words it should not repeat


@dataclass(frozen=True)
class PoemMeasures:
    """Measurements of a poem. `lines` and `words` count what the poet wrote.

    `excess` is how much more surprising than expected the poem is, in bits per character. `repeated` is a share.
    `coherence` is a cosine, None if the poet has no word vectors or they know too few words. `off_form` counts what is
    missing from the form.
    """

    excess: float
    lines: int
    words: int
    unknown_words: int = 0
    copied_words: int = 0
    repeated: float = 0.0
    coherence: float | None = None
    names: int = 0
    theme_words: float = 0.0
    avoided_words: int = 0
    off_form: int = 0


class PoemPenalties(TypedDict):
    """The terms of a poem's rank, in bits per character; negative ones improve it."""

    typicality: float
    real_words: float
    copied: float
    repetition: float
    coherence: float
    names: float
    theme: float
    form: float


def penalties(poems: Sequence[PoemMeasures]) -> list[PoemPenalties]:
    """Return the terms of each poem's rank among the others.

    A poem whose coherence is unknown counts as coherent as the others on average.
    """
    if not poems:
        return []
    aim = float(np.quantile([each.excess for each in poems], AIM))
    cosines = [each.coherence for each in poems if each.coherence is not None]
    usual = sum(cosines) / len(cosines) if cosines else 0.0
    return [
        {
            "typicality": abs(each.excess - aim),
            "real_words": UNKNOWN_WORD * each.unknown_words / max(1, each.lines),
            "copied": COPIED_WORD * max(0, each.copied_words - FREE_PHRASE),
            "repetition": REPEATED * each.repeated,
            "coherence": 0.0 if each.coherence is None else COHERENT * (usual - each.coherence),
            "names": NAME * each.names / max(1, each.lines),
            "theme": AVOIDED_WORD * each.avoided_words - IN_THEME * min(MOST_THEME_WORDS, each.theme_words),
            "form": OFF_FORM * each.off_form,
        }
        for each in poems
    ]


def total(terms: PoemPenalties) -> float:
    """Return the rank: the sum of its terms."""
    return sum(cast(dict[str, float], terms).values())


def best_first(poems: Sequence[PoemMeasures]) -> list[int]:
    """Return the numbers of the poems, best first. Poems without a word come last; of equals the first is better."""
    sums = list(map(total, penalties(poems)))
    return sorted(range(len(poems)), key=lambda k: (not poems[k].words, sums[k], k))


def repeated_share(lines: Sequence[Sequence[str]]) -> float:
    """Return the mean share of each line's longer words that occur twice in it or in the three lines before it."""
    shares = [
        repetition(line, frozenset(word for near in lines[max(0, k - _NEARBY) : k] for word in near))
        for k, line in enumerate(lines)
    ]
    return sum(shares) / len(shares) if shares else 0.0


def coherence(lines: Sequence[Sequence[str]], vectors: WordVectors | None) -> float | None:
    """Return the mean cosine of neighbouring lines of content words, without the words that both have."""
    if vectors is None:
        return None
    cosines = []
    for one, other in pairwise(lines):
        both = set(one) & set(other)
        cosine = vectors.similarity(
            [word for word in one if word not in both], [word for word in other if word not in both]
        )
        if cosine is not None:
            cosines.append(cosine)
    return sum(cosines) / len(cosines) if cosines else None


def names_in(text: str, opening: str) -> int:
    """Return how many words of an English text have a capital inside a sentence and aren't in the opening."""
    given = set(_WORD.findall(opening))
    return sum(name not in given for name in _NAME.findall(opening[-2:] + text))


def theme_words(words: Sequence[str], theme: Theme) -> tuple[float, int]:
    """Return the sum of the weights of the theme's words among these, each counted once, and how many are to be avoided."""
    said = set(words)
    return sum(weight for word, weight in theme.wanted.items() if word in said), len(said & theme.avoided)


def missing_from_form(report: FormReport) -> int:
    """Return how many requirements of its form a poem doesn't meet."""
    pairs = (report.syllables, report.rhymes, report.letters, report.marks, report.tones, report.metre)
    return abs(report.lines_to_spare) + sum(wanted - had for had, wanted in pairs)
