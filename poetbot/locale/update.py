"""Bring the catalogues up to date with the code: `python -m poetbot.locale.update [LANGUAGE]` (`make translations`).

Babel, which this needs, is installed with the tools for tests.

Every sentence of the code enters every catalogue; what the code no longer says leaves it. A language that has no
catalogue yet begins one.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from poetbot.locale import FOLDER, SOURCE, keys, po_path

_PACKAGE = FOLDER.parent
_KEYWORDS = {**DEFAULT_KEYWORDS, **dict.fromkeys(("Message", "PoetBotError", "Failure", "NoSuchField"))}

# Their errors are for the command line and for programs, which speak English.
_ENGLISH_ONLY = (
    "api/**.py",
    "cli/**.py",
    "cluster/corpus.py",
    "cluster/found_poems.py",
    "cluster/index.py",
    "cluster/tasks.py",
    "corpus/manifest.py",
    "corpus/manifest_*.py",
    "mcp_server.py",
    "settings.py",
    "web/serving/access.py",
    "web/serving/api.py",
    "web/serve.py",
)
_METHODS = [*((files, "ignore") for files in _ENGLISH_ONLY), ("**.py", "python"), ("**.html", "jinja2")]


def sentences() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """Yield what the code and the templates say to people: the file, the message or its forms, and its context."""
    for file, _, message, _, context in extract_from_dir(_PACKAGE, method_map=_METHODS, keywords=_KEYWORDS):
        yield Path(file).as_posix(), message, context


def catalogue(key: str) -> Catalog:
    """Return the catalogue of a language other than English, from its `.po` file."""
    with po_path(key).open("rb") as file:
        return read_po(file)


def updated(key: str) -> Catalog:
    """Return the catalogue of a language with every sentence of the code, ordered by the file that says it first."""
    old = catalogue(key) if key in keys() else Catalog(key)
    new = Catalog(old.locale_identifier, header_comment=old.header_comment)
    for file, message, context in sorted(sentences(), key=lambda each: each[0]):
        singular = message[0] if isinstance(message, tuple) else message
        if new.get(singular, context) is None:
            known = old.get(singular, context)
            new.add(message, known.string if known else None, [(file, 0)], context=context)
    return new


def as_po(messages: Catalog) -> bytes:
    """Return a catalogue as a `.po` file, with no date or name in its header that would change each time."""
    header = (
        f'{messages.header_comment.rstrip()}\nmsgid ""\nmsgstr ""\n"Language: {messages.locale_identifier}\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {messages.plural_forms}\\n"\n\n'
    )
    entries = BytesIO()
    write_po(entries, messages, width=110, omit_header=True)
    return header.encode() + entries.getvalue()


def main(languages: list[str]) -> int:
    """Update every catalogue, and those of `languages`; say what is not translated."""
    for key in dict.fromkeys([*keys(), *languages]):
        if key != SOURCE:
            new, path = updated(key), po_path(key)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(as_po(new))
            left = sum(not (entry.string and all(entry.string)) for entry in new if entry.id)
            print(f"{key}: {len(new)} sentences, {left} not translated")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
