"""Ranking suggestions by their grammar, by what the poem so far adds to them, by their least likely place, and by its style.

A line of rare words is improbable however well it is put, and a jumble of common words is not. So its probability is
compared with that of its words: SLOR, (log p(line | poem) - sum of log p(word)) / words (Pauls & Klein 2012, "Large-Scale
Syntactic Language Modeling with Treelets", ACL). Of the measures compared by Lau, Clark & Lappin 2017, "Grammaticality,
Acceptability, and Probability: A Probabilistic View of Linguistic Knowledge", *Cognitive Science* 41, 1202-1241, it is among
those closest to what people find acceptable. A word counts once in a line, and one that the poet has never read not at all,
because a network that repeats or invents words finds them probable.

A line that would suit any poem is as probable without the poem as with it. So the rank has a share of log p(line | poem)
- log p(line | no poem), the maximum mutual information of Li, Galley, Brockett, Gao & Dolan 2016, "A
Diversity-Promoting Objective Function for Neural Conversation Models", NAACL, arXiv:1510.03055. What a few characters gain is
mostly chance, so the gain of n characters is shrunk by n / (n + 20), as an estimate is towards the mean by its reliability
(Efron & Morris 1977, "Stein's Paradox in Statistics", *Scientific American* 236, 119-127).

Where a sentence breaks, one character is very improbable, and the mean over the line hides it. So the surprise at the
least likely place counts too, beyond that of most drafts. And a line should suit the style of its poem (`line_style.py`).

Only suggestions are ranked this way. Poems in forms and endings are recreated by ranking their drafts again, so their ranking
must not change.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from poetbot.poets.word_vocabulary import Words
from poetbot.writing.drafts import Draft
from poetbot.writing.line_style import LineStyle
from poetbot.writing.next_line import LineContext
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.ranking import Ranked, words_of
from poetbot.writing.surprise import read_surprise
from poetbot.writing.word_sounds import EnglishSounds

ACCEPTABLE = 0.4
GAINED = 0.5
STEADY = 20
"""Characters for which the gain counts half, because that of a short line is mostly chance."""
WORST = 0.03
READ_AGAIN = 24
"""The best drafts so far, which are read without the poem."""

_LINE_END = math.log(7)  # nats: a line has about seven words


def with_context(cached: CachedPoet, place: LineContext, found: Sequence[Ranked]) -> list[Ranked]:
    """Return ranked drafts of a line with all of these penalties added, best first."""
    found = _by_words(cached, place, found)
    best = [each for each in found[:READ_AGAIN] if each.draft.complete]
    return reranked(found, dict(zip(best, _gained(cached, place, best), strict=True)))


def _by_words(cached: CachedPoet, place: LineContext, found: Sequence[Ranked]) -> list[Ranked]:
    """Return the drafts, best first, with the penalties for their grammar and their style added."""
    style = LineStyle(place.before, english=isinstance(cached.sounds, EnglishSounds))
    acceptable = acceptability([each.draft for each in found], cached.word_nats)
    usual = float(np.mean(acceptable)) if len(acceptable) else 0.0
    scored = []
    for each, bits in zip(found, acceptable.tolist(), strict=True):
        penalty = each.figures.penalty + style.penalty(each.line) - ACCEPTABLE * (bits - usual)
        scored.append(replace(each, figures=replace(each.figures, penalty=penalty, acceptability=bits)))
    return _sorted(scored)


def acceptability(drafts: Sequence[Draft], word_nats: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """Return the SLOR of each draft, in bits per word `[drafts]`, the line's end counting as a word of usual frequency.

    All are 0 if most of the words are unknown, as those of a poet without word counts.
    """
    spoken = words_of([draft.text for draft in drafts])
    said = [word for words in spoken for word in words]
    if sum(word in word_nats for word in said) * 2 < len(said):
        return np.zeros(len(drafts))
    expected = [
        _LINE_END + sum(word_nats.get(word, 0.0) for word in dict.fromkeys(words)) for words in spoken
    ]
    nats = [draft.nats for draft in drafts]
    per_word = np.array([len(words) + 1 for words in spoken])
    return (np.array(expected) - np.array(nats)) / per_word / math.log(2)


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
        steady = each.draft.characters / (each.draft.characters + STEADY)
        added -= GAINED * steady * (gained.get(each, usual) - usual)
        figures = replace(figures, penalty=figures.penalty + added, gained_bits=gained.get(each))
        scored.append(replace(each, figures=figures))
    return _sorted(scored)


def _sorted(found: Sequence[Ranked]) -> list[Ranked]:
    return sorted(found, key=lambda each: (each.figures.penalty, each.draft.number))


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
