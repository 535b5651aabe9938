"""Recognise bylines, and title pages with title, author, place and publisher: none of it is verse.

A title page has short lines that begin with capitals, like verse.
"""

import re

import numpy as np
import numpy.typing as npt

from poetbot.corpus.line_features import Flags, Lines, line_texts

Places = npt.NDArray[np.int64]

_BY = ord("b") << 32 | ord("y") << 16
"""The first letters of a line that begins with the word, as in `Lines.key`."""
_BYLINE_WORDS = 8
_NAME_WORDS = 6
_TITLE_LINES = 3
_TITLE_WORDS = 10
_SMALL_WORDS = frozenset(
    """a an and are as at but by for from in into is it its my no nor of off on or our so than the to up upon we with
    your & de del della der di do du el et la las le les los van von y zu""".split()  # noqa: SIM905
)
_BETWEEN = re.compile(r" (?:[Bb]y|BY):? ")
_NOT_CLOSED = (",", ";", ":", "!", "?", "-")

_FRONT_LINES = 200
"""Number of lines at the start of a text that may contain its title page and contents."""
_IMPRINT_LINES = 8
_IMPRINT = re.compile(
    r"^[^\w\n]*(?:(?:first )?(?:re)?printed\b|(?:first )?published\b|publishers?[^\w\n]*$)|\bcopyright\b|©"
    r"|\ball rights reserved\b|\b(?:second|third|new|revised) edition\b|\b(?:printed|published) (?:by|in|at|for)\b",
    re.IGNORECASE | re.MULTILINE,
)
_PUBLISHER = re.compile(
    r"(?:&|\band) (?:Co|Company|Sons?|Brothers|Bros)\b|\b(?:Press|Edition|Publishing)\b\W*$", re.M
)
_YEAR = re.compile(r"\W*(?:1[5-9]|20)\d\d\W*|\W*M[DCLXVI]{3,}\W*")


def is_front_matter(line: int) -> bool:
    """Return whether a line, from 1, is near enough to the start of a text to be part of a title page."""
    return line <= _FRONT_LINES


def is_imprint(text: str) -> bool:
    """Return whether a short text names a publisher, a printer or a rights holder, or is only a year."""
    named = _IMPRINT.search(text) or _PUBLISHER.search(text) or _YEAR.fullmatch(text)
    return named is not None


def title_and_author(text: str) -> tuple[str, str | None]:
    """Return the two sides of the last "by" in a line with a title and its author; no author if there is no "by"."""
    places = [match.span() for match in _BETWEEN.finditer(text)]
    return (text[: places[-1][0]], text[places[-1][1] :]) if places else (text, None)


def lines_with_authors(text: str, lines: Lines) -> list[tuple[int, int]]:
    """Return first line and end of each title that names its author, "Kettle Song / by Ann Other", right above a text.

    The title may have several lines, and "by" may have its own line. On a single line, "Kettle Song by Ann Other" is recognised only at the
    start of a text.
    """
    found = []
    for line in np.flatnonzero((lines.key == _BY) & (lines.words <= _BYLINE_WORDS)).tolist():
        first = max(0, line - _TITLE_LINES - 1)
        rows = [row.strip() for row in line_texts(text, lines, first, min(line + 3, len(lines)))]
        above, byline, below = rows[: line - first], rows[line - first], [*rows[line - first + 1 :], "", ""]
        while "" in above:
            above = above[above.index("") + 1 :]
        alone = byline.casefold().rstrip(":") == "by"
        name, after = (below[0], below[1]) if alone else (byline.partition(" ")[2], below[0])
        if not 0 < len(above) <= _TITLE_LINES or not _may_be_name(name) or not all(map(_may_be_title, above)):
            continue
        # A title in lowercase needs space around it, because a line of verse may begin this way.
        room = (
            not after and len(above) == 1 and "".join(rows[max(0, line - first - 3) : line - first - 1]) == ""
        )
        if room or all(map(_in_capitals, above)):
            found.append((line - len(above), line + 1 + alone))
    filled = np.flatnonzero(~lines.blank)[:2].tolist()
    if len(filled) == 2 and _names_both(
        *(line_texts(text, lines, line, line + 1)[0].strip() for line in filled)
    ):
        found.append((filled[0], filled[0] + 1))
    return found


def imprints(text: str, lines: Lines, first: Places, end: Places, maybe: Flags) -> list[int]:
    """Return which of the pieces from lines `first` to `end`, if they are `maybe`, belong to a title page."""
    found = []
    near = maybe & (end <= _FRONT_LINES) & (end - first <= _IMPRINT_LINES)
    for piece in np.flatnonzero(near).tolist():
        begin, stop = int(first[piece]), int(end[piece])
        rows = line_texts(text, lines, begin, min(stop + 1, len(lines)))
        below = rows[stop - begin] if len(rows) > stop - begin else ""
        if is_imprint("\n".join(rows[: stop - begin])) or _YEAR.fullmatch(below.strip()):
            found.append(piece)
    return found


def _may_be_title(line: str) -> bool:
    return len(line.split()) <= _TITLE_WORDS and not line.endswith(_NOT_CLOSED)


def _may_be_name(line: str) -> bool:
    """Return whether a line may be a name, "The Back Porch Four": it begins with a capital and has no pause at its end."""
    closed = line.endswith(("Jr.", "Esq.")) or not line.endswith((".", *_NOT_CLOSED))
    return line[:1].isupper() and len(line.split()) <= _NAME_WORDS and closed and _in_capitals(line)


def _in_capitals(line: str) -> bool:
    """Return whether every word of a line begins with a capital, except articles and the like."""
    words = [word.lstrip("\"'“‘(_*") for word in line.split()]
    return all(word[:1].isupper() or not word[:1].isalpha() or word in _SMALL_WORDS for word in words)


def _names_both(line: str, below: str) -> bool:
    """Return whether the first line of a text is "Kettle Song by Ann Other", and what is below it isn't also a title."""
    if len(line.split()) > _TITLE_WORDS + _NAME_WORDS or not _in_capitals(line) or _in_capitals(below):
        return False
    title, author = title_and_author(line)
    long = len(title.split()) > 1 and author is not None and len(author.split()) > 1
    return bool(long and author and _may_be_title(title) and _may_be_name(author))
