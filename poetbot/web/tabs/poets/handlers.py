"""What the Poets tab does when something is clicked. Plain functions of the core, tested without a browser."""

import contextlib
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypedDict

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.library.poets import trash
from poetbot.library.poets.card_index import list_poets, read_own_poet
from poetbot.library.poets.folder_contents import POEMS
from poetbot.library.poets.zip_export import export_poet
from poetbot.library.poets.zip_import import import_in_subprocess
from poetbot.locale import Locale
from poetbot.poets.folder import kept_epochs, poet_folders
from poetbot.runs.completion import recover_runs
from poetbot.settings import Settings
from poetbot.storage import Home
from poetbot.study.history import read_history
from poetbot.web.serving.poet_registry import PoetRegistry, at_epoch
from poetbot.web.serving.session import Session
from poetbot.web.tabs.poets.view import ListedPoet, PoetDetails, details_html, list_html, message_html
from poetbot.web.tabs.write.tab import length_with, poets

_DOWNLOAD_SECONDS = 3600  # how long a packed poet is kept
_DOWNLOAD_PREFIX = "packed-"

Visitor: TypeAlias = gr.Request | None


class Update(TypedDict, total=False):
    """What poets.js puts on the page; everything else there stays as it is."""

    list: str
    poet: str  # whose details these are
    details: str
    focus: str  # the poet that gets the keyboard focus
    message: str
    file: str  # the path of a file to download


@dataclass(frozen=True)
class ListedName:
    """A poet of the list."""

    poet: str


@dataclass(frozen=True)
class NewName(ListedName):
    """A poet to rename."""

    name: str


@dataclass(frozen=True)
class Packing(ListedName):
    """A poet to download, with its training poems if wanted."""

    poems: bool = False


@dataclass(frozen=True)
class Version(ListedName):
    """A poet to write with, or its version after some epoch."""

    epoch: int | None = None


@dataclass(frozen=True)
class Deleted:
    """A poet in the trash."""

    receipt: str


@dataclass(frozen=True)
class Handlers:
    """What the events call. All raise PoetBotError with a sentence for the page."""

    shelf: PoetRegistry
    language: Locale

    def show(self, visitor: Visitor = None) -> Update:
        """Show all poets, after finishing what a killed process has left behind."""
        with contextlib.suppress(PoetBotError):  # an unknown visitor sees the included poets
            home = self._home(visitor)
            recover_runs(home)
            if home.root.is_dir():
                trash.delete_expired(home, Settings.in_force().trash_days)
        return self._list(visitor)

    def details(self, message: ListedName, visitor: Visitor = None) -> Update:
        """Show one poet in detail."""
        return self._details(message.poet, visitor)

    def rename(self, message: NewName, visitor: Visitor = None) -> Update:
        """Rename a poet."""
        name = trash.rename(self._home(visitor), message.poet, message.name)
        return self._list(visitor, self.language.gettext("Renamed to {poet}.", poet=name), focus=name)

    def remove(self, message: ListedName, visitor: Visitor = None) -> Update:
        """Move a poet to the trash."""
        receipt = trash.delete(self._home(visitor), message.poet)
        text = self.language.gettext("{poet} is in the trash.", poet=message.poet)
        return self._list(visitor, text, receipt=receipt)

    def restore(self, message: Deleted, visitor: Visitor = None) -> Update:
        """Take a poet out of the trash."""
        name = trash.restore(self._home(visitor), message.receipt)
        return self._list(visitor, self.language.gettext("{poet} is back.", poet=name), focus=name)

    def pack(self, message: Packing, visitor: Visitor = None) -> Update:
        """Pack a poet for download."""
        poet, folder = self._find(message.poet, visitor)
        file = _new_download(f"{poet.name}.zip")
        export_poet(folder, file, with_poems=message.poems)
        self.shelf.visitors.grant_file(file, visitor)
        text = self.language.gettext("Downloading {poet}.", poet=poet.name)
        return {"message": message_html(text, None, self.language), "file": file.as_posix()}

    def import_poet(self, path: Any, visitor: Visitor = None) -> Update:
        """Import a packed poet. The file stays for others who uploaded the same one, until it is old."""
        if not isinstance(path, str):
            raise PoetBotError(self.language.gettext("The file didn't arrive. Upload it again."))
        name = import_in_subprocess(self._home(visitor), Path(path))
        return self._list(visitor, self.language.gettext("{poet} imported.", poet=name), focus=name)

    def use(self, message: Version, lines: int, session: Session, visitor: Visitor = None) -> tuple[Any, ...]:
        """Go to the Write tab with a poet, or with its version after some epoch, and the length that suits it."""
        chosen = message.poet if message.epoch is None else at_epoch(message.poet, message.epoch)
        length = length_with(self.shelf.of(visitor), chosen, lines, session)
        return Update(), gr.Tabs(selected="write"), length, *self.choices(chosen, chosen, visitor=visitor)

    def choices(self, *chosen: Any, visitor: Visitor = None) -> tuple[Any, ...]:
        """Return the lists to choose a poet from, each with its choice if that still exists."""
        return tuple(poets(self.shelf, each, visitor, self.language) for each in chosen)

    def _home(self, visitor: Visitor) -> Home:
        return self.shelf.visitors.home(visitor)

    def _poets(self, visitor: Visitor) -> dict[str, tuple[ListedPoet, Path]]:
        found = {}
        for folder in poet_folders(self.shelf.root):
            if read := read_own_poet(folder):
                found[read.name] = ListedPoet(read.name, False, read.card, read.bytes), folder
        with contextlib.suppress(PoetBotError):
            for read in list_poets(self._home(visitor)):
                if read.name not in found:
                    found[read.name] = ListedPoet(read.name, True, read.card, read.bytes), read.folder
        return found

    def _find(self, name: str, visitor: Visitor) -> tuple[ListedPoet, Path]:
        found = self._poets(visitor).get(name)
        if found is None:
            raise PoetBotError(self.language.gettext("This poet no longer exists. Open the tab again."))
        return found

    def _list(
        self, visitor: Visitor, message: str = "", receipt: str | None = None, focus: str = ""
    ) -> Update:
        listed = [poet for poet, _ in self._poets(visitor).values()]
        deleted: list[tuple[str, str]] = []
        with contextlib.suppress(PoetBotError):
            deleted = trash.list_trash(self._home(visitor))
        update: Update = {
            "list": list_html(listed, deleted, Settings.in_force().trash_days, self.language),
            "focus": focus,
        }
        if message:
            update["message"] = message_html(message, receipt, self.language)
        if focus:
            update |= self._details(focus, visitor)
        return update

    def _details(self, name: str, visitor: Visitor) -> Update:
        poet, folder = self._find(name, visitor)
        error = ""
        try:
            history = read_history(folder, poet.name).epochs if (folder / "history.jsonl").is_file() else ()
        except PoetBotError as damaged:
            history, error = (), self.language.say(damaged)
        details = PoetDetails(poet, history, kept_epochs(folder), (folder / POEMS).is_file(), error)
        return {"poet": poet.name, "details": details_html(details, self.language)}


def _new_download(name: str) -> Path:
    """Return a path for a packed poet in a folder whose name can't be guessed, and delete old ones."""
    root = Path(gr.utils.get_upload_folder())
    with contextlib.suppress(OSError):
        for old in root.glob(f"{_DOWNLOAD_PREFIX}*"):
            if time.time() - old.stat().st_mtime > _DOWNLOAD_SECONDS:
                shutil.rmtree(old, ignore_errors=True)
    folder = root / f"{_DOWNLOAD_PREFIX}{secrets.token_hex(16)}"
    folder.mkdir(mode=0o700, parents=True)
    return folder / name
