"""Chinese verse: its lines, and rhyme by modern readings.

Readings are those of `pypinyin`: standard modern Mandarin. Old poets rhymed by the sounds of their own time, so modern
readings detect most of their rhymes but not all (斜 once rhymed with 花). The entering tone, oblique in old verse, has
merged into the other four, so that some old oblique syllables count as level here.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from poetbot.verse.rhyme import Rhyme

HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LINE = re.compile(r"[^\n，。！？；：、,.!?;:]+")
# An editor's variant reading: 望（一作看）月. It is not part of the verse.
_IN_BRACKETS = re.compile(r"[（(［\[〔【〈][^（）()［］\[\]〔〕【】〈〉\n]{0,80}[）)］\]〕】〉]")
_MOST_READINGS = 3  # the most frequent come first; with rarer ones almost everything would rhyme

# The fourteen rhymes of Zhonghua Xinyun (中华新韵, Chinese Poetry Society, 2005), by finals without a medial.
_RHYMES = {
    "a": "ma", "ia": "ma", "ua": "ma",
    "o": "bo", "e": "bo", "uo": "bo",
    "ie": "jie", "ve": "jie", "üe": "jie", "ê": "jie",
    "ai": "kai", "uai": "kai",
    "ei": "wei", "uei": "wei", "ui": "wei",
    "ao": "hao", "iao": "hao",
    "ou": "you", "iou": "you", "iu": "you",
    "an": "han", "ian": "han", "uan": "han", "van": "han", "üan": "han",
    "en": "wen", "in": "wen", "uen": "wen", "un": "wen", "vn": "wen", "ün": "wen",
    "ang": "tang", "iang": "tang", "uang": "tang",
    "eng": "geng", "ing": "geng", "ueng": "geng", "ong": "geng", "iong": "geng",
    "i": "qi", "er": "qi", "v": "qi", "ü": "qi",
    "u": "gu",
}  # fmt: skip
_ONCE_ONE: tuple[set[str], ...] = ({"zhi", "qi"}, {"qi", "wei"}, {"zhi", "wei"}, {"qi", "gu"})
_TAIL = 100  # characters at the end of a line in which the last Chinese one is searched
_APICAL = re.compile(r"(?:zh|ch|sh|r|z|c|s)i")


class Reading(NamedTuple):
    """A reading of a character: its rhyme, one of the fourteen, and its tone, 1 to 4 (5 for neutral)."""

    rhyme: str
    tone: int

    @property
    def level(self) -> bool:
        """Whether its tone is level (平): the modern first or second tone."""
        return self.tone in (1, 2)


class Span(NamedTuple):
    """A line and its position in the poem, in code points."""

    text: str
    start: int
    end: int


def chinese_lines(poem: str) -> list[Span]:
    """Return the verse lines (句) of a poem: the text between two punctuation marks, if it has a character.

    A variant in brackets is not a line, and neither ends nor begins one.
    """
    found = []
    for match in _LINE.finditer(without_variants(poem)):
        text = match[0].strip()
        if HAN.search(text):
            start = match.start() + match[0].index(text)
            end = start + len(text)
            found.append(Span(poem[start:end], start, end))
    return found


def characters_of(text: str) -> list[str]:
    """Return the Chinese characters of a text, each a syllable, without those in brackets."""
    return HAN.findall(without_variants(text))


def without_variants(text: str) -> str:
    """Return a text with everything in brackets replaced by spaces, so that offsets stay the same."""
    return _IN_BRACKETS.sub(lambda match: " " * len(match[0]), text)


@lru_cache(maxsize=20_000)
def readings(character: str) -> tuple[Reading, ...]:
    """Return the modern readings of a character, the most frequent first, or () if it has none."""
    # Imported here because its tables take almost half a second to load, and English verse does not need them.
    from pypinyin import Style, pinyin
    from pypinyin.contrib.tone_convert import to_finals, to_normal

    given = pinyin(character, style=Style.TONE3, heteronym=True, errors="ignore", neutral_tone_with_five=True)
    found: dict[Reading, None] = {}
    for syllable in (given[0] if given else [])[:_MOST_READINGS]:
        plain = to_normal(syllable, v_to_u=False)
        rhyme = (
            "zhi" if _APICAL.fullmatch(plain) else _RHYMES.get(to_finals(syllable, strict=True, v_to_u=False))
        )
        if rhyme and syllable[-1].isdigit():
            found[Reading(rhyme, int(syllable[-1]))] = None
    return tuple(found)


def chinese_rhyme(one: str, other: str) -> Rhyme | None:
    """Return how two lines rhyme at their last characters, or None if they do not.

    Perfect: two readings share one of the fourteen rhymes and are both level or both oblique. Historic: they have two
    rhymes that were one in Tang verse and are distinct today (支 微 齊 and 魚 虞 of the Pingshui list).
    """
    a, b = (characters_of(line[-_TAIL:]) for line in (one, other))
    return character_rhyme(a[-1], b[-1]) if a and b else None


@lru_cache(maxsize=50_000)
def character_rhyme(one: str, other: str) -> Rhyme | None:
    """Return how two characters rhyme, or None if they do not."""
    if one == other:
        return Rhyme.SAME
    pairs = [(x, y) for x in readings(one) for y in readings(other) if x.level == y.level]
    if any(x.rhyme == y.rhyme for x, y in pairs):
        return Rhyme.PERFECT
    return Rhyme.HISTORIC if any({x.rhyme, y.rhyme} in _ONCE_ONE for x, y in pairs) else None
