"""What the core says, told in the language of the page: the tables hold its very sentences, and all that matter."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import poetbot
from poetbot.messages import Message
from poetbot.web.chinese.tongue import IN_CHINESE
from poetbot.web.locale import Sentences

PACKAGE = Path(poetbot.__file__).parent
TONGUES = [IN_CHINESE]

# Whose errors a person meets on the page. Commands, training's own and recipes are the command line's alone.
ON_THE_PAGE = ("web/serving/http_errors.py",)
# Said only to those who call the functions themselves: the page cannot ask for it.
TO_PROGRAMS = re.compile(
    r"must be true or false|no JSON of|no receipt of|receipt's draft|receipt must be|pairs of places|damaged$|must be \{\} to \{\}"
    r"|largest share of a cloud|needs at least 1 word|choose one of the two|Curves show one or two"
)


def sentences_of(file: Path) -> Iterator[tuple[str, bool]]:
    """Every text in a file, with `{}` for what is filled in, and whether it is the sentence of an error."""
    tree = ast.parse(file.read_text("utf-8"))
    named = {  # sentences that have a name
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    errors = {
        id(named.get(node.args[0].id) if isinstance(node.args[0], ast.Name) else node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("PoetBotError", "Failure", "Changed", "Refusal")
        and node.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, id(node) in errors
        elif isinstance(node, ast.JoinedStr):
            parts = (v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
            yield "".join(str(part) for part in parts), id(node) in errors


def in_the_code() -> set[str]:
    return {
        text
        for file in PACKAGE.rglob("*.py")
        if "chinese" not in file.parts
        for text, _ in sentences_of(file)
    }


@pytest.mark.parametrize("tongue", TONGUES, ids=lambda each: each.code)
def test_every_entry_is_a_sentence_of_the_code(tongue) -> None:
    """A sentence that was changed must be changed in the table too."""
    code = in_the_code()
    gone = [key for key in tongue.said.table if key not in code and key.removesuffix(".") not in code]
    assert gone == []


@pytest.mark.parametrize("tongue", TONGUES, ids=lambda each: each.code)
def test_what_is_filled_in_is_told(tongue) -> None:
    for key, value in tongue.said.table.items():
        holes = key.count("{}")
        used = {int(n) for n in re.findall(r"\{(\d)\}", value)}
        assert used <= set(range(holes)), key
        assert "{}" not in value
        assert holes == 0 or len(re.sub(r"\{\}|\W", "", key)) >= 7, f"{key} would take in whatever comes"


@pytest.mark.parametrize("tongue", TONGUES, ids=lambda each: each.code)
def test_every_error_that_the_page_may_show_is_in_the_table(tongue) -> None:
    missing = []
    for place in ON_THE_PAGE:
        path = PACKAGE / place
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            for text, is_error in sentences_of(file):
                if is_error and text not in tongue.said.table and not TO_PROGRAMS.search(text):
                    missing.append(f"{file.relative_to(PACKAGE)}: {text}")
    assert missing == []


def test_a_sentence_is_told_with_what_was_filled_in() -> None:
    said = Sentences(
        {
            "{} has {} MB and {} MB is the most: split it.": "{0} {1}/{2}",
            "What was given": "X",
            "an {} b": "{0}!",
        }
    )
    assert said("What was given has 7 MB and 5 MB is the most: split it.") == "X 7/5"
    assert said("a\nb has 7 MB and 5 MB is the most: split it.") == "a\nb 7/5"
    assert said(ValueError("What was given")) == "X"
    assert said("Something else.") == "Something else."


def test_a_list_of_counted_things_is_told_thing_by_thing() -> None:
    table = {"{} holds only {}: bring more.": "{0}!{1}", "gulls": "G", "lamp": "L"}
    said = Sentences(table, listed="/")
    assert said("The box holds only 1,200 gulls, 1 lamp: bring more.") == "The box!1,200 G/1 L"
    for other in ("two gulls", "2 gulls, 1 kettle", "2 gulls and 1 lamp", "2 ", ", "):
        assert said(f"The box holds only {other}: bring more.") == f"The box!{other}"


@given(st.text(max_size=60))
def test_whatever_is_said_is_told_somehow(text: str) -> None:
    for tongue in TONGUES:
        assert tongue.said(Message("{name} is empty. Choose a file that contains text.", name=text)).endswith(
            "是空的。请选择有文字的文件。"
        )
        assert isinstance(tongue.said(text), str)
