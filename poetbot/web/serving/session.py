"""What one visitor's page holds: the poems of this session, and the one that is being written."""

import threading
from dataclasses import dataclass
from typing import Any

from poetbot.overlap.report_types import Report
from poetbot.settings import Settings
from poetbot.web.tabs.study.state import Studied
from poetbot.writing import FormRequest, Request, WrittenPoem

_MOST_CHARACTERS = 2_000_000  # of all poems that a page remembers


@dataclass
class Draft:
    """A poem in the making, as it was asked for. `poem` is set when the poet has come to its end; `stopped` asks it to.

    `guarded` is the request with the guard that this poet can keep, and is what is written.
    """

    number: int
    poet: str
    request: Request | FormRequest
    guarded: Request | FormRequest | None = None
    notices: tuple[str, ...] = ()
    stopped: bool = False
    poem: WrittenPoem | None = None


@dataclass(frozen=True)
class Kept:
    """A finished poem with its overlap report (None where the poet has no index)."""

    number: int
    poet: str
    request: Request | FormRequest
    poem: WrittenPoem
    report: Report | None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A text of the Overlap tab with its report. `name` is its file's, "" where it was pasted.

    `among` says what the poems of the text, parted by lines `%`, share with one another; None where it is one poem.
    """

    number: int
    poet: str
    name: str
    text: str
    seed_characters: int
    report: Report
    among: dict[str, Any] | None
    notices: tuple[str, ...] = ()


def _size(kept: Kept) -> int:
    """Return about how many characters a poem and its report take."""
    return len(kept.poem.text) + 200 * len(kept.report["spans"] if kept.report else ())


class Session:
    """One per open page; nothing of it is written to disk."""

    def __init__(self) -> None:
        self.checked: Checked | None = None  # the last one; it is what a download holds
        self.opened: tuple[str, str] | None = None  # name and text of the file that was opened last
        self.checks = 0
        self.studied = Studied()
        self.drafts: dict[int, Draft] = {}
        self.going_on: Any = None  # the number of the question by which a poem is being gone on with
        self.kept: list[Kept] = []
        self._last = 0
        self._lock = threading.Lock()

    def begin(self, poet: str, request: Request | FormRequest) -> Draft:
        """Begin a poem. Drafts that were never settled (a lost connection) go when the next ones begin."""
        with self._lock:
            self._last += 1
            draft = self.drafts[self._last] = Draft(self._last, poet, request)
            for number in [n for n in self.drafts if n <= self._last - 4]:
                self.drafts.pop(number).stopped = True
            return draft

    def keep(self, poem: Kept) -> Kept:
        """Add a finished poem, and let go of the oldest where there are too many."""
        with self._lock:
            self.kept.append(poem)
            del self.kept[: -Settings.in_force().poems_kept]
            while len(self.kept) > 1 and sum(map(_size, self.kept)) > _MOST_CHARACTERS:
                del self.kept[0]
            return poem

    def find(self, number: Any) -> Kept | None:
        """Return the poem of that number, None where there is none."""
        return next((kept for kept in self.kept if kept.number == number), None)

    def texts(self, poet: str) -> list[str]:
        """Return what this poet wrote in this session, without the words that were given to it."""
        return [k.poem.text[k.poem.seed_characters :] for k in self.kept if k.poet == poet]

    def __deepcopy__(self, memo: dict[int, Any]) -> "Session":
        """Gradio copies a state's first value for each visitor; a lock cannot be copied."""
        return Session()
