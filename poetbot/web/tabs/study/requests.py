"""What the Study tab is asked for: a type for each of its requests."""

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from poetbot.errors import PoetBotError
from poetbot.installation import COMMAND
from poetbot.web.serving.session import Session
from poetbot.writing import Request

OTHER_TEXT = "other"
"""The choice that stands for the text box instead of a poem of this session."""
OWN_CORPUS = "own"
"""The choice that stands for a poet's training poems instead of a corpus."""
MAX_LINES = 24
"""Lines of each poem that shows a poet's growth."""
MAX_RNG = 999_999_999


@dataclass(frozen=True)
class PoetRequest:
    """A request about a poet."""

    poet: str = ""

    def poet_name(self) -> str:
        """Return the name of the poet. Raises PoetBotError if there is none."""
        if not self.poet:
            raise PoetBotError("There are no poets yet. Train one on the Teach tab.")
        return self.poet[:200]


@dataclass(frozen=True)
class PoemRequest:
    """A request about a poem: one of this session by its number, or the `text` of the box."""

    poem: str = ""
    text: str = ""
    dark: bool = False

    def poem_text(self, session: Session, max_length: int) -> str:
        """Return the text of the poem. Raises PoetBotError if there is none, or it is too long."""
        if self.poem != OTHER_TEXT and self.poem.isdecimal() and len(self.poem) < 10:
            if kept := session.find(int(self.poem)):
                return kept.poem.text
            raise invalid_choice()
        if not self.text.strip():
            raise PoetBotError("There is no poem yet. Paste one, or write one on the Write tab.")
        if len(self.text) > max_length:
            raise PoetBotError(
                "The poem has more than {n} characters. Shorten it, or run `{command} study` in a terminal.",
                n=f"{max_length:,}",
                command=COMMAND,
            )
        # Lone surrogates, which can't be encoded.
        return self.text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True)
class WordsRequest(PoetRequest):
    """A request for the words that a poet read and wrote, sorted by frequency or by keyness."""

    by: Literal["count", "key"] = "count"
    common: str = "auto"
    unit: Literal["characters", "words"] = "characters"
    dark: bool = False


@dataclass(frozen=True)
class SharesRequest(PoetRequest):
    """A request to compare the sound of a poet's poems with that of a corpus or its training poems."""

    people: str = OWN_CORPUS


@dataclass(frozen=True)
class CurvesRequest:
    """A request for the learning curves of some poets."""

    histories: list[str] = field(default_factory=list)
    figure: str = "losses"
    along: str = "epoch"
    dark: bool = False

    def chosen_histories(self, max_number: int) -> list[str]:
        """Return at most `max_number` different histories. Raises PoetBotError if there are more."""
        histories = list(dict.fromkeys(self.histories))
        if len(histories) > max_number:
            raise PoetBotError("Choose at most {n}.", n=max_number)
        return histories


@dataclass(frozen=True)
class GrowthRequest(PoetRequest):
    """A request for poems through epochs and temperatures. Numbers are texts, as they were typed."""

    seed: str = ""
    lines: str = ""
    rng: str = ""
    temperature: str = ""

    def writing(self) -> Request:
        """Return the request for each of the poems. Raises PoetBotError if a number is out of range."""
        temperature, lines, rng = (_number(each) for each in (self.temperature, self.lines, self.rng))
        in_range = 0 <= temperature <= 2 and 1 <= lines <= MAX_LINES and 0 <= rng <= MAX_RNG
        if not in_range or not lines.is_integer() or not rng.is_integer():
            raise PoetBotError(
                "Enter 1 to {lines} lines, a temperature from 0 to 2 and an integer as random seed.",
                lines=MAX_LINES,
            )
        return Request(self.seed[:300], temperature, lines=int(lines), rng=int(rng))


@dataclass(frozen=True)
class SurpriseRequest(PoemRequest, PoetRequest):
    """A request for how surprising each character of a poem was to a poet."""


@dataclass(frozen=True)
class SaveRequest:
    """A request for a file with the answer to the request `of` a part of the tab, which is repeated."""

    of: str
    kind: Literal["png", "csv"]
    request: dict[str, object]


def one_of(value: str, choices: Collection[str]) -> str:
    """Return a choice. Raises PoetBotError if it is none of `choices`."""
    if value not in choices:
        raise invalid_choice()
    return value


def invalid_choice() -> PoetBotError:
    """Return the error for a choice that is not on offer."""
    return PoetBotError("This choice no longer exists. Open the tab again.")


def _number(typed: str) -> float:
    try:
        return float(typed[:40])
    except ValueError:
        return math.nan  # is in no range
