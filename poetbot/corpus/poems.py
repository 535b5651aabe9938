"""Blocks to poems: which runs of verse are one poem, and what it is called.

Verse goes on over footnotes, stage directions, names of speakers and section numbers; a title, prose, a list, a
line `++++` or much room ends it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from poetbot.corpus.blocks import BRACKETED, DIVIDER, HEADING, NUMBER, SPOKEN_BY, STAGED, Block, find_blocks
from poetbot.corpus.poem import MARK, Poem, without_marker
from poetbot.corpus.titles import Paragraph, clean_title, number_of, paragraphs_of, title_of

_MANY_NUMBERS = 12
"""Numbers that run further than this count poems, as in a book of sonnets; fewer count the parts of one."""

_PASSED_OVER = (BRACKETED, STAGED, SPOKEN_BY)
_SPEAKS_OFTEN = 3
_SCENE = re.compile(r"\W*(?:act|scene|scena|actus|prologue|epilogue|canto|book)\b", re.IGNORECASE)
_PARTING_RULE = re.compile(r"(?:\+{4,}|%|[-=_~]{3,})")


@dataclass
class _Draft:
    """A poem being put together."""

    title: str | None
    parts: list[Block] = field(default_factory=list)
    numbered: bool = False
    """Its title, if it has one, is followed by a number: further numbers are its parts."""


def find_poems(text: str, source: str | None = None) -> list[Poem]:
    """Return the poems in `text`, in order, with titles where there are any.

    Text of a poem is in NFC, without the indent that all its lines share and without spaces at line ends; more
    than one blank line counts as one. Line numbers are those of `text`. `source` is noted in every poem.
    """
    text = text.expandtabs(4) if "\t" in text else text
    blocks = find_blocks(text)
    lines = text.split("\n")
    return [
        poem
        for draft in _drafts(blocks, lines)
        if (poem := _poem(draft, lines, source)) is not None
    ]
