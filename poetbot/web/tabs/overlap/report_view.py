"""An overlap report as HTML: its sentence, the text with its shared words marked, and the sources of each mark.

Pure functions; everything that enters is escaped. Spans may overlap: those that do form one patch, which is one stop of
the keyboard and has one note with the sources of all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from poetbot.web.components.poem_view import overlap_sentence
from poetbot.web.serving.session import Checked
from poetbot.web.words import Words

Report = Mapping[str, Any]

SHOWN = 50_000  # characters of a text in the app
_RUNS = 6  # of one note
_SOURCES = 8  # of one run
_QUOTED = 160  # characters of a run


@dataclass(frozen=True)
class Patch:
    """Characters `start` to `end` of the text, covered by the spans of these numbers without a gap."""

    start: int
    end: int
    spans: tuple[int, ...]


def patches(spans: Sequence[Mapping[str, Any]]) -> list[Patch]:
    """Return the spans, which are in the order of the text, put together where they overlap."""
    made: list[Patch] = []
    for number, span in enumerate(spans):
        if made and span["start"] < made[-1].end:
            last = made[-1]
            made[-1] = Patch(last.start, max(last.end, span["end"]), (*last.spans, number))
        else:
            made.append(Patch(span["start"], span["end"], (number,)))
    return made


def shown_of(text: str, most: int) -> str:
    """Return the beginning of a text that is shown: at most so many characters, cut at a line's end where there is one."""
    if len(text) <= most:
        return text
    end = text.rfind("\n", most // 2, most)
    return text[: end if end > 0 else most]


def sentence_html(checked: Checked, words: Words) -> str:
    """Return the sentence of the report, and what the person should know of their first words."""
    said = escape(overlap_sentence(checked.report, words.language))
    notices = "".join(f'<p class="notice">{escape(each)}</p>' for each in checked.notices)
    return f'<p class="said">{said}</p>{notices}'


def legend_html(checked: Checked, words: Words) -> str:
    """Return what the marks mean, for those that there are."""
    own, report = words.overlap, checked.report
    kinds = {span["distinctive"] for span in report["spans"]}
    rows = [
        (True in kinds, '<mark class="rare">abc</mark>', own.legend_rare),
        (False in kinds, '<mark class="common">abc</mark>', own.legend_common),
        (checked.seed_characters > 0, '<span class="given">abc</span>', own.legend_given),
    ]
    items = "".join(
        f'<li><span aria-hidden="true">{mark}</span> {escape(meaning)}</li>'
        for there, mark, meaning in rows
        if there
    )
    return f'<ul class="legend">{items}</ul>' if items else ""


def text_html(checked: Checked, words: Words, most: int = SHOWN, *, links: bool = False) -> str:
    """Return the text line by line. Marks open the note of their patch: by desk scripts, or as `links` to it."""
    text = shown_of(checked.text, most)
    covered, number = [0] * (len(text) + 1), [-1] * (len(text) + 1)
    made = patches(checked.report["spans"])
    for k, patch in enumerate(made):
        if patch.start >= len(text):
            break
        number[patch.start : patch.end] = [k] * (min(patch.end, len(number)) - patch.start)
        for span in (checked.report["spans"][each] for each in patch.spans):
            end = min(span["end"], len(covered))
            kind = 2 if span["distinctive"] else 1
            covered[span["start"] : end] = [max(kind, old) for old in covered[span["start"] : end]]
    pieces, start, last = [], 0, -1
    for at in range(1, len(text) + 1):
        ends = at == len(text) or text[at] == "\n" or text[at - 1] == "\n"
        same = not ends and covered[at] == covered[start] and number[at] == number[start]
        if same and at != checked.seed_characters:
            continue
        piece, patch_number = text[start:at], number[start]
        if piece == "\n":
            pieces.append('</div><div class="line" dir="auto">')
        else:
            label = ""
            if patch_number > last:  # the first piece of a patch is where the keyboard stops
                patch = made[patch_number]
                label = own_label(text[patch.start : patch.end], words)
                last = patch_number
            html = _piece(piece, covered[start], patch_number, label, links)
            given = at <= checked.seed_characters
            pieces.append(f'<span class="given">{html}</span>' if given else html)
        start = at
    cut = ""
    if len(text) < len(checked.text):
        cut = f'<p class="note-small">{escape(words.overlap.text_cut.format(n=f"{len(text):,}"))}</p>'
    return f'<div class="line" dir="auto">{"".join(pieces)}</div>{cut}'


def own_label(run: str, words: Words) -> str:
    """Return how a mark is called where it is heard."""
    return words.overlap.show_sources.format(text=one_line(run))


def _piece(piece: str, kind: int, patch: int, label: str, links: bool) -> str:
    html = escape(piece)
    if not kind:
        return html
    name = "rare" if kind == 2 else "common"
    if links:
        place = f' id="at-{patch + 1}"' if label else ' tabindex="-1"'
        return f'<a class="{name}" href="#note-{patch + 1}"{place}>{html}</a>'
    stop = f'tabindex="0" role="button" aria-label="{escape(label)}"' if label else 'tabindex="-1"'
    return f'<mark class="{name}" data-note="{patch}" {stop}>{html}</mark>'


def notes(checked: Checked, words: Words, most: int = SHOWN) -> list[str]:
    """Return the note of every patch that is shown, as HTML: its runs, the longest first, and their sources."""
    end = len(shown_of(checked.text, most))
    spans = checked.report["spans"]
    return [
        _note(checked.text, [spans[k] for k in patch.spans], words)
        for patch in patches(spans)
        if patch.start < end
    ]


def _note(text: str, spans: list[Any], words: Words) -> str:
    own = words.overlap
    spans.sort(key=lambda span: (-span["words"], span["start"]))
    pieces = []
    for span in spans[:_RUNS]:
        name, said = ("rare", own.run_rare) if span["distinctive"] else ("common", own.run_common)
        run = one_line(text[span["start"] : span["end"]])
        pieces.append(
            f'<p class="run" dir="auto"><mark class="{name}">{escape(run)}</mark></p>'
            f"<p>{escape(said.format(n=span['words']))}{words.tongue.semicolon}{escape(_places(span, words))}</p>{_sources(span, words)}"
        )
    if len(spans) > _RUNS:
        pieces.append(f"<p>{escape(own.longer_runs.format(n=len(spans) - _RUNS))}</p>")
    return "".join(pieces)


def _places(span: Mapping[str, Any], words: Words) -> str:
    own = words.overlap
    places = own.one_place if span["count"] == 1 else own.n_places.format(n=f"{span['count']:,}")
    poems = words.in_one_poem if span["poems"] == 1 else words.in_poems.format(n=f"{span['poems']:,}")
    return own.run_places.format(places=places, poems=poems)


def _sources(span: Mapping[str, Any], words: Words) -> str:
    items = "".join(f"<li>{source_html(source, words)}</li>" for source in span["sources"][:_SOURCES])
    if (left := span["count"] - min(_SOURCES, len(span["sources"]))) > 0:
        items += f"<li>{escape(words.more_places.format(n=f'{left:,}'))}</li>"
    return f'<ul class="sources">{items}</ul>'


def source_html(source: Mapping[str, Any], words: Words) -> str:
    """Return title, author and line of one source, and whether the poet's parent read it."""
    title = one_line(source["title"] or words.unknown_title)
    author = one_line(source["author"] or words.unknown_author)
    line = words.overlap.source_line.format(n=f"{source['line']:,}")
    comma = words.tongue.comma
    parent = f"{comma}{escape(words.from_parent)}" if source["of"] == "parent" else ""
    return f'<bdi class="title">{escape(title)}</bdi>{comma}<bdi>{escape(author)}</bdi>{comma}{escape(line)}{parent}'


def one_line(text: str) -> str:
    """Return a run or a name on one line, cut where it is very long."""
    line = " ".join(text[: 4 * _QUOTED].split())
    return line if len(line) <= _QUOTED else f"{line[: _QUOTED - 2].rsplit(' ', 1)[0]} …"
