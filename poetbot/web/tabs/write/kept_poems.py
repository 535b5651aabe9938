"""Saved poems, as the page asks for them: each question says what to `do`, and its answer is plain data.

On your own machine they are in the data folder (`poetbot.library.kept_poems`). If the app is served to others, they
stay in each visitor's browser; the server then only turns what the browser sends into files, and files into poems.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

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
from poetbot.web.components.channel import Data, answer, channel
from poetbot.web.serving.access import Kind
from poetbot.web.serving.visitors import Visitors

LISTED = 100
"""Poems, and starred lines, that the list shows at once."""

Result = TypeVar("Result")


def wire(page: gr.HTML, visitors: Visitors, language: Locale) -> None:
    """Connect what the page asks of the saved poems. It asks one thing after the other."""
    page.keep(
        Handlers(visitors, language).keep,
        None,
        [channel("kept")],
        api_visibility="private",
        show_progress="hidden",
        trigger_mode="multiple",
        concurrency_limit=8,
    )


@dataclass(frozen=True)
class Handlers:
    """What the event calls."""

    visitors: Visitors
    language: Locale

    def keep(self, event: gr.EventData, visitor: gr.Request | None = None) -> Data:
        """Do what is asked, and return the answer."""
        return answer(event, self.language, lambda data: self._done(data, visitor))

    def _done(self, data: Data, visitor: gr.Request | None) -> Data:
        do = data.get("do")
        if do == "file" and "rows" in data:
            return _isolated(export_rows, data["rows"], *_format(data))
        if do == "read":
            rows = _rows(data)
            return {"rows": rows, "status": self._imported(len(rows))}
        if self.visitors.access.kind is not Kind.ONE:
            raise PoetBotError("Here your browser stores the poems. Reload the page.")
        poems = poems_of(self.visitors.home(visitor))
        if do == "bring":
            return {"status": self._imported(len(poems.add_exported(_rows(data))))}
        if not isinstance(do, str) or do not in _ACTIONS:
            raise PoetBotError("There is no such action. Reload the page.")
        try:
            return _ACTIONS[do](poems, data)
        except EditConflict:  # in another window; the page says so
            return {"clash": True}

    def _imported(self, count: int) -> str:
        return self.language.ngettext("{n} poem imported.", "{n} poems imported.", count)


def _save(poems: Poems, data: Data) -> Data:
    """Save the poem of the page. The store checks the fields."""
    poet = str(data.get("poet") or "")
    version: Data = {"written": data.get("written") or (), "receipt": data.get("receipt")}
    poem, edited = data.get("id"), data.get("version")
    text: Any = data.get("text")
    if poem is not None and isinstance(edited, int):
        join = data.get("join") is True
        return _state(poems.save(poem, text, edited=edited, poet=poet, join=join, **version))
    if version["written"]:
        return _state(poems.add(text, poet=poet, **version))
    blank = poems.add("", poet=poet)  # so that undo leads back to the empty page
    return _state(poems.save(blank.id, text, edited=blank.version.number))


def _step(poems: Poems, data: Data) -> Data:
    return _whole((poems.undo if data.get("way") == "undo" else poems.redo)(_id(data)))


def _open(poems: Poems, data: Data) -> Data:
    return _whole(poems.get(_id(data)))


def _star(poems: Poems, data: Data) -> Data:
    on = data.get("on") is True
    if "line" in data:
        return _whole(poems.star_line(_id(data), data["line"], on))
    return _whole(poems.star(_id(data), on))


def _title(poems: Poems, data: Data) -> Data:
    title: Any = data.get("title")
    return _whole(poems.name(_id(data), title))


def _collect(poems: Poems, data: Data) -> Data:
    """Put a poem into exactly these collections."""
    given = data.get("names")
    names = [name.strip() for name in given if isinstance(name, str)] if isinstance(given, list) else []
    names = [name for name in names if name]
    poem = poems.get(_id(data))
    for name in names:
        poem = poems.put_into(poem.id, name)
    for name in set(poem.collections) - set(names):
        poem = poems.put_into(poem.id, name, inside=False)
    return _whole(poem)


def _delete(poems: Poems, data: Data) -> Data:
    return _whole(poems.delete(_id(data)))


def _restore(poems: Poems, data: Data) -> Data:
    return _whole(poems.restore(_id(data)))


def _list(poems: Poems, data: Data) -> Data:
    found = [poem for poem in _found(poems, data, 2 * LISTED) if poem.name]
    lines = [
        {"text": line.text, "poem": line.poem}
        for line in poems.starred_lines()[:LISTED]
        if data.get("starred") is True
    ]
    return {
        "poems": [{"id": poem.id, "name": poem.name, "starred": poem.starred} for poem in found[:LISTED]],
        "more": len(found) > LISTED,
        "lines": lines,
        "collections": list(poems.collections()),
    }


def _found(poems: Poems, data: Data, limit: int = MAX_FOUND) -> list[KeptPoem]:
    return poems.find(
        str(data.get("search") or "")[:100],
        starred=data.get("starred") is True,
        collection=data.get("collection") or None,
        limit=limit,
    )


def _exported(poems: Poems, data: Data) -> Data:
    if data.get("id") is not None:
        return export_file([poems.get(data["id"])], *_format(data))
    return export_file([poem for poem in _found(poems, data) if poem.name], *_format(data))


_ACTIONS: dict[str, Callable[[Poems, Data], Data]] = {
    "save": _save,
    "step": _step,
    "open": _open,
    "star": _star,
    "title": _title,
    "collect": _collect,
    "delete": _delete,
    "restore": _restore,
    "list": _list,
    "file": _exported,
}


def _id(data: Data) -> Any:
    return data.get("id")  # the store checks it


def _state(poem: KeptPoem) -> Data:
    """Return the state of a poem without its text, which the page that saves it has already."""
    known = ("text", "written", "receipt", "poet")
    return {"poem": {name: value for name, value in _whole(poem)["poem"].items() if name not in known}}


def _whole(poem: KeptPoem) -> Data:
    return {
        "poem": {
            "id": poem.id,
            "version": poem.version.number,
            "title": poem.title,
            "name": poem.name,
            "starred": poem.starred,
            "lines": list(poem.lines),
            "collections": list(poem.collections),
            "canUndo": poem.can_undo,
            "canRedo": poem.can_redo,
            "text": poem.text,
            "written": [list(span) for span in poem.version.written],
            "receipt": poem.version.receipt,
            "poet": poem.poet,
        }
    }


def _format(data: Data) -> tuple[Any, bool]:
    return data.get("format"), data.get("dark") is True


def _rows(data: Data) -> list[Data]:
    """Return the poems of an imported file."""
    return _isolated(poems_of_file, data.get("text"))


def _isolated(function: Callable[..., Result], text: Any, *more: Any) -> Result:
    """Call a function with a text from outside, in a process of its own if the text is long."""
    short = not isinstance(text, str) or len(text) <= SMALL
    return function(text, *more) if short else call(function, text, *more)
