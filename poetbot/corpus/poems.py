"""Blocks to poems: which runs of verse are one poem, and what it is called.

Verse goes on over footnotes, stage directions, names of speakers and numbers of its parts; a title, prose, a list,
a line `++++` or much room ends it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from poetbot.corpus.blocks import (
    BRACKETED,
    DIVIDER,
    HEADING,
    NUMBER,
    SHORT_TEXT,
    SPOKEN_BY,
    STAGED,
    Block,
    find_blocks,
)
from poetbot.corpus.poem import MARK, Poem, without_marker
from poetbot.corpus.titles import Paragraph, clean_title, number_of, paragraphs_of, title_of

_MANY_NUMBERS = 12
"""Numbers that run further than this count poems, as in a book of sonnets; fewer count the parts of one."""

_SPEAKS_OFTEN = 3
_SCENE = re.compile(r"\W*(?:act|scene|scena|actus|prologue|epilogue|canto|book)\b", re.IGNORECASE)
_NAME = re.compile(r"[^_(\[]+")
_LONGEST_DIRECTION = 12
"""Lines of prose that a verse play goes on over."""
_PARTING_RULE = re.compile(r"\+{4,}|%|[-=_~]{3,}")

Stanza = tuple[int, int]
"""First and last line (from 1) of lines without a blank one."""


@dataclass
class _Draft:
    """A poem being put together."""

    title: str | None
    stanzas: list[Stanza]
    speeches: int = 0


@dataclass(frozen=True)
class _Habits:
    """What a text does throughout, looked up before any poem is put together."""

    speakers: frozenset[str]
    counted: frozenset[int]
    """Lines with a number that counts poems and not parts."""
    titled: bool
    parting_gap: int
    """Blank lines that part two poems where nothing else does."""


def find_poems(text: str, source: str | None = None) -> list[Poem]:
    """Return the poems in `text`, in order, with titles where there are any.

    The text of a poem is in NFC, without the indent that all its lines share and without spaces at line ends; more
    than one blank line counts as one. Line numbers are those of `text`. `source` is noted in every poem.
    """
    text = text.expandtabs(4) if "\t" in text else text
    blocks = find_blocks(text)
    lines = text.split("\n")
    stanzas = [_stanzas(block, lines) if block.label == "poem" else [] for block in blocks]
    habits = _habits(blocks, lines, stanzas)
    drafts: list[_Draft] = []
    between: list[Block] = []
    for block, verse in zip(blocks, stanzas, strict=True):
        if not verse:
            between.append(block)
            continue
        above = drafts[-1].stanzas[-1][1] if drafts else 0
        in_play = bool(drafts) and drafts[-1].speeches >= _SPEAKS_OFTEN
        near = _after_last_prose(between, _LONGEST_DIRECTION if in_play else 0)
        paragraphs = paragraphs_of(
            near, lines, between[-len(near) - 1].end_line if len(near) < len(between) else above
        )
        if drafts and between and len(near) == len(between) and _goes_on(drafts[-1], paragraphs, habits):
            drafts[-1].speeches += any(_speaks(paragraph, habits) for paragraph in paragraphs)
        else:
            drafts.append(_Draft(_title(paragraphs, habits), []))
        for stanza in verse:
            last = drafts[-1].stanzas
            if last and last[-1][1] >= block.start_line and stanza[0] - last[-1][1] > habits.parting_gap:
                drafts.append(_Draft(None, []))
            drafts[-1].stanzas.append(stanza)
        between = []
    return [poem for draft in drafts if (poem := _poem(draft, lines, source))]


def _stanzas(block: Block, lines: Sequence[str]) -> list[Stanza]:
    found: list[Stanza] = []
    first = 0
    for number in range(block.start_line, block.end_line + 1):
        if lines[number - 1].strip():
            first = first or number
        elif first:
            found.append((first, number - 1))
            first = 0
    if first:
        found.append((first, block.end_line))
    return found


def _after_last_prose(between: Sequence[Block], allowed: int) -> Sequence[Block]:
    """Return the blocks after the last that is prose of more than `allowed` lines, or a list: they cut a poem off."""
    for back, block in enumerate(reversed(between)):
        if block.label == "contents" or (
            block.label == "prose" and block.end_line - block.start_line >= allowed
        ):
            return between[len(between) - back :]
    return between


def _goes_on(poem: _Draft, paragraphs: Sequence[Paragraph], habits: _Habits) -> bool:
    """Whether a poem goes on after what stands between its last verse and the next."""
    for paragraph in paragraphs:
        if paragraph.reason in (BRACKETED, STAGED, SPOKEN_BY):
            continue
        if paragraph.reason == DIVIDER:
            goes_on = habits.titled and not _PARTING_RULE.fullmatch(paragraph.text.replace(" ", ""))
        elif paragraph.reason == NUMBER:
            goes_on = (
                poem.title is not None
                and number_of(paragraph) is not None
                and paragraph.line not in habits.counted
            )
        else:
            goes_on = _speaks(paragraph, habits) or (poem.speeches >= _SPEAKS_OFTEN and paragraph.gap <= 1)
            goes_on = goes_on and not _SCENE.match(paragraph.text)
        if not goes_on:
            return False
    return True


def _speaks(paragraph: Paragraph, habits: _Habits) -> bool:
    """Whether a paragraph is the name of a speaker, perhaps with a direction behind it: `MARY (_to_ TEIG)`."""
    name = _NAME.match(paragraph.text)
    return paragraph.gap <= 1 and name is not None and name[0].rstrip(" .:") in habits.speakers


def _title(paragraphs: Sequence[Paragraph], habits: _Habits) -> str | None:
    """Return the title among the paragraphs above a poem; failing that, its number."""
    numbers = [place for place, paragraph in enumerate(paragraphs) if number_of(paragraph) is not None]
    if numbers and paragraphs[numbers[-1]].line in habits.counted:
        # Above a number that counts poems stands the name of the whole book.
        below = title_of(paragraphs[numbers[-1] + 1 :])
        return below or clean_title(paragraphs[numbers[-1]].text)
    title = title_of([p for p in paragraphs if p.text not in habits.speakers and not _speaks(p, habits)])
    title = title or title_of([p for p in paragraphs if not _speaks(p, habits)])
    return title or (clean_title(paragraphs[numbers[-1]].text) if numbers else None)


def _poem(draft: _Draft, lines: Sequence[str], source: str | None) -> Poem | None:
    """Return the finished poem, None where nothing but marks of the stream were in it."""
    indent = min(len(line) - len(line.lstrip()) for a, b in draft.stanzas for line in lines[a - 1 : b])
    stanzas = ("\n".join(line[indent:].rstrip() for line in lines[a - 1 : b]) for a, b in draft.stanzas)
    text = unicodedata.normalize("NFC", "\n\n".join(stanzas))
    if MARK in text:
        text = without_marker(text)[0].strip("\n")
    if not text.strip():
        return None
    return Poem(
        text, title=draft.title, source=source, start_line=draft.stanzas[0][0], end_line=draft.stanzas[-1][1]
    )


def _habits(blocks: Sequence[Block], lines: Sequence[str], stanzas: Sequence[Sequence[Stanza]]) -> _Habits:
    other = [block for block in blocks if block.label == "other"]
    names = Counter(
        lines[b.start_line - 1].strip().rstrip(".:")
        for b in other
        if b.start_line == b.end_line and b.reason in (HEADING, SHORT_TEXT, SPOKEN_BY)
    )
    dividers = sum(b.reason == DIVIDER for b in other)
    titles = sum(b.reason in (HEADING, SHORT_TEXT) for b in other)
    gaps = Counter(
        min(later[0] - former[1] - 1, 4)
        for verse in stanzas
        for former, later in zip(verse, verse[1:], strict=False)
    )
    # Verse parted by room alone: stanzas by one blank line, poems by more.
    wide = sum(gaps[size] for size in (2, 3, 4))
    by_room = wide > 0 and gaps[1] >= wide and 5 * titles < wide
    return _Habits(
        speakers=frozenset(name for name, times in names.items() if times >= _SPEAKS_OFTEN),
        counted=_counted(other, lines),
        titled=2 * titles >= dividers,
        parting_gap=2 if by_room else 9,
    )


def _counted(other: Sequence[Block], lines: Sequence[str]) -> frozenset[int]:
    """Return the lines with numbers that belong to a run of many."""
    counted: list[int] = []
    run: list[tuple[int, int]] = []
    for block in other:
        if block.reason != NUMBER:
            continue
        value = number_of(Paragraph(lines[block.start_line - 1], NUMBER, 0, block.start_line))
        if value is None:
            continue
        if run and not run[-1][0] < value <= run[-1][0] + 3:
            counted += [line for _, line in run if run[-1][0] > _MANY_NUMBERS]
            run = []
        run.append((value, block.start_line))
    counted += [line for _, line in run if run[-1][0] > _MANY_NUMBERS]
    return frozenset(counted)
