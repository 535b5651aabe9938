"""Measure how well a text is predicted after a few minutes of training with the defaults: `TEXT --minutes 2.5`.

Trains on the first 90 % of TEXT and predicts the last 10 % in one pass with the state carried over, in nats per character.
Only training is timed, not imports and evaluation. Progress goes to stderr, one JSON line to stdout. `--set KEY=VALUE`
changes the recipe.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from poetbot.cores import available_cores
from poetbot.poem import Poem
from poetbot.poets.network import Network
from poetbot.poets.scoring import score
from poetbot.poets.training_run import TrainingRun
from poetbot.training import quietly

_PARTS = 60  # of the held-out text, for each epoch's figure; this is faster than one pass


def main() -> None:
    """Train on the given text and print the result."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("text", type=Path)
    parser.add_argument("--minutes", type=float, default=2.5)
    parser.add_argument("--epochs", type=float, help="with --job: another length for a run that is resumed")
    parser.add_argument("--rng", type=int, default=0)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--job", type=Path, help="a folder for checkpoints, so that the run can be resumed")
    chosen = parser.parse_args()
    text = chosen.text.read_text(encoding="utf-8").replace("\r\n", "\n")
    cut = len(text) * 9 // 10
    training, held_out = text[:cut], text[cut:]
    with quietly():
        from poetbot.training.default_recipe import default_recipe
        from poetbot.training.loop import run
        from poetbot.training.machine import use_threads
        from poetbot.training.plan import Plan
        from poetbot.training.split import Split
    recipe = default_recipe(len(training), minutes=chosen.minutes).changed(chosen.set)
    size = -(-len(held_out) // _PARTS)
    parts = tuple(Poem(held_out[at : at + size]) for at in range(0, len(held_out), size))
    split = Split((Poem(training),), parts, {}, "the last tenth")
    minutes = None if chosen.epochs else chosen.minutes
    wanted = TrainingRun("", minutes=minutes, epochs=chosen.epochs, rng=chosen.rng)
    plan = Plan(wanted, split, recipe, threads=use_threads(available_cores()))

    def report(event: dict[str, Any]) -> None:
        if "epoch" in event:
            shown = {k: v for k, v in event["epoch"].items() if k != "sample"}
            print(json.dumps(shown), file=sys.stderr, flush=True)
        elif "notice" in event:
            print(event["notice"], file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        job = chosen.job or Path(folder)
        job.mkdir(parents=True, exist_ok=True)
        result = run(plan, job, resume=chosen.job is not None, report=report, keep=lambda _: None)
    found = score(Network(recipe, result.tensors), result.vocabulary, [held_out])
    progress = result.progress
    print(
        json.dumps(
            {
                "text": chosen.text.name,
                "nats_per_character": round(found.nats_per_character, 4),
                "minutes": round(progress.seconds / 60, 2),
                "epochs": round(progress.epochs or 0, 2),
                "replanned": progress.replanned,
                "steps": progress.step,
                "characters_per_second": round(progress.read / progress.seconds),
                "recipe": recipe.as_json(),
            }
        )
    )


if __name__ == "__main__":
    main()
