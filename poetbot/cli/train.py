"""`train CORPUS… --out POETDIR`: train a poet in the foreground."""

import argparse
import json
from pathlib import Path

from poetbot.cli.reading_options import add_reading_options, reading_bar, reading_of, wanted_of
from poetbot.corpus.loading import PIECES, read_poems
from poetbot.corpus.named_corpora import NAMED, licence_of, read_given
from poetbot.errors import PoetBotError
from poetbot.finite import is_finite
from poetbot.poets.folder import load
from poetbot.poets.recipe import Recipe
from poetbot.poets.recipes import RECIPES, recipe_named
from poetbot.training.default_recipe import default_recipe
from poetbot.training.fine_tuning import check_shape, fine_tuning_recipe
from poetbot.training.model_card import held_out_figure
from poetbot.training.stopping import stop_when_input_ends
from poetbot.training.worker import TrainOptions, rebuild_index, round_weights, train


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "train",
        help="train a poet on a corpus",
        description="Train a poet on a corpus. Ctrl+C finishes the step and saves; --resume goes on.",
        epilog="Example: python -m poetbot train poems.txt --out my-poet --minutes 20",
    )
    parser.add_argument(
        "corpus",
        metavar="CORPUS",
        nargs="+",
        help="raw texts (filtered), tables and lists of poems such as a .jsonl (not filtered), folders of these, or "
        f"names: {', '.join(NAMED)}",
    )
    parser.add_argument("--out", metavar="POETDIR", required=True, help="the folder that becomes the poet")
    parser.add_argument(
        "--recipe",
        help=f"one of: {', '.join(RECIPES)}, or a .json file with a recipe (default: one that fits "
        "the size of the corpus and the length of the run)",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change a field of the recipe, as in cell=gru or layers=2 (repeatable)",
    )
    parser.add_argument(
        "--pieces", choices=PIECES, help="cut a raw text into these instead of what the recipe says"
    )
    add_reading_options(parser)
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--epochs",
        type=float,
        help="passes over the poems (default: 20); with --resume a new length for what is left",
    )
    length.add_argument("--minutes", type=float, help="how long to train on this machine")
    parser.add_argument(
        "--from",
        dest="parent",
        metavar="POET",
        help="fine-tune this poet: its network goes on with these poems (default: 3 to 10 epochs, by how many and how strange they are; fewer if it gets no better)",
    )
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint in POETDIR/job")
    parser.add_argument(
        "--while-open",
        action="store_true",
        help="save and end when the standard input ends, as when the program that holds its other end is killed",
    )
    parser.add_argument("--rng", type=int, default=0, help="number that all chance follows from (default: 0)")
    parser.add_argument(
        "--threads",
        type=int,
        help="threads to compute with (default: the cores); a resumed run keeps its number",
    )
    parser.add_argument(
        "--validation", type=float, default=0.1, metavar="SHARE", help="share of poems held out"
    )
    held_out = parser.add_mutually_exclusive_group()
    held_out.add_argument(
        "--hold-out", action="append", default=[], metavar="AUTHOR", help="hold out an author's poems instead"
    )
    held_out.add_argument(
        "--hold-out-poems",
        metavar="FILE",
        help="hold out the poems of this file instead, and use no near-duplicates of them",
    )
    parser.add_argument(
        "--leave-out",
        action="append",
        default=[],
        metavar="FILE",
        help="never use these poems or near-duplicates",
    )
    parser.add_argument(
        "--leave-out-slurs", action="store_true", help="leave out poems with slurs against people"
    )
    parser.add_argument(
        "--overlap-only",
        action="store_true",
        help="make the overlap index of a finished poet anew, with the options it was trained with",
    )
    parser.add_argument(
        "--half",
        action="store_true",
        help="keep the weights in 16 bits a number: half the bytes, and figures are measured with them so",
    )
    parser.add_argument(
        "--half-only",
        action="store_true",
        help="round the weights of a finished poet to 16 bits and measure it anew, with the options it was trained with",
    )
    parser.add_argument("--licence", help="the licence of the texts, for the poet's card")
    parser.add_argument("--json", action="store_true", help="print the poet's figures as JSON")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Train, and print the poet's figures."""
    if chosen.while_open:  # first of all: whoever started it may be gone before the corpus is read
        stop_when_input_ends()
    for name, low in (("epochs", 0), ("minutes", 0)):
        value = getattr(chosen, name)
        if value is not None and not (is_finite(value) and low < value <= 100_000):
            raise PoetBotError(f"--{name} must be greater than {low} and at most 100,000.")
    if not 0 <= chosen.rng < 2**32:
        raise PoetBotError("--rng must be a whole number from 0 to 4,294,967,295.")
    if chosen.threads is not None and not 1 <= chosen.threads <= 1024:
        raise PoetBotError("--threads must be a whole number from 1 to 1,024.")
    if chosen.parent and chosen.recipe:
        raise PoetBotError("A fine-tuned poet keeps its parent's recipe: give --from or --recipe, not both.")
    parent = load(chosen.parent) if chosen.parent else None
    settings = [*chosen.set, *([f"pieces={chosen.pieces}"] if chosen.pieces else [])]
    begun = parent.recipe if parent else recipe_named(chosen.recipe) if chosen.recipe else _resumed(chosen)
    recipe = (begun or default_recipe(0)).changed(settings)
    reading = reading_of(chosen, recipe.pieces)
    with reading_bar() as seen:
        corpus = read_given(chosen.corpus, recipe.pieces, wanted_of(chosen), reading, seen, Path(chosen.out))
    without = tuple(poem for path in chosen.leave_out for poem in read_poems(path).poems)
    characters = sum(len(poem.text) for poem in corpus.poems)
    if parent:
        recipe = fine_tuning_recipe(parent.recipe, characters).changed(settings)
        check_shape(recipe, parent.recipe)
    elif begun is None:
        recipe = default_recipe(characters, epochs=chosen.epochs, minutes=chosen.minutes).changed(settings)
    order = TrainOptions(
        corpus=corpus,
        out=Path(chosen.out),
        recipe=recipe,
        epochs=chosen.epochs,
        minutes=chosen.minutes,
        rng=chosen.rng,
        validation=chosen.validation,
        hold_out=tuple(chosen.hold_out),
        held_out=read_poems(chosen.hold_out_poems).poems if chosen.hold_out_poems else (),
        without=without,
        slurs=not chosen.leave_out_slurs,
        licence=chosen.licence or licence_of(*chosen.corpus),
        resume=chosen.resume,
        parent=parent,
        half=chosen.half,
        threads=chosen.threads,
    )
    if chosen.overlap_only or chosen.half_only:
        card = rebuild_index(order) if chosen.overlap_only else {}
        card = round_weights(order) if chosen.half_only else card
    else:
        card = train(order)
    if chosen.json:
        print(json.dumps(card, ensure_ascii=False))
    else:
        training = card["training"]
        predicts = held_out_figure(card["figures"], card["recipe"]["level"][:-1])
        pieces = card["recipe"].get("pieces", "poems")
        print(f"{card['name']}: {training['steps']:,} steps in {training['minutes']} minutes", end="")
        print(f", {predicts} on held-out {pieces}." if predicts else ".")
    return 0


def _resumed(chosen: argparse.Namespace) -> Recipe | None:
    """Return the recipe that a run to be resumed was begun with: another length would make another usual one."""
    if not chosen.resume:
        return None
    try:
        asked = json.loads((Path(chosen.out) / "job" / "job.json").read_text(encoding="utf-8"))
        return Recipe.from_json(asked["recipe"])
    except (OSError, ValueError, RecursionError, TypeError, KeyError, PoetBotError):
        return None  # nothing was begun, or nothing can be read: the worker says what is to be said
