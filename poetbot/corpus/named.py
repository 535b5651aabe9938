"""Corpora that have a name instead of a path: the verse in NLTK's selections from Project Gutenberg."""

import dataclasses

from poetbot.corpus.poem import Poem
from poetbot.corpus.poems import find_poems
from poetbot.corpus.reading import Corpus, corpus_of
from poetbot.errors import PoetBotError

NAMED = {
    "blake": ("blake-poems.txt", "William Blake"),
    "whitman": ("whitman-leaves.txt", "Walt Whitman"),
    "milton": ("milton-paradise.txt", "John Milton"),
}
"""Name of a corpus: its file in NLTK's gutenberg, and its author."""


def read_named(name: str) -> Corpus:
    """Read the corpus `name`. Nothing is fetched: what is not on this machine is an error with the command to get it.

    Raises PoetBotError for an unknown name too.
    """
    if name not in NAMED:
        raise PoetBotError(
            f"There is no file or corpus {name[:80]!r}: give a file, or one of {', '.join(NAMED)}."
        )
    # Here and not above: NLTK takes most of a second to load, and few commands need it.
    from nltk.corpus import gutenberg

    file, author = NAMED[name]
    try:
        text = gutenberg.raw(file)
    except LookupError as error:
        raise PoetBotError(
            f"The corpus {name} is not on this machine: get it once with `python -m nltk.downloader gutenberg`."
        ) from error
    # NLTK reads Latin-1; Milton's file ends in two Ctrl-Z characters.
    text = text.replace("\r\n", "\n").rstrip("\x1a")
    poems = find_poems(text, source=file)
    return corpus_of([_by(author, poem) for poem in poems], name)


def _by(author: str, poem: Poem) -> Poem:
    return dataclasses.replace(poem, author=author)
