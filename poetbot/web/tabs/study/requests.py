"""What the Study tab is asked for, checked: the page sends plain data, and any of it may be anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.web.serving.session import Session
from poetbot.web.tabs.study.page import OWN
from poetbot.web.tabs.study.words import StudyWords


@dataclass(frozen=True)
class Asked:
    """What was chosen on the page. Each method raises PoetBotError where it is no such thing."""

    data: Mapping[str, Any]
    words: StudyWords

    @property
    def number(self) -> int:
        """The number of this question, by which the page knows the answer."""
        number = self.data.get("for")
        return number if type(number) is int else 0

    @property
    def dark(self) -> bool:
        """Whether the page is dark."""
        return self.data.get("dark") is True

    def text(self, name: str, most: int = 200) -> str:
        """Return a text; "" where there is none."""
        value = self.data.get(name)
        return value[:most] if isinstance(value, str) else ""

    def one_of(self, name: str, among: Sequence[str]) -> str:
        """Return one of these."""
        value = self.data.get(name)
        if not isinstance(value, str) or value not in among:
            raise PoetBotError(self.words.no_such_choice)
        return value

    def several(self, name: str, most: int) -> list[str]:
        """Return up to so many texts, each once."""
        value = self.data.get(name)
        if not isinstance(value, list):
            return []
        found = list(dict.fromkeys(each for each in value if isinstance(each, str)))
        if len(found) > most:
            raise PoetBotError(self.words.too_many.format(n=most))
        return found

    def poet(self) -> str:
        """Return the name of the poet."""
        poet = self.text("poet")
        if not poet:
            raise PoetBotError(self.words.choose_poet)
        return poet

    def decimal(self, name: str, low: float, high: float, lines: int) -> float:
        """Return a number within these bounds."""
        try:
            number = float(self.text(name, 40))
        except ValueError:
            number = low - 1
        if not low <= number <= high:  # not a number is neither
            raise PoetBotError(self.words.bad_number.format(lines=lines))
        return number

    def whole(self, name: str, low: int, high: int, lines: int) -> int:
        """Return a whole number within these bounds."""
        number = self.decimal(name, low, high, lines)
        if number != int(number):
            raise PoetBotError(self.words.bad_number.format(lines=lines))
        return int(number)

    def poem(self, session: Session, most: int) -> str:
        """Return a poem of this session by its number, or the text of the box."""
        chosen = self.text("poem")
        if chosen != OWN and chosen.isdecimal() and len(chosen) < 10:
            if kept := session.find(int(chosen)):
                return kept.poem.text
            raise PoetBotError(self.words.no_such_choice)
        value = self.data.get("text")
        text = value if isinstance(value, str) else ""
        if not text.strip():
            raise PoetBotError(self.words.no_poem_yet)
        if len(text) > most:
            raise PoetBotError(self.words.poem_too_long.format(n=f"{most:,}"))
        # Halves of characters, which no encoding could hold.
        return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
