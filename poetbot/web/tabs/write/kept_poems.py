"""Kept poems, as the page asks for them: each event says what to `do`, and the answer is plain data.

On 127.0.0.1 they lie in the data folder (`poetbot.library.kept_poems`). Where the app is served to others nothing of them is kept
here: they stay in each visitor's browser, and this only makes files of what it is sent, and reads files for it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.isolated_process import SMALL, call
from poetbot.library.kept_poems import (
    Changed,
    KeptPoem,
    Poems,
    file_of,
    file_of_rows,
    poems_of,
    poems_of_file,
)
from poetbot.library.kept_poems.store import MAX_FOUND
from poetbot.web.components.channel import channel
from poetbot.web.serving.access import Kind
from poetbot.web.serving.visitors import Visitors
from poetbot.web.words import Words

log = logging.getLogger(__name__)

LISTED = 100
"""Poems, and starred lines, that the list shows at once."""

Value = dict[str, Any]
Result = TypeVar("Result")


def wire(page: gr.HTML, visitors: Visitors, words: Words) -> None:
    """Hear what the page wants kept. The page asks one thing after the other."""
    handlers = Handlers(visitors, words)
    page.keep(
        handlers.keep,
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
    words: Words

    def keep(self, event: gr.EventData, visitor: gr.Request | None = None) -> Value:
        """Do what is asked, and return the number of the question with the answer, or with a sentence as `error`."""
        data = event._data if isinstance(event._data, dict) else {}
        try:
            return {"ask": data.get("ask"), **self._done(data, visitor)}
        except Changed:
            return {"ask": data.get("ask"), "error": self.words.kept.went_on, "clash": True}
        except PoetBotError as error:
            return {"ask": data.get("ask"), "error": self.words.tongue.said(error)}
        except Exception:  # the page waits for an answer
            log.exception("The kept poems failed.")
            return {"ask": data.get("ask"), "error": self.words.kept.broken, "lost": True}

    def _done(self, data: Value, visitor: gr.Request | None) -> Value:
        do = data.get("do")
        if do == "file" and "rows" in data:
            return _away(file_of_rows, data["rows"], *_kind(data))
        if do == "read":
            return {"rows": _rows(data)}
        if self.visitors.access.kind is not Kind.ONE:
            raise PoetBotError(self.words.kept.not_here)
        work = _WORK.get(do) if isinstance(do, str) else None
        if work is None:
            raise PoetBotError(self.words.kept.broken)
        return work(poems_of(self.visitors.home(visitor)), data)


def _save(poems: Poems, data: Value) -> Value:
    """Keep a poem as it stands. What the fields must be is the store's to say."""
    poet = str(data.get("poet") or "")
    standing: Value = {"written": data.get("written") or (), "receipt": data.get("receipt")}
    poem, edited = data.get("id"), data.get("version")
    text: Any = data.get("text")
    if poem is not None and isinstance(edited, int):
        join = data.get("join") is True
        return _known(poems.save(poem, text, edited=edited, poet=poet, join=join, **standing))
    if standing["written"]:
        return _known(poems.add(text, poet=poet, **standing))
    blank = poems.add("", poet=poet)  # so that undo leads back to the empty page
    return _known(poems.save(blank.id, text, edited=blank.version.number))


def _step(poems: Poems, data: Value) -> Value:
    return _told((poems.undo if data.get("way") == "undo" else poems.redo)(_id(data)))


def _open(poems: Poems, data: Value) -> Value:
    return _told(poems.get(_id(data)))


def _star(poems: Poems, data: Value) -> Value:
    on = data.get("on") is True
    if "line" in data:
        return _told(poems.star_line(_id(data), data["line"], on))
    return _told(poems.star(_id(data), on))


def _title(poems: Poems, data: Value) -> Value:
    title: Any = data.get("title")
    return _told(poems.name(_id(data), title))


def _collect(poems: Poems, data: Value) -> Value:
    """Put a poem into exactly these collections."""
    asked = data.get("names")
    names = [name.strip() for name in asked if isinstance(name, str)] if isinstance(asked, list) else []
    names = [name for name in names if name]
    poem = poems.get(_id(data))
    for name in names:
        poem = poems.put_into(poem.id, name)
    for name in set(poem.collections) - set(names):
        poem = poems.put_into(poem.id, name, inside=False)
    return _told(poem)


def _delete(poems: Poems, data: Value) -> Value:
    return _told(poems.delete(_id(data)))


def _restore(poems: Poems, data: Value) -> Value:
    return _told(poems.restore(_id(data)))


def _list(poems: Poems, data: Value) -> Value:
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


def _found(poems: Poems, data: Value, limit: int = MAX_FOUND) -> list[KeptPoem]:
    return poems.find(
        str(data.get("search") or "")[:100],
        starred=data.get("starred") is True,
        collection=data.get("collection") or None,
        limit=limit,
    )


def _exported(poems: Poems, data: Value) -> Value:
    if data.get("id") is not None:
        return file_of([poems.get(data["id"])], *_kind(data))
    return file_of([poem for poem in _found(poems, data) if poem.name], *_kind(data))


def _bring(poems: Poems, data: Value) -> Value:
    return {"count": len(poems.bring(_rows(data)))}


_WORK: dict[str, Callable[[Poems, Value], Value]] = {
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
    "bring": _bring,
}


def _id(data: Value) -> Any:
    return data.get("id")  # the store says whether it is one


def _known(poem: KeptPoem) -> Value:
    """Return what the page is told of a poem that it has itself: a long one need not come back at each edit."""
    has = ("text", "written", "receipt", "poet")
    return {"poem": {name: value for name, value in _told(poem)["poem"].items() if name not in has}}


def _told(poem: KeptPoem) -> Value:
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


def _kind(data: Value) -> tuple[Any, bool]:
    return data.get("format"), data.get("dark") is True


def _rows(data: Value) -> list[Value]:
    """Return the poems of a file that was brought."""
    return _away(poems_of_file, data.get("text"))


def _away(function: Callable[..., Result], text: Any, *more: Any) -> Result:
    """Read a text with a function, a long one in a process of its own."""
    short = not isinstance(text, str) or len(text) <= SMALL
    return function(text, *more) if short else call(function, text, *more)
