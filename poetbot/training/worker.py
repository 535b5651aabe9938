"""From a corpus to a finished poet folder: split, index, train, card. What `python -m poetbot train` runs."""

import json
import math
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from poetbot.corpus.loading import Corpus
from poetbot.errors import Failure, PoetBotError
from poetbot.overlap import index_of, save_index_of, words
from poetbot.poem import Poem
from poetbot.poets.fine_tuning_epochs import times_to_read
from poetbot.poets.folder import (
    BUNDLED,
    Poet,
    as_json,
    in_half,
    load,
    poet_id,
    save_card,
    save_epoch,
    save_network,
    write_atomically,
)
from poetbot.poets.network import Network
from poetbot.poets.recipe import Recipe
from poetbot.poets.scoring import score
from poetbot.poets.vocabulary import Vocabulary
from poetbot.training import checkpoint as checkpoints
from poetbot.training import quietly
from poetbot.training.card import beginning, card_of, parent_facts
from poetbot.training.lock import only_worker
from poetbot.training.machine import available_cores, use_threads
from poetbot.training.model_card import held_out_figure, model_card
from poetbot.training.plan import CHECKPOINT_SECONDS, Parent, Plan
from poetbot.training.reporter import Reporter
from poetbot.training.split import Split, split

if TYPE_CHECKING:  # it takes seconds to load: `train` does that, and says so
    from poetbot.training.loop import Result


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
    held_out: tuple[Poem, ...] = ()
    without: tuple[Poem, ...] = ()
    slurs: bool = True
    licence: str | None = None
    resume: bool = False
    parent: Poet | None = None
    half: bool = False  # weights in 16 bits
    threads: int | None = None  # None: as the run was begun, or else as many as there are cores
    checkpoint_seconds: float = CHECKPOINT_SECONDS


def train(order: Order) -> dict[str, Any]:
    """Train a poet and return its card.

    Raises PoetBotError for an order that cannot be carried out, Failure where the work fails.
    """
    job = order.out / "job"
    _refuse_to_overwrite(order, job)
    with only_worker(job), _disk_errors(order.out):
        begun = _begin(order, job)
        with Reporter(job) as reporter:
            reporter({"doing": "loading"})
            with quietly():
                from poetbot.training.loop import run
            threads = use_threads(order.threads or begun.get("threads") or available_cores())
            reporter({"doing": "splitting"})
            parts = _parts(order)
            if order.parent:
                reporter({"doing": "trying"})
            plan = Plan(
                parts,
                order.recipe,
                order.rng,
                order.epochs,
                order.minutes,
                _parent(order, parts),
                threads,
                order.half,
                order.checkpoint_seconds,
            )
            parent = _parent_facts(order.parent, parts)
            reporter({"begin": beginning(parts, parent)})
            for notice in order.corpus.notices:
                reporter({"notice": notice})
            reporter({"doing": "indexing"})
            _index(order, parts)
            reporter({"doing": "building"})

            def keep(result: "Result") -> dict[str, Any]:
                card = card_of(order.out.name, order.corpus, order.licence, plan, parent, result)
                _save(order.out, card, result)
                return card

            result = run(plan, job, resume=order.resume, report=reporter, keep=keep)
            card = keep(result)
    if not result.finished:
        print("Stopped and saved; the same command with --resume goes on.", file=sys.stderr)
    return card


def read_again(order: Order) -> dict[str, Any]:
    """Make the overlap index and the word counts of a finished poet anew, without training, and return its card.

    Raises PoetBotError where the order is not the one that the poet was trained with.
    """
    poet, parts = _finished(order)
    _index(order, parts)
    return dict(poet.card)


def rounded(order: Order) -> dict[str, Any]:
    """Round the weights of a finished poet to 16 bits, measure it anew on its held-out poems, and return its card.

    Its history stays what was measured while it was trained. Raises PoetBotError where the order is not the one that
    the poet was trained with, or the poet is one of words.
    """
    poet, parts = _finished(order)
    if not isinstance(poet.vocabulary, Vocabulary):
        raise PoetBotError(f"{poet.name} writes word by word: its weights stay as they are.")
    tensors = in_half(poet.tensors)
    figures, page = dict(poet.card["figures"]), order.out / "README.md"
    if parts.validation:
        texts = [poem.text for poem in parts.validation]
        nats = round(score(Network(poet.recipe, tensors), poet.vocabulary, texts).nats_per_character, 5)
        if poet.recipe.fold_case:
            figures["validation_nats_per_token"] = nats
        else:
            figures["validation_nats_per_character"] = nats
            figures["validation_bits_per_character"] = round(nats / math.log(2), 5)
    card = {**poet.card, "id": poet_id(poet.recipe, poet.vocabulary, tensors), "figures": figures}
    with _disk_errors(order.out):
        save_network(order.out, poet.recipe, poet.vocabulary, tensors)
        if page.exists():
            then, now = (held_out_figure(each, "character") for each in (poet.card["figures"], figures))
            write_atomically(page, page.read_bytes().replace(f"{then} on".encode(), f"{now} on".encode()))
        save_card(order.out, card)
    return card


def _finished(order: Order) -> tuple[Poet, Split]:
    """Return the finished poet of an order and its poems. Raises PoetBotError where they do not belong together."""
    poet, parts = load(order.out), _parts(order)
    card = poet.card
    corpus, parent = card.get("corpus") or {}, card.get("parent") or {}
    trained = [corpus.get(name) for name in ("fingerprint", "training_poems", "training_characters")]
    characters = sum(len(poem.text) for poem in parts.training)
    if trained != [order.corpus.fingerprint, len(parts.training), characters]:
        raise PoetBotError(
            f"{order.out} was trained on other poems: give the corpus and the options that it was trained with."
        )
    if parent.get("id") != (order.parent.id if order.parent else None):
        raise PoetBotError(f"{order.out} began as another poet: give the --from that it was trained with.")
    return poet, parts


def _parts(order: Order) -> Split:
    return split(
        order.corpus.poems,
        np.random.default_rng([order.rng, 1]),
        share=order.validation,
        authors=order.hold_out,
        held_out=order.held_out,
        without=order.without,
        slurs=order.slurs,
    )


def _refuse_to_overwrite(order: Order, job: Path) -> None:
    """Keep what is there: a finished poet, a run that can be gone on with."""
    poet, saved = (order.out / "poet.json").exists(), checkpoints.any_in(job)
    if poet and not order.resume:
        raise PoetBotError(f"{order.out} is a poet already: choose another --out, or go on with --resume.")
    if saved and not order.resume:
        raise PoetBotError(f"{order.out} holds a run that can go on: give --resume, or choose another --out.")
    if poet and not checkpoints.newest(job)[0]:
        raise PoetBotError(
            f"{order.out} is a poet, and no checkpoint of its training can be read: choose another --out; "
            "the poet stays as it is."
        )


def _begin(order: Order, job: Path) -> dict[str, Any]:
    """Return job.json of the run that is resumed, or write it for one that begins, and clear what a dead one left."""
    path = job / "job.json"
    for half in [*order.out.glob(".*.[0-9]*"), *(order.out / "epochs").glob(".*.[0-9]*")]:
        half.unlink()  # what a killed worker was writing
    if order.resume and checkpoints.any_in(job):
        try:
            begun = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}  # the checkpoint decides; this file is for people and programs that look
        return begun if isinstance(begun, dict) else {}
    (job / "progress.jsonl").unlink(missing_ok=True)
    shutil.rmtree(order.out / "epochs", ignore_errors=True)
    asked = {
        "corpus": {"name": order.corpus.name, "fingerprint": order.corpus.fingerprint},
        "recipe": order.recipe.as_json(),
        "parent": order.parent.id if order.parent else None,
        "epochs": order.epochs,
        "minutes": order.minutes,
        "rng": order.rng,
        "validation": order.validation,
        "hold_out": list(order.hold_out),
        "threads": order.threads or available_cores(),
    }
    write_atomically(path, as_json(asked, indent=1))
    return {}


@contextmanager
def _disk_errors(out: Path) -> Iterator[None]:
    """Say in a sentence what the disk would not do."""
    try:
        yield
    except OSError as error:
        raise Failure(
            f"{error.filename or out} could not be written ({(error.strerror or str(error)).lower()}): make room or "
            "mend the folder, then the same command with --resume goes on."
        ) from error


def _parent(order: Order, parts: Split) -> Parent | None:
    poet = order.parent
    if poet is None:
        return None
    if not isinstance(poet.vocabulary, Vocabulary):
        raise PoetBotError(
            f"{poet.name} writes word by word and cannot be fine-tuned: choose another --from."
        )
    times = None
    if order.epochs is None:
        times = times_to_read(poet, [poem.text for poem in parts.training])
    return Parent(poet.name, poet.id, poet.vocabulary, poet.tensors, times)


def _parent_facts(poet: Poet | None, parts: Split) -> dict[str, Any] | None:
    if poet is None:
        return None
    held_out = [poem.text for poem in parts.validation]
    network, vocabulary = poet.network, poet.vocabulary
    bits = None
    if held_out and isinstance(network, Network) and isinstance(vocabulary, Vocabulary):
        bits = score(network, vocabulary, held_out).bits_per_character
    return parent_facts(poet, None if bits is None else round(bits, 5))


def _index(order: Order, parts: Split) -> None:
    """Write what does not change while training: the overlap index and the word counts, the parent's with them."""
    folder, parent = order.out / "overlap", order.parent
    if parent is None:
        index_of(parts.training, parts.validation).save(folder)
    else:
        # Poets that come together keep what they share once. A poet of one's own is to outlive a bundled parent, which
        # may be trained anew with other poems, so it holds everything.
        together = order.out.resolve().parent == parent.folder.resolve().parent == BUNDLED
        save_index_of(folder, parts.training, parts.validation, parent.overlap_folder, beside=together)
    counts: Counter[str] = Counter()
    for poem in parts.training:
        counts.update(words(poem.text).strings())
    if order.parent:
        counts.update(order.parent.words())
    write_atomically(
        order.out / "words.json", as_json(dict(sorted(counts.items(), key=lambda p: (-p[1], p[0]))))
    )


def _save(out: Path, card: dict[str, Any], result: "Result") -> None:
    """Write weights, history and card of the best poet so far, and the weights of this epoch if they are to be kept."""
    save_network(out, result.recipe, result.vocabulary, result.tensors)
    history = result.progress.history
    if history and history[-1]["step"] == result.progress.step:
        save_epoch(out, history[-1]["epoch"], result.latest)
    lines = [json.dumps(entry, ensure_ascii=False) for entry in history]
    write_atomically(out / "history.jsonl", "".join(line + "\n" for line in lines).encode())
    write_atomically(out / "README.md", model_card(card, history).encode())
    save_card(out, card)
