"""Bytes to text, text to blocks, blocks to poems."""

from poetbot.corpus.blocks import find_blocks
from poetbot.corpus.loading import Corpus, corpus_of, read_plain, read_poems
from poetbot.corpus.near_duplicates import near_duplicate_groups
from poetbot.corpus.poems import find_poems
from poetbot.documents.block import LABELS, Block
from poetbot.documents.decoding import MAX_BYTES, decode
from poetbot.poem import MARKER, Poem

__all__ = [
    "LABELS",
    "MARKER",
    "MAX_BYTES",
    "Block",
    "Corpus",
    "Poem",
    "corpus_of",
    "decode",
    "find_blocks",
    "find_poems",
    "near_duplicate_groups",
    "read_plain",
    "read_poems",
]
