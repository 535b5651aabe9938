"""Forms of poems: how many lines and stanzas, how many syllables, which lines rhyme, how they begin, which return.

`Form.line` says what a single line must be, so the code that writes or suggests a line needn't know the poem. Forms
don't depend on the language: a syllable is what the poet's language counts as one, and in Chinese that is a character.
The forms of Tang verse are those of Wang Li, 漢語詩律學 (1958), chapter 1: four or eight lines of five or seven
characters, with rhymes on the even lines and, by a rhyme book, the tone patterns of `verse.tone_patterns`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.verse.metre import FEET, FEWEST, MOST
from poetbot.verse.rhyme_books import rhyme_book
from poetbot.verse.tone_patterns import LENGTHS, OPENINGS, Opening

MAX_LINES = 200
MAX_SYLLABLES = 40
REFRAINS = ("", "first", "last")
NO_METRE = "none"
METRES = {"iambic": 10, "anapaestic": 12}
"""The metres that poets write in, and the syllables of a line if none are given: pentameters, and anapaests of four feet."""
UNRHYMED = "-"
NO_RHYME_BOOK = "none"
"""What is said for a form that has a rhyme book, to be without one."""
COUPLET = ("，", "。？！")
"""The marks that end the first and the second line of a Chinese couplet."""


@dataclass(frozen=True)
class LineForm:
    """What one line must be. Lines are numbered from 0, without blank ones.

    `rhymes_with` are all other lines with the same rhyme, `returns` is the line that is repeated here. One of the
    marks in `closing` ends the line, as in Chinese verse; "" allows anything. `openings` are the standard tone patterns
    that the poem may follow, by `rhyme_book`; none if tones are free.

    With a `metre`, `syllables` are those of its feet; a line that scans may have one more or fewer.
    """

    number: int
    begins_stanza: bool
    syllables: int | None = None
    letter: str = ""
    rhymes_with: tuple[int, ...] = ()
    returns: int | None = None
    closing: str = ""
    rhyme_book: str = ""
    openings: tuple[Opening, ...] = ()
    metre: str = ""

    @property
    def feet(self) -> int:
        """The number of feet of its metre, 0 without one."""
        return (self.syllables or 0) // len(FEET[self.metre]) if self.metre else 0


@dataclass(frozen=True)
class Form:
    """A form. Empty fields require nothing. If no field sets the number of lines, the form is open.

    `stanzas` is the number of lines in each stanza. `syllables` is that of each line; fewer numbers than lines are
    repeated. `rhyme` has a letter per line, - for an unrhymed one; a space begins a stanza, and a scheme shorter than the
    poem is repeated with new rhymes. `acrostic` has the first letter of each line; a space begins a stanza. With `refrain`,
    the "first" or the "last" line of the first stanza is repeated in every stanza. With `couplets`, Chinese lines come in
    pairs: the first ends in a comma, the second in a full stop, a question mark or an exclamation mark. `rhyme_book` is
    "pingshui" or "xinyun" (`verse.rhyme_books`): Chinese lines rhyme by it and, in the forms of regulated verse, follow a
    tone pattern. `metre` is "iambic" or "anapaestic", "none" or "": `syllables` are then those of the feet, and without
    them a line has five iambs or four anapaests.
    Raises PoetBotError if the fields contradict each other.
    """

    stanzas: tuple[int, ...] = ()
    syllables: tuple[int, ...] = ()
    rhyme: str = ""
    acrostic: str = ""
    refrain: str = ""
    couplets: bool = False
    rhyme_book: str = ""
    metre: str = ""

    def __post_init__(self) -> None:
        if not self.rhyme_book or self.rhyme_book == NO_RHYME_BOOK:
            object.__setattr__(self, "rhyme_book", "")
        else:
            rhyme_book(self.rhyme_book)
        if not isinstance(self.couplets, bool):
            raise PoetBotError("{name} must be true or false.", name="couplets")
        for name in ("stanzas", "syllables"):
            object.__setattr__(self, name, _numbers(name, getattr(self, name)))
        for name in ("rhyme", "acrostic", "refrain"):
            value = getattr(self, name)
            if not isinstance(value, str) or len(value) > 2 * MAX_LINES:
                raise PoetBotError(
                    "The {name} of a form must be text of at most {most:,} letters.",
                    name=name,
                    most=2 * MAX_LINES,
                )
            object.__setattr__(self, name, " ".join(value.split()))
        object.__setattr__(self, "rhyme", self.rhyme.upper())
        _check_letters(self.rhyme, self.acrostic, self.refrain)
        self._set_metre()
        object.__setattr__(self, "stanzas", self.stanzas or self._stanzas_of_the_rest())
        self._check_lines()
        self._check_refrain()

    @property
    def lines(self) -> int | None:
        """The number of lines, or None if the form doesn't set it."""
        return sum(self.stanzas) or None

    @property
    def is_open(self) -> bool:
        """Whether the form requires nothing."""
        return self == FREE

    def line(self, number: int) -> LineForm:
        """Return what line `number` must be, counted from 0 without blank lines.

        Raises PoetBotError if the form has no such line.
        """
        if self.lines is None:
            return LineForm(number, begins_stanza=False, syllables=self._syllables(number), metre=self.metre)
        if number >= self.lines:
            raise PoetBotError(
                "The poem already has all {lines} lines of its form. Choose another form, or write on without one.",
                lines=self.lines,
            )
        group, returns = self._groups[number], self._returns
        rhymes = () if group is None or number in returns else self._rhyming(number)
        return LineForm(
            number,
            begins_stanza=number in self._begins,
            syllables=self._syllables(number),
            letter=self._letters[number] if self.acrostic else "",
            rhymes_with=rhymes,
            returns=returns.get(number),
            closing=COUPLET[number % 2] if self.couplets else "",
            rhyme_book=self.rhyme_book,
            openings=self.openings,
            metre=self.metre,
        )

    def _rhyming(self, number: int) -> tuple[int, ...]:
        """Return the other lines with the same rhyme, without repeated ones."""
        groups = self._groups
        return tuple(
            k
            for k, group in enumerate(groups)
            if group == groups[number] and k != number and k not in self._returns
        )

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """The standard tone patterns that the form allows; none without a rhyme book, or if it isn't one of regulated verse.

        That is an even number of lines, all of five or all of seven syllables, in which the even lines rhyme with each other,
        and no others but perhaps the first. If the form leaves the first line unrhymed, the line may still rhyme.
        """
        lines = self.lines or 0
        lengths = {self._syllables(number) for number in range(lines)}
        if not self.rhyme_book or self.refrain or lines < 4 or lines % 2 or len(lengths) > 1:
            return ()
        first, *unrhymed = self._groups[::2]
        rhymed = set(self._groups[1::2])
        if lengths.isdisjoint(LENGTHS) or any(unrhymed) or len(rhymed) > 1 or None in rhymed:
            return ()
        if first is None:
            return OPENINGS
        return tuple(each for each in OPENINGS if each.rhymes) if first in rhymed else ()

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The pairs of consecutive lines of a rhyme: in ABAB the first and third, the second and fourth."""
        found = []
        for number in range(self.lines or 0):
            earlier = [k for k in self.line(number).rhymes_with if k < number]
            if earlier:
                found.append((earlier[-1], number))
        return tuple(found)

    def as_json(self) -> dict[str, object]:
        """Return the form as plain data, without empty fields."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value
        }

    @staticmethod
    def from_json(data: Any) -> "Form":
        """Return the form of what `as_json` returned. Raises PoetBotError for anything else."""
        _check_fields(data)
        return Form(**data)

    @cached_property
    def _begins(self) -> frozenset[int]:
        return frozenset(sum(self.stanzas[:k]) for k in range(len(self.stanzas)))

    @cached_property
    def _letters(self) -> str:
        return self.acrostic.replace(" ", "")

    @cached_property
    def _returns(self) -> dict[int, int]:
        """Repeated lines, and the line that each repeats."""
        if not self.refrain:
            return {}
        begins = sorted(self._begins)
        last = self.refrain == "last"
        places = [begin + (size - 1 if last else 0) for begin, size in zip(begins, self.stanzas, strict=True)]
        return dict.fromkeys(places[1:], places[0])

    @cached_property
    def _groups(self) -> list[tuple[int, str] | None]:
        """The rhyme of each line: the round of the scheme, and its letter. Repeated lines keep their rhyme."""
        scheme = self.rhyme.replace(" ", "")
        if not scheme:
            return [None] * (self.lines or 0)
        groups = [
            None if scheme[k % len(scheme)] == UNRHYMED else (k // len(scheme), scheme[k % len(scheme)])
            for k in range(self.lines or 0)
        ]
        for repeated, first in self._returns.items():
            wanted, had = groups[first], groups[repeated]
            if had is not None and wanted is not None:
                groups = [wanted if group == had else group for group in groups]
        return groups

    def _syllables(self, number: int) -> int | None:
        if not self.syllables:
            return None
        return self.syllables[number % len(self.syllables)]

    def _stanzas_of_the_rest(self) -> tuple[int, ...]:
        for text in (self.acrostic, self.rhyme):
            if " " in text:
                return tuple(map(len, text.split()))
        lines = len(self.syllables) if len(self.syllables) > 1 else 0
        lines = len(self.acrostic) or max(lines, len(self.rhyme))
        return (lines,) if lines else ()

    def _set_metre(self) -> None:
        if not self.metre or self.metre == NO_METRE:
            object.__setattr__(self, "metre", "")
            return
        if not isinstance(self.metre, str) or self.metre not in METRES:
            raise PoetBotError("The metre must be one of: {names}.", names=", ".join((NO_METRE, *METRES)))
        if not self.syllables:
            object.__setattr__(self, "syllables", (METRES[self.metre],))
        foot = len(FEET[self.metre])
        for syllables in self.syllables:
            if syllables % foot or not FEWEST <= syllables // foot <= MOST:
                raise PoetBotError(
                    "The form contradicts itself: {metre} lines have a multiple of {foot} syllables, from {fewest} to {most}, not {syllables}.",
                    metre=self.metre,
                    foot=foot,
                    fewest=foot * FEWEST,
                    most=foot * MOST,
                    syllables=syllables,
                )

    def _check_lines(self) -> None:
        lines = self.lines
        if lines is None:
            if self.syllables and not self.metre:
                raise PoetBotError("Set the number of lines as well as the syllables.")
            if self.refrain:
                raise PoetBotError("A refrain needs stanzas. Set how many lines each one has.")
            if self.couplets:
                raise PoetBotError("Set how many lines the couplets have in all.")
            return
        if self.couplets and (lines % 2 or not self.syllables):
            raise PoetBotError(
                "Chinese couplets need an even number of lines and a number of characters per line."
            )
        if lines > MAX_LINES:
            raise PoetBotError(
                "A form can have at most {most:,} lines, not {lines:,}.", most=MAX_LINES, lines=lines
            )
        if self.syllables and lines % len(self.syllables):
            raise PoetBotError(
                "The form contradicts itself: it has {lines} lines, but syllables for {given}.",
                lines=lines,
                given=len(self.syllables),
            )
        if self.acrostic and len(self._letters) != lines:
            raise PoetBotError(
                "The form contradicts itself: it has {lines} lines, but an acrostic of {letters} letters.",
                lines=lines,
                letters=len(self._letters),
            )
        scheme = self.rhyme.replace(" ", "")
        if scheme and lines % len(scheme):
            raise PoetBotError(
                "The form contradicts itself: the rhyme scheme {scheme} has {letters} lines, which doesn't divide {lines}.",
                scheme=self.rhyme,
                letters=len(scheme),
                lines=lines,
            )

    def _check_refrain(self) -> None:
        if self.refrain and len(self.stanzas) < 2:
            raise PoetBotError("A refrain needs at least two stanzas.")
        for repeated, first in self._returns.items():
            if self.acrostic and self._letters[repeated].casefold() != self._letters[first].casefold():
                raise PoetBotError(
                    "The form contradicts itself: line {again} repeats line {first}, but the acrostic begins them with {letter} and {other}.",
                    again=repeated + 1,
                    first=first + 1,
                    letter=self._letters[repeated],
                    other=self._letters[first],
                )
            if self._syllables(repeated) != self._syllables(first):
                raise PoetBotError(
                    "The form contradicts itself: line {again} repeats line {first}, but has {syllables} syllables instead of {wanted}.",
                    again=repeated + 1,
                    first=first + 1,
                    syllables=self._syllables(repeated),
                    wanted=self._syllables(first),
                )


def _numbers(name: str, value: Any) -> tuple[int, ...]:
    """Return integers within bounds. Raises PoetBotError for anything else."""
    low, high = 1, MAX_LINES if name == "stanzas" else MAX_SYLLABLES
    if isinstance(value, int) and not isinstance(value, bool):
        value = (value,)
    if (
        not isinstance(value, list | tuple)
        or len(value) > MAX_LINES
        or not all(
            isinstance(each, int) and not isinstance(each, bool) and low <= each <= high for each in value
        )
    ):
        raise PoetBotError(
            "The {name} of a form must be at most {most:,} integers from {low} to {high}.",
            name=name,
            most=MAX_LINES,
            low=low,
            high=high,
        )
    return tuple(value)


def _check_fields(data: Any) -> None:
    names = [field.name for field in fields(Form)]
    if not isinstance(data, Mapping) or not set(data) <= set(names):
        raise PoetBotError("A form has only these fields: {names}.", names=", ".join(names))


def _check_letters(rhyme: str, acrostic: str, refrain: str) -> None:
    if any(not ("A" <= each <= "Z" or each in (UNRHYMED, " ")) for each in rhyme):
        raise PoetBotError("A rhyme scheme consists of the letters A to Z, and - for an unrhymed line.")
    if any(not each.isalnum() and each != " " for each in acrostic):
        raise PoetBotError("An acrostic consists of letters only. Remove everything else.")
    if refrain not in REFRAINS:
        raise PoetBotError('The refrain must be "first" or "last", the line of each stanza that repeats.')


FREE = Form()

NAMED: dict[str, Form] = {
    "free": FREE,
    "haiku": Form(syllables=(5, 7, 5)),
    "couplet": Form(rhyme="AA"),
    "quatrain": Form(rhyme="ABAB"),
    "couplets": Form(rhyme="AABB"),
    "ballad": Form(stanzas=(4, 4), syllables=(8, 6), rhyme="-A-A", metre="iambic"),
    "limerick": Form(syllables=(9, 9, 6, 6, 9), rhyme="AABBA", metre="anapaestic"),
    "sonnet": Form(syllables=(10,), rhyme="ABAB CDCD EFEF GG", metre="iambic"),
    "五绝": Form(syllables=(5,), rhyme="-A-A", couplets=True, rhyme_book="pingshui"),
    "七绝": Form(syllables=(7,), rhyme="-A-A", couplets=True, rhyme_book="pingshui"),
    "五律": Form(syllables=(5,), rhyme="-A-A-A-A", couplets=True, rhyme_book="pingshui"),
    "七律": Form(syllables=(7,), rhyme="-A-A-A-A", couplets=True, rhyme_book="pingshui"),
}
"""Named forms. The sonnet is Shakespeare's. The ballad is in common metre, four and three iambs in turn."""

CHINESE = {"五绝": "wujue", "七绝": "qijue", "五律": "wulü", "七律": "qilü"}
"""The forms for Chinese poets, and their names in pinyin."""

_ALSO = {
    "wujue": "五绝",
    "五絕": "五绝",
    "qijue": "七绝",
    "七絕": "七绝",
    "wulü": "五律",
    "wulu": "五律",
    "wulv": "五律",
    "qilü": "七律",
    "qilu": "七律",
    "qilv": "七律",
}
"""Other spellings of names: in pinyin or traditional characters."""


def form_named(name: str = "free", **changes: Any) -> Form:
    """Return a form by name, with non-empty `changes` to its fields. The metre "none" also removes its syllables.

    Raises PoetBotError if there is no such form, or if the fields contradict each other.
    """
    form = NAMED.get(_ALSO.get(str(name).casefold(), name))
    if form is None:
        raise PoetBotError(
            "There is no form called {name}. Choose one of: {names}.",
            name=str(name)[:40],
            names=", ".join(NAMED),
        )
    if changes.get("metre") == NO_METRE and form.metre:
        form = replace(form, metre="", syllables=())
    return replace(form, **{key: value for key, value in changes.items() if value})


def form_given(form: str | Form | Mapping[str, Any], lines: int | None = None) -> Form:
    """Return a form given by its name or its fields, with `lines` lines if it leaves their number open.

    A `name` among the fields is that of a form, which the other fields change.
    Raises PoetBotError if there is no such form, or if it has another number of lines.
    """
    if isinstance(form, str):
        form = form_named(form)
    elif isinstance(form, Mapping) and "name" in form:
        changes = {key: value for key, value in form.items() if key != "name"}
        _check_fields(changes)
        form = form_named(form["name"], **changes)
    elif not isinstance(form, Form):
        form = Form.from_json(form)
    if lines is None or form.lines == lines:
        return form
    if form.lines is not None:
        raise PoetBotError("This form has {lines} lines. Leave the number of lines out.", lines=form.lines)
    return replace(form, stanzas=(lines,))
