"""How fast this machine trains: a few steps of a recipe on random characters, in a separate process.

`python -m poetbot.training.throughput --symbols N --minutes M [--from POETDIR | --recipe NAME]` chooses the recipe as `train`
does and prints `{"characters_per_second": …}`. The app runs this, because it doesn't import TensorFlow itself.
"""

import argparse
import contextlib
import json
import os
import sys
import time

import numpy as np

from poetbot.cores import available_cores
from poetbot.errors import PoetBotError
from poetbot.poem import Poem
from poetbot.poets.folder import load
from poetbot.poets.recipe import Recipe
from poetbot.poets.recipes import recipe_named
from poetbot.poets.training_run import TrainingRun
from poetbot.training import quietly
from poetbot.training.default_recipe import default_recipe
from poetbot.training.fine_tuning import fine_tuning_recipe
from poetbot.training.plan import Plan
from poetbot.training.split import Split
from poetbot.training.stopping import stop_when_input_ends

_BUILDING = 2  # first steps, in which the graph is built
_STEPS = 40
_TYPICAL_CHARACTERS = 50_000  # of a user's own poems
_FIRST_CHARACTER = 0x4E00  # the first of 20,000 consecutive characters in Unicode


def characters_per_second(recipe: Recipe, symbols: int, seconds: float = 2.0) -> float:
    """Return the training speed in characters per second, measured for some `seconds`.

    Raises PoetBotError for recipes for words, whose speed depends on the words.
    """
    if recipe.framing != "many-to-many":
        raise PoetBotError(
            "The speed of a recipe for words depends on the words, so it is known only during training."
        )
    with quietly():
        from poetbot.training.machine import use_threads
        from poetbot.training.stream_dataset import StreamDataset
    use_threads(available_cores())
    rng = np.random.default_rng(0)
    size = (_STEPS + 2) * recipe.batch * recipe.window
    text = "".join(
        map(chr, rng.integers(_FIRST_CHARACTER, _FIRST_CHARACTER + max(1, symbols - 2), size).tolist())
    )
    dataset = StreamDataset(Plan(TrainingRun("", epochs=1), Split((Poem(text),), (), {}, ""), recipe))
    read, taken = 0, 0.0
    for number, batch in enumerate(dataset.epoch_batches(0).batches(0)):
        began = time.monotonic()
        dataset.model.train_on_batch(batch.inputs, batch.targets, sample_weight=batch.weights)
        if number >= _BUILDING:
            read, taken = read + batch.size, taken + time.monotonic() - began
        if taken >= seconds:
            break
    return read / taken


def main(arguments: list[str]) -> int:
    """Measure at low priority, and print the speed."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(10)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--symbols", type=int, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--from", dest="parent")
    parser.add_argument("--recipe")
    parser.add_argument("--while-open", action="store_true", help="exit when standard input closes")
    chosen = parser.parse_args(arguments)
    if chosen.while_open:
        stop_when_input_ends()
    try:
        if chosen.parent:
            recipe = fine_tuning_recipe(load(chosen.parent).recipe, 1)
        elif chosen.recipe:
            recipe = recipe_named(chosen.recipe)
        else:
            recipe = default_recipe(_TYPICAL_CHARACTERS, minutes=chosen.minutes)
        found = characters_per_second(recipe, chosen.symbols)
    except PoetBotError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps({"characters_per_second": round(found, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
