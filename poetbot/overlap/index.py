"""The overlap index of a poet: every occurrence of every phrase in its training poems, without the text.

Arrays, for W words in P poems of V different words, n = W + P (see `suffix_array.py` for the stream and its order):

    vocabulary  uint64 (V,)    keys of the words, ascending (`tokens.py`)
    buckets     uint32 (V+1,)  where each word's occurrences begin in `suffixes`
    suffixes    uint32 (n,)    positions, sorted by the text that follows them; the first P are the ends of poems
    sieve       uint8 (F,)     a Bloom filter of the four-word phrases, one byte for each (`bloom_filter.py`)
    lines       uint32 (L,)    the position of the first word of each line (or of what comes next)

and the catalogue. On disk `suffixes` takes 3 bytes per word up to 16.8 million words, `buckets` and `lines` mostly one
byte each (`packed_integers.py`), and everything together 4.5 bytes per word. `suffixes` and `lines` are unpacked at
first use. Two more arrays are computed at first use and kept only in memory, because that is fast and they would take
more disk space than all the others:

    ranks       uint32 (n,)    the inverse of `suffixes`
    guides      uint64 (n/16,) every 16th pair of words, where a search starts

The index is exact: every figure equals that of plain sets of n-grams, except for words that share a 64-bit key. The expected number
of false hits in a check of m different words is at most m · V / 2^60: 4e-11 for 1,000 words and 45,000 known ones.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from poetbot.corpus.chinese_scripts import FIRST_HAN, in_known_script
from poetbot.errors import PoetBotError
from poetbot.overlap import human_percentiles as human
from poetbot.overlap import storage
from poetbot.overlap.bloom_filter import bloom_filter_of, extended
from poetbot.overlap.human_percentiles import HumanPoems
from poetbot.overlap.merging import distinct, joined_order, joined_words, may_be_places, places_of
from poetbot.overlap.packed_integers import Planes, Steps, unpacked
from poetbot.overlap.poem_catalog import OF, SOURCE, START_LINE, UNKNOWN, Catalogue
from poetbot.overlap.suffix_array import Order, pair_guides, ranks_of, suffix_order
from poetbot.overlap.tokens import Words, words
from poetbot.poem import Poem

_BLOCK = 1 << 16  # characters of poems tokenised at a time
_STEPS = 16  # from a guess to a word; more are needed only in a vocabulary that isn't made of hashes
_MOST_INTERVALS = 20_000  # cached words, some megabytes
_MOST = (1 << 32) - 2  # positions that fit

Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class OverlapIndex:
    """Every phrase of a set of poems, with its occurrences. Immutable; created by `build`, `open` and `merge`.

    `human` has the figures of human poems (`human_measurement.py`), if they were measured.
    """

    vocabulary: NDArray[np.uint64]
    buckets: NDArray[np.uint32]
    order: Order | Planes  # `suffixes`
    sieve: NDArray[np.uint8]
    line_places: Order | Steps  # `lines`
    catalogue: Catalogue
    human: HumanPoems | None = None

    @classmethod
    def build(cls, poems: Sequence[Poem], of: str = "poet") -> "OverlapIndex":
        """Return the index of these poems, in their order. `of` is "poet" or "parent".

        Titles aren't indexed. Raises PoetBotError if `of` is neither.
        """
        catalogue = Catalogue.of(poems, of)
        keys = [np.zeros(0, np.uint64)]
        counts, lines = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        before = 0
        for found, words_of_poems, first_words in map(_read, _blocks([poem.text for poem in poems])):
            keys.append(found)
            counts.append(words_of_poems)
            lines.append(first_words + before)
            before += len(found) + len(words_of_poems)
        return cls._assembled(np.concatenate(keys), np.concatenate(counts), np.concatenate(lines), catalogue)

    @classmethod
    def _assembled(
        cls,
        keys: NDArray[np.uint64],
        counts: NDArray[np.int64],
        lines: NDArray[np.int64],
        catalogue: Catalogue,
    ) -> "OverlapIndex":
        if len(keys) + len(counts) > _MOST:
            raise PoetBotError("An index holds at most four billion words. Index the corpus in parts.")
        sieve = bloom_filter_of(keys, counts)
        vocabulary = distinct(keys)
        ids = _identified(vocabulary, _heads(vocabulary), keys) if len(keys) else np.zeros(0, np.int64)
        suffixes, _, buckets = suffix_order(ids, len(vocabulary), counts)
        return cls(vocabulary, buckets, suffixes, sieve, lines.astype(np.uint32), catalogue)

    @classmethod
    def open(cls, folder: str | Path) -> "OverlapIndex":
        """Return the index that `save` or `save_beside` wrote to a folder, memory-mapped.

        Raises PoetBotError if the folder is missing, truncated, from another version or not an index, or if the
        parent's index isn't the one it was built with.
        """
        folder = Path(folder)
        arrays, beside = storage.read(folder)
        catalogue = Catalogue(arrays.pop("names"), arrays.pop("name_ends"), arrays.pop("poems"))
        order, lines = arrays.pop("suffixes"), arrays.pop("lines")
        own = cls(**arrays, order=order, line_places=lines, catalogue=catalogue, human=human.read(folder))
        if beside is None:
            return own
        parent = cls.open(beside.folder)
        if not may_be_places(
            beside.places, len(own.suffixes), own.poem_count, len(parent.order), parent.poem_count
        ):
            raise storage.broken(folder, "it does not fit its parent's")
        return own.before(parent, beside.places)

    def save(self, folder: str | Path) -> None:
        """Write the index to a folder (a poet's `overlap/`). The same poems give the same bytes."""
        self._save(Path(folder), None)

    def save_beside(self, folder: str | Path, own: "OverlapIndex", parent: str | Path) -> None:
        """Write this index, of `own` poems followed by those of the index in the folder `parent`, without the latter.

        `open` joins them again, as long as the parent's index is unchanged and at the same relative path. Both folders
        are `overlap/` folders of poets in the same folder. Raises PoetBotError if they aren't.
        """
        places = places_of(self.suffixes, len(own.suffixes))
        beside = storage.beside(Path(folder), Path(parent), places)
        dataclasses.replace(own, human=self.human)._save(Path(folder), beside)

    def _save(self, folder: Path, beside: storage.Beside | None) -> None:
        human.remove(folder)
        arrays: storage.Arrays = {
            "vocabulary": self.vocabulary,
            "buckets": self.buckets,
            "suffixes": self.order,
            "sieve": self.sieve,
            "lines": self.line_places,
            "names": self.catalogue.names,
            "name_ends": self.catalogue.ends,
            "poems": self.catalogue.poems,
        }
        storage.write(folder, arrays, beside)
        if self.human is not None:
            self.human.save(folder)

    def before(self, parent: "OverlapIndex", places: Order) -> "OverlapIndex":
        """Return `merge([self, parent], of=["poet", "parent"])` in milliseconds, except for the Bloom filter.

        `places` are those of its suffixes among the parent's (`merging.py`, `insertion.py`). The filter keeps the parent's size: it lets a little more pass, which changes no result.
        """
        vocabulary, buckets = joined_words(
            [(index.vocabulary, index.buckets) for index in (self, parent)],
            self.poem_count + parent.poem_count,
        )
        return OverlapIndex(
            vocabulary,
            buckets,
            joined_order(self.suffixes, places, parent.order),
            extended(parent.sieve, *self._stream()),
            np.concatenate([self.lines, parent.lines + np.uint32(len(self.suffixes))]),
            Catalogue.joined([self.catalogue, parent.catalogue], OF),
            self.human,
        )

    def _stream(self) -> tuple[NDArray[np.uint64], Ids]:
        """Return the keys of all words in reading order, and the number of words of each poem."""
        ids = np.full(len(self.suffixes), -1, np.int64)
        often = (self.buckets[1:] - self.buckets[:-1]).astype(np.int64)
        ids[self.suffixes[self.poem_count :]] = np.repeat(np.arange(len(often)), often)
        ends = np.append(np.full(1, -1), self.suffixes[: self.poem_count].astype(np.int64))
        return self.vocabulary[ids[ids >= 0]], ends[1:] - ends[:-1] - 1

    # Two threads may both compute these, with the same result.
    @cached_property
    def suffixes(self) -> Order:
        """All positions, sorted by the text that follows them, uint32 (n,), unpacked at first use."""
        return unpacked(self.order)

    @cached_property
    def lines(self) -> Order:
        """Where each line of each poem begins, uint32 (L,), unpacked at first use."""
        return unpacked(self.line_places)

    @cached_property
    def ranks(self) -> Order:
        """The inverse of `suffixes`, uint32 (n,), computed at first use."""
        return ranks_of(self.suffixes)

    @cached_property
    def guides(self) -> NDArray[np.uint64]:
        """Every 16th pair of words (`pair_guides`), computed at first use."""
        return pair_guides(self.suffixes, self.ranks, self.buckets)

    @cached_property
    def _intervals(self) -> dict[str, tuple[int, int]]:
        return {}

    @cached_property
    def _heads(self) -> Order:
        return _heads(self.vocabulary)

    @property
    def word_count(self) -> int:
        """The number of words read, including repetitions."""
        return len(self.order) - len(self.catalogue)

    @property
    def poem_count(self) -> int:
        """The number of poems read."""
        return len(self.catalogue)

    def words(self, text: str) -> Words:
        """Return the words of a text to compare; Chinese is converted to the script of this index.

        Raises PoetBotError if `text` isn't text.
        """
        found = words(text)
        if not (found.normal[0] >= FIRST_HAN).any():
            return found
        read = in_known_script(text, self.known)
        return found if read == text else dataclasses.replace(words(read), text=text)

    def known(self, characters: str) -> set[str]:
        """Return which of these Chinese characters were read."""
        found = words(characters)
        return {characters[start] for start in found.starts[self.ids(found.keys) >= 0].tolist()}

    def ids(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the word ids (m,) of keys (m,), -1 for unread words."""
        if not len(self.vocabulary):
            return np.full(len(keys), -1, np.int64)
        ids = _identified(self.vocabulary, self._heads, keys)
        np.minimum(ids, len(self.vocabulary) - 1, out=ids)
        return np.where(self.vocabulary[ids] == keys, ids, -1)

    def interval(self, word: str) -> tuple[int, int] | None:
        """Return where the suffixes that begin with a word are, or None if it was never read. Looked up once for all guards."""
        found = self._intervals.get(word)
        if found is None:
            if len(self._intervals) >= _MOST_INTERVALS:
                self._intervals.clear()
            (number,) = self.ids(words(word).keys[:1]).tolist() or (-1,)
            found = (0, 0) if number < 0 else (int(self.buckets[number]), int(self.buckets[number + 1]))
            self._intervals[word] = found
        return found if found[1] else None

    def rarity(self, ids: Ids, begins: Ids, lengths: Ids) -> NDArray[np.float64]:
        """Return the rarity of phrases (k,) in bits: -log2 of how often they are expected to occur by chance.

        Chance draws each word with its frequency in the training poems (an unread word: half an occurrence), in a text
        as long as them. `begins` and `lengths` (k,) are in words of the text whose ids (m,) are given.
        """
        often = np.where(ids < 0, 0.5, self.buckets[ids + 1].astype(np.float64) - self.buckets[ids])
        size = np.log2(max(1, self.word_count))
        bits = np.append(0.0, np.cumsum(size - np.log2(often)))
        return bits[begins + lengths] - bits[begins] - size

    def are_lines(self, positions: NDArray[np.uint32], counts: Ids) -> NDArray[np.bool_]:
        """Return for each position (k,) whether a line of a poem begins there and has `counts` words."""
        ends = positions + counts.astype(np.uint32)
        return _among(self.lines, positions) & (
            _among(self.lines, ends) | _among(self.suffixes[: self.poem_count], ends)
        )

    def origin(self, poem: int) -> tuple[str | None, int | None]:
        """Return the source file of a poem and its first line there, None if unknown."""
        row = self.catalogue.poems[poem].tolist()
        return self.catalogue.name(row[SOURCE]), None if row[START_LINE] == UNKNOWN else row[START_LINE]


def merge(indexes: Sequence[OverlapIndex], of: Sequence[str] | None = None) -> OverlapIndex:
    """Return one index of all these poems, byte for byte equal to the index built from them at once.

    `of` sets the owner of each index: that of a fine-tuned poet is `merge([own, parents], of=["poet", "parent"])`.
    Raises PoetBotError if there is nothing to merge or `of` doesn't fit.
    """
    if not indexes or (of is not None and len(of) != len(indexes)):
        raise PoetBotError("Merging needs at least one index, and an owner for each if any is named.")
    keys: list[NDArray[np.uint64]] = []
    counts: list[Ids] = []
    lines: list[Ids] = []
    before = 0
    for index in indexes:
        words_of_index, words_of_poems = index._stream()
        keys.append(words_of_index)
        counts.append(words_of_poems)
        lines.append(index.lines.astype(np.int64) + before)
        before += len(index.suffixes)
    catalogue = Catalogue.joined([index.catalogue for index in indexes], of)
    return OverlapIndex._assembled(
        np.concatenate(keys), np.concatenate(counts), np.concatenate(lines), catalogue
    )


def _blocks(texts: list[str]) -> list[list[str]]:
    """Return the texts in groups of about `_BLOCK` characters."""
    blocks: list[list[str]] = []
    size = _BLOCK
    for text in texts:
        if size >= _BLOCK:
            blocks.append([])
            size = 0
        blocks[-1].append(text)
        size += len(text)
    return blocks


def _among(values: NDArray[np.uint32], sought: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return for each number (k,) whether it is among the ascending `values`."""
    if not len(values):
        return np.zeros(len(sought), np.bool_)
    return values[np.minimum(values.searchsorted(sought), len(values) - 1)] == sought


def _read(texts: list[str]) -> tuple[NDArray[np.uint64], Ids, Ids]:
    """Return the keys of all words of some texts, their number per text, and where lines begin in the stream."""
    joined = "\0".join(texts)  # not a newline, where a hyphen would join words of two poems
    found = words(joined)
    offsets = np.cumsum([0] + [len(text) + 1 for text in texts])
    firsts = np.searchsorted(found.starts, offsets)
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")
    line_offsets = np.concatenate([offsets[:-1], np.flatnonzero(points == ord("\n")) + 1])
    line_offsets.sort(kind="stable")  # which merges the two
    poem_of_line = np.searchsorted(offsets, line_offsets, "right") - 1
    return found.keys, np.diff(firsts), np.searchsorted(found.starts, line_offsets) + poem_of_line


def _heads(vocabulary: NDArray[np.uint64]) -> Order:
    """Return, for each beginning, where its keys start in an ascending vocabulary. There are about as many beginnings as keys."""
    bits = len(vocabulary).bit_length()
    counts = np.bincount((vocabulary >> np.uint64(64 - bits)).astype(np.int64), minlength=1 << bits)
    return (np.cumsum(counts) - counts).astype(np.uint32)


def _identified(vocabulary: NDArray[np.uint64], heads: Order, keys: NDArray[np.uint64]) -> Ids:
    """Return where each key is in the vocabulary or would be inserted: a guess from its first bits, then steps.

    A binary search takes four times as long, because the processor can't predict its branches.
    """
    beginnings = keys >> np.uint64(64 - len(vocabulary).bit_length())
    ids = heads.take(beginnings.astype(np.int64)).astype(np.int64)
    short = np.flatnonzero(vocabulary.take(ids, mode="clip") < keys)
    for _ in range(_STEPS):
        if not len(short):
            break
        ids[short] += 1
        short = short[vocabulary.take(ids[short], mode="clip") < keys[short]]
    ids[short] = vocabulary.searchsorted(keys[short])
    return ids
