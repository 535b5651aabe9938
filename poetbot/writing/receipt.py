"""Receipts: everything that is needed to recreate a poem or a line, as JSON.

Receipts are stored in databases, pictures and messages to browsers. Python's JSON reader accepts numbers, lone
surrogates and nesting depths that other JSON readers reject, and a single such value would make a whole list unreadable.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar, cast

from poetbot.errors import PoetBotError
from poetbot.poets.folder import Poet

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

MAX_CHARACTERS = 300_000  # of its JSON
MAX_DEPTH = 32
MAX_INTEGER = 2**63 - 1
_INTEGERS = "integers"

R = TypeVar("R", bound="DataclassInstance")


class Piece(TypedDict, total=False):
    """A piece of a poem that a user and a poet wrote together: text that was `typed`, or a number of `characters` of a `source`
    from offset `at`, or text that a poet has `written` whose receipt was lost.
    """

    typed: str
    written: str
    source: int
    at: int
    characters: int


class BlendedPoet(TypedDict, total=False):
    """A poet of a blend, and its weight."""

    poet: str
    poet_id: str
    epoch: int
    weight: float


class Receipt(TypedDict, total=False):
    """A receipt. `kind` is the name of a `ReceiptKind`, "desk" (written together, from `pieces` and `sources`), or missing.

    `arithmetic` is "integers" if the poet wrote with an exact network; without it, the poem is recreated in float32. `blend`
    are the poets of a blend (`poets/blend.py`). The rest are the fields of the request. `draft` is the number of the chosen draft of a line, and `loose` says that it
    was written without the form.
    """

    kind: str
    poet: str
    poet_id: str
    arithmetic: str
    epoch: int
    blend: list[BlendedPoet]
    seed: str
    before: str
    after: str
    temperature: float
    top_p: float
    characters: int | None
    lines: int | None
    rng: int
    drafts: int
    count: int
    stop_after: int | None
    guard: int
    real_words: bool
    together: bool
    script: str
    at_most: bool
    whole_words: bool
    tidy: bool
    closes: bool
    places: list[list[int]]
    form: dict[str, object]
    ends_in: str
    most_lines: int
    theme: dict[str, object]
    draft: int
    loose: bool
    pieces: list[Piece]
    sources: list["Receipt"]


def _nothing(given: Mapping[str, Any]) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class ReceiptKind(Generic[R]):
    """A kind of receipt: the `name` in its JSON, the type of its request, and which field of it the poet continues.

    `readers` turn plain data into what a field of the request is. `lacking` returns the values of fields that the first
    receipts of this kind don't have, given those that a receipt has.
    """

    name: str
    request: type[R]
    opening: str
    readers: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)
    lacking: Callable[[Mapping[str, Any]], dict[str, Any]] = _nothing

    def matches(self, data: Any) -> bool:
        """Return whether data is a receipt of this kind."""
        return isinstance(data, Mapping) and "poet_id" in data and data.get("kind", "") == self.name

    def receipt(self, poet: Poet, request: R) -> Receipt:
        """Return the receipt of a request to a poet. Values that the first receipts lack are only in it if they matter."""
        values = {each.name: getattr(request, each.name) for each in fields(request)}
        if not values[self.opening] or not values.get("whole_words"):
            values.pop("whole_words", None)
        for name in ("script", "ends_in", "most_lines", "theme"):
            if not values.get(name, True):
                del values[name]
        for name in self.readers.keys() & values.keys():
            values[name] = values[name].as_json()
        head = {"kind": self.name} if self.name else {}
        arithmetic = {"arithmetic": _INTEGERS} if poet.network.exact else {}
        return cast(Receipt, {**head, **poet.reference(), **arithmetic, **values})

    def request_of(self, data: Any, poet: Poet) -> R:
        """Return the request of a receipt. Raises PoetBotError if it isn't one of this kind, or is another poet's."""
        if not self.matches(data):
            raise not_a_receipt()
        _check_poet(data, poet)
        known = {each.name for each in fields(self.request)}
        values = {name: value for name, value in data.items() if name in known}
        values = self.lacking(values) | values
        for name in self.readers.keys() & values.keys():
            values[name] = self.readers[name](values[name])
        return self.request(**values)


def poet_of_receipt(receipt: Any, poet: Poet) -> Poet:
    """Return the poet with the network that wrote what a receipt recreates."""
    is_exact = isinstance(receipt, Mapping) and receipt.get("arithmetic") == _INTEGERS
    return poet if is_exact else poet.in_floats


def not_a_receipt() -> PoetBotError:
    """Return the error for data that isn't a receipt."""
    return PoetBotError("This isn't a receipt. Use the JSON that came with a poem.")


def _check_poet(receipt: Receipt, poet: Poet) -> None:
    if receipt["poet_id"] != poet.id:
        raise PoetBotError(
            "This receipt is for another poet: {name} ({id}). Choose that poet to recreate the poem.",
            name=str(receipt.get("poet"))[:60],
            id=str(receipt["poet_id"])[:12],
        )


def checked_receipt(receipt: Any) -> Receipt:
    """Return a receipt as plain data; its values are checked when they are used. Raises PoetBotError if it isn't a mapping, or isn't portable JSON.

    Not allowed are more than 32 levels, numbers that aren't finite or exceed 64 bits, lone surrogates, keys that aren't
    text, and more than 300,000 characters in all.
    """
    if not isinstance(receipt, Mapping) or not is_portable(receipt):
        raise not_a_receipt()
    text = json.dumps(receipt, allow_nan=False)
    if len(text) > MAX_CHARACTERS:
        raise not_a_receipt()
    found: Receipt = json.loads(text)
    return found


def is_portable(value: Any, depth: int = MAX_DEPTH) -> bool:
    """Return whether any JSON reader takes this value, as `checked_receipt` describes."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        return abs(value) <= MAX_INTEGER
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, str):
        return _is_text(value)
    if depth == 0:
        return False
    if isinstance(value, Mapping):
        return all(
            isinstance(name, str) and _is_text(name) and is_portable(each, depth - 1)
            for name, each in value.items()
        )
    return isinstance(value, list | tuple) and all(is_portable(each, depth - 1) for each in value)


def _is_text(value: str) -> bool:
    return value.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in value)
