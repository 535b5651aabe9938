"""What the Study tab is asked for."""

from collections.abc import Collection
from dataclasses import dataclass, field

from poetbot.errors import PoetBotError
from poetbot.installation import COMMAND
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
    """What was chosen on the page; each event needs some of it. Numbers are texts, as they were typed.

    The methods raise PoetBotError if a choice is not valid.
    """

    poet: str = ""
    dark: bool = False
    by: str = ""
    common: str = ""
    unit: str = ""
    poem: str = ""
    text: str = ""
    people: str = ""
    histories: list[str] = field(default_factory=list)
    figure: str = ""
    along: str = ""
    seed: str = ""
    lines: str = ""
    rng: str = ""
    temperature: str = ""
    # a file to save: of which event's answer, and of which kind
    of: str = ""
    kind: str = ""

    def choice(self, name: str, choices: Collection[str]) -> str:
        """Return one of `choices`."""
        value = getattr(self, name)
        if value not in choices:
            raise invalid_choice()
        return value

    def chosen_histories(self, max_number: int) -> list[str]:
        """Return at most `max_number` different histories."""
        histories = list(dict.fromkeys(self.histories))
        if len(histories) > max_number:
            raise PoetBotError("Choose at most {n}.", n=max_number)
        return histories

    def poet_name(self) -> str:
        """Return the name of the poet."""
        if not self.poet:
            raise PoetBotError("There are no poets yet. Train one on the Teach tab.")
        return self.poet[:200]

    def number(self, name: str, low: float, high: float) -> float:
        """Return a number from `low` to `high`."""
        try:
            number = float(getattr(self, name)[:40])
        except ValueError:
            number = low - 1
        if not low <= number <= high:  # NaN is neither
            raise _invalid_number()
        return number

    def integer(self, name: str, low: int, high: int) -> int:
        """Return an integer from `low` to `high`."""
        number = self.number(name, low, high)
        if number != int(number):
            raise _invalid_number()
        return int(number)

    def poem_text(self, session: Session, max_length: int) -> str:
        """Return the chosen poem of this session, or the text of the box."""
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


def invalid_choice() -> PoetBotError:
    """Return the error for a choice that is not on offer."""
    return PoetBotError("This choice no longer exists. Open the tab again.")


def _invalid_number() -> PoetBotError:
    return PoetBotError(
        "Enter 1 to {lines} lines, a temperature from 0 to 2 and an integer as random seed.", lines=MAX_LINES
    )
