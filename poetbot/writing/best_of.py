"""The best of many poems: several are written from one request, and ranked (`poem_ranking.py`)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from poetbot.cjk import is_mostly_cjk
from poetbot.writing.batch_writer import write_together
from poetbot.writing.form_fit import FormReport
from poetbot.writing.form_writer import FormRequest, write_in_form
from poetbot.writing.phrases import content_words
from poetbot.writing.poem_ranking import (
    PoemMeasures,
    PoemPenalties,
    best_first,
    coherence,
    missing_from_form,
    names_in,
    penalties,
    repeated_share,
    theme_words,
    total,
)
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.ranking import copied_and_unread, words_of
from poetbot.writing.request import Request, validate_integer
from poetbot.writing.surprise import read_surprise
from poetbot.writing.theme import Theme
from poetbot.writing.theme_words import resolved
from poetbot.writing.word_sounds import EnglishSounds
from poetbot.writing.word_vectors import stored_vectors
from poetbot.writing.writer import WrittenPoem

MAX_BEST_OF = 100


@dataclass(frozen=True)
class RankedPoem:
    """A poem, what was measured of it, and the terms of its rank; `form` is its report if it is in a form."""

    poem: WrittenPoem
    measures: PoemMeasures
    penalties: PoemPenalties
    form: FormReport | None = None

    @property
    def penalty(self) -> float:
        """The rank: the sum of its terms. The lowest is best."""
        return total(self.penalties)

    def ranking_as_json(self) -> dict[str, float]:
        """Return the terms of the rank and their sum as plain data, to three decimals."""
        terms = {**self.penalties, "penalty": self.penalty}
        return {name: round(float(str(value)), 3) for name, value in terms.items()}


def write_best_of(cached: CachedPoet, request: Request, count: int) -> list[RankedPoem]:
    """Write `count` poems side by side, poem k with rng + k, and return them best first.

    Raises PoetBotError if a number is too large, or if a guard is requested and the poet has no overlap index.
    """
    count = validate_integer("best_of", count, 1, MAX_BEST_OF)
    written = dict(write_together(cached.poet, request, count, cached.index))
    return ranked_poems(cached, request, [written[k] for k in range(count)])


def ranked_poems(cached: CachedPoet, request: Request, poems: Sequence[WrittenPoem]) -> list[RankedPoem]:
    """Return poems that were written from one request, best first."""
    return _ranked(cached, poems, resolved(request.theme, cached.poet, request.script)[0])


def write_best_in_form(cached: CachedPoet, request: FormRequest, count: int) -> list[RankedPoem]:
    """Write `count` poems in a form, one after the other, poem k with rng + k, and return them best first.

    Raises PoetBotError as `write_in_form` does.
    """
    count = validate_integer("best_of", count, 1, MAX_BEST_OF)
    written = [write_in_form(cached, replace(request, rng=request.rng + k)) for k in range(count)]
    theme, _ = resolved(request.theme, cached.poet, request.script)
    return _ranked(cached, [poem for poem, _ in written], theme, [report for _, report in written])


def _ranked(
    cached: CachedPoet, poems: Sequence[WrittenPoem], theme: Theme, reports: Sequence[FormReport] = ()
) -> list[RankedPoem]:
    """Return poems with the same seed and temperature, best first."""
    measured = _measured(cached, poems, theme, reports)
    terms = penalties(measured)
    return [
        RankedPoem(poems[k], measured[k], terms[k], reports[k] if reports else None)
        for k in best_first(measured)
    ]


def _measured(
    cached: CachedPoet, poems: Sequence[WrittenPoem], theme: Theme, reports: Sequence[FormReport]
) -> list[PoemMeasures]:
    poet, vectors = cached.poet, stored_vectors(cached.poet.folder)
    seed, temperature = poems[0].text[: poems[0].seed_characters], poems[0].temperature
    texts = [poem.text[len(seed) :] for poem in poems]
    states = [cached.primed(seed)] * len(texts)
    nats, expected = read_surprise(poet, states, texts, temperature, seed)
    copied, unread = copied_and_unread(cached.index, seed, texts)
    commonest = _commonest(cached)
    found = []
    for k, text in enumerate(texts):
        lines = [line for line in text.split("\n") if line.strip()]
        by_line = words_of(lines)
        said = [word for line in by_line for word in line]
        in_theme, avoided = theme_words(said, theme)
        found.append(
            PoemMeasures(
                excess=float(nats[k] - expected[k]) / max(1, len(text)) / math.log(2),
                lines=len(lines),
                words=len(said),
                unknown_words=sum(not cached.knows(word) for word in unread[k]) if unread else 0,
                copied_words=copied[k] if copied else 0,
                repeated=repeated_share(by_line),
                coherence=coherence([content_words(line, commonest) for line in lines], vectors),
                names=names_in(text, seed) if commonest is None else 0,
                theme_words=in_theme,
                avoided_words=avoided,
                off_form=missing_from_form(reports[k]) if reports else 0,
            )
        )
    return found


def _commonest(cached: CachedPoet) -> list[str] | None:
    """Return the poet's words, by whose counts content words are told from others; None if a list of other words does it."""
    if isinstance(cached.sounds, EnglishSounds):
        return None
    return [] if is_mostly_cjk(cached.poet.vocabulary.symbols) else list(cached.poet.words())
