"""From a corpus to a finished poet folder: split, train, index, card. What `python -m poetbot train` runs."""

import datetime
import json
import math
import platform
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from poetbot.corpus.poem import Poem
from poetbot.corpus.reading import Corpus
from poetbot.errors import PoetBotError
from poetbot.overlap import index_of, words
from poetbot.poets.folder import as_json, load, poet_id, save_card, save_network, write_atomically
from poetbot.poets.recipe import Recipe
from poetbot.training.loop import Result, run, write_job
from poetbot.training.model_card import model_card
from poetbot.training.plan import Plan
from poetbot.training.split import Split, split


@dataclass(frozen=True)
class Order:
    """What a person asked for."""

    corpus: Corpus
    out: Path
    recipe: Recipe
    epochs: float | None = None
    minutes: float | None = None
    rng: int = 0
    validation: float = 0.1
    hold_out: tuple[str, ...] = ()
    without: tuple[Poem, ...] = ()
    slurs: bool = True
    licence: str | None = None
    resume: bool = False


def train(order: Order) -> dict[str, Any]:
    """Train a poet and return its card. Raises PoetBotError for an order that cannot be carried out."""
    out, job = order.out, order.out / "job"
    if (out / "poet.json").exists() and not order.resume:
        raise PoetBotError(f"{out} is a poet already: choose another --out, or go on with --resume.")
    parts = _parts(order)
    write_job(job, {"recipe": order.recipe.as_json(), "corpus": order.corpus.fingerprint, "rng": order.rng})
    plan = Plan(parts, order.recipe, order.rng, order.epochs, order.minutes)

    def keep(best: Result) -> None:
        _save(order, parts, best)

    with _Reporter(job) as reporter:
        result = run(plan, job, resume=order.resume, report=reporter, keep=keep)
    if not result.finished:
        print("Stopped and saved; the same command with --resume goes on.", file=sys.stderr)
    _finish(order, parts)
    return _save(order, parts, result)


def read_again(order: Order) -> dict[str, Any]:
    """Make the overlap index and the word counts of a finished poet anew, without training, and return its card.

    Raises PoetBotError where the order is not the one that the poet was trained with.
    """
    card = dict(load(order.out).card)
    parts = _parts(order)
    corpus = card.get("corpus") or {}
    trained = [corpus.get(name) for name in ("fingerprint", "training_poems", "training_characters")]
    characters = sum(len(poem.text) for poem in parts.training)
    if trained != [order.corpus.fingerprint, len(parts.training), characters]:
        raise PoetBotError(
            f"{order.out} was trained on other poems: give the corpus and the options that it was trained with."
        )
    _finish(order, parts)
    return card


def _parts(order: Order) -> Split:
    return split(
        order.corpus.poems,
        np.random.default_rng([order.rng, 1]),
        share=order.validation,
        authors=order.hold_out,
        without=order.without,
        slurs=order.slurs,
    )


def _finish(order: Order, parts: Split) -> None:
    """Write what does not change while training: the overlap index and the word counts."""
    index_of(parts.training, parts.validation).save(order.out / "overlap")
    counts: Counter[str] = Counter()
    for poem in parts.training:
        counts.update(words(poem.text).strings())
    write_atomically(
        order.out / "words.json", as_json(dict(sorted(counts.items(), key=lambda p: (-p[1], p[0]))))
    )


def _save(order: Order, parts: Split, result: Result) -> dict[str, Any]:
    """Write weights, history and card of the best poet so far."""
    out = order.out
    save_network(out, result.recipe, result.vocabulary, result.tensors)
    lines = [json.dumps(entry, ensure_ascii=False) for entry in result.progress.history]
    write_atomically(out / "history.jsonl", "".join(line + "\n" for line in lines).encode())
    card = _card(order, parts, result)
    save_card(out, card)
    write_atomically(out / "README.md", model_card(card, result.progress.history).encode())
    return card


def _card(order: Order, parts: Split, result: Result) -> dict[str, Any]:
    progress = result.progress
    authors: Counter[str] = Counter()
    for poem in parts.training:
        authors[poem.author or "unknown"] += len(poem.text)
    best = progress.best if math.isfinite(progress.best) else None
    return {
        "name": order.out.name,
        "id": poet_id(result.recipe, result.vocabulary, result.tensors),
        "recipe": result.recipe.as_json(),
        "corpus": {
            "name": order.corpus.name,
            "fingerprint": order.corpus.fingerprint,
            "licence": order.licence,
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
        "parent": None,
        "figures": {
            "validation_nats_per_character": best,
            "validation_bits_per_character": round(best / math.log(2), 5) if best else None,
            "parameters": sum(int(t.size) for t in result.tensors.values()),
        },
        "training": {
            "epochs": progress.epochs,
            "replanned": progress.replanned,
            "steps": progress.step,
            "characters": progress.characters,
            "minutes": round(progress.seconds / 60, 1),
            "rng": order.rng,
            "finished": result.finished,
            "when": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
            "machine": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "libraries": result.versions,
        },
    }


class _Reporter:
    """Shows progress on stderr and adds a line a second to progress.jsonl."""

    def __init__(self, job: Path) -> None:
        self._file = (job / "progress.jsonl").open("a", encoding="utf-8")
        self._bar = tqdm(total=1.0, file=sys.stderr, bar_format="{desc} {percentage:3.0f}%|{bar}| {postfix}")
        self._written = 0.0

    def __enter__(self) -> "_Reporter":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()
        self._file.close()

    def __call__(self, event: dict[str, Any]) -> None:
        if "notice" in event:
            self._bar.write(event["notice"], file=sys.stderr)
        elif "epoch" in event:
            entry = event["epoch"]
            bits = (
                f", {entry['validation_bits']:.3f} bits on held-out poems" if entry["validation_bits"] else ""
            )
            self._bar.write(f"\nEpoch {entry['epoch']}{bits}:\n{entry['sample']}", file=sys.stderr)
        else:
            self._show(event)
            if time.monotonic() - self._written < 1:
                return
        self._written = time.monotonic()
        self._file.write(json.dumps({"time": round(time.time(), 1), **event}, ensure_ascii=False) + "\n")
        self._file.flush()

    def _show(self, event: dict[str, Any]) -> None:
        if event["epochs"]:
            self._bar.n = min(1.0, event["passes"] / event["epochs"])
        self._bar.set_description_str(f"step {event['step']:,} loss {event['loss']:.3f}", refresh=False)
        left = event["seconds_left"]
        self._bar.set_postfix_str(
            f"{event['characters_per_second']:,.0f} characters/s"
            + (f", {left / 60:.0f} min left" if left is not None else "")
        )
