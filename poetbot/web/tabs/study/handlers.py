"""What the Study tab does when it is asked. Plain functions of the core, tested without a browser.

The page numbers its requests, and shows the answer to its last one alone (components/island.py repeats the number).
"""

import base64
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, TypedDict

import gradio as gr
import numpy as np

from poetbot.corpus.named_corpora import BUNDLED
from poetbot.locale import Locale
from poetbot.poets.folder import Poet, kept_epochs
from poetbot.study.curves import MAX_POETS, curves, picture_of
from poetbot.study.growth import TEMPERATURES, through_epochs, through_temperatures
from poetbot.study.history import as_csv
from poetbot.study.stop_words import LANGUAGES
from poetbot.study.stored_verse_shares import stored_shares
from poetbot.study.surprise import surprise
from poetbot.study.verse_shares import SoundComparison, check_language, compared_in_steps, shares_csv
from poetbot.study.word_comparison import Comparison, compare_words
from poetbot.verse.marks import checked
from poetbot.web.components.island import parse_data
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.session import Session
from poetbot.web.tabs.study import surprise as study_surprise
from poetbot.web.tabs.study.curves import ALONG, FIGURES, PointCard, curves_html
from poetbot.web.tabs.study.growth import growth_html
from poetbot.web.tabs.study.requests import (
    OWN_CORPUS,
    CurvesRequest,
    GrowthRequest,
    PoemRequest,
    PoetRequest,
    SaveRequest,
    SharesRequest,
    SurpriseRequest,
    WordsRequest,
    invalid_choice,
    one_of,
)
from poetbot.web.tabs.study.sound import MAX_CHARACTERS, marks_html, shares_html
from poetbot.web.tabs.study.sources import (
    Choices,
    choices,
    histories,
    human_poems,
    is_chinese_poet,
    word_counts,
    written_by,
)
from poetbot.web.tabs.study.word_clouds import (
    CloudOptions,
    clouds_html,
    clouds_png,
    key_titles,
    written_title,
)
from poetbot.writing import Request, write_together

POEMS = 24
"""Poems that a poet writes to be studied: enough words for a cloud, in some seconds."""
TEMPERATURE = 0.7
_MEDIA_TYPES = {"png": "image/png", "csv": "text/csv;charset=utf-8"}
_SECONDS_BETWEEN_UPDATES = 0.2

Visitor: TypeAlias = gr.Request | None


class _File(NamedTuple):
    """A file to save: a table or a picture, for whom."""

    is_table: bool
    session: Session
    visitor: Visitor


class Answer(TypedDict, total=False):
    """An answer to study.js."""

    # while work is in progress
    working: str
    share: float
    # when it is done
    html: str
    points: list[PointCard]
    units: list[study_surprise.UnitCard]
    is_chinese: bool
    then: str  # what to ask next
    choices: Choices
    # a file to save, in base64
    file: str
    type: str
    name: str


@dataclass(frozen=True)
class Handlers:
    """What the events call."""

    shelf: PoetRegistry
    language: Locale

    def show_choices(self, session: Session, poet: str | None, visitor: Visitor = None) -> Answer:
        """Say what there is to choose from, now that the tab is opened."""
        return {"choices": choices(self.shelf.of(visitor), session, poet, self.language)}

    def draw_clouds(self, request: WordsRequest, session: Session, visitor: Visitor = None) -> Answer:
        """Draw the word clouds."""
        comparison, poems = self._compare_words(session, request, visitor)
        options = CloudOptions(request.by == "key", request.dark, POEMS)
        return {
            "html": clouds_html(comparison, poems, options, self.language),
            "is_chinese": is_chinese_poet(self._poet(request, visitor)),
        }

    def write_poems(
        self, request: PoetRequest, session: Session, visitor: Visitor = None
    ) -> Iterator[Answer]:
        """Let the poet write poems to be studied; then the page asks for the clouds again."""
        yield from self._write_poems(self._poet(request, visitor), session, parts=1)
        yield {"html": "", "then": "words"}

    def mark_sounds(self, request: PoemRequest, session: Session, visitor: Visitor = None) -> Answer:
        """Mark rhymes, alliterations and repetitions in one poem."""
        return {"html": marks_html(self._poem_to_mark(session, request), self.language)}

    def compare_sounds(
        self, request: SharesRequest, session: Session, visitor: Visitor = None
    ) -> Iterator[Answer]:
        """Compare the sound of a poet's poems with that of poems by people and with chance."""
        _ = self.language.gettext
        name, poet = request.poet_name(), self._poet(request, visitor)
        chosen = one_of(request.people, (OWN_CORPUS, *BUNDLED))
        if chosen == OWN_CORPUS and (kept := stored_shares(poet)):
            session.studied.shares = name, kept.sides
            note = _("Measured on {date}.", date=kept.when)
            yield {"html": shares_html(name, kept.sides, note, self.language)}
            return
        human = human_poems(chosen, poet, self.language)
        poems = session.studied.poems(poet.id)
        if not poems:
            yield from self._write_poems(poet, session, parts=3)
            poems = session.studied.poems(poet.id)
        rng = np.random.default_rng(0)
        sides: dict[str, SoundComparison] = {}
        for part, (side, text, texts) in enumerate(
            (
                ("poet", _("Analysing {poet}…", poet=name), poems),
                ("human", _("Analysing poems by people…"), human),
            ),
            1,
        ):
            last_update = time.monotonic()
            steps = compared_in_steps(texts, rng)
            while True:
                try:
                    share = next(steps)
                except StopIteration as end:
                    sides[side] = end.value
                    break
                if time.monotonic() - last_update > _SECONDS_BETWEEN_UPDATES:
                    last_update = time.monotonic()
                    yield {"working": text, "share": (part + share) / 3}
        session.studied.shares = name, sides
        note = self.language.ngettext(
            "Based on {n} poem written at temperature {temperature}.",
            "Based on {n} poems written at temperature {temperature}.",
            len(poems),
            temperature=TEMPERATURE,
        )
        yield {"html": shares_html(name, sides, note, self.language)}

    def draw_curves(self, request: CurvesRequest, visitor: Visitor = None) -> Answer:
        """Draw the learning curves."""
        found, note = histories(request.chosen_histories(MAX_POETS), self.shelf.of(visitor), self.language)
        curves = curves_html(found, request, self.language, note)
        return {"html": curves.html, "points": curves.points}

    def show_growth(self, request: GrowthRequest, visitor: Visitor = None) -> Iterator[Answer]:
        """Write from the same first words through epochs and temperatures."""
        name, writing = request.poet_name(), request.writing()
        poet = self._poet(request, visitor)
        text = self.language.gettext("Writing…")
        yield {"working": text, "share": 0.1}
        temperatures = through_temperatures(poet, writing, TEMPERATURES)
        epochs = []
        if poet.epoch is None and kept_epochs(poet.folder):
            yield {"working": text, "share": 0.5}
            epochs = through_epochs(poet, writing)
        yield {"html": growth_html(name, epochs, temperatures, self.language)}

    def show_surprise(
        self, request: SurpriseRequest, session: Session, visitor: Visitor = None
    ) -> Iterator[Answer]:
        """Show how surprising each character of a poem was to a poet."""
        name, poem = request.poet_name(), request.poem_text(session, study_surprise.MAX_CHARACTERS)
        yield {"working": self.language.gettext("Reading…"), "share": 0.2}
        found = surprise(self._poet(request, visitor), poem)
        shown = study_surprise.shaded_poem(name, found, self.language)
        yield {"html": shown.html, "units": shown.units}

    def save(self, request: SaveRequest, session: Session, visitor: Visitor = None) -> Answer:
        """Return what is shown as a picture or a table."""
        files: dict[str, tuple[type, Callable[[Any, _File], bytes | str]]] = {
            "words": (WordsRequest, self._words_file),
            "marks": (PoemRequest, self._marks_file),
            "shares": (SharesRequest, self._shares_file),
            "curves": (CurvesRequest, self._curves_file),
            "surprise": (SurpriseRequest, self._surprise_file),
        }
        message, make = files[one_of(request.of, files)]
        asked: Any = parse_data(message, request.request, self.language)
        content = make(asked, _File(request.kind == "csv", session, visitor))
        # Spreadsheets recognise UTF-8 by the byte order mark only.
        data = content if isinstance(content, bytes) else content.encode("utf-8-sig")
        return {
            "file": base64.b64encode(data).decode(),
            "type": _MEDIA_TYPES[request.kind],
            "name": f"poetbot-{request.of}.{request.kind}",
        }

    def _words_file(self, request: WordsRequest, file: _File) -> bytes | str:
        comparison, poems = self._compare_words(file.session, request, file.visitor)
        if file.is_table:
            return comparison.as_csv()
        by_key = request.by == "key"
        titles = (
            key_titles(self.language)
            if by_key
            else (self.language.gettext("What it read"), written_title(poems, self.language))
        )
        return clouds_png(comparison.clouds(by_key=by_key), titles, dark=request.dark)

    def _marks_file(self, request: PoemRequest, file: _File) -> bytes | str:
        from poetbot.study.sound_image import marked_png, marks_csv

        poem = self._poem_to_mark(file.session, request)
        return marks_csv(poem) if file.is_table else marked_png(poem, dark=request.dark)

    def _shares_file(self, request: SharesRequest, file: _File) -> str:
        if file.session.studied.shares is None or not file.is_table:
            raise invalid_choice()
        return shares_csv(file.session.studied.shares[1])

    def _curves_file(self, request: CurvesRequest, file: _File) -> bytes | str:
        found, _ = histories(request.chosen_histories(MAX_POETS), self.shelf.of(file.visitor), self.language)
        if file.is_table:
            return as_csv(found)
        figures = FIGURES[one_of(request.figure, FIGURES)]
        along = one_of(request.along, ALONG)
        drawn = curves(found, by=along, figures=figures, say=self.language.say)
        return picture_of(drawn, "png", dark=request.dark)

    def _surprise_file(self, request: SurpriseRequest, file: _File) -> bytes | str:
        from poetbot.study.surprise_image import shaded_png

        poem = request.poem_text(file.session, study_surprise.MAX_CHARACTERS)
        found = surprise(self._poet(request, file.visitor), poem)
        return found.as_csv() if file.is_table else shaded_png(found, dark=request.dark)

    def _poet(self, request: PoetRequest, visitor: Visitor) -> Poet:
        return self.shelf.of(visitor).poet(request.poet_name())

    def _compare_words(
        self, session: Session, request: WordsRequest, visitor: Visitor
    ) -> tuple[Comparison, int]:
        """Return the words read and written, and the number of poems written."""
        poet = self._poet(request, visitor)
        written = written_by(poet, request.poet_name(), session)
        common = one_of(request.common, ("auto", "none", *LANGUAGES))
        counts = word_counts(poet, written, request.unit, self.language)
        return compare_words(counts.read, counts.written, common), len(written)

    def _write_poems(self, poet: Poet, session: Session, *, parts: int) -> Iterator[Answer]:
        """Let a poet write poems to be studied: the first of `parts` parts of the work."""
        poems: dict[int, str] = {}

        def progress() -> Answer:
            text = self.language.gettext("Writing: {n} of {total} poems", n=len(poems), total=POEMS)
            return {"working": text, "share": len(poems) / POEMS / parts}

        if parts == 1:
            yield progress()
        for number, poem in write_together(poet, Request(temperature=TEMPERATURE), POEMS):
            poems[number] = poem.text
            yield progress()
        session.studied.keep(poet.id, [poems[number] for number in range(POEMS)])

    def _poem_to_mark(self, session: Session, request: PoemRequest) -> str:
        poem = checked(request.poem_text(session, MAX_CHARACTERS))
        check_language([poem])
        return poem
