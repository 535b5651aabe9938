"""A validated request for a poem, and its receipt."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.poets.folder import Poet
from poetbot.poets.sampling import DEFAULT_TEMPERATURE, validate_temperature, validate_top_p
from poetbot.writing.chinese_script import ANY, for_poet, validate_script
from poetbot.writing.receipt import Receipt, ReceiptKind
from poetbot.writing.theme import NO_THEME, Theme

MAX_POEM = 2_000_000
"""Maximum number of characters of a poem to continue; far fewer are used."""
MAX_SEED = 20_000
MAX_CHARACTERS = 20_000
MAX_LINES = 1_000
MAX_RNG = 2**63 - 1
MAX_GUARD = 1_000
MAX_ROWS = 32
"""Maximum number of poems written at once: more would hardly be faster."""

_MAX_PLACES = 100


@dataclass(frozen=True)
class Request:
    """A request for one poem. Without `characters` or `lines` the poet decides where it ends.

    With `real_words` the poet writes only words that it has read (`real_words.py`).
    `characters` is an upper limit: the poem ends after a line or a word before it (`length_limit.py`). `guard` is the
    number of words at which a phrase counts as copied (`poetbot.overlap.copy_guard`), 0 for no limit. `script` is the
    Chinese script of the input and the poem (`chinese_script.py`). `theme` is what the poem is about.

    With `closes` the last line ends with a full stop or the like (`last_line.py`), unless `characters` limits the poem.

    Six fields are set only in receipts: `stop_after`, the number of characters written when Stop was pressed;
    `together`, whether the poem was one of several written at once; `places`, its positions among them, as triples of
    the ids read so far, the number of rows from then on, and its row; and `at_most`, `whole_words` and `tidy`, which are
    False for the first receipts, whose poems continued past `characters` to the end of the line, could extend the last
    word of the seed, and didn't follow `tidy_lines.py`. Those receipts have no `closes` either.
    Raises PoetBotError for any value out of range.
    """

    seed: str = ""
    temperature: float = DEFAULT_TEMPERATURE
    top_p: float = 1.0
    characters: int | None = None
    lines: int | None = None
    rng: int = 0
    stop_after: int | None = None
    guard: int = 0
    together: bool = False
    script: str = ANY
    places: tuple[tuple[int, int, int], ...] = ()
    at_most: bool = True
    whole_words: bool = True
    theme: Theme = NO_THEME
    tidy: bool = True
    closes: bool = True
    real_words: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.seed, str):
            raise PoetBotError("The opening must be text.")
        if len(self.seed) > MAX_SEED:
            raise PoetBotError("The opening is too long. Use at most {most:,} characters.", most=MAX_SEED)
        object.__setattr__(self, "temperature", validate_temperature(self.temperature))
        object.__setattr__(self, "top_p", validate_top_p(self.top_p))
        object.__setattr__(self, "script", validate_script(self.script))
        if self.characters is not None and self.lines is not None:
            raise PoetBotError("Set the length in characters or in lines, not both.")
        for name, low, high in (
            ("characters", 1, MAX_CHARACTERS),
            ("lines", 1, MAX_LINES),
            ("rng", 0, MAX_RNG),
            ("stop_after", 0, 2 * MAX_CHARACTERS),
            ("guard", 0, MAX_GUARD),
        ):
            value = getattr(self, name)
            if value is not None or name in ("rng", "guard"):
                object.__setattr__(self, name, validate_integer(name, value, low, high))
        for name in ("together", "at_most", "whole_words", "tidy", "closes", "real_words"):
            validate_flag(name, getattr(self, name))
        object.__setattr__(self, "places", _places(self.places))
        validate_theme(self.theme)


_NAMES = {
    "characters": Message("The number of characters"),
    "lines": Message("The number of lines"),
    "rng": Message("The random seed"),
    "guard": Message("The longest phrase the poet may copy"),
    "drafts": Message("The number of drafts"),
    "count": Message("The number of suggestions"),
}


def validate_integer(name: str, value: Any, low: int, high: int) -> int:
    """Return `value` as an integer. Raises PoetBotError unless it is one from `low` to `high`."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise PoetBotError(
            "{name} must be an integer from {low:,} to {high:,}.",
            name=_NAMES.get(name, name),
            low=low,
            high=high,
        )
    return value


def validate_flag(name: str, value: Any) -> None:
    """Raise PoetBotError unless `value` is true or false."""
    if not isinstance(value, bool):
        raise PoetBotError("{name} must be true or false.", name=name)


def validate_theme(value: Any) -> None:
    """Raise PoetBotError unless `value` is a theme."""
    if not isinstance(value, Theme):
        raise PoetBotError("This theme can't be read.")


def _places(value: Any) -> tuple[tuple[int, int, int], ...]:
    """Return the positions of a poem among others. Raises PoetBotError if they are invalid."""
    valid = isinstance(value, list | tuple) and len(value) <= _MAX_PLACES
    valid = valid and all(
        isinstance(each, list | tuple) and len(each) == 3 and all(type(number) is int for number in each)
        for each in value
    )
    if valid and value:
        steps = [step for step, _, _ in value]
        valid = steps[0] == 0 and steps == sorted(set(steps))
        valid = valid and all(0 <= row < rows <= MAX_ROWS for _, rows, row in value)
    if not valid:
        raise PoetBotError("The receipt's places are damaged. Delete them to recreate the poem on its own.")
    return tuple((step, rows, row) for step, rows, row in value)


def _lacking(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the first receipts mean without saying so (see `Request`)."""
    at_most = {"at_most": False} if given.get("characters") is not None else {}
    whole_words = {"whole_words": False} if given.get("seed") else {}
    return at_most | whole_words | {"tidy": False, "closes": False}


POEM = ReceiptKind("", Request, "seed", {"theme": Theme.from_json}, _lacking)


def receipt(poet: Poet, request: Request) -> Receipt:
    """Return the receipt, which recreates the poem: the poet's id, its epoch if not the last, and the request."""
    found = POEM.receipt(poet, request)
    if request.characters is None or not request.at_most:
        del found["at_most"]
    if not request.real_words:
        del found["real_words"]
    del found["places"]
    if request.places:
        found["places"] = [list(each) for each in request.places]
    return found


def request_of_receipt(data: Any, poet: Poet) -> Request:
    """Return the request of a receipt. Raises PoetBotError if it isn't one, or is another poet's."""
    return POEM.request_of(data, poet)


def clean_seed(seed: str, poet: Poet, script: str = ANY) -> tuple[str, tuple[Message, ...]]:
    """Return the seed as the poet can read it, and notices about what it doesn't know.

    Newlines become LF and the text NFC. Tabs become spaces if the poet doesn't know them, and capitals lower case if it
    folds case. Control characters and the poem marker are removed silently.
    """
    text = unicodedata.normalize("NFC", seed.replace("\r\n", "\n").replace("\r", "\n"))
    if "\t" not in poet.vocabulary.ids:
        text = text.replace("\t", " ")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    if poet.recipe.fold_case and poet.recipe.level == "characters":
        text = text.lower()
    while "++++" in text:
        text = text.replace("++++\n", "").replace("++++", "")
    if script:
        text = for_poet(text, poet, script)
    return poet.vocabulary.readable(text)
