"""Find scenes of plays among the poems of a book: speakers take turns, in headings or inside the lines."""

import re
from collections.abc import Sequence

from poetbot.corpus.loading import ParsedFile
from poetbot.corpus.plays import find_plays, heading_name
from poetbot.documents.block import HEADING, SHORT_TEXT, SPOKEN_BY
from poetbot.poem import Poem

_FEWEST = 3
"""Minimum number of speeches in a scene; many ballads have fewer."""
_SHARE = 1 / 12
"""Minimum share of lines that begin with a speaker's name, if names are inside the lines."""
_NAME_WORDS = 4
_SPEECH_LINES = 40
"""A speech is rarely longer; names repeated further apart are titles."""
_FORMS = frozenset(
    [
        "song",
        "sonnet",
        "envoy",
        "envoi",
        "l'envoi",
        "l'envoy",
        "lines",
        "stanzas",
        "ode",
        "hymn",
        "prelude",
        "interlude",
        "refrain",
        "ballad",
        "metrum",
        "variants",
        "note",
        "notes",
        "another",
    ]
)
"""Titles that are repeated without being speakers."""

_SPOKEN = re.compile(
    r"^[ _]*(?!Mrs?\.|St\.|Dr\.|No\.)([A-Z][A-Za-z]{0,11})[._:]{1,2}(?: {1,3}|—|--)[\"'“‘A-Z_]", re.MULTILINE
)


def scenes(file: ParsedFile) -> set[int]:
    """Return the positions of the poems of a book that are scenes of a play, or speeches from one."""
    by_heading = _by_heading(file)
    return {place for place, poem in enumerate(file.poems) if place in by_heading or speaks(poem.text)}


def speaks(text: str) -> bool:
    """Return whether the lines of a poem repeatedly begin with one of several speakers' names."""
    names = [match[1] for match in _SPOKEN.finditer(text)]
    return (
        len(names) >= _FEWEST
        and len(set(names)) < len(names)
        and len(names) >= _SHARE * (text.count("\n") + 1)
    )


def _by_heading(file: ParsedFile) -> set[int]:
    if file.text is None or not file.blocks:
        return set()
    lines = file.text.split("\n")
    headings = [
        (block.start_line, lines[block.start_line - 1].strip())
        for block in file.blocks
        if block.reason in (HEADING, SPOKEN_BY, SHORT_TEXT) and block.start_line == block.end_line
    ]
    plays = find_plays(headings)
    names = {line: heading_name(text) for line, text in headings if line in plays.speakers}
    found: set[int] = set()
    for begin, end in zip(plays.begins, plays.ends, strict=True):
        speeches = {line: name for line, name in names.items() if begin <= line <= end and _may_speak(name)}
        close = end - begin <= _SPEECH_LINES * len(speeches)
        if close and len(speeches) >= _FEWEST and 2 <= len(set(speeches.values())) <= len(speeches) / 2:
            found |= _between(file.poems, begin, end)
    return found


def _may_speak(name: str) -> bool:
    words = name.split()
    return 0 < len(words) <= _NAME_WORDS and words[-1].casefold() not in _FORMS


def _between(poems: Sequence[Poem], begin: int, end: int) -> set[int]:
    return {
        place
        for place, poem in enumerate(poems)
        if poem.start_line is not None
        and poem.end_line is not None
        and poem.start_line <= end + 1 + _SPEECH_LINES
        and begin <= poem.end_line
        and (poem.start_line <= end or poem.start_line - end <= 2)
    }
