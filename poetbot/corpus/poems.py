"""Join blocks into poems: which runs of verse are one poem, and what its title is.

Verse continues across footnotes, stage directions, names of speakers and numbers of its parts; a title, prose, a list, a line `++++` or
a large gap ends it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

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


class Stanza(NamedTuple):
    """Lines of verse without a blank line between them."""

    first: int
    """First line, from 1."""
    last: int
    indent: int
    begin: int
    """Offset of the first line in the text."""
    end: int
    """Offset after the last line."""


@dataclass
class _Draft:
    """A poem under construction."""

    title: str | None
    stanzas: list[Stanza]
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
    parted: bool
    """Whether lines like `++++` or `%` separate the poems."""
    parting_gap: int | None
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
        current = drafts[-1] if drafts else None
        in_play = bool(current and between) and between[0].start_line in habits.plays
        near = _after_last_prose(between, _LONGEST_DIRECTION if in_play else 0)
        whole = len(near) == len(between)
        above = between[-len(near) - 1].end_line if not whole else current.stanzas[-1].last if current else 0
        paragraphs = paragraphs_of(near, text, offsets, above)
        first, *others = _parted(stanzas[number], habits.parting_gap)
        if current and between and whole and _goes_on(current, paragraphs, habits):
            current.stanzas += first
        else:
            title, named = _title(paragraphs, habits)
            drafts.append(_Draft(title, first, named, author_of(paragraphs)))
        drafts += [_Draft(None, verse) for verse in others]
        between = []
    return [poem for draft in drafts if (poem := _poem(draft, text, source))]


def _stanzas(blocks: Sequence[Block], text: str, lines: Lines) -> list[list[Stanza]]:
    """Return the stanzas of each block; none for blocks that aren't poems."""
    owner = np.full(len(lines) + 1, -1)
    for number, block in enumerate(blocks):
        if block.label == "poem":
            owner[block.start_line - 1 : block.end_line] = number
    verse = np.flatnonzero(~lines.blank & (owner[:-1] >= 0))
    if not verse.size:
        return [[] for _ in blocks]
    begins = np.ones(verse.size, dtype=bool)
    begins[1:] = (verse[1:] != verse[:-1] + 1) | (owner[verse[1:]] != owner[verse[:-1]])
    at = np.flatnonzero(begins)
    first, last = verse[at], verse[np.append(at[1:], verse.size) - 1]
    columns = (
        first + 1,
        last + 1,
        np.minimum.reduceat(lines.indent[verse], at),
        lines.start[first],
        np.append(lines.start[1:] - 1, len(text))[last],
    )
    found = list(map(Stanza._make, zip(*(column.tolist() for column in columns), strict=True)))
    bounds = np.searchsorted(owner[first], np.arange(len(blocks) + 1)).tolist()
    return [found[low:high] for low, high in pairwise(bounds)]


def _parted(verse: list[Stanza], gap: int | None) -> list[list[Stanza]]:
    """Return the stanzas of each poem in a block, separated by `gap` blank lines; None separates nothing."""
    if gap is None:
        return [verse]
    parts = [verse[:1]]
    for former, later in pairwise(verse):
        if later.first - former.last > gap:
            parts.append([])
        parts[-1].append(later)
    return parts


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
            goes_on = counts_parts and (poem.named or habits.parted)
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


def _poem(draft: _Draft, text: str, source: str | None) -> Poem | None:
    """Return the finished poem, None if it contains only stream markers."""
    stanzas = draft.stanzas
    verse = "\n" + "\n\n".join([text[stanza.begin : stanza.end] for stanza in stanzas])
    for space in _ASCII_SPACES if verse.isascii() else _SPACES:
        if space in verse:
            verse = verse.replace(space, " ")
    if indent := min([stanza.indent for stanza in stanzas]):
        verse = verse.replace("\n" + indent * " ", "\n")
    verse = verse[1:].rstrip()
    if " \n" in verse:
        verse = "\n".join([line.rstrip(" ") for line in verse.split("\n")])
    verse = without_note_marks(verse)
    if MARK in verse:
        verse = without_marker(verse)[0].strip("\n")
    if not verse:
        return None
    return Poem(
        verse, draft.title, draft.author, source, start_line=stanzas[0].first, end_line=stanzas[-1].last
    )


def _habits(
    blocks: Sequence[Block], stanzas: Sequence[Sequence[Stanza]], text: str, offsets: Sequence[int]
) -> _Habits:
    headings: list[tuple[int, str]] = []
    numerals: list[tuple[int, str]] = []
    titles = dividers = 0
    parted = False
    for block in blocks:
        if block.label == "other":
            reason, line = block.reason, block.start_line
            head = text[offsets[line - 1] : offsets[line] - 1].strip()
            if reason == NUMBER:
                numerals.append((line, head))
            elif reason == DIVIDER:
                dividers += 1
                parted |= _parts(head)
            elif reason in (HEADING, MARKED_HEADING, SHORT_TEXT, SPOKEN_BY):
                titles += 1
                headings += _single_lines(block, head, text, offsets)
    # Verse separated only by space: stanzas by one blank line, poems by more.
    gaps = Counter([later.first - former.last - 1 for verse in stanzas for former, later in pairwise(verse)])
    wide = sum(times for gap, times in gaps.items() if gap > 1)
    by_room = gaps[1] >= wide > titles
    times = Counter(heading for _, heading in headings)
    return _Habits(
        plays=find_plays(headings),
        often=frozenset(heading for heading, seen in times.items() if seen > _SELDOM),
        counted=numbers_of_poems(numerals, _stanzas_below_numbers(blocks, stanzas)),
        titled=2 * titles >= dividers,
        parted=parted or by_room,
        parting_gap=2 if by_room else None,
    )


def _single_lines(block: Block, head: str, text: str, offsets: Sequence[int]) -> Iterable[tuple[int, str]]:
    """Yield the one-line paragraphs of a block, each with its number; the first line is `head`."""
    if block.start_line == block.end_line:
        yield block.start_line, head
        return
    rows = text[offsets[block.start_line - 1] : offsets[block.end_line] - 1].split("\n")
    rows = ["", *(row.strip() for row in rows), ""]
    for place in range(1, len(rows) - 1):
        if rows[place] and not rows[place - 1] and not rows[place + 1]:
            yield block.start_line + place - 1, rows[place]


def _stanzas_below_numbers(blocks: Sequence[Block], stanzas: Sequence[Sequence[Stanza]]) -> dict[int, int]:
    """Return how many lines the stanza below each number has, by the line of the number; 0 if there are several stanzas."""
    below = zip(blocks, stanzas[1:], strict=False)
    return {
        block.start_line: verse[0].last - verse[0].first + 1 if len(verse) == 1 else 0
        for block, verse in below
        if block.reason == NUMBER
    }
