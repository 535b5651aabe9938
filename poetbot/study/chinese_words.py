"""Chinese words, segmented by the library `rjieba`.

It knows modern words in simplified script. In old verse most words have one or two characters, and it finds many of
them. Text in traditional script is mostly split into single characters.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from poetbot.storage import json_bytes, write_atomically

FILE = "chinese_words.json"
"""A file in the folder of a Chinese poet without texts: how often its training poems use each word."""
_LARGEST = 4_000_000  # bytes

_RUN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def count_chinese_words(texts: Iterable[str]) -> dict[str, int]:
    """Count the Chinese words of all texts; words in other scripts are left out. Sorted by count, then by character."""
    # Imported here because it loads its dictionary, which takes a third of a second.
    import rjieba

    counter: Counter[str] = Counter()
    for text in texts:
        for run in _RUN.findall(text):
            counter.update(rjieba.cut(run))
    return dict(sorted(counter.items(), key=lambda pair: (-pair[1], pair[0])))


def store_chinese_words(folder: Path, counts: Mapping[str, int]) -> None:
    """Store counts in the folder of a poet."""
    write_atomically(folder / FILE, json_bytes(counts))


def stored_chinese_words(folder: Path) -> dict[str, int] | None:
    """Return the counts stored with a poet, or None if there are none or they cannot be read."""
    try:
        if (folder / FILE).stat().st_size > _LARGEST:
            return None
        counts = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    sound = isinstance(counts, dict) and all(type(count) is int and count > 0 for count in counts.values())
    return counts if sound else None
