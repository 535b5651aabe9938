"""How well a line, or a whole poem, fits its form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from poetbot.verse.rhyme_books import rhyme_book
from poetbot.verse.tone_patterns import is_regular
from poetbot.writing.forms import Form, LineForm
from poetbot.writing.tone_rules import (
    ends_level,
    line_patterns,
    possible_tones,
    regular_lines,
    rhyme_partners,
)

_NO_RHYME = 2.0  # counts as much as two wrong syllables
_NO_LETTER = 2.0
_NO_MARK = 2.0
_NO_TONES = 2.0
_NO_METRE = 2.0
_HARD_TO_RHYME = 1.0
_FEW_RHYMES = 5  # words


class Sounds(Protocol):
    """Syllables and rhymes of a language."""

    def syllables(self, line: str) -> int:
        """Return the number of syllables of a line or a word."""

    def scans(self, line: str, metre: str, feet: int) -> bool:
        """Return whether a line scans as a number of feet of a metre."""

    def rhyme(self, one: str, other: str) -> bool:
        """Return whether two lines rhyme."""

    def rhymes_of(self, lines: Iterable[str]) -> frozenset[str]:
        """Return the words that rhyme with all these lines."""


@dataclass(frozen=True)
class Fit:
    """How a line fits its form. None: not required by the form. The syllables of a line that scans don't count."""

    syllables: int | None = None
    syllables_wanted: int | None = None
    rhymes: bool | None = None
    letter: bool | None = None
    mark: bool | None = None
    """Whether the line ends in one of the required marks."""
    rhymes_to_come: int | None = None
    """How many words would rhyme with this line, if a later line must."""
    tones: bool | None = None
    """Whether the line follows the tone pattern of regulated verse."""
    scans: bool | None = None

    @property
    def distance(self) -> float:
        """How far the line is from its form: 0 if it fits and leaves rhymes for later lines, else 1 or more."""
        off = 0.0 if self.syllables is None else float(abs(self.syllables - (self.syllables_wanted or 0)))
        off += _NO_RHYME * (self.rhymes is False) + _NO_LETTER * (self.letter is False)
        off += _NO_MARK * (self.mark is False) + _NO_TONES * (self.tones is False)
        off += _NO_METRE * (self.scans is False)
        few = self.rhymes_to_come is not None and self.rhymes_to_come < _FEW_RHYMES
        return off + _HARD_TO_RHYME * few

    def as_json(self) -> dict[str, int | bool]:
        """Return plain data, without what the form doesn't require."""
        data = {
            "syllables": self.syllables,
            "syllables_wanted": self.syllables_wanted,
            "rhymes": self.rhymes,
            "letter": self.letter,
            "mark": self.mark,
            "rhymes_to_come": self.rhymes_to_come,
            "tones": self.tones,
            "scans": self.scans,
        }
        return {name: value for name, value in data.items() if value is not None}


def fit_of(line: str, form: LineForm, lines: Mapping[int, str], sounds: Sounds) -> Fit:
    """Return how a line fits its form, given the other `lines` written so far, by number."""
    partners = rhyme_partners(form, lines, line)
    may_rhyme = not form.number and form.openings and ends_level(line, form.rhyme_book)
    patterns = line_patterns(form, lines)
    scans = sounds.scans(line, form.metre, form.feet) if form.metre else None
    counted = form.syllables is not None and not scans
    return Fit(
        syllables=sounds.syllables(line) if counted else None,
        syllables_wanted=form.syllables if counted else None,
        rhymes=any(sounds.rhyme(line, other) for other in partners) if partners else None,
        letter=begins_with(line, form.letter) if form.letter else None,
        mark=ends_in(line, form.closing) if form.closing else None,
        rhymes_to_come=len(sounds.rhymes_of([line]))
        if len(partners) < len(form.rhymes_with) or (may_rhyme and not partners)
        else None,
        tones=is_regular(possible_tones(line, rhyme_book(form.rhyme_book)), patterns) if patterns else None,
        scans=scans,
    )


def begins_with(line: str, letter: str) -> bool:
    """Return whether the first letter or digit of a line is this one, in either case."""
    first = next((each for each in line if each.isalnum()), "")
    return first.casefold() == letter.casefold()


def ends_in(line: str, closing: str) -> bool:
    """Return whether a line ends in one of these marks, after a character."""
    line = line.rstrip()
    return line[-1:] in tuple(closing) and line[-2:-1].isalnum()


@dataclass(frozen=True)
class FormReport:
    """How well a poem fits its form: pairs of (found, required)."""

    lines: int
    lines_wanted: int | None
    syllables: tuple[int, int]
    rhymes: tuple[int, int]
    letters: tuple[int, int]
    marks: tuple[int, int] = (0, 0)
    tones: tuple[int, int] = (0, 0)
    metre: tuple[int, int] = (0, 0)
    """Lines that scan. Their syllables aren't counted beside it."""

    @property
    def met(self) -> bool:
        """Whether the poem fits its form completely."""
        return self.lines_wanted in (None, self.lines) and all(
            had == wanted
            for had, wanted in (self.syllables, self.rhymes, self.letters, self.marks, self.tones, self.metre)
        )

    @property
    def lines_to_spare(self) -> int:
        """How many lines the poem has beyond those of its form; negative if lines are missing."""
        return 0 if self.lines_wanted is None else self.lines - self.lines_wanted

    def sentence(self) -> str:
        """Return one English sentence about the fit."""
        if self.met:
            return "The poem fits its form."
        missing = []
        if self.lines_to_spare > 0:
            missing.append(f"{self.lines_to_spare} line{'s' * (self.lines_to_spare > 1)} too many")
        elif self.lines_to_spare:
            missing.append(f"{self.lines} of {self.lines_wanted} lines")
        for (had, wanted), what in (
            (self.metre, "lines that scan"),
            (self.syllables, "lines with the right number of syllables"),
            (self.rhymes, "pairs of lines that rhyme"),
            (self.letters, "lines with the right first letter"),
            (self.marks, "lines with the right mark at their end"),
            (self.tones, "lines with regular tones"),
        ):
            if had != wanted:
                missing.append(f"{had} of {wanted} {what}")
        return f"The poem has {' and '.join(missing)}."

    def as_json(self) -> dict[str, object]:
        """Return plain data: pairs of what was found and required, without what wasn't required."""
        pairs = {
            "syllables": self.syllables,
            "rhymes": self.rhymes,
            "letters": self.letters,
            "marks": self.marks,
            "tones": self.tones,
            "metre": self.metre,
        }
        return {
            "met": self.met,
            "lines": [self.lines, self.lines_wanted],
            **{name: list(pair) for name, pair in pairs.items() if pair[1]},
            "sentence": self.sentence(),
        }


def form_report(text: str, form: Form, sounds: Sounds) -> FormReport:
    """Return how well a poem fits a form, line by line. Blank lines separate stanzas and don't count."""
    lines = [line for line in text.split("\n") if line.strip()]
    line_forms = [form.line(k) for k in range(min(len(lines), form.lines or len(lines)))]
    counted = [
        (line, each.syllables)
        for line, each in zip(lines, line_forms, strict=False)
        if each.syllables and not each.metre
    ]
    measured = [(line, each) for line, each in zip(lines, line_forms, strict=False) if each.metre]
    with_letter = [(line, each.letter) for line, each in zip(lines, line_forms, strict=False) if each.letter]
    with_mark = [(line, each.closing) for line, each in zip(lines, line_forms, strict=False) if each.closing]
    pairs = _rhyming_pairs(form, lines)
    return FormReport(
        lines=len(lines),
        lines_wanted=form.lines,
        syllables=(
            sum(sounds.syllables(line) == wanted for line, wanted in counted),
            0 if form.metre else _required(form, "syllables"),
        ),
        rhymes=(
            sum(sounds.rhyme(lines[a], lines[b]) for a, b in pairs if b < len(lines)),
            len(pairs),
        ),
        letters=(sum(begins_with(line, letter) for line, letter in with_letter), _required(form, "letter")),
        marks=(sum(ends_in(line, closing) for line, closing in with_mark), _required(form, "closing")),
        tones=(sum(regular_lines(lines[: form.lines], form)), _required(form, "openings")),
        metre=(
            sum(sounds.scans(line, each.metre, each.feet) for line, each in measured),
            _required(form, "metre") if form.lines else len(measured),
        ),
    )


def _rhyming_pairs(form: Form, lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of lines that must rhyme, with the first two lines if the first ends in a level tone (首句入韻)."""
    pairs = list(form.pairs)
    if form.openings and lines and (0, 1) not in pairs and ends_level(lines[0], form.rhyme_book):
        pairs.insert(0, (0, 1))
    return pairs


def _required(form: Form, what: str) -> int:
    return sum(bool(getattr(form.line(k), what)) for k in range(form.lines or 0))
