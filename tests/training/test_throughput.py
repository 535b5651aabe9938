"""The speed of a recipe, measured by a process of its own as the app starts it."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest

from poetbot.poets.recipe import Recipe
from poetbot.poets.recipes import RECIPES
from poetbot.training.memory import resident_bytes
from poetbot.training.throughput import characters_per_second

pytestmark = pytest.mark.timeout(300)  # TensorFlow is loaded; a busy machine is no failure

ROOT = Path(__file__).resolve().parents[2]


def measured(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "poetbot.training.throughput", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)


@pytest.mark.slow  # the same in this process is measured below
def test_a_rate_is_printed(tiny_poet: Path) -> None:
    done = measured("--symbols=90", "--minutes=1", f"--from={tiny_poet}")
    assert done.returncode == 0, done.stderr
    assert 10 < json.loads(done.stdout)["characters_per_second"] < 10_000_000


def test_invalid_arguments_are_errors() -> None:
    for arguments in (["--recipe=story"], ["--from=nobody"]):
        done = measured("--symbols=90", "--minutes=1", *arguments)
        assert done.returncode == 2 and "Traceback" not in done.stderr and done.stdout == ""


@pytest.mark.parametrize("recipe", [RECIPES["nietzsche"], RECIPES["char-rnn"]])
def test_recipes_of_characters_are_measured(recipe: Recipe) -> None:
    small = dataclasses.replace(
        recipe, layers=1, units=8, batch=4, embedding=min(recipe.embedding, 4), fold_case=False
    )
    assert characters_per_second(small, 3000, seconds=0.01) > 10


def test_the_measured_recipe_stays_in_memory() -> None:
    found = resident_bytes()
    assert found is None or 5_000_000 < found < 1e12
