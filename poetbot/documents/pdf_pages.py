"""Join printed pages into one text: without running heads and page numbers, with text that continues across pages rejoined."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

FINE = 0.1
"""Of a line's height: by so much lines are moved down on the pages that are given, an empty line each time."""

_ROOM = 4  # empty lines between two poems
_WIDE = 1.35
"""Minimum distance, in typical line distances, that counts as an empty line."""
_ALIKE = 1.6
"""A page may have its own typical distance within this factor; lines further apart are stanzas."""
_WIDER = 1.1
"""Minimum distance, in typical stanza distances, above or below which a single line is a heading."""
_ABOVE_HEADING = 2  # empty lines
_FEWEST = 3  # distances that show what is typical for a page
_FULL = 0.8
"""A page whose text ends above this share of a tall page ends its poem."""
_TALL = 0.9
"""The quantile of page heights that counts as tall; the highest page may be set differently."""
_EDGE = 2  # lines at the top and at the bottom that may not be part of the text
_LONGEST_HEAD = 100
_LOOKED_AT = 100  # lines above the end of a page
_NUMBER = re.compile(r"[\W_]*(?:page|p\.|seite|第)?\s*(?:(\d{1,4})|([ivxlc]{1,7}))\s*(?:页|頁)?(?:\s*(?:/|of|von|de|共)\s*\d{1,4}\s*(?:页|頁)?)?[\W_]*")  # fmt: skip
_DIGITS = re.compile(r"\d+")
_GAP = re.compile(r"(?<=\S) {2,3}(?=\S)")
"""Gaps between the words of a justified line."""
_WIDE_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_MOST_GAPS = 0.2
"""Maximum share of lines with wide gaps; beyond it, words were placed one by one and the gaps mean nothing."""


@dataclass(slots=True)
class _Page:
    """Lines of a page. `headings` are the positions of separate ones, `foot` that of the first below the text."""

    lines: list[str]
    headings: set[int]
    foot: int | None = None
    numbered: bool = False

    def edges(self, top: bool) -> list[int]:
        """Return the positions of the outermost lines with text at the top or at the bottom, the outermost first."""
        places = range(len(self.lines)) if top else range(len(self.lines) - 1, -1, -1)
        found: list[int] = []
        for place in places:
            if self.lines[place]:
                found.append(place)
                if len(found) == _EDGE:
                    break
        return found

    def leave_out(self, place: int, top: bool) -> None:
        """Remove a line at an edge."""
        self.lines[place] = ""
        if not top:
            self.foot = place

    def is_apart(self, place: int, top: bool) -> bool:
        """Return whether a line at an edge is separated from the text by an empty line."""
        neighbour = place + 1 if top else place - 1
        return not (0 <= neighbour < len(self.lines)) or not self.lines[neighbour]


def text_of_pages(texts: Iterable[str]) -> str:
    """Return the text of printed pages, each laid out in lines as it is seen, with empty ones as FINE says.

    Line ends are LF. Page numbers are left out, and so are lines at the top or bottom that are repeated on other pages. A page that ends early
    ends its poem; a full one continues on the next.
    """
    pages = [page for page in _spaced(list(map(_placed, texts))) if page.lines]
    for _ in range(_EDGE):
        for top in (False, True):
            _without_numbers(pages, top)
        for top in (False, True):
            _without_heads(pages, top)
    pages = [page for page in pages if any(page.lines)]
    full = _full(pages)
    lines: list[str] = []
    for number, page in enumerate(pages):
        body = _set_left(page.lines)
        if number and number - 1 not in full:
            lines += [""] * _ROOM
        elif number:
            heading = next(place for place, line in enumerate(page.lines) if line) in page.headings
            lines += [""] * _between(lines, body, heading)
        lines += body
    return "\n".join(lines) + "\n" if lines else ""


def _placed(text: str) -> list[tuple[int, str]]:
    """Return the non-empty lines of a page, each with its distance from the one above."""
    placed: list[tuple[int, str]] = []
    distance = 0
    for line in text.split("\n"):
        distance += 1
        if line.strip():
            placed.append((distance, _GAP.sub(" ", line.rstrip()).replace("\t", " ")))
            distance = 0
    return placed


def _spaced(pages: Sequence[Sequence[tuple[int, str]]]) -> Iterator[_Page]:
    """Yield the pages with empty lines where the distance is wide, at least two above a heading."""
    lines = [line for page in pages for _, line in page]
    gap = _WIDE_GAP if sum(map(bool, map(_WIDE_GAP.search, lines))) > _MOST_GAPS * len(lines) else _GAP
    typical = _most_frequent(distance for page in pages for distance, _ in page[1:])
    stanzas = _most_frequent(
        distance for page in pages for distance, _ in page[1:] if distance >= _WIDE * typical
    )
    for page in pages:
        own = _most_frequent(distance for distance, _ in page[1:]) if len(page) > _FEWEST else typical
        if not typical / _ALIKE <= own <= typical * _ALIKE:
            own = typical
        made = _Page([], set())
        for number, (above, line) in enumerate(page):
            below = page[number + 1][0] if number + 1 < len(page) else 0
            alone = (not number or above >= _WIDE * own) and below >= _WIDE * own
            # The space below a running head means nothing.
            heading = alone and max(above if number > 1 else 0, below) >= _WIDER * stanzas
            if number and above >= _WIDE * own:
                room = max(1, round(above / own) - 1)
                made.lines += [""] * (max(room, _ABOVE_HEADING) if heading else room)
            if heading:
                made.headings.add(len(made.lines))
            made.lines.append(gap.sub(" ", line))
        yield made


def _most_frequent(distances: Iterable[int]) -> int:
    """Return the most frequent distance, the smallest of several; 1 if there are none."""
    counts = Counter(distances)
    return min(counts, key=lambda distance: (-counts[distance], distance), default=1)


def _full(pages: Sequence[_Page]) -> set[int]:
    """Return the numbers of the pages whose text reaches the bottom, or is as tall as that of others."""
    filled = [[place for place, line in enumerate(page.lines) if line] for page in pages]
    heights = [places[-1] - places[0] + 1 for places in filled]
    tall = sorted(heights)[int(_TALL * (len(pages) - 1) + 0.5)] if pages else 0
    # A number below the text says where the page ends, even of a page whose text begins low.
    below = [
        page.foot - places[-1] if page.foot is not None else None
        for page, places in zip(pages, filled, strict=True)
    ]
    least = min((room for room in below if room is not None), default=0)
    return {
        number
        for number, (height, room) in enumerate(zip(heights, below, strict=True))
        if (height >= _FULL * tall if room is None else room - least <= (1 - _FULL) * tall)
    }


def _between(lines: Sequence[str], body: Sequence[str], heading: bool) -> int:
    """Return the number of empty lines between the end of a full page, `lines`, and the `body` of the next."""
    if heading:
        return _ABOVE_HEADING
    first = next((number for number, line in enumerate(body) if not line), len(body))
    last = next((number for number, line in enumerate(reversed(lines)) if not line), len(lines))
    # A single line on either side is more likely a title than a line of a stanza.
    if min(first, last) == 1 and max(first, last) > 1:
        return 1
    whole = [*_stanzas(lines[-_LOOKED_AT:])[1:-1], *_stanzas(body)[1:]]
    stanzas = Counter(map(len, whole))
    # Stanzas of one length that are whole on both sides.
    return int(first == last and bool(stanzas) and stanzas.most_common(1)[0][0] == first)


def _stanzas(lines: Sequence[str]) -> list[list[str]]:
    stanzas: list[list[str]] = [[]]
    for line in lines:
        if line:
            stanzas[-1].append(line)
        elif stanzas[-1]:
            stanzas.append([])
    return stanzas


def _set_left(lines: Sequence[str]) -> list[str]:
    """Return lines without empty ones around them, and without their common indent."""
    filled = [number for number, line in enumerate(lines) if line]
    if not filled:
        return []
    indent = min(len(lines[number]) - len(lines[number].lstrip(" ")) for number in filled)
    return [line[indent:] for line in lines[filled[0] : filled[-1] + 1]]


def _without_numbers(pages: Sequence[_Page], top: bool) -> None:
    """Blank the outermost line if it is the page number; these increase with the pages."""
    found: dict[tuple[int, int], str] = {}  # by page and line: by how much the number is ahead of the page
    for number, page in enumerate(pages):
        for place in page.edges(top)[:1]:
            line = page.lines[place].strip()
            match = _NUMBER.fullmatch(line) if len(line) <= _LONGEST_HEAD else None
            if match and not page.numbered:
                found[number, place] = str(int(match[1]) - number) if match[1] else "roman"
    counts = Counter(found.values())
    for (number, place), ahead in found.items():
        alone = len(pages) == 1 and not top and ahead != "roman"
        if counts[ahead] > 1 or alone:
            pages[number].leave_out(place, top)
            pages[number].numbered = True


def _without_heads(pages: Sequence[_Page], top: bool) -> None:
    """Blank lines at an edge that are repeated at that edge of other pages, ignoring numbers.

    One that is repeated on only a few pages may be the title of a long poem, so its first occurrence stays.
    """
    forms: dict[str, list[tuple[int, int]]] = {}
    for number, page in enumerate(pages):
        for place in page.edges(top):
            line = page.lines[place]
            form = _DIGITS.sub("#", " ".join(line.casefold().split()))
            # If the page has its number at the bottom, "Sonnet 18" at the top is a title.
            if len(line.strip()) <= _LONGEST_HEAD and not ("#" in form and page.numbered):
                forms.setdefault(form, []).append((number, place))
    for places in forms.values():
        on = len({number for number, _ in places})
        if on < (2 if len(pages) < 5 else 3):
            continue
        first = min(number for number, _ in places)
        for number, place in places:
            if pages[number].is_apart(place, top) and (number > first or 2 * on >= len(pages)):
                pages[number].leave_out(place, top)
