"""docs/api.md: its examples run, and its reference is what the docstrings say."""

import inspect
import re
import shutil
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

import poetbot
from poetbot.api.poet import WritingOptions
from poetbot.api.training import TrainingOptions

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
POEMS = (
    "The lamp is low,\nthe road is long,\nthe rain goes home.\n%\nA bird is on the wire,\nit waits for you.\n"
)


def reference() -> list[str]:
    """Return the rows of the tables: each function and method with the first sentence of its docstring."""
    functions = {f"poetbot.{name}": getattr(poetbot, name) for name in poetbot.__all__ if name[0].islower()}
    methods = {
        f"{owner.__name__.lower()}.{name}": each
        for owner in (poetbot.Poet, poetbot.Poem)
        for name, each in vars(owner).items()
        if not name.startswith("_") and (callable(each) or isinstance(each, property | cached_property))
    }
    rows = []
    for name, each in {**functions, **methods}.items():
        call = "" if isinstance(each, property | cached_property) else "()"
        said = " ".join((inspect.getdoc(each) or "").split("\n\n")[0].split())
        said = re.split(r"(?<=[\w`)\"])\. (?=[A-Z])", said)[0].rstrip(".").removeprefix("Return ")
        rows.append(f"| `{name}{call}` | {said[0].lower() + said[1:]} |")
    return rows


def test_the_reference_says_what_the_docstrings_say() -> None:
    page = PAGE.read_text("utf-8")
    assert [row for row in reference() if row not in page] == []
    options = (*WritingOptions.__annotations__, *TrainingOptions.__annotations__)
    assert [name for name in options if f"`{name}`" not in page] == []


def test_the_examples_run(tmp_path: Path, tiny_poet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[Any] = []

    def train(options: Any) -> None:
        trained.append(options)
        shutil.copytree(tiny_poet, options.out)

    monkeypatch.setattr("poetbot.training.worker.train", train)
    monkeypatch.chdir(tmp_path)
    Path("book.txt").write_text((POEMS * 9).replace("%\n", "\n"))
    names: dict[str, Any] = {}
    for block in re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        exec(block, names)
    assert trained[0].run.minutes == 3 and trained[0].parent.name == "english"
