"""A block: lines of a text with one label, and the reason for it."""

from typing import NamedTuple

LABELS = ("poem", "prose", "contents", "other")

# Reasons by which poems.py tells what stands between two runs of verse. Each reads on from "because".
SHORT_TEXT = "it is a short text by itself, such as a title, a date or a name"
HEADING = "it is a heading in capitals"
MARKED_HEADING = "it is marked as a heading"
NUMBER = "it is a number that counts a part"
DIVIDER = "it is a rule between parts"
BRACKETED = "it is a note in brackets"
STAGED = "it is a stage direction"
TITLED = "it is a title right above the lines of its poem"
BYLINED = "it is a title with the name of its author"
SPOKEN_BY = "it is the name of a speaker"
QUOTED = "it is a line or two of verse that prose quotes"
LICENSED = "it is Project Gutenberg's own text, not the book's"


class Block(NamedTuple):
    """Lines `start_line` to `end_line` (1-based, inclusive) with one label.

    `label` is poem, prose, contents or other; `reason` completes "because …"; `score` says how much the block is
    like verse, from 0 to 1, and is above 0.5 for poems alone.
    """

    start_line: int
    end_line: int
    label: str
    reason: str
    score: float
