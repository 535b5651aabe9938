"""Corpora with a name instead of a path: those in `corpora/`, and the verse in NLTK's Gutenberg selections."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from poetbot.corpus.loading import Corpus, corpus_of, parse_file, read_poems
from poetbot.corpus.parts import Reading
from poetbot.documents.records import FieldChoice, displayable
from poetbot.errors import PoetBotError
from poetbot.installation import bundled_folder, install_command

CORPORA = bundled_folder("corpora")

BUNDLED = {"english-poems": "english.jsonl", "chinese-poems": "chinese.jsonl"}
"""Names of the bundled corpora, with their files in `CORPORA`."""

GUTENBERG = {
    "blake": ("blake-poems.txt", "William Blake"),
    "whitman": ("whitman-leaves.txt", "Walt Whitman"),
    "milton": ("milton-paradise.txt", "John Milton"),
}
"""Names of NLTK's corpora, with the file and the author."""

NAMED = (*BUNDLED, *GUTENBERG)


def read_named(name: str, pieces: str = "poems", reading: Reading = Reading.FILTER) -> Corpus:
    """Read the corpus `name`. Nothing is downloaded: if it isn't on this machine, the error gives the command to get it.

    `pieces` and `reading` are as in `read_poems`. Also raises PoetBotError for an unknown name.
    """
    if name not in NAMED:
        raise PoetBotError(
            "There is no file or corpus {name!r}. Give a file, or one of {names}.",
            name=name[:80],
            names=", ".join(NAMED),
        )
    file, data, author = named_file(name)
    poems = parse_file(data, file, pieces, reading=reading).poems
    return corpus_of([replace(poem, author=author) if author else poem for poem in poems], name)


def read_given(
    given: Sequence[str],
    pieces: str = "poems",
    wanted: FieldChoice | None = None,
    reading: Reading = Reading.FILTER,
    seen: Callable[[float], None] | None = None,
    out: Path | None = None,
) -> Corpus:
    """Read named corpora, files and folders, one after the other, as one corpus.

    `seen` and `out` are as in `parse_files`. Raises PoetBotError as `read_named` and `read_poems` do.
    """
    corpora = [
        corpus
        for is_named, some in groupby(given, NAMED.__contains__)
        for corpus in (
            [read_named(name, pieces, reading) for name in some]
            if is_named
            else [read_poems(list(some), pieces, wanted or FieldChoice(), reading, seen, out)]
        )
    ]
    if len(corpora) == 1:
        return corpora[0]
    return corpus_of(
        (poem for corpus in corpora for poem in corpus.poems),
        " and ".join(corpus.name for corpus in corpora),
        (notice for corpus in corpora for notice in corpus.notices),
    )


def named_file(name: str) -> tuple[str, bytes, str | None]:
    """Return the file of the corpus `name`: its name, its bytes, and the author of poems that name none.

    Raises PoetBotError as `read_named` does.
    """
    if name in BUNDLED:
        return BUNDLED[name], (CORPORA / BUNDLED[name]).read_bytes(), None
    if name in GUTENBERG:
        file, author = GUTENBERG[name]
        return file, _gutenberg_text(name).encode(), author
    raise PoetBotError(
        "There is no corpus {name!r}. Choose one of {names}.",
        name=displayable(str(name), 80),
        names=", ".join(NAMED),
    )


def licence_of(*names: str) -> str | None:
    """Return the licence of corpora for a poet's card; None if one of them isn't bundled."""
    return "CC0 1.0" if names and all(name in BUNDLED for name in names) else None


def _gutenberg_text(name: str) -> str:
    # Imported here because NLTK takes most of a second to load, and few commands need it.
    try:
        from nltk.corpus import gutenberg
    except ImportError as error:
        raise PoetBotError(
            "The corpus {name} needs NLTK. Install it with `{command}`.",
            name=name,
            command=install_command("teach"),
        ) from error
    try:
        text: str = gutenberg.raw(GUTENBERG[name][0])
    except LookupError as error:
        raise PoetBotError(
            "The corpus {name} isn't on this machine. Get it with `python -m nltk.downloader gutenberg`.",
            name=name,
        ) from error
    # NLTK reads Latin-1; Milton's file ends in two Ctrl-Z characters.
    return text.replace("\r\n", "\n").rstrip("\x1a")
