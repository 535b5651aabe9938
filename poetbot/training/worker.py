"""From a corpus to a finished poet folder: split, index, train, card. This is what `python -m poetbot train` runs."""

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

from poetbot.cores import available_cores
from poetbot.corpus.loading import Corpus
from poetbot.errors import Failure, PoetBotError
from poetbot.overlap import build_index, save_fine_tuned_index, words
from poetbot.poem import Poem
from poetbot.poets.card import Card
from poetbot.poets.fine_tuning_epochs import epochs_for_fine_tuning
from poetbot.poets.folder import BUNDLED, Poet, load, poet_id, save_card, save_epoch, save_network, to_float16
from poetbot.poets.network import Network
from poetbot.poets.recipe import Recipe
from poetbot.poets.scoring import score
from poetbot.poets.training_run import TrainingRun
from poetbot.poets.vocabulary import Vocabulary
from poetbot.storage import json_bytes, write_atomically
from poetbot.training import checkpoint as checkpoints
from poetbot.training import quietly
from poetbot.training.card import ParentFacts, beginning, card_of, earlier_training, parent_facts
from poetbot.training.lock import only_worker
from poetbot.training.machine import use_threads
from poetbot.training.model_card import model_card
from poetbot.training.plan import CHECKPOINT_SECONDS, Parent, Plan
from poetbot.training.reporter import Reporter
from poetbot.training.split import Split, split
from poetbot.writing.word_vectors import FILE as WORD_VECTORS
from poetbot.writing.word_vectors import save_vectors, stored_vectors, vectors_of

if TYPE_CHECKING:  # takes seconds to import
    from poetbot.training.loop import Result

_FILES = (
    "README.md",
    "history.jsonl",
    "poet.json",
    "vocabulary.json",
    "weights.safetensors",
    "words.json",
    WORD_VECTORS,
)
"""What a run writes into the poet's folder itself."""

STOPPED = "Stopped and saved. Run the same command with --resume to continue."


@dataclass(frozen=True)
class TrainOptions:
    """A training run with its poems, its recipe and its parent, and the options that only the command line has."""

    run: TrainingRun
    corpus: Corpus
    out: Path
    recipe: Recipe
    parent: Poet | None = None
    hold_out: tuple[str, ...] = ()
    held_out: tuple[Poem, ...] = ()
    without: tuple[Poem, ...] = ()
    slurs: bool = True
    resume: bool = False
    half: bool = False  # store the weights in 16 bits
    threads: int | None = None  # None: the number the run was started with, or else the number of cores
    checkpoint_seconds: float = CHECKPOINT_SECONDS


def train(options: TrainOptions) -> dict[str, Any]:
    """Train a poet and return its card.

    Raises PoetBotError for impossible options, Failure if the work fails.
    """
    job = options.out / "job"
    refuse_to_overwrite(options, job)
    with only_worker(job), disk_errors(options.out):
        threads = _begin(options, job)
        with Reporter(job) as reporter:
            reporter({"doing": "loading"})
            with quietly():
                from poetbot.training.loop import run
            threads = use_threads(options.threads or threads or available_cores())
            reporter({"doing": "splitting"})
            parts = _parts(options)
            if options.parent:
                reporter({"doing": "trying"})
            plan = Plan(
                options.run,
                parts,
                options.recipe,
                _parent(options, parts),
                threads,
                options.half,
                options.checkpoint_seconds,
            )
            parent = _parent_facts(options.parent, parts)
            reporter({"begin": beginning(parts, parent)})
            for notice in options.corpus.notices:
                reporter({"notice": notice})
            reporter({"doing": "indexing"})
            merged = _parent_to_merge(options, parts)
            _index(options, parts, merged)
            _relate_words(options, parts, merged)
            reporter({"doing": "building"})
            earlier = earlier_training(options.parent) if options.parent and not merged else None

            def keep(result: "Result") -> dict[str, Any]:
                card = card_of(options.corpus, plan, None if earlier else parent, earlier, result)
                _save(options.out, card, result)
                return card

            result = run(plan, job, resume=options.resume, report=reporter, keep=keep)
            card = keep(result)
    if not result.finished:
        print(STOPPED, file=sys.stderr)
    return card


def rebuild_index(options: TrainOptions) -> dict[str, Any]:
    """Rebuild the overlap index and the word counts of a finished poet, and return its card.

    Raises PoetBotError if the options aren't those the poet was trained with.
    """
    poet, parts = _finished(options)
    _index(options, parts, _merged_parent(poet, options))
    return dict(poet.card)


def rebuild_vectors(options: TrainOptions) -> dict[str, Any]:
    """Compute the word vectors of a finished poet, which themes need, and return its card.

    Raises PoetBotError if the options aren't those the poet was trained with.
    """
    poet, parts = _finished(options)
    _relate_words(options, parts, _merged_parent(poet, options))
    return dict(poet.card)


def round_weights(options: TrainOptions) -> dict[str, Any]:
    """Round the weights of a finished poet to 16 bits, measure it again on its held-out poems, and return its card.

    Its history stays as it was measured during training. Raises PoetBotError if the options aren't those the poet was
    trained with, or if it writes word by word.
    """
    poet, parts = _finished(options)
    if not isinstance(poet.vocabulary, Vocabulary):
        raise PoetBotError("{poet} writes word by word, so its weights stay as they are.", poet=poet.name)
    tensors = to_float16(poet.tensors)
    figures, page = dict(poet.card["figures"]), options.out / "README.md"
    if parts.validation:
        texts = [poem.text for poem in parts.validation]
        nats = round(score(Network(poet.recipe, tensors), poet.vocabulary, texts).nats_per_character, 5)
        if poet.recipe.fold_case:
            figures["validation_nats_per_token"] = nats
        else:
            figures["validation_nats_per_character"] = nats
            figures["validation_bits_per_character"] = round(nats / math.log(2), 5)
    card = {**poet.card, "id": poet_id(poet.recipe, poet.vocabulary, tensors), "figures": figures}
    with disk_errors(options.out):
        save_network(options.out, poet.recipe, poet.vocabulary, tensors)
        if page.exists():
            rows = (options.out / "history.jsonl").read_text(encoding="utf-8").splitlines()
            write_atomically(page, model_card(card, [json.loads(row) for row in rows]).encode())
        save_card(options.out, card)
    return card


def _finished(options: TrainOptions) -> tuple[Poet, Split]:
    """Return the finished poet in `options.out` and its poems. Raises PoetBotError if they don't belong together."""
    poet, parts = load(options.out), _parts(options)
    if not _is_trained_on(poet, options.corpus, parts):
        raise PoetBotError(
            "{folder} was trained on other poems. Use the corpus and the options it was trained with.",
            folder=options.out,
        )
    card = Card(poet.card)
    begun_from = card.part("parent").text("id") or card.part("training").part("earlier").text("id")
    if begun_from != (options.parent.id if options.parent else ""):
        raise PoetBotError(
            "{folder} was fine-tuned from another poet. Use the --from it was trained with.",
            folder=options.out,
        )
    return poet, parts


def _merged_parent(poet: Poet, options: TrainOptions) -> Poet | None:
    """Return the parent whose poems a finished poet has, too; None if it has no parent."""
    return options.parent if poet.card.get("parent") else None


def _is_trained_on(poet: Poet, corpus: Corpus, parts: Split) -> bool:
    read = poet.card.get("corpus")
    if not isinstance(read, dict):
        return False
    characters = sum(len(poem.text) for poem in parts.training)
    return [read.get(name) for name in ("fingerprint", "training_poems", "training_characters")] == [
        corpus.fingerprint,
        len(parts.training),
        characters,
    ]


def _parent_to_merge(options: TrainOptions, parts: Split) -> Poet | None:
    """Return the parent whose poems the new poet has, too.

    None if there is no parent, or if it was trained on the same poems alone: then the run continues its training.
    """
    parent = options.parent
    if parent and parent.card.get("parent") is None and _is_trained_on(parent, options.corpus, parts):
        return None
    return parent


def _parts(options: TrainOptions) -> Split:
    return split(
        options.corpus.poems,
        np.random.default_rng([options.run.rng, 1]),
        share=options.run.validation,
        authors=options.hold_out,
        held_out=options.held_out,
        without=options.without,
        slurs=options.slurs,
    )


def refuse_to_overwrite(options: TrainOptions, job: Path) -> None:
    """Raise PoetBotError rather than overwrite a finished poet or a run that can be resumed."""
    poet, saved = (options.out / "poet.json").exists(), checkpoints.any_in(job)
    if poet and not options.resume:
        raise PoetBotError(
            "{folder} is already a poet. Choose another --out, or continue with --resume.", folder=options.out
        )
    if saved and not options.resume:
        raise PoetBotError(
            "{folder} holds a run that can be resumed. Add --resume, or choose another --out.",
            folder=options.out,
        )
    if poet and not checkpoints.newest(job)[0]:
        raise PoetBotError(
            "{folder} is a poet whose checkpoints can't be read, so its training can't be resumed. Choose another --out.",
            folder=options.out,
        )


def _begin(options: TrainOptions, job: Path) -> int | None:
    """Write job.json of a new run, and delete what a killed worker left behind.

    Returns the number of threads that a resumed run was started with; None if it isn't known, or the run is new.
    """
    path = job / "job.json"
    for pattern in (*(f".{name}.*" for name in _FILES), "epochs/.*.safetensors.*"):
        for partial in options.out.glob(pattern):  # as `write_atomically` names them
            if partial.suffix[1:].isdecimal() and partial.is_file():
                partial.unlink()
    if options.resume and checkpoints.any_in(job):
        try:
            earlier = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return None  # only informative: the checkpoint has all that matters
        threads = earlier.get("threads") if isinstance(earlier, dict) else None
        return threads if isinstance(threads, int) else None
    (job / "progress.jsonl").unlink(missing_ok=True)
    shutil.rmtree(options.out / "epochs", ignore_errors=True)
    settings = {
        "corpus": {"name": options.corpus.name, "fingerprint": options.corpus.fingerprint},
        "recipe": options.recipe.as_json(),
        "parent": options.parent.id if options.parent else None,
        "epochs": options.run.epochs,
        "minutes": options.run.minutes,
        "rng": options.run.rng,
        "validation": options.run.validation,
        "hold_out": list(options.hold_out),
        "threads": options.threads or available_cores(),
    }
    write_atomically(path, json_bytes(settings, indent=1))
    return None


@contextmanager
def disk_errors(out: Path) -> Iterator[None]:
    """Turn OSError into a Failure that says what to do."""
    try:
        yield
    except OSError as error:
        raise Failure(
            "{file} couldn't be written ({reason}). Free space or repair the folder, then run the same command with --resume.",
            file=error.filename or out,
            reason=(error.strerror or str(error)).lower(),
        ) from error


def _parent(options: TrainOptions, parts: Split) -> Parent | None:
    poet = options.parent
    if poet is None:
        return None
    if not isinstance(poet.vocabulary, Vocabulary):
        raise PoetBotError(
            "{poet} writes word by word and can't be fine-tuned. Choose another --from.", poet=poet.name
        )
    times = None
    if options.run.epochs is None:
        times = epochs_for_fine_tuning(poet, [poem.text for poem in parts.training])
    return Parent(poet.name, poet.id, poet.vocabulary, poet.tensors, times)


def _parent_facts(poet: Poet | None, parts: Split) -> ParentFacts | None:
    if poet is None:
        return None
    held_out = [poem.text for poem in parts.validation]
    network, vocabulary = poet.in_floats.network, poet.vocabulary
    bits = None
    if held_out and isinstance(network, Network) and isinstance(vocabulary, Vocabulary):
        bits = score(network, vocabulary, held_out).bits_per_character
    return parent_facts(poet, None if bits is None else round(bits, 5))


def _index(options: TrainOptions, parts: Split, parent: Poet | None) -> None:
    """Write what doesn't change during training: the overlap index and the word counts, including the parent's."""
    folder = options.out / "overlap"
    if parent is None:
        build_index(parts.training, parts.validation).save(folder)
    else:
        # Bundled poets store what they share once. Your own poet must survive a new version of its bundled parent, which
        # may be trained on other poems, so it stores everything.
        together = options.out.resolve().parent == parent.folder.resolve().parent == BUNDLED
        save_fine_tuned_index(
            folder, parts.training, parts.validation, parent.overlap_folder, beside=together
        )
    counts: Counter[str] = Counter()
    for poem in parts.training:
        counts.update(words(poem.text).strings())
    if parent:
        counts.update(parent.words())
    write_atomically(
        options.out / "words.json", json_bytes(dict(sorted(counts.items(), key=lambda p: (-p[1], p[0]))))
    )


def _relate_words(options: TrainOptions, parts: Split, parent: Poet | None) -> None:
    """Write the word vectors. A fine-tuned poet has its parent's, which come from many more poems."""
    vectors = stored_vectors(parent.folder) if parent else None
    save_vectors(options.out, vectors or vectors_of([poem.text for poem in parts.training]))


def _save(out: Path, card: dict[str, Any], result: "Result") -> None:
    """Write the weights, history and card of the best poet so far, and this epoch's weights if they are kept."""
    save_network(out, result.recipe, result.vocabulary, result.tensors)
    history = result.progress.history
    if history and history[-1]["step"] == result.progress.step:
        save_epoch(out, history[-1]["epoch"], result.latest)
    lines = [json.dumps(entry, ensure_ascii=False) for entry in history]
    write_atomically(out / "history.jsonl", "".join(line + "\n" for line in lines).encode())
    write_atomically(out / "README.md", model_card(card, history).encode())
    save_card(out, card)
