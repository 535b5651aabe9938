"""Surprise in the Study tab: a poem shaded by how little a poet expected each character, with what it expected instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, TypedDict

from poetbot.locale import Locale
from poetbot.poem import MARKER
from poetbot.study.surprise import Guess, Surprise, Unit
from poetbot.web.components.templates import render

MAX_CHARACTERS = 6_000
"""Characters of a poem on the page: two or three seconds of work."""
_MAX_UNITS = 4_000  # that are shaded
_ROWS = 10  # of the least expected
_DARKEST = 8.0  # nats; as in study/surprise_image.py: a probability of 1 in 3,000 has the full shade
_RARE = 0.01  # a smaller probability is underlined


class UnitCard(TypedDict):
    """What the page shows of a character when it is pointed at."""

    unit: str
    figures: str
    best: list[tuple[str, str, float]]


@dataclass(frozen=True)
class ShadedPoem:
    """The poem as HTML, and the card of each shaded character."""

    html: str
    units: list[UnitCard]


class _ShadedUnit(NamedTuple):
    number: int
    text: str
    depth: int  # of the shade, in percent
    classes: str


class _ShadedLine(NamedTuple):
    units: list[_ShadedUnit]
    perplexity: float


def shaded_poem(poet: str, found: Surprise, language: Locale) -> ShadedPoem:
    """Return the shaded poem, each line with its perplexity, and the characters that were least expected."""
    _ = language.gettext
    is_of_characters = found.unit == "characters"
    perplexity = f"{found.perplexity:.1f}"
    summary = (
        _(
            "On average, {poet} had to guess each character among {n} equally likely ones: the fewer, the less the poem surprises it. This is called perplexity.",
            poet=poet,
            n=perplexity,
        )
        if is_of_characters
        else _(
            "On average, {poet} had to guess each word among {n} equally likely ones: the fewer, the less the poem surprises it. This is called perplexity.",
            poet=poet,
            n=perplexity,
        )
    )
    headings = {
        "characters": _("Character"),
        "subwords": _("Word or part of one"),
        "words": _("Word or mark"),
    }
    perplexities = {line.line: line.perplexity for line in found.lines}
    shown = found.units[:_MAX_UNITS]
    html = render(
        "tabs/study/surprise.html",
        language,
        summary=summary,
        unit_heading=headings[found.level],
        is_cut=len(found.units) > _MAX_UNITS,
        max_shown=_MAX_UNITS,
        lines=[
            _ShadedLine([_shaded(number, unit) for number, unit in units], perplexities[line])
            for line, units in groupby(enumerate(shown), key=lambda pair: pair[1].line)
        ],
        separator="" if is_of_characters else " ",
        kinds=("png", "csv") if is_of_characters else ("csv",),
        least_expected=[
            (
                unit.line,
                unit_name(unit.text, language),
                _("unknown to this poet") if unit.rank is None else percent(unit.probability),
                language.list(
                    f"{name} {share}" for name, share, _probability in _guesses(unit.best, language)
                ),
            )
            for unit in sorted(found.units, key=lambda unit: -unit.nats)[:_ROWS]
        ],
    )
    return ShadedPoem(html, [_card(unit, language) for unit in shown])


def _shaded(number: int, unit: Unit) -> _ShadedUnit:
    classes = ["unit"]
    if unit.probability < _RARE:
        classes.append("rare")
    if "\n" in unit.text:
        classes.append("end")
    depth = round(100 * min(unit.nats / _DARKEST, 1.0))
    return _ShadedUnit(number, unit.text.replace("\n", "¶"), depth, " ".join(classes))


def _card(unit: Unit, language: Locale) -> UnitCard:
    _ = language.gettext
    figures = (
        _("unknown to this poet")
        if unit.rank is None
        else _("probability {share}, rank {rank}", share=percent(unit.probability), rank=unit.rank)
    )
    return {
        "unit": unit_name(unit.text, language),
        "figures": figures,
        "best": _guesses(unit.best, language),
    }


def percent(probability: float) -> str:
    """Return a probability as a percentage with two significant digits."""
    percent = 100 * probability
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.2g} %" if percent >= 0.01 else "< 0.01 %"


def _guesses(guesses: Iterable[Guess], language: Locale) -> list[tuple[str, str, float]]:
    """Return what a poet expected; the beginning of a poem marker would have ended the poem."""
    end = language.gettext("end of the poem")
    return [
        (
            end
            if MARKER.startswith(guess.text) and guess.text[:1] == MARKER[0]
            else unit_name(guess.text, language),
            percent(guess.probability),
            guess.probability,
        )
        for guess in guesses
    ]


def unit_name(text: str, language: Locale) -> str:
    """Return a character or subword as it can be read: white space has a name."""
    if text == " ":
        return language.gettext("space")
    if text and not text.strip(" "):
        return language.ngettext("{n} space", "{n} spaces", len(text))
    if text.strip():
        return text.replace("\n", "¶")
    return language.gettext("line break") if "\n" in text else repr(text).strip("'")
