"""What `import poetbot` offers to notebooks and scripts. docs/api.md shows how to use it."""

from poetbot.api.corpora import find_poems, read_poems
from poetbot.api.poem import Poem
from poetbot.api.poet import Poet, list_forms, list_poets, load
from poetbot.api.training import train
from poetbot.errors import PoetBotError

__all__ = [
    "Poem",
    "Poet",
    "PoetBotError",
    "find_poems",
    "list_forms",
    "list_poets",
    "load",
    "read_poems",
    "train",
]
