"""Join blocks into poems: which runs of verse are one poem, and what its title is.

Verse continues across footnotes, stage directions, names of speakers and numbers of its parts; a title, prose, a list, a line `++++` or
a large gap ends it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from poetbot.corpus.blocks import blocks_of, is_poem, with_plain_spaces
from poetbot.corpus.edition_marks import without_note_marks
from poetbot.corpus.line_features import Lines, extract_lines
from poetbot.corpus.numbering import numbers_of_poems
from poetbot.corpus.one_line_poems import poems_by_line
from poetbot.corpus.plays import Plays, find_plays
from poetbot.corpus.song_sheets import songs_in
from poetbot.corpus.titles import Paragraph, author_of, clean_title, number_of, paragraphs_of, title_of
from poetbot.documents.block import (
    BRACKETED,
    DIVIDER,
    HEADING,
    MARKED_HEADING,
    NUMBER,
    SHORT_TEXT,
    SPOKEN_BY,
    STAGED,
    Block,
)
from poetbot.poem import MARK, Poem, without_marker

_APART = re.compile(
    r"\W*(?:act|scene|scena|actus|prologue|epilogue|canto|book|(?:foot)?notes?|variants?)\b", re.IGNORECASE
)
"""Headings that end a poem even in a play."""
_WITHIN = re.compile(
    r"\W*(?:chorus|refrain|burden|(?:l')?envo[iy]|strophe|antistrophe|epode)\W*"
    r"|\W*(?:exit|exeunt|enter|manet)\b.*|\W+",
    re.IGNORECASE,
)
"""Short texts that don't end a poem: names of its parts, stage directions, dots."""
_SELDOM = 2
"""A heading repeated more often than this in one text is a title only if there is no other."""
_LONGEST_DIRECTION = 12
"""Maximum lines of prose within a verse play."""
_PARTING_RULE = re.compile(r"\+{4,}|%|[-=_~]{3,}")

# Other kinds of spaces, and characters that separate lines elsewhere; each becomes one plain space.
_ASCII_SPACES = "\r\v\f\x1c\x1d\x1e\x1f"
_SPACES = (
    _ASCII_SPACES
    + "\x85\xa0\u1680"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + "\u2028\u2029\u202f\u205f\u3000"
)


@dataclass(frozen=True)
class _Stanzas:
    """The stanzas of a text in order: lines of verse without a blank line between them. Every field but `of_block` has one each.

    They are lists, because creating an object per stanza took a tenth of the run time.
    """

    first: list[int]
    """First line, from 1."""
    last: list[int]
    indent: list[int]
    begin: list[int]
    """Offset of the first line in the text."""
    end: list[int]
    """Offset after the last line."""
    gap: list[int]
    """Blank lines between it and the stanza before it in the same block; 0 for the first one of a block."""
    interruptions: list[int]
    """How many of the stanzas up to this one are separated from the one before by more than an empty line."""
    of_block: list[int]
    """Where the stanzas of each block start, and the number of all; blocks that aren't poems have none."""


@dataclass
class _Draft:
    """A poem under construction. It ends where the next one starts."""

    title: str | None
    start: int
    """Its first stanza."""
    named: bool = False
    """Whether it has a title that is more than a number."""
    author: str | None = None


@dataclass(frozen=True)
class _Habits:
    """Properties of a whole text, computed before any poem is put together."""

    plays: Plays
    often: frozenset[str]
    """Headings and short texts that are repeated many times in the text."""
    counted: frozenset[int]
    """Lines with a number that counts poems rather than parts."""
    titled: bool
    """Whether most dividers have other text between two poems."""
    separated: bool
    """Whether lines like `++++` or `%` separate the poems."""
    separating_gap: int | None
    """Blank lines that separate two poems if nothing else does; None if something always does."""


def find_poems(text: str, source: str | None = None) -> list[Poem]:
    """Return the poems in `text`, in order, with titles if there are any.

    The text of a poem is in NFC, without the common indent of its lines and without trailing spaces; several blank lines count as one.
    Line numbers refer to `text`. `source` is stored in every poem.
    """
    text = with_plain_spaces(text)
    if found := poems_by_line(text, source):
        return found
    lines = extract_lines(text)
    if found := songs_in(text, source, lines):
        return found
    blocks = [
        block if block.label != "poem" or is_poem(block) else block._replace(label="prose")
        for block in blocks_of(text, lines)
    ]
    return poems_in(text, blocks, lines, source)


def poems_in(text: str, blocks: Sequence[Block], lines: Lines, source: str | None = None) -> list[Poem]:
    """Return the poems in `text`, which has plain spaces, as `find_poems` does, from its `blocks`.

    `lines` are the results of `extract_lines`. Two blocks of verse with nothing between them are two poems.
    """
    offsets = [*lines.start.tolist(), len(text) + 1]
    stanzas = _stanzas(blocks, text, lines)
    habits = _habits(blocks, stanzas, text, offsets)
    drafts: list[_Draft] = []
    between: list[Block] = []
    for number, block in enumerate(blocks):
        if block.label != "poem":
            between.append(block)
            continue
        start, end = stanzas.of_block[number : number + 2]
        current = drafts[-1] if drafts else None
        in_play = bool(current and between) and between[0].start_line in habits.plays
        near = _after_last_prose(between, _LONGEST_DIRECTION if in_play else 0)
        whole = len(near) == len(between)
        above = between[-len(near) - 1].end_line if not whole else stanzas.last[start - 1] if current else 0
        paragraphs = paragraphs_of(near, text, offsets, above)
        if not (current and between and whole and _goes_on(current, paragraphs, habits)):
            title, named = _title(paragraphs, habits)
            drafts.append(_Draft(title, start, named, author_of(paragraphs)))
        drafts += [
            _Draft(None, later) for later in _first_stanzas(stanzas, start, end, habits.separating_gap)
        ]
        between = []
    ends = [*(draft.start for draft in drafts[1:]), len(stanzas.first)]
    found = (_poem(draft, end, stanzas, text, source) for draft, end in zip(drafts, ends, strict=False))
    return [poem for poem in found if poem]


def _stanzas(blocks: Sequence[Block], text: str, lines: Lines) -> _Stanzas:
    owner = np.full(len(lines), -1)
    for number, block in enumerate(blocks):
        if block.label == "poem":
            owner[block.start_line - 1 : block.end_line] = number
    verse = np.flatnonzero(~lines.blank & (owner >= 0))
    begins = np.ones(verse.size, dtype=bool)
    begins[1:] = (verse[1:] != verse[:-1] + 1) | (owner[verse[1:]] != owner[verse[:-1]])
    at = np.flatnonzero(begins)
    first, last = verse[at], verse[np.append(at[1:], verse.size) - 1] if verse.size else verse
    begin, end = lines.start[first], np.append(lines.start[1:] - 1, len(text))[last]
    indent = np.minimum.reduceat(lines.indent[verse], at) if verse.size else verse
    gap = np.zeros(first.size, dtype=np.int64)
    gap[1:] = np.where(owner[first[1:]] == owner[first[:-1]], first[1:] - last[:-1] - 1, 0)
    interruptions = np.zeros(first.size, dtype=np.int64)
    np.cumsum(begin[1:] != end[:-1] + 2, out=interruptions[1:])
    of_block = np.searchsorted(owner[first], np.arange(len(blocks) + 1))
    columns = (first + 1, last + 1, indent, begin, end, gap, interruptions, of_block)
    return _Stanzas(*(column.tolist() for column in columns))


def _first_stanzas(stanzas: _Stanzas, start: int, end: int, gap: int | None) -> list[int]:
    """Return which stanzas of a block, `start` to `end`, begin another poem, after at least `gap` blank lines; None separates nothing."""
    return [] if gap is None else [later for later in range(start + 1, end) if stanzas.gap[later] >= gap]


def _after_last_prose(between: Sequence[Block], allowed: int) -> Sequence[Block]:
    """Return the blocks after the last prose of more than `allowed` lines, or list, which ends a poem."""
    for back, block in enumerate(reversed(between)):
        if block.label == "contents" or (
            block.label == "prose" and block.end_line - block.start_line >= allowed
        ):
            return between[len(between) - back :]
    return between


def _goes_on(poem: _Draft, paragraphs: Sequence[Paragraph], habits: _Habits) -> bool:
    """Whether a poem continues after what is between its last verse and the next."""
    for paragraph in paragraphs:
        if paragraph.reason in (BRACKETED, STAGED, SPOKEN_BY):
            continue
        if paragraph.reason == DIVIDER:
            goes_on = habits.titled and not _parts(paragraph.text)
        elif paragraph.reason == NUMBER:
            counts_parts = number_of(paragraph) is not None and paragraph.line not in habits.counted
            goes_on = counts_parts and (poem.named or habits.separated)
        else:
            # In a play, short texts and directions don't end anything.
            goes_on = paragraph.line in habits.plays or _WITHIN.fullmatch(paragraph.text) is not None
            goes_on = goes_on and paragraph.gap <= 1 and not _APART.match(paragraph.text)
        if not goes_on:
            return False
    return True


def _parts(rule: str) -> bool:
    """Whether a divider separates poems; asterisks and dots may also separate stanzas."""
    return _PARTING_RULE.fullmatch(rule.replace(" ", "")) is not None


def _speaks(paragraph: Paragraph, habits: _Habits) -> bool:
    """Whether a paragraph is the name of a speaker."""
    return paragraph.gap <= 1 and paragraph.line in habits.plays.speakers


def _title(paragraphs: Sequence[Paragraph], habits: _Habits) -> tuple[str | None, bool]:
    """Return the title among the paragraphs above a poem, or else its number, and whether it is a title."""
    numbers = [place for place, paragraph in enumerate(paragraphs) if number_of(paragraph) is not None]
    if numbers and paragraphs[numbers[-1]].line in habits.counted:
        # The text above a number that counts poems is the title of the book.
        below = title_of(paragraphs[numbers[-1] + 1 :])
        return below or clean_title(paragraphs[numbers[-1]].text), below is not None
    others = [p for p in paragraphs if not _speaks(p, habits)]
    title = title_of([p for p in others if p.text not in habits.often]) or title_of(others)
    return title or (clean_title(paragraphs[numbers[-1]].text) if numbers else None), title is not None


def _poem(draft: _Draft, end: int, stanzas: _Stanzas, text: str, source: str | None) -> Poem | None:
    """Return the finished poem, of the stanzas before `end`; None if it contains only stream markers."""
    start, last = draft.start, end - 1
    if stanzas.interruptions[start] == stanzas.interruptions[last]:
        verse = "\n" + text[stanzas.begin[start] : stanzas.end[last]]
    else:
        places = zip(stanzas.begin[start:end], stanzas.end[start:end], strict=True)
        verse = "\n" + "\n\n".join([text[begin:stop] for begin, stop in places])
    for space in _ASCII_SPACES if verse.isascii() else _SPACES:
        if space in verse:
            verse = verse.replace(space, " ")
    if indent := min(stanzas.indent[start:end]):
        verse = verse.replace("\n" + indent * " ", "\n")
    verse = verse[1:].rstrip()
    if " \n" in verse:
        verse = "\n".join([line.rstrip(" ") for line in verse.split("\n")])
    verse = without_note_marks(verse)
    if MARK in verse:
        verse = without_marker(verse)[0].strip("\n")
    if not verse:
        return None
    return Poem(verse, draft.title, draft.author, source, stanzas.first[start], stanzas.last[last])


def _habits(blocks: Sequence[Block], stanzas: _Stanzas, text: str, offsets: Sequence[int]) -> _Habits:
    headings: list[tuple[int, str]] = []
    numerals: list[tuple[int, str]] = []
    sizes: dict[int, int] = {}
    titles = dividers = 0
    separated = False
    for number, block in enumerate(blocks):
        if block.label != "other":
            continue
        reason, line = block.reason, block.start_line
        if reason in (HEADING, MARKED_HEADING, SHORT_TEXT, SPOKEN_BY):
            titles += 1
            headings += _single_lines(block, text, offsets)
        elif reason == NUMBER:
            numerals.append((line, _line(line, text, offsets)))
            sizes[line] = _lines_of_only_stanza(stanzas, number + 1)
        elif reason == DIVIDER:
            dividers += 1
            separated |= _parts(_line(line, text, offsets))
    # Verse separated only by space: stanzas by one blank line, poems by more.
    wide = sum([gap > 1 for gap in stanzas.gap])
    by_room = stanzas.gap.count(1) >= wide > titles
    times = Counter(heading for _, heading in headings)
    return _Habits(
        plays=find_plays(headings),
        often=frozenset(heading for heading, seen in times.items() if seen > _SELDOM),
        counted=numbers_of_poems(numerals, sizes),
        titled=2 * titles >= dividers,
        separated=separated or by_room,
        separating_gap=2 if by_room else None,
    )


def _line(number: int, text: str, offsets: Sequence[int]) -> str:
    return text[offsets[number - 1] : offsets[number] - 1].strip()


def _single_lines(block: Block, text: str, offsets: Sequence[int]) -> list[tuple[int, str]]:
    """Return the one-line paragraphs of a block, each with its number."""
    if block.start_line == block.end_line:
        return [(block.start_line, _line(block.start_line, text, offsets))]
    rows = text[offsets[block.start_line - 1] : offsets[block.end_line] - 1].split("\n")
    rows = ["", *[row.strip() for row in rows], ""]
    return [
        (block.start_line + place - 1, rows[place])
        for place in range(1, len(rows) - 1)
        if rows[place] and not rows[place - 1] and not rows[place + 1]
    ]


def _lines_of_only_stanza(stanzas: _Stanzas, number: int) -> int:
    """Return how many lines the stanza of a block has; 0 if there are several stanzas, or none."""
    places = stanzas.of_block[number : number + 2]
    if len(places) < 2 or places[1] - places[0] != 1:
        return 0
    return stanzas.last[places[0]] - stanzas.first[places[0]] + 1
