"""Surprise in the Study tab: a poem shaded by how little a poet expected each character, with what it expected instead."""

from dataclasses import dataclass
from html import escape
from typing import Any

from poetbot.poem import MARKER
from poetbot.study.surprise import Surprise, Unit
from poetbot.web.tabs.study.page import keep_buttons, table_html
from poetbot.web.tabs.study.words import StudyWords

MOST = 6_000
"""Characters of a poem on the page: two or three seconds of work."""
SHOWN = 4_000  # units that are shaded
_ROWS = 10  # of the least expected
_DEEPEST = 8.0  # nats; as in study/surprise_image.py: a chance of one in three thousand has the whole shade
_RARE = 0.01  # below this a line stands under it


@dataclass(frozen=True)
class Shown:
    """The poem as HTML, and of each shaded unit what it says when it is pointed at."""

    html: str
    units: list[dict[str, Any]]


def surprise_html(poet: str, found: Surprise, words: StudyWords) -> Shown:
    """Return the shaded poem, each line with its perplexity, and the units that were least expected."""
    unit = words.of_characters if found.unit == "characters" else words.of_words
    said = words.perplexity_said.format(poet=poet, n=f"{found.perplexity:.1f}", unit=unit)
    cut = (
        f'<p class="note">{escape(words.surprise_cut.format(n=f"{SHOWN:,}", total=f"{len(found.units):,}"))}</p>'
        if len(found.units) > SHOWN
        else ""
    )
    html = (
        f'<p class="said">{escape(said)}</p>'
        f'<p class="note"><span class="scale" aria-hidden="true"></span>{escape(words.shade_note)}</p>{cut}'
        f'<div class="looked"><div class="units" tabindex="0" role="group" aria-label="{escape(words.surprise_label)}">'
        f"{_lines(found, words)}</div>"
        f'<div class="card" aria-live="polite"><p class="hint">{escape(words.surprise_hint)}</p></div></div>'
        f"{keep_buttons(words, *(('png', 'csv') if found.unit == 'characters' else ('csv',)))}"
        f"<h2>{escape(words.least_expected)}</h2>{_least(found, words)}"
    )
    return Shown(html, [_said(each, words) for each in found.units[:SHOWN]])


def _lines(found: Surprise, words: StudyWords) -> str:
    perplexities = {line.line: line.perplexity for line in found.lines}
    lines: dict[int, list[str]] = {}
    between = "" if found.unit == "characters" else " "
    for k, unit in enumerate(found.units[:SHOWN]):
        lines.setdefault(unit.line, []).append(_shaded(k, unit))
    return "".join(
        f'<div class="line"><span class="letters">{between.join(pieces)}</span>'
        f'<span class="perplexity"><span class="unseen">{escape(words.perplexity)} </span>{perplexities[number]:.2f}</span></div>'
        for number, pieces in lines.items()
    )


def _shaded(number: int, unit: Unit) -> str:
    depth = round(100 * min(unit.nats / _DEEPEST, 1.0))
    shown = "¶" if unit.text == "\n" else unit.text.replace("\n", "¶")
    kind = "unit rare" if unit.probability < _RARE else "unit"
    kind += " end" if "\n" in unit.text else ""
    return f'<span class="{kind}" data-k="{number}" style="--depth:{depth}%">{escape(shown)}</span>'


def _said(unit: Unit, words: StudyWords) -> dict[str, Any]:
    figures = (
        words.unit_unknown
        if unit.rank is None
        else words.unit_figures.format(share=_share(unit.probability), rank=unit.rank)
    )
    best = [
        (_guessed(guess.text, words), _share(guess.probability), guess.probability) for guess in unit.best
    ]
    return {"unit": _named(unit.text, words), "figures": figures, "best": best}


def _share(probability: float) -> str:
    """Return a probability as a percentage with two figures that count."""
    percent = 100 * probability
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.2g} %" if percent >= 0.01 else "< 0.01 %"


def _guessed(text: str, words: StudyWords) -> str:
    """Return what a poet would rather have written; where a poem marker begins, the poem would have ended."""
    return words.poem_end if MARKER.startswith(text) and text[:1] == MARKER[0] else _named(text, words)


def _named(text: str, words: StudyWords) -> str:
    if text == "\n":
        return words.line_end
    if text == " ":
        return words.space
    if not text.strip():
        return words.line_end if "\n" in text else repr(text).strip("'")
    return text.replace("\n", "¶")


def _least(found: Surprise, words: StudyWords) -> str:
    unit = words.of_characters if found.unit == "characters" else words.of_words
    heads = (
        (words.line_column, True),
        (unit, False),
        (words.probability, True),
        (words.unit_best, False),
    )
    rows = []
    for each in sorted(found.units, key=lambda each: -each.nats)[:_ROWS]:
        share = words.unit_unknown if each.rank is None else _share(each.probability)
        best = words.tongue.listed.join(
            f"{_guessed(g.text, words)} {_share(g.probability)}" for g in each.best
        )
        rows.append(
            (str(each.line), f"<b>{escape(_named(each.text, words))}</b>", escape(share), escape(best))
        )
    return table_html(heads, rows)
