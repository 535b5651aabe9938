"""What the page shows around a poem: its highlights, what it has in common with the training poems, and its receipt."""

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from poetbot.locale import Locale
from poetbot.overlap import sentence
from poetbot.overlap.report_types import Report, Source, Span
from poetbot.web.components.templates import render
from poetbot.writing import Theme, WrittenPoem

_FIRST_LINE = 60  # characters of a first line in the list of poems
_SOURCES = 3  # named for each phrase; the others are counted


def flat_marks(length: int, marks: Iterable[tuple[int, int, bool]]) -> list[tuple[int, int, str]]:
    """Return marks (start, end, distinctive) of a text of that length without overlaps, as (start, end, kind).

    The kind is "rare" for a distinctive phrase, which prevails, and "common" for any other. Where a phrase begins, a mark
    begins, so that two phrases that meet or overlap don't look like one.
    """
    kinds, phrases = [""] * (length + 1), [-1] * (length + 1)
    for number, (start, end, distinctive) in enumerate(sorted(marks)):
        for at in range(start, min(end, length)):
            kinds[at] = "rare" if distinctive or kinds[at] == "rare" else "common"
            phrases[at] = number
    runs = groupby(range(length + 1), key=lambda at: (kinds[at], phrases[at]))
    found = [(kind, list(places)) for (kind, _), places in runs if kind]
    return [(places[0], places[-1] + 1, kind) for kind, places in found]


def report_marks(text: str, report: Report | None) -> list[tuple[int, int, str]]:
    """Return the marks of a text by its overlap report, as `overlap.marks` finds them without one."""
    spans = [span for span in report["spans"] if _kind(span, report)] if report else ()
    return flat_marks(len(text), [(span["start"], span["end"], span["distinctive"]) for span in spans])


def _kind(span: Span, report: Report) -> str:
    """Return the kind of a span's mark, "" if it has none (`overlap/highlights.py`)."""
    is_long = span["words"] >= report["compared_with"]["marked_from_words"]
    return "rare" if span["distinctive"] else "common" if is_long else ""


@dataclass(frozen=True)
class Phrase:
    """A row of the table of phrases in common."""

    start: int
    end: int
    kind: str
    text: str
    words: int
    occurrences: int
    sources: Sequence[str]
    more: int


def overlap_html(
    text: str,
    report: Report | None,
    language: Locale,
    *,
    stopped_by_guard: bool = False,
    form_fit: str = "",
) -> Markup:
    """Return the verdict on what the poem has in common with the training poems, which opens a table of the phrases.

    `form_fit` says how near the poem comes to its form. A text without a word of the poet's has no such sentence.
    """
    is_written = report is not None and report["words"] > report["seed_words"]
    phrases = phrases_of(text, report, language) if report else []
    return render(
        "components/overlap.html",
        language,
        sentence=None if report is None else sentence(report, language) if is_written else "",
        phrases=phrases,
        legend=_legend(phrases, report, language) if report and is_written else (),
        stopped_by_guard=stopped_by_guard,
        form_fit=form_fit,
    )


def _legend(phrases: Sequence[Phrase], report: Report, language: Locale) -> list[str]:
    """Return sentences on which of the phrases are marked, none if there are no phrases."""
    _, least = language.gettext, report["compared_with"]["marked_from_words"]
    kinds, sentences = [phrase.kind for phrase in phrases], []
    if "common" in kinds:
        sentences.append(_("Dotted: {n} words or more in a row from its training poems.", n=least))
    if "rare" in kinds:
        sentences.append(_("Solid: an unusual combination of words from its training poems."))
    if any(kinds):
        sentences.append(_("Tap or click one for its sources."))
    if unmarked := kinds.count(""):
        sentences.append(
            language.ngettext(
                "{n} shorter phrase of common words counts, too. The Overlap tab underlines it.",
                "{n} shorter phrases of common words count, too. The Overlap tab underlines them.",
                unmarked,
            )
        )
    return sentences + left_out(report, language)


def left_out(report: Report, language: Locale) -> list[str]:
    """Return a sentence on the words that the figures leave out because a person typed them, none if there are none."""
    own = report["seed_words"]
    if not own:
        return []
    return [language.ngettext("Your own word is left out.", "Your own {n} words are left out.", own)]


def phrases_of(text: str, report: Report, language: Locale) -> list[Phrase]:
    """Return the phrases that a text has in common with the training poems, longest first."""
    spans = sorted(report["spans"], key=lambda span: (-span["words"], span["start"]))
    return [_phrase(text, span, _kind(span, report), language) for span in spans]


def _phrase(text: str, span: Span, kind: str, language: Locale) -> Phrase:
    sources = [_source(source, language) for source in span["sources"]]
    named = list(dict.fromkeys(sources))[:_SOURCES]
    return Phrase(
        start=span["start"],
        end=span["end"],
        kind=kind,
        text=" ".join(text[span["start"] : span["end"]].split()),
        words=span["words"],
        occurrences=span["count"],
        sources=named,
        more=span["count"] - sum(source in named for source in sources),
    )


def _source(source: Source, language: Locale) -> str:
    author = source["author"] or language.gettext("author unknown")
    title = source["title"] or language.gettext("untitled")
    return language.pgettext("author and title", "{author}, {title}", author=author, title=title)


def receipt_html(poem: WrittenPoem, language: Locale) -> Markup:
    """Return what is needed to write the poem again, folded away behind one line."""
    return render(
        "components/receipt.html",
        language,
        settings=settings_line(poem, language),
        command=command(poem),
        stopped_after=poem.receipt.get("stop_after"),
    )


def settings_line(poem: WrittenPoem, language: Locale) -> str:
    """Return the poet and the settings of a poem in one line of plain text."""
    receipt, _ = poem.receipt, language.gettext
    parts = [
        f"{receipt['poet']} {str(receipt['poet_id'])[:8]}",
        _("temperature {n}", n=_number(poem.temperature)),
        _("top-p {n}", n=_number(receipt["top_p"])),
    ]
    if guard := receipt.get("guard"):
        parts.append(_("no copied phrase of {n} words", n=guard))
    return language.list([*parts, _("random seed {n}", n=poem.rng)])


def _number(number: float) -> str:
    return f"{number:.15g}"


def command(poem: WrittenPoem) -> str:
    """Return the command line that writes this poem."""
    receipt = poem.receipt
    parts = [
        "python",
        "-m",
        "poetbot",
        "write",
        *(["--blend"] if "blend" in receipt else []),
        str(receipt["poet"]),
    ]
    if receipt.get("epoch") is not None:
        parts += ["--epoch", str(receipt["epoch"])]
    theme = Theme.from_json(receipt.get("theme", {}))
    for name, text in (("seed", receipt["seed"]), ("about", theme.about), ("avoid", theme.avoid)):
        if text:
            parts += [f"--{name}={text}"] if text.startswith("-") else [f"--{name}", text]
    if theme.from_opening:
        parts.append("--about-seed")
    parts += ["--temperature", _number(poem.temperature)]
    if receipt["top_p"] != 1:
        parts += ["--top-p", _number(receipt["top_p"])]
    for length in ("lines", "characters"):
        if receipt.get(length) is not None:
            parts += [f"--{length}", str(receipt[length])]
    for name, value in (receipt.get("form") or {}).items():
        parts.append(f"--{name}={','.join(map(str, value)) if isinstance(value, list) else value}")
    if receipt.get("real_words"):
        parts.append("--real-words")
    if receipt.get("guard"):
        parts += ["--guard", str(receipt["guard"])]
    return shlex.join([*parts, "--rng", str(poem.rng)])


def text_to_save(poem: WrittenPoem, language: Locale) -> str:
    """Return the poem as a text file, with its settings below it."""
    footer = [language.gettext("Written with PoetBot: {settings}.", settings=settings_line(poem, language))]
    if given := poem.seed_characters:
        footer.append(
            language.ngettext("The first character was given.", "The first {n} characters were given.", given)
        )
    return f"{poem.given.rstrip()}\n\n--\n{language.sentences(footer)}\n"


def file_name(poem: WrittenPoem) -> str:
    """Return a name for the file: the first line in plain letters, else the random seed."""
    plain = re.sub(r"[^a-z0-9]+", "-", first_line(poem.text).casefold().replace("'", "")).strip("-")[:48]
    return f"{plain.strip('-') or f'poem-{poem.rng}'}.txt"


def first_line(text: str) -> str:
    """Return the first line with words in it, shortened for a list; "" if there is none."""
    line = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return line if len(line) <= _FIRST_LINE else line[: _FIRST_LINE - 1].rstrip() + "…"
