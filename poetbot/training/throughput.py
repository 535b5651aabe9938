"""How fast this machine trains: a few steps of a recipe on letters drawn by chance, in a process of their own.

`python -m poetbot.training.throughput --symbols N --minutes M [--from POETDIR | --recipe NAME]` chooses the recipe as `train`
does and prints `{"characters_per_second": …}`. The app runs it, which does not load TensorFlow itself.
"""

import argparse
import contextlib
import json
import os
import sys
import time

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.poem import Poem
from poetbot.poets.folder import load
from poetbot.poets.recipe import Recipe
from poetbot.poets.recipes import recipe_named
from poetbot.training import quietly
from poetbot.training.default_recipe import usual_recipe
from poetbot.training.fine_tuning import tuned
from poetbot.training.plan import Plan
from poetbot.training.split import Split
from poetbot.training.stopping import stop_when_input_ends

_BUILDING = 2  # first steps, in which the graph is built
_STEPS = 40
_USUAL_CHARACTERS = 50_000  # of a person's poems
_FIRST_SIGN = 0x4E00  # from here Unicode has 20,000 signs in a row


def rate(recipe: Recipe, symbols: int, seconds: float = 2.0) -> float:
    """Return how many characters a second are trained, measured for some seconds.

    Raises PoetBotError for recipes of words, whose speed depends on the words.
    """
    if recipe.framing != "many-to-many":
        raise PoetBotError(
            "The speed of a recipe of words depends on the words: it is known once one trains."
        )
    with quietly():
        from poetbot.training.machine import available_cores, use_threads
        from poetbot.training.stream_dataset import StreamCourse
    use_threads(available_cores())
    rng = np.random.default_rng(0)
    size = (_STEPS + 2) * recipe.batch * recipe.window
    text = "".join(map(chr, rng.integers(_FIRST_SIGN, _FIRST_SIGN + max(1, symbols - 2), size).tolist()))
    course = StreamCourse(Plan(Split((Poem(text),), (), {}, ""), recipe, 0, 1.0, None))
    read, taken = 0, 0.0
    for number, batch in enumerate(course.lesson(0).batches(0)):
        began = time.monotonic()
        course.model.train_on_batch(batch.inputs, batch.targets, sample_weight=batch.weights)
        if number >= _BUILDING:
            read, taken = read + batch.size, taken + time.monotonic() - began
        if taken >= seconds:
            break
    return read / taken


def main(arguments: list[str]) -> int:
    """Measure, giving way to others, and print what was found."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(10)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--symbols", type=int, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--from", dest="parent")
    parser.add_argument("--recipe")
    parser.add_argument("--while-open", action="store_true", help="end when the standard input does")
    asked = parser.parse_args(arguments)
    if asked.while_open:
        stop_when_input_ends()
    try:
        if asked.parent:
            recipe = tuned(load(asked.parent).recipe, 1)
        elif asked.recipe:
            recipe = recipe_named(asked.recipe)
        else:
            recipe = usual_recipe(_USUAL_CHARACTERS, minutes=asked.minutes)
        found = rate(recipe, asked.symbols)
    except PoetBotError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps({"characters_per_second": round(found, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
