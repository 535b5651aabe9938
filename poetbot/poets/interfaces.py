"""Poets of characters and poets of words behind one interface, so that whoever writes with one need not ask which.

The network reads ids and gives the next one's logits; the vocabulary says what an id adds to a text.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from poetbot.messages import Message
from poetbot.poets import network, prefix_network
from poetbot.poets.network import Floats, Ids, Network
from poetbot.poets.prefix_network import PrefixNetwork
from poetbot.poets.recipe import Recipe
from poetbot.poets.recurrent_layers import Memory
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary
from poetbot.poets.word_vocabulary import Words


class WritingState(Protocol):
    """Where a network stands, one poem a row. `logits` `[rows, ids]` are the next id's."""

    logits: Floats

    def copy(self) -> Any:
        """Return a state that shares nothing with this one."""

    def repeated(self, rows: int) -> Any:
        """Return this one-row state for `rows` rows."""

    def take(self, rows: slice | list[int]) -> Any:
        """Return a state of these rows that shares nothing with this one."""

    def put(self, row: int, state: Any) -> None:
        """Replace one row by that of a one-row state."""


class WritingNetwork(Protocol):
    """A network that writes. Ids that must never be written have logits of minus infinity."""

    recipe: Recipe

    @property
    def size(self) -> int:
        """The number of ids."""

    def zero_state(self, rows: int = 1) -> Any:
        """Return the state before anything was read."""

    def step(self, ids: Ids, state: Any) -> None:
        """Read one id a row (`[rows]`), moving `state` on in place."""

    def read(self, ids: Ids, state: Any, skipped: int = 0, trail: Memory | None = None) -> None:
        """Read a sequence `[steps]` into a one-row state. `skipped` and `trail` are those of `Layers.read`."""


class WritingVocabulary(Protocol):
    """What ids stand for."""

    unit: str
    """What an id is: "characters" or "words"."""
    ids: dict[str, int]
    """Ids by character, or by word in small letters."""

    @property
    def symbols(self) -> tuple[str, ...]:
        """The characters or words, in the order of their ids."""

    def __len__(self) -> int:
        """Return the number of ids."""

    def ids_of(self, text: str) -> Ids:
        """Return the ids of a text."""

    def piece(self, number: int, after: str) -> str:
        """Return what id `number` adds to a text that ends in `after`; at a poem's end it ends in the poem marker."""

    def readable(self, text: str) -> tuple[str, tuple[Message, ...]]:
        """Return a text as the poet can read it, and notices about what it doesn't know."""

    def priming(self, seed: str) -> Ids:
        """Return what a network in its zero state reads before it goes on from `seed`."""

    def text_of(self, ids: Iterable[int]) -> str:
        """Return the text of ids."""

    def as_json(self) -> Any:
        """Return plain data for vocabulary.json."""


def network_of(recipe: Recipe, tensors: Mapping[str, Floats]) -> WritingNetwork:
    """Return the network that writes with these weights."""
    return PrefixNetwork(recipe, tensors) if _of_words(recipe) else Network(recipe, tensors)


def vocabulary_of(recipe: Recipe, data: Any) -> WritingVocabulary:
    """Make a vocabulary of plain data. Raises PoetBotError where that cannot be one of the recipe's kind."""
    if recipe.level == "subwords":
        return Subwords.from_json(data)
    return Words.from_json(data) if _of_words(recipe) else Vocabulary.from_json(data)


def shapes_of(recipe: Recipe, size: int) -> dict[str, tuple[int, ...]]:
    """Return the name and shape of every tensor of a poet with `size` ids."""
    module = prefix_network if _of_words(recipe) else network
    return module.tensor_shapes(recipe, size)


def _of_words(recipe: Recipe) -> bool:
    return recipe.level == "words"
