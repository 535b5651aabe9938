"""The overlap report over shards: the same figures and sources as over one index of all poems."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from poetbot.corpus.chinese_scripts import FIRST_HAN, in_known_script
from poetbot.overlap.figures import SHORTEST_SPAN
from poetbot.overlap.highlights import DISTINCTIVE_BITS, ORDINARY_LONGEST
from poetbot.overlap.longest_matches import maximal
from poetbot.overlap.report import candidate_lines, shares
from poetbot.overlap.report_types import CopiedLine, Longest, Occurrences, Report, Span
from poetbot.overlap.shards import MappedShards, Shards, ShardSize, Wanted, joined, read_header
from poetbot.overlap.summary import INDEXED
from poetbot.overlap.tokens import Words, words
from poetbot.overlap.written_words import written_words

Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ShardedIndex:
    """All shards of an index, with their sizes."""

    shards: Shards
    sizes: tuple[ShardSize, ...]

    @classmethod
    def open(cls, folder: str | Path) -> "ShardedIndex":
        """Return the index in a folder, memory-mapped. Raises PoetBotError if it isn't one; a damaged shard is found at first use."""
        folder = Path(folder)
        sizes = read_header(folder)
        return cls(MappedShards(folder / size.name for size in sizes), tuple(sizes))

    def words(self, text: str) -> Words:
        """Return the words of a text to compare; Chinese is converted to the script of this index."""
        found = words(text)
        if not (found.normal[0] >= FIRST_HAN).any():
            return found
        read = in_known_script(text, self.shards.known)
        return found if read == text else dataclasses.replace(words(read), text=text)

    def report(self, text: str, seed_characters: int = 0) -> Report:
        """Return the overlap report of a text, as `report` does with one index."""
        found = self.words(text)
        written = written_words(found, seed_characters)
        matches = self.shards.match(found.keys)
        each = np.stack([match.lengths for match in matches])
        often = np.sum([match.often for match in matches], axis=0)
        matched = each.max(axis=0)
        lengths = written.trimmed(matched)
        begins = maximal(lengths, SHORTEST_SPAN)
        bits = self._rarity(often, begins, lengths[begins])
        firsts, counts, numbers = candidate_lines(found, written, matched)
        longest, longest_written = _first_longest(lengths), _first_longest(np.minimum(matched, written.reach))
        few = [*longest, *longest_written]
        places = self._occurrences(
            found.keys,
            each,
            np.array([*(first for first, _ in few), *begins, *firsts], np.int64),
            np.array([*(count for _, count in few), *lengths[begins], *counts], np.int64),
            np.arange(len(few) + len(begins) + len(firsts)) >= len(few) + len(begins),
        )
        at_spans = places[len(few) : len(few) + len(begins)]
        spans: list[Span] = [
            {
                "start": int(found.starts[begin]),
                "end": int(found.ends[begin + lengths[begin] - 1]),
                "words": int(lengths[begin]),
                "distinctive": rare > DISTINCTIVE_BITS,
                "bits": rare,
                **at,
            }
            for begin, rare, at in zip(begins.tolist(), bits.tolist(), at_spans, strict=True)
        ]
        different = {
            _phrase(found, begin, int(lengths[begin])): rare
            for begin, rare in zip(begins.tolist(), bits.tolist(), strict=True)
        }
        lines = _lines(found, firsts, counts, numbers, places[len(few) + len(begins) :])
        return {
            "words": len(found),
            "seed_words": written.typed,
            **shares(found, written, matched),
            "longest": _longest(found, longest, places),
            "longest_written": _longest(found, longest_written, places[len(longest) :]),
            "spans": spans,
            "lines": lines,
            "summary": {
                "spans": len(different),
                "distinctive": sum(rare > DISTINCTIVE_BITS for rare in different.values()),
                "lines": len({line["first"] for line in lines}),
            },
            "compared_with": {
                "what": INDEXED,
                "poems": sum(size.poems for size in self.sizes),
                "parents_poems": sum(size.parents for size in self.sizes),
                "words": self._word_count,
                "human_poems": 0,
                "distinctive_from_bits": DISTINCTIVE_BITS,
                "limit_from_human_poems": False,
                "marked_from_words": max(SHORTEST_SPAN, 1 + ORDINARY_LONGEST),
            },
            "percentiles": None,
        }

    @property
    def _word_count(self) -> int:
        return sum(size.words for size in self.sizes)

    def _rarity(self, often: Places, begins: Places, lengths: Places) -> NDArray[np.float64]:
        """Return the rarity of phrases (k,) in bits, as `OverlapIndex.rarity` does."""
        size = np.log2(max(1, self._word_count))
        bits = np.append(0.0, np.cumsum(size - np.log2(np.where(often > 0, often, 0.5))))
        return np.round(bits[begins + lengths] - bits[begins] - size, 2)

    def _occurrences(
        self, keys: NDArray[np.uint64], each: Places, firsts: Places, counts: Places, lines: NDArray[np.bool_]
    ) -> list[Occurrences]:
        """Return the occurrences of phrases (k,) in all shards, given the longest matches in `each` shard (shards, m)."""
        has = each[:, firsts] >= counts
        wanted = [Wanted(firsts[some], counts[some], lines[some]) for some in has]
        before = np.cumsum([0, *(size.poems for size in self.sizes)]).tolist()
        parts: list[list[tuple[int, Occurrences]]] = [[] for _ in firsts]
        for number, (some, found) in enumerate(zip(has, self.shards.find(keys, wanted), strict=True)):
            for phrase, at in zip(np.flatnonzero(some).tolist(), found, strict=True):
                parts[phrase].append((before[number], at))
        return [joined(some) for some in parts]


def _phrase(found: Words, begin: int, count: int) -> bytes:
    """Return what tells a phrase of a text from others."""
    return found.keys[begin : begin + count].tobytes()


def _offsets(found: Words, begin: int, count: int) -> dict[str, int]:
    return {"start": int(found.starts[begin]), "end": int(found.ends[begin + count - 1])}


def _first_longest(lengths: Places) -> list[tuple[int, int]]:
    """Return the first word and the word count of the first of the longest matches; none if nothing is shared."""
    if not lengths.any():
        return []
    first = int(np.argmax(lengths))
    return [(first, int(lengths[first]))]


def _longest(found: Words, longest: Sequence[tuple[int, int]], at: Sequence[Occurrences]) -> Longest:
    if not longest:
        return {"words": 0, "start": 0, "end": 0, "text": "", "count": 0, "poems": 0, "sources": []}
    ((begin, count),) = longest
    offsets = _offsets(found, begin, count)
    text = found.text[offsets["start"] : offsets["end"]]
    return {"words": count, **offsets, "text": text, **at[0]}  # type: ignore[typeddict-item]


def _lines(
    found: Words, firsts: Places, counts: Places, numbers: Places, places: Sequence[Occurrences]
) -> list[CopiedLine]:
    """Return the lines that are a whole line of a poem."""
    seen: dict[bytes, int] = {}
    lines: list[CopiedLine] = []
    rows = zip(firsts.tolist(), counts.tolist(), numbers.tolist(), places, strict=True)
    for first, count, number, at in rows:
        earliest = seen.setdefault(_phrase(found, first, count), number)
        if at["count"]:
            lines.append(
                {"line": number, "first": earliest, **_offsets(found, first, count), "words": count, **at}  # type: ignore[typeddict-item]
            )
    return lines
