"""`study curves POET…` and `study growth POET`: how poets learned."""

import argparse
import json

from poetbot.cli.options import add_json, add_picture_options, add_poet
from poetbot.cli.study_output import keep, suffix_of
from poetbot.cli.table import columns, printable
from poetbot.errors import PoetBotError
from poetbot.poets.folder import kept_epochs, load
from poetbot.study.growth import TEMPERATURES, Stage, through_epochs, through_temperatures
from poetbot.study.history import FIGURES, as_csv, read_history
from poetbot.study.layer_comparison import read_layer_comparison
from poetbot.writing import Request


def add(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands to the parser."""
    parser = kinds.add_parser(
        "curves",
        help="loss, accuracy and learning rate of several poets",
        description="Show the learning curves of one or more poets.",
        epilog="Example: %(prog)s english runs/mine --by minutes --out curves.svg",
    )
    parser.add_argument("poets", metavar="POET", nargs="*", help="names or folders of poets")
    parser.add_argument(
        "--layers",
        action="store_true",
        help="add networks of one, two and three layers, if `python -m benchmarks.layers` has compared them",
    )
    parser.add_argument("--by", choices=("epoch", "minutes"), default="epoch", help="the horizontal axis")
    parser.add_argument(
        "--figure",
        action="append",
        choices=FIGURES,
        help="one or two of these (default: the two losses)",
    )
    add_picture_options(parser, "a .png, .svg or .csv")
    add_json(parser, "every epoch")
    parser.set_defaults(run=show_curves)

    parser = kinds.add_parser(
        "growth",
        help="how its writing changed from epoch to epoch",
        description="Write from the same opening with the weights of each stored epoch, and at several temperatures.",
        epilog='Example: %(prog)s english --seed "The sea" --lines 4 --rng 7',
    )
    add_poet(parser)
    parser.add_argument("--seed", default="", metavar="TEXT", help="the opening")
    parser.add_argument("--rng", type=int, default=0, metavar="N", help="random seed")
    parser.add_argument("--lines", type=int, default=4, metavar="N", help="lines per poem (default: 4)")
    parser.add_argument(
        "--temperature", type=float, default=0.7, help="for the poems from each epoch (default: 0.7)"
    )
    parser.add_argument(
        "--epochs", type=int, nargs="+", metavar="E", help="which epochs (default: all that are stored)"
    )
    parser.add_argument(
        "--temperatures",
        type=float,
        nargs="+",
        metavar="T",
        help=f"which temperatures (default: {', '.join(f'{t:g}' for t in TEMPERATURES)})",
    )
    add_json(parser, "poems and receipts")
    parser.set_defaults(run=show_growth)


def show_curves(chosen: argparse.Namespace) -> int:
    """Print the epochs, and save a picture or a table."""
    form = suffix_of(chosen.out, ("png", "svg", "csv"))
    poets = [load(name) for name in chosen.poets]
    histories = [read_history(poet.folder, poet.name) for poet in poets]
    if chosen.layers:
        compared = read_layer_comparison()
        if compared is None:
            raise PoetBotError("Layers haven't been compared here. Run `python -m benchmarks.layers` first.")
        histories += [network.history for network in compared.networks]
    if not histories:
        raise PoetBotError("Name at least one poet, or add --layers.")
    if form == "csv":
        keep(chosen.out, as_csv(histories))
    elif form:
        from poetbot.study.curves import LOSSES, curves, picture_of

        drawn = curves(histories, by=chosen.by, figures=chosen.figure or LOSSES)
        keep(chosen.out, picture_of(drawn, form, dark=chosen.dark))
    if chosen.json:
        poets_and_epochs = [
            {"poet": history.name, "epochs": [vars(epoch) for epoch in history.epochs]}
            for history in histories
        ]
        print(json.dumps({"poets": poets_and_epochs}, ensure_ascii=False))
        return 0
    rows: list[tuple[str, ...]] = [("epoch", "minutes", "training", "held out", "rate", "poet")]
    for history in histories:
        for e in history.epochs:
            figures = (e.minutes, e.training_nats, e.validation_nats, e.learning_rate)
            rows.append(
                (
                    str(e.epoch),
                    *("-" if n is None else f"{n:.4g}" for n in figures),
                    printable(history.name, 40),
                )
            )
    print("\n".join(columns(rows, left=5)))
    return 0


def show_growth(chosen: argparse.Namespace) -> int:
    """Write the poems and print them."""
    poet = load(chosen.poet)
    request = Request(chosen.seed, chosen.temperature, lines=chosen.lines, rng=chosen.rng)
    missing = ""
    epochs: list[Stage] = []
    if kept_epochs(poet.folder) or chosen.epochs:
        epochs = through_epochs(poet, request, chosen.epochs)
    else:
        missing = f"{poet.name} kept no weights from earlier epochs. Here is what temperature does."
    heats = through_temperatures(poet, request, chosen.temperatures or TEMPERATURES)
    if chosen.json:
        kinds = {"epochs": epochs, "temperatures": heats}
        found = {
            name: [{"epoch": s.epoch, **s.poem.as_json()} for s in stages] for name, stages in kinds.items()
        }
        print(json.dumps({"poet": poet.name, **found}, ensure_ascii=False))
        return 0
    if missing:
        print(missing)
    for stage in epochs:
        print(f"\n-- {'now' if stage.epoch is None else f'after epoch {stage.epoch}'}\n{stage.poem.text}")
    for stage in heats:
        print(f"\n-- temperature {stage.temperature:g}\n{stage.poem.text}")
    return 0
