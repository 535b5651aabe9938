"""Sound in the Study tab: what is heard in one poem, as marks on its text, and in a poet's poems, as shares.

Every kind of mark has a line or a letter of its own, so that none is told by colour alone.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

from poetbot.study.verse_shares import SHARES, Compared
from poetbot.verse.marks import LABELS, Mark, Measured, is_chinese, marks, measured, scheme_in_stanzas
from poetbot.verse.metre import metre_of
from poetbot.web.tabs.study.page import keep_buttons, table_html
from poetbot.web.tabs.study.words import StudyWords

MOST = 50_000
"""Characters of a poem that is listened to on the page."""
SHOWN = 300  # lines
_GROUPS = 60  # rows of the table
_QUOTED = 120  # characters of a row


def marked_html(poem: str, words: StudyWords) -> str:
    """Return a poem with what is heard in it. Raises PoetBotError as `marks` does."""
    found, lines = marks(poem), measured(poem)
    scheme = scheme_in_stanzas(poem, lines)
    rhymes = any(mark.label == "rhyme" for mark in found)
    said = words.scheme.format(scheme=scheme if len(scheme) <= 200 else f"{scheme[:199]}…")
    kinds = [label for label in LABELS if any(mark.label == label for mark in found)]
    cut = (
        f'<p class="note">{escape(words.lines_cut.format(n=SHOWN, total=f"{len(lines):,}"))}</p>'
        if len(lines) > SHOWN
        else ""
    )
    return (
        f'<p class="said">{escape(said if rhymes else words.no_scheme)}</p>{_metre(poem, words)}{_legend(kinds, words)}{cut}'
        f"{_lines(poem, lines[:SHOWN], found, words)}{_heard(poem, lines, found, words)}"
        f"{keep_buttons(words, 'png', 'csv')}"
    )


def _metre(poem: str, words: StudyWords) -> str:
    if is_chinese(poem):
        return ""
    found = metre_of(poem)
    if found is None:
        return f'<p class="said">{escape(words.no_metre)}</p>'
    # Another length is told where a quarter of the lines have it, as in ballads.
    common = [n for n, lines in found.feet[:2] if lines * 4 >= found.fitting] or [found.feet[0][0]]
    feet = words.metre_feet.format(feet=" / ".join(map(str, common)))
    said = words.metre.format(foot=getattr(words, found.foot), feet=feet, n=found.fitting, total=found.lines)
    return f'<p class="said">{escape(said)}</p>'


def _legend(kinds: Sequence[str], words: StudyWords) -> str:
    examples = {
        "rhyme": '<span class="rhyme">abc</span><sup>A</sup>',
        "alliteration": '<span class="alliteration"><b>a</b>bc</span>',
        "refrain": '<span class="refrain">abc</span> <span class="again">↻</span>',
    }
    items = "".join(
        f'<li><span aria-hidden="true">{examples.get(label) or f"<span class={label}>abc</span>"}</span>'
        f"{escape(getattr(words, f'heard_{label}'))}</li>"
        for label in kinds
    )
    return (
        f'<ul class="legend">{items}</ul>' if items else f'<p class="note">{escape(words.heard_nothing)}</p>'
    )


def _lines(poem: str, lines: Sequence[Measured], found: Sequence[Mark], words: StudyWords) -> str:
    counted = words.characters_column if is_chinese(poem) else words.syllables_column
    head = "".join(
        f'<th scope="col" class="{kind}">{escape(name)}</th>'
        for name, kind in ((words.rhyme_column, ""), (counted, "number"), (words.line_column, ""))
    )
    rows, end, at = [], 0, 0
    ordered = sorted(found)
    for line in lines:
        apart = bool(end) and poem.count("\n", end, line.start) > 1
        while at < len(ordered) and ordered[at].end <= line.start:
            at += 1
        here = [mark for mark in ordered[at : _after(ordered, at, line.end)] if mark.end <= line.end]
        rows.append(
            f"<tr{' class=stanza' * apart}><td>{escape(line.letter)}</td>"
            f'<td class="number">{line.syllables}</td>'
            f'<td class="line">{marked_line(poem, line.start, line.end, here)}</td></tr>'
        )
        end = line.end
    return (
        f'<div class="table"><table class="marked"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _after(ordered: Sequence[Mark], at: int, end: int) -> int:
    while at < len(ordered) and ordered[at].start < end:
        at += 1
    return at


def marked_line(poem: str, start: int, end: int, found: Sequence[Mark]) -> str:
    """Return one line with its marks; where marks overlap, the piece they share bears both."""
    edges = sorted({start, end, *(edge for mark in found for edge in (mark.start, mark.end))})
    pieces = []
    for left, right in pairwise(edges):
        here = [mark for mark in found if mark.start <= left and right <= mark.end]
        piece = escape(poem[left:right])
        if any(mark.label == "alliteration" and mark.start == left for mark in here):
            piece = f"<b>{escape(poem[left])}</b>{escape(poem[left + 1 : right])}"
        for mark in here:
            piece = f'<span class="{mark.label}">{piece}</span>'
        pieces.append(piece)
        pieces += [
            f"<sup>{escape(mark.group)}</sup>" for mark in here if mark.label == "rhyme" and mark.end == right
        ]
    again = any(mark.label == "refrain" for mark in found)
    return "".join(pieces) + ' <span class="again" aria-hidden="true">↻</span>' * again


def _heard(poem: str, lines: Sequence[Measured], found: Sequence[Mark], words: StudyWords) -> str:
    """Return what is heard besides rhyme, group by group, in words."""
    groups: dict[tuple[str, str], list[Mark]] = {}
    for mark in found:
        if mark.label != "rhyme":
            groups.setdefault((mark.label, mark.group), []).append(mark)
    if not groups:
        return ""
    starts = [line.start for line in lines]
    rows = []
    for (label, _), members in list(groups.items())[:_GROUPS]:
        numbers = sorted({bisect_right(starts, mark.start) for mark in members})
        quoted = " / ".join(dict.fromkeys(poem[mark.start : mark.end] for mark in members))
        rows.append(
            (
                escape(getattr(words, f"heard_{label}")),
                ", ".join(map(str, numbers[:12])),
                f'<span class="quoted">{escape(quoted[:_QUOTED])}</span>',
            )
        )
    heads = ((words.heard_what, False), (words.heard_where, False), (words.line_column, False))
    return f'<details class="fold"><summary>{escape(words.figures_fold)}</summary>{table_html(heads, rows)}</details>'


def shares_html(poet: str, sides: Mapping[str, Compared], note: str, words: StudyWords) -> str:
    """Return the shares of a poet's poems, beside those of people's (`sides["human"]`) and beside chance."""
    own, people = sides["poet"], sides.get("human")
    heads = [(words.share_of, False), ("", False), (poet, True), (words.chance, True)]
    heads += [(words.people, True), (words.peoples_chance, True)] if people else []
    rows = []
    for name in SHARES:
        values = [getattr(own.heard, name), getattr(own.chance, name)]
        values += [getattr(people.heard, name), getattr(people.chance, name)] if people else []
        label = words.shares_label.format(
            poet=poet,
            share=_percent(values[0]),
            people=_percent(values[2]) if people else "–",
            chance=_percent(values[1]),
        )
        rows.append(
            (
                escape(getattr(words, f"share_{name}")),
                _track(values, label),
                *(_percent(value) for value in values),
            )
        )
    said = "".join(
        f"<p>{escape(_described(who, side, words))}</p>"
        for who, side in ((poet, own), (words.people, people))
        if side
    )
    key = "".join(
        f'<li><svg viewBox="0 0 16 16" aria-hidden="true">{shape(8)}</svg>{escape(name)}</li>'
        for shape, name in (
            (_dot, poet),
            *(((_diamond, words.people),) if people else ()),
            (_tick, words.chance),
        )
    )
    return (
        f'<ul class="legend shares">{key}</ul>{table_html(heads, rows)}<div class="told">{said}</div>'
        f'<p class="note">{escape(words.shares_note)} {escape(note)}</p>{keep_buttons(words, "csv")}'
    )


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _dot(x: float) -> str:
    return f'<circle class="poet" cx="{x:.1f}" cy="8" r="4"/>'


def _diamond(x: float) -> str:
    return f'<path class="people" d="M{x:.1f} 3l5 5-5 5-5-5Z"/>'


def _tick(x: float) -> str:
    return f'<path class="chance" d="M{x:.1f} 2V14"/>'


def _track(values: Sequence[float | None], label: str) -> str:
    """Return a line from 0 to 100 % with a tick for chance, a diamond for people and a dot for the poet."""
    shapes = '<path class="rule" d="M6 8H154"/>'
    for value, shape in zip(values, (_dot, _tick, _diamond), strict=False):
        if value is not None:
            shapes += shape(6 + 148 * min(max(value, 0.0), 1.0))
    return f'<svg class="track" viewBox="0 0 160 16" role="img" aria-label="{escape(label)}">{shapes}</svg>'


def _described(who: str, side: Compared, words: StudyWords) -> str:
    heard = side.heard
    poems = words.out_of.format(n=f"{heard.poems:,}", total=f"{side.given:,}")
    said = [words.heard_in.format(who=who, poems=poems, lines=f"{heard.lines:,}")]
    for counts, sentence in ((heard.syllables, words.most_syllables), (heard.stanzas, words.most_stanzas)):
        total = sum(counts.values())
        common = sorted(counts.items(), key=lambda pair: -pair[1])[:3]
        figures = words.tongue.listed.join(f"{number} ({count / total:.0%})" for number, count in common)
        said += [sentence.format(figures=figures)] if figures else []
    if heard.schemes:
        schemes = words.tongue.listed.join(f"{scheme} ({count:,})" for scheme, count in heard.schemes.items())
        said.append(words.most_schemes.format(schemes=schemes))
    return words.tongue.semicolon.join(said) + words.tongue.stop
