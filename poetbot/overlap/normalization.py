"""Text normalization for comparing words, and the class of each character within a word.

Normalized text is in NFC and casefolded. Invisible characters are removed, words hyphenated at a line end are
rejoined, every apostrophe is ', and letters and digits of another width or style are replaced by plain ones, as in NFKC.

Python's `unicodedata.normalize` does not report where a character came from, and takes quadratic time on long
runs of combining marks. So the text is cut where nothing can combine, and only the pieces that may change are
normalized, with their offsets. A run of more than 64 combining code points is processed in pieces of 64; no script
needs such runs, and Unicode's stream-safe format (UAX 15, section 13) cuts them at 30.
"""

import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

from poetbot.cjk import CJK_RANGES

OTHER, LETTER, CJK, MARK, APOSTROPHE, HYPHEN, INVISIBLE = 0, 1, 2, 3, 4, 5, 6
KIND = 0b111
_ATTACHES = 8  # may combine with the character before it
_CHANGES = 16  # changes in NFC or NFKC, becomes several characters when casefolded, or is invisible
NEEDS_CARE = _ATTACHES | _CHANGES
_KNOWN = 32
_NOT_SEEN = INVISIBLE | _CHANGES | _KNOWN

_PIECE = 64
_CODE_POINTS = 0x110000

HYPHENS = "-\u2010\u2011"
APOSTROPHES = "`\u00b4\u02b9\u02bb\u02bc\u02bd\u02ca\u02cb\u055a\u2018\u2019\u201b\u2032\u2035\ua78c\uff07"
"""Characters that people and programs write for an apostrophe. All are read as '."""

# Default_Ignorable_Code_Point of Unicode 16, but for the Hangul fillers, which stand for a letter.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_MOST_BLANKS = 80  # at the end or the beginning of a line
_HYPHENATED = re.compile(
    rf"(?<=[^\W\d_]|[\u0300-\u036f])[{HYPHENS}][ \t\r]{{0,{_MOST_BLANKS}}}\n[ \t]{{0,{_MOST_BLANKS}}}(?=[^\W\d_])"
)
_MAY_BE_HYPHENATED = re.compile(
    rf"(?:[^\W\d_]|[\u0300-\u036f])[{HYPHENS}][ \t\r]{{0,{_MOST_BLANKS}}}(?:\n[ \t]{{0,{_MOST_BLANKS}}})?\Z"
)
# Decompositions of letters that differ in style only. Others, such as ² and ½, change the meaning.
_STYLES = "<font> <wide> <narrow> <initial> <medial> <final> <isolated> <compat>".split()  # noqa: SIM905
_FIRST_COMPATIBLE = (
    0x2000  # below, and among the Korean letters, <compat> ones are ordinary (Thai and Lao vowels)
)
_KOREAN_LETTERS = {*range(0x3131, 0x318F), *range(0xFFA0, 0xFFDD)}
_RADICALS = range(0x2E80, 0x2FE0)  # symbols in Unicode, but PDF readers produce them for characters

# The class of each character and the pseudo-random value of its casefold, filled in as characters are met. This is a
# cache: every entry depends on its index only, and untouched parts take no memory.
_kinds: NDArray[np.uint8] = np.zeros(_CODE_POINTS, np.uint8)
_values: NDArray[np.uint64] = np.zeros(_CODE_POINTS, np.uint64)


def code_points(text: str) -> NDArray[np.int64]:
    """Return the code points (n,) of a text, including lone surrogates. Table look-ups are three times faster with int64."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)


def as_text(points: NDArray[np.int64]) -> str:
    """Return the text of code points (n,)."""
    return points.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def folded(text: str) -> str:
    """Return the text casefolded, with every apostrophe as '."""
    text = text.casefold()
    for apostrophe in "`" if text.isascii() else APOSTROPHES:
        text = text.replace(apostrophe, "'")
    return text


def counted(text: str, points: NDArray[np.int64], kinds: NDArray[np.uint8]) -> NDArray[np.int64] | None:
    """Return the offsets (m,) of the characters that count in a text, or None if all of them do.

    Invisible characters do not count. Neither does a hyphen at a line end, with the line end and the indentation after
    it, if a letter that is not a capital follows: in most cases the line was broken there because of its width.
    """
    places = None
    if (kinds == _NOT_SEEN).any():
        places = np.flatnonzero(kinds != _NOT_SEEN)
        points, kinds = points[places], kinds[places]
        text = as_text(points)
    hyphens = np.flatnonzero(kinds[:-1] == HYPHEN | _KNOWN)
    cuts = []
    for hyphen in hyphens[points[hyphens + 1] <= ord(" ")].tolist():
        match = _HYPHENATED.match(text, hyphen)
        if match and kinds[match.end()] & KIND == LETTER and not text[match.end()].isupper():
            cuts.append(match.span())
    if not cuts:
        return places
    kept = np.ones(len(points), np.bool_)
    for start, end in cuts:
        kept[start:end] = False
    return np.flatnonzero(kept) if places is None else places[kept]


def may_be_hyphenated(text: str) -> bool:
    """Return whether a text ends in a hyphen at a line end, so that its last word may continue."""
    return _MAY_BE_HYPHENATED.search(_INVISIBLE.sub("", text[-4 * _MOST_BLANKS :])) is not None


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a pseudo-random permutation of 64-bit values (the finaliser of SplitMix64, Steele et al. 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def kinds_of(points: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the class of each character: its `KIND`, with flags."""
    kinds = _kinds[points]
    if kinds.size and not kinds.min():
        for point in np.unique(points[kinds == 0]).tolist():
            _values[point], _kinds[point] = _look_up(point)  # the kind last: it marks both as present
        kinds = _kinds[points]
    return kinds


def values_of(points: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return a pseudo-random value for each character, equal for equal casefolds. Call `kinds_of` first."""
    return _values[points]


def _look_up(point: int) -> tuple[np.uint64, int]:
    """Return a character's value and kind from Python's Unicode data."""
    character = chr(point)
    if _INVISIBLE.match(character):
        return np.uint64(0), _NOT_SEEN
    plain = compatible(character)
    nfc = unicodedata.normalize("NFC", plain)
    fold = folded(nfc)
    if fold == "'":
        kind = APOSTROPHE
    elif character in HYPHENS:
        kind = HYPHEN
    elif unicodedata.category(fold[0]).startswith("M"):
        kind = MARK
    elif not fold[0].isalnum():
        kind = OTHER
    elif any(low <= ord(fold[0]) <= high for low, high in CJK_RANGES):
        kind = CJK
    else:
        kind = LETTER
    if _may_attach(plain[0]):
        kind |= _ATTACHES
    if nfc != character or len(fold) > 1:
        kind |= _CHANGES
    return mixed(np.array([ord(fold[0])], np.uint64))[0], kind | _KNOWN


def compatible(character: str) -> str:
    """Return the plain form of a letter or digit of another width or style; return anything else unchanged."""
    style = unicodedata.decomposition(character).partition(" ")[0]
    if style not in _STYLES or (style == "<compat>" and ord(character) < _FIRST_COMPATIBLE):
        return character
    if not (character.isalnum() or ord(character) in _RADICALS) or ord(character) in _KOREAN_LETTERS:
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain[0].isalnum() or unicodedata.category(plain[0]).startswith("M") else character


def _may_attach(character: str) -> bool:
    """Return whether NFC can combine or reorder the character with those before it (marks, Hangul vowels and finals)."""
    return (
        unicodedata.category(character).startswith("M")
        or unicodedata.combining(character) > 0
        or "\u1160" <= character <= "\u11ff"
    )


def normalised(
    text: str, kinds: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the normalized text as code points (m,), and the source range of each.

    `text` holds only the characters that `counted` returns, and `kinds` is `kinds_of` the text (n,). Character i of the
    result came from `text[first[i]:last[i]]`; first and last are int64 (m,).
    """
    begins = np.flatnonzero((kinds & _ATTACHES) == 0)
    if not len(begins) or begins[0]:
        begins = np.concatenate([np.zeros(1, np.int64), begins])
    stops = np.append(begins[1:], len(kinds))
    care = np.add.reduceat((kinds & NEEDS_CARE) != 0, begins, dtype=np.int64) > 0

    known: dict[str, tuple[str, list[int], list[int]]] = {}
    parts: list[str] = []
    origins: list[int] = []  # where each part begins in the given text
    changed: list[bool] = []
    froms: list[int] = []  # for the changed parts, the offsets of their characters within the given part
    tos: list[int] = []
    done = 0
    for begin, stop in zip(begins[care].tolist(), stops[care].tolist(), strict=True):
        if begin > done:
            parts.append(text[done:begin])
            origins.append(done)
            changed.append(False)
        for low in range(begin, stop, _PIECE):
            piece = text[low : min(low + _PIECE, stop)]
            if piece not in known:
                known[piece] = _aligned(piece)
            part, part_froms, part_tos = known[piece]
            parts.append(part)
            origins.append(low)
            changed.append(True)
            froms.extend(part_froms)
            tos.extend(part_tos)
        done = stop
    parts.append(text[done:])
    origins.append(done)
    changed.append(False)

    lengths = np.fromiter(map(len, parts), np.int64, len(parts))
    heads = np.cumsum(lengths) - lengths
    origin = np.repeat(np.array(origins, np.int64), lengths)
    first = origin + np.arange(len(origin)) - np.repeat(heads, lengths)
    last = first + 1
    moved = np.repeat(np.array(changed, np.bool_), lengths)
    first[moved] = origin[moved] + np.array(froms, np.int64)
    last[moved] = origin[moved] + np.array(tos, np.int64)
    return code_points("".join(parts)), first, last


def _aligned(piece: str) -> tuple[str, list[int], list[int]]:
    """Return the normalized piece, with the source range of each character.

    Characters that are the same at either end keep their offsets. Those that were composed or reordered come from
    everything in between.
    """
    expanded = [compatible(character) for character in piece]
    places = [k for k, characters in enumerate(expanded) for _ in characters]
    plain = "".join(expanded)
    nfc = unicodedata.normalize("NFC", plain)
    shorter = min(len(plain), len(nfc))
    head = next((i for i in range(shorter) if plain[i] != nfc[i]), shorter)
    rest = shorter - head
    tail = next((i for i in range(rest) if plain[-1 - i] != nfc[-1 - i]), rest)
    result, froms, tos = [], [], []
    for i, character in enumerate(nfc):
        if i < head:
            start, stop = places[i], places[i] + 1
        elif i >= len(nfc) - tail:
            start = places[i - len(nfc) + len(plain)]
            stop = start + 1
        else:
            start, stop = places[head], places[len(plain) - tail - 1] + 1
        fold = folded(character)
        result.append(fold)
        froms += [start] * len(fold)
        tos += [stop] * len(fold)
    return "".join(result), froms, tos
