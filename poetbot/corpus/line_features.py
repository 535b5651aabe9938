"""Features of each line of a text: lengths, words, capitals, punctuation, and how it ends.

Everything is counted with NumPy over long stretches of text, because the filter must read 20 MB a second: characters are mapped to
a few kinds, words are the runs between spaces, and line features are sums over them.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Units = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
Kinds = npt.NDArray[np.uint8]

# Kinds of character: space and small letters first, which are most of any text, the line end last.
SPACE, LETTER, UPPER, CASELESS, DIGIT, STOP, CLAUSE, OPENING, CLOSING, BRACKET, UNBRACKET, SYMBOL, NEWLINE = (
    range(13)
)
_PLAIN = bytes((SPACE, LETTER))

_STOPS = ".!?…。！？"
_CLAUSES = ",;:-–—―，；：、"
_OPENINGS = "\"'“‘«„‹(_*`「『（《〈"
_CLOSINGS = ")”’»›」』）》〉"

# Words that rarely end a line of verse but often a wrapped line of prose.
_LEANING = """
    a an and are as at be been but by did do for from had has have he her his i if in into is it its may my no nor
    not of off on or our she so than that the them then they this to too upon was we were when who will with you
    your any each more most some such very
    de la le les des du un une et que qui en el los y der die das und von zu im den dem ein il di e o os da
"""
_LEANING_LETTERS = 4

_BEYOND = 0xD800

_CHUNK = 1 << 18
"""Number of characters analysed at once, so that the arrays of one stretch fit in the processor's cache."""


@dataclass(frozen=True)
class Lines:
    """The features of the N lines of a text; every field is an array of shape (N,).

    Columns and lengths are in characters.
    """

    start: npt.NDArray[np.int64]
    """Offset of the line in the text."""
    indent: Ints
    width: Ints
    """Column after the last visible character; 0 for a blank line."""
    words: Ints
    first_word: Ints
    """Columns of the first word, which may have fitted on the line before; 2 if words aren't separated."""
    gap: Ints
    """Spaces before the last word."""
    capital_words: Ints
    upper: Ints
    lower: Ints
    caseless: Ints
    digits: Ints
    stops: Ints
    """Full stops, exclamation and question marks."""
    opening: Ints
    """Opening brackets `[`."""
    closing: Ints
    """Closing brackets `]`."""
    symbols: Ints
    capital_start: Flags
    lower_start: Flags
    digit_start: Flags
    ends_stop: Flags
    ends_clause: Flags
    ends_leaning: Flags
    """Ends in an article, preposition or the like without punctuation."""
    ends_number: Flags
    """The last word is a number."""
    first: npt.NDArray[np.uint16]
    """Code of the first visible character (0xD800 beyond the Basic Multilingual Plane), 0 for a blank line."""
    last: npt.NDArray[np.uint16]
    key: npt.NDArray[np.int64]
    """The first three letters as one number, to recognise alphabetical lists."""
    labelled: Flags
    """The first word ends in a full stop or a colon, like the name of a speaker."""

    def __len__(self) -> int:
        return self.indent.size

    @property
    def blank(self) -> Flags:
        """Whether the line has no visible characters."""
        return self.words == 0

    @property
    def length(self) -> Ints:
        """Width without the indent."""
        return self.width - self.indent


def line_texts(text: str, lines: Lines, first: int, end: int) -> list[str]:
    """Return the lines from index `first` to `end` - 1 of `text`."""
    stop = int(lines.start[end]) - 1 if end < len(lines) else len(text)
    return text[int(lines.start[first]) : stop].split("\n")[: end - first]


def slice_lines(lines: Lines, first: int, end: int, offset: int) -> Lines:
    """Return the lines from index `first` to `end` - 1 of the text that begins at `offset`."""
    part = {field.name: getattr(lines, field.name)[first:end] for field in fields(Lines)}
    return Lines(**{**part, "start": part["start"] - offset})


def character_table(signs: str) -> Flags:
    """Return whether each character code is that of one of `signs`; for a few lines this is much faster than `np.isin`."""
    table = np.zeros(1 << 16, dtype=bool)
    table[[ord(sign) for sign in signs]] = True
    return table


def extract_lines(text: str) -> Lines:
    """Return the features of each line of `text`; lines end at LF, and a final LF begins no further line.

    A tab counts as one column, so expand tabs first.
    """
    begins = [0]
    while (end := text.find("\n", begins[-1] + _CHUNK)) >= 0 and end + 1 < len(text):
        begins.append(end + 1)
    ends = [*begins[1:], len(text)]
    return _joined([_look(text[begin:end], begin) for begin, end in zip(begins, ends, strict=True)])


def _joined(parts: Sequence[Lines]) -> Lines:
    if len(parts) == 1:
        return parts[0]
    return Lines(
        **{field.name: np.concatenate([getattr(p, field.name) for p in parts]) for field in fields(Lines)}
    )


def _look(text: str, offset: int) -> Lines:
    if not text.endswith("\n"):
        text += "\n"
    units, kinds = _units_and_kinds(text)
    # Tokens: words, spaces between them, and each line end by itself. A word ends where the next token starts.
    visible = (kinds - np.uint8(1)) < NEWLINE - 1  # neither SPACE, which wraps round to 255, nor NEWLINE
    begins = np.ones(kinds.size, dtype=bool)
    begins[1:] = (visible[1:] != visible[:-1]) | (kinds[1:] == NEWLINE) | (kinds[:-1] == NEWLINE)
    tokens = np.flatnonzero(begins)
    token_kinds = kinds[tokens]
    is_word = (token_kinds - np.uint8(1)) < NEWLINE - 1
    line_tokens = np.flatnonzero(token_kinds == NEWLINE)
    line_starts = np.concatenate(([0], tokens[line_tokens[:-1]] + 1))
    bounds = np.concatenate(([0], np.cumsum(is_word)[line_tokens]))
    low, high = bounds[:-1], bounds[1:]
    words = high - low
    filled = words > 0
    # Blank lines look at the last token, a newline, and are zeroed below.
    word_tokens = np.append(np.flatnonzero(is_word), tokens.size - 1)
    tokens = np.append(tokens, kinds.size)
    first = word_tokens[np.where(filled, low, -1)]
    last = word_tokens[np.where(filled, high - 1, -1)]
    head, first_end, last_start, tail = tokens[first], tokens[first + 1], tokens[last], tokens[last + 1] - 1

    initial = token_kinds[word_tokens[:-1]]
    quoted = np.flatnonzero(initial == OPENING)
    initial[quoted] = kinds[tokens[word_tokens[quoted]] + 1]
    capital_words = _per_line(initial == UPPER, bounds)
    visible_characters = np.concatenate(([0], np.cumsum(np.diff(tokens) * is_word)[line_tokens]))

    # About a tenth of a text is neither spaces nor lowercase letters: count it by line and kind in one pass.
    marks = np.frombuffer(kinds.tobytes().translate(None, _PLAIN), dtype=np.uint8)
    mark_ends = np.flatnonzero(marks == NEWLINE)
    marks_of_line = np.diff(mark_ends, prepend=-1)
    line_of_mark = np.repeat(np.arange(0, 16 * words.size, 16), marks_of_line)
    counts = np.bincount(line_of_mark + marks, minlength=words.size * 16).astype(np.int32).reshape(-1, 16).T

    opener = _skip(kinds, head, (OPENING, BRACKET), 1)
    closer = _skip(kinds, tail, (OPENING, CLOSING, UNBRACKET), -1)
    ending = kinds[closer]

    def only_filled(values: npt.NDArray[np.int64] | Ints) -> Ints:
        return np.where(filled, values, 0).astype(np.int32)

    return Lines(
        start=line_starts + offset,
        indent=only_filled(head - line_starts),
        width=only_filled(tail + 1 - line_starts),
        words=words.astype(np.int32),
        first_word=only_filled(np.where(kinds[opener] == CASELESS, 2, first_end - head)),
        gap=np.where(words > 1, last_start - tokens[last - 1], 0).astype(np.int32),
        capital_words=capital_words,
        upper=counts[UPPER],
        lower=(np.diff(visible_characters) - marks_of_line + 1).astype(np.int32),
        caseless=counts[CASELESS],
        digits=counts[DIGIT],
        stops=counts[STOP],
        opening=counts[BRACKET],
        closing=counts[UNBRACKET],
        symbols=counts[SYMBOL],
        capital_start=filled & (kinds[opener] == UPPER),
        lower_start=filled & (kinds[opener] == LETTER),
        digit_start=filled & (kinds[opener] == DIGIT),
        ends_stop=filled & (ending == STOP),
        ends_clause=filled & (ending == CLAUSE),
        ends_leaning=_leaning(
            units, kinds, tail, np.flatnonzero(filled & (tail - last_start < _LEANING_LETTERS))
        ),
        ends_number=filled & (kinds[last_start] == DIGIT) & (kinds[tail] == DIGIT),
        first=np.where(filled, units[head], 0).astype(np.uint16),
        last=np.where(filled, units[tail], 0).astype(np.uint16),
        key=np.where(filled, _key(units, kinds, opener), 0),
        labelled=_labelled(units, kinds, opener, first_end) & (words > 1),
    )


def _units_and_kinds(text: str) -> tuple[Units, Kinds]:
    """Return the code of each character (one shared by all beyond the Basic Multilingual Plane) and its kind."""
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        units = _utf16_units(text)
        kinds = _KINDS.take(units)
        unknown = kinds == _UNKNOWN
        if unknown.any():
            for code in np.unique(units[unknown]).tolist():
                _KINDS[code] = _kind(chr(code))
            kinds = _KINDS.take(units)
        return units, kinds
    return np.frombuffer(data, dtype=np.uint8), np.frombuffer(data.translate(_LATIN_KINDS), dtype=np.uint8)


def _utf16_units(text: str) -> npt.NDArray[np.uint16]:
    """Return one number per character; characters beyond the Basic Multilingual Plane, mostly Chinese or emoji, share one."""
    data = text.encode("utf-16-le", "surrogatepass")
    if len(data) == 2 * len(text):
        return np.frombuffer(data, dtype="<u2")
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return np.minimum(points, _BEYOND).astype(np.uint16)


def _per_line(values: npt.NDArray[np.generic], bounds: npt.NDArray[np.int64]) -> Ints:
    """Return the sum of `values` between each two neighbouring `bounds`."""
    sums = np.zeros(values.size + 1, dtype=np.int32)
    np.cumsum(values, out=sums[1:], dtype=np.int32)
    return np.diff(sums[bounds])


def _skip(
    kinds: Kinds, place: npt.NDArray[np.int64], over: tuple[int, ...], step: int
) -> npt.NDArray[np.int64]:
    """Return `place` moved by up to two steps over kinds in `over`."""
    skippable = np.zeros(256, dtype=np.int64)
    skippable[list(over)] = step
    for _ in range(2):
        place = np.clip(place + skippable[kinds[place]], 0, kinds.size - 1)
    return place


def _key(units: Units, kinds: Kinds, at: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    key = np.zeros(at.size, dtype=np.int64)
    inside = np.ones(at.size, dtype=bool)
    for step in range(3):
        place = np.minimum(at + step, units.size - 1)
        inside &= (kinds[place] >= LETTER) & (kinds[place] <= DIGIT)
        # Setting this bit makes ASCII letters lowercase; for others it doesn't affect the order of a list.
        key = key << 16 | np.where(inside, units[place] | 32, 0)
    return key


def _labelled(
    units: Units,
    kinds: Kinds,
    head: npt.NDArray[np.int64],
    end: npt.NDArray[np.int64],
) -> Flags:
    """Whether the first word has a capital, 2 to 10 letters and then a full stop or colon (and perhaps `_`)."""
    stop = end - 1 - (kinds[end - 1] == OPENING)
    marked = (kinds[stop] == STOP) | (units[stop] == ord(":"))
    marked |= kinds[stop - 1] == STOP
    length = end - head
    return (kinds[head] == UPPER) & marked & (length >= 3) & (length <= 12)


def _leaning(
    units: Units,
    kinds: Kinds,
    tail: npt.NDArray[np.int64],
    short: npt.NDArray[np.int64],
) -> Flags:
    """Whether each of the `short` lines ends in a leaning word, read as one number of four letters."""
    place = tail[short]
    packed = np.zeros(short.size, dtype=np.uint64)
    inside = np.ones(short.size, dtype=bool)
    for back in range(_LEANING_LETTERS):
        inside &= kinds[place] == LETTER
        packed |= np.where(inside, units[place], 0).astype(np.uint64) << np.uint64(16 * back)
        place = np.maximum(
            place - 1, -1
        )  # before the first character: the last one, a newline, ends the word
    known = _leaning_codes()
    found = known[np.minimum(np.searchsorted(known, packed), known.size - 1)] == packed
    leaning = np.zeros(tail.size, dtype=bool)
    leaning[short] = found
    return leaning


@cache
def _leaning_codes() -> npt.NDArray[np.uint64]:
    codes = {sum(ord(c) << (16 * i) for i, c in enumerate(reversed(word))) for word in _LEANING.split()}
    return np.array(sorted(codes), dtype=np.uint64)


def _kind(char: str) -> int:
    if char == "\n":
        return NEWLINE
    if char.isspace() or char == "\ufeff":
        return SPACE
    for kind, chars in ((STOP, _STOPS), (CLAUSE, _CLAUSES), (OPENING, _OPENINGS), (CLOSING, _CLOSINGS)):
        if char in chars:
            return kind
    if char in "[]":
        return BRACKET if char == "[" else UNBRACKET
    category = unicodedata.category(char)
    if category in ("Ll", "Mn", "Mc"):
        return LETTER
    if category in ("Lu", "Lt"):
        return UPPER
    # Surrogates stand for characters beyond the first plane.
    if category in ("Lo", "Lm", "Cs"):
        return CASELESS
    return DIGIT if category in ("Nd", "No") else SYMBOL


_LATIN_KINDS = bytes(_kind(chr(code)) for code in range(256))
# Others are looked up when first met, because looking up all would take a tenth of a second.
_UNKNOWN = 255
_KINDS = np.full(1 << 16, _UNKNOWN, dtype=np.uint8)
_KINDS[:256] = np.frombuffer(_LATIN_KINDS, dtype=np.uint8)
