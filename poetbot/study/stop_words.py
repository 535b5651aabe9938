"""Words that say how and not what, by language, and which language a text is in by those it uses.

English has the list of `word_counts`, with the older forms of verse. The others are those of the package `stop-words`;
Chinese has the particles of the old language and traditional forms besides.
"""

from collections.abc import Mapping
from functools import lru_cache

from poetbot.errors import PoetBotError
from poetbot.study.word_counts import common_words

LANGUAGES = {
    "en": "English",
    "zh": "Chinese",
    "fr": "French",
    "de": "German",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "ru": "Russian",
    "uk": "Ukrainian",
    "pl": "Polish",
    "sv": "Swedish",
    "da": "Danish",
    "fi": "Finnish",
}
"""Codes of ISO 639-1 and names of the languages that have a list."""

_OLDER_CHINESE = "之 其 于 於 與 与 為 为 兮 乎 者 也 矣 焉 哉 而 以 乃 則 则 亦 且 若 無 无 不 有 是 此 彼 所 何 個 個 們 來 這 裡 還 從 對 過 後"
_FEWEST = (
    0.1  # share of the words that a language's own must be; half of running text is, lists of names are not
)


@lru_cache(maxsize=len(LANGUAGES))
def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language, casefolded as our words are. Raises PoetBotError for one without a list."""
    if language not in LANGUAGES:
        raise PoetBotError(
            "There is no list of common words for {language}. Choose one of: {languages}.",
            language=repr(language[:20]),
            languages=", ".join(LANGUAGES),
        )
    if language == "en":
        return common_words()
    from stop_words import get_stop_words

    found = {word.casefold() for word in get_stop_words(language)}
    if language == "zh":
        found |= set(_OLDER_CHINESE.split())
    # An article before an apostrophe is a word of its own in these lists and the head of one in ours.
    return frozenset(found)


def language_of(counts: Mapping[str, int]) -> str | None:
    """Return the language whose stop words are the largest share of these words; None where none has a tenth."""
    total = sum(counts.values())
    shares = {language: sum(counts.get(word, 0) for word in stop_words(language)) for language in LANGUAGES}
    best = max(shares, key=lambda language: shares[language])
    if not total or shares[best] < _FEWEST * total:
        return None
    return best


def without_stop_words(counts: Mapping[str, int], language: str | None) -> dict[str, int]:
    """Return the counts without a language's stop words; all of them for None."""
    if language is None:
        return dict(counts)
    left_out = stop_words(language)
    return {word: count for word, count in counts.items() if word not in left_out}
