"""What the Study tab is asked for, checked: the page sends plain data, and any of it may be anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.web.serving.session import Session

OTHER_TEXT = "other"
"""The choice that stands for the text box instead of a poem of this session."""
OWN_CORPUS = "own"
"""The choice that stands for a poet's training poems instead of a corpus."""
MAX_LINES = 24
"""Lines of each poem that shows a poet's growth."""
MAX_RNG = 999_999_999


@dataclass(frozen=True)
class StudyRequest:
    """What was chosen on the page. Its methods raise PoetBotError if the choice is not valid."""

    data: Mapping[str, Any]
    language: Locale

    @property
    def id(self) -> int:
        """The number of this request, which its answer repeats."""
        number = self.data.get("id")
        return number if type(number) is int else 0

    @property
    def dark(self) -> bool:
        """Whether the page is dark."""
        return self.data.get("dark") is True

    def text(self, name: str, max_length: int = 200) -> str:
        """Return a text, "" if there is none."""
        value = self.data.get(name)
        return value[:max_length] if isinstance(value, str) else ""

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """Return one of `choices`."""
        value = self.data.get(name)
        if not isinstance(value, str) or value not in choices:
            raise self.invalid_choice()
        return value

    def several(self, name: str, max_number: int) -> list[str]:
        """Return at most `max_number` different texts."""
        value = self.data.get(name)
        if not isinstance(value, list):
            return []
        texts = list(dict.fromkeys(each for each in value if isinstance(each, str)))
        if len(texts) > max_number:
            raise PoetBotError(self.language.gettext("Choose at most {n}.", n=max_number))
        return texts

    def poet(self) -> str:
        """Return the name of the poet."""
        poet = self.text("poet")
        if not poet:
            raise PoetBotError(self.language.gettext("There are no poets yet. Train one on the Teach tab."))
        return poet

    def number(self, name: str, low: float, high: float) -> float:
        """Return a number from `low` to `high`."""
        try:
            number = float(self.text(name, 40))
        except ValueError:
            number = low - 1
        if not low <= number <= high:  # NaN is neither
            raise self._invalid_number()
        return number

    def integer(self, name: str, low: int, high: int) -> int:
        """Return an integer from `low` to `high`."""
        number = self.number(name, low, high)
        if number != int(number):
            raise self._invalid_number()
        return int(number)

    def poem(self, session: Session, max_length: int) -> str:
        """Return the chosen poem of this session, or the text of the box."""
        chosen = self.text("poem")
        if chosen != OTHER_TEXT and chosen.isdecimal() and len(chosen) < 10:
            if kept := session.find(int(chosen)):
                return kept.poem.text
            raise self.invalid_choice()
        value = self.data.get("text")
        text = value if isinstance(value, str) else ""
        if not text.strip():
            raise PoetBotError(
                self.language.gettext("There is no poem yet. Paste one, or write one on the Write tab.")
            )
        if len(text) > max_length:
            raise PoetBotError(
                self.language.gettext(
                    "The poem has more than {n} characters. Shorten it, or run `python -m poetbot study` in a terminal.",
                    n=f"{max_length:,}",
                )
            )
        # Lone surrogates, which can't be encoded.
        return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")

    def invalid_choice(self) -> PoetBotError:
        """Return the error for a choice that is not on offer."""
        return PoetBotError(self.language.gettext("This choice no longer exists. Open the tab again."))

    def _invalid_number(self) -> PoetBotError:
        return PoetBotError(
            self.language.gettext(
                "Enter 1 to {lines} lines, a temperature from 0 to 2 and an integer as random seed.",
                lines=MAX_LINES,
            )
        )
