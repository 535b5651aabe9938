"""One interface for character, subword and word poets.

The network reads ids and computes the logits of the next one. The vocabulary converts ids to text.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from poetbot.messages import Message
from poetbot.poets import network, prefix_network
from poetbot.poets.integer_network import IntegerNetwork
from poetbot.poets.network import Floats, Ids, Network
from poetbot.poets.prefix_network import PrefixNetwork
from poetbot.poets.recipe import Recipe
from poetbot.poets.recurrent_layers import Memory
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary
from poetbot.poets.word_vocabulary import Words


class WritingState(Protocol):
    """The state of a network, one poem per row. `logits` `[rows, ids]` are those of the next id."""

    logits: Floats

    def copy(self) -> Any:
        """Return an independent copy of this state."""

    def repeated(self, rows: int) -> Any:
        """Return this one-row state, repeated for `rows` rows."""

    def take(self, rows: slice | list[int]) -> Any:
        """Return an independent copy of these rows."""

    def put(self, row: int, state: Any) -> None:
        """Replace one row with that of a one-row state."""


class WritingNetwork(Protocol):
    """A network that writes. Ids that must not be written have logits of minus infinity."""

    recipe: Recipe
    exact: bool
    """Whether what a row gives depends on nothing else: not on the machine, nor on the other rows."""

    @property
    def size(self) -> int:
        """The number of ids."""

    def zero_state(self, rows: int = 1) -> Any:
        """Return the state before anything is read."""

    def step(self, ids: Ids, state: Any) -> None:
        """Read one id per row (`[rows]`), updating `state` in place."""

    def read(self, ids: Ids, state: Any, skipped: int = 0, trail: Memory | None = None) -> None:
        """Read a sequence `[steps]` into a one-row state. For `skipped` and `trail` see `Layers.read`."""


class WritingVocabulary(Protocol):
    """The mapping between ids and text."""

    unit: str
    """What an id stands for: "characters" or "words"."""
    ids: dict[str, int]
    """Ids by character, or by word in lower case."""

    @property
    def symbols(self) -> tuple[str, ...]:
        """The characters or words, in the order of their ids."""

    def __len__(self) -> int:
        """Return the number of ids."""

    def ids_of(self, text: str) -> Ids:
        """Return the ids of a text."""

    def piece(self, number: int, after: str) -> str:
        """Return the text that id `number` adds after `after`. At the end of a poem it ends with the poem marker."""

    def readable(self, text: str) -> tuple[str, tuple[Message, ...]]:
        """Return the text in a form that the poet can read, and notices about what it does not know."""

    def priming(self, seed: str) -> Ids:
        """Return the ids that a network in its zero state reads before it continues `seed`."""

    def text_of(self, ids: Iterable[int]) -> str:
        """Return the text of ids."""

    def as_json(self) -> Any:
        """Return plain data for vocabulary.json."""


def empty_seed_state(network: WritingNetwork, vocabulary: WritingVocabulary) -> Any:
    """Return the one-row state after an empty seed. A poet keeps it (`Poet.empty_seed`)."""
    state = network.zero_state()
    network.read(vocabulary.priming(""), state)
    return state


def network_of(recipe: Recipe, tensors: Mapping[str, Floats], *, integers: bool) -> WritingNetwork:
    """Return the network that writes with these weights, in integers if asked for and if the recipe's cells can."""
    if _of_words(recipe):
        return PrefixNetwork(recipe, tensors)
    return IntegerNetwork(recipe, tensors) if integers and recipe.cell == "lstm" else Network(recipe, tensors)


def vocabulary_of(recipe: Recipe, data: Any) -> WritingVocabulary:
    """Create a vocabulary from plain data. Raises PoetBotError if the data does not fit the recipe."""
    if recipe.level == "subwords":
        return Subwords.from_json(data)
    return Words.from_json(data) if _of_words(recipe) else Vocabulary.from_json(data)


def shapes_of(recipe: Recipe, size: int) -> dict[str, tuple[int, ...]]:
    """Return the name and shape of every tensor of a poet with `size` ids."""
    module = prefix_network if _of_words(recipe) else network
    return module.tensor_shapes(recipe, size)


def _of_words(recipe: Recipe) -> bool:
    return recipe.level == "words"
