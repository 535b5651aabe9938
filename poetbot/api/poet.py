"""A poet as a notebook uses it: write, stream, suggest, check, score."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypedDict, Unpack

import numpy as np

from poetbot.api.poem import Poem
from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, report
from poetbot.overlap.input_text import clean_text
from poetbot.overlap.report_types import Report
from poetbot.poets import folder
from poetbot.poets.blend import Blend, load_blend
from poetbot.poets.poet_scoring import score_poet
from poetbot.poets.sampling import DEFAULT_TEMPERATURE
from poetbot.storage import Home
from poetbot.study.history import History, read_history
from poetbot.study.surprise import Surprise, surprise
from poetbot.writing import (
    NAMED,
    CachedPoet,
    Form,
    FormRequest,
    FormWriter,
    LineRequest,
    Passage,
    RecreatedPoem,
    Request,
    RhymingWord,
    Suggestion,
    Theme,
    Title,
    Writer,
    passages,
    poem_request,
    recreate_poem,
    rhymes,
    suggest,
    suggest_one_each,
    titles,
    write_requested,
)
from poetbot.writing.form_writer import DRAFTS
from poetbot.writing.forms import FREE, form_given
from poetbot.writing.request import validate_flag
from poetbot.writing.suggestions import DRAFTS as LINE_DRAFTS


class WritingOptions(TypedDict, total=False):
    """How a poet writes; every option may be left out."""

    temperature: float
    """0 (predictable) to 2 (wild); 0.6 by default."""
    top_p: float
    """The share of probability to draw from; 1 by default."""
    rng: int | None
    """The random seed: the same one writes the same poem again. A new one by default."""
    guard: int
    """The length in words from which phrases must not be copied from the training poems; 0, the default, sets no limit."""
    form: str | Form | Mapping[str, Any]
    """The name of a form (`list_forms()`), or its fields: stanzas, syllables, metre, rhyme, acrostic, refrain, couplets,
    rhyme_book.

    With a name among them, as in {"name": "五绝", "rhyme_book": "xinyun"}, the other fields change that form."""
    real_words: bool
    """Use only words that the poet has read. A poem needs a form for it."""
    about: str
    """What it is about."""
    avoid: str
    """Words that must not occur."""
    drafts: int
    """How many drafts are chosen from: for each line with a form and in `suggest`, and in `continuations`."""
    script: str
    """The Chinese script, "simplified" or "traditional"."""


def load(poet: str | Path = folder.DEFAULT_POET) -> "Poet":
    """Load a poet by its name or folder, or a blend of poets such as "english:0.6,dickinson:0.4".

    Raises PoetBotError if there is none, if it is damaged, or if the poets can't be blended.
    """
    if isinstance(poet, str) and ":" in poet and "," in poet and not Path(poet).is_dir():
        return Poet(load_blend(poet))
    return Poet(folder.load(str(poet)))


def list_poets() -> list[str]:
    """Return the names of the bundled poets and of your own."""
    folders = [*folder.poet_folders(), *folder.poet_folders(Home.default().poets)]
    return [each.name for each in folders]


def list_forms() -> list[str]:
    """Return the names of the forms, such as "haiku"."""
    return list(NAMED)


@dataclass(frozen=True)
class Poet:
    """A poet that can write. `model` is the poet as the core of PoetBot knows it."""

    model: folder.Poet

    @property
    def name(self) -> str:
        """Its name."""
        return self.model.name

    @property
    def card(self) -> Mapping[str, Any]:
        """Its recipe, its training poems and its figures, as in poet.json."""
        return self.model.card

    def write(
        self,
        seed: str = "",
        *,
        lines: int | None = None,
        characters: int | None = None,
        best_of: int = 1,
        **options: Unpack[WritingOptions],
    ) -> Poem:
        """Write a poem that begins with `seed`.

        `lines` or `characters` limit what is written; without them the poet ends it. It is the best of `best_of` drafts. Raises
        PoetBotError for any value out of range.
        """
        request = _poem_request(seed, lines, characters, options)
        return Poem(*write_requested(self._cached, request, best_of), self._index)

    def stream(
        self,
        seed: str = "",
        *,
        lines: int | None = None,
        characters: int | None = None,
        **options: Unpack[WritingOptions],
    ) -> Iterator[str]:
        """Write as `write` does, and yield the opening and then each piece as soon as it is written."""
        request = _poem_request(seed, lines, characters, options)
        writer: FormWriter | Writer
        if isinstance(request, FormRequest):
            writer = FormWriter(self._cached, request)
        else:
            writer = Writer(self.model, request, self._index)
        yield writer.seed
        yield from writer

    def suggest(
        self,
        poem: str,
        *,
        after: str = "",
        begun: bool = False,
        ends_in: str = "",
        count: int = 3,
        one_each: bool = False,
        **options: Unpack[WritingOptions],
    ) -> list[Suggestion]:
        """Return suggestions for the next line of a poem, the best first, each with `line`, `figures`, `receipt` and `poet`.

        `begun` completes its last line instead. `after` is the rest of the poem. The suggested line ends in the word `ends_in`, if
        there is one. `one_each`: the best line of each poet of a blend alone, then the second best.
        """
        validate_flag("one_each", one_each)
        before = poem if begun or not poem or poem.endswith("\n") else poem + "\n"
        request = LineRequest(
            before,
            after,
            drafts=options.get("drafts", LINE_DRAFTS),
            count=count,
            form=form_given(options.get("form", FREE)),
            real_words=options.get("real_words", False),
            ends_in=ends_in,
            **_common(options),
        )
        found = (suggest_one_each if one_each else suggest)(self._cached, request)
        return list(found.suggestions)

    def continuations(
        self, poem: str, *, lines: int | None = None, count: int = 1, **options: Unpack[WritingOptions]
    ) -> list[Passage]:
        """Return continuations of a poem by `lines` lines or, without that number, to its end, each with `text` and `receipt`.

        There are `count`, the best first; in a form there is one, at most to the form's end.
        """
        found = passages(
            self._cached,
            poem,
            Request(lines=lines, **_common(options)),
            form=form_given(options.get("form", FREE)),
            real_words=options.get("real_words", False),
            count=count,
            drafts=options.get("drafts"),
        )
        return list(found.suggestions)

    def titles(
        self, poem: str, *, rng: int = 0, count: int = 3, about: str = "", avoid: str = ""
    ) -> list[Title]:
        """Return titles for a poem, the best first."""
        return titles(self._cached, poem, rng=rng, count=count, theme=Theme(about, avoid))

    def rhymes(
        self, word: str, *, line: str | None = None, count: int = 20, about: str = "", avoid: str = ""
    ) -> list[RhymingWord]:
        """Return the words among those it has read that rhyme with `word`: perfect rhymes, then near ones.

        With `line`, a line that isn't finished, those that fit its end best come first.
        """
        found = rhymes(self._cached, word, before=line, count=count, theme=Theme(about, avoid))
        return list(found.words)

    def check(self, text: str, *, seed_characters: int = 0) -> Report:
        """Return the overlap report of any text, without its first `seed_characters` characters (docs/overlap.md)."""
        if self._index is None:
            raise PoetBotError("{poet} has no overlap index. Train it to the end first.", poet=self.name)
        return report(self._index, clean_text(text), seed_characters)

    def score(self, poems: str | Sequence[str]) -> dict[str, Any]:
        """Return how well it predicts poems, each on its own; compare poets by `bits_per_character`; lower is better."""
        return score_poet(self.model, [poems] if isinstance(poems, str) else list(poems))

    def recreate(self, receipt: Mapping[str, Any]) -> RecreatedPoem:
        """Write the poem of a receipt again: its `text`, and the spans of it that a poet has `written`."""
        (*_, poem) = recreate_poem(receipt, lambda _: self._cached)
        assert isinstance(poem, RecreatedPoem)
        return poem

    def surprise(self, text: str) -> Surprise:
        """Return how likely it finds each letter of a text, which the Study tab draws (docs/study.md)."""
        return surprise(self.model, text)

    def words(self) -> dict[str, int]:
        """Return how often its training poems use each word."""
        return dict(self.model.words())

    def history(self) -> History:
        """Return how it learned: the figures of each epoch, with a sample."""
        if isinstance(self.model, Blend):
            raise PoetBotError("A blend has no history. Ask for that of one of its poets.")
        return read_history(self.model.folder, self.name)

    @cached_property
    def _index(self) -> OverlapIndex | None:
        try:
            return OverlapIndex.open(self.model.overlap_folder)
        except PoetBotError:
            return None

    @cached_property
    def _cached(self) -> CachedPoet:
        return CachedPoet(self.model, self._index)


def _poem_request(
    seed: str, lines: int | None, characters: int | None, options: WritingOptions
) -> Request | FormRequest:
    return poem_request(
        form_given(options.get("form", FREE)),
        real_words=options.get("real_words", False),
        lines=lines,
        characters=characters,
        drafts=options.get("drafts", DRAFTS),
        seed=seed,
        **_common(options),
    )


def _common(options: WritingOptions) -> dict[str, Any]:
    """Return the fields that every kind of request has."""
    rng = options.get("rng")
    return {
        "temperature": options.get("temperature", DEFAULT_TEMPERATURE),
        "top_p": options.get("top_p", 1.0),
        "rng": int(np.random.default_rng().integers(2**32)) if rng is None else rng,
        "guard": options.get("guard", 0),
        "script": options.get("script", ""),
        "theme": Theme(options.get("about", ""), options.get("avoid", "")),
    }
