"""What the events of the Overlap tab call."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypedDict

import gradio as gr

from poetbot.documents.formats import DOCUMENT_SUFFIXES
from poetbot.errors import PoetBotError
from poetbot.installation import COMMAND
from poetbot.isolated_process import SMALL, call
from poetbot.locale import Locale
from poetbot.overlap import STEPS, repetition, report_in_steps
from poetbot.overlap.input_text import MOST_BYTES, clean_text, is_document, text_of_file, too_long
from poetbot.overlap.report_types import Repetition
from poetbot.overlap.written_words import typed_parts
from poetbot.web.components.poem_view import first_line, left_out
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.session import CheckedText, Session, TakenPoem
from poetbot.web.tabs.overlap import download, report_view

MAX_BOX_CHARACTERS = 100_000  # of a file that is put into the text box; more would make it slow
SUFFIXES = (".txt", ".md", *sorted(DOCUMENT_SUFFIXES))


class Update(TypedDict, total=False):
    """What overlap.js gets: the progress or the report of a check, or a file."""

    check: int  # its number
    working: str
    share: float
    report: str  # "" if there is none any more, because of an error
    notes: list[str]
    error: str
    filled: bool  # a poem is filled in, so an error from before is gone
    file: str
    name: str
    kind: str


@dataclass(frozen=True)
class Download:
    """A file of the report that is asked for."""

    kind: Literal["json", "html"]


class _Request(NamedTuple):
    """A text to check. `name` is its file's, "" if it was pasted."""

    name: str
    text: str
    poet: Any
    given: Any
    include_given: bool


@dataclass(frozen=True)
class Handlers:
    """The handlers of one page."""

    shelf: PoetRegistry
    language: Locale

    def check(
        self,
        session: Session,
        text: str | None,
        poet: str | None,
        given: str | None,
        include_given: bool,
        request: gr.Request | None = None,
    ) -> Iterator[Update]:
        """Check the text in the box, or the file opened last if the box is empty."""
        name, checked = "", text if isinstance(text, str) else ""
        if not checked.strip() and session.opened:
            name, checked = session.opened
        yield from self._check(session, _Request(name, checked, poet, given, include_given), request)

    def check_opened(
        self,
        session: Session,
        poet: str | None,
        given: str | None,
        include_given: bool,
        request: gr.Request | None = None,
    ) -> Iterator[Update]:
        """Check the file opened last."""
        if session.opened:
            yield from self._check(session, _Request(*session.opened, poet, given, include_given), request)

    def _check(self, session: Session, asked: _Request, request: gr.Request | None) -> Iterator[Update]:
        _ = self.language.gettext
        session.checks += 1
        number = session.checks
        steps = (
            _("Looking for them in the training poems…"),
            _("Finding the sources of each phrase…"),
            _("Comparing whole lines…"),
            _("Preparing the report…"),
        )
        yield {"check": number, "working": _("Finding words…"), "share": 0.02}
        try:
            text = clean_text(asked.text)
            if not text.strip():
                raise PoetBotError(_("There is nothing to check. Paste a text or open a file."))
            index = self._index(asked.poet, request)
            seed = 0 if asked.include_given else given_characters(text, asked.given)
            typed = () if asked.include_given else _typed(session, text, seed or 0)
            making = report_in_steps(index, text, typed=typed)
            while True:
                try:
                    step = next(making)
                except StopIteration as finished:
                    report = finished.value
                    break
                # Stop cancels the check here, at the end of a step.
                yield {"check": number, "working": steps[step - 1], "share": step / (STEPS + 1)}
        except PoetBotError as error:
            session.checked = None
            yield {"check": number, "report": "", "notes": [], "error": self.language.say(error)}
            return
        notices = left_out(report, self.language)
        if any(start > 0 for start, _end in typed):
            notices.append(_("They include what you typed further on in the poem."))
        if seed is None:
            notices.append(_("The text doesn't begin with your first words, so they weren't left out."))
        among = _among(text, typed)
        checked = CheckedText(number, asked.poet, asked.name, text, typed, report, among, tuple(notices))
        update = report_update(checked, self.language)
        session.checked = checked
        yield update

    def _index(self, poet: Any, request: gr.Request | None) -> Any:
        if poet is None:
            raise PoetBotError(
                self.language.gettext(
                    "There are no poets yet. Train one: `{command} train CORPUS --out NAME`.", command=COMMAND
                )
            )
        index = self.shelf.of(request).index(poet)
        if index is None:
            raise PoetBotError(
                self.language.gettext(
                    "Nothing can be compared with {poet}: the index of its training poems is missing or damaged. Train it to the end, or copy it again.",
                    poet=poet,
                )
            )
        return index

    def open(
        self, session: Session, path: Any, given: str | None, request: gr.Request | None = None
    ) -> tuple[Update, Any, str]:
        """Read an uploaded file. First words that it doesn't begin with belong to another text."""
        session.opened = None
        name, text = read_upload(path, self.language)
        session.opened = (name, text)
        working = self.language.gettext("Finding words…")
        update: Update = {"check": session.checks + 1, "working": working, "share": 0.01}
        return update, self._box(name, text), given or "" if given_characters(text, given) else ""

    def _box(self, name: str, text: str) -> gr.Textbox:
        """Return the text box with a text in it, or with its name if it is too long for the box."""
        _ = self.language.gettext
        if len(text) > MAX_BOX_CHARACTERS:
            hint = _("{name} is being checked. To check something else, paste it here.", name=name)
            return gr.Textbox("", placeholder=hint)
        return gr.Textbox(text, placeholder=_("Paste one or more poems, separated by lines with a single %"))

    def use_poem(
        self, session: Session, poem: Any, request: gr.Request | None = None
    ) -> tuple[Any, Any, Any, Any]:
        """Fill in the current poem of the Write tab, its first words, and its poet if there still is one.

        A check of this text leaves out whatever else the person typed, too.
        """
        poem = poem if isinstance(poem, dict) else {}
        text, poet = poem.get("text"), poem.get("poet")
        if not isinstance(text, str) or not text.strip():
            raise PoetBotError(
                self.language.gettext(
                    "There is no poem yet. Write one on the Write tab, or paste a text here."
                )
            )
        known = isinstance(poet, str) and self.shelf.of(request).has(poet)
        name = first_line(text)
        session.opened = (name, text) if len(text) > MAX_BOX_CHARACTERS else None
        typed = typed_parts(poem.get("typed"), len(text))
        session.taken = TakenPoem(clean_text(text), typed)
        return (
            Update(filled=True),
            self._box(name, text),
            text[: typed[0][1]] if typed and typed[0][0] == 0 else "",
            poet if known else gr.skip(),
        )

    def save(self, message: Download, session: Session, request: gr.Request | None = None) -> Any:
        """Send the last report as a file."""
        kind, checked = message.kind, session.checked
        if checked is None:
            return gr.skip()
        file = download.as_json(checked) if kind == "json" else download.as_page(checked, self.language)
        return {"file": file, "name": download.file_name(checked, kind), "kind": kind}


def report_update(checked: CheckedText, language: Locale) -> Update:
    """Return an update that shows a report."""
    report = str(report_view.report_html(checked, language))
    return {"check": checked.number, "report": report, "notes": report_view.notes_html(checked, language)}


def _typed(session: Session, text: str, seed: int) -> tuple[tuple[int, int], ...]:
    """Return the parts of a text that the person typed: the first words, and those of a poem taken from the page."""
    parts = session.taken.typed if session.taken.text == text else ()
    others = [(max(start, seed), end) for start, end in parts if start > 0 and end > seed]
    return ((0, seed), *others) if seed else tuple(others)


def _among(text: str, typed: tuple[tuple[int, int], ...]) -> Repetition | None:
    """Return what the poems of a text have in common with each other, None if there is only one."""
    places = report_view.poem_places(text)
    if len(places) < 2:
        return None
    starts, ends = [start for start, _ in typed], [end for _, end in typed]
    poems = []
    for start, end in places:
        parts = typed[bisect_right(ends, start) : bisect_left(starts, end)]
        within = [(max(at, start) - start, min(until, end) - start) for at, until in parts]
        poems.append((text[start:end], within))
    return repetition(poems)


def given_characters(text: str, given: Any) -> int | None:
    """Return how many characters of a text are given words, with the blank lines and spaces before them.

    0 if none are named, None if the text does not begin with them.
    """
    words = clean_text(given).strip() if isinstance(given, str) else ""
    if not words:
        return 0
    before = len(text) - len(text.lstrip())
    return before + len(words) if text.startswith(words, before) else None


def read_upload(path: Any, language: Locale) -> tuple[str, str]:
    """Return name and text of an uploaded file. Raise PoetBotError if it is neither a text nor a document.

    The file is not deleted here: equal uploads of several visitors share one path.
    """
    missing = language.gettext("The file didn't arrive. Upload it again.")
    if not isinstance(path, str):
        raise PoetBotError(missing)
    file = Path(path)
    try:
        if file.suffix.lower() not in SUFFIXES:
            kinds = language.list(SUFFIXES)
            raise PoetBotError(
                language.gettext(
                    "PoetBot can't read files of this kind here. Save the text as one of {kinds}.",
                    kinds=kinds,
                )
            )
        size = file.stat().st_size
        if is_document(path):  # large because of its pictures, or small and unpacking to a lot
            return file.name, call(text_of_file, path)
        if size > MOST_BYTES:
            raise too_long()
        return file.name, text_of_file(path) if size <= SMALL else call(text_of_file, path)
    except OSError as error:
        raise PoetBotError(missing) from error
