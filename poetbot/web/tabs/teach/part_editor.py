"""The panel in which a person edits the title, the author and the text of a part, as HTML, and what they save."""

from html import escape
from typing import Any

from poetbot.documents.records import shown
from poetbot.library.corpora import Corpus
from poetbot.library.corpora.part_edits import LONGEST_NAME, LONGEST_TEXT, PartKey, edit
from poetbot.web.tabs.teach.words import TeachWords

_ROWS = (4, 16)  # lines of the box for the text, at least and at most


def panel_html(corpus: Corpus, key: PartKey, words: TeachWords) -> str:
    """Return the panel of a part. Raises PoetBotError where there is no such part, or it is too long to be edited."""
    part = corpus.part(key)
    rows = min(max(part.text.count("\n") + 2, _ROWS[0]), _ROWS[1])
    first_line = shown(next((line for line in part.text.split("\n") if line.strip()), ""), 60)
    names = "".join(
        f'<label>{escape(label)} <input type="text" name="{name}" maxlength="{LONGEST_NAME}" dir="auto" '
        f'autocomplete="off" value="{escape(value)}"></label>'
        for name, label, value in (
            ("title", words.edit_title, part.title),
            ("author", words.edit_author, part.author),
        )
    )
    above = words.edit_goes_on.format(name=shown(part.goes_on, 60)) if part.goes_on else ""
    hint = f'<p class="hint">{escape(above)}</p>' if above else ""
    restore = (
        f'<button type="button" data-do="restore">{escape(words.edit_restore)}</button>'
        if key in corpus.state().edits
        else ""
    )
    spoken = f"{words.edit}{words.tongue.colon}{first_line}"
    # HTML drops the first line end inside a textarea.
    return (
        f'<div class="panel" role="group" aria-label="{escape(spoken)}">{hint}<div class="names">{names}</div>'
        f'<label>{escape(words.edit_text)} <textarea name="text" rows="{rows}" maxlength="{LONGEST_TEXT}" '
        f'dir="auto" spellcheck="false">\n{escape(part.text)}</textarea></label>'
        f'<div class="refused" role="alert"></div><div class="ends">'
        f'<button type="button" class="main" data-do="save">{escape(words.edit_save)}</button>'
        f'<button type="button" data-do="cancel">{escape(words.edit_cancel)}</button>{restore}</div></div>'
    )


def keep(corpus: Corpus, data: dict[str, Any]) -> None:
    """Save what was typed, or restore what was found. Raises PoetBotError where that cannot be done."""
    key = PartKey.of(data.get("part"))
    if data.get("do") == "restore":
        corpus.restore(key)
    else:
        corpus.edit(key, edit(*(data.get(name) for name in ("title", "author", "text"))))


def status(corpus: Corpus, data: dict[str, Any], words: TeachWords) -> str:
    """Return what was done, in words."""
    if data.get("do") == "restore":
        return words.edit_restored
    record = corpus.record()
    row = record.rows[record.number(PartKey.of(data["part"]))]
    place = (int(row["file"]), int(row["text"]), int(row["line"]))
    taken = corpus.state().heard().get(place, bool(row["taken"]))
    return words.edit_saved if taken else words.edit_saved_left
