"""Corpora that have a name instead of a path: those in `corpora/`, and the verse in NLTK's Gutenberg selections."""

import dataclasses
from pathlib import Path

from poetbot.corpus.poem import Poem
from poetbot.corpus.reading import Corpus, corpus_of, pieces_of, read_poems
from poetbot.corpus.records import shown
from poetbot.errors import PoetBotError

CORPORA = Path(__file__).resolve().parents[2] / "corpora"

BUNDLED = {"english-poems": "english.jsonl", "chinese-poems": "chinese.jsonl"}
"""Name of a corpus that comes with PoetBot: its file in `CORPORA`."""

GUTENBERG = {
    "blake": ("blake-poems.txt", "William Blake"),
    "whitman": ("whitman-leaves.txt", "Walt Whitman"),
    "milton": ("milton-paradise.txt", "John Milton"),
}
"""Name of a corpus: its file in NLTK's gutenberg, and its author."""

NAMED = (*BUNDLED, *GUTENBERG)


def read_named(name: str, pieces: str = "poems") -> Corpus:
    """Read the corpus `name`. Nothing is fetched: what is not on this machine is an error with the command to get it.

    `pieces` are as in `read_poems`. Raises PoetBotError for an unknown name too.
    """
    if name in BUNDLED:
        return dataclasses.replace(read_poems(CORPORA / BUNDLED[name]), name=name)
    if name in GUTENBERG:
        return _read_gutenberg(name, pieces)
    raise PoetBotError(
        f"There is no file or corpus {name[:80]!r}: give a file, or one of {', '.join(NAMED)}."
    )


def named_file(name: str) -> tuple[str, bytes, str | None]:
    """Return the file of the corpus `name`: what it is called, its bytes, and who wrote what names no author.

    Raises PoetBotError as `read_named` does.
    """
    if name in BUNDLED:
        return BUNDLED[name], (CORPORA / BUNDLED[name]).read_bytes(), None
    if name in GUTENBERG:
        file, author = GUTENBERG[name]
        return file, _gutenberg_text(name).encode(), author
    raise PoetBotError(f"There is no corpus {shown(str(name), 80)!r}: choose one of {', '.join(NAMED)}.")


def licence_of(name: str) -> str | None:
    """Return the licence of the corpus `name` for a poet's card; None for one that did not come with PoetBot."""
    return "CC0 1.0" if name in BUNDLED else None


def _read_gutenberg(name: str, pieces: str) -> Corpus:
    file, author = GUTENBERG[name]
    return corpus_of([_by(author, poem) for poem in pieces_of(_gutenberg_text(name), pieces, file)], name)


def _gutenberg_text(name: str) -> str:
    # Here and not above: NLTK takes most of a second to load, and few commands need it.
    from nltk.corpus import gutenberg

    try:
        text: str = gutenberg.raw(GUTENBERG[name][0])
    except LookupError as error:
        raise PoetBotError(
            f"The corpus {name} is not on this machine: get it once with `python -m nltk.downloader gutenberg`."
        ) from error
    # NLTK reads Latin-1; Milton's file ends in two Ctrl-Z characters.
    return text.replace("\r\n", "\n").rstrip("\x1a")


def _by(author: str, poem: Poem) -> Poem:
    return dataclasses.replace(poem, author=author)
