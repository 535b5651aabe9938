"""A block: lines of a text with one label, and the reason for it."""

from typing import NamedTuple

from poetbot.messages import N_

LABELS = ("poem", "prose", "contents", "other")

# Reasons that poems.py uses for what is between two runs of verse. Each completes "because …".
SHORT_TEXT = N_("it is a short separate text, such as a title, a date or a name")
HEADING = N_("it is a heading in capitals")
MARKED_HEADING = N_("it is marked as a heading")
NUMBER = N_("it is the number of a part")
DIVIDER = N_("it is a divider")
BRACKETED = N_("it is a note in brackets")
STAGED = N_("it is a stage direction")
TITLED = N_("it is a title directly above its poem")
BYLINED = N_("it is a title with the name of its author")
SPOKEN_BY = N_("it is the name of a speaker")
QUOTED = N_("it is a line or two of verse quoted in prose")
LICENSED = N_("it is Project Gutenberg's text, not the book's")


class Block(NamedTuple):
    """Lines `start_line` to `end_line` (1-based, inclusive) with one label.

    `label` is poem, prose, contents or other; `reason` completes "because …"; `score` says how much the block is like verse,
    from 0 to 1, and is above 0.5 only for poems.
    """

    start_line: int
    end_line: int
    label: str
    reason: str
    score: float
