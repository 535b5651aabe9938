"""Divide lines into pieces: runs of lines that are together and of one kind.

A piece is a paragraph or a part of one: numerals, headings, dividers, bracketed notes and list entries are separated from adjacent
lines, so that a numeral right above a stanza doesn't become one of its lines.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from poetbot.corpus.line_features import Flags, Lines, character_table, line_texts
from poetbot.corpus.title_pages import lines_with_authors

Makes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]

# The kinds of lines. RUNNING could be verse or prose; the others are recognised by themselves.
RUNNING, NUMERAL, RULE, CAPITALS, NOTE, DIRECTION, ENTRY, SPEAKER, LICENCE, TITLE, COUNTED, BYLINE = range(12)

_NUMERAL = re.compile(
    r"[\W_]*(?:(?:part|canto|book|chapter|section|scene|act|stanza|no|number|song|sonnet)\W+)?"
    r"(?:(?=[ivxlc])c{0,3}(?:xc|xl|l?x{0,4})(?:ix|iv|v?i{0,4})|\d{1,4}[a-z]?)[\W_]*(?:\d{1,3})?[\W_]*",
    re.IGNORECASE,
)
# A line of Chinese verse by itself: at least four clauses of one length.
_COUNTED = re.compile("|".join(rf"(?:\w{{{length}}}[，。！？；、]){{4,}}" for length in (4, 5, 6, 7)))
_COUNTED_LEAST = 16
_TITLE_LENGTH = 30
_AROUND = 20
_PAUSING = 0.9
"""If this share of lines end in a pause, a line without one at the start of its paragraph is a title."""
_NUMERAL_LENGTH = 16
_NUMERAL_LETTERS = 8
_NUMERAL_INITIALS = character_table("ivxlc_")
_SHORT_MARKER = 5  # "[12]" and the like: a footnote's mark, with its text behind it
_MARKED_NOTE_LINES = 8
"""A longer paragraph after such a mark is analysed like any other, because it may be verse with a mark in it."""
_NOTE_LINES = 120
"""A bracket that isn't closed within this many lines was never meant to be."""
_DIRECTION_LINES = 15
_DIRECTION = re.compile(r"_|[A-Z]{3}")
_LICENCE_WORDS = ("GUTENBERG", "Gutenberg", "SMALL PRINT")
_BOOK_STARTS = re.compile(r"\W{0,20}START OF (?:THE |THIS )?PROJECT GUTENBERG", re.I)
# Capitalised, so that a sentence that mentions it doesn't end a book.
_BOOK_ENDS = re.compile(
    r"\W{0,20}E(?:ND OF|nd [Oo]f) (?:[Tt]he |[Tt]his |THE |THIS )?P(?:ROJECT|roject) G(?:UTENBERG|utenberg)"
)
_NEXT_BOOK = re.compile(r"\W{0,20}(?:The )?Project Gutenberg(?:'s)? (?:E-?text|E-?book) of ", re.I)
_SMALL_PRINT_ENDS = re.compile(r"\W{0,20}END\W{1,5}THE SMALL PRINT")


@dataclass(frozen=True)
class Segments:
    """The P pieces of a text in order; every field is an array of shape (P,)."""

    first: Places
    """Index of the first line, from 0."""
    end: Places
    """Index after the last line."""
    make: Makes
    gap: Places
    """Blank lines before it; 0 if it is cut from the paragraph of the piece before."""

    def __len__(self) -> int:
        return self.first.size


def segment(text: str, lines: Lines) -> Segments:
    """Return the pieces of a text; every non-blank line is in exactly one."""
    makes = _makes(text, lines)
    visible = np.flatnonzero(~lines.blank)
    if not visible.size:
        return Segments(visible, visible, visible.astype(np.uint8), visible)
    make = makes[visible]
    begins = np.ones(visible.size, dtype=bool)
    begins[1:] = (visible[1:] != visible[:-1] + 1) | (make[1:] != make[:-1])
    at = np.flatnonzero(begins)
    first = visible[at]
    last = visible[np.append(at[1:], visible.size) - 1]
    gap = first - np.concatenate(([-1], last[:-1])) - 1
    return Segments(first, last + 1, make[at], gap)


def _makes(text: str, lines: Lines) -> Makes:
    """Return the kind of each line."""
    makes = np.full(len(lines), RUNNING, dtype=np.uint8)
    letters = lines.upper + lines.lower + lines.caseless
    filled = ~lines.blank
    only_dots = (lines.stops > 0) & (lines.symbols == 0)
    makes[filled & (letters == 0) & (lines.digits == 0) & ~only_dots] = RULE
    makes[(lines.upper >= 2) & (lines.lower == 0) & (lines.caseless == 0)] = CAPITALS
    short = filled & (lines.length <= _NUMERAL_LENGTH) & ((lines.digits > 0) | (lines.words <= 2))
    # A lowercase word isn't a numeral unless it begins like one, or with what a numeral counts.
    begins = (lines.words > 1) | ~lines.lower_start | _NUMERAL_INITIALS[lines.first]
    maybe = np.flatnonzero(short & begins & (letters + lines.digits > 0) & (lines.lower <= _NUMERAL_LETTERS))
    heads = (lines.start[maybe] + lines.indent[maybe]).tolist()
    tails = (lines.start[maybe] + lines.width[maybe]).tolist()
    for line, head, tail in zip(maybe.tolist(), heads, tails, strict=True):
        if _NUMERAL.fullmatch(text, head, tail):
            makes[line] = NUMERAL
    makes[_entries(lines, letters)] = ENTRY
    above_blank = np.concatenate(([True], lines.blank[:-1]))
    below_blank = np.append(lines.blank[1:], True)
    speaker = (lines.last == ord(":")) & (lines.words <= 4) & (lines.capital_words == lines.words)
    makes[speaker & above_blank & ~below_blank & filled] = SPEAKER
    _mark_chinese(makes, text, lines, above_blank, below_blank)
    for first, end in lines_with_authors(text, lines):
        makes[first:end] = BYLINE
    _mark_notes(makes, text, lines, above_blank)
    _mark_directions(makes, text, lines, above_blank)
    _mark_licence(makes, text, lines)
    makes[lines.blank] = RUNNING
    return makes


def _mark_chinese(makes: Makes, text: str, lines: Lines, above_blank: Flags, below_blank: Flags) -> None:
    """Mark titles right above verse, perhaps with the author's name between, and verse of one line."""
    chinese = (lines.caseless > 0) & (lines.upper + lines.lower == 0)
    if not chinese.any():
        return
    pausing = chinese & (lines.ends_stop | lines.ends_clause)
    bare = chinese & ~pausing & (lines.stops == 0) & (lines.caseless <= _TITLE_LENGTH)
    head = bare & above_blank & ~below_blank
    second = bare & np.concatenate(([False], head[:-1])) & ~below_blank
    second[:-1] &= pausing[1:]
    title = second.copy()
    title[:-1] |= head[:-1] & (pausing[1:] | second[1:])
    body = np.flatnonzero(chinese & ~title)
    paused = np.zeros(len(lines))
    paused[body] = _share_around(pausing[body], _AROUND)
    below = np.concatenate((paused[1:], [0.0]))
    below = np.where(np.append(title[1:], False), np.concatenate((below[1:], [0.0])), below)
    makes[title & (below >= _PAUSING)] = TITLE
    alone = (above_blank | np.concatenate(([False], makes[:-1] == TITLE))) & below_blank
    for line in np.flatnonzero(alone & pausing & (lines.caseless >= _COUNTED_LEAST)).tolist():
        if _COUNTED.fullmatch(line_texts(text, lines, line, line + 1)[0].strip()):
            makes[line] = COUNTED


def _entries(lines: Lines, letters: npt.NDArray[np.int32]) -> Flags:
    """Whether a line is an entry with a page: it ends in a number, set apart, and so do most lines around it.

    Verse with line numbers has one about every fifth line, which isn't most.
    """
    visible = np.flatnonzero(~lines.blank)
    numbered = (lines.ends_number & (letters > 0))[visible]
    set_off = numbered & ((lines.gap >= 3) | (lines.stops >= 4))[visible]
    entries = (set_off & (_share_around(set_off) >= 0.4)) | (numbered & (_share_around(numbered) >= 0.6))
    flags = np.zeros(len(lines), dtype=bool)
    flags[visible] = entries
    return flags


def _share_around(flags: Flags, reach: int = 4) -> npt.NDArray[np.float64]:
    """Return the share of set `flags` among those up to `reach` positions away, including itself."""
    sums = np.concatenate(([0], np.cumsum(flags)))
    places = np.arange(flags.size)
    low, high = np.maximum(places - reach, 0), np.minimum(places + reach + 1, flags.size)
    return (sums[high] - sums[low]) / np.maximum(high - low, 1)


def _mark_notes(makes: Makes, text: str, lines: Lines, above_blank: Flags) -> None:
    """Mark text in brackets, across several paragraphs if needed, and paragraphs that begin with `[12]`."""
    brackets = np.flatnonzero(lines.first == ord("[")).tolist()
    if not brackets:
        return
    depths = np.concatenate(([0], np.cumsum(lines.opening - lines.closing)))
    befores = depths[brackets].tolist()
    closed = np.flatnonzero(lines.closing > 0)
    closings, afters = closed.tolist(), depths[closed + 1].tolist()
    blank = lines.blank
    done = 0
    for line, before in zip(brackets, befores, strict=True):
        if line < done:
            continue
        near = range(bisect_left(closings, line), bisect_left(closings, line + _NOTE_LINES))
        close = next((closings[place] for place in near if afters[place] <= before), -1)
        if close < 0:
            makes[line] = NOTE
            continue
        if close == line:
            content = line_texts(text, lines, line, line + 1)[0].strip()
            behind = content[content.rfind("]") + 1 :]
            if any(c.isalnum() for c in behind):
                if not (above_blank[line] and content.find("]") < _SHORT_MARKER):
                    continue
                while close + 1 < len(lines) and not blank[close + 1]:
                    close += 1
                if close - line >= _MARKED_NOTE_LINES:
                    continue
        done = close + 1
        makes[line:done] = NOTE


def _mark_directions(makes: Makes, text: str, lines: Lines, above_blank: Flags) -> None:
    """Mark paragraphs in parentheses that name people in capitals or contain italics: stage directions."""
    blank = lines.blank
    for line in np.flatnonzero((lines.first == ord("(")) & above_blank).tolist():
        end = line
        while end + 1 < len(lines) and not blank[end + 1] and end - line < _DIRECTION_LINES:
            end += 1
        content = "\n".join(line_texts(text, lines, line, end + 1))
        if content.rstrip("._ ").endswith(")") and _DIRECTION.search(content):
            makes[line : end + 1] = DIRECTION


def _mark_licence(makes: Makes, text: str, lines: Lines) -> None:
    """Mark Project Gutenberg's own text: above a START line, and from an END line to the next book or the end."""
    hits: set[int] = set()
    for word in _LICENCE_WORDS:
        at = text.find(word)
        while at >= 0:
            hits.add(int(np.searchsorted(lines.start, at, side="right")) - 1)
            at = text.find(word, at + 1)
    begin, after_end = 0, False
    for line in sorted(hits):
        content = line_texts(text, lines, line, line + 1)[0]
        if _BOOK_STARTS.match(content) or (not after_end and _SMALL_PRINT_ENDS.match(content)):
            makes[begin : line + 1] = LICENCE
            begin, after_end = line, False
        elif not after_end and _BOOK_ENDS.match(content):
            begin, after_end = _first_end_line(text, lines, line), True
        elif after_end and _NEXT_BOOK.match(content):  # an old etext, without a START line
            makes[begin : line + 1] = LICENCE
            begin, after_end = line, False
    if after_end:
        makes[begin:] = LICENCE


def _first_end_line(text: str, lines: Lines, line: int) -> int:
    """Return the nearby line above that says "End of Project Gutenberg's …", else `line`."""
    near = max(line - 4, 0)
    for number, content in enumerate(line_texts(text, lines, near, line), start=near):
        if _BOOK_ENDS.match(content):
            return number
    return line
