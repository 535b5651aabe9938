"""Bytes to text, text to blocks, blocks to poems."""

from poetbot.corpus.decode import MAX_BYTES, decode
from poetbot.corpus.near_duplicates import near_duplicate_groups
from poetbot.corpus.poem import MARKER, Poem
from poetbot.corpus.reading import Corpus, corpus_of, read_plain, read_poems

__all__ = [
    "MARKER",
    "MAX_BYTES",
    "Corpus",
    "Poem",
    "corpus_of",
    "decode",
    "near_duplicate_groups",
    "read_plain",
    "read_poems",
]
