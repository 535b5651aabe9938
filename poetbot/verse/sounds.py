"""The pronunciation and the number of syllables of words and lines of English verse."""

import re
import unicodedata
from functools import lru_cache

from poetbot.verse.dictionary import Phones, is_vowel, listed, syllable_count
from poetbot.verse.inflections import derived
from poetbot.verse.spoken_numbers import number_words
from poetbot.verse.unknown_words import guessed
from poetbot.verse.word_letters import plain, spoken, vowel_groups

_KEPT = 20_000  # cached words: about 10 MB
_LONGEST = 60  # letters; a longer "word" is noise, and its syllables are its runs of vowel letters
_FINAL_E = re.compile("(.*[^aeiouy])([éëÉË])e?('?s)?")
_PARTED = re.compile("(.*[aeouy])([äëïöü].*)")
_LATIN = re.compile(r"[^a-z']+")
_HAN_OR_CYRILLIC_VOWEL = re.compile("[\u3400-\u9fff\U00020000-\U0003ffffаеёиоуыэюяіїє]")


@lru_cache(maxsize=_KEPT)
def pronunciations(word: str) -> tuple[Phones, ...]:
    """Return the pronunciations of a word in lower case, the usual one first.

    They come from the dictionary, else from listed words (`inflections.derived`), else by analogy
    (`unknown_words.guessed`). A word without a letter a to z has none: (). Never raises for a word of `words_of`.
    """
    if word in ("dr", "dr."):
        return listed("doctor")
    if found := listed(word):
        return found
    if len(word) > _LONGEST:
        return (("AH0",) * max(1, vowel_groups(word)),)
    letters, sounded = plain(word)
    if sounded and (stem := derived(letters[:-2] + "eth")):  # learnèd: as many syllables as learneth
        return tuple((*phones[:-2], "IH0", "D") for phones in stem)
    if ways := number_words(word):
        return tuple(_said_together(way) for way in ways)
    if letters != word and (found := _accented(unicodedata.normalize("NFC", word), letters)):
        return found
    if found := derived(letters):
        return found
    letters = _LATIN.sub("", letters).replace("'", "")
    return (guessed(letters),) if letters else ()


def _said_together(words: tuple[str, ...]) -> Phones:
    return tuple(phone for word in words for phone in pronunciations(word)[0])


def _accented(word: str, letters: str) -> tuple[Phones, ...]:
    """Return the pronunciations of a word with accents: a final é is pronounced, and a diaeresis separates two vowels."""
    found = listed(letters)
    if final := _FINAL_E.fullmatch(word):
        plural = ("Z",) if final[3] else ()
        stem = plain(final[1])[0]
        sounded = [phones for phones in found if _ends_in_vowel(phones, len(plural))]
        sounded = sounded or [phones for phones in listed(stem + "e") if _ends_in_vowel(phones, 0)]
        if sounded:
            rest = [phones[: len(phones) - len(plural)] if phones in found else phones for phones in sounded]
            return tuple((*phones[:-1], "EY1", *plural) for phones in rest)
        if ways := listed(stem + "e") or listed(stem):
            return tuple((*(phone.replace("1", "2") for phone in phones), "EY1", *plural) for phones in ways)
        return ((*guessed(_LATIN.sub("", stem) + "ay"), *plural),) if _LATIN.sub("", stem) else ()
    if parted := _PARTED.fullmatch(word):
        head, tail = plain(parted[1])[0], plain(parted[2])[0]
        least = vowel_groups(head.removesuffix("e") + " " + tail.removesuffix("e"))
        if fitting := tuple(phones for phones in found if syllable_count(phones) >= least):
            return fitting
        first = pronunciations(head)[0]
        second = (listed(tail) or derived(tail) or (guessed(tail),))[0]
        return ((*first, *(phone.replace("1", "2") for phone in second)),)
    return found


def _ends_in_vowel(phones: Phones, before_end: int) -> bool:
    end = len(phones) - before_end
    return end > 0 and is_vowel(phones[end - 1])


@lru_cache(maxsize=_KEPT)
def syllables(word: str) -> int:
    """Return the number of syllables in the usual pronunciation of a word: th' has none.

    A Chinese character is one, and so is a vowel letter of Cyrillic; a word of another script counts as one.
    """
    if found := pronunciations(word):
        return max(syllable_count(found[0]), "'" not in word)  # hmm has a syllable
    return max(1, len(_HAN_OR_CYRILLIC_VOWEL.findall(word)))


@lru_cache(maxsize=_KEPT)
def possible_syllables(word: str) -> tuple[int, int]:
    """Return the fewest and the most syllables a word may have in verse.

    Besides the dictionary's variants, -ed may be pronounced (*fixèd*). -er, -en, -el, -on, -it and -is after a vowel and
    one of r, v, l, w, th or nothing may be elided (*power*, *heaven*, *spirit*), and so may a weak vowel before
    another syllable that begins with a vowel, r, l or n (*glorious*, *every*, *natural*).
    """
    found = pronunciations(word)
    if not found or not syllable_count(found[0]):
        return syllables(word), syllables(word)
    counts = [syllable_count(phones) for phones in found]
    most = max(counts)
    if word.endswith("ed") and found[0][-2:] != ("IH0", "D") and len(found[0]) > 2 and found[0][-1] in "TD":
        most += 1
    return min(syllable_count(phones) - _swallowed(phones) for phones in found), most


def line_syllables(line: str) -> int:
    """Return the number of syllables of a line in the usual pronunciation."""
    return sum(map(syllables, spoken(line)))


def possible_line_syllables(line: str) -> tuple[int, int]:
    """Return the fewest and the most syllables a line may have in verse: see `possible_syllables`."""
    words = [possible_syllables(word) for word in spoken(line)]
    return sum(low for low, _ in words), sum(high for _, high in words)


def _swallowed(phones: Phones) -> int:
    """Return 1 if a weak vowel may be elided, else 0."""
    for k in range(1, len(phones)):
        if phones[k] not in ("AH0", "ER0", "IH0", "IY0"):
            continue
        before, after = phones[k - 1], phones[k + 1 : k + 3]
        if phones[k] == "ER0" and is_vowel(before):  # power, flower, being as one syllable
            return 1
        if phones[k] in ("IY0", "AH0", "IH0") and (is_vowel(before) or (after and is_vowel(after[0]))):
            return 1  # glorious, being, fuel
        if before in ("V", "R", "L", "DH", "W") and len(after) == 1 and after[0] in ("N", "L", "T", "S"):
            return 1  # heaven, evil, spirit
        if phones[k] == "ER0" and after and is_vowel(after[0]):
            return 1  # wandering
        if len(after) == 2 and after[0] in ("R", "L", "N") and is_vowel(after[1]) and k > 1:
            return 1  # every, natural
    return 0
