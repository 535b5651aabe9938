"""What is included as poems and why, part by part, and the user's choices.

A text is divided into parts: runs of lines with one verdict. The verdict comes from the filter, or from one of two settings for
all files, and the user can override it for each part. The poems are put together from the included parts.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from poetbot.corpus.blocks import VERSE_GAP, blocks_of, blocks_of_poems, is_poem, with_plain_spaces
from poetbot.corpus.line_features import Lines, extract_lines
from poetbot.corpus.marked_blocks import blocks_with_marks
from poetbot.corpus.one_line_poems import poems_by_line
from poetbot.corpus.poems import poems_in
from poetbot.corpus.raw_sections import cut_into_sections
from poetbot.corpus.titles import clean_title
from poetbot.documents.author_marks import SET_AS_VERSE
from poetbot.documents.block import (
    BYLINED,
    DIVIDER,
    HEADING,
    LICENSED,
    MARKED_HEADING,
    NUMBER,
    SHORT_TEXT,
    TITLED,
    Block,
)
from poetbot.messages import N_
from poetbot.poem import Poem

# Reasons other than the filter's; each completes "because …".
ALL_POEMS = N_("you chose to treat everything here as poems")
SECTION = N_("you chose to keep every section of this prose")
RECORD = N_("the file has it as a separate poem")
ONE_LINE = N_("it is a title, a colon and a poem")
REPEATED = N_("it is nearly the same as another poem, which is kept")
TITLE = N_("it is the title of the next poem")
WITH_TITLE = N_("it contains the title of the next poem")
INCLUDED_BY_USER = N_("you included it")
EXCLUDED_BY_USER = N_("you left it out")

_TITLES = (SHORT_TEXT, HEADING, MARKED_HEADING, TITLED, BYLINED)
_NO_LINES_OF_POEMS = (*_TITLES, NUMBER, DIVIDER, LICENSED)


class Reading(StrEnum):
    """How files are read."""

    FILTER = "filter"  # find the poems
    POEMS = "poems"  # everything is poems
    SECTIONS = "sections"  # everything is prose; keep each section


@dataclass(frozen=True, slots=True)
class Part:
    """Lines `start_line` to `end_line` (1-based, inclusive, in its text) with one verdict.

    `label` is poem, prose, contents or other, `section` for a part of prose that is kept; `reason` completes "because …".
    `taken` says whether training reads it, `by_user` whether the user chose that. `poem` is the position of its poem among
    those of the text, None if it is in none.
    """

    start_line: int
    end_line: int
    label: str
    reason: str
    taken: bool
    by_user: bool = False
    poem: int | None = None


@dataclass(frozen=True)
class JudgedText:
    """The parts of a text in order, the poems of the included ones, and its blocks before the user's choices."""

    parts: tuple[Part, ...]
    poems: tuple[Poem, ...]
    blocks: tuple[Block, ...] = ()


def judge(
    text: str,
    reading: Reading,
    choices: Mapping[int, bool] | None = None,
    source: str | None = None,
    seen: Callable[[float], None] | None = None,
    lines: Lines | None = None,
    marks: Sequence[Block] = (),
) -> JudgedText:
    """Return the parts and the poems of a text with LF line ends.

    `choices` are the user's, by the line a part starts at: True includes it, False leaves it out. The start and end of parts
    depend only on the text and `reading`, so a choice stays valid whatever the others are. `source` is stored in every poem;
    `seen` is called now and then with the share of the text that is done. `lines` are the results of `extract_lines` for the
    text with plain spaces, if available. `marks` are blocks marked by the writer, which the filter doesn't judge.

    With Reading.POEMS every line is part of a poem, except titles, numbers, dividers and Project Gutenberg's own text, which
    separate poems; a short text with nothing below it is the last line of its poem, not a title.
    """
    choices = choices or {}
    text = with_plain_spaces(text)
    if reading is Reading.SECTIONS:
        return _each(cut_into_sections(text, source), "section", SECTION, choices)
    if found := poems_by_line(text, source):
        return replace(
            _each(found, "poem", ONE_LINE, choices), blocks=tuple(blocks_of_poems(text, found, ONE_LINE))
        )
    lines = lines or extract_lines(text)
    blocks = blocks_of(text, lines, seen)
    if marks:
        blocks = blocks_with_marks(blocks, marks, lines)
    if reading is Reading.POEMS:
        blocks = _all_poems(blocks)
    apart = frozenset(mark.start_line for mark in marks if mark.reason == SET_AS_VERSE)
    parts = [Part(*block[:4], taken=is_poem(block)) for block in blocks]
    poems = poems_in(text, _joined(parts, apart), lines, source)
    parts = _cut_by_poems(parts, poems)
    if choices:
        titles = frozenset(part.start_line for part in parts if part.reason in _TITLES)
        parts = [_with_choice(part, choices) for part in parts]
        poems = poems_in(text, _apart_at_dividers(_joined(parts, apart), titles), lines, source)
    return JudgedText(tuple(_with_titles(_numbered(parts, poems), poems, text)), tuple(poems), tuple(blocks))


def _with_titles(parts: Sequence[Part], poems: Sequence[Poem], text: str) -> list[Part]:
    """Return the parts, with the reason TITLE or WITH_TITLE if one contains the title of the poem below it."""
    lines = text.split("\n")
    changed = list(parts)
    above: list[int] = []  # parts since the last poem, one of which may be a title
    begun = -1
    for place, part in enumerate(parts):
        if part.poem is None:
            if part.reason in _NO_LINES_OF_POEMS and not part.by_user:
                above.append(place)
            continue
        title = poems[part.poem].title
        for number in reversed(above) if title and part.poem > begun else ():
            its_lines = lines[parts[number].start_line - 1 : parts[number].end_line]
            paragraphs = " ".join(line.strip() or "\n" for line in its_lines).split("\n")
            if title in map(clean_title, [*paragraphs, *its_lines]):
                alone = clean_title(" ".join(its_lines)) == title
                if parts[number].reason not in (TITLED, BYLINED):  # these already say so
                    changed[number] = replace(parts[number], reason=TITLE if alone else WITH_TITLE)
                break
        begun, above = part.poem, []
    return changed


def judge_record(poem: Poem, choices: Mapping[int, bool] | None = None, reason: str = RECORD) -> JudgedText:
    """Return the only part of a record that is a complete poem, for this reason."""
    whole = replace(poem, start_line=1, end_line=poem.text.count("\n") + 1)
    judged = _each([whole], "poem", reason, choices or {})
    return JudgedText(judged.parts, (poem,) if judged.poems else ())


def _each(poems: Sequence[Poem], label: str, reason: str, choices: Mapping[int, bool]) -> JudgedText:
    """Return each poem as one part."""
    parts: list[Part] = []
    taken: list[Poem] = []
    for poem in poems:
        part = _with_choice(Part(poem.start_line or 1, poem.end_line or 1, label, reason, True), choices)
        if part.taken:
            part = replace(part, label=label, poem=len(taken))
            taken.append(poem)
        parts.append(part)
    return JudgedText(tuple(parts), tuple(taken))


def _all_poems(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks with everything as verse, except what separates or names poems."""
    changed: list[Block] = []
    verse_below = False
    for block in reversed(blocks):
        if not is_poem(block):
            last_lines = block.reason in _TITLES and not verse_below
            if last_lines or block.reason not in _NO_LINES_OF_POEMS or block.label != "other":
                block = Block(block.start_line, block.end_line, "poem", ALL_POEMS, block.score)
        verse_below = block.label == "poem" or (verse_below and block.reason not in (DIVIDER, LICENSED))
        changed.append(block)
    return changed[::-1]


def _joined(parts: Sequence[Part], apart: frozenset[int]) -> list[Block]:
    """Return the blocks that poems are built from: verse without large gaps between is one block.

    Two parts that both begin at a line of `apart` are never joined.
    """
    blocks: list[Block] = []
    above = 0
    for part in parts:
        # What the user left out ends a poem, like prose, and so does verse that is only quoted.
        label = "poem" if part.taken else "prose" if part.by_user or part.label == "poem" else part.label
        last = blocks[-1] if blocks else None
        near = last and last.label == label == "poem" and part.start_line - last.end_line - 1 < VERSE_GAP
        both_apart = above in apart and part.start_line in apart
        above = part.start_line
        if last and near and not both_apart:
            blocks[-1] = last._replace(end_line=part.end_line)
        else:
            blocks.append(Block(part.start_line, part.end_line, label, part.reason, 0.0))
    return blocks


def _apart_at_dividers(blocks: Sequence[Block], titles: frozenset[int]) -> list[Block]:
    """Return the blocks, in which a divider beside a poem that begins at one of the lines `titles` ends poems, as prose does.

    The poem is a title that the user included. Elsewhere a divider may stand between stanzas.
    """
    numbers = {n for n, block in enumerate(blocks) if block.label == "poem" and block.start_line in titles}
    neighbours = {n + step for n in numbers for step in (-1, 1)}
    return [
        block._replace(label="prose") if n in neighbours and block.reason == DIVIDER else block
        for n, block in enumerate(blocks)
    ]


def _cut_by_poems(parts: Sequence[Part], poems: Sequence[Poem]) -> list[Part]:
    """Return the parts; parts of verse are cut where one poem ends and the next begins."""
    starts = [poem.start_line or 0 for poem in poems]
    cut: list[Part] = []
    for part in parts:
        begins = [part.start_line]
        if part.taken:
            low, high = bisect_right(starts, part.start_line), bisect_right(starts, part.end_line)
            begins += starts[low:high]
        ends = [
            *((poems[bisect_right(starts, later) - 2].end_line or 0) for later in begins[1:]),
            part.end_line,
        ]
        cut += [
            replace(part, start_line=begin, end_line=end) for begin, end in zip(begins, ends, strict=True)
        ]
    return cut


def _with_choice(part: Part, choices: Mapping[int, bool]) -> Part:
    """Return the part with the user's choice, if there is one."""
    taken = choices.get(part.start_line)
    if taken is None:
        return part
    if taken:
        return replace(part, label="poem", reason=INCLUDED_BY_USER, taken=True, by_user=True)
    label = "other" if part.label == "poem" else part.label
    return replace(part, label=label, reason=EXCLUDED_BY_USER, taken=False, by_user=True)


def _numbered(parts: Sequence[Part], poems: Sequence[Poem]) -> list[Part]:
    """Return the parts with the positions of their poems."""
    starts = [poem.start_line or 0 for poem in poems]
    numbered: list[Part] = []
    for part in parts:
        place = bisect_right(starts, part.end_line) - 1
        found = part.taken and place >= 0 and (poems[place].end_line or 0) >= part.start_line
        numbered.append(replace(part, poem=place) if found else part)
    return numbered
