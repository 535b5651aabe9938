"""The shelf as HTML: every poet in one line, and one of them as a whole. Pure functions; all that enters is escaped.

A card may come from anywhere, so nothing in it is taken for granted: what is no text or no number is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.poets.folder import CURIOSITIES
from poetbot.poets.recipe import Recipe
from poetbot.web.tabs.shelf.learning_curve import curve_html, number
from poetbot.web.tabs.shelf.words import ShelfWords

_AUTHORS = 3
_MOST_SAMPLES = 12
_SAMPLE, _LINES = 1000, 8  # characters and lines shown of one


@dataclass(frozen=True)
class Row:
    """A poet in the list: its name, whether it is the person's own, its card, and what it takes on the disk."""

    name: str
    own: bool
    card: Mapping[str, Any]
    bytes: int


@dataclass(frozen=True)
class Whole:
    """What is shown of one poet: the lines of its history, the epochs whose weights are kept, whether its poems are."""

    row: Row
    history: Sequence[Mapping[str, Any]]
    epochs: Sequence[int]
    has_poems: bool


def list_html(rows: Sequence[Row], trash: Sequence[tuple[str, str]], days: int, words: ShelfWords) -> str:
    """Return all poets, each folded, curiosities in a drawer; and the trash (receipt, name) if something is in it."""
    curiosities = [row for row in rows if not row.own and row.name in CURIOSITIES]
    poets = (
        "".join(_folded(row, words) for row in rows if row not in curiosities)
        or f'<p class="blank">{escape(words.shelf_empty)}</p>'
    )
    poets = f'<div class="poets">{poets}</div>'
    if curiosities:
        poets += (
            f'<details class="drawer"><summary>{escape(words.curiosities)} ({len(curiosities)})</summary>'
            f'<p>{escape(words.curiosities_are)}</p><div class="poets">'
            + "".join(_folded(row, words) for row in curiosities)
            + "</div></details>"
        )
    if not trash:
        return poets
    items = "".join(
        f"<li><span>{escape(name)}</span> {_button('back', words.undo, receipt=receipt)}</li>"
        for receipt, name in trash
    )
    return (
        f'{poets}<details class="trash"><summary>{escape(words.trash)} ({len(trash)})</summary>'
        f"<ul>{items}</ul><p>{escape(words.trash_days.format(n=days))}</p></details>"
    )


def _folded(row: Row, words: ShelfWords) -> str:
    said = [words.own if row.own else words.came_with]
    if parent := _text(_part(row.card, "parent").get("name")):
        said.append(words.learned_from.format(parent=parent))
    if poems := number(_part(row.card, "corpus").get("training_poems")):
        counted = words.pieces_read if _reads_pieces(row.card) else words.poems_read
        said.append(counted.format(poems=f"{poems:,.0f}"))
    if figure := _figure(row.card, words.bits, words.nats, words.nats_letter):
        said.append(figure)
    return (
        f'<details class="poet" data-poet="{escape(row.name)}"><summary><span class="name">{escape(row.name)}</span>'
        f'<span class="line">{escape(words.tongue.comma.join(said))}</span></summary><div class="whole"></div></details>'
    )


def whole_html(whole: Whole, words: ShelfWords) -> str:
    """Return all that is known of a poet, and what can be done with it."""
    row = whole.row
    of_words = _part(row.card, "recipe").get("level") == "words"
    curve = curve_html(whole.history, of_words, words)
    return (
        f"{_actions(whole, words)}<dl>{_facts(row, words)}</dl>"
        + (f'<h3>{escape(words.curve)}</h3><div class="learned">{curve}</div>' if curve else "")
        + f"<h3>{escape(words.samples)}</h3>{_samples(whole, words)}"
    )


def _actions(whole: Whole, words: ShelfWords) -> str:
    row = whole.row
    with_poems = (
        f'<label><input type="checkbox" data-part="with-poems">{escape(words.with_poems)}</label>'
        if whole.has_poems
        else ""
    )
    download = f'<span class="download">{_button("pack", words.download)}{with_poems}</span>'
    buttons = [_button("use", words.write_with, kind="first"), download]
    if row.own:
        buttons[1:1] = [_button("ask-name", words.rename)]
        buttons.append(_button("remove", words.delete))
    form = (
        f'<form class="new-name" hidden><label>{escape(words.new_name)}'
        f'<input type="text" maxlength="60" value="{escape(row.name)}" autocomplete="off"></label>'
        f'<button type="submit">{escape(words.rename_now)}</button>{_button("leave", words.leave)}</form>'
        if row.own
        else ""
    )
    return f'<div class="actions">{"".join(buttons)}</div>{form}'


def _facts(row: Row, words: ShelfWords) -> str:
    corpus, training, parent = (_part(row.card, name) for name in ("corpus", "training", "parent"))
    facts: list[tuple[str, str]] = []
    poems, characters = number(corpus.get("training_poems")), number(corpus.get("training_characters"))
    if poems is not None and characters is not None:
        counted = words.read_pieces if _reads_pieces(row.card) else words.read_figures
        read = counted.format(poems=f"{poems:,.0f}", characters=f"{characters:,.0f}")
        facts.append((words.read, f"{read}{_authors(corpus, words)}"))
    if licence := _text(corpus.get("licence")):
        facts.append((words.whose, words.tongue.said(licence)))
    if name := _text(parent.get("name")):
        facts.append((words.parent, name))
    if figure := _figure(row.card, words.predicts_bits, words.predicts_nats, words.nats_letter):
        before = number(parent.get("validation_bits_per_character"))
        if name and before is not None:
            figure += words.predicts_parent.format(parent=name, bits=f"{before:.2f}")
        facts.append((words.predicts, figure))
    try:
        facts.append((words.network, words.tongue.network(Recipe.from_json(row.card.get("recipe")))))
    except PoetBotError:
        facts.append((words.network, words.damaged))
    when, minutes = _text(training.get("when")), number(training.get("minutes"))
    if when and minutes is not None:
        facts.append((words.trained, words.trained_for.format(when=when, minutes=f"{minutes:g}")))
    facts.append((words.size, size(row.bytes, words)))
    return "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)


def _authors(corpus: Mapping[str, Any], words: ShelfWords) -> str:
    listed = corpus.get("authors")
    authors = [each for each in listed if _text(each)] if isinstance(listed, list) else []
    if not authors:
        return ""
    shown = words.tongue.listed.join(
        _text(each).rpartition(" (")[0] or _text(each) for each in authors[:_AUTHORS]
    )
    if len(authors) > _AUTHORS:
        shown = words.and_others.format(authors=shown, n=len(authors) - _AUTHORS)
    return f"{words.tongue.comma}{words.by.format(authors=shown)}"


def _samples(whole: Whole, words: ShelfWords) -> str:
    """Return what it wrote after epochs 1, 2, 4, 8 and so on, and after the last, with a way to write as it did then."""
    rows = {
        int(n): row for row in whole.history if (n := number(row.get("epoch"))) is not None and n == int(n)
    }
    last = max(rows, default=0)
    chosen = sorted({n for n in rows if n & (n - 1) == 0 or n == last} | set(whole.epochs))
    items = []
    for n in chosen[:_MOST_SAMPLES]:
        row = rows.get(n, {})
        sample = row.get("sample")
        text = sample[:_SAMPLE].strip("\n") if isinstance(sample, str) else ""
        text = "\n".join(text.split("\n")[:_LINES])
        bits = number(row.get("validation_bits"))
        figure = (
            f' <span class="figure">{escape(words.bits.format(bits=f"{bits:.2f}"))}</span>' if bits else ""
        )
        then = _button("use", words.write_then, epoch=str(n)) if n in whole.epochs else ""
        heading = (words.after_last if n == last else words.after_epoch).format(n=n)
        items.append(
            f'<section class="sample"><h4>{escape(heading)}{figure}</h4>'
            + (f"<blockquote>{escape(text)}</blockquote>" if text else "")
            + f"{then}</section>"
        )
    return "".join(items) or f'<p class="none">{escape(words.no_samples)}</p>'


def said_html(sentence: str, receipt: str | None, words: ShelfWords) -> str:
    """Return what happened, with a way back where there is one."""
    undo = f" {_button('back', words.undo, receipt=receipt)}" if receipt else ""
    return f"<p>{escape(sentence)}{undo}</p>"


def size(count: int, words: ShelfWords) -> str:
    """Return bytes for a person."""
    if count < 1_000_000:
        return words.kilobytes.format(n=f"{max(count // 1000, 1)}")
    return words.megabytes.format(n=f"{count / 1_000_000:.1f}")


def _reads_pieces(card: Mapping[str, Any]) -> bool:
    """Return whether the poet read sections or lines instead of poems."""
    return _part(card, "recipe").get("pieces", "poems") != "poems"


def _figure(card: Mapping[str, Any], bits: str, nats: str, letter: str) -> str:
    figures, recipe = _part(card, "figures"), _part(card, "recipe")
    if recipe.get("fold_case") and recipe.get("level", "characters") == "characters":
        nats = letter
    if (value := number(figures.get("validation_bits_per_character"))) is not None:
        return bits.format(bits=f"{value:.2f}")
    if (value := number(figures.get("validation_nats_per_token"))) is not None:
        return nats.format(nats=f"{value:.2f}")
    return ""


def _button(does: str, label: str, kind: str = "", **data: str) -> str:
    more = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    shape = f' class="{kind}"' if kind else ""
    return f'<button type="button"{shape} data-do="{does}"{more}>{escape(label)}</button>'


def _part(card: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = card.get(name)
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value[:300] if isinstance(value, str) else ""
