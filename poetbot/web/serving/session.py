"""What an open page holds on the server: its poems, and the one being written."""

import threading
from dataclasses import dataclass
from typing import Any

from poetbot.overlap.report_types import Repetition, Report
from poetbot.settings import Settings
from poetbot.web.tabs.study.state import Studied
from poetbot.writing import FormRequest, Request, WrittenPoem

_MAX_CHARACTERS = 2_000_000  # of all poems of a page


@dataclass
class Draft:
    """A poem that is being written. `poem` is set when it is finished; setting `stopped` stops it.

    `guarded` is the request with the copy guard that this poet allows; it is the one that is written. With
    `best_of_many` it is the best of several drafts, and the `others` are the rest of them, best first.
    """

    number: int
    poet: str
    request: Request | FormRequest
    guarded: Request | FormRequest | None = None
    notices: tuple[str, ...] = ()
    stopped: bool = False
    poem: WrittenPoem | None = None
    best_of_many: bool = False
    others: tuple[WrittenPoem, ...] = ()


@dataclass(frozen=True)
class FinishedPoem:
    """A finished poem with its overlap report (None if the poet has no index).

    `best_of_many` and `others` are as in a `Draft`.
    """

    number: int
    poet: str
    request: Request | FormRequest
    poem: WrittenPoem
    report: Report | None
    notices: tuple[str, ...] = ()
    best_of_many: bool = False
    others: tuple[WrittenPoem, ...] = ()


@dataclass(frozen=True)
class CheckedText:
    """A text of the Overlap tab with its report. `name` is its file's, "" if it was pasted.

    `typed` are the parts of it that the person typed, in order, as offsets; the report leaves them out.
    `among` says what the poems of the text have in common with each other, None if there is only one.
    """

    number: int
    poet: str
    name: str
    text: str
    typed: tuple[tuple[int, int], ...]
    report: Report
    among: Repetition | None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class TakenPoem:
    """The poem of the page that was last put into the Overlap tab, and the parts of it that the person typed."""

    text: str
    typed: tuple[tuple[int, int], ...]


def _size(kept: FinishedPoem) -> int:
    """Return roughly how many characters a poem and its report take."""
    texts = len(kept.poem.text) + sum(len(each.text) for each in kept.others)
    return texts + 200 * len(kept.report["spans"] if kept.report else ())


class Session:
    """The state of one open page. It is never written to disk."""

    def __init__(self) -> None:
        self.checked: CheckedText | None = None  # last; downloads contain it
        self.opened: tuple[str, str] | None = None  # name and text of the last file
        self.taken = TakenPoem("", ())
        self.checks = 0
        self.studied = Studied()
        self.has_chosen_length = False  # until then, the length of a poem follows the poet
        self.drafts: dict[int, Draft] = {}
        self.going_on: object = None  # identifies the event that writes one; any other ends
        self.kept: list[FinishedPoem] = []
        self._last = 0
        self._lock = threading.Lock()

    def begin(self, poet: str, request: Request | FormRequest) -> Draft:
        """Start a poem. Unfinished drafts of lost connections are dropped after a few more."""
        with self._lock:
            self._last += 1
            draft = self.drafts[self._last] = Draft(self._last, poet, request)
            for number in [n for n in self.drafts if n <= self._last - 4]:
                self.drafts.pop(number).stopped = True
            return draft

    def keep(self, poem: FinishedPoem) -> FinishedPoem:
        """Add a finished poem, and drop the oldest if there are too many."""
        with self._lock:
            self.kept.append(poem)
            del self.kept[: -Settings.in_force().poems_kept]
            while len(self.kept) > 1 and sum(map(_size, self.kept)) > _MAX_CHARACTERS:
                del self.kept[0]
            return poem

    def find(self, number: Any) -> FinishedPoem | None:
        """Return the poem with this number, None if there is none."""
        return next((kept for kept in self.kept if kept.number == number), None)

    def texts(self, poet: str) -> list[str]:
        """Return what this poet wrote in this session, without the given words."""
        return [k.poem.text[k.poem.seed_characters :] for k in self.kept if k.poet == poet]

    def __deepcopy__(self, memo: dict[int, Any]) -> "Session":
        """Return a new session: Gradio copies the initial one for each page, and a lock cannot be copied."""
        return Session()
