"""Whether two lines rhyme, and how well.

Rhyme is "identical stressed vowels and subsequent phonemes" after different consonants (Brogan & Cushman 2012, "Rhyme",
The Princeton Encyclopedia of Poetry and Poetics, 4th ed., p. 1184). Around that this module defines three wider kinds, by what
poets have rhymed in print. Each is a rule below, and a pair of lines has the closest kind that any pronunciations of
its two last words give.
"""

from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from poetbot.verse.dictionary import Phones, is_vowel
from poetbot.verse.sounds import pronunciations
from poetbot.verse.word_letters import last_word, plain

_KEPT = 50_000


class Rhyme(StrEnum):
    """How two words rhyme, the closest first."""

    SAME = "same"
    """The same word twice."""
    PERFECT = "perfect"
    """The same sounds from the last stressed vowel on, or from a last syllable that verse promotes (*thee, posterity*)."""
    HISTORIC = "historic"
    """Historically the same or similar, or spelled the same: *love, move*; *have, grave*; *die, memory*; *soul, all*."""
    SLANT = "slant"
    """The same last consonants after another vowel (*shape, cup*), or the same vowel before related ones (*is, bliss*)."""

    @property
    def closeness(self) -> int:
        """3 for the same word, down to 0 for a slant rhyme."""
        return 3 - list(Rhyme).index(self)


class Ending(NamedTuple):
    """What a word rhymes on: its vowel, everything after it, and whether that syllable is stressed by promotion only."""

    vowel: str
    rest: tuple[str, ...]
    lifted: bool


# Vowels before R are separate sounds: *war* and *was* have little in common.
_PAIRS_BEFORE_R = "AA EH, AA AO, AA ER, AO ER, AO UH, EH ER, EH IH, ER IH, ER UH"
# Modern vowels that were the same or similar when the classic English poets rhymed them: Kökeritz 1953,
# Shakespeare's Pronunciation, pp. 399-495; Wyld 1923, Studies in English Rhymes from Surrey to Pope.
_PAIRS = (
    "AH UW, AH UH, UH UW, AH AO, AH AA, AH OW, AO OW, AA OW, AA AO, UW OW, UH OW, AW OW, "
    "AE EY, AE AA, EY IY, EY EH, IY EH, IY IH, IH AY, AY OY"
)
_ONCE_ALIKE = frozenset(
    frozenset(pair.split())
    for pair in [
        *_PAIRS.split(", "),
        *(" ".join(f"{v}+R" for v in p.split()) for p in _PAIRS_BEFORE_R.split(", ")),
    ]
)
_VOICELESS = {"B": "P", "D": "T", "G": "K", "V": "F", "DH": "TH", "Z": "S", "ZH": "SH", "JH": "CH"}
_NASAL = {"M": "N", "NG": "N"}
_LONG_OR_GLIDING = frozenset("AY AW OY OW UW EY IY".split())  # noqa: SIM905
_VOWELS = _LONG_OR_GLIDING | frozenset("AA AE AH AO EH ER IH UH".split())  # noqa: SIM905
_WEAK = frozenset(("AH", "IH", "EH"))


def rhyme(one: str, other: str) -> Rhyme | None:
    """Return how two English words or lines rhyme at their ends, or None if they do not or have no pronunciation."""
    return word_rhyme(last_word(one), last_word(other))


@lru_cache(maxsize=_KEPT)
def word_rhyme(one: str, other: str) -> Rhyme | None:
    """Return how two words, as returned by `words_of`, rhyme, or None."""
    if not one or not other:
        return None
    if one == other:
        return Rhyme.SAME
    best: Rhyme | None = None
    for a, b in product(endings(one), endings(other)):
        found = _compared(a, b)
        if found is Rhyme.PERFECT:
            return found
        if found and (best is None or found.closeness > best.closeness):
            best = found
    return Rhyme.HISTORIC if best is not Rhyme.HISTORIC and _look_alike(one, other) else best


@lru_cache(maxsize=_KEPT)
def endings(word: str) -> tuple[Ending, ...]:
    """Return what a word in lower case may rhyme on: the last stressed syllable of each pronunciation and the rest.

    If two syllables or more follow the primary stress, verse may also stress the last one (Attridge 1982, The Rhythms of
    English Poetry, "promotion"): *posterity* rhymes with *thee*.
    """
    return tuple(dict.fromkeys(each for phones in pronunciations(word) for each in endings_of(phones)))


def endings_of(phones: Phones) -> list[Ending]:
    """Return the endings of one pronunciation, or [] if it has no vowel."""
    vowels = [k for k, phone in enumerate(phones) if is_vowel(phone)]
    if not vowels:
        return []
    stressed = [k for k in vowels if phones[k][-1] in "12"]
    found = [_ending(phones[stressed[-1] if stressed else vowels[0] :], lifted=False)]
    main = [k for k in vowels if phones[k][-1] == "1"]
    if main and vowels.index(main[-1]) <= len(vowels) - 3 and vowels[-1] not in stressed:
        found.append(_ending(phones[vowels[-1] :], lifted=True))
    return found


def _ending(tail: Phones, *, lifted: bool) -> Ending:
    """Return the sounds of a tail that matter for rhyme: no stress, equal weak vowels, R with the vowel before it."""
    sounds = [phone.rstrip("012") for phone in tail]
    sounds[1:] = [
        "AH" if sound in _WEAK and is_vowel(phone) else sound
        for sound, phone in zip(sounds[1:], tail[1:], strict=True)
    ]
    if len(sounds) > 1 and sounds[1] == "ER" and sounds[0] in _LONG_OR_GLIDING:
        sounds[1] = "R"  # fire has one syllable or two
    vowel = {"IY": "IH"}.get(sounds[0], sounds[0]) if sounds[1:2] == ["R"] else sounds[0]
    if sounds[1:2] == ["R"] and vowel not in _LONG_OR_GLIDING:
        return Ending(f"{vowel}+R", tuple(sounds[2:]), lifted)
    return Ending("ER+R" if vowel == "ER" else vowel, tuple(sounds[1:]), lifted)


def _compared(a: Ending, b: Ending) -> Rhyme | None:
    same_rest = a.rest == b.rest
    if same_rest and a.vowel == b.vowel:
        return Rhyme.PERFECT
    near = frozenset((a.vowel, b.vowel)) in _ONCE_ALIKE
    closed = bool(a.rest) or a.vowel.endswith("+R")
    lifted = a.lifted or b.lifted
    if same_rest and near and closed:
        return Rhyme.HISTORIC
    if same_rest and lifted and not a.rest and {a.vowel, b.vowel} == {"IY", "AY"}:
        return Rhyme.HISTORIC  # die, memory
    if not a.rest or not b.rest:
        return None
    if same_rest and (not lifted or "AH" in (a.vowel if a.lifted else "", b.vowel if b.lifted else "")):
        return Rhyme.SLANT  # shape, cup; accidents, prints
    if (near or a.vowel == b.vowel) and (_kin(a.rest, _VOICELESS) == _kin(b.rest, _VOICELESS)):
        return Rhyme.SLANT  # is, bliss
    return Rhyme.SLANT if a.vowel == b.vowel and _kin(a.rest, _NASAL) == _kin(b.rest, _NASAL) else None


def _kin(rest: tuple[str, ...], kin: dict[str, str]) -> list[str]:
    return [kin.get(sound, sound) for sound in rest]


def _look_alike(one: str, other: str) -> bool:
    """Return whether both words are spelled the same from their last vowel letters on: *presage, age*.

    One of them must end in its stressed syllable: *making* and *knowing* share only their grammar.
    """
    if _spelt_ending(one) != _spelt_ending(other) or not _spelt_ending(one):
        return False
    both = (*endings(one), *endings(other))
    return any(not ending.lifted and not _VOWELS.intersection(ending.rest) for ending in both)


@lru_cache(maxsize=_KEPT)
def _spelt_ending(word: str) -> str:
    letters = plain(word)[0]
    end = len(letters) - (letters.endswith("e") and len(letters) > 2)
    at = end
    while at and letters[at - 1] not in "aeiouy":
        at -= 1
    closed = at < end
    while at and letters[at - 1] in "aeiouy":
        at -= 1
    # These endings are too common to rhyme.
    return letters[at:] if closed and letters[at:] not in ("ed", "es", "er", "est", "en") else ""
