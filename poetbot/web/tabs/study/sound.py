"""Sound in the Study tab: one poem with its rhymes, alliterations and repetitions marked, and a poet's shares of each.

Every kind of mark has a line or a letter of its own, so that none is recognised by colour alone.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from poetbot.locale import Locale
from poetbot.study.verse_shares import SHARES, SoundComparison
from poetbot.verse.alliteration import begins_with_onset
from poetbot.verse.marks import LABELS, Mark, Measured, is_chinese, marks, measured, scheme_in_stanzas
from poetbot.verse.metre import metre_of
from poetbot.verse.word_letters import words_of
from poetbot.web.components.templates import render

MAX_CHARACTERS = 50_000
"""Characters of a poem that is analysed on the page."""
_MAX_LINES = 300  # shown
_MAX_GROUPS = 60  # rows of the table
_MAX_QUOTED = 120  # characters of a row
_MAX_SCHEME = 200


class Piece(NamedTuple):
    """A part of a line that the same marks cover: their labels as CSS classes, and the rhyme letters that follow it.

    `bold` is the alliterating letter that it begins with; `text` is the rest.
    """

    text: str
    labels: str = ""
    bold: str = ""
    letters: Sequence[str] = ()


class _Line(NamedTuple):
    letter: str
    syllables: int
    pieces: Sequence[Piece]
    begins_stanza: bool
    is_refrain: bool


class _ShareRow(NamedTuple):
    name: str
    poet: float | None
    chance: float | None
    people: float | None
    people_by_chance: float | None


def marks_html(poem: str, language: Locale) -> str:
    """Return a poem with its sound marked. Raises PoetBotError as `marks` does."""
    found, lines = marks(poem), measured(poem)
    labels = label_names(language)
    present = {mark.label for mark in found}
    if "rhyme" in present:
        scheme = scheme_in_stanzas(poem, lines)
        shown = scheme if len(scheme) <= _MAX_SCHEME else f"{scheme[: _MAX_SCHEME - 1]}…"
        scheme = language.gettext("Rhyme scheme: {scheme}", scheme=shown)
    else:
        scheme = language.gettext("No two lines rhyme.")
    return render(
        "tabs/study/marks.html",
        language,
        scheme=scheme,
        metre="" if is_chinese(poem) else _metre(poem, language),
        labels=[(label, labels[label]) for label in LABELS if label in present],
        is_chinese=is_chinese(poem),
        lines=list(_lines(poem, lines[:_MAX_LINES], found)),
        total=len(lines),
        groups=_groups(poem, lines, found, labels),
    )


def label_names(language: Locale) -> dict[str, str]:
    """Return what the marks are called, by label."""
    _ = language.gettext
    return {
        "rhyme": _("Rhyme (the letter shows which lines)"),
        "alliteration": _("Alliteration"),
        "anaphora": _("Same beginning of lines"),
        "doubled": _("Repeated word"),
        "refrain": _("Repeated line"),
    }


def share_names(language: Locale) -> dict[str, str]:
    """Return what the shares are called, by their names in `SHARES`."""
    _ = language.gettext
    return {
        "rhyming": _("Rhyming lines"),
        "perfectly_rhyming": _("Perfectly rhyming lines"),
        "alliterating": _("Alliterating stressed words"),
        "anaphora": _("Lines that begin like a neighbour"),
        "doubled": _("Lines with a repeated word"),
        "refrain": _("Repeated lines"),
    }


def _metre(poem: str, language: Locale) -> str:
    _ = language.gettext
    found = metre_of(poem)
    if found is None:
        return _("Metre: irregular.")
    names = {
        "iambic": _("iambic"),
        "trochaic": _("trochaic"),
        "anapaestic": _("anapaestic"),
        "dactylic": _("dactylic"),
    }
    # Another length is named if a quarter of the lines have it, as in ballads.
    common = [n for n, lines in found.feet[:2] if lines * 4 >= found.fitting] or [found.feet[0][0]]
    return _(
        "Metre: {foot}, {feet} feet, in {n} of {total} lines.",
        foot=names[found.foot],
        feet=" / ".join(map(str, common)),
        n=found.fitting,
        total=found.lines,
    )


def _lines(poem: str, lines: Sequence[Measured], found: Sequence[Mark]) -> Iterator[_Line]:
    ordered = sorted(found)
    end = first = 0
    for line in lines:
        begins_stanza = end > 0 and poem.count("\n", end, line.start) > 1
        while first < len(ordered) and ordered[first].end <= line.start:
            first += 1
        last = first
        while last < len(ordered) and ordered[last].start < line.end:
            last += 1
        here = [mark for mark in ordered[first:last] if mark.end <= line.end]
        yield _Line(
            line.letter,
            line.syllables,
            pieces_of(poem, line.start, line.end, here),
            begins_stanza,
            any(mark.label == "refrain" for mark in here),
        )
        end = line.end


def pieces_of(poem: str, start: int, end: int, found: Sequence[Mark]) -> list[Piece]:
    """Return a line in pieces; where marks overlap, the piece that they share has the labels of both."""
    edges = sorted({start, end, *(edge for mark in found for edge in (mark.start, mark.end))})
    pieces = []
    for left, right in pairwise(edges):
        here = [mark for mark in found if mark.start <= left and right <= mark.end]
        is_bold = any(
            mark.label == "alliteration"
            and mark.start == left
            and all(begins_with_onset(word.text) for word in words_of(poem[left : mark.end]))
            for mark in here
        )
        pieces.append(
            Piece(
                poem[left + is_bold : right],
                " ".join(dict.fromkeys(mark.label for mark in here)),
                poem[left] if is_bold else "",
                [mark.group for mark in here if mark.label == "rhyme" and mark.end == right],
            )
        )
    return pieces


def _groups(
    poem: str, lines: Sequence[Measured], found: Sequence[Mark], labels: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Return what was found besides rhyme, group by group: its name, its lines and its words."""
    groups: dict[tuple[str, str], list[Mark]] = {}
    for mark in found:
        if mark.label != "rhyme":
            groups.setdefault((mark.label, mark.group), []).append(mark)
    starts = [line.start for line in lines]
    rows = []
    for (label, _), members in list(groups.items())[:_MAX_GROUPS]:
        numbers = sorted({bisect_right(starts, mark.start) for mark in members})
        quoted = " / ".join(dict.fromkeys(poem[mark.start : mark.end] for mark in members))
        rows.append((labels[label], ", ".join(map(str, numbers[:12])), quoted[:_MAX_QUOTED]))
    return rows


def shares_html(poet: str, sides: Mapping[str, SoundComparison], note: str, language: Locale) -> str:
    """Return the shares of a poet's poems (`sides["poet"]`) beside those of people (`sides["human"]`) and of chance."""
    own, people = sides["poet"], sides.get("human")
    names = share_names(language)
    rows = [
        _ShareRow(
            names[share],
            getattr(own.heard, share),
            getattr(own.chance, share),
            getattr(people.heard, share) if people else None,
            getattr(people.chance, share) if people else None,
        )
        for share in SHARES
    ]
    described = [(poet, own)] + ([(language.gettext("Poems by people"), people)] if people else [])
    return render(
        "tabs/study/shares.html",
        language,
        poet=poet,
        rows=rows,
        descriptions=[_described(name, side, language) for name, side in described],
        note=note,
    )


def _described(name: str, side: SoundComparison, language: Locale) -> list[str]:
    _ = language.gettext
    heard = side.heard
    lines = language.ngettext("{n} line", "{n} lines", heard.lines)
    poems = language.ngettext("{n} poem", "{n} poems", heard.poems)
    if heard.poems < side.given:
        poems = _("a random sample of {n} of {total} poems", n=f"{heard.poems:,}", total=f"{side.given:,}")
    sentences = [_("{name}: {poems}, {lines}.", name=name, poems=poems, lines=lines)]
    if figures := _most_common(heard.syllables, language):
        sentences.append(_("Syllables per line: {figures}.", figures=figures))
    if figures := _most_common(heard.stanzas, language):
        sentences.append(_("Lines per stanza: {figures}.", figures=figures))
    if heard.schemes:
        schemes = language.list(
            f"{scheme}{language.aside(f'{count:,}')}" for scheme, count in heard.schemes.items()
        )
        sentences.append(_("Rhyme schemes: {schemes}.", schemes=schemes))
    return sentences


def _most_common(counts: Mapping[int, int], language: Locale) -> str:
    total = sum(counts.values())
    common = sorted(counts.items(), key=lambda pair: -pair[1])[:3]
    return language.list(f"{number}{language.aside(f'{count / total:.0%}')}" for number, count in common)
