"""Saved poems, as the page asks for them.

On your own machine they are in the data folder (`poetbot.library.kept_poems`). If the app is served to others, they
stay in each visitor's browser; the server then only turns what the browser sends into files, and files into poems.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.isolated_process import SMALL, call
from poetbot.library.kept_poems import (
    EditConflict,
    KeptPoem,
    Poems,
    export_file,
    export_rows,
    poems_of,
    poems_of_file,
)
from poetbot.library.kept_poems.store import MAX_FOUND
from poetbot.locale import Locale
from poetbot.web.components.island import Island
from poetbot.web.serving.access import Kind
from poetbot.web.serving.visitors import Visitors

LISTED = 100
"""Poems, and starred lines, that the list shows at once."""

_OPENING = 200  # characters of a poem that the list is told

Result = TypeVar("Result")


Answer = dict[str, Any]
"""What store.js gets: plain data, which are different for each action."""


@dataclass(frozen=True)
class Question:
    """What to do with the saved poems; each action needs some of the other fields. The store checks them."""

    do: Literal[
        "save",
        "step",
        "open",
        "star",
        "star_all",
        "title",
        "collect",
        "delete",
        "restore",
        "list",
        "file",
        "bring",
        "read",
        "imported",
    ]
    poem: int | None = None
    poems: list[int] | None = None
    # a version to save
    text: str = ""
    version: int | None = None
    join: bool = False
    written: list[list[int]] = field(default_factory=list)
    receipt: dict[str, Any] | None = None
    poet: str = ""
    settings: dict[str, Any] | None = None
    touched: bool = True
    request: str | None = None  # the same whenever the page asks again, because it got no answer
    # what to change
    way: Literal["undo", "redo"] = "undo"
    on: bool = False
    line: str | None = None
    title: str = ""
    names: list[str] = field(default_factory=list)
    # which poems to list or to export, if it isn't `poem` or `poems`
    search: str = ""
    starred: bool = False
    collection: str = ""
    untouched: bool = False
    # a file to import: its name, and how many of its poems a browser has added
    name: str = ""
    added: int = 0
    of: int = 0
    # a file: of saved poems, or of `rows` that a browser stores
    format: str = "text"
    dark: bool = False
    with_receipt: bool = False
    rows: str | None = None


def wire(page: Island, visitors: Visitors, language: Locale) -> None:
    """Connect what the page asks of the saved poems. It asks one thing after the other."""
    page.mailbox("kept-answers").on(
        page.html.keep,
        Handlers(visitors, language).keep,
        Question,
        trigger_mode="multiple",
        concurrency_limit=8,
    )


@dataclass(frozen=True)
class Handlers:
    """What the event calls."""

    visitors: Visitors
    language: Locale

    def keep(self, asked: Question, visitor: gr.Request | None = None) -> Answer:
        """Do what is asked. Raises PoetBotError with a sentence for the page."""
        if asked.do == "file" and asked.rows is not None:
            return _isolated(export_rows, asked.rows, asked.format, asked.dark, asked.with_receipt)
        if asked.do == "read":
            rows = _isolated(poems_of_file, asked.text, asked.name)
            return {"rows": rows}
        if asked.do == "imported":
            return {"status": self._imported(asked.added, asked.of)}
        if self.visitors.access.kind is not Kind.ONE:
            raise PoetBotError("Here your browser stores the poems. Reload the page.")
        poems = poems_of(self.visitors.home(visitor))
        if asked.do == "bring":
            rows = _isolated(poems_of_file, asked.text, asked.name)
            added = poems.add_exported(rows)
            return {"status": self._imported(len(added), len(rows)), "added": added}
        try:
            return _ACTIONS[asked.do](poems, asked)
        except EditConflict:  # in another window; the page says so
            return {"clash": True}

    def _imported(self, count: int, of: int) -> str:
        sentences = [self.language.ngettext("{n} poem imported.", "{n} poems imported.", count)]
        if of > count:
            known = self.language.ngettext("{n} was saved already.", "{n} were saved already.", of - count)
            sentences.append(known)
        return self.language.sentences(sentences)


def _save(poems: Poems, asked: Question) -> Answer:
    """Save the poem of the page, once even if the page asks again."""
    edit: Answer = {"written": asked.written, "receipt": asked.receipt, "poet": asked.poet}
    edit["request"] = asked.request and asked.request[:100]
    if asked.poem is not None and asked.version is not None:
        poem = poems.save(asked.poem, asked.text, edited=asked.version, join=asked.join, **edit)
    else:
        typed = not asked.written
        poem = poems.add(asked.text, typed=typed, touched=asked.touched or typed, **edit)
    if asked.settings not in (None, poem.settings):
        poem = poems.keep_settings(poem.id, asked.settings)
    return _state(poem)


def _star(poems: Poems, asked: Question) -> Answer:
    if asked.line is not None:
        return _whole(poems.star_line(_id(asked), asked.line, asked.on))
    return _whole(poems.star(_id(asked), asked.on))


def _collect(poems: Poems, asked: Question) -> Answer:
    """Put a poem into exactly these collections."""
    names = [name.strip() for name in asked.names if name.strip()]
    poem = poems.get(_id(asked))
    for name in names:
        poem = poems.put_into(poem.id, name)
    for name in set(poem.collections) - set(names):
        poem = poems.put_into(poem.id, name, inside=False)
    return _whole(poem)


def _list(poems: Poems, asked: Question) -> Answer:
    found = [poem for poem in _found(poems, asked, 2 * LISTED) if poem.name]
    starred = poems.starred_lines()[:LISTED] if asked.starred else ()
    return {
        "poems": [_row(poem) for poem in found[:LISTED]],
        "untouched": poems.count_untouched(),
        "more": len(found) > LISTED,
        "lines": [{"text": line.text, "poem": line.poem} for line in starred],
        "collections": list(poems.collections()),
    }


def _row(poem: KeptPoem) -> Answer:
    """Return what the list shows of a poem."""
    return {
        "id": poem.id,
        "name": poem.name,
        "opening": poem.text.strip()[:_OPENING].strip(),
        "starred": poem.starred,
        "changed": round(poem.changed * 1000),
        "touched": _is_touched(poem),
    }


def _is_touched(poem: KeptPoem) -> bool:
    return poem.touched or poem.starred or bool(poem.lines)


def _found(poems: Poems, asked: Question, limit: int = MAX_FOUND) -> list[KeptPoem]:
    """Return the poems that the list shows. A search finds all; else the current poem is shown, touched or not."""
    return poems.find(
        asked.search[:100],
        starred=asked.starred,
        collection=asked.collection or None,
        untouched=asked.untouched or bool(asked.search.strip()),
        current=_id(asked),
        limit=limit,
    )


def _exported(poems: Poems, asked: Question) -> Answer:
    if asked.poems is not None:
        found = [poems.get(poem) for poem in asked.poems]
    elif asked.poem is not None:
        found = [poems.get(asked.poem)]
    else:
        found = [poem for poem in _found(poems, asked) if poem.name]
    return export_file(found, asked.format, asked.dark, asked.with_receipt)


_ACTIONS: dict[str, Callable[[Poems, Question], Answer]] = {
    "save": _save,
    "step": lambda poems, asked: _whole((poems.undo if asked.way == "undo" else poems.redo)(_id(asked))),
    "open": lambda poems, asked: _whole(poems.get(_id(asked))),
    "star": _star,
    "title": lambda poems, asked: _whole(poems.name(_id(asked), asked.title)),
    "collect": _collect,
    "star_all": lambda poems, asked: {"changed": poems.star_all(asked.poems or (), asked.on)},
    "delete": lambda poems, asked: {"changed": poems.delete_all(asked.poems or ())},
    "restore": lambda poems, asked: {"changed": poems.restore_all(asked.poems or ())},
    "list": _list,
    "file": _exported,
}


def _id(asked: Question) -> int:
    return -1 if asked.poem is None else asked.poem  # the store says that there is no such poem


def _state(poem: KeptPoem) -> Answer:
    """Return the state of a poem without its text, which the page that saves it has already."""
    known = ("text", "written", "receipt", "poet", "settings")
    return {"poem": {name: value for name, value in _whole(poem)["poem"].items() if name not in known}}


def _whole(poem: KeptPoem) -> Answer:
    return {
        "poem": {
            "id": poem.id,
            "version": poem.version.number,
            "title": poem.title,
            "name": poem.name,
            "starred": poem.starred,
            "touched": _is_touched(poem),
            "lines": list(poem.lines),
            "collections": list(poem.collections),
            "canUndo": poem.can_undo,
            "canRedo": poem.can_redo,
            "text": poem.text,
            "written": [list(span) for span in poem.version.written],
            "receipt": poem.version.receipt,
            "poet": poem.poet,
            "settings": poem.settings,
        }
    }


def _isolated(function: Callable[..., Result], text: str, *more: Any) -> Result:
    """Call a function with a text from outside, in a process of its own if the text is long."""
    return function(text, *more) if len(text) <= SMALL else call(function, text, *more)
