"""Alliteration: words of a line whose stressed syllables begin with the same sound.

Adams & Cushman 2012, "Alliteration", The Princeton Encyclopedia of Poetry and Poetics, 4th ed.: the repetition of the
sound of an initial consonant or cluster in stressed syllables. As in the oldest English verse, sp, st and sk
alliterate only with themselves.
"""

from functools import lru_cache

from poetbot.verse.dictionary import Phones, is_vowel
from poetbot.verse.sounds import pronunciations
from poetbot.verse.word_letters import Word, words_of

REACH = 4
"""Maximum distance, in words, between two words that alliterate. Unstressed words count too."""

# Words that verse seldom stresses: articles, pronouns, prepositions, conjunctions, auxiliaries, old and modern.
UNSTRESSED = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "nor",
        "but",
        "if",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "off",
        "on",
        "onto",
        "o'er",
        "over",
        "out",
        "to",
        "too",
        "unto",
        "up",
        "upon",
        "with",
        "than",
        "that",
        "this",
        "these",
        "those",
        "there",
        "then",
        "thus",
        "so",
        "such",
        "am",
        "are",
        "art",
        "be",
        "been",
        "is",
        "was",
        "were",
        "wert",
        "wast",
        "has",
        "hath",
        "have",
        "had",
        "hast",
        "do",
        "does",
        "doth",
        "did",
        "dost",
        "can",
        "could",
        "canst",
        "may",
        "might",
        "must",
        "shall",
        "should",
        "shalt",
        "will",
        "would",
        "wilt",
        "wouldst",
        "i",
        "me",
        "my",
        "mine",
        "we",
        "us",
        "our",
        "ours",
        "you",
        "your",
        "yours",
        "ye",
        "thou",
        "thee",
        "thy",
        "thine",
        "he",
        "him",
        "his",
        "she",
        "her",
        "hers",
        "it",
        "its",
        "they",
        "them",
        "their",
        "theirs",
        "who",
        "whom",
        "whose",
        "which",
        "what",
        "when",
        "where",
        "while",
        "why",
        "how",
        "not",
        "no",
        "th'",
        "'tis",
        "'twas",
        "i'll",
        "thou'rt",
        "it's",
        "don't",
    ]
)
_ONSETS = frozenset(
    [
        "P",
        "B",
        "T",
        "D",
        "K",
        "G",
        "CH",
        "JH",
        "F",
        "V",
        "TH",
        "DH",
        "S",
        "Z",
        "SH",
        "ZH",
        "HH",
        "M",
        "N",
        "L",
        "R",
        "W",
        "Y",
        "P-L",
        "P-R",
        "P-Y",
        "B-L",
        "B-R",
        "B-Y",
        "T-R",
        "T-W",
        "D-R",
        "D-W",
        "K-L",
        "K-R",
        "K-W",
        "K-Y",
        "G-L",
        "G-R",
        "G-W",
        "F-L",
        "F-R",
        "F-Y",
        "V-Y",
        "TH-R",
        "TH-W",
        "SH-R",
        "HH-Y",
        "HH-W",
        "M-Y",
        "S-P",
        "S-T",
        "S-K",
        "S-L",
        "S-W",
        "S-M",
        "S-N",
        "S-F",
        "S-P-L",
        "S-P-R",
        "S-P-Y",
        "S-T-R",
        "S-K-R",
        "S-K-W",
        "S-K-Y",
    ]
)


@lru_cache(maxsize=20_000)
def onset(word: str) -> str:
    """Return the sound that a word alliterates on: the first consonant of its stressed syllable, or "" if none."""
    if word in UNSTRESSED or not (found := pronunciations(word)):
        return ""
    phones = found[0]
    stressed = next((k for k, phone in enumerate(phones) if phone[-1] == "1"), None)
    if stressed is None:
        return ""
    consonants = _onset_before(phones, stressed)
    if consonants[:2] in (("S", "P"), ("S", "T"), ("S", "K")):
        return "-".join(consonants[:2])
    return consonants[0] if consonants else ""


def begins_with_onset(word: str) -> bool:
    """Return whether a word begins with the sound that it alliterates on, unlike "about"."""
    sound = tuple(filter(None, onset(word).split("-")))
    return bool(sound) and tuple(pronunciations(word)[0][: len(sound)]) == sound


def _onset_before(phones: Phones, vowel: int) -> Phones:
    """Return the onset of a vowel's syllable: as many consonants as can begin an English word (maximal onset)."""
    start = vowel
    while start and not is_vowel(phones[start - 1]):
        start -= 1
    if start == 0:
        return phones[:vowel]
    while start < vowel and "-".join(phones[start:vowel]) not in _ONSETS:
        start += 1
    return phones[start:vowel]


def alliterations(line: str) -> list[list[Word]]:
    """Return the groups of words of a line that alliterate, each with two words or more in order.

    The same word twice is repetition and does not form a group by itself.
    """
    words = words_of(line)
    by_sound: dict[str, list[list[int]]] = {}
    for k, word in enumerate(words):
        if sound := onset(word.text):
            runs = by_sound.setdefault(sound, [[]])
            if runs[-1] and k - runs[-1][-1] > REACH:
                runs.append([])
            runs[-1].append(k)
    groups = [run for runs in by_sound.values() for run in runs if len({words[k].text for k in run}) > 1]
    return [[words[k] for k in run] for run in sorted(groups)]
