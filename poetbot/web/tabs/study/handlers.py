"""What the Study tab does when it is asked: plain functions of the core, tested without a browser.

Each answers with the number of the question, so that the page shows the answer to its last one alone.
"""

import base64
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, TypeAlias

import gradio as gr
import numpy as np

from poetbot.corpus.named_corpora import BUNDLED
from poetbot.errors import PoetBotError
from poetbot.poets.folder import kept_epochs
from poetbot.study.curves import LOSSES, MOST_POETS
from poetbot.study.growth import TEMPERATURES, through_epochs, through_temperatures
from poetbot.study.history import as_csv
from poetbot.study.stored_verse_shares import kept_shares
from poetbot.study.surprise import surprise
from poetbot.study.verse_shares import Compared, check_language, compared_in_steps, shares_csv
from poetbot.study.word_comparison import Comparison, compare_words
from poetbot.verse.marks import checked
from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.serving.session import Session
from poetbot.web.tabs.study import curves as study_curves
from poetbot.web.tabs.study import growth as study_growth
from poetbot.web.tabs.study import sound as study_sound
from poetbot.web.tabs.study import surprise as study_surprise
from poetbot.web.tabs.study import word_clouds
from poetbot.web.tabs.study.page import OWN, languages
from poetbot.web.tabs.study.requests import Asked
from poetbot.web.tabs.study.sources import (
    choices,
    histories,
    is_chinese_poet,
    peoples,
    word_counts,
    written_by,
)
from poetbot.web.words import Words
from poetbot.writing import Request, write_together

Value = dict[str, Any]
Visitor: TypeAlias = gr.Request | None

WRITTEN = 24
"""Poems that a poet writes to be studied: enough words for a cloud, in some seconds."""
TEMPERATURE = 0.7
MOST_LINES = 24
"""Lines of each poem that shows how a poet grew."""
_LARGEST_RNG = 999_999_999
_TYPES = {"png": "image/png", "csv": "text/csv;charset=utf-8"}


@dataclass(frozen=True)
class Handlers:
    """What the events call."""

    shelf: Shelf
    words: Words

    def open(self, session: Session, poet: str | None, visitor: Visitor = None) -> Value:
        """Say what there is to choose from, now that the tab is opened."""
        found = choices(self.shelf.of(visitor), session, poet, self.words)
        return {"part": "page", **found, "at": time.monotonic_ns()}

    def draw_words(self, session: Session, event: gr.EventData, visitor: Visitor = None) -> Value:
        """Draw the clouds."""

        def drawn(asked: Asked) -> Value:
            found, wrote = self._compared(session, asked, visitor)
            html = word_clouds.clouds_html(
                found,
                wrote,
                by_key=asked.one_of("by", ("count", "key")) == "key",
                dark=asked.dark,
                count=WRITTEN,
                words=self.words.study,
            )
            poet = self.shelf.of(visitor).poet(asked.poet())
            return {"html": html, "chinese": is_chinese_poet(poet)}

        return self._told("words", event, drawn)

    def write(self, session: Session, event: gr.EventData, visitor: Visitor = None) -> Iterator[Value]:
        """Let the poet write poems to be studied; then the page asks for the clouds again."""

        def written(asked: Asked) -> Generator[Value, None, Value]:
            poet = self.shelf.of(visitor).poet(asked.poet())
            poems: dict[int, str] = {}
            yield self._writing(0)
            for number, poem in write_together(poet, Request(temperature=TEMPERATURE), WRITTEN):
                poems[number] = poem.text
                yield self._writing(len(poems))
            session.studied.keep(poet.id, [poems[number] for number in range(WRITTEN)])
            return {"html": "", "then": "words"}

        yield from self._telling("write", event, written)

    def hear(self, session: Session, event: gr.EventData) -> Value:
        """Mark what is heard in one poem."""

        def heard(asked: Asked) -> Value:
            poem = self._poem(session, asked)
            return {"html": study_sound.marked_html(poem, self.words.study)}

        return self._told("marks", event, heard)

    def compare(self, session: Session, event: gr.EventData, visitor: Visitor = None) -> Iterator[Value]:
        """Compare what is heard in a poet's poems with people's and with chance."""
        own = self.words.study

        def compared(asked: Asked) -> Generator[Value, None, Value]:
            name = asked.poet()
            poet = self.shelf.of(visitor).poet(name)
            chosen = asked.one_of("people", (OWN, *BUNDLED))
            if chosen == OWN and (kept := kept_shares(poet)):
                session.studied.shares = name, kept.sides
                note = own.kept_shares.format(when=kept.when)
                return {"html": study_sound.shares_html(name, kept.sides, note, own)}
            people = peoples(chosen, poet, own)
            poems = dict(enumerate(session.studied.poems(poet.id)))
            if not poems:
                for number, poem in write_together(poet, Request(temperature=TEMPERATURE), WRITTEN):
                    poems[number] = poem.text
                    yield self._writing(len(poems), of=3)
                session.studied.keep(poet.id, [poems[number] for number in range(WRITTEN)])
            rng = np.random.default_rng(0)
            sides: dict[str, Compared] = {}
            for part, (side, whose, texts) in enumerate(
                (("poet", name, [*poems.values()]), ("human", own.people, people)), 1
            ):
                told = time.monotonic()
                listening = compared_in_steps(texts, rng)
                while True:
                    try:
                        share = next(listening)
                    except StopIteration as ended:
                        sides[side] = ended.value
                        break
                    if time.monotonic() - told > 0.2:
                        told = time.monotonic()
                        said = own.listening_to.format(whose=whose)
                        yield {"working": said, "share": (part + share) / 3}
            session.studied.shares = name, sides
            note = own.wrote_now.format(n=len(poems), temperature=TEMPERATURE)
            return {"html": study_sound.shares_html(name, sides, note, own)}

        yield from self._telling("shares", event, compared)

    def draw_curves(self, event: gr.EventData, visitor: Visitor = None) -> Value:
        """Draw the curves."""

        def drawn(asked: Asked) -> Value:
            chosen = asked.several("histories", MOST_POETS)
            if not chosen:
                raise PoetBotError(self.words.study.choose_one)
            found, note = histories(chosen, self.shelf.of(visitor), self.words.study)
            shown = study_curves.curves_html(
                found, asked.text("figure"), asked.text("along"), self.words.study, note
            )
            return {"html": shown.html, "points": shown.points}

        return self._told("curves", event, drawn)

    def grow(self, event: gr.EventData, visitor: Visitor = None) -> Iterator[Value]:
        """Write the same first words through epochs and temperatures."""
        own = self.words.study

        def grown(asked: Asked) -> Generator[Value, None, Value]:
            name = asked.poet()
            request = Request(
                asked.text("seed", 300),
                asked.decimal("temperature", 0, 2, MOST_LINES),
                lines=asked.whole("lines", 1, MOST_LINES, MOST_LINES),
                rng=asked.whole("rng", 0, _LARGEST_RNG, MOST_LINES),
            )
            poet = self.shelf.of(visitor).poet(name)
            yield {"working": own.growing, "share": 0.1}
            heats = through_temperatures(poet, request, TEMPERATURES)
            epochs = []
            if poet.epoch is None and kept_epochs(poet.folder):
                yield {"working": own.growing, "share": 0.5}
                epochs = through_epochs(poet, request)
            return {"html": study_growth.growth_html(name, epochs, heats, own)}

        yield from self._telling("growth", event, grown)

    def look(self, session: Session, event: gr.EventData, visitor: Visitor = None) -> Iterator[Value]:
        """Show how surprising each character of a poem was to a poet."""
        own = self.words.study

        def looked(asked: Asked) -> Generator[Value, None, Value]:
            name, poem = asked.poet(), asked.poem(session, study_surprise.MOST)
            poet = self.shelf.of(visitor).poet(name)
            yield {"working": own.looking, "share": 0.2}
            shown = study_surprise.surprise_html(name, surprise(poet, poem), own)
            return {"html": shown.html, "units": shown.units}

        yield from self._telling("surprise", event, looked)

    def keep(self, session: Session, event: gr.EventData, visitor: Visitor = None) -> Value:
        """Hand over what is shown as a picture or a table; the page sends what it had asked for."""

        def kept(asked: Asked) -> Value:
            part = asked.one_of("of", ("words", "marks", "shares", "curves", "surprise"))
            kind = asked.one_of("kind", tuple(_TYPES))
            made = getattr(self, f"_{part}_file")(session, asked, kind, visitor)
            # A spreadsheet takes UTF-8 for what it is only where a mark at the beginning says so.
            data = made if isinstance(made, bytes) else made.encode("utf-8-sig")
            return {
                "file": base64.b64encode(data).decode(),
                "type": _TYPES[kind],
                "name": f"poetbot-{part}.{kind}",
            }

        return self._told("keep", event, kept)

    def broken(self) -> Value:
        """Say that something failed that should not have; the log has the rest."""
        return {"part": "broken", "error": self.words.study.study_broken, "at": time.monotonic_ns()}

    def _words_file(self, session: Session, asked: Asked, kind: str, visitor: Visitor) -> bytes | str:
        own = self.words.study
        found, wrote = self._compared(session, asked, visitor)
        if kind == "csv":
            return found.as_csv()
        by_key = asked.one_of("by", ("count", "key")) == "key"
        titles = (own.says_more, own.says_less) if by_key else (own.it_read, wrote)
        return word_clouds.clouds_png(found.clouds(by_key=by_key), titles, dark=asked.dark)

    def _marks_file(self, session: Session, asked: Asked, kind: str, visitor: Visitor) -> bytes | str:
        from poetbot.study.sound_image import marked_png, marks_csv

        poem = self._poem(session, asked)
        return marks_csv(poem) if kind == "csv" else marked_png(poem, dark=asked.dark)

    def _shares_file(self, session: Session, asked: Asked, kind: str, visitor: Visitor) -> str:
        if session.studied.shares is None or kind != "csv":
            raise PoetBotError(self.words.study.no_such_choice)
        return shares_csv(session.studied.shares[1])

    def _curves_file(self, session: Session, asked: Asked, kind: str, visitor: Visitor) -> bytes | str:
        from poetbot.study.curves import curves, picture_of

        chosen = asked.several("histories", MOST_POETS)
        found, _ = histories(chosen, self.shelf.of(visitor), self.words.study)
        if kind == "csv":
            return as_csv(found)
        along = asked.one_of("along", study_curves.ALONG)
        figures = study_curves.FIGURES.get(asked.text("figure"), LOSSES)
        return picture_of(curves(found, by=along, figures=figures, dark=asked.dark), "png")

    def _surprise_file(self, session: Session, asked: Asked, kind: str, visitor: Visitor) -> bytes | str:
        from poetbot.study.surprise_image import shaded_png

        poem = asked.poem(session, study_surprise.MOST)
        found = surprise(self.shelf.of(visitor).poet(asked.poet()), poem)
        return found.as_csv() if kind == "csv" else shaded_png(found, dark=asked.dark)

    def _compared(self, session: Session, asked: Asked, visitor: Visitor) -> tuple[Comparison, str]:
        """Return the words read and written, and what the second cloud is called."""
        own, name = self.words.study, asked.poet()
        poet = self.shelf.of(visitor).poet(name)
        wrote = written_by(poet, name, session)
        common = asked.one_of("common", ("auto", "none", *languages(own)))
        counts = word_counts(poet, wrote, asked.one_of("unit", ("characters", "words")), own)
        title = own.it_wrote if session.studied.poems(poet.id) else own.it_wrote_session
        return compare_words(*counts, common), title.format(n=len(wrote))

    def _poem(self, session: Session, asked: Asked) -> str:
        poem = checked(asked.poem(session, study_sound.MOST))
        check_language([poem])
        return poem

    def _writing(self, n: int, of: int = 1) -> Value:
        said = self.words.study.writing_poems.format(n=n, total=WRITTEN)
        return {"working": said, "share": n / WRITTEN / of}

    def _told(self, part: str, event: gr.EventData, does: Callable[[Asked], Value]) -> Value:
        def at_once(asked: Asked) -> Generator[Value, None, Value]:
            yield from ()
            return does(asked)

        (answer,) = self._telling(part, event, at_once)
        return answer

    def _telling(
        self, part: str, event: gr.EventData, does: Callable[[Asked], Generator[Value, None, Value]]
    ) -> Iterator[Value]:
        """Give out how far the work is and what was found, or one sentence; here a person who pressed Stop is let go."""
        data = event._data if isinstance(event._data, dict) else {}
        asked = Asked(data, self.words.study)
        head = {"part": part, "for": asked.number}
        try:
            work = does(asked)
            while True:
                try:
                    yield {**head, **next(work)}
                except StopIteration as ended:
                    # Two equal values in a row would be one to the browser.
                    yield {**head, **ended.value, "at": time.monotonic_ns()}
                    return
        except PoetBotError as error:
            yield {**head, "error": escape(self.words.tongue.said(error)), "at": time.monotonic_ns()}
