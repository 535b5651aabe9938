"""Titles, authors and source files of the indexed poems, as arrays that can be memory-mapped."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from poetbot.errors import PoetBotError
from poetbot.poem import Poem

OF = ("poet", "parent")
"""Whose training set a poem belongs to: the poet's own, or that of the poet that it was fine-tuned from."""

UNKNOWN = 0xFFFFFFFF
TITLE, AUTHOR, SOURCE, START_LINE, WHOSE = range(5)  # columns of `Catalogue.poems`


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The catalog. `poems` is uint32 (P, 5): numbers of title, author and source file, first line, and owner (see `OF`).

    Name k is the UTF-8 of `names[ends[k - 1]:ends[k]]`; names is uint8 (bytes,), ends uint32 (names,).
    """

    names: NDArray[np.uint8]
    ends: NDArray[np.uint32]
    poems: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.poems)

    @classmethod
    def of(cls, poems: Sequence[Poem], of: str) -> "Catalogue":
        """Return the catalogue of poems that belong to `of`, "poet" or "parent"."""
        whose = _whose(of)
        numbers: dict[str, int] = {}
        rows = [
            [
                *(UNKNOWN if name is None else numbers.setdefault(name, len(numbers)) for name in names),
                UNKNOWN if poem.start_line is None else poem.start_line,
                whose,
            ]
            for poem in poems
            for names in ((poem.title, poem.author, poem.source),)
        ]
        return cls(
            *_packed([name.encode("utf-8", "replace") for name in numbers]),
            np.array(rows, np.uint32).reshape(-1, 5),
        )

    @classmethod
    def joined(cls, parts: Sequence["Catalogue"], of: Sequence[str] | None = None) -> "Catalogue":
        """Return the concatenated parts. With `of`, each part is assigned to that owner instead."""
        numbers: dict[bytes, int] = {}
        tables = []
        for place, part in enumerate(parts):
            whole, ends = part.names.tobytes(), part.ends.tolist()
            renumbered = [
                numbers.setdefault(whole[start:end], len(numbers))
                for start, end in zip([0, *ends], ends, strict=False)
            ]
            table = part.poems.copy()
            known = table[:, : SOURCE + 1] != UNKNOWN
            table[:, : SOURCE + 1][known] = np.array(renumbered, np.uint32)[table[:, : SOURCE + 1][known]]
            if of is not None:
                table[:, WHOSE] = _whose(of[place])
            tables.append(table)
        return cls(*_packed(list(numbers)), np.concatenate(tables))

    def name(self, number: int) -> str | None:
        """Return a title, an author or a file by its number, or None for `UNKNOWN`."""
        if number == UNKNOWN:
            return None
        start = int(self.ends[number - 1]) if number else 0
        return self.names[start : int(self.ends[number])].tobytes().decode("utf-8", "replace")


def _packed(names: Sequence[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    ends = np.cumsum([len(name) for name in names], dtype=np.uint64)
    return np.frombuffer(b"".join(names), np.uint8), ends.astype(np.uint32)


def _whose(of: str) -> int:
    if of not in OF:
        raise PoetBotError('Training poems belong to "poet" or "parent", not to "{of}".', of=of)
    return OF.index(of)
