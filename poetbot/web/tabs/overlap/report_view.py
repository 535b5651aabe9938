"""An overlap report prepared for the templates: the text with its matches, their sources, figures, curve and tables.

Matches may overlap. Those that do form one patch, with one tab stop and one note that lists all sources.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from markupsafe import Markup

from poetbot.locale import Locale
from poetbot.overlap import of_people, per_hundred, percent, sentence
from poetbot.overlap.report_types import Percentile, Report, Source, Span
from poetbot.study.line_chart import Chart, Series
from poetbot.web.components.poem_view import first_line, flat_marks
from poetbot.web.components.templates import render
from poetbot.web.serving.session import CheckedText

MAX_CHARACTERS = 50_000  # of a text that is shown in the app
MAX_PHRASES = 40  # in the table
_MAX_NOTE_PHRASES = 6
_MAX_SOURCES = 8  # of one phrase
_MAX_QUOTE = 160  # characters of a phrase
_MAX_LINES = 5  # that are quoted
_MAX_POEMS = 200  # in the table of poems
_LENGTHS = range(1, 11)  # of the phrases that the novelty curve counts


@dataclass(frozen=True)
class Patch:
    """Characters `start` to `end` of the text, covered by the spans of these numbers without a gap."""

    start: int
    end: int
    spans: tuple[int, ...]


class Piece(NamedTuple):
    """Part of a line. `kind` is "rare", "common" or "". The first piece of a patch has a `label`.

    `meets`: a match begins here while another one ends or continues.
    """

    text: str
    kind: str
    meets: bool
    given: bool
    patch: int
    label: str


@dataclass(frozen=True)
class Phrase:
    """A phrase in common: its kind, where it is in the text, and in which training poems."""

    kind: str
    text: str
    words: int
    line: int
    count: int
    poems: int
    sources: Sequence[Source]

    @property
    def more(self) -> int:
        """How many sources are not listed."""
        return self.count - len(self.sources)


@dataclass(frozen=True)
class Note:
    """The phrases of a patch, longest first."""

    phrases: Sequence[Phrase]
    more: int


class Figure(NamedTuple):
    """A row of the table of figures."""

    name: str
    value: str
    comparison: str


def report_html(checked: CheckedText, language: Locale) -> Markup:
    """Return the report for the app."""
    return render("tabs/overlap/report.html", language, **_values(checked, language, MAX_CHARACTERS))


def page_html(checked: CheckedText, language: Locale, max_characters: int, **values: Any) -> Markup:
    """Return the report as a web page, which also needs `style` and `version`."""
    report = _values(checked, language, max_characters)
    return render(
        "tabs/overlap/saved_report.html",
        language,
        **report,
        notes=notes(checked, max_characters),
        **values,
    )


def notes_html(checked: CheckedText, language: Locale) -> list[str]:
    """Return the note of each patch that the app shows."""
    return [
        str(render("tabs/overlap/note.html", language, note=note)) for note in notes(checked, MAX_CHARACTERS)
    ]


def title(checked: CheckedText, language: Locale) -> str:
    """Return the title of a report."""
    if checked.name:
        return language.gettext(
            "{name}: overlap with the training poems of {poet}", name=checked.name, poet=checked.poet
        )
    return language.gettext("Overlap with the training poems of {poet}", poet=checked.poet)


def poems_of(text: str) -> list[str]:
    """Return the poems of a text, separated by lines with a single `%`, without empty ones."""
    return [text[start:end] for start, end in poem_places(text)]


def poem_places(text: str) -> list[tuple[int, int]]:
    """Return where these poems begin and end."""
    marks = [mark.span() for mark in re.finditer(r"^%[^\S\n]*(?:\n|\Z)", text, re.MULTILINE)]
    starts, ends = [0, *(end for _, end in marks)], [*(start for start, _ in marks), len(text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if text[start:end].strip()]


def _values(checked: CheckedText, language: Locale, max_characters: int) -> dict[str, Any]:
    """Return what the templates of a report have in common."""
    report = checked.report
    shown = len(shown_text(checked.text, max_characters))
    phrases = different_phrases(checked)
    return {
        "title": title(checked, language),
        "sentence": sentence(report, language),
        "notices": checked.notices,
        "kinds": {_kind(span) for span in report["spans"]},
        "some_meet": bool(_meetings(checked)),
        "given": bool(checked.typed),
        "lines": lines(checked, language, max_characters),
        "cut": shown if shown < len(checked.text) else 0,
        "figures": figures(checked, language),
        "curve": novelty_curve(report, language),
        "phrases": phrases[:MAX_PHRASES],
        "phrase_count": len(phrases),
        "among": among_poems(checked, language),
    }


def _kind(span: Span) -> str:
    return "rare" if span["distinctive"] else "common"


# The text and its matches


def patches(spans: Sequence[Span]) -> list[Patch]:
    """Return the spans, which are in the order of the text, joined where they overlap."""
    found: list[Patch] = []
    for number, span in enumerate(spans):
        if found and span["start"] < found[-1].end:
            last = found[-1]
            found[-1] = Patch(last.start, max(last.end, span["end"]), (*last.spans, number))
        else:
            found.append(Patch(span["start"], span["end"], (number,)))
    return found


def _meetings(checked: CheckedText) -> set[int]:
    """Return where a span begins with nothing but spaces, or nothing, after the end of the one before, or inside it."""
    return {
        after["start"]
        for before, after in pairwise(checked.report["spans"])
        if not checked.text[before["end"] : after["start"]].strip()
    }


def shown_text(text: str, max_characters: int) -> str:
    """Return the beginning of a text that is shown, cut at the end of a line if it can be."""
    if len(text) <= max_characters:
        return text
    end = text.rfind("\n", max_characters // 2, max_characters)
    return text[: end if end > 0 else max_characters]


def lines(checked: CheckedText, language: Locale, max_characters: int = MAX_CHARACTERS) -> list[list[Piece]]:
    """Return the lines of the text in pieces, each of one kind, one patch, and either given or not."""
    text = shown_text(checked.text, max_characters)
    spans = checked.report["spans"]
    marks = {
        start: (end, kind)
        for start, end, kind in flat_marks(
            len(text), [(span["start"], span["end"], span["distinctive"]) for span in spans]
        )
    }
    found, meetings = patches(spans), _meetings(checked)
    cuts = {at for at in meetings if at < len(text)}
    cuts |= {0, len(text)} | {at for part in checked.typed for at in part if at < len(text)}
    cuts |= {at for patch in found for at in (patch.start, patch.end) if at < len(text)}
    cuts |= {at for start, (end, _kind_) in marks.items() for at in (start, end)}
    cuts |= {at + after for at, character in enumerate(text) if character == "\n" for after in (0, 1)}
    ordered = sorted(cuts)
    result: list[list[Piece]] = [[]]
    patch, labelled, mark_end, kind = 0, -1, 0, ""
    ends_typed = [end for _, end in checked.typed]
    for start, end in pairwise(ordered):
        if start in marks:
            mark_end, kind = marks[start]
        while patch < len(found) and found[patch].end <= start:
            patch += 1
        if text[start:end] == "\n":
            result.append([])
            continue
        part = bisect_right(ends_typed, start)
        marked, label = start < mark_end, ""
        if marked and patch != labelled:
            phrase = one_line(text[found[patch].start : found[patch].end])
            label = language.gettext("“{text}”, a match: show its sources", text=phrase)
            labelled = patch
        result[-1].append(
            Piece(
                text[start:end],
                kind if marked else "",
                marked and start in meetings,
                part < len(checked.typed) and checked.typed[part][0] <= start,
                patch if marked else -1,
                label,
            )
        )
    return result


def notes(checked: CheckedText, max_characters: int = MAX_CHARACTERS) -> list[Note]:
    """Return the note of each patch that is shown."""
    end = len(shown_text(checked.text, max_characters))
    spans, starts = checked.report["spans"], _verse_starts(checked.text)
    result = []
    for patch in patches(spans):
        if patch.start < end:
            ordered = sorted((spans[k] for k in patch.spans), key=_longest_first)
            phrases = [
                _phrase(checked.text, span, starts, _MAX_SOURCES) for span in ordered[:_MAX_NOTE_PHRASES]
            ]
            result.append(Note(phrases, max(0, len(ordered) - _MAX_NOTE_PHRASES)))
    return result


def different_phrases(checked: CheckedText) -> list[Phrase]:
    """Return the phrases in common, longest first, a refrain once."""
    text, starts = checked.text, _verse_starts(checked.text)
    found: dict[str, Span] = {}
    for span in checked.report["spans"]:
        found.setdefault(" ".join(text[span["start"] : span["end"]].casefold().split()), span)
    return [_phrase(text, span, starts, 1) for span in sorted(found.values(), key=_longest_first)]


def _phrase(text: str, span: Span, starts: Sequence[int], max_sources: int) -> Phrase:
    return Phrase(
        _kind(span),
        one_line(text[span["start"] : span["end"]]),
        span["words"],
        bisect_right(starts, span["start"]),
        span["count"],
        span["poems"],
        [
            {
                **source,
                "title": one_line(source["title"] or ""),
                "author": one_line(source["author"] or ""),
            }
            for source in span["sources"][:max_sources]
        ],
    )


def _verse_starts(text: str) -> list[int]:
    """Return where each line that isn't blank starts, because readers of a poem count only these."""
    return [match.start() for match in re.finditer(r"^.*\S", text, re.MULTILINE)]


def _longest_first(span: Span) -> tuple[int, int]:
    return -span["words"], span["start"]


def one_line(text: str) -> str:
    """Return a phrase or a name on one line, cut if it is very long."""
    line = " ".join(text[: 4 * _MAX_QUOTE].split())
    return line if len(line) <= _MAX_QUOTE else f"{line[: _MAX_QUOTE - 2].rsplit(' ', 1)[0]} …"


# Figures


def figures(checked: CheckedText, language: Locale) -> list[Figure]:
    """Return each figure of the report with how it compares with those of poems by people."""
    _, report = language.gettext, checked.report
    humans, summary = report["percentiles"], report["summary"]

    def words(n: float) -> str:
        return language.ngettext("{n} word", "{n} words", int(n))

    def shares(share: float | None) -> str:
        return share_text(share, language)

    def compared(
        standing: Percentile | None, compare: Callable[..., str], value: Callable[[float], str]
    ) -> str:
        if not standing or humans is None:
            return ""
        higher = round(standing["higher"] * humans["passages"])
        share = of_people(higher, humans["passages"], language)
        count = per_hundred(higher, humans["passages"])[0] or 0
        return _capital(compare(count, share=share, median=value(standing["quantiles"]["50"])))

    def longer(count: int, **values: str) -> str:
        return language.ngettext(
            "{share} has a longer one; the median is {median}.",
            "{share} have a longer one; the median is {median}.",
            count,
            **values,
        )

    def more(count: int, **values: str) -> str:
        return language.ngettext(
            "{share} has more; the median is {median}.",
            "{share} have more; the median is {median}.",
            count,
            **values,
        )

    n, given, new = report["words"], report["seed_words"], report["fourgrams"]["share_novel"]
    return [
        Figure(
            _("Words"),
            _("{n}, {given} of them yours", n=f"{n:,}", given=f"{given:,}") if given else f"{n:,}",
            _scope(report, language),
        ),
        Figure(
            _("Longest phrase in common"),
            words(report["longest_written"]["words"]),
            compared(humans and humans["longest_written"], longer, words),
        ),
        Figure(
            _("Four-word phrases in common"),
            shares(None if new is None else 1 - new),
            compared(humans and _in_common(humans["share_novel"]), more, shares),
        ),
        *(
            Figure(
                _("Words in matches of {n} words or more", n=length),
                shares(share),
                compared(humans and humans["coverage"][length], more, shares),
            )
            for length, share in report["coverage"].items()
        ),
        Figure(
            _("Different phrases of four words or more in common"),
            _("{n}, {rare} of them distinctive", n=f"{summary['spans']:,}", rare=summary["distinctive"]),
            _(
                "Of the phrases that poems by people share with these training poems, 5 in 100 are distinctive."
            )
            if report["compared_with"]["limit_from_human_poems"]
            else "",
        ),
        Figure(_("Whole lines in common"), f"{summary['lines']:,}", _quoted_lines(checked, language)),
    ]


def _in_common(new: Percentile | None) -> Percentile | None:
    """Return how the share in common compares with poems by people, given how the share of what is new does."""
    if new is None:
        return None
    quantiles = {str(100 - int(q)): 1 - share for q, share in new["quantiles"].items()}
    return {"lower": new["higher"], "higher": new["lower"], "quantiles": quantiles}


def _scope(report: Report, language: Locale) -> str:
    """Return what the text is compared with."""
    _, compared, humans = language.gettext, report["compared_with"], report["percentiles"]
    sentences = [
        _(
            "Compared only with the {poems} training poems of this poet ({words} words).",
            poems=f"{compared['poems']:,}",
            words=f"{compared['words']:,}",
        )
    ]
    if parent := compared["parents_poems"]:
        sentences.append(_("They include {n} poems of the poet that it is based on.", n=f"{parent:,}"))
    if humans:
        sentences.append(
            _(
                "Poems by people: {passages} passages of {words} words each.",
                passages=f"{humans['passages']:,}",
                words=f"{humans['words']:,}",
            )
        )
    else:
        sentences.append(_("There are too few poems of this length by people to compare with."))
    return language.sentences(sentences)


def _quoted_lines(checked: CheckedText, language: Locale) -> str:
    starts = _verse_starts(checked.text)
    found = [line for line in checked.report["lines"] if line["line"] == line["first"]][:_MAX_LINES]
    quoted = [
        language.gettext(
            "“{text}” (line {n})",
            text=one_line(checked.text[line["start"] : line["end"]]),
            n=f"{bisect_right(starts, line['start']):,}",
        )
        for line in found
    ]
    if (left := checked.report["summary"]["lines"] - len(quoted)) > 0:
        quoted.append(language.ngettext("and {n} more", "and {n} more", left))
    return language.list(quoted)


def share_text(share: float | None, language: Locale) -> str:
    """Return a share in per cent, or that there is nothing to count."""
    return language.gettext("too short to say") if share is None else percent(share)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# The novelty curve


@dataclass(frozen=True)
class Curve:
    """The novelty curve: the chart, its lines, the band of poems by people as a polygon, and the rows of its table."""

    chart: Chart
    text: Series
    median: Series | None
    band: Series | None
    rows: Sequence[tuple[int, str, str, str]]

    @property
    def legend(self) -> list[Series]:
        """What the lines mean."""
        return [series for series in (self.text, self.median, self.band) if series]


def novelty_curve(report: Report, language: Locale) -> Curve:
    """Return the novelty of the text for phrases of 1 to 10 words, over that of poems by people if it is known."""
    _ = language.gettext
    humans = _human_novelty(report)
    novelty = {n: report["novelty"][str(n)] for n in _LENGTHS}
    text = [(float(n), 100 * share) for n, share in novelty.items() if share is not None]
    low, median, high = ([(float(n), 100 * humans[n][q]) for n in humans] for q in ("5", "50", "95"))
    rows = []
    for n, share in novelty.items():
        quantiles = humans.get(n)
        low_text, median_text, high_text = (
            share_text(quantiles[q] if quantiles else None, language) for q in ("5", "50", "95")
        )
        rows.append(
            (
                n,
                share_text(share, language),
                median_text if quantiles else "",
                f"{low_text} – {high_text}" if quantiles else "",
            )
        )
    chart = Chart(
        left=46,
        right=408,
        top=36,
        bottom=222,
        x=(1, 10),
        y=(0, 100),
        width=420,
        height=276,
        x_label=_("phrase length in words"),
        y_label=_("new phrases, %"),
        x_ticks=_LENGTHS,
        y_ticks=(0, 50, 100),
    )
    return Curve(
        chart,
        Series("novelty", _("This text"), text),
        Series("median", _("Median of poems by people"), median) if humans else None,
        Series("band", _("90 of 100 poems by people"), [*high, *reversed(low)]) if humans else None,
        rows,
    )


def _human_novelty(report: Report) -> dict[int, Mapping[str, float]]:
    """Return the quantiles of novelty among poems by people by phrase length, empty if they are not known."""
    standing = report["percentiles"]["novelty"] if report["percentiles"] else {}
    return {n: known["quantiles"] for n in _LENGTHS if (known := standing.get(str(n)))}


# Several poems


@dataclass(frozen=True)
class AmongPoems:
    """What the poems of the text have in common with each other. `longest` is 0 if that is no phrase of four words."""

    count: int
    longest: int
    text: str
    numbers: str
    share: str
    rows: Sequence[tuple[int, str, str]]


def among_poems(checked: CheckedText, language: Locale) -> AmongPoems | None:
    """Return what the poems of the text have in common with each other, None if there is only one."""
    among = checked.among
    if among is None:
        return None
    longest = among["longest"]
    numbers = sorted({place["poem"] + 1 for place in longest["places"]})[:20]
    poems = poems_of(checked.text)[:_MAX_POEMS]
    return AmongPoems(
        count=among["poems"],
        longest=longest["words"] if longest["words"] >= 4 else 0,
        text=one_line(longest["text"]),
        numbers=language.list(map(str, numbers)),
        share=share_text(among["fourgrams"]["share"], language),
        rows=[
            (number, first_line(poem), share_text(share, language))
            for number, (poem, share) in enumerate(zip(poems, among["by_poem"], strict=False), start=1)
        ],
    )
