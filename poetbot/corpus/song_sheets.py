"""Song sheets: lyrics under section labels and chords, with neither of them in the poem.

A text is a song sheet if section labels (`[Chorus]`, `Verse 2:`) and lines of chords are a fair share of its lines.
Every other line is then a lyric: each section is a stanza, and a chorus that is printed twice stays in both places.
"""

import re
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from poetbot.corpus.line_features import Flags, Lines, character_table, extract_lines
from poetbot.corpus.titles import clean_title
from poetbot.messages import N_
from poetbot.poem import Poem, without_marker

SONG = N_("it is a song with its sections or chords marked")
"""Why a song is a poem; completes "because …"."""

_SECTION = (
    r"(?:verse|chorus|refrain|bridge|(?:pre|post)[ -]?chorus|intro|outro|hook|interlude|solo|instrumental|coda|tag"
    r"|ending|break(?:down)?|vamp|middle (?:8|eight)|strophe|couplet|estribillo|estrofa|puente|pont)"
)
_COUNT = r"(?: ?#?\d{1,2}| [ivx]{1,4}| [a-d])?"
_TIMES = r"(?: ?[(\[]?(?:x ?\d{1,2}|\d{1,2} ?x|twice|repeat(?:ed)?)[)\]]?)?"
_LABEL = re.compile(
    rf"[\[({{] ?{_SECTION}{_COUNT}{_TIMES}(?: ?[:,–-][^\])}}\n]{{0,40}})? ?[\])}}]{_TIMES}:?"
    rf"|{_SECTION}{_COUNT}{_TIMES} ?:{_TIMES}"
    rf"|{_SECTION} \d{{1,2}}",
    re.IGNORECASE,
)
_FIRST_SECTION = re.compile(r"\W{0,2}(?:intro|verse(?: ?#?(?:1|i))?|strophe(?: 1)?)\b(?! ?\d)", re.IGNORECASE)

_DIRECTIVE = re.compile(
    r"\{ ?(title|t|subtitle|su|st|artist|composer|lyricist|copyright|album|year|key|time|tempo|duration|capo|meta|sorttitle"
    r"|comment(?:_italic|_box)?|c|ci|cb|chorus|image|highlight|(?:start|end)_of_\w+|[se]o[cvbtg]|define|chord|transpose"
    r"|new_song|ns|new_page|np|new_physical_page|npp|column_break|colb|columns|col|pagetype|titles|grid|g|no_grid|ng"
    r"|\w+(?:font|size|colour|color))(?:-\w+!?)?(?: ?:([^{}\n]*))?\}",
    re.IGNORECASE,
)
"""ChordPro directives other than lyrics (https://www.chordpro.org/chordpro/chordpro-directives/)."""

_NOTE = "[A-H](?:#|b|♯|♭)?"
_CHORD = (
    rf"{_NOTE}(?:maj|min|mi|m|M|dim|aug|sus|add|°|ø|\+)?\d{{0,2}}"
    rf"(?:\(?(?:maj|sus|add|aug|dim|b|#|♭|♯|\+|-)\d{{1,2}}\)?){{0,3}}(?:sus)?(?:/{_NOTE})?"
)
_CHORD_TOKEN = re.compile(_CHORD)
_INLINE_CHORD = re.compile(rf"[\[(]{_CHORD}[\])]")
_BETWEEN_CHORDS = frozenset(
    ["|", "||", "|:", ":|", "-", "–", "/", "//", "%", ".", "N.C.", "NC", "x2", "x3", "x4"]
)
_TABLATURE = re.compile(r"[A-Ga-g][#b]?[|:][-0-9|hpbrsx/\\~() ]{6,}")
_SHEET_NOTE = re.compile(r"(?:capo|key|tuning|tempo|time|bpm|strumming)\b[^\n]{0,60}", re.IGNORECASE)
_GLANCE_FIRST = character_table("[({|:/%.–-")
# The first letters of a line as numbers, as in `Lines.key`: three of a section's name, two of chords and of tablature.
_NAMES = """
    ver cho ref bri pre pos int out hoo sol ins cod tag end bre vam mid str cou est pue pon
""".split()  # noqa: SIM905
_GLANCE_NAMES = np.sort([ord(name[0]) << 32 | ord(name[1]) << 16 | ord(name[2]) for name in _NAMES])
_GLANCE_CHORDS = np.sort(
    [ord(note) << 16 | after for note in "abcdefgh" for after in (0, *b"bmdas0123456789", ord("ø"))]
    + [ord(pair[0]) << 16 | ord(pair[1]) for pair in ("n\0", "nc", "x2", "x3", "x4")]
)
_BEGINS_WITH_CHORD = re.compile(rf"\s*(?:[\[({{|:/%.–-]|{_CHORD}(?!\S)|N\.?C\b|x[234]\b)")
_BY = re.compile(r"(?:(?:written|words|music|lyrics)[\w &]{0,24} )?by:? (?=\S)", re.IGNORECASE)

_NO_ARTISTS = frozenset(["Me", "You", "Him", "Her", "Us", "Them", "Night", "Day", "Now", "Myself"])

_FEWEST_MARKS = 2
_LINES_TO_A_MARK = 12
_LONGEST_LINE = 200
_LONGEST_CHORD = 16
_LABEL_WORDS = 8
"""Maximum words of a label without brackets, as in "Middle eight 2 (x 2) : (x 2)"."""
_HEADER_LINES = 4


@dataclass
class _Song:
    """One song of a sheet during reading: its lyrics with their line numbers, and an empty one for a stanza break."""

    header: list[str] = field(default_factory=list)
    lines: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: str, number: int) -> None:
        """Add a lyric, or a stanza break for an empty line."""
        if line or (self.lines and self.lines[-1][1]):
            self.lines.append((number, line))


def is_section_label(line: str) -> bool:
    """Return whether a line only names a part of a song: `[Verse 1]`, `(Bridge x2)`, `Refrain:`."""
    line = line.strip()
    return len(line) <= 60 and _LABEL.fullmatch(line) is not None


def is_label_with_chords(line: str) -> bool:
    """Return whether a line names a part of a song and its chords: `Intro: G D Em C`."""
    label, colon, chords = line.strip().partition(":")
    return bool(colon) and is_section_label(label + ":") and is_chord_line(chords.strip())


def is_chord_line(line: str) -> bool:
    """Return whether a line contains only chords. A single letter isn't a chord, because it may be a word."""
    if not line or len(line) > _LONGEST_LINE:
        return False
    begun = _BEGINS_WITH_CHORD.match(line)
    chords = [token for token in line.split() if token not in _BETWEEN_CHORDS] if begun else []
    if not chords or not all(map(_is_chord, chords)):
        return _TABLATURE.fullmatch(line.strip()) is not None
    return len(chords) > 1 or len(chords[0].strip("[()]")) > 1


def without_chords(line: str) -> str:
    """Return a lyric without the bracketed chords among its words."""
    return _INLINE_CHORD.sub("", line) if "[" in line or "(" in line else line


def songs_in(text: str, source: str | None = None, lines: Lines | None = None) -> list[Poem]:
    """Return the songs of a song sheet with LF line ends, none if the text isn't a song sheet.

    `lines` are the results of `extract_lines` for the text, if available. A line above the first section is the title; "Title by
    Artist" also names the author. In a sheet of several songs, a title is a single line above a first verse or an intro. The time
    is linear.
    """
    lines = lines or extract_lines(text)
    filled = np.count_nonzero(~lines.blank)
    maybe = _lines_like_marks(lines)
    if maybe.size * _LINES_TO_A_MARK < filled:
        return []  # as in nearly every book
    marks = _marks(text, lines, maybe)
    if len(marks) < _FEWEST_MARKS or len(marks) * _LINES_TO_A_MARK < filled:
        return []
    songs = [_Song()]
    for number, row in enumerate(text.split("\n"), start=1):
        line = row.strip()
        if not line:
            songs[-1].add("", number)
        elif directive := _DIRECTIVE.fullmatch(line):
            songs += _apply_directive(songs[-1], directive[1].lower(), (directive[2] or "").strip())
            songs[-1].add("", number)
        elif is_section_label(line) or is_label_with_chords(line):
            if _FIRST_SECTION.match(line) and (title := _title_below(songs[-1])):
                songs.append(_Song([title]))
            songs[-1].add("", number)
        elif not (is_chord_line(line) or _SHEET_NOTE.fullmatch(line)):
            songs[-1].add(" ".join(without_chords(line).split()), number)
    if not songs[0].header:
        _take_header(songs[0], marks[0])
    return [poem for song in songs if (poem := _poem(song, source))]


def _apply_directive(song: _Song, name: str, value: str) -> list[_Song]:
    """Apply a directive to a song, and return the song that it begins, if any."""
    ended = any(line for _, line in song.lines)
    if name in ("title", "t") and value:
        if ended:
            return [_Song([value])]
        song.header = [value, *song.header[1:]]
    elif name in ("new_song", "ns") and ended:
        return [_Song()]
    elif name == "artist" and value and song.header:
        song.header.append(f"by {value}")
    return []


def _is_chord(token: str) -> bool:
    bare = token[1:-1] if token[:1] in "[(" and token[-1:] in ")]" else token
    return len(bare) <= _LONGEST_CHORD and _CHORD_TOKEN.fullmatch(bare) is not None


def _is_mark(row: str) -> bool:
    """Return whether a line is typical of a song sheet."""
    return (
        is_section_label(row)
        or is_chord_line(row)
        or _has_chords(row)
        or _DIRECTIVE.fullmatch(row.strip()) is not None
    )


def _lines_like_marks(lines: Lines) -> npt.NDArray[np.int64]:
    """Return which lines may be marks, by their features; most lines of a long book can't."""
    maybe = _GLANCE_FIRST[lines.first] | (lines.opening > 0)
    maybe |= _among(lines.key, _GLANCE_NAMES) & (lines.words <= _LABEL_WORDS)
    few_letters = lines.lower <= _LONGEST_CHORD * np.maximum(lines.upper, 1) + lines.digits
    maybe |= _among(lines.key >> 16, _GLANCE_CHORDS) & few_letters
    return np.flatnonzero(maybe & ~lines.blank)


def _marks(text: str, lines: Lines, maybe: npt.NDArray[np.int64]) -> list[int]:
    """Return the numbers, from 1, of the lines that are marks. `maybe` (k,) are the candidate lines, from 0."""
    starts, widths = lines.start[maybe], lines.width[maybe]
    rows = zip(maybe.tolist(), starts.tolist(), (starts + widths).tolist(), strict=True)
    return [line + 1 for line, start, end in rows if _is_mark(text[start:end])]


def _among(keys: npt.NDArray[np.int64], some: npt.NDArray[np.int64]) -> Flags:
    """Return which `keys` are among `some`, which are sorted."""
    return some[np.minimum(np.searchsorted(some, keys), some.size - 1)] == keys


def _has_chords(row: str) -> bool:
    """Return whether a lyric has two chords among its words; a single one could be a footnote mark."""
    return "[" in row and len(row) <= _LONGEST_LINE and len(_INLINE_CHORD.findall(row)) > 1


def _title_below(song: _Song) -> str | None:
    """Remove a line that is alone below the last stanza of a song, because it is the title of the next one."""
    lines = [*song.lines]
    while lines and not lines[-1][1]:
        lines.pop()
    if len(lines) < 3 or lines[-2][1]:
        return None
    song.lines = lines[:-2]
    return lines[-1][1]


def _take_header(song: _Song, first_mark: int) -> None:
    """Move what is above the first mark of a sheet to the header: a few lines, or one with a blank line below."""
    above = [(number, line) for number, line in song.lines if number < first_mark]
    if sum(1 for _, line in above if line) > _HEADER_LINES:
        above = above[:1] if not above[1][1] else []
    song.header = [line for _, line in above if line]
    song.lines = song.lines[len(above) :]


def _poem(song: _Song, source: str | None) -> Poem | None:
    numbers = [number for number, line in song.lines if line]
    text = without_marker("\n".join(line for _, line in song.lines).strip("\n"))[0]
    if not text.strip():
        return None
    title, author = _title_and_author(song.header)
    return Poem(text, title, author, source, numbers[0], numbers[-1])


def _title_and_author(header: list[str]) -> tuple[str | None, str | None]:
    """Parse "Title by Artist", or a title with "by Artist" below it."""
    if not header:
        return None, None
    title, author = header[0], None
    for line in header[1:]:
        if match := _BY.match(line):
            author = line[match.end() :]
    if author is None:
        head, _, tail = title.rpartition(" by ")
        # "Down by the River" and "Stand by Me" are titles without an author.
        if head and tail[:1].isupper() and tail.split()[0] not in _NO_ARTISTS:
            title, author = head, tail
    return clean_title(title), author
