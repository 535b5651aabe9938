"""Divide a text into blocks: runs of lines with one label, each with a readable reason."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from poetbot.corpus import segment_features as shape
from poetbot.corpus.context_features import alphabetical
from poetbot.corpus.line_features import Flags, Lines, extract_lines, slice_lines
from poetbot.corpus.lists import find_lists
from poetbot.corpus.lyrics import refrains, unpunctuated
from poetbot.corpus.segment_features import SegmentFeatures, segment_features
from poetbot.corpus.segments import (
    BYLINE,
    CAPITALS,
    COUNTED,
    DIRECTION,
    LICENCE,
    NOTE,
    NUMERAL,
    RULE,
    RUNNING,
    SPEAKER,
    TITLE,
    Segments,
    segment,
)
from poetbot.corpus.title_pages import imprints
from poetbot.corpus.verse_classifier import verse_scores
from poetbot.corpus.verse_in_prose import among_prose, ragged_prose
from poetbot.documents.block import (
    BRACKETED,
    BYLINED,
    DIVIDER,
    HEADING,
    LABELS,
    LICENSED,
    NUMBER,
    QUOTED,
    SHORT_TEXT,
    SPOKEN_BY,
    STAGED,
    TITLED,
    Block,
)
from poetbot.messages import N_
from poetbot.poem import Poem

_POEM, _PROSE, _CONTENTS, _OTHER = range(4)

_STRETCH = 1 << 22
"""Maximum number of characters analysed at once; only a single line may be longer."""
_ROOM = ("\n" * 6, "\n" * 3, "\n" * 2, "\n")

VERSE_GAP = 4
"""Blank lines that end a block of verse even if verse follows, because that is usually another poem."""

_REASONS = (
    N_("its lines end before the margin and start with capitals"),
    N_("its lines end before the margin"),
    N_("nearly all its lines start with a capital"),
    N_("it is surrounded by verse and laid out like it"),
    N_("its lines run to the margin like sentences"),
    N_("it is surrounded by prose and reads like it"),
    N_("it lists titles or pages"),
    N_("its lines are in alphabetical order, like an index or a glossary"),
    SHORT_TEXT,
    N_("nearly all its lines end in a pause"),
    QUOTED,
)
_REASONS_OF_MAKES = {
    CAPITALS: HEADING,
    NUMERAL: NUMBER,
    RULE: DIVIDER,
    NOTE: BRACKETED,
    DIRECTION: STAGED,
    SPEAKER: SPOKEN_BY,
    TITLE: TITLED,
    BYLINE: BYLINED,
    COUNTED: N_("its clauses are all the same length, as in classical Chinese verse"),
    LICENCE: LICENSED,
}
_ALL_REASONS = (*_REASONS, *_REASONS_OF_MAKES.values())

_PAGE_ROOM, _HEADS = shape.NAMES.index("room in page"), shape.NAMES.index("capital heads")
_ENDS_OPEN, _INNER_STOPS = shape.NAMES.index("ends open"), shape.NAMES.index("inner stops")


def find_blocks(text: str) -> list[Block]:
    """Return the blocks of `text` in order; every non-blank line is in exactly one.

    Lines are separated by LF. Any text is valid, nothing is raised, and the time is linear.
    """
    text = with_plain_spaces(text)
    return blocks_of(text, extract_lines(text))


def is_poem(block: Block) -> bool:
    """Whether a block is a poem or part of one: verse, except a line or two quoted in prose."""
    return block.label == "poem" and block.reason != QUOTED


def blocks_of_poems(text: str, poems: Sequence[Poem], reason: str) -> list[Block]:
    """Return the blocks of a text whose poems were found without the filter, for `reason`: the poems and what is around them."""
    rows = text.split("\n")
    blocks: list[Block] = []
    above = 0
    for first, last in [*((poem.start_line or 1, poem.end_line or 1) for poem in poems), (len(rows) + 1, 0)]:
        filled = [number for number in range(above + 1, first) if rows[number - 1].strip()]
        if filled:
            blocks.append(Block(filled[0], filled[-1], "other", SHORT_TEXT, 0.0))
        if last:
            blocks.append(Block(first, last, "poem", reason, 1.0))
        above = last
    return blocks


def with_plain_spaces(text: str) -> str:
    """Return `text` with tabs as up to four spaces and no carriage returns at line ends, in NFC."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    return unicodedata.normalize("NFC", text.expandtabs(4) if "\t" in text else text)


def blocks_of(text: str, lines: Lines, looked: Callable[[float], None] | None = None) -> list[Block]:
    """Return the blocks of `text`, which has plain spaces, from the results of `extract_lines`.

    `looked` is called after each stretch of a few megabytes with the share of the text that is done.
    """
    blocks: list[Block] = []
    above = 0
    for begin, end in _stretches(text):
        below = int(np.searchsorted(lines.start, end)) if end < len(text) else len(lines)
        blocks += _blocks_of_stretch(text[begin:end], slice_lines(lines, above, below, begin), above)
        above = below
        if looked:
            looked(end / max(len(text), 1))
    return blocks


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of stretches that are analysed separately, cut at gaps if there are any.

    A book is one stretch. A larger stretch would need more memory without benefit: what lines are compared with, such as the width
    of the page, belongs to one book.
    """
    begin = 0
    while len(text) - begin > _STRETCH:
        cuts = (text.rfind(room, begin + _STRETCH // 2, begin + _STRETCH) + len(room) for room in _ROOM)
        cut = next((cut for cut, room in zip(cuts, _ROOM, strict=True) if cut >= begin + len(room)), 0)
        end = cut or text.find("\n", begin + _STRETCH) + 1 or len(text)
        yield begin, end
        begin = end
    if begin < len(text) or not begin:
        yield begin, len(text)


def _blocks_of_stretch(text: str, lines: Lines, above: int) -> list[Block]:
    """Return the blocks of a stretch that starts after `above` lines."""
    pieces = segment(text, lines)
    if not len(pieces):
        return []
    shapes = segment_features(lines, pieces)
    in_order = alphabetical(lines)
    scores = verse_scores(lines, pieces, shapes, in_order)
    labels, reasons = _labels(text, lines, pieces, shapes, scores, in_order)
    likeness = np.where(pieces.make == RUNNING, 1 / (1 + np.exp(-np.clip(scores, -30, 30))), 0.0)
    # A rule's decision keeps its side of 0.5, whatever the score.
    likeness = np.where(labels == _POEM, np.maximum(likeness, 0.51), np.minimum(likeness, 0.5))

    begins = np.ones(len(pieces), dtype=bool)
    begins[1:] = labels[1:] != labels[:-1]
    begins[1:] |= (labels[1:] == _OTHER) & (reasons[1:] != reasons[:-1])
    begins[1:] |= (labels[1:] == _POEM) & (pieces.gap[1:] >= VERSE_GAP)
    at = np.flatnonzero(begins)
    weight = shapes.lines.astype(float)
    score = np.add.reduceat(likeness * weight, at) / np.add.reduceat(weight, at)
    reason = reasons[_longest(shapes.lines, at)]
    ends = pieces.end[np.append(at[1:], len(pieces)) - 1]
    columns = (
        pieces.first[at] + above + 1,
        ends + above,
        np.array(LABELS, dtype=object)[labels[at]],
        np.array(_ALL_REASONS, dtype=object)[reason],
        score.round(3),
    )
    return list(map(Block._make, zip(*(column.tolist() for column in columns), strict=True)))


def _labels(
    text: str,
    lines: Lines,
    pieces: Segments,
    shapes: SegmentFeatures,
    scores: npt.NDArray[np.float64],
    in_order: Flags,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return label and reason of each piece, as positions in LABELS and _ALL_REASONS."""
    running = pieces.make == RUNNING
    listed = find_lists(text, lines, pieces, shapes)
    ordered = np.concatenate(([0], np.cumsum(in_order)))
    sorted_list = running & (2 * (ordered[pieces.end] - ordered[pieces.first]) > shapes.lines)
    poem = running & (scores > 0) & ~listed & ~sorted_list
    if shapes.narrow:
        # The article's rule, if it applies: every line of the text has few words.
        poem |= running & (shapes.lines > 1) & ~listed & ~sorted_list
    poem &= ~ragged_prose(lines, pieces, shapes)
    poem |= unpunctuated(lines, pieces, shapes) & ~listed & ~sorted_list
    poem |= pieces.make == COUNTED
    poem |= _capitals_within(pieces, shapes, poem)
    poem |= refrains(text, lines, pieces, shapes, poem)
    poem &= ~_wordless(lines, pieces, poem)
    front = imprints(text, lines, pieces.first, pieces.end, poem | (running & (shapes.lines <= 2)))
    poem[front] = False
    prose = running & ~poem & ~listed & ~sorted_list & _sentences(shapes, poem)
    prose[front] = False
    among = among_prose(lines, pieces, shapes, poem, prose)
    poem &= ~among.none
    prose |= among.none
    labels = np.where(poem, _POEM, np.where(prose, _PROSE, np.where(listed, _CONTENTS, _OTHER)))

    room, heads = shapes.values[:, _PAGE_ROOM] > 0.1, shapes.values[:, _HEADS] > 0.25
    by_make = np.full(256, _REASONS.index(SHORT_TEXT))
    by_make[list(_REASONS_OF_MAKES)] = np.arange(len(_REASONS), len(_ALL_REASONS))
    several = shapes.lines > 2
    capitals = heads & shapes.capitals
    reasons = by_make[pieces.make]
    by_rule = (
        (sorted_list, 7),
        (listed, 6),
        (prose, 5),
        (prose & several, 4),
        (poem, 3),
        (poem & several & heads, _REASONS.index("nearly all its lines end in a pause")),
        (poem & several & capitals, 2),
        (poem & several & room, 1),
        (poem & room & capitals, 0),
        (among.quoted, _REASONS.index(QUOTED)),
        (pieces.make == COUNTED, by_make[COUNTED]),
    )
    for where, reason in by_rule:  # later ones are more specific
        reasons[where] = reason
    return labels, reasons


def _capitals_within(pieces: Segments, shapes: SegmentFeatures, poem: Flags) -> Flags:
    """Lines in capitals between verse, without a blank line, are verse too."""
    touching = np.zeros(len(pieces), dtype=bool)
    touching[1:-1] = poem[:-2] & poem[2:] & (pieces.gap[1:-1] == 0) & (pieces.gap[2:] == 0)
    return touching & (pieces.make == CAPITALS) & (shapes.lines <= 4)


def _wordless(lines: Lines, pieces: Segments, poem: Flags) -> Flags:
    """Whether a piece is in a run of verse without a single word: rows of dots belong to a poem only among other lines."""
    letters = np.concatenate(([0], np.cumsum(lines.upper + lines.lower + lines.caseless + lines.digits)))
    of_piece = letters[pieces.end] - letters[pieces.first]
    at = np.flatnonzero(np.append(True, poem[1:] != poem[:-1]))
    return np.repeat(np.add.reduceat(of_piece, at) == 0, np.diff(np.append(at, len(pieces))))


def _sentences(shapes: SegmentFeatures, poem: Flags) -> Flags:
    """Whether a piece that isn't verse reads as sentences rather than as a title or a date."""
    # A Chinese word is about two characters; names and titles, however long, contain no full stop or comma.
    stopped = (shapes.values[:, _INNER_STOPS] > 0) | (shapes.values[:, _ENDS_OPEN] == 0)
    words = shapes.words + np.where(stopped, shapes.characters // 2, 0)
    long = (shapes.lines >= 3) | (words >= 14)
    closed = shapes.values[:, _ENDS_OPEN] == 0
    beside = np.zeros(len(poem), dtype=bool)
    beside[1:] |= long[:-1] & ~poem[:-1]
    beside[:-1] |= long[1:] & ~poem[1:]
    return long | (closed & beside & (words >= 2)) | (beside & (words >= 7))


def _longest(sizes: npt.NDArray[np.int64], at: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the position of the largest size in each run that begins at `at`."""
    order = np.repeat(np.arange(at.size), np.diff(np.append(at, sizes.size)))
    by_size = np.lexsort((sizes, order))
    return by_size[np.append(at[1:], sizes.size) - 1]
