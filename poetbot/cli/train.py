"""`train CORPUS… --out POETDIR`: train a poet in the foreground."""

import argparse
import json
from pathlib import Path

from poetbot.cli.engine_options import add_engine, on_cluster, refuse
from poetbot.cli.options import add_json
from poetbot.cli.reading_options import add_reading_options, reading_bar, reading_of, wanted_of
from poetbot.corpus.loading import PIECES, read_poems
from poetbot.corpus.named_corpora import NAMED, licence_of, read_given
from poetbot.errors import PoetBotError
from poetbot.installation import check_can_train, check_cluster_installed
from poetbot.poets.folder import load
from poetbot.poets.recipe import Recipe
from poetbot.poets.recipes import FOR, RECIPES, recipe_named
from poetbot.poets.training_run import TrainingRun
from poetbot.training.default_recipe import default_recipe
from poetbot.training.fine_tuning import check_shape, fine_tuning_recipe
from poetbot.training.model_card import held_out_figure
from poetbot.training.on_cluster import ClusterOptions, train_on_cluster
from poetbot.training.stopping import stop_when_input_ends
from poetbot.training.worker import TrainOptions, rebuild_index, rebuild_vectors, round_weights, train


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "train",
        help="train a poet on a corpus",
        description="Train a poet on a corpus. Ctrl+C finishes the step and saves; --resume continues.",
        epilog="Recipes: "
        + "; ".join(f"{name}: {purpose}" for name, purpose in FOR.items())
        + ". Example: %(prog)s poems.txt --out my-poet --minutes 20",
    )
    parser.add_argument(
        "corpus",
        metavar="CORPUS",
        nargs="+",
        help="raw texts, in which poems are found; tables and lists of poems such as a .jsonl, taken as they are; folders; or "
        f"names: {', '.join(NAMED)}",
    )
    parser.add_argument("--out", metavar="POETDIR", required=True, help="the folder of the new poet")
    parser.add_argument(
        "--recipe",
        help=f"one of: {', '.join(RECIPES)}, or a .json file with a recipe (default: one that suits "
        "the size of the corpus and the length of the run)",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change a field of the recipe, as in cell=gru or layers=2 (repeatable)",
    )
    parser.add_argument("--pieces", choices=PIECES, help="cut raw text into these, whatever the recipe says")
    add_reading_options(parser)
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--epochs",
        type=float,
        help="passes over the poems (default: 20); with --resume, the new total",
    )
    length.add_argument("--minutes", type=float, help="how long to train on this machine")
    parser.add_argument(
        "--from",
        dest="parent",
        metavar="POET",
        help="fine-tune this poet on the corpus (default: 3 to 10 epochs, depending on how many and how unusual the poems are; fewer if it stops improving)",
    )
    parser.add_argument(
        "--resume", action="store_true", help="continue from the last checkpoint in POETDIR/job"
    )
    parser.add_argument(
        "--while-open",
        action="store_true",
        help="save and exit when standard input closes, for example because the program that started this one was killed",
    )
    parser.add_argument("--rng", type=int, default=0, help="random seed (default: 0)")
    parser.add_argument(
        "--threads",
        type=int,
        help="number of threads (default: one per core); a resumed run keeps its number",
    )
    parser.add_argument(
        "--validation",
        type=float,
        default=0.1,
        metavar="SHARE",
        help="share of poems to hold out (default: 0.1)",
    )
    held_out = parser.add_mutually_exclusive_group()
    held_out.add_argument(
        "--hold-out",
        action="append",
        default=[],
        metavar="AUTHOR",
        help="hold out this author's poems instead",
    )
    held_out.add_argument(
        "--hold-out-poems",
        metavar="FILE",
        help="hold out the poems in this file instead, and don't use near-duplicates of them",
    )
    parser.add_argument(
        "--leave-out",
        action="append",
        default=[],
        metavar="FILE",
        help="never use the poems in this file or near-duplicates of them",
    )
    parser.add_argument(
        "--leave-out-slurs", action="store_true", help="leave out poems with slurs against people"
    )
    parser.add_argument(
        "--overlap-only",
        action="store_true",
        help="rebuild the overlap index of a finished poet; use the options it was trained with",
    )
    parser.add_argument(
        "--vectors-only",
        action="store_true",
        help="compute the word vectors of a finished poet, which themes need; use the options it was trained with",
    )
    parser.add_argument(
        "--half",
        action="store_true",
        help="store the weights in 16 bits, and measure the figures with them: half the file size",
    )
    parser.add_argument(
        "--half-only",
        action="store_true",
        help="round the weights of a finished poet to 16 bits and measure it again; use the options it was trained with",
    )
    parser.add_argument("--licence", help="the licence of the texts, for the poet's card")
    cluster = parser.add_argument_group("on a cluster (docs/scaling.md)")
    add_engine(cluster)
    cluster.add_argument(
        "--cpus",
        type=int,
        help="processor cores of the node to use (default: all of the largest node; with --gpus, one for each)",
    )
    cluster.add_argument(
        "--gpus", type=int, default=0, help="GPUs of the node to use; training then runs on JAX"
    )
    add_json(parser, "the poet's figures")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Train, and print the poet's figures."""
    cluster = _cluster_options(chosen)
    if cluster is None:
        check_can_train()
    else:
        check_cluster_installed()
    if (
        chosen.while_open
    ):  # first, because the process that started this one may end before the corpus is read
        stop_when_input_ends()
    out = Path(chosen.out)
    wanted = TrainingRun(
        name=out.name,
        parent=chosen.parent or None,
        recipe=chosen.recipe or None,
        minutes=chosen.minutes,
        epochs=chosen.epochs,
        rng=chosen.rng,
        validation=chosen.validation,
        licence=chosen.licence or licence_of(*chosen.corpus),
    )
    if chosen.threads is not None and not 1 <= chosen.threads <= 1024:
        raise PoetBotError("--threads must be an integer from 1 to 1,024.")
    parent = load(chosen.parent) if chosen.parent else None
    settings = [*chosen.set, *([f"pieces={chosen.pieces}"] if chosen.pieces else [])]
    named = recipe_named(chosen.recipe) if chosen.recipe else None
    start_recipe = named or _resumed(chosen)
    recipe = (start_recipe or (parent.recipe if parent else default_recipe(0))).changed(settings)
    reading = reading_of(chosen, recipe.pieces)
    with reading_bar() as seen:
        corpus = read_given(chosen.corpus, recipe.pieces, wanted_of(chosen), reading, seen, out)
    without = tuple(poem for path in chosen.leave_out for poem in read_poems(path).poems)
    characters = sum(len(poem.text) for poem in corpus.poems)
    if parent:
        if start_recipe is None:
            recipe = fine_tuning_recipe(parent.recipe, characters).changed(settings)
        check_shape(recipe, parent.recipe)
    elif start_recipe is None:
        recipe = default_recipe(characters, epochs=chosen.epochs, minutes=chosen.minutes).changed(settings)
    options = TrainOptions(
        run=wanted,
        corpus=corpus,
        out=out,
        recipe=recipe,
        parent=parent,
        hold_out=tuple(chosen.hold_out),
        held_out=read_poems(chosen.hold_out_poems).poems if chosen.hold_out_poems else (),
        without=without,
        slurs=not chosen.leave_out_slurs,
        resume=chosen.resume,
        half=chosen.half,
        threads=chosen.threads,
    )
    if chosen.overlap_only or chosen.vectors_only or chosen.half_only:
        card = rebuild_index(options) if chosen.overlap_only else {}
        card = rebuild_vectors(options) if chosen.vectors_only else card
        card = round_weights(options) if chosen.half_only else card
    elif cluster is not None:
        card = train_on_cluster(options, cluster)
    else:
        card = train(options)
    if chosen.json:
        print(json.dumps(card, ensure_ascii=False))
    else:
        training = card["training"]
        predicts = held_out_figure(card["figures"], card["recipe"]["level"][:-1])
        pieces = card["recipe"].get("pieces", "poems")
        print(f"{card['name']}: {training['steps']:,} steps in {training['minutes']} minutes", end="")
        print(f", {predicts} on held-out {pieces}." if predicts else ".")
    return 0


def _cluster_options(chosen: argparse.Namespace) -> ClusterOptions | None:
    """Return where to train, None on this machine. Raises PoetBotError if the options contradict each other."""
    if not on_cluster(chosen):
        if chosen.cpus is not None or chosen.gpus:
            raise PoetBotError("--cpus and --gpus need --engine ray. Add it, or leave them out.")
        return None
    refuse(chosen, "overlap_only", "vectors_only", "half_only")
    for name, value, least, most in (("--cpus", chosen.cpus, 1, 1024), ("--gpus", chosen.gpus, 0, 64)):
        if value is not None and not least <= value <= most:
            raise PoetBotError(
                "{name} must be an integer from {least} to {most:,}.", name=name, least=least, most=most
            )
    return ClusterOptions(chosen.address, chosen.cpus, chosen.gpus)


def _resumed(chosen: argparse.Namespace) -> Recipe | None:
    """Return the recipe of the run to resume, because the default one depends on the length and on the machine."""
    if not chosen.resume:
        return None
    try:
        job = json.loads((Path(chosen.out) / "job" / "job.json").read_text(encoding="utf-8"))
        return Recipe.from_json(job["recipe"])
    except (OSError, ValueError, RecursionError, TypeError, KeyError, PoetBotError):
        return None  # the worker reports what is wrong
