"""Read a poet's card. It may come from anywhere, so nothing in it is taken for granted: what has the wrong type is left out."""

from collections.abc import Mapping
from typing import Any

from poetbot.finite import is_finite
from poetbot.poem import UNKNOWN_AUTHOR
from poetbot.poets.recipe import Recipe

_LONGEST_TEXT = 300


class Card:
    """A poet's card, or a part of it."""

    def __init__(self, data: Any) -> None:
        self._data: Mapping[str, Any] = data if isinstance(data, dict) else {}

    def part(self, name: str) -> "Card":
        """Return a part, empty if there is none."""
        return Card(self._data.get(name))

    def text(self, name: str) -> str:
        """Return a text of at most 300 characters, "" if there is none."""
        return _text(self._data.get(name))

    def number(self, name: str) -> float | None:
        """Return a finite number."""
        value = self._data.get(name)
        return float(value) if is_finite(value) else None

    def flag(self, name: str) -> bool:
        """Return whether a value is true."""
        return self._data.get(name) is True

    def authors(self) -> list[str]:
        """Return the known authors without the number of their poems."""
        authors = self._data.get("authors")
        texts = map(_text, authors) if isinstance(authors, list) else ()
        names = [text.rpartition(" (")[0] or text for text in texts if text]
        return [name for name in names if name != UNKNOWN_AUTHOR]

    def recipe(self) -> Recipe:
        """Return the recipe. Raises PoetBotError if it can't be read."""
        return Recipe.from_json(self._data.get("recipe"))

    @property
    def has_poems(self) -> bool:
        """Whether it was trained on poems, not on sections or lines of prose."""
        return self.part("recipe")._data.get("pieces", "poems") == "poems"

    @property
    def unit(self) -> str:
        """What its loss is measured by: a character, a lowercase letter or a word."""
        recipe = self.part("recipe")._data
        if recipe.get("level") == "words":
            return "word"
        return "letter" if recipe.get("fold_case") else "character"


def _text(value: Any) -> str:
    return value[:_LONGEST_TEXT] if isinstance(value, str) else ""
