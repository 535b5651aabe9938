"""Suggestions for the line at the cursor: a few of many drafts, each with its figures and its receipt."""

import dataclasses
import re
from dataclasses import dataclass
from typing import Any

from poetbot.cjk import is_mostly_cjk
from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.poets.folder import Poet
from poetbot.poets.sampling import DEFAULT_TEMPERATURE
from poetbot.writing.chinese_script import ANY, given
from poetbot.writing.context_ranking import with_context
from poetbot.writing.form_writer import readable_form
from poetbot.writing.forms import FREE, Form
from poetbot.writing.next_line import (
    MAX_DRAFTS,
    DraftSettings,
    LineContext,
    candidates,
    drafted,
    ends_with,
)
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.ranking import LineFigures, Ranked, chosen
from poetbot.writing.receipt import Receipt, ReceiptKind
from poetbot.writing.request import (
    MAX_POEM,
    MAX_SEED,
    Request,
    clean_seed,
    validate_flag,
    validate_integer,
    validate_theme,
)
from poetbot.writing.theme import NO_THEME, Theme
from poetbot.writing.theme_words import resolved
from poetbot.writing.tone_rules import about_tones, rhyme_partners

DRAFTS = 64
MAX_SUGGESTIONS = 10

_BEFORE, _AFTER = 2_000, 1_000  # characters that count without a form
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LONGEST_WORD = 60


@dataclass(frozen=True)
class LineRequest:
    """A request for a line between `before` and `after`, the poem on either side of the cursor.

    If `before` ends inside a line, that line is completed, and its rest in `after` is replaced. Of a long poem only the
    last 2,000 characters before the cursor and 1,000 after it are kept, or all of it with a form. `guard`, `script`,
    `whole_words` and `tidy` are as in a `Request`. The line ends in the word `ends_in`, if there is one. `theme` is what the poem is
    about. Raises PoetBotError for any value out of range.
    """

    before: str = ""
    after: str = ""
    temperature: float = DEFAULT_TEMPERATURE
    top_p: float = 1.0
    rng: int = 0
    drafts: int = DRAFTS
    count: int = 3
    form: Form = FREE
    real_words: bool = False
    guard: int = 0
    script: str = ANY
    whole_words: bool = True
    ends_in: str = ""
    theme: Theme = NO_THEME
    tidy: bool = True

    def __post_init__(self) -> None:
        for name in ("before", "after"):
            value = getattr(self, name)
            if not isinstance(value, str):
                raise PoetBotError("The poem before and after the line must be text.")
            if len(value) > MAX_POEM:
                raise PoetBotError("The poem must be text of at most {most:,} characters.", most=MAX_POEM)
            object.__setattr__(self, name, value.replace("\r\n", "\n").replace("\r", "\n"))
        if not isinstance(self.form, Form):
            raise PoetBotError("This form can't be read.")
        after = self.after[self.after.find("\n") :] if "\n" in self.after else ""
        before = self.before
        if self.form == FREE:
            before, after = before[-_BEFORE:], after[:_AFTER]
        elif len(before) + len(after) > MAX_SEED:
            raise PoetBotError(
                "A poem in a form can have at most {most:,} characters. Shorten it, or write without a form.",
                most=MAX_SEED,
            )
        object.__setattr__(self, "before", before)
        object.__setattr__(self, "after", after)
        checked = Request(
            "",
            self.temperature,
            self.top_p,
            rng=self.rng,
            guard=self.guard,
            script=self.script,
            whole_words=self.whole_words,
        )
        for name in ("temperature", "top_p", "rng", "guard", "script"):
            object.__setattr__(self, name, getattr(checked, name))
        for name, high in (("drafts", MAX_DRAFTS), ("count", MAX_SUGGESTIONS)):
            object.__setattr__(self, name, validate_integer(name, getattr(self, name), 1, high))
        validate_flag("real_words", self.real_words)
        validate_flag("tidy", self.tidy)
        object.__setattr__(self, "ends_in", _one_word(self.ends_in))
        validate_theme(self.theme)


LINE = ReceiptKind(
    "line",
    LineRequest,
    "before",
    {"form": Form.from_json, "theme": Theme.from_json},
    lambda given: {"whole_words": False, "tidy": False},
)


@dataclass(frozen=True)
class Suggestion:
    """A suggested line. `line` is the whole line including its typed beginning, `text` is what to insert.

    `text` begins with a newline if the form begins a stanza here.
    """

    text: str
    line: str
    figures: LineFigures
    receipt: Receipt

    @property
    def poet(self) -> str:
        """The name of the poet or blend that wrote it."""
        return str(self.receipt["poet"])

    def as_json(self) -> dict[str, object]:
        """Return the suggestion as plain data."""
        return dataclasses.asdict(self)


@dataclass(frozen=True)
class Suggestions:
    """The suggestions, best first, the number of drafts they were chosen from, and notices about the input."""

    suggestions: tuple[Suggestion, ...]
    drafts: int
    in_form: int
    notices: tuple[Message, ...]

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "suggestions": [each.as_json() for each in self.suggestions],
            "drafts": self.drafts,
            "in_form": self.in_form,
            "notices": list(map(str, self.notices)),
        }


def suggest(cached: CachedPoet, request: LineRequest) -> Suggestions:
    """Return a few lines to continue with, chosen from many drafts; see `docs/writing.md`.

    Raises PoetBotError if the poem already has all lines of its form, or the poet can't write this form.
    """
    place, gap, notices = _place(cached, request)
    theme, about_theme = resolved(request.theme, cached.poet, request.script)
    request, notices = dataclasses.replace(request, theme=theme), notices + about_theme
    if place.form.returns is not None and (repeated := place.lines.get(place.form.returns)) is not None:
        typed = place.before.rsplit("\n", 1)[-1]
        text = repeated[len(typed) :] if repeated.startswith(typed) else repeated
        repetition = Suggestion(
            given(text, request.script),
            given(typed + text, request.script),
            {"returns": place.form.returns},
            _receipt(cached.poet, request, None),
        )
        return Suggestions((repetition,), 0, 1, notices)
    found = candidates(cached, place, _drawn(cached, request, place), request.drafts)
    found = with_context(cached, place, found)
    notices += _about_the_end(cached, place, found)
    best = chosen(found, request.count)
    return Suggestions(
        tuple(_suggestion(cached.poet, request, each, gap) for each in best),
        len(found),
        sum(each.figures.fit.distance == 0 for each in found),
        notices,
    )


def recreate_suggestion(cached: CachedPoet, receipt: Any) -> str:
    """Recreate the text of a suggestion from its receipt.

    Raises PoetBotError if the receipt isn't one of a suggestion, or is another poet's.
    """
    request = LINE.request_of(receipt, cached.poet)
    draft, loose = receipt.get("draft"), bool(receipt.get("loose", False))
    if draft is not None and (isinstance(draft, bool) or not isinstance(draft, int) or draft < 0):
        raise PoetBotError(
            "The receipt's draft must be an integer. Use the JSON that came with the suggestion."
        )
    place, gap, _ = _place(cached, request)
    if draft is None:
        return suggest(cached, request).suggestions[0].text
    return given(
        gap + drafted(cached, place, _drawn(cached, request, place), draft, loose=loose).text,
        request.script,
    )


def _receipt(poet: Poet, request: LineRequest, ranked: Ranked | None) -> Receipt:
    found = LINE.receipt(poet, request)
    if ranked is not None:
        found["draft"], found["loose"] = ranked.draft.number, ranked.draft.loose
    return found


def _suggestion(poet: Poet, request: LineRequest, ranked: Ranked, gap: str) -> Suggestion:
    text, line = given(gap + ranked.draft.text, request.script), given(ranked.line, request.script)
    return Suggestion(text, line, ranked.figures.as_json(), _receipt(poet, request, ranked))


def _drawn(cached: CachedPoet, request: LineRequest, place: LineContext) -> DraftSettings:
    return DraftSettings(
        request.temperature,
        request.top_p,
        (request.rng,),
        request.real_words,
        request.guard,
        request.whole_words,
        cached.theme_bias(request.theme),
        request.tidy,
        closes=request.tidy and place.form.number + 1 == request.form.lines,
    )


def _place(cached: CachedPoet, request: LineRequest) -> tuple[LineContext, str, tuple[Message, ...]]:
    """Return the context of the line, the blank line that its form requires before it, and notices."""
    before, notices = clean_seed(request.before, cached.poet, request.script)
    after, _ = clean_seed(request.after, cached.poet, request.script)
    lines = [line for line in before.split("\n")[:-1] if line.strip()]
    number = len(lines)
    readable = readable_form(request.form, cached.poet, request.script)
    form, notices = readable.line(number), notices + about_tones(request.form, readable)
    by_number = dict(enumerate(lines))
    by_number |= dict(enumerate((line for line in after.split("\n") if line.strip()), number + 1))
    stanza = form.begins_stanza and number > 0 and before.endswith("\n") and not before.endswith("\n\n")
    gap = "\n" * stanza
    before += gap
    ends_in = _readable_word(cached.poet, request)
    return LineContext(cached.primed(before), before, after, form, by_number, ends_in), gap, notices


def _one_word(text: Any) -> str:
    """Return the word that a line shall end in, or "". Raises PoetBotError for anything but one word or CJK character."""
    word = text.strip() if isinstance(text, str) else None
    if word is None or len(word) > _LONGEST_WORD or (word and not _WORD.fullmatch(word)):
        raise PoetBotError("Give one word for the end of the line.")
    if len(word) > 1 and is_mostly_cjk((word,)):
        raise PoetBotError("Give one character for the end of the line.")
    return word


def _readable_word(poet: Poet, request: LineRequest) -> str:
    known, unknown = clean_seed(request.ends_in.lower(), poet, request.script)
    if request.ends_in and (unknown or not known):
        raise PoetBotError("This poet can't write {word}. Choose another word.", word=request.ends_in)
    return known


def _about_the_end(cached: CachedPoet, place: LineContext, found: list[Ranked]) -> tuple[Message, ...]:
    """Return what keeps the requested last word from fitting, in one sentence or none."""
    word = place.ends_in
    if not word:
        return ()
    if not any(ends_with(each.line, word) for each in found):
        return (Message("No line could be made to end in {word}.", word=word),)
    partners = rhyme_partners(place.form, place.lines)
    sounds = cached.sounds_by(place.form.rhyme_book)
    if partners and not any(sounds.rhyme(word, line) for line in partners):
        return (Message("{word} doesn't rhyme with the line that the form pairs it with.", word=word),)
    if len(partners) < len(place.form.rhymes_with) and not sounds.rhymes_of([word]):
        return (Message("A later line has to rhyme with {word}, but no word does.", word=word),)
    return ()
