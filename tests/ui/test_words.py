"""All words of the interface stand in one file, and each is used."""

import ast
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from poetbot.ui import page, words
from poetbot.ui.words import ENGLISH, Words

UI = Path(words.__file__).parent


def test_every_word_is_used() -> None:
    code = "".join(file.read_text("utf-8") for file in UI.glob("*.py") if file.name != "words.py")
    unused = [f.name for f in fields(Words) if not re.search(rf"words\.{f.name}\b|\{{{f.name}\}}", code)]
    assert unused == []


def test_the_page_holds_every_word_that_its_script_says() -> None:
    code = "".join(file.read_text("utf-8") for file in UI.glob("desk*.js"))
    said = {
        re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)
        for name in re.findall(r"words\.(\w+)", code)
    }
    assert len(said) > 20
    assert {name for name in said if f'data-{name}="' not in page.template(ENGLISH)} == set()


def test_no_words_of_the_interface_stand_elsewhere() -> None:
    """Sentences in code are docstrings, errors of endpoints and logs; components take theirs from `words`."""
    shown = {"label", "placeholder", "info", "value"}
    for file in UI.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg in shown and isinstance(node.value, ast.Constant):
                assert not isinstance(node.value.value, str), f"{file.name}:{node.value.lineno}"


def test_a_missing_word_is_noticed() -> None:
    with pytest.raises(ValueError, match="again"):
        replace(ENGLISH, again="")
