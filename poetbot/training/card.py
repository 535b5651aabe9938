"""Make a poet's card, poet.json: its training poems, its parent, its training and its figures."""

import datetime
import platform
from collections import Counter
from typing import TYPE_CHECKING, Any, TypedDict

from poetbot.corpus.loading import Corpus
from poetbot.poem import UNKNOWN_AUTHOR
from poetbot.poets.card import Card
from poetbot.poets.folder import Poet, poet_id
from poetbot.training.events import Beginning
from poetbot.training.plan import Plan
from poetbot.training.split import Split

if TYPE_CHECKING:  # takes seconds to import
    from poetbot.training.loop import Result


class ParentFacts(TypedDict):
    """What a card says about the parent. Its own card may lack the number of training poems and the licence."""

    name: str
    id: str
    training_poems: int | None
    licence: str | None
    validation_bits_per_character: float | None  # on the poems held out here, before any fine-tuning


class EarlierTraining(TypedDict):
    """What a card says about the poet whose training a run continues on the same poems, and about what came before that."""

    id: str
    epochs: float
    minutes: float
    validation_bits_per_character: float | None


def card_of(
    corpus: Corpus,
    plan: Plan,
    parent: ParentFacts | None,
    earlier: EarlierTraining | None,
    result: "Result",
) -> dict[str, Any]:
    """Return the card of the best poet so far."""
    progress, parts = result.progress, plan.split
    authors: Counter[str] = Counter()
    for poem in parts.training:
        authors[poem.author or UNKNOWN_AUTHOR] += len(poem.text)
    by_token = result.unit != "characters" or result.recipe.fold_case
    return {
        "name": plan.run.name,
        "id": poet_id(result.recipe, result.vocabulary, result.tensors),
        "recipe": result.recipe.as_json(),
        "corpus": {
            "name": corpus.name,
            "fingerprint": corpus.fingerprint,
            "licence": plan.run.licence,
            "training_poems": len(parts.training),
            "training_characters": sum(len(poem.text) for poem in parts.training),
            "authors": [f"{name} ({size:,})" for name, size in authors.most_common()],  # characters of each
        },
        "split": {
            "rule": parts.rule,
            "validation_poems": len(parts.validation),
            "validation_characters": sum(len(poem.text) for poem in parts.validation),
            "left_out": parts.left_out,
        },
        "parent": parent,
        "figures": {
            "validation_nats_per_character": None if by_token else progress.best,
            "validation_bits_per_character": None if by_token else progress.best_bits,
            **({"validation_nats_per_token": progress.best} if by_token else {}),
            "parameters": sum(int(t.size) for t in result.tensors.values()),
        },
        "training": {
            "epochs": progress.epochs,
            "replanned": progress.replanned,
            "steps": progress.step,
            result.unit: progress.read,
            "minutes": round(progress.seconds / 60, 1),
            "rng": plan.run.rng,
            "threads": plan.threads,
            "finished": result.finished,
            "when": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
            "machine": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "libraries": result.versions,
            **({"earlier": earlier} if earlier else {}),
        },
    }


def parent_facts(parent: Poet, bits: float | None) -> ParentFacts:
    """Return what the card says about the parent. `bits` is the parent's own score in bits per character."""
    read = Card(parent.card).part("corpus")
    poems = read.number("training_poems")
    return {
        "name": parent.name,
        "id": parent.id,
        "training_poems": None if poems is None else int(poems),
        "licence": read.text("licence") or None,
        "validation_bits_per_character": bits,
    }


def earlier_training(poet: Poet) -> EarlierTraining:
    """Return what the card says about the poet whose training a run continues."""
    card = Card(poet.card)
    training = card.part("training")
    before = training.part("earlier")

    def total(name: str) -> float:
        return (training.number(name) or 0) + (before.number(name) or 0)

    return {
        "id": poet.id,
        "epochs": round(total("epochs"), 3),
        "minutes": round(total("minutes"), 1),
        "validation_bits_per_character": card.part("figures").number("validation_bits_per_character"),
    }


def beginning(parts: Split, parent: ParentFacts | None) -> Beginning:
    """Return what is known before the first step."""
    return {
        "training_poems": len(parts.training),
        "training_characters": sum(len(poem.text) for poem in parts.training),
        "validation_poems": len(parts.validation),
        "left_out_poems": sum(parts.left_out.values()),
        "parent": parent["name"] if parent else None,
        "bits": parent["validation_bits_per_character"] if parent else None,
    }
