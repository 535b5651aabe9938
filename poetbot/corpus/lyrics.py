"""Recognise modern lyrics: stanzas without any punctuation, and refrains repeated among them."""

from collections import Counter

import numpy as np

from poetbot.corpus.line_features import Flags, Lines, line_texts
from poetbot.corpus.segment_features import NAMES, SegmentFeatures
from poetbot.corpus.segments import RUNNING, Segments

_ROOM_LEFT, _TITLE_CASE, _DIGITS = (NAMES.index(name) for name in ("room left", "title case", "digits"))
_WORDS_TO_A_STOP = 60
"""Minimum words per full stop; prose, however careless, has more full stops."""
_FEWEST_WORDS = 30
_STANZA_LINES = 16
_LONGEST = 110
"""Maximum mean width of a line, in columns; anything longer is a paragraph."""
_LEANING = 0.25
_ROOM = 0.15
"""Minimum share of lines that leave room for the next line's first word; wrapped text leaves none."""
_REFRAIN_LINES = 12
_REFRAIN_WORDS = 4
_NEAR = 2
_WIDER = 1.4


def unpunctuated(lines: Lines, pieces: Segments, shapes: SegmentFeatures) -> Flags:
    """Return which pieces are stanzas in a text without punctuation, where only line breaks differ from prose."""
    words = int(lines.words.sum())
    if words < _FEWEST_WORDS or int(lines.stops.sum()) * _WORDS_TO_A_STOP > words:
        return np.zeros(len(pieces), dtype=bool)
    rows = shapes.lines
    stanza = (pieces.make == RUNNING) & (rows > 1) & (rows <= _STANZA_LINES)
    stanza &= (shapes.values[:, _TITLE_CASE] < 0.3) & (shapes.values[:, _DIGITS] < 0.05)
    if stanza.sum() < 2:
        return stanza & False
    inner = np.zeros(len(lines) + 1, dtype=np.int64)
    np.add.at(inner, pieces.first[stanza], 1)
    np.add.at(inner, pieces.end[stanza] - 1, -1)
    ends = np.cumsum(inner[:-1]) > 0
    breaks = rows[stanza] - 1
    room = shapes.values[stanza, _ROOM_LEFT] * (breaks + 1) + 0.3 * breaks
    broken = room.sum() >= _ROOM * breaks.sum() and lines.ends_leaning[ends].mean() <= _LEANING
    length = lines.length[ends].mean()
    return stanza if broken and length <= _LONGEST else np.zeros(len(pieces), dtype=bool)


def refrains(text: str, lines: Lines, pieces: Segments, shapes: SegmentFeatures, poem: Flags) -> Flags:
    """Return which pieces that aren't a `poem` by themselves are repeated word for word in the text, below verse.

    A refrain is hardly wider than the verse beside it, because prose may be repeated too; a single line must be between two stanzas and
    end in a pause, because titles can be repeated.
    """
    found = np.zeros(len(pieces), dtype=bool)
    rows = pieces.end - pieces.first
    running = pieces.make == RUNNING
    below_verse = np.append(False, poem[:-1]) & (pieces.gap <= _NEAR)
    above_verse = np.append(poem[1:] & (pieces.gap[1:] <= _NEAR), False)
    last = pieces.end - 1
    between = below_verse & above_verse & (pieces.gap == 1) & np.append(pieces.gap[1:] == 1, False)
    line = (
        (rows == 1)
        & between
        & (lines.ends_stop | lines.ends_clause)[last]
        & (lines.words[last] >= _REFRAIN_WORDS)
    )
    several = (rows > 1) & (rows <= _REFRAIN_LINES) & (below_verse | above_verse)
    width = np.where(poem, shapes.width - shapes.indent, 0)
    neighbour = np.maximum(np.append(0, width[:-1]), np.append(width[1:], 0))
    wide = shapes.width - shapes.indent > _WIDER * neighbour
    maybe = running & ~poem & ~wide & (several | line)
    if not maybe.any():
        return found
    # Only pieces with the same number of characters and the same first letters can be identical.
    characters = np.concatenate(([0], np.cumsum(lines.length)))
    sign = lines.key[pieces.first] * 4096 + characters[pieces.end] - characters[pieces.first]
    alike = np.flatnonzero(running & np.isin(sign, sign[maybe]))
    texts = {
        piece: _stripped_lines(text, lines, int(pieces.first[piece]), int(pieces.end[piece]))
        for piece in alike.tolist()
    }
    times = Counter(texts.values())
    below = {texts[piece] for piece in alike.tolist() if below_verse[piece]}
    for piece in np.flatnonzero(maybe).tolist():
        found[piece] = times[texts[piece]] > 1 and texts[piece] in below
    return found


def _stripped_lines(text: str, lines: Lines, first: int, end: int) -> tuple[str, ...]:
    return tuple(row.strip() for row in line_texts(text, lines, first, end))
