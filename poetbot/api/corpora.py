"""Poems to train on, from raw text, files, folders and named corpora."""

from collections.abc import Iterable
from pathlib import Path

from poetbot.corpus import Corpus, corpus_of
from poetbot.corpus import find_poems as find_in_text
from poetbot.corpus.named_corpora import read_given
from poetbot.poem import Poem

Poems = str | Path | Iterable[str | Poem]
"""A file, a folder or the name of a corpus; or the poems themselves."""


def find_poems(text: str) -> list[Poem]:
    """Return the poems in raw text, such as a whole book, each with `text`, `title` and its line numbers."""
    return find_in_text(text)


def read_poems(*sources: str | Path) -> list[Poem]:
    """Return the poems of files, folders and named corpora, such as "english-poems".

    Raises PoetBotError if a source can't be read, or if no poem is found.
    """
    return list(read_given([str(source) for source in sources]).poems)


def corpus_from(poems: Poems) -> Corpus:
    """Return poems as a corpus. Raises PoetBotError as `read_poems` does."""
    if isinstance(poems, str | Path):
        return read_given([str(poems)])
    return corpus_of((Poem(poem) if isinstance(poem, str) else poem for poem in poems), "your poems")
