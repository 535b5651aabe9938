"""Measure how many words of a poem aren't in the dictionary: dialect, old spelling, another language, broken text."""

import re
from collections.abc import Container

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_APOSTROPHES = str.maketrans("’‘ʼ", "'''")
_CLIPPED = re.compile(r"(?<![^\W_])(?:[a-z]{2,}in|an|wi|fu|gi|ha|a)'(?![^\W_])")
"""Words with a clipped ending: goin', an', wi'. Poetic forms (o', th', e'en) aren't included."""
_POETS_OWN = "tis|twas|twere|twill|twould|mid|mong|neath|gainst|tween|twixt|scape|bout|cause|till|all|old|ill|air|is|it|as|at|am|an|and|a|i"
"""Words that poets write with a leading apostrophe or that can begin a quotation, even if an h would fit there."""
_DROPPED = re.compile(rf"(?<![^\W_])'(?!(?:{_POETS_OWN})(?![^\W_]))([a-z]+)")
_ENDINGS = (
    "'d",
    "'st",
    "'s",
    "'rt",
    "'t",
    "edst",
    "est",
    "eth",
    "st",
    "th",
    "'n",
    "'r",
    "ed",
    "er",
    "less",
    "ly",
    "like",
)
_MADE_WITH = ("un", "out", "over", "a", "be", "re", "up", "down", "in", "en", "fore", "under")


def unknown_share(text: str, words: Container[str]) -> float:
    """Return the share of the words of `text`, from 0 to 1, that aren't in `words` (lowercase, plain apostrophes).

    Verse endings (look'd, goeth, lovest), hyphens and common prefixes are allowed. Clipped words (goin', an') and dropped h ('ard) count as
    odd. A text without words has a share of 1.
    """
    text = text.translate(_APOSTROPHES)
    names = _names(text)
    text = text.lower()
    found = _WORD.findall(text)
    if not found:
        return 1.0
    odd = sum(not _known(word, words) for word in found if word not in names)
    odd += sum(1 for _ in _CLIPPED.finditer(text))
    odd += sum("h" + match[1] in words for match in _DROPPED.finditer(text))
    return min(odd / len(found), 1.0)


def _names(text: str) -> set[str]:
    """Return the words, in lowercase, that are capitalised inside lines and never occur otherwise: names."""
    inside = set(re.findall(r"(?<=[a-z,;] )[A-Z][a-z]+", text))
    small = set(re.findall(r"(?<![^\W_])[a-z]+", text))
    return {name.lower() for name in inside} - small


def _known(word: str, words: Container[str]) -> bool:
    if word in words:
        return True
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and (
            stem in words or stem + "e" in words or (stem[-1:] == "i" and stem[:-1] + "y" in words)
        ):
            return True
        if stem != word and len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in words:
            return True
    return any(
        word.startswith(prefix) and len(word) > len(prefix) + 2 and word[len(prefix) :] in words
        for prefix in _MADE_WITH
    )
