"""The files of a poet's folder, with their maximum sizes, for export and import."""

import re
from pathlib import Path

from poetbot.overlap.storage import EVERY_ARRAY
from poetbot.study.chinese_words import FILE as CHINESE_WORDS
from poetbot.study.stored_verse_shares import FILE as SHARES
from poetbot.study.stored_verse_shares import LARGEST as LARGEST_SHARES
from poetbot.writing.word_vectors import FILE as WORD_VECTORS
from poetbot.writing.word_vectors import LARGEST as LARGEST_VECTORS

MANIFEST = "manifest.json"
"""In an exported poet: the format, and the size and SHA-256 of every other file."""
FORMAT = 1
POEMS = "poems.jsonl"
"""The poems that a poet was trained on, if they were saved with it."""
CARD, VOCABULARY, WEIGHTS = "poet.json", "vocabulary.json", "weights.safetensors"
NEEDED = (CARD, VOCABULARY, WEIGHTS)
INDEX = "overlap/index.json"

_MB = 1_000_000
MOST_BYTES = 600 * _MB
"""Maximum size of a poet, packed or unpacked."""
MOST_JSON = 4 * _MB

_LARGEST = {
    CARD: MOST_JSON,
    VOCABULARY: MOST_JSON,
    WEIGHTS: 500 * _MB,
    "words.json": MOST_JSON,
    CHINESE_WORDS: MOST_JSON,
    WORD_VECTORS: LARGEST_VECTORS,
    "history.jsonl": 20 * _MB,
    "README.md": _MB,
    SHARES: LARGEST_SHARES,
    POEMS: 60 * _MB,
    INDEX: _MB,
    "overlap/human.json": MOST_JSON,
    "overlap/human.npy": 2 * _MB,
    **{f"overlap/{name}.npy": 500 * _MB for name in EVERY_ARRAY},
}
_EPOCH = re.compile(r"epochs/\d{4}\.safetensors")


def max_size(name: str) -> int | None:
    """Return the maximum size of a file of a poet, by its name in the folder; None if a poet has no such file."""
    return _LARGEST[WEIGHTS] if _EPOCH.fullmatch(name) else _LARGEST.get(name)


def epoch_of(name: str) -> int | None:
    """Return the epoch whose weights a file contains, None if it contains none."""
    return int(name.removeprefix("epochs/")[:4]) if _EPOCH.fullmatch(name) else None


def poet_files(poet: Path, with_poems: bool) -> list[str]:
    """Return the files to export from a poet's folder, by name; its poems only if requested."""
    found = [path for part in (poet, poet / "epochs", poet / "overlap") for path in part.glob("*")]
    names = [path.relative_to(poet).as_posix() for path in found if path.is_file() and not path.is_symlink()]
    return sorted(name for name in names if max_size(name) and (with_poems or name != POEMS))
