"""Chinese rhyme books: the tones and rhymes of a character, by which regulated verse is written.

`pingshui` is 平水韻, the 106 rhymes by which classical verse has been written since the Song, in the Middle Chinese tones: the
entering tone (入聲) is oblique, whatever a character sounds like today. `pingshui.txt` names its sources. `xinyun` is
中華新韻 (2005), the fourteen rhymes of today's Mandarin (`chinese.py`).

A book knows all readings of a character, and the usual ones. Verse is judged by all and written by the usual ones.
"""

from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from poetbot.corpus.chinese_scripts import other_forms
from poetbot.errors import PoetBotError
from poetbot.verse.chinese import readings

LEVEL, OBLIQUE = "平", "仄"

_TABLE = Path(__file__).with_name("pingshui.txt")


class RhymeClass(NamedTuple):
    """A rhyme in a tone. In 平水韻 the oblique tones 上, 去 and 入 have rhymes of their own; 中華新韻 has one oblique tone."""

    tone: str
    name: str

    @property
    def kind(self) -> str:
        """`LEVEL` or `OBLIQUE`."""
        return LEVEL if self.tone == LEVEL else OBLIQUE


class RhymeBook(Protocol):
    """Readings of characters. Both are empty for a character that the book lacks."""

    def rhymes(self, character: str) -> frozenset[RhymeClass]:
        """Return the rhymes of all readings."""

    def usual(self, character: str) -> frozenset[RhymeClass]:
        """Return the rhymes of the usual readings."""


class Pingshui:
    """平水韻. A character that it lacks is looked up in its other forms: 爲 and 为 as 為."""

    def rhymes(self, character: str) -> frozenset[RhymeClass]:
        """Return the rhymes of all readings."""
        return frozenset().union(*self._entry(character))

    def usual(self, character: str) -> frozenset[RhymeClass]:
        """Return the rhymes of the readings that Tang verse has in at least 8 % of a character's places."""
        return self._entry(character)[0]

    @lru_cache(maxsize=20_000)  # noqa: B019, since there is one object
    def _entry(self, character: str) -> tuple[frozenset[RhymeClass], frozenset[RhymeClass]]:
        usual, rare = _table()
        for form in (character, *other_forms(character)):
            if form in usual:
                return frozenset(usual[form]), frozenset(rare.get(form, ()))
        return frozenset(), frozenset()


class Xinyun:
    """中華新韻. The usual reading of a character is its commonest one."""

    def rhymes(self, character: str) -> frozenset[RhymeClass]:
        """Return the rhymes of all readings."""
        return frozenset(_modern(each.rhyme, level=each.level) for each in readings(character))

    def usual(self, character: str) -> frozenset[RhymeClass]:
        """Return the rhyme of the commonest reading."""
        return frozenset(_modern(each.rhyme, level=each.level) for each in readings(character)[:1])


RHYME_BOOKS: dict[str, RhymeBook] = {"pingshui": Pingshui(), "xinyun": Xinyun()}
"""The rhyme books by name."""


def rhyme_book(name: Any) -> RhymeBook:
    """Return a rhyme book by its name. Raises PoetBotError if there is none."""
    if not isinstance(name, str) or name not in RHYME_BOOKS:
        raise PoetBotError(
            "The rhyme book must be {names}. Leave it out to write without one.",
            names=" or ".join(RHYME_BOOKS),
        )
    return RHYME_BOOKS[name]


def kinds(rhymes: frozenset[RhymeClass]) -> frozenset[str]:
    """Return the kinds of tone of some readings: `LEVEL`, `OBLIQUE`, both or none."""
    return frozenset(each.kind for each in rhymes)


def _modern(rhyme: str, *, level: bool) -> RhymeClass:
    return RhymeClass(LEVEL if level else OBLIQUE, rhyme)


@cache
def _table() -> tuple[dict[str, set[RhymeClass]], dict[str, set[RhymeClass]]]:
    """Return the usual and the rare readings in `pingshui.txt`."""
    usual: dict[str, set[RhymeClass]] = defaultdict(set)
    rare: dict[str, set[RhymeClass]] = defaultdict(set)
    for line in _TABLE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        head, _, characters = line.partition(" ")
        rhyme = RhymeClass(head[0], head[1:])
        often, _, seldom = characters.partition("/")
        for found, those in ((usual, often), (rare, seldom)):
            for character in those:
                found[character].add(rhyme)
    return usual, rare
