"""The panel with the forms: what the next lines, and the poem, are asked to have."""

from html import escape

from poetbot.ui.desk_words import DeskWords
from poetbot.writing import NAMED

_TEXTS = ("rhyme", "syllables", "stanzas", "acrostic")


def panel_html(words: DeskWords) -> str:
    """Return the panel, hidden until it is asked for. Its fields are those of `lines.form_of`."""
    names = "".join(f'<option value="{name}">{escape(getattr(words, name))}</option>' for name in NAMED)
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


def _field(label: str, control: str) -> str:
    return f"<label><span>{escape(label)}</span>{control}</label>"
