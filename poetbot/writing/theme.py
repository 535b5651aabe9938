"""What a poem is about, as typed, and the words that this means for a poet (`theme_words.py`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.writing.receipt import not_a_receipt

MAX_TEXT = 20_000
MAX_WORDS = 400


@dataclass(frozen=True)
class Theme:
    """A theme: what the poem is `about` and the words to `avoid`, both as typed.

    `words` are the words with their weights: from 0 to 1 for wanted ones, -1 for those to avoid. They depend on the
    poet, and are None until `theme_words.resolved`; a receipt has them, so that a poem can be recreated without word vectors.
    `from_opening`: the user left the theme empty, so the opening is the theme (`or_opening`). Once `words` are found, `about` is
    empty, because the receipt contains the opening anyway.
    Raises PoetBotError for anything else than text.
    """

    about: str = ""
    avoid: str = ""
    words: tuple[tuple[str, float], ...] | None = None
    from_opening: bool = False

    def __post_init__(self) -> None:
        for name in ("about", "avoid"):
            value = getattr(self, name)
            if not isinstance(value, str) or len(value) > MAX_TEXT:
                raise PoetBotError(
                    "A theme and the words to avoid must be text of at most {most:,} characters.",
                    most=MAX_TEXT,
                )
            object.__setattr__(self, name, value.encode("utf-8", "replace").decode("utf-8").strip())

    def __bool__(self) -> bool:
        return bool(self.about or self.avoid or self.from_opening)

    @property
    def wanted(self) -> dict[str, float]:
        """The words of the theme and those related to them, with their weights."""
        return {word: weight for word, weight in self.words or () if weight > 0}

    @property
    def avoided(self) -> frozenset[str]:
        """The words to avoid."""
        return frozenset(word for word, weight in self.words or () if weight < 0)

    def or_opening(self, opening: str) -> "Theme":
        """Return this theme, or one made from the opening if `about` is empty."""
        if self.about or not opening.strip():
            return self
        return Theme(opening[:MAX_TEXT], self.avoid, from_opening=True)

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        data = {"about": self.about, "avoid": self.avoid, "words": dict(self.words or ())}
        return {**data, "from_opening": True} if self.from_opening else data

    @staticmethod
    def from_json(data: Any) -> "Theme":
        """Return the theme of what `as_json` returned. Raises PoetBotError for anything else."""
        if not isinstance(data, Mapping) or not set(data) <= {"about", "avoid", "words", "from_opening"}:
            raise not_a_receipt()
        given = data.get("words", {})
        if not isinstance(given, Mapping) or len(given) > MAX_WORDS:
            raise not_a_receipt()
        weights = []
        for word, weight in given.items():
            number = isinstance(weight, int | float) and not isinstance(weight, bool)
            if not isinstance(word, str) or not word or not number or not -1 <= weight <= 1:
                raise not_a_receipt()
            weights.append((word, float(weight)))
        from_opening = data.get("from_opening") is True
        return Theme(data.get("about", ""), data.get("avoid", ""), tuple(weights), from_opening)


NO_THEME = Theme()
