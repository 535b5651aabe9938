"""Blends: two or three poets that write together, each with its weight.

The next id is drawn from the weighted geometric mean of the poets' distributions, softmax(sum of w_i log p_i) with weights
that sum to 1: the logarithmic opinion pool (Genest & Zidek 1986, "Combining Probability Distributions: A Critique and an
Annotated Bibliography", *Statistical Science* 1, 114-135), a product of experts (Hinton 2002, "Training Products of Experts
by Minimizing Contrastive Divergence", *Neural Computation* 14, 1771-1800). What one poet finds impossible, none writes.
Log probabilities and logits differ by a constant of each row, which the softmax cancels, so the logits are mixed.

A blend is a `Poet` whose network runs those of its parts and whose state is a tuple of theirs. So all that writes with a
poet can write with a blend.

The parts must share their units. A fine-tuned poet has those of its parent, and perhaps a few characters more, whose ids come
last; a blend doesn't know these.
"""

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.finite import is_finite
from poetbot.poets.card import Card
from poetbot.poets.folder import Poet, load
from poetbot.poets.interfaces import WritingNetwork, WritingState, WritingVocabulary
from poetbot.poets.network import Floats, Ids
from poetbot.poets.recipe import Recipe
from poetbot.poets.recurrent_layers import Memory
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary

MOST = 3
_MAX_WEIGHT = 1_000_000
_SHARED = 0.9  # of each vocabulary: fine-tuning adds a few characters, another corpus has others
_PART = re.compile(r"\s*([^:]+?)\s*:([^:,]*)(?:,|\Z)")


@dataclass(frozen=True)
class Part:
    """The name of a poet and its weight in a blend, any number above 0; only their ratio matters."""

    poet: str
    weight: float


def parts_of(text: str) -> tuple[Part, ...]:
    """Return the parts of a blend such as "english:0.6,dickinson:0.4". Raises PoetBotError if it can't be read as one."""
    found = list(_PART.finditer(text)) if isinstance(text, str) else []
    if not found or "".join(each[0] for each in found) != text:
        raise PoetBotError("Give a blend as poets with weights, such as english:0.6,dickinson:0.4.")
    return _checked([(each[1], each[2]) for each in found])


def parts_of_receipt(receipt: Mapping[str, Any]) -> tuple[tuple[Part, Mapping[str, Any]], ...]:
    """Return the parts of the blend in a receipt, each with its own entry there; none if a single poet wrote it.

    Raises PoetBotError if they are damaged.
    """
    entries = receipt.get("blend")
    if entries is None:
        return ()
    if not isinstance(entries, list) or not all(
        isinstance(each, Mapping) and {"poet", "poet_id", "weight"} <= each.keys() for each in entries
    ):
        raise PoetBotError("The blend in this receipt can't be read. Use the JSON that came with a poem.")
    parts = _checked([(str(each["poet"]), each["weight"]) for each in entries])
    return tuple(zip(parts, entries, strict=True))


def _checked(parts: Sequence[tuple[str, Any]]) -> tuple[Part, ...]:
    if not 2 <= len(parts) <= MOST:
        raise PoetBotError("Blend two or three poets, not {count}.", count=len(parts))
    if len({name for name, _ in parts}) < len(parts):
        raise PoetBotError("Name each poet of a blend once.")
    return tuple(Part(name, _weight(given, name)) for name, given in parts)


def _weight(given: Any, name: str) -> float:
    try:
        value = float(given) if isinstance(given, str) else given
    except ValueError:
        value = None
    if not is_finite(value) or not 0 < value <= _MAX_WEIGHT:
        raise PoetBotError("The weight of {poet} must be a number above 0, such as 0.5.", poet=name)
    return float(value)


def blend_name(parts: Sequence[Part]) -> str:
    """Return a blend as `parts_of` reads it."""
    return ",".join(f"{each.poet}:{each.weight!r}".removesuffix(".0") for each in parts)


def load_blend(text: str, find: Callable[[str], Poet] = load) -> "Blend":
    """Load the poets of a blend such as "english:0.6,dickinson:0.4". Raises PoetBotError if they can't be blended."""
    parts = parts_of(text)
    return blended([find(part.poet) for part in parts], parts)


def blended(poets: Sequence[Poet], parts: Sequence[Part]) -> "Blend":
    """Return the blend of poets with the weights of `parts`. Raises PoetBotError if they don't share a vocabulary."""
    vocabulary = poets[0].vocabulary
    for poet in poets:
        if not isinstance(poet.vocabulary, Vocabulary):
            raise PoetBotError(
                "{poet} writes word by word, so it can't be blended. Choose another poet.", poet=poet.name
            )
    for poet in poets[1:]:
        common = shared_vocabulary(vocabulary, poet.vocabulary)
        if common is None:
            raise PoetBotError(
                "{first} and {other} don't share a vocabulary. Blend poets that come from the same one.",
                first=poets[0].name,
                other=poet.name,
            )
        vocabulary = common
    first = poets[0]
    return Blend(
        blend_name(parts),
        first.folder,
        first.recipe,
        vocabulary,
        {},
        {},
        poets=tuple(poets),
        parts=tuple(parts),
    )


def shared_vocabulary(one: WritingVocabulary, other: WritingVocabulary) -> Vocabulary | None:
    """Return the units of two vocabularies that have the same ids in both, None if they aren't nearly all of them."""
    if not isinstance(one, Vocabulary) or not isinstance(other, Vocabulary):
        return None
    if isinstance(one, Subwords) != isinstance(other, Subwords):
        return None
    if isinstance(one, Subwords) and isinstance(other, Subwords) and one.merges != other.merges:
        return None
    same = next(
        (n for n, pair in enumerate(zip(one.symbols, other.symbols, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )
    if same < _SHARED * max(len(one), len(other)):
        return None
    smaller = min(one, other, key=len)
    if same == len(smaller):
        return smaller
    return (
        Subwords(one.units[:same], one.merges)
        if isinstance(one, Subwords)
        else Vocabulary(one.symbols[:same])
    )


class BlendState:
    """The states of the parts, one poem per row, and the mixed `logits` `[rows, ids]` of the next id."""

    def __init__(self, parts: tuple[WritingState, ...], logits: Floats) -> None:
        self.parts, self.logits = parts, logits

    def copy(self) -> "BlendState":
        """Return an independent copy of this state."""
        return self.take(slice(None))

    def repeated(self, rows: int) -> "BlendState":
        """Return this one-row state, repeated for `rows` rows."""
        return BlendState(tuple(part.repeated(rows) for part in self.parts), self.logits.repeat(rows, 0))

    def take(self, rows: slice | list[int]) -> "BlendState":
        """Return an independent copy of these rows."""
        return BlendState(tuple(part.take(rows) for part in self.parts), self.logits[rows].copy())

    def put(self, row: int, state: "BlendState") -> None:
        """Replace one row with that of a one-row state."""
        for mine, its in zip(self.parts, state.parts, strict=True):
            mine.put(row, its)
        self.logits[row] = state.logits[0]


class BlendNetwork:
    """The networks of the parts as one. `shares` sum to 1; `size` is the number of ids that all of them know."""

    def __init__(self, networks: Sequence[WritingNetwork], shares: Sequence[float], size: int) -> None:
        self._networks, self._shares, self._size = tuple(networks), tuple(shares), size
        self.recipe: Recipe = self._networks[0].recipe
        self.exact = all(network.exact for network in self._networks)

    @property
    def size(self) -> int:
        """The number of ids."""
        return self._size

    def zero_state(self, rows: int = 1) -> BlendState:
        """Return the state before anything is read."""
        parts = tuple(network.zero_state(rows) for network in self._networks)
        return BlendState(parts, self._mixed(parts))

    def step(self, ids: Ids, state: BlendState) -> None:
        """Read one id per row (`[rows]`), updating `state` in place."""
        for network, part in zip(self._networks, state.parts, strict=True):
            network.step(ids, part)
        state.logits = self._mixed(state.parts)

    def read(self, ids: Ids, state: BlendState, skipped: int = 0, trail: Memory | None = None) -> None:
        """Read a sequence `[steps]` into a one-row state. Raises ValueError for `skipped` and `trail`."""
        if skipped or trail is not None:
            raise ValueError("A blend has no padding states.")
        if len(ids):
            for network, part in zip(self._networks, state.parts, strict=True):
                network.read(ids, part)
            state.logits = self._mixed(state.parts)

    def _mixed(self, parts: Sequence[WritingState]) -> Floats:
        mixed: Floats = self._shares[0] * parts[0].logits[:, : self._size]
        for share, part in zip(self._shares[1:], parts[1:], strict=True):
            mixed += share * part.logits[:, : self._size]
        return mixed


@dataclass(frozen=True)
class Blend(Poet):
    """A blend as a poet. Word vectors and recipe are those of the first of its `poets`; `tensors` and `card` are empty."""

    poets: tuple[Poet, ...] = ()
    parts: tuple[Part, ...] = ()

    @cached_property
    def network(self) -> BlendNetwork:
        """The networks of its poets as one."""
        total = math.fsum(part.weight for part in self.parts)
        shares = [part.weight / total for part in self.parts]
        return BlendNetwork([poet.network for poet in self.poets], shares, len(self.vocabulary))

    @cached_property
    def in_floats(self) -> "Blend":
        """The blend of its poets with networks in float32, for receipts from before there were integers."""
        return replace(self, poets=tuple(poet.in_floats for poet in self.poets))

    @cached_property
    def id(self) -> str:
        """The SHA-256 (hex) of its poets' ids and weights."""
        parts = [[poet.id, part.weight] for poet, part in zip(self.poets, self.parts, strict=True)]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def reference(self) -> dict[str, Any]:
        """Return what names it in a receipt, with the ids and weights of its poets."""
        parts = [
            {**poet.reference(), "weight": part.weight}
            for poet, part in zip(self.poets, self.parts, strict=True)
        ]
        return {**super().reference(), "blend": parts}

    def words(self) -> dict[str, int]:
        """Return how often the training poems of its poets use each word, the commonest first."""
        counts: Counter[str] = Counter()
        for poet in self.poets:
            counts.update(poet.words())
        return dict(counts.most_common())

    @property
    def overlap_folders(self) -> tuple[Path, ...]:
        """The folders of its poets' overlap indexes.

        That of a parent, or of a poet whose training another one continued, is left out, because its poems are in the
        other's too.
        """
        cards = [Card(poet.card) for poet in self.poets]
        covered = {card.part("parent").text("id") for card in cards}
        covered |= {card.part("training").part("earlier").text("id") for card in cards}
        return tuple(poet.overlap_folder for poet in self.poets if poet.id not in covered)

    @property
    def overlap_folder(self) -> Path:
        """The first of these folders."""
        return self.overlap_folders[0]
