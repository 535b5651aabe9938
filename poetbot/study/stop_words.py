"""Stop words by language, and language detection by stop words.

English uses the list of `word_counts`, which has the older forms of verse. The others use the package `stop-words`;
Chinese also has the particles of the classical language and traditional forms.
"""

from collections.abc import Mapping
from functools import lru_cache

from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.study.word_counts import common_words

LANGUAGES = {
    "en": Message("English"),
    "zh": Message("Chinese"),
    "fr": Message("French"),
    "de": Message("German"),
    "es": Message("Spanish"),
    "it": Message("Italian"),
    "pt": Message("Portuguese"),
    "nl": Message("Dutch"),
    "ru": Message("Russian"),
    "uk": Message("Ukrainian"),
    "pl": Message("Polish"),
    "sv": Message("Swedish"),
    "da": Message("Danish"),
    "fi": Message("Finnish"),
}
"""ISO 639-1 codes and names of the languages that have a list."""

_OLDER_CHINESE = "之 其 于 於 與 与 為 为 兮 乎 者 也 矣 焉 哉 而 以 乃 則 则 亦 且 若 無 无 不 有 是 此 彼 所 何 個 個 們 來 這 裡 還 從 對 過 後"
_FEWEST = (
    0.1  # minimum share of a language's stop words; in running text it is half, in lists of names almost none
)


@lru_cache(maxsize=len(LANGUAGES))
def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language, casefolded. Raises PoetBotError for a language without a list."""
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
    # An article before an apostrophe is a separate word in these lists, but part of the word in ours.
    return frozenset(found)


def language_of(counts: Mapping[str, int]) -> str | None:
    """Return the language whose stop words have the largest share, or None if it is less than a tenth."""
    total = sum(counts.values())
    shares = {language: sum(counts.get(word, 0) for word in stop_words(language)) for language in LANGUAGES}
    best = max(shares, key=lambda language: shares[language])
    if not total or shares[best] < _FEWEST * total:
        return None
    return best


def without_stop_words(counts: Mapping[str, int], language: str | None) -> dict[str, int]:
    """Return the counts without the stop words of a language. For None return all counts."""
    if language is None:
        return dict(counts)
    left_out = stop_words(language)
    return {word: count for word, count in counts.items() if word not in left_out}
