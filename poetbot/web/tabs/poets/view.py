"""The Poets tab as HTML: the list of poets, and one poet in detail."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.poets.card import Card
from poetbot.poets.folder import CURIOSITIES
from poetbot.poets.recipe import HALF, Recipe
from poetbot.study.history import Epoch
from poetbot.web.components.templates import render
from poetbot.web.tabs.poets.learning_curve import curve_html
from poetbot.web.tabs.poets.voices import voices

_MAX_AUTHORS = 3
_MAX_SAMPLES = 12
_MAX_SAMPLE_CHARACTERS, _MAX_SAMPLE_LINES = 1000, 8


@dataclass(frozen=True)
class ListedPoet:
    """A poet in the list. `is_own`: it belongs to the visitor and may be renamed and deleted."""

    name: str
    is_own: bool
    card: Mapping[str, Any]
    bytes: int


@dataclass(frozen=True)
class PoetDetails:
    """What is shown of one poet. `kept_epochs` are those whose weights it has; `error` says why there is no history."""

    poet: ListedPoet
    history: Sequence[Epoch]
    kept_epochs: Sequence[int]
    has_poems: bool
    error: str = ""


class _Summary(NamedTuple):
    name: str
    summary: str
    voice: str


class _Sample(NamedTuple):
    epoch: str
    heading: str
    score: str
    text: str
    is_kept: bool


def list_html(
    poets: Sequence[ListedPoet], trash: Sequence[tuple[str, str]], trash_days: int, language: Locale
) -> str:
    """Return all poets, each folded, and the trash, which is pairs of receipt and name."""
    spoken = voices()

    def row(poet: ListedPoet) -> _Summary:
        voice = "" if poet.is_own else spoken.get(poet.name, "")
        return _Summary(poet.name, _summary(poet, language), voice)

    curiosities = [poet for poet in poets if not poet.is_own and poet.name in CURIOSITIES]
    return render(
        "tabs/poets/list.html",
        language,
        poets=[row(poet) for poet in poets if poet not in curiosities],
        curiosities=[row(poet) for poet in curiosities],
        trash=trash,
        trash_days=trash_days,
    )


def details_html(details: PoetDetails, language: Locale) -> str:
    """Return what can be done with a poet, and all that is known of it."""
    return render(
        "tabs/poets/details.html",
        language,
        poet=details.poet,
        has_poems=details.has_poems,
        facts=_facts(details.poet, language),
        curve=curve_html(details.history, Card(details.poet.card).unit, language),
        samples=_samples(details, language),
        error=details.error,
    )


def message_html(text: str, receipt: str | None, language: Locale) -> str:
    """Return what happened, with a button that undoes it if there is a receipt."""
    return render("tabs/poets/message.html", language, text=text, receipt=receipt)


def _summary(poet: ListedPoet, language: Locale) -> str:
    _ = language.gettext
    card = Card(poet.card)
    facts = [_("yours") if poet.is_own else _("included with PoetBot")]
    poems = card.part("corpus").number("training_poems")
    if parent := card.part("parent").text("name"):
        facts.append(_("based on {parent}", parent=parent))
        if poems and (first := card.part("parent").number("training_poems")):
            then = _poems(card, poems, language)
            facts.append(
                _("trained on its {n} poems first, then on {poems}", n=f"{int(first):,}", poems=then)
            )
            poems = None
    if poems:
        facts.append(_poems(card, poems, language))
    return language.pgettext("between facts", ", ").join(facts)


def _facts(poet: ListedPoet, language: Locale) -> list[tuple[str, str]]:
    _ = language.gettext
    card = Card(poet.card)
    corpus, training, parent = card.part("corpus"), card.part("training"), card.part("parent")
    facts = []
    poems, characters = corpus.number("training_poems"), corpus.number("training_characters")
    if poems is not None and characters is not None:
        parts = [
            _poems(card, poems, language),
            language.ngettext("{n} character", "{n} characters", int(characters)),
        ]
        if authors := _authors(corpus.authors(), language):
            parts.append(_("by {authors}", authors=authors))
        facts.append((_("Trained on"), language.pgettext("between facts", ", ").join(parts)))
    if licence := corpus.text("licence"):
        facts.append((_("Licence"), language.say(licence)))
    if parent_name := parent.text("name"):
        facts.append((_("Based on"), parent_name))
    if score := _score(card, language):
        parent_bits = parent.number("validation_bits_per_character")
        if parent_name and parent_bits is not None:
            score += language.aside(_("{parent}: {bits}", parent=parent_name, bits=f"{parent_bits:.2f}"))
        facts.append((_("On held-out poems"), score))
    try:
        recipe = card.recipe()
        facts.append((_("Writes"), _units(recipe, language)))
        facts.append((_("Network"), _network(recipe, language)))
    except PoetBotError:
        facts.append((_("Network"), _("This poet can't be read.")))
    when, minutes = training.text("when"), training.number("minutes")
    if when and minutes is not None:
        minutes += training.part("earlier").number("minutes") or 0
        facts.append(
            (
                _("Trained"),
                _("{date}, {minutes} minutes", date=when, minutes=f"{minutes:.1f}".removesuffix(".0")),
            )
        )
    facts.append((_("Size"), _file_size(poet.bytes)))
    return facts


def _poems(card: Card, count: float, language: Locale) -> str:
    if card.has_poems:
        return language.ngettext("{n} poem", "{n} poems", int(count))
    return language.ngettext("{n} passage", "{n} passages", int(count))


def _authors(authors: Sequence[str], language: Locale) -> str:
    shown, others = language.list(authors[:_MAX_AUTHORS]), len(authors) - _MAX_AUTHORS
    if others <= 0:
        return shown
    return language.ngettext("{authors} and {n} other", "{authors} and {n} others", others, authors=shown)


def _score(card: Card, language: Locale) -> str:
    """Return how well it predicts poems it wasn't trained on, "" if that wasn't measured."""
    _ = language.gettext
    figures = card.part("figures")
    if (bits := figures.number("validation_bits_per_character")) is not None:
        return _("{bits} bits per character", bits=f"{bits:.2f}")
    if (nats := figures.number("validation_nats_per_token")) is None:
        return ""
    bits = nats / math.log(2)
    if card.unit == "letter":
        return _("{bits} bits per lowercase letter", bits=f"{bits:.2f}")
    return _("{bits} bits per word", bits=f"{bits:.2f}")


def _units(recipe: Recipe, language: Locale) -> str:
    """Return what it writes one after the other."""
    _ = language.gettext
    if recipe.subwords:
        return _("one word or part of a word after the other")
    return _("one word after the other") if recipe.level == "words" else _("one character after the other")


def _network(recipe: Recipe, language: Locale) -> str:
    """Return what a network consists of, from input to output."""
    _ = language.gettext
    cell = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}[recipe.cell]
    if not recipe.embedding:
        parts = [_("one-hot input")]
    elif recipe.subwords:
        parts = [_("subword embeddings of {n} dimensions", n=recipe.embedding)]
    else:
        parts = [_("embeddings of {n} dimensions", n=recipe.embedding)]
    if recipe.fold_case:
        parts[0] += language.aside(_("lowercase only"))

    def add_layers(count: int, units: int) -> None:
        parts.append(
            language.ngettext(
                "{n} {cell} layer of {units} units",
                "{n} {cell} layers of {units} units",
                count,
                cell=cell,
                units=units,
            )
        )

    if layers := recipe.layers - 1 if recipe.last_units else recipe.layers:
        add_layers(layers, recipe.units)
        if recipe.bidirectional:
            parts[-1] += language.aside(
                _("bidirectional") if layers == 1 else _("the first one bidirectional")
            )
    if recipe.last_units:
        add_layers(1, recipe.last_units)
    if recipe.dense == HALF:
        parts.append(_("a dense ReLU layer half as wide as the vocabulary"))
    elif recipe.dense:
        parts.append(_("a dense ReLU layer of {n} units", n=recipe.dense))
    if recipe.tied:
        parts.append(_("output weights tied to the embeddings"))
    return language.pgettext("between facts", ", ").join(parts)


def _samples(details: PoetDetails, language: Locale) -> list[_Sample]:
    """Return the samples of epochs 1, 2, 4, 8 and so on, of the last one, and of those whose weights are kept."""
    _ = language.gettext
    epochs = {epoch.epoch: epoch for epoch in details.history}
    last = max(epochs, default=0)
    chosen = {n for n in epochs if n & (n - 1) == 0 or n == last}.union(details.kept_epochs)
    samples = []
    for n in sorted(chosen)[:_MAX_SAMPLES]:
        text, score = "", ""
        if epoch := epochs.get(n):
            lines = epoch.sample[:_MAX_SAMPLE_CHARACTERS].strip("\n").split("\n")
            text = "\n".join(lines[:_MAX_SAMPLE_LINES])
            if epoch.validation_nats is not None and Card(details.poet.card).unit == "character":
                bits = epoch.validation_nats / math.log(2)
                score = _("{bits} bits per character", bits=f"{bits:.2f}")
        heading = _("After epoch {n}, the last one", n=n) if n == last else _("After epoch {n}", n=n)
        samples.append(_Sample(str(n), heading, score, text, n in details.kept_epochs))
    return samples


def _file_size(count: int) -> str:
    return f"{max(count // 1000, 1)} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
