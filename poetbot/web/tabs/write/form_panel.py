"""The panel with the forms: what the next lines, and the poem, are asked to have, and how near they come."""

from collections.abc import Mapping
from html import escape
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.web.tabs.write.desk_words import DeskWords
from poetbot.writing import NAMED, Desk, Form, form_named
from poetbot.writing.form_fit import form_report
from poetbot.writing.forms import CHINESE

_TEXTS = ("rhyme", "syllables", "stanzas", "acrostic")


def panel_html(words: DeskWords) -> str:
    """Return the panel, hidden until it is asked for. Its fields are those of `form_of`."""
    names = "".join(f'<option value="{name}">{escape(_said(name, words))}</option>' for name in NAMED)
    refrains = (("", words.refrain_none), ("first", words.refrain_first), ("last", words.refrain_last))
    places = "".join(f'<option value="{value}">{escape(said)}</option>' for value, said in refrains)
    texts = "".join(
        _field(
            getattr(words, f"form_{name}"),
            f'<input name="{name}" type="text" maxlength="200" autocomplete="off" spellcheck="false"'
            f' placeholder="{escape(getattr(words, f"form_{name}_hint"))}">',
        )
        for name in _TEXTS
    )
    return (
        f'<div class="form-panel" data-part="form" role="group" aria-label="{escape(words.form)}" hidden>'
        f"{_field(words.form_name, f'<select name=name>{names}</select>')}{texts}"
        f"{_field(words.form_refrain, f'<select name=refrain>{places}</select>')}"
        f'<label class="check"><input name="real_words" type="checkbox"> {escape(words.real_words)}</label>'
        f'<p><button type="button" data-do="noform">{escape(words.form_none)}</button>'
        f'<button type="button" data-do="form">{escape(words.form_done)}</button></p></div>'
    )


def _said(form: str, words: DeskWords) -> str:
    """Return what a form is called on the page; Chinese ones keep their name in every language."""
    return f"{form} {CHINESE[form]}" if form in CHINESE else str(getattr(words, form))


def _field(label: str, control: str) -> str:
    return f"<label><span>{escape(label)}</span>{control}</label>"


def form_of(data: Any, length: int | None = None, *, quietly: bool = False) -> tuple[Form, bool]:
    """Return the form that the page's fields ask for, and whether of real words only.

    A form that says how its lines are and not how many has `length` of them. Raises PoetBotError where the fields
    contradict each other; `quietly` that is no form at all.
    """
    if not isinstance(data, Mapping):
        return Form(), False
    fields: dict[str, Any] = {}
    try:
        for name in ("rhyme", "acrostic", "refrain"):
            if isinstance(value := data.get(name), str) and value.strip():
                fields[name] = value.strip()
        for name in ("syllables", "stanzas"):
            if isinstance(value := data.get(name), str) and value.strip():
                fields[name] = _numbers(name, value)
        name, real_words = str(data.get("name") or "free"), data.get("real_words") is True
        of_each = len(fields.get("syllables", ())) == 1 or "refrain" in fields
        if name == "free" and of_each and not {"stanzas", "rhyme", "acrostic"} & set(fields) and length:
            fields["stanzas"] = (length,)
        return form_named(name, **fields), real_words
    except PoetBotError:
        if quietly:
            return Form(), False
        raise


def _numbers(name: str, text: str) -> tuple[int, ...]:
    parts = [part for part in text.replace(" ", ",").replace("、", ",").split(",") if part]
    if len(text) > 1_000 or not all(part.isascii() and part.isdecimal() and len(part) < 4 for part in parts):
        raise PoetBotError(f"The {name} of a form are whole numbers, such as 8 or 5,7,5.")
    return tuple(map(int, parts))


def nearness(text: str, form: Form, desk: Desk, words: DeskWords) -> str:
    """Return a sentence on how near a poem comes to a form; "" where none is asked for, or nothing is written yet."""
    if form.is_open or not text.strip():
        return ""
    try:
        found = form_report(text, form, desk.ear)
    except PoetBotError as error:  # what cannot be heard of this poet
        return words.tongue.said(error)
    if found.met:
        return words.in_form
    pairs = (
        ((found.lines, found.lines_wanted or found.lines), words.near_lines),
        (found.syllables, words.near_syllables),
        (found.rhymes, words.near_rhymes),
        (found.letters, words.near_letters),
    )
    parts = [said.format(n=n, all=wanted) for (n, wanted), said in pairs if n != wanted]
    return words.near_form.format(parts=words.tongue.comma.join(parts))
