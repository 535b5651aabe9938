"""Chinese by word: where one word ends and the next begins is said by a library, `rjieba`.

It knows the words of today in simplified script. In old verse most words have one character or two, and it finds many of
them; text in traditional script falls apart into characters for the most part.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from poetbot.storage import json_bytes, write_atomically

FILE = "chinese_words.json"
"""In the folder of a Chinese poet that may hold no text: how often what it has read uses each word."""
_LARGEST = 4_000_000  # bytes

_RUN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def count_chinese_words(texts: Iterable[str]) -> dict[str, int]:
    """Count the Chinese words of all texts; words in other scripts are left out. Sorted by count, then by character."""
    # Here and not above: it reads its dictionary, which takes a third of a second.
    import rjieba

    counter: Counter[str] = Counter()
    for text in texts:
        for run in _RUN.findall(text):
            counter.update(rjieba.cut(run))
    return dict(sorted(counter.items(), key=lambda pair: (-pair[1], pair[0])))


def store_chinese_words(folder: Path, counts: Mapping[str, int]) -> None:
    """Keep counts with a poet."""
    write_atomically(folder / FILE, json_bytes(counts))


def stored_chinese_words(folder: Path) -> dict[str, int] | None:
    """Return the counts that are kept with a poet; None where there are none, or none that can be read."""
    try:
        if (folder / FILE).stat().st_size > _LARGEST:
            return None
        counts = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    sound = isinstance(counts, dict) and all(type(count) is int and count > 0 for count in counts.values())
    return counts if sound else None
