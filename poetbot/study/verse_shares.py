"""How much of many poems rhymes, alliterates and repeats, compared with chance.

Chance is measured, not computed. For relations between lines (rhyme, anaphora, refrains) the same lines are shuffled
among the poems, which keep their shape. For relations between the words of a line (alliteration, doubled words) the
words are shuffled among the lines. A share that is not higher than by chance says nothing about the poet.
"""

import csv
import io
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.study.stop_words import LANGUAGES, language_of
from poetbot.study.word_counts import count_words
from poetbot.verse import Rhyme, line_syllables
from poetbot.verse.alliteration import alliterations, onset
from poetbot.verse.chinese import characters_of
from poetbot.verse.marks import checked, comparing, end_of, is_chinese, letters_in, lines_of
from poetbot.verse.repetition import anaphora, doubled, refrains
from poetbot.verse.word_letters import words_of

MOST_POEMS = 300
"""Maximum number of poems; if there are more, a random sample is drawn. A hundred take a second or two."""
MOST_LINES = 200
"""Maximum number of lines of each poem, from its beginning."""
SHARES = {
    "rhyming": "lines that rhyme",
    "perfectly_rhyming": "lines that rhyme perfectly",
    "alliterating": "stressed words that alliterate",
    "anaphora": "lines that begin like a neighbour",
    "doubled": "lines with a doubled word",
    "refrain": "lines that come again",
}
"""The reported shares, and what each is a share of."""
_OF_LINES = ("rhyming", "perfectly_rhyming", "anaphora", "refrain")
_SCHEMES = 5


@dataclass
class SoundShares:
    """The sounds in a set of poems.

    Shares (0 to 1, None if nothing could be counted) of lines that rhyme with another of their poem, rhyme perfectly,
    begin like an adjacent line, have a doubled word, or are repeated; and of stressed words that
    alliterate. `syllables` and `stanzas` count lines by their syllables (characters in Chinese) and stanzas by their
    lines; `schemes` counts the rhyme schemes of stanzas of two to fourteen lines in which something rhymes.
    """

    poems: int = 0
    lines: int = 0
    rhyming: float | None = None
    perfectly_rhyming: float | None = None
    alliterating: float | None = None
    anaphora: float | None = None
    doubled: float | None = None
    refrain: float | None = None
    syllables: dict[int, int] = field(default_factory=dict)
    stanzas: dict[int, int] = field(default_factory=dict)
    schemes: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the figures as plain data. Numeric keys become strings, as JSON requires."""
        return asdict(self)


@dataclass(frozen=True)
class SoundComparison:
    """The sounds in poems and in the same lines and words shuffled. `given` is the total number of poems."""

    given: int
    heard: SoundShares
    chance: SoundShares

    def as_json(self) -> dict[str, object]:
        """Return the figures as plain data."""
        return {
            "given": self.given,
            "heard": self.heard.as_json(),
            "chance": {name: getattr(self.chance, name) for name in SHARES},
        }


def shares_csv(sides: Mapping[str, SoundComparison]) -> str:
    """Return the shares of each side, with those by chance, as CSV (RFC 4180), one row per share."""
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(["share of", *(f"{who}{what}" for who in sides for what in ("", " by chance"))])
    for name in SHARES:
        parts = [part for side in sides.values() for part in (side.heard, side.chance)]
        writer.writerow([SHARES[name], *(getattr(part, name) for part in parts)])
    return page.getvalue()


def compared(poems: Sequence[str], rng: np.random.Generator) -> SoundComparison:
    """Measure the sounds in at most 300 poems, drawn with `rng`, and in the shuffled poems.

    Poems without a word are left out. Raises PoetBotError if none is left or their script is not supported.
    """
    listening = compared_in_steps(poems, rng)
    while True:
        try:
            next(listening)
        except StopIteration as ended:
            found: SoundComparison = ended.value
            return found


def compared_in_steps(
    poems: Sequence[str], rng: np.random.Generator
) -> Generator[float, None, SoundComparison]:
    """Do the same as `compared`, and yield the progress (0 to 1) after every poem."""
    given = [poem for poem in poems if any(character.isalnum() for character in poem)]
    if not given:
        raise PoetBotError("There are no poems to analyse. Choose at least one with a word in it.")
    check_language(given[:MOST_POEMS])
    some = given
    if len(given) > MOST_POEMS:
        some = [given[k] for k in sorted(rng.choice(len(given), MOST_POEMS, replace=False).tolist())]
    shortened = ["\n".join(checked(poem).split("\n")[:MOST_LINES]) for poem in some]
    all_heard: list[SoundShares] = []
    for dealt in (shuffle_lines(shortened, rng), shuffle_words(shortened, rng), shortened):
        ear = _SoundCounter()
        for k, poem in enumerate(dealt, 1):
            ear.hear(poem)
            yield (len(all_heard) + k / len(shortened)) / 3
        all_heard.append(ear.heard())
    by_lines, by_words, heard_itself = all_heard
    chance = SoundShares(by_lines.poems, by_lines.lines)
    for name in SHARES:
        setattr(chance, name, getattr(by_lines if name in _OF_LINES else by_words, name))
    return SoundComparison(len(given), heard_itself, chance)


def check_language(poems: Sequence[str]) -> None:
    """Raise PoetBotError if the common words show that the poems are in an unsupported language."""
    language = language_of(count_words(poems, common=True))
    if language not in (None, "en", "zh"):
        raise PoetBotError(
            "Sound analysis works for English and Chinese only, but these poems seem to be in {language}.",
            language=LANGUAGES[language],
        )


def heard(poems: Sequence[str]) -> SoundShares:
    """Return the sounds in all of these poems together."""
    ear = _SoundCounter()
    for poem in poems:
        ear.hear(poem)
    return ear.heard()


class _SoundCounter:
    """Counts the sounds of poems, one after the other."""

    def __init__(self) -> None:
        self._poems = 0
        self._found: Counter[str] = Counter()
        self._syllables: Counter[int] = Counter()
        self._stanzas: Counter[int] = Counter()
        self._schemes: Counter[str] = Counter()

    def hear(self, poem: str) -> None:
        """Count the sounds of a poem."""
        found = self._found
        self._poems += 1
        chinese = is_chinese(poem)
        lines = [line.text for line in lines_of(poem)]
        spoken = [line for line in lines if line.strip()]
        letters = _rhymes(lines, found, chinese=chinese)
        _repetition(lines, found, chinese=chinese)
        found["lines"] += len(spoken)
        self._syllables.update(
            len(characters_of(line)) if chinese else line_syllables(line) for line in spoken
        )
        # Chinese verse lines are split by punctuation; its stanzas are those of the written text.
        for stanza in _stanzas(poem.split("\n") if chinese else lines):
            self._stanzas[len(stanza)] += 1
            if not chinese and (scheme := _scheme([letters[k] for k in stanza])):
                self._schemes[scheme] += 1
        if chinese and (scheme := _scheme(letters)):
            self._schemes[scheme] += 1

    def heard(self) -> SoundShares:
        """Return the sounds counted so far."""
        found = self._found
        lines_in_all = found["lines"]
        shares = {name: found[name] / lines_in_all if lines_in_all else None for name in SHARES}
        shares["alliterating"] = found["alliterating"] / found["onsets"] if found["onsets"] else None
        return SoundShares(
            self._poems,
            lines_in_all,
            **shares,
            syllables=dict(sorted(self._syllables.items())),
            stanzas=dict(sorted(self._stanzas.items())),
            schemes=dict(self._schemes.most_common(_SCHEMES)),
        )


def _rhymes(lines: Sequence[str], found: Counter[str], *, chinese: bool) -> list[str]:
    ends = [end_of(line, chinese=chinese)[0] for line in lines]
    compare = comparing(chinese=chinese)
    letters = letters_in(ends, chinese=chinese)
    groups: dict[str, list[str]] = {}
    for end, letter in zip(ends, letters, strict=True):
        if letter:
            groups.setdefault(letter, []).append(end)
    for members in groups.values():
        # The same word again is repetition, which is counted separately.
        if len(set(members)) > 1:
            found["rhyming"] += len(members)
            perfect = (any(compare(a, b) is Rhyme.PERFECT for b in set(members)) for a in members)
            found["perfectly_rhyming"] += sum(perfect)
    return letters


def _repetition(lines: Sequence[str], found: Counter[str], *, chinese: bool) -> None:
    if chinese:
        lines = [" ".join(characters_of(line)) for line in lines]
    found["refrain"] += sum(len(places) for places in refrains(lines))
    found["anaphora"] += sum(len(run) for run, _ in anaphora(lines))
    found["doubled"] += sum(bool(_doubled(line, chinese=chinese)) for line in lines)
    if not chinese:
        for line in lines:
            found["onsets"] += sum(bool(onset(word.text)) for word in words_of(line))
            found["alliterating"] += sum(len(group) for group in alliterations(line))


def _doubled(line: str, *, chinese: bool) -> bool:
    if chinese:
        characters = line.split()
        return any(a == b for a, b in pairwise(characters))
    return bool(doubled(line))


def _stanzas(lines: Sequence[str]) -> list[list[int]]:
    """Return the stanzas, each as its line numbers."""
    stanzas: list[list[int]] = [[]]
    for k, line in enumerate(lines):
        if line.strip():
            stanzas[-1].append(k)
        elif stanzas[-1]:
            stanzas.append([])
    return [stanza for stanza in stanzas if stanza]


def _scheme(letters: Sequence[str]) -> str:
    """Return the scheme of a stanza starting with A, or "" if nothing rhymes or it is too short or too long."""
    spoken = [letter for letter in letters if letter]
    if not 2 <= len(spoken) <= 14 or len(set(spoken)) == len(spoken):
        return ""
    names = {letter: chr(ord("A") + k) for k, letter in enumerate(dict.fromkeys(spoken))}
    return "".join(names[letter] for letter in spoken)


def shuffle_lines(poems: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Return poems of the same shape with all lines shuffled with `rng`."""
    apart = [_pieces(poem) for poem in poems]
    pool = [piece for pieces in apart for piece, is_line in pieces if is_line]
    order = iter(rng.permutation(len(pool)).tolist())
    return ["".join(pool[next(order)] if is_line else piece for piece, is_line in pieces) for pieces in apart]


def _pieces(poem: str) -> list[tuple[str, bool]]:
    """Split a poem into its lines and the text between them."""
    pieces, at = [], 0
    for line in lines_of(poem):
        if line.text.strip():
            pieces += [(poem[at : line.start], False), (line.text, True)]
            at = line.start + len(line.text)
    return [*pieces, (poem[at:], False)]


def shuffle_words(poems: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Return poems with the same number of words per line and all words shuffled with `rng`."""
    lines = [[line.split() for line in poem.split("\n")] for poem in poems]
    if poems and is_chinese(poems[0]):
        lines = [[list(line) for line in poem.split("\n")] for poem in poems]
    pool = [word for poem in lines for line in poem for word in line]
    order = iter(rng.permutation(len(pool)).tolist())
    space = "" if poems and is_chinese(poems[0]) else " "
    return ["\n".join(space.join(pool[next(order)] for _ in line) for line in poem) for poem in lines]
