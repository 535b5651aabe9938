"""What was taken as poems and why, as HTML. Pure functions; everything that enters is escaped."""

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from poetbot.corpus.parts import Reading
from poetbot.documents.records import shown, usual_fields
from poetbot.library.corpora import OWNERS, Corpus, State, Summary
from poetbot.library.corpora.find_poems import LABELS
from poetbot.library.corpora.part_edits import Edit
from poetbot.library.corpora.results import Record
from poetbot.web.tabs.teach import encodings
from poetbot.web.tabs.teach.words import TeachWords

PAGE = 40  # parts
PREVIEW = 1_600  # bytes of a part that is taken
GLIMPSE = 500  # bytes of one that is left out
WHOLE = 100_000  # bytes of a part that a person wants to see whole
LITTLE = 8_000  # characters
SHOWN = ("all", "taken", "left")
_MOST_CHOICES = 200
NO_FIELD = " "
"""What is sent where titles or authors are in no field: no field has this name."""


@dataclass(frozen=True)
class View:
    """What of a corpus is looked at: which parts, and from which on."""

    which: str = "all"
    first: int = 0

    @staticmethod
    def of(data: Any) -> "View":
        """Return the view that a page asks for, the usual one for what cannot be one."""
        which, first = (data.get("which"), data.get("first")) if isinstance(data, dict) else (None, None)
        return View(
            which if which in SHOWN else "all",
            first if type(first) is int and 0 <= first < 1 << 40 else 0,
        )


def corpus_html(corpus: Corpus, view: View, words: TeachWords) -> str:
    """Return a corpus that has been read. Raises PoetBotError where it was not, or is gone."""
    state, record = corpus.state(), corpus.record()
    return (
        head_html(state, record.summary, words)
        + switches_html(state, record.summary, words)
        + parts_html(corpus.id, state, record, view, words)
    )


def unread_html(state: State, fields: tuple[str, ...], sentence: str, words: TeachWords) -> str:
    """Return a corpus of which no field is known to hold the text: what went wrong, and the fields to choose from."""
    sentence = words.tongue.said(sentence)
    said = words.which_field.format(sentence=sentence) if fields else sentence
    return (
        f'<h3 class="name" dir="auto">{escape(state.name)}</h3><p class="notice">{escape(said)}</p>'
        + fields_html(state, fields, usual_fields(fields), words)
        + name_html(state, words)
    )


def head_html(state: State, summary: Summary, words: TeachWords) -> str:
    """Return the name, the counts, and what the person should know of them."""
    counts = summary.counts
    taken = words.no_poems_taken
    if counts.poems:
        sort = words.one_poem_taken if counts.poems == 1 else words.poems_taken
        size = words.lines_and_characters.format(
            lines=f"{counts.lines:,}", characters=f"{counts.characters:,}"
        )
        taken = f"{sort.format(n=f'{counts.poems:,}')}{words.tongue.colon}{size}{words.tongue.stop}"
    reasons = [
        sentence.format(n=f"{n:,}")
        for n, sentence in (
            (counts.prose, words.as_prose),
            (counts.contents, words.as_contents),
            (counts.other, words.as_other),
            (counts.said_out, words.as_said),
        )
        if n
    ]
    said = [words.left_out_as.format(reasons=words.tongue.semicolon.join(reasons))] if reasons else []
    if counts.repeated:
        sort = words.one_repeat_kept_once if counts.repeated == 1 else words.repeats_kept_once
        said.append(sort.format(n=f"{counts.repeated:,}"))
    if counts.poems == 1:
        said.append(words.one_poem_only)
    elif 0 < counts.characters < LITTLE:
        said.append(words.little)
    html = f'<h3 class="name" dir="auto">{escape(state.name)}</h3><p class="said">{escape(taken)}</p>'
    html += "".join(f"<p>{escape(each)}</p>" for each in said)
    if summary.notices:
        html += f'<ul class="hints">{"".join(f"<li>{escape(words.tongue.said(each))}</li>" for each in summary.notices)}</ul>'
    html += encodings.choices_html(state, summary.encoded, words)
    if summary.collection and state.reading is Reading.FILTER:
        html += (
            f'<div class="offer"><p>{escape(words.is_collection)}</p><button type="button" class="main" '
            f'data-read="poems" data-key="offer">{escape(words.take_all)}</button></div>'
        )
    return html


def switches_html(state: State, summary: Summary, words: TeachWords) -> str:
    """Return the switches: how it is read, whose it is, its fields or tags, its name."""
    ways = (
        (Reading.FILTER, words.read_filter, words.read_filter_hint),
        (Reading.POEMS, words.read_poems, words.read_poems_hint),
        (Reading.SECTIONS, words.read_sections, words.read_sections_hint),
    )
    rows = "".join(_radio("reading", way.value, name, way is state.reading, hint) for way, name, hint in ways)
    html = f"<fieldset><legend>{escape(words.how_read)}</legend>{rows}</fieldset>"
    if state.licence:
        html += f"<p>{escape(words.licence_known.format(licence=words.tongue.said(state.licence)))}</p>"
    else:
        names = {"mine": words.mine, "permission": words.permission, "public": words.public}
        rows = "".join(_radio("owner", key, names[key], state.owner == key) for key in OWNERS)
        html += f'<fieldset class="across"><legend>{escape(words.whose)}</legend>{rows}</fieldset>'
    html += fields_html(state, summary.fields, summary.read_fields, words) + _tags_html(state, summary, words)
    return f'<div class="switches">{html}{name_html(state, words)}</div>'


def fields_html(state: State, fields: tuple[str, ...], read: tuple[str, str, str], words: TeachWords) -> str:
    """Return the choice of fields of a table, those that are `read` chosen; nothing where there are none.

    A field that was found by its usual name has the value "", so that the next table is still read by its own names.
    """
    if not fields:
        return ""
    wanted = (state.wanted.text, state.wanted.title, state.wanted.author)
    labels = (words.field_text, words.field_title, words.field_author)
    html = ""
    for key, label, choice, found in zip(("text", "title", "author"), labels, wanted, read, strict=True):
        value = found if choice is None else choice
        offered = list(dict.fromkeys(filter(None, (value, *fields[:_MOST_CHOICES]))))
        pairs = [("" if choice is None and each == found else each, each) for each in offered]
        # Poems are always in some field.
        nowhere = (
            [("" if choice is None and not found else NO_FIELD, "")] if key != "text" or not value else []
        )
        options = [
            f'<option value="{escape(sent)}"{" selected" if each == value else ""}>'
            f"{escape(shown(each, 60) if each else words.no_field)}</option>"
            for sent, each in [*nowhere, *pairs]
        ]
        html += f'<label>{escape(label)} <select data-field="{key}">{"".join(options)}</select></label>'
    return (
        f'<div class="fields">{html}<button type="button" data-do="fields" data-key="fields">'
        f"{escape(words.choose_fields)}</button></div>"
    )


def _tags_html(state: State, summary: Summary, words: TeachWords) -> str:
    if not summary.tags:
        return ""
    rows = "".join(
        f'<label class="tag"><input type="checkbox" data-tag="{escape(tag)}"'
        f"{' checked' if tag in state.wanted.tags else ''}> <bdi>{escape(shown(tag, 60))}</bdi> ({count:,})</label>"
        for tag, count in summary.tags[:_MOST_CHOICES]
    )
    return (
        f'<fieldset class="across"><legend>{escape(words.tags)}</legend><p class="hint">{escape(words.tags_hint)}</p>'
        f'{rows}<button type="button" data-do="tags" data-key="tags">{escape(words.choose_tags)}</button></fieldset>'
    )


def name_html(state: State, words: TeachWords) -> str:
    """Return what names a corpus anew and what deletes it."""
    sure = words.delete_sure.format(name=state.name)
    return (
        f'<div class="naming"><label>{escape(words.called)} <input type="text" data-part="name" maxlength="200" '
        f'value="{escape(state.name)}"></label><button type="button" data-do="rename" data-key="rename">'
        f'{escape(words.rename)}</button><button type="button" data-do="delete" data-key="delete">'
        f'{escape(words.delete)}</button></div><div class="sure" role="group" hidden><span>{escape(sure)}</span> '
        f'<button type="button" data-do="delete-yes">{escape(words.delete_yes)}</button>'
        f'<button type="button" data-do="delete-no">{escape(words.delete_no)}</button></div>'
    )


def parts_html(corpus_id: str, state: State, record: Record, view: View, words: TeachWords) -> str:
    """Return a page of the parts, and the ways to the others."""
    rows = record.rows
    heard = state.heard()
    # What was said since the files were read last is shown already, and counted in a moment.
    fresh = record.summary.key != state.key()
    taken = np.array(rows["taken"])
    if fresh and heard:
        for (file, text, line), said in heard.items():
            taken[(rows["file"] == file) & (rows["text"] == text) & (rows["line"] == line)] = said
    numbers = {"all": np.arange(len(rows)), "taken": np.flatnonzero(taken), "left": np.flatnonzero(~taken)}
    names = {"all": words.show_all, "taken": words.show_taken, "left": words.show_left}
    tabs = "".join(
        f'<button type="button" data-which="{key}" data-key="which-{key}" aria-pressed="{str(key == view.which).lower()}">'
        f"{escape(names[key].format(n=f'{len(numbers[key]):,}'))}</button>"
        for key in SHOWN
    )
    chosen = numbers[view.which]
    first = min(view.first, max(0, (len(chosen) - 1) // PAGE * PAGE)) // PAGE * PAGE
    items = "".join(
        _part_html(corpus_id, state, record, int(number), bool(taken[number]), fresh, words)
        for number in chosen[first : first + PAGE]
    )
    body = (
        f'<ol class="parts">{items}</ol>' if items else f'<p class="blank">{escape(words.no_such_parts)}</p>'
    )
    return (
        f'<section class="seen" aria-label="{escape(words.parts)}" data-first="{first}" data-which-now="{view.which}">'
        f'<h3 tabindex="-1" data-part="parts">{escape(words.parts)}</h3>'
        f'<div class="which" role="group" aria-label="{escape(words.parts)}">{tabs}</div>{body}'
        f"{_pager(first, len(chosen), words)}</section>"
    )


def _pager(first: int, all_: int, words: TeachWords) -> str:
    if all_ <= PAGE:
        return ""
    last = min(first + PAGE, all_)
    said = words.page_of.format(start=f"{first + 1:,}", end=f"{last:,}", n=f"{all_:,}")
    before = f'<button type="button" data-first-to="{first - PAGE}" data-key="earlier">{escape(words.earlier)}</button>'
    after = f'<button type="button" data-first-to="{first + PAGE}" data-key="later">{escape(words.later)}</button>'
    return (
        f'<nav class="pager" aria-label="{escape(words.parts)}">{before if first else ""}<span>{escape(said)}</span>'
        f"{after if last < all_ else ''}</nav>"
    )


def _part_html(
    corpus_id: str, state: State, record: Record, number: int, taken: bool, fresh: bool, words: TeachWords
) -> str:
    row = record.rows[number]
    label = LABELS[row["label"]]
    repeated = row["twin"] >= 0
    changed = fresh and taken != bool(row["taken"])
    names = {
        "poem": words.label_poem,
        "prose": words.label_prose,
        "contents": words.label_contents,
        "other": words.label_other,
        "section": words.label_section,
    }
    name = names[label]
    reason = words.tongue.said(record.reasons[row["reason"]])
    if repeated:
        reason = words.twin.format(reason=reason, name=record.twins[row["twin"]])
    why = words.because.format(reason=reason)
    if changed:
        name, why = (words.label_poem if taken else words.label_left), words.will_be_counted
    elif not taken and (label in ("poem", "section") or row["said"]):
        name = words.label_left
    key = record.key(number)
    edit = state.edits.get(key)
    head, text, more = _text_of(record, number, edit, PREVIEW if taken else GLIMPSE)
    where = _where(state, row, words)
    act = words.leave_out if taken else words.keep_too if repeated else words.take_in
    first_line = shown(next((line for line in text.split("\n") if line.strip()), ""), 60)
    spoken = words.which_part.format(act=act, where=where, text=first_line)
    editing = words.which_part.format(act=words.edit, where=where, text=first_line)
    mark = f'<span class="edited">{escape(words.edited)}</span> ' if edit else ""
    kind = "taken" if taken else "left"
    return (
        f'<li class="{kind}" data-part-number="{number}" data-corpus="{escape(corpus_id)}" data-part-key="{key}">'
        f'<div class="verdict"><strong>{escape(name)}</strong> {mark}'
        f'<span class="where">{escape(where)}</span> <span class="why">{escape(why)}</span><div class="acts">'
        f'<button type="button" data-say="{number}" data-taken="{str(not taken).lower()}" data-key="say-{number}" '
        f'aria-label="{escape(spoken)}">{escape(act)}</button>'
        f'<button type="button" class="edit" data-edit="{key}" data-key="edit-{key}" aria-expanded="false" '
        f'aria-label="{escape(editing)}">{escape(words.edit)}</button></div></div>'
        f'<div class="words">{_head_html(head)}{text_html(text)}'
        + (
            f'<p class="more">{escape(words.text_goes_on)} <button type="button" data-whole="{number}" '
            f'data-key="whole-{number}">{escape(words.more_text)}</button></p>'
            if more
            else ""
        )
        + "</div></li>"
    )


def _text_of(record: Record, number: int, edit: Edit | None, most: int) -> tuple[str, str, bool]:
    """Return head, text, and whether that was cut, of a part as it was edited; `most` is in bytes."""
    head, text, more = record.text(record.rows[number], most)
    head = record.heading(number) or head
    if edit is None:
        return head, text, more
    title, _, author = head.partition("\t")
    title = title if edit.title is None else edit.title
    author = author if edit.author is None else edit.author
    if edit.text is not None:
        text, more = edit.text[:most], len(edit.text) > most
    return f"{title}\t{author}", text, more


def whole_html(record: Record, number: int, edit: Edit | None, words: TeachWords) -> str:
    """Return the text of a part, as much as can be read."""
    head, text, more = _text_of(record, number, edit, WHOLE)
    return (
        _head_html(head)
        + text_html(text)
        + (f'<p class="more">{escape(words.text_goes_on)}</p>' if more else "")
    )


def text_html(text: str) -> str:
    """Return the lines of a text as they stand."""
    return f'<div class="text" dir="auto">{escape(text)}</div>'


def _head_html(head: str) -> str:
    title, _, author = head.partition("\t")
    if not head.strip():
        return ""
    return f'<p class="head"><bdi class="title">{escape(title)}</bdi> <bdi>{escape(author)}</bdi></p>'


def _where(state: State, row: Any, words: TeachWords) -> str:
    start, end = int(row["start"]), int(row["end"])
    said = (
        words.record_place.format(n=f"{start:,}")
        if state.files[row["file"]].ending in (".json", ".xml")
        else words.one_line.format(n=f"{start:,}")
        if start == end
        else words.some_lines.format(start=f"{start:,}", end=f"{end:,}")
    )
    return f"{state.files[row['file']].name}{words.tongue.comma}{said}" if len(state.files) > 1 else said


def _radio(group: str, value: str, name: str, on: bool, hint: str = "") -> str:
    return (
        f'<label><input type="radio" name="ts-{group}" value="{value}" data-key="{group}-{value}"'
        f"{' checked' if on else ''}> <span>{escape(name)}"
        + (f" <small>{escape(hint)}</small>" if hint else "")
        + "</span></label>"
    )
