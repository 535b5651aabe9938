"""Ranking suggestions by what the poem so far adds to them, and by their least likely place.

A line that would suit any poem is as probable without the poem as with it. So the rank has a share of log p(line | poem)
- log p(line | no poem), the maximum mutual information of Li, Galley, Brockett, Gao & Dolan 2016, "A
Diversity-Promoting Objective Function for Neural Conversation Models", NAACL, arXiv:1510.03055.

Where a sentence breaks, one character is very improbable, and the mean over the line hides it. So the surprise at the
least likely place counts too, beyond that of most drafts.

Only suggestions are ranked this way. Poems in forms and endings are recreated by ranking their drafts again, so their ranking
must not change.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from poetbot.poets.word_vocabulary import Words
from poetbot.writing.next_line import LineContext
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.ranking import Ranked
from poetbot.writing.surprise import read_surprise

GAINED = 0.5
WORST = 0.03
READ_AGAIN = 24
"""The best drafts so far, which are read without the poem."""


def with_context(cached: CachedPoet, place: LineContext, found: Sequence[Ranked]) -> list[Ranked]:
    """Return ranked drafts of a line with both penalties added, best first."""
    best = [each for each in found[:READ_AGAIN] if each.draft.complete]
    return reranked(found, dict(zip(best, _gained(cached, place, best), strict=True)))


def reranked(found: Sequence[Ranked], gained: dict[Ranked, float]) -> list[Ranked]:
    """Return the drafts, best first, with what the poem adds to some of them, in bits per character, and their worst place.

    A draft that isn't in `gained` counts as the others do on average.
    """
    if not found:
        return []
    usual = float(np.mean(list(gained.values()))) if gained else 0.0
    bearable = float(np.median([each.figures.worst_bits for each in found]))
    scored = []
    for each in found:
        figures = each.figures
        added = WORST * max(0.0, figures.worst_bits - bearable)
        added -= GAINED * (gained.get(each, usual) - usual)
        figures = replace(figures, penalty=figures.penalty + added, gained_bits=gained.get(each))
        scored.append(replace(each, figures=figures))
    return sorted(scored, key=lambda each: (each.figures.penalty, each.draft.number))


def _gained(cached: CachedPoet, place: LineContext, found: Sequence[Ranked]) -> list[float]:
    """Return log p(draft | poem) - log p(draft | no poem) of each draft, in bits per character.

    Indentation doesn't count, because it says nothing and few poems begin with it. All are 0 if nothing comes before the
    line, and for poets of words, which can't read a text up to a line's end.
    """
    begun = place.begun
    if not found or not place.before[: len(place.before) - len(begun)].strip():
        return [0.0] * len(found)
    if isinstance(cached.poet.vocabulary, Words):
        return [0.0] * len(found)
    poet, texts = cached.poet, [each.draft.text + "\n" for each in found]
    indents = [text[: len(text) - len(text.lstrip())] if not begun else "" for text in texts]
    different = sorted(set(indents))
    alone, _ = read_surprise(
        poet, [cached.primed(begun)] * (len(texts) + len(different)), [*texts, *different], 1.0, begun
    )
    given, _ = read_surprise(poet, [place.start] * len(different), different, 1.0, place.before)
    of_indent = dict(zip(different, (alone[len(texts) :] - given).tolist(), strict=True))
    return [
        (float(nats) - each.draft.nats - of_indent[indent]) / max(1, each.draft.characters) / math.log(2)
        for nats, each, indent in zip(alone[: len(texts)], found, indents, strict=True)
    ]
