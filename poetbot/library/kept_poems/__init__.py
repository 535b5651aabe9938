"""Saved poems with all their versions, in one database in the data folder, with export and import."""

from poetbot.library.kept_poems.downloads import export_file, export_rows
from poetbot.library.kept_poems.export_import import (
    as_json,
    as_markdown,
    as_page,
    as_text,
    poem_of_row,
    poems_of_file,
    poems_of_json,
    poems_of_text,
)
from poetbot.library.kept_poems.records import EditConflict, KeptPoem, Line, Version
from poetbot.library.kept_poems.store import Poems, poems_of

__all__ = [
    "EditConflict",
    "KeptPoem",
    "Line",
    "Poems",
    "Version",
    "as_json",
    "as_markdown",
    "as_page",
    "as_text",
    "export_file",
    "export_rows",
    "poem_of_row",
    "poems_of",
    "poems_of_file",
    "poems_of_json",
    "poems_of_text",
]
