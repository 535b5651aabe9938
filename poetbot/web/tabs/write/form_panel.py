"""The form of a poem as its panel on the page gives it, and how near a poem comes to it."""

import contextlib
from dataclasses import dataclass, replace
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.writing import NAMED, CachedPoet, Form, form_named
from poetbot.writing.chinese_script import ANY
from poetbot.writing.form_fit import form_report
from poetbot.writing.form_writer import readable_form
from poetbot.writing.forms import CHINESE, METRES, NO_METRE, NO_RHYME_BOOK
from poetbot.writing.request import clean_seed


@dataclass(frozen=True)
class FormFields:
    """The fields of the panel, as they were filled in."""

    name: str = "free"
    rhyme: str = ""
    syllables: str = ""
    stanzas: str = ""
    acrostic: str = ""
    refrain: str = ""
    rhyme_book: str = ""
    """"" for that of the named form."""
    metre: str = ""
    """"none", a metre, or "" for that of the named form."""


def metre_names(language: Locale) -> list[tuple[str, str]]:
    """Return the metres, each with what the page calls it."""
    _ = language.gettext
    labels = {NO_METRE: _("none"), "iambic": _("iambic"), "anapaestic": _("anapaestic")}
    return [(name, labels[name]) for name in (NO_METRE, *METRES)]


def form_names(language: Locale) -> list[tuple[str, str, str]]:
    """Return the forms that have a name, each with what the page calls it, and its metre."""
    _ = language.gettext
    labels = {
        "free": language.pgettext("form of a poem", "free"),
        "haiku": _("haiku"),
        "couplet": _("couplet"),
        "quatrain": _("quatrain"),
        "couplets": _("couplets"),
        "ballad": _("ballad"),
        "limerick": _("limerick"),
        "sonnet": _("sonnet"),
        **{name: _("{form} {pinyin}", form=name, pinyin=pinyin) for name, pinyin in CHINESE.items()},
    }
    return [(name, labels[name], form.metre or NO_METRE) for name, form in NAMED.items()]


def form_of(panel: FormFields, length: int | None = None, *, quietly: bool = False) -> Form:
    """Return the form that the fields of the panel ask for.

    A form that describes its lines without their number has `length` of them. Raises PoetBotError if the fields
    contradict each other; with `quietly` they then ask for no form.
    """
    try:
        fields: dict[str, Any] = {
            name: getattr(panel, name).strip() for name in ("rhyme", "acrostic", "refrain", "metre")
        }
        fields |= {name: _numbers(getattr(panel, name)) for name in ("syllables", "stanzas")}
        fields = {name: value for name, value in fields.items() if value}
        syllables, metre = fields.get("syllables", ()), fields.get("metre", NO_METRE)
        needs_length = len(syllables) == 1 or "refrain" in fields or metre != NO_METRE
        has_length = len(syllables) > 1 or {"stanzas", "rhyme", "acrostic"} & set(fields)
        if panel.name == "free" and needs_length and not has_length and length:
            fields["stanzas"] = (length,)
        if panel.name in CHINESE:
            fields["rhyme_book"] = panel.rhyme_book
        return form_named(panel.name, **fields)
    except PoetBotError:
        if quietly:
            return Form()
        raise


def fields_of(form: Form) -> FormFields:
    """Return how the panel shows a form: by its name if it has one, else without what follows from other fields."""
    for name, named in NAMED.items():
        if name in CHINESE:
            continue
        if named == form:
            return FormFields(name)
        if named.metre and form_named(name, metre=NO_METRE) == form:
            return FormFields(name, metre=NO_METRE)
    for name in CHINESE:
        named = NAMED[name]
        same = form.stanzas == named.stanzas and form.syllables == named.syllables
        if same and form.couplets and form.rhyme and not form.refrain:
            return FormFields(
                name,
                rhyme="" if form.rhyme == named.rhyme else form.rhyme,
                acrostic=form.acrostic,
                rhyme_book=form.rhyme_book or NO_RHYME_BOOK,
            )
    stanzas = form.stanzas
    with contextlib.suppress(PoetBotError):
        if replace(form, stanzas=()) == form:
            stanzas = ()
    return FormFields(
        rhyme=form.rhyme,
        syllables=",".join(map(str, form.syllables)),
        stanzas=",".join(map(str, stanzas)),
        acrostic=form.acrostic,
        refrain=form.refrain,
        metre=form.metre,
    )


def _numbers(text: str) -> tuple[int, ...]:
    parts = [part for part in text.replace(" ", ",").replace("、", ",").split(",") if part]
    if len(text) > 1_000 or not all(part.isascii() and part.isdecimal() and len(part) < 4 for part in parts):
        raise PoetBotError("Give syllables and lines as whole numbers, such as 8 or 5,7,5.")
    return tuple(map(int, parts))


def form_fit(text: str, form: Form, cached: CachedPoet, language: Locale) -> str:
    """Return a sentence on how near a poem comes to a form; "" for no form, or no poem."""
    form, readable = readable_form(form, cached.poet, ANY), clean_seed(text, cached.poet)[0]
    if form.is_open or not text.strip():
        return ""
    if len(readable) == len(text):  # in the poet's script, like the form's first letters
        text = readable
    try:
        found = form_report(text, form, cached.sounds_by(form.rhyme_book))
    except PoetBotError as error:  # this poet's language has no rhymes or syllables here
        return language.say(error)
    _ = language.gettext
    if found.met:
        return _("The poem fits its form.")
    extra = found.lines_to_spare
    parts = (
        (found.lines - max(0, extra), found.lines - extra, _("{n} of {total} lines")),
        (*found.metre, _("{n} of {total} lines that scan")),
        (*found.syllables, _("{n} of {total} lines with the right number of syllables")),
        (*found.rhymes, _("{n} of {total} pairs of lines that rhyme")),
        (*found.letters, _("{n} of {total} lines with the right first letter")),
        (*found.tones, _("{n} of {total} lines with regular tones")),
    )
    missing = [text.format(n=n, total=total) for n, total, text in parts if n != total]
    if extra > 0:
        missing.insert(0, language.ngettext("{n} line too many", "{n} lines too many", extra))
    return _("Not in its form yet: {parts}.", parts=language.list(missing))
