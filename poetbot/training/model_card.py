"""The model card, README.md of a poet folder: what it read, how well it predicts, and what not to use it for."""

from collections.abc import Mapping, Sequence
from typing import Any

from poetbot.poets.recipe import Recipe
from poetbot.poets.recipe_description import network_in_words
from poetbot.training.events import EpochRow

_MOST_AUTHORS = 60  # named here; poet.json has all


def model_card(card: Mapping[str, Any], history: Sequence[EpochRow]) -> str:
    """Return the card's facts as Markdown."""
    corpus, parts, training, recipe = (card[k] for k in ("corpus", "split", "training", "recipe"))
    figures = card["figures"]
    unit, pieces = recipe["level"][:-1], recipe.get("pieces", "poems")
    counted = "words" if unit == "word" else "characters"
    writing = "verse" if pieces == "poems" else "writing"
    held_out = f"No {pieces} were held out."
    if parts["validation_poems"]:
        held_out = (
            f"{held_out_figure(figures, unit) or 'Not yet measured'} on {parts['validation_poems']} {pieces} "
            f"({parts['validation_characters']:,} characters), "
            f"held out {parts['rule'].replace('by poem:', f'by {pieces[:-1]}:')}."
        )
    authors = ", ".join(corpus["authors"][:_MOST_AUTHORS])
    others = len(corpus["authors"]) - _MOST_AUTHORS
    authors += f" and {others:,} others" if others > 0 else ""
    left_out = "; ".join(f"{n} {why}" for why, n in parts["left_out"].items()) or "none"
    lines = [
        f"# The poet {card['name']}",
        "",
        f"{network_in_words(Recipe.from_json(recipe))} ({figures['parameters']:,} weights). "
        f"It writes {unit} by {unit}.",
        "",
        "## What it read",
        "",
        f"{corpus['training_poems']:,} {pieces}, {corpus['training_characters']:,} characters. "
        f"Licence of the texts: {corpus['licence'] or 'not stated'}.",
        f"Left out of training: {left_out}.",
        "",
        f"Characters by author: {authors}.",
        "",
        *_parent(card.get("parent")),
        f"## How well it predicts unseen {pieces}",
        "",
        held_out,
        "",
        "## How it was trained",
        "",
        f"Recipe `{recipe['name']}`, random seed {training['rng']}, {training['steps']:,} steps "
        f"({training[counted]:,} {counted}, {training['minutes']} minutes on {training['machine']}), "
        f"{training['when']}, Python {training['python']}, "
        + ", ".join(f"{name} {version}" for name, version in training["libraries"].items())
        + ".",
        *_earlier(training.get("earlier")),
        *_averaged(training.get("averaged_with")),
        "",
        *(_table_of_words(history) if unit == "word" else _table(history)),
        "",
        "## What it is not for",
        "",
        f"It knows letters and habits, not facts. Old {writing} carries the attitudes of its time, and what this poet writes "
        f"can repeat them; read {'a poem' if pieces == 'poems' else 'it'} before you share it. Don't use it to find out what an author wrote.",
    ]
    if history:
        lines += [
            "",
            "## A sample, unedited",
            "",
            *(f"    {line}" for line in history[-1]["sample"].splitlines()),
        ]
    return "\n".join(lines) + "\n"


def held_out_figure(figures: Mapping[str, Any], unit: str) -> str:
    """Return how well it predicts the held-out texts, or ""."""
    bits, nats = figures["validation_bits_per_character"], figures.get("validation_nats_per_token")
    token = "word or punctuation mark" if unit == "word" else "lowercase letter"
    if bits:
        return f"{bits:.3f} bits per character"
    return f"{nats:.3f} nats per {token}" if nats else ""


def _table(history: Sequence[EpochRow]) -> list[str]:
    """Return a row per epoch, in nats for a poet of lowercase letters, which has no bits per character."""
    unit = "bits" if any(e["validation_bits"] for e in history) else "nats"
    return [
        f"| epoch | minutes | training nats | held-out {unit} |",
        "|---|---|---|---|",
        *(
            f"| {e['epoch']} | {e['minutes']} | {e['training_nats']:.3f} "
            f"| {(e['validation_bits'] if unit == 'bits' else e['validation_nats']) or '–'} |"
            for e in history
        ),
    ]


def _table_of_words(history: Sequence[EpochRow]) -> list[str]:
    return [
        "| epoch | minutes | training nats | training accuracy | held-out nats | held-out accuracy |",
        "|---|---|---|---|---|---|",
        *(
            f"| {e['epoch']} | {e['minutes']} | {e['training_nats']:.3f} | {e['training_accuracy']:.3f} "
            f"| {e['validation_nats'] or '–'} | {e['validation_accuracy'] or '–'} |"
            for e in history
        ),
    ]


def _earlier(earlier: Mapping[str, Any] | None) -> list[str]:
    """Return a sentence on the training that this one continued."""
    if earlier is None:
        return []
    bits = earlier["validation_bits_per_character"]
    return [
        f"This run continued the training of `{earlier['id']}`, which had been trained on the same poems for "
        f"{earlier['epochs']:g} epochs ({earlier['minutes']} minutes)"
        + (f" and reached {bits:.3f} bits per character" if bits else "")
        + "."
    ]


def _averaged(earlier: Mapping[str, Any] | None) -> list[str]:
    """Return a sentence on the poet whose weights were averaged with those of this run."""
    if earlier is None:
        return []
    share = f"{100 * earlier['share']:g} %"
    return [f"Then its weights were averaged with those of `{earlier['id']}`, which count for {share}."]


def _parent(parent: Mapping[str, Any] | None) -> list[str]:
    """Return the section about the poet it was fine-tuned from."""
    if parent is None:
        return []
    bits = parent["validation_bits_per_character"]
    poems = parent["training_poems"]
    return [
        "## What it was fine-tuned from",
        "",
        f"It was fine-tuned from the poet {parent['name']} (`{parent['id']}`)"
        + (f", which had read {poems:,} poems" if poems else "")
        + f" (licence: {parent['licence'] or 'not stated'})."
        + (
            f" That poet predicts the poems held out here with {bits:.3f} bits per character." if bits else ""
        ),
        "The parent stores only fingerprints of the words it read. So the poems held out here may be near-duplicates "
        "of its training poems, and then the figure below is too good.",
        "",
    ]
