"""A corpus as HTML: what was found in it, part by part and why. Prepares the data of the templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from markupsafe import Markup

from poetbot.corpus.parts import TITLE, Reading
from poetbot.documents.block import BYLINED, TITLED
from poetbot.documents.records import NoSuchField, default_fields, displayable
from poetbot.library.corpora import Corpus, Metadata, Summary
from poetbot.library.corpora.find_poems import LABELS
from poetbot.library.corpora.part_edits import LONGEST_NAME, LONGEST_TEXT, Edit, PartKey
from poetbot.library.corpora.results import Results
from poetbot.library.corpora.summary import Counts
from poetbot.locale import Locale
from poetbot.web.components.templates import render

PAGE_SIZE = 40  # parts
NO_FIELD = " "
"""Sent when titles or authors are in no field: no field has this name."""
_PREVIEW = 1_600  # bytes of an included part
_SHORT_PREVIEW = 500  # bytes of a part that is left out
_WHOLE = 100_000  # bytes of a part that is shown whole
_LITTLE = 8_000  # characters
_MAX_OPTIONS = 200
_EDITOR_LINES = (4, 16)  # height of the box for the text
_TITLES = (TITLE, TITLED, BYLINED)  # reasons of parts that are neither learned nor left out
FILTERS = ("all", "included", "left-out")


@dataclass(frozen=True)
class View:
    """Which parts are shown, and the first one on the page."""

    filter: str = "all"
    first: int = 0

    def __post_init__(self) -> None:
        """Replace bad values by the default ones."""
        if self.filter not in FILTERS:
            object.__setattr__(self, "filter", "all")
        if not 0 <= self.first < 1 << 40:
            object.__setattr__(self, "first", 0)


class Option(NamedTuple):
    """An item to choose from; `posts` is how many posts have a tag."""

    value: str
    text: str
    is_selected: bool
    posts: int = 0


class FieldChoice(NamedTuple):
    """The choice of the field that holds the text, title or author."""

    name: str
    label: str
    options: list[Option]


class EncodingChoice(NamedTuple):
    """A file that doesn't say its encoding. Each option comes with what it makes of one line."""

    number: int
    name: str
    encoding: str
    line: str
    is_chosen: bool
    options: list[tuple[str, str]]


class Text(NamedTuple):
    """Title, author and text of a part, as edited; `is_cut` if this is only its beginning."""

    title: str
    author: str
    text: str
    is_cut: bool

    @property
    def first_line(self) -> str:
        """The first line that isn't blank, shortened."""
        return _first_line(self.text)


@dataclass(frozen=True)
class PartView:
    """A part in the list."""

    number: int
    key: PartKey
    is_included: bool
    is_edited: bool
    label: str
    reason: str
    place: str
    action: str  # of the button that includes it or leaves it out
    shown: Text


class PartCounts(NamedTuple):
    """How many parts each filter shows."""

    all: int
    included: int
    left_out: int


@dataclass(frozen=True)
class Page:
    """One page of the list of parts: `first` to `last` (exclusive) of `total`."""

    filter: str
    counts: PartCounts
    first: int
    last: int
    total: int
    parts: Sequence[PartView]
    size: int = PAGE_SIZE


def corpus_html(corpus: Corpus, view: View, language: Locale) -> Markup:
    """Return a corpus that has been read. Raises PoetBotError if it wasn't, or is gone."""
    state, record = corpus.state(), corpus.results()
    summary = record.summary
    return render(
        "tabs/teach/corpus.html",
        language,
        corpus_id=corpus.id,
        state=state,
        counts=summary.counts,
        remarks=_remarks(summary.counts, language),
        notices=[language.say(notice) for notice in summary.notices],
        encodings=_encodings(state, summary),
        set_aside=sum(len(said) for reading, said in state.said.items() if reading is not state.reading),
        suggests_all_poems=summary.collection and state.reading is Reading.FILTER,
        licence=language.say(state.licence) if state.licence else "",
        field_choices=_field_choices(state, summary.fields, summary.read_fields, language),
        tags=[
            Option(tag, displayable(tag, 60), tag in state.wanted.tags, count)
            for tag, count in summary.tags[:_MAX_OPTIONS]
        ],
        page=_page(state, record, view, language),
    )


def unread_corpus_html(corpus: Corpus, error: NoSuchField, language: Locale) -> Markup:
    """Return a table in which no field is known to hold the poems, with its fields to choose from."""
    state = corpus.state()
    message = language.say(error)
    if error.names:
        message = language.sentences([message, language.gettext("Choose the field with the poems below.")])
    choices = _field_choices(state, error.names, default_fields(error.names), language)
    return render(
        "tabs/teach/unread_corpus.html",
        language,
        corpus_id=corpus.id,
        name=state.name,
        message=message,
        field_choices=choices,
    )


def whole_part_html(record: Results, number: int, edit: Edit | None, language: Locale) -> Markup:
    """Return the text of a part, as much of it as can be read."""
    return render("tabs/teach/whole_part.html", language, part=_text(record, number, edit, _WHOLE))


def part_editor_html(corpus: Corpus, key: PartKey, language: Locale) -> Markup:
    """Return the panel for editing a part. Raises PoetBotError if there is no such part, or it is too long to edit."""
    part = corpus.part(key)
    return render(
        "tabs/teach/part_editor.html",
        language,
        part=part,
        first_line=_first_line(part.text),
        continued=displayable(part.goes_on, 60),
        rows=min(max(part.text.count("\n") + 2, _EDITOR_LINES[0]), _EDITOR_LINES[1]),
        longest_name=LONGEST_NAME,
        longest_text=LONGEST_TEXT,
        is_edited=key in corpus.state().edits,
    )


def _remarks(counts: Counts, language: Locale) -> list[str]:
    """Return what else to know about the counts: what was left out, near-duplicates, too few poems."""
    _, ngettext = language.gettext, language.ngettext
    remarks = []
    left_out = [
        text
        for n, text in (
            (counts.prose, ngettext("{n} line of prose", "{n} lines of prose", counts.prose)),
            (counts.contents, ngettext("{n} line of lists", "{n} lines of lists", counts.contents)),
            (
                counts.other,
                ngettext("{n} line of titles and notes", "{n} lines of titles and notes", counts.other),
            ),
            (counts.said_out, ngettext("{n} line you left out", "{n} lines you left out", counts.said_out)),
        )
        if n
    ]
    if left_out:
        remarks.append(_("Not learned: {reasons}.", reasons=language.list(left_out)))
    if counts.repeated:
        remarks.append(
            ngettext(
                "{n} poem is nearly the same as another one here, which is kept.",
                "{n} poems are nearly the same as others here, which are kept.",
                counts.repeated,
            )
        )
    if counts.poems == 1:
        remarks.append(_("With only one poem, there's nothing to measure learning with. Upload a few more."))
    elif 0 < counts.characters < _LITTLE:
        remarks.append(
            _("This isn't much text. From about 20,000 characters, a poet starts to sound like its poems.")
        )
    return remarks


def _encodings(state: Metadata, summary: Summary) -> list[EncodingChoice]:
    return [
        EncodingChoice(
            each.file,
            state.files[each.file].name,
            each.encoding,
            each.line,
            each.file in state.encodings,
            [(each.encoding, each.line), *(c for c in each.choices if c[0] != each.encoding)],
        )
        for each in summary.encoded
    ]


def _field_choices(
    state: Metadata, fields: Sequence[str], found: tuple[str, str, str], language: Locale
) -> list[FieldChoice]:
    """Return the choices of the fields with text, title and author of a table; `found` are those in use.

    A field found by its usual name has the value "", so that the next table is still read by its own names.
    """
    if not fields:
        return []
    _, wanted = language.gettext, state.wanted
    choices = []
    for name, label, choice, in_use in (
        ("text", _("Text field"), wanted.text, found[0]),
        ("title", _("Title field"), wanted.title, found[1]),
        ("author", _("Author field"), wanted.author, found[2]),
    ):
        selected = in_use if choice is None else choice
        options = []
        if name != "text" or not selected:  # poems are always in some field
            options.append(Option("" if choice is None and not in_use else NO_FIELD, "", not selected))
        for field in dict.fromkeys(filter(None, (selected, *fields[:_MAX_OPTIONS]))):
            value = "" if choice is None and field == in_use else field
            options.append(Option(value, displayable(field, 60), field == selected))
        choices.append(FieldChoice(name, label, options))
    return choices


def _page(state: Metadata, record: Results, view: View, language: Locale) -> Page:
    rows = record.rows
    # Verdicts given since the corpus was last read are shown at once and counted later.
    is_stale = record.summary.key != state.key()
    included = np.array(rows["taken"])
    if is_stale:
        for (file, text, line), verdict in state.current_choices().items():
            included[(rows["file"] == file) & (rows["text"] == text) & (rows["line"] == line)] = verdict
    titles = np.isin(rows["reason"], [n for n, each in enumerate(record.reasons) if each in _TITLES])
    numbers = {
        "all": np.arange(len(rows)),
        "included": np.flatnonzero(included),
        "left-out": np.flatnonzero(~included & ~titles),
    }
    selected = numbers[view.filter]
    first = min(view.first, max(0, len(selected) - 1)) // PAGE_SIZE * PAGE_SIZE
    parts = [
        _part(state, record, int(number), bool(included[number]), is_stale, language)
        for number in selected[first : first + PAGE_SIZE]
    ]
    counts = PartCounts(*(len(numbers[name]) for name in FILTERS))
    return Page(view.filter, counts, first, first + len(parts), len(selected), parts)


def _part(
    state: Metadata, record: Results, number: int, is_included: bool, is_stale: bool, language: Locale
) -> PartView:
    _ = language.gettext
    row, key = record.rows[number], record.key(number)
    label = LABELS[row["label"]]
    is_repeated = row["twin"] >= 0
    labels = {
        "poem": _("Poem"),
        "prose": _("Prose"),
        "contents": _("Contents"),
        "other": _("Other"),
        "section": _("Section"),
        "left": _("Left out"),
        "title": _("Title"),
    }
    is_title = not is_included and not row["said"] and record.reasons[row["reason"]] in _TITLES
    if is_stale and is_included != bool(row["taken"]):
        label, reason = "poem" if is_included else "left", _("counted in a moment")
    else:
        if is_title:
            label = "title"
        elif not is_included and (label in ("poem", "section") or row["said"]):
            label = "left"
        reason = language.say(record.reasons[row["reason"]])
        if is_repeated:
            reason = _("{reason}: “{name}”", reason=reason, name=record.twins[row["twin"]])
        reason = _("because {reason}", reason=reason)
    edit = state.edits.get(key)
    action = _("Leave out") if is_included else _("Include it too") if is_repeated else _("Include as a poem")
    return PartView(
        number=number,
        key=key,
        is_included=is_included,
        is_edited=edit is not None,
        label=labels[label],
        reason=reason,
        place=_place(state, row, language),
        action=action,
        shown=_text(record, number, edit, _PREVIEW if is_included else _SHORT_PREVIEW),
    )


def _text(record: Results, number: int, edit: Edit | None, limit: int) -> Text:
    """Return title, author and about `limit` bytes of the text of a part, as edited."""
    head, text, is_cut = record.text(record.rows[number], limit)
    title, _, author = (record.heading(number) or head).partition("\t")
    if edit is not None:
        title = title if edit.title is None else edit.title
        author = author if edit.author is None else edit.author
        if edit.text is not None:
            text, is_cut = edit.text[:limit], len(edit.text) > limit
    return Text(title, author, text, is_cut)


def _first_line(text: str) -> str:
    return displayable(next((line for line in text.split("\n") if line.strip()), ""), 60)


def _place(state: Metadata, row: Any, language: Locale) -> str:
    """Return where a part is: its lines or the number of its record, after its file if there are several."""
    _, start, end = language.gettext, int(row["start"]), int(row["end"])
    file = state.files[row["file"]]
    if file.ending in (".json", ".xml"):
        place = _("record {n}", n=f"{start:,}")
    elif start == end:
        place = _("line {n}", n=f"{start:,}")
    else:
        place = _("lines {start} to {end}", start=f"{start:,}", end=f"{end:,}")
    return _("{file}, {place}", file=file.name, place=place) if len(state.files) > 1 else place
