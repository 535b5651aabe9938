"""The tab with all poets: what each has read, how it learned, and what can be done with it."""

import contextlib
import json
import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, TypeAlias

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.library.poets import trash as library
from poetbot.library.poets.card_index import shelved, shelved_at
from poetbot.library.poets.folder_contents import POEMS
from poetbot.library.poets.zip_export import pack
from poetbot.library.poets.zip_import import unpack_apart
from poetbot.poets.folder import kept_epochs, poet_folders
from poetbot.runs.completion import settle
from poetbot.settings import Settings
from poetbot.storage import Home
from poetbot.web.serving.poet_registry import Shelf, at_epoch
from poetbot.web.tabs.shelf import view as shelf_view
from poetbot.web.tabs.shelf.view import Row, Whole
from poetbot.web.tabs.write.tab import poets
from poetbot.web.words import Words

_HERE = Path(__file__).parent
_MOST_HISTORY = 4_000_000  # bytes that are read of history.jsonl
_KEPT_SECONDS = 3600  # of a packed poet
_DOWNLOADS = "packed-"
_TEMPLATE = """
<div class="sh" data-taking="{taking}">
  <p class="unseen" role="status" data-part="status"></p>
  <h2>{heading}</h2>
  <div class="notices" role="alert" data-part="notices"></div>
  <div class="said" data-part="said"></div>
  <div data-part="list"><p class="blank">{blank}</p></div>
</div>
"""

Value = dict[str, Any]
Asked: TypeAlias = gr.Request | None


@dataclass(frozen=True)
class Controls:
    """The components of the tab. `packed` is out of sight: it hands a file to the browser."""

    take_in: gr.UploadButton
    packed: gr.DownloadButton
    page: gr.HTML


def build(words: Words) -> Controls:
    """Lay the tab out; the shelf is looked at when it is opened."""
    own = words.shelf
    with gr.Column(elem_id="shelf"):
        page = gr.HTML(
            html_template=template(words),
            js_on_load=(_HERE / "shelf.js").read_text(encoding="utf-8"),
            apply_default_css=False,
            elem_id="sh-page",
        )
        take_in = gr.UploadButton(own.take_in, file_types=[".zip"], size="sm", elem_id="sh-take-in")
        packed = gr.DownloadButton(own.download, elem_id="sh-packed")
    return Controls(take_in, packed, page)


def template(words: Words) -> str:
    """Return the page without a poet. Gradio reads it as a template, so it must hold none of its signs."""
    own = words.shelf
    html = _TEMPLATE.format(
        taking=escape(own.taking_in), heading=escape(own.shelf_heading), blank=escape(own.shelf_blank)
    )
    if any(sign in html for sign in ("`", "${", "{{", "\\")):
        raise ValueError("The words of the page hold a sign that Gradio's templates would run.")
    return html


def wire(
    controls: Controls,
    tab: gr.Tab,
    tabs: gr.Tabs,
    choices: tuple[gr.Dropdown, ...],
    shelf: Shelf,
    words: Words,
) -> None:
    """Say what each control does. `choices` are where a poet is chosen: they follow what happens to the shelf."""
    handlers = Handlers(shelf, words)
    c = controls
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    aside = {**quiet, "concurrency_limit": 4}
    heavy = {**quiet, "concurrency_id": "packing", "concurrency_limit": 2}
    changes = [
        c.page.rename(handlers.rename, None, [c.page], **aside),
        c.page.remove(handlers.remove, None, [c.page], **aside),
        c.page.back(handlers.back, None, [c.page], **aside),
        c.take_in.upload(handlers.take_in, [c.take_in], [c.page], **heavy),
    ]
    packing = c.page.pack(handlers.pack, None, [c.page, c.packed], **heavy)
    packing.success(None, None, None, js=_CLICK, **quiet)
    others = [
        tab.select(handlers.look, None, [c.page], **aside),
        c.page.look(handlers.whole, None, [c.page], **aside),
        c.page.use(handlers.use, None, [tabs, *choices], **aside),
        packing,
    ]
    for event in (*changes, *others):
        event.failure(handlers.broken, None, [c.page], **aside)
    for event in changes:
        event.then(handlers.offered, list(choices), list(choices), **aside)


_CLICK = "() => { setTimeout(() => document.querySelector('#sh-packed').click(), 150); }"


@dataclass(frozen=True)
class Handlers:
    """What the events call: plain functions of the core, tested without a browser."""

    shelf: Shelf
    words: Words

    def look(self, request: Asked = None) -> Value:
        """Show all poets; what a process that was killed has left is settled first."""
        return self._told(self._settled, request)

    def whole(self, event: gr.EventData, request: Asked = None) -> Value:
        """Show one poet."""

        return self._told(self._whole, _data(event).get("poet"), request)

    def rename(self, event: gr.EventData, request: Asked = None) -> Value:
        """Give a poet another name."""
        data = _data(event)

        def renamed() -> Value:
            name = library.rename(self._home(request), data.get("poet"), data.get("name"))  # type: ignore[arg-type]
            return self._listed(request, self.words.shelf.renamed.format(poet=name), open=name)

        return self._told(renamed)

    def remove(self, event: gr.EventData, request: Asked = None) -> Value:
        """Put a poet into the trash."""
        name = _data(event).get("poet")

        def removed() -> Value:
            receipt = library.delete(self._home(request), name)  # type: ignore[arg-type]
            return self._listed(request, self.words.shelf.deleted.format(poet=name), receipt)

        return self._told(removed)

    def back(self, event: gr.EventData, request: Asked = None) -> Value:
        """Take a poet out of the trash."""

        def came_back() -> Value:
            name = library.back(self._home(request), _data(event).get("receipt"))  # type: ignore[arg-type]
            return self._listed(request, self.words.shelf.came_back.format(poet=name), open=name)

        return self._told(came_back)

    def pack(self, event: gr.EventData, request: Asked = None) -> tuple[Value, Any]:
        """Pack a poet for the browser to fetch."""
        data = _data(event)
        path: list[str] = []

        def packed() -> Value:
            row, folder = self._find(data.get("poet"), request)
            file = _place(f"{row.name}.zip")
            pack(folder, file, with_poems=data.get("poems") is True)
            self.shelf.visitors.gives(file, request)
            path.append(str(file))
            return {
                "said": shelf_view.said_html(
                    self.words.shelf.packed.format(poet=row.name), None, self.words.shelf
                )
            }

        value = self._told(packed)
        return value, path[0] if path else gr.skip()

    def take_in(self, path: Any, request: Asked = None) -> Value:
        """Take a packed poet in. The file stays for others who brought the same one, until the sweeper finds it old."""

        def taken() -> Value:
            if not isinstance(path, str):
                raise PoetBotError(self.words.overlap.no_upload)
            name = unpack_apart(self._home(request), Path(path))
            return self._listed(request, self.words.shelf.taken_in.format(poet=name), open=name)

        return self._told(taken)

    def use(self, event: gr.EventData, request: Asked = None) -> tuple[Any, ...]:
        """Go to the Write tab with a poet, or with the one that it was after some epoch."""
        data = _data(event)
        name, epoch = data.get("poet"), data.get("epoch")
        chosen = at_epoch(str(name), epoch) if isinstance(epoch, int) else str(name)
        offered = self.offered(chosen, chosen, request=request)
        return gr.Tabs(selected="write"), *offered

    def offered(self, *chosen: Any, request: Asked = None) -> tuple[Any, ...]:
        """Return the poets to choose from anew, with what is chosen where it is still there."""
        return tuple(poets(self.shelf, each, request, self.words) for each in chosen)

    def broken(self) -> Value:
        """Say that something failed that should not have; the log has the rest."""
        return _failed(self.words.shelf.shelf_broken)

    def _settled(self, request: Asked = None) -> Value:
        with contextlib.suppress(PoetBotError):  # whoever is not known sees everybody's poets
            home = self._home(request)
            settle(home)
            if home.root.is_dir():
                library.sweep(home, Settings.in_force().trash_days)
        return self._listed(request)

    def _home(self, request: Asked) -> Home:
        return self.shelf.visitors.home(request)

    def _told(self, does: Callable[..., Value], *arguments: Any) -> Value:
        try:
            return {
                **does(*arguments),
                "at": time.monotonic_ns(),
            }  # two equal values would be one to the browser
        except PoetBotError as error:
            return _failed(self.words.tongue.said(error))

    def _rows(self, request: Asked) -> dict[str, tuple[Row, Path]]:
        found = {}
        for folder in poet_folders(self.shelf.root):
            if read := shelved_at(folder):
                found[read.name] = Row(read.name, False, read.card, read.bytes), folder
        with contextlib.suppress(PoetBotError):
            for read in shelved(self._home(request)):
                if read.name not in found:
                    found[read.name] = Row(read.name, True, read.card, read.bytes), read.folder
        return found

    def _find(self, name: Any, request: Asked) -> tuple[Row, Path]:
        found = self._rows(request).get(name) if isinstance(name, str) else None
        if found is None:
            raise PoetBotError("There is no poet by that name here: look at the list again.")
        return found

    def _listed(self, request: Asked, said: str = "", receipt: str | None = None, open: str = "") -> Value:
        own = self.words.shelf
        rows = [row for row, _ in self._rows(request).values()]
        trash: list[tuple[str, str]] = []
        with contextlib.suppress(PoetBotError):
            trash = library.deleted(self._home(request))
        value: Value = {
            "list": shelf_view.list_html(rows, trash, Settings.in_force().trash_days, own),
            "open": open,
        }
        if said:
            value |= {"said": shelf_view.said_html(said, receipt, own)}
        return value | (self._whole(open, request) if open else {})

    def _whole(self, name: Any, request: Asked) -> Value:
        row, folder = self._find(name, request)
        one = Whole(row, _history(folder), kept_epochs(folder), (folder / POEMS).is_file())
        return {"poet": row.name, "whole": shelf_view.whole_html(one, self.words.shelf)}


def _failed(sentence: str) -> Value:
    return {"error": f"<p>{escape(sentence)}</p>", "at": time.monotonic_ns()}


def _history(folder: Path) -> list[Mapping[str, Any]]:
    """Return the lines of a poet's history that can be read."""
    try:
        with (folder / "history.jsonl").open("rb") as file:
            lines = file.read(_MOST_HISTORY).splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        with contextlib.suppress(ValueError, RecursionError):
            found.append(json.loads(line))
    return [row for row in found if isinstance(row, dict)]


def _place(name: str) -> Path:
    """Return where a packed poet may lie until it is fetched, under a name that nobody guesses; old ones go."""
    root = Path(gr.utils.get_upload_folder())
    with contextlib.suppress(OSError):
        for old in root.glob(f"{_DOWNLOADS}*"):
            if time.time() - old.stat().st_mtime > _KEPT_SECONDS:
                shutil.rmtree(old, ignore_errors=True)
    folder = root / f"{_DOWNLOADS}{secrets.token_hex(16)}"
    folder.mkdir(mode=0o700, parents=True)
    return folder / name


def _data(event: gr.EventData) -> dict[str, Any]:
    data = event._data
    return data if isinstance(data, dict) else {}
