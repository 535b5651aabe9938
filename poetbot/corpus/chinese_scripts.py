"""Convert Chinese between simplified and traditional script, with OpenCC.

A simplified character may stand for several traditional ones (后 for 後 and 后), and the phrase decides which, so whole texts are
converted rather than single characters. The length of a text doesn't change: character k stays character k.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from opencc import OpenCC

Script = Literal["simplified", "traditional"]
SCRIPTS: tuple[Script, ...] = ("simplified", "traditional")

FIRST_HAN = 0x3400
"""Code point of the first Chinese character."""
_FIRST_HAN = chr(FIRST_HAN)
_CLEARLY = 0.75
"""Share of the characters with two forms from which a text or a vocabulary counts as one script."""
_FEWEST = 20  # such characters needed to determine a vocabulary's script


def in_script(text: str, script: Script) -> str:
    """Return a text in this script; characters without another form stay the same."""
    if text.isascii():
        return text
    converted = _converter(script).convert(text)
    if len(converted) == len(text):
        return converted
    return "\n".join(_line_in(line, script) for line in text.split("\n"))


def in_known_script(text: str, known: Callable[[str], Collection[str]]) -> str:
    """Return a text in the script of which more characters are known; unchanged if neither has more.

    `known` gets Chinese characters, each once, and returns the known ones.
    """
    if text.isascii():
        return text
    characters = "".join(sorted(c for c in set(text) if _FIRST_HAN <= c < "\ua000" or c >= "\U00020000"))
    found = known(characters)
    best, most = text, len(found)
    missing = [character for character in characters if character not in found]
    for script in SCRIPTS:
        other = {_one_in(character, script) for character in missing} - set(missing)
        if other and known("".join(other)):
            forms = [_one_in(character, script) for character in characters]
            found = known("".join(set(forms)))
            count = sum(form in found for form in forms)
            if count > most:
                best, most = in_script(text, script), count
    return best


@lru_cache(maxsize=16)
def script_of(characters: str) -> Script | None:
    """Return the script of nearly all of these characters that have two forms; None if it is mixed.

    For a vocabulary, a few characters with two forms aren't enough.
    """
    listed = "\n".join(
        sorted(c for c in set(characters) if c >= _FIRST_HAN)
    )  # parted, so that none make a phrase
    simplified, traditional = (
        sum(a != b for a, b in zip(listed, in_script(listed, script), strict=True))
        for script in ("traditional", "simplified")
    )
    both = simplified + traditional
    if both < _FEWEST:
        return None
    if traditional >= _CLEARLY * both:
        return "traditional"
    return "simplified" if simplified >= _CLEARLY * both else None


def other_forms(character: str) -> tuple[str, ...]:
    """Return the forms of a Chinese character in the other script or scripts, the most likely first."""
    if character < _FIRST_HAN:
        return ()
    plain = _one_in(character, "simplified")
    # All with the same simplified form: 钟 is 鐘 or 鍾, and the variant 顔 is 顏.
    forms = (_one_in(character, "traditional"), plain, *_by_simplified().get(plain, ()))
    return tuple(dict.fromkeys(form for form in forms if form != character))


def _line_in(line: str, script: Script) -> str:
    converted = _converter(script).convert(line)
    if len(converted) == len(line):
        return converted
    return "".join(_one_in(character, script) for character in line)


@lru_cache(maxsize=50_000)
def _one_in(character: str, script: Script) -> str:
    converted = _converter(script).convert(character)
    return converted if len(converted) == 1 else character


@lru_cache(maxsize=1)
def _by_simplified() -> dict[str, list[str]]:
    """Return the characters of the main block that are written differently in simplified script, by that form."""
    listed = "\n".join(map(chr, range(0x4E00, 0xA000)))  # parted, so that none make a phrase
    found = defaultdict(list)
    for character, plain in zip(listed, in_script(listed, "simplified"), strict=True):
        if character != plain:
            found[plain].append(character)
    return dict(found)


@lru_cache(maxsize=2)
def _converter(script: Script) -> "OpenCC":
    # Imported here because poets of other languages don't need its tables.
    from opencc import OpenCC

    return OpenCC("s2t" if script == "traditional" else "t2s")
