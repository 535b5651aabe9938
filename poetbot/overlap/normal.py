"""Characters as the overlap report sees them: what each is to a word, and texts in NFC and casefolded.

Python's `unicodedata.normalize` says nothing about where a character came from, and takes quadratic time on long
runs of combining marks. So the text is cut where nothing can combine, and only pieces that may change are
normalised, each remembering its places. A run of more than 64 code points that hang together is taken in pieces
of 64; no script needs such runs, and Unicode's stream-safe format (UAX 15, section 13) cuts them at 30.
"""

import unicodedata

import numpy as np
from numpy.typing import NDArray

OTHER, LETTER, CJK, MARK, APOSTROPHE = 0, 1, 2, 3, 4
KIND = 0b111
_ATTACHES = 8  # may combine with the character before it
_CHANGES = 16  # becomes another character under NFC, or several under NFC or casefold
NEEDS_CARE = _ATTACHES | _CHANGES
_KNOWN = 32

_PIECE = 64
_CODE_POINTS = 0x110000
_CJK_RANGES = (
    (0x1100, 0x11FF),  # Hangul jamo
    (0x3005, 0x3007),  # 々 〆 〇
    (0x3021, 0x303C),  # Suzhou numerals, kana repeat marks, 〼
    (0x3041, 0x31FF),  # kana, bopomofo, Hangul compatibility jamo
    (0x3400, 0x4DBF),  # Han, extension A
    (0x4E00, 0x9FFF),  # Han
    (0xA960, 0xA97F),  # Hangul jamo, extended A
    (0xAC00, 0xD7FF),  # Hangul syllables and jamo, extended B
    (0xF900, 0xFAFF),  # Han, compatibility
    (0xFF66, 0xFFDC),  # kana and Hangul of half width
    (0x16FE0, 0x18CFF),  # Tangut, Khitan and their marks
    (0x1AFF0, 0x1B2FF),  # kana, historic; Nüshu
    (0x20000, 0x3FFFF),  # Han, further extensions
)

# What each character is and the pseudo-random value of its casefold, filled in as characters are met. A cache:
# every entry is a function of its place, and untouched parts take no memory.
_kinds: NDArray[np.uint8] = np.zeros(_CODE_POINTS, np.uint8)
_values: NDArray[np.uint64] = np.zeros(_CODE_POINTS, np.uint64)


def code_points(text: str) -> NDArray[np.int64]:
    """Return the code points (n,) of a text, lone surrogates too. As int64 they look up tables three times faster."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)


def as_text(points: NDArray[np.int64]) -> str:
    """Return the text of code points (n,)."""
    return points.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def folded(text: str) -> str:
    """Return the text casefolded, with every apostrophe as '."""
    return text.casefold().replace("’", "'").replace("‘", "'").replace("ʼ", "'")


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a pseudo-random permutation of 64-bit values (the finaliser of SplitMix64, Steele et al. 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def kinds_of(points: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return what each character is to a word: its `KIND`, with flags."""
    kinds = _kinds[points]
    if kinds.size and not kinds.min():
        for point in np.unique(points[kinds == 0]).tolist():
            _values[point], _kinds[point] = _look_up(point)  # the kind last: it says that both are there
        kinds = _kinds[points]
    return kinds


def values_of(points: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return a pseudo-random value for each character, the same for all that casefold alike. Call `kinds_of` first."""
    return _values[points]


def _look_up(point: int) -> tuple[np.uint64, int]:
    """Return a character's value and kind from Python's Unicode data."""
    character = chr(point)
    nfc = unicodedata.normalize("NFC", character)
    fold = folded(nfc)
    if fold == "'":
        kind = APOSTROPHE
    elif unicodedata.category(fold[0]).startswith("M"):
        kind = MARK
    elif not fold[0].isalnum():
        kind = OTHER
    elif any(low <= point <= high for low, high in _CJK_RANGES):
        kind = CJK
    else:
        kind = LETTER
    if _may_attach(character):
        kind |= _ATTACHES
    if nfc != character or len(fold) > 1:
        kind |= _CHANGES
    return mixed(np.array([ord(fold[0])], np.uint64))[0], kind | _KNOWN


def _may_attach(character: str) -> bool:
    """Say whether NFC can join or reorder the character with what stands before it (marks, Hangul vowels and finals)."""
    return (
        unicodedata.category(character).startswith("M")
        or unicodedata.combining(character) > 0
        or "\u1160" <= character <= "\u11ff"
    )


def normalised(
    text: str, kinds: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the text in NFC and casefolded as code points (m,), and where each came from in the text as given.

    `kinds` is `kinds_of` the text (n,). Character i of the result came from `text[first[i]:last[i]]`; first and
    last are int64 (m,).
    """
    begins = np.flatnonzero((kinds & _ATTACHES) == 0)
    if not len(begins) or begins[0]:
        begins = np.concatenate([np.zeros(1, np.int64), begins])
    stops = np.append(begins[1:], len(kinds))
    care = np.add.reduceat((kinds & NEEDS_CARE) != 0, begins, dtype=np.int64) > 0

    known: dict[str, tuple[str, list[int], list[int]]] = {}
    parts: list[str] = []
    origins: list[int] = []  # where each part begins in the text as given
    changed: list[bool] = []
    froms: list[int] = []  # for the changed parts, their characters' places within the part as given
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
    """Return a piece in NFC and casefolded, with each character's first place and the one after its last.

    What is the same at either end keeps its places; what was composed or reordered comes from all between.
    """
    nfc = unicodedata.normalize("NFC", piece)
    shorter = min(len(piece), len(nfc))
    head = next((i for i in range(shorter) if piece[i] != nfc[i]), shorter)
    rest = shorter - head
    tail = next((i for i in range(rest) if piece[-1 - i] != nfc[-1 - i]), rest)
    result, froms, tos = [], [], []
    for i, character in enumerate(nfc):
        if i < head:
            start, stop = i, i + 1
        elif i >= len(nfc) - tail:
            start = i - len(nfc) + len(piece)
            stop = start + 1
        else:
            start, stop = head, len(piece) - tail
        fold = folded(character)
        result.append(fold)
        froms += [start] * len(fold)
        tos += [stop] * len(fold)
    return "".join(result), froms, tos
