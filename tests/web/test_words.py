"""Every word of the interface stands in a file of words, in every language, and each is used."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from poetbot.verse.metre import FEET
from poetbot.web import words
from poetbot.web.app import EDITIONS, build_blocks
from poetbot.web.locale import Tongue
from poetbot.web.tabs.write.openings import EXAMPLES
from poetbot.web.words import ENGLISH

UI = Path(words.__file__).parent
OTHERS = [edition for edition in EDITIONS if edition is not ENGLISH]

# The same in every language. Everything else that reads like English in another edition was forgotten.
ALIKE = set(
    """name""".split()  # noqa: SIM905
)


def said(edition: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every word of an edition with its place: "overlap.check"."""
    for field in fields(edition):
        value = getattr(edition, field.name)
        if isinstance(value, str):
            yield f"{path}{field.name}", value
        elif is_dataclass(value) and not isinstance(value, Tongue):
            yield from said(value, f"{path}{field.name}.")


def tongues(edition: Any) -> Iterator[Tongue]:
    for field in fields(edition):
        value = getattr(edition, field.name)
        if isinstance(value, Tongue):
            yield value
        elif is_dataclass(value):
            yield from tongues(value)


def test_every_word_is_used() -> None:
    """By its name, in a template or a list, or by a page's script, which finds it in a `dataset`."""
    names = {place.split(".")[-1] for place, _ in said(ENGLISH)}
    code = "".join(file.read_text("utf-8") for file in UI.rglob("*.py") if not file.stem.endswith("words"))
    scripts = "".join(file.read_text("utf-8") for file in UI.rglob("*.js"))
    built = {*FEET}

    beginnings = tuple(
        re.findall(r"getattr\(\w*words, f[\"'](\w+_)\{", code)
    )  # "part_", of which there are several

    def used(name: str) -> bool:
        camel = re.sub(r"_(\w)", lambda found: found[1].upper(), name)
        return bool(
            name.startswith(beginnings)
            or re.search(rf"\.{name}\b|[\"'{{](?:\w+_)?{name}[\"'}}]", code)
            or re.search(rf"\b(?:words|dataset)\.{camel}\b", scripts)
        )

    assert [name for name in names - built if not used(name)] == []


@pytest.mark.parametrize("edition", OTHERS, ids=lambda each: each.tongue.code)
def test_no_word_is_missing(edition: Any) -> None:
    english, other = dict(said(ENGLISH)), dict(said(edition))
    assert [place for place in english if english[place] == other[place] and place not in ALIKE] == []
    assert {each.code for each in tongues(edition)} == {edition.tongue.code}


@pytest.mark.parametrize("edition", OTHERS, ids=lambda each: each.tongue.code)
def test_the_same_things_are_filled_in(edition: Any) -> None:
    def filled(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    other = dict(said(edition))
    assert [place for place, text in said(ENGLISH) if filled(text) != filled(other[place])] == []


def test_chinese_has_the_punctuation_of_chinese() -> None:
    (chinese,) = (each for each in OTHERS if each.tongue.key == "zh")
    half = re.compile(r"[一-鿿][,;:!?()]|[,;!?()][一-鿿]|[一-鿿]\.(?!\w)|\.\.\.|\"|'")
    assert [f"{place}: {text}" for place, text in said(chinese) if half.search(text)] == []


def test_no_words_of_the_interface_stand_elsewhere() -> None:
    """Sentences in code are docstrings, errors of endpoints and logs; components take theirs from `words`."""
    shown = {"label", "placeholder", "info", "value"}
    for file in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg in shown and isinstance(node.value, ast.Constant):
                assert not isinstance(node.value.value, str), f"{file.name}:{node.value.lineno}"


def test_the_page_has_no_english_in_another_language(tmp_path: Path) -> None:
    """Whatever Gradio is told to show on a page: labels, hints, choices, and our own HTML."""
    app = build_blocks(tmp_path / "no poets")
    config = app.config
    for edition in OTHERS:
        own = set(config["page"][edition.tongue.key]["components"])
        found = [s for c in config["components"] if c["id"] in own for s in texts(c["props"])]
        assert len(found) > 100
        english = [text for text in found if re.search(r"[A-Za-z]{3,}[ ,]+[a-z]{2,}", text)]
        assert [text for text in english if text.strip() not in EXAMPLES] == []


SHOWN = {"label", "info", "placeholder", "choices", "value", "html_template", "title", "alt"}
KEPT = re.compile(  # what is no word of the interface: marks of HTML, what is typed or quoted, names
    r"<[a-z/][^>]*>|`[^`]*`|\b(?:PoetBot|Markdown|Word|WordPress|English|Top-p|JSON|(?:english|chinese)-poems|(?:Ctrl|Alt) \+ Enter)\b"
)


def texts(props: dict[str, Any]) -> Iterator[str]:
    for name in SHOWN & props.keys():
        stack = [props[name]]
        while stack:
            value = stack.pop()
            if isinstance(value, list | tuple):
                stack += value
            elif isinstance(value, str):
                attributes = re.findall(r'(?:aria-label|title|alt|data-[a-z-]+)="([^"]*)"', value)
                yield from (KEPT.sub(" ", each) for each in (value, *attributes))


def test_a_missing_word_is_noticed() -> None:
    with pytest.raises(ValueError, match="poet"):
        replace(ENGLISH, poet="")


def test_every_shortcut_leaves_input_methods_alone() -> None:
    """Safari says of the Enter that ends a composition that it is no part of it, and gives it the code 229."""
    for file in UI.rglob("*.js"):
        code = file.read_text("utf-8")
        handlers = re.findall(r'addEventListener\(\s*"key(?:down|up|press)".*?\n.*\n', code)
        assert len(handlers) == len(re.findall(r'"key(?:down|up|press)"', code)), file.name
        bad = [each for each in handlers if "isComposing" not in each or "229" not in each]
        assert bad == [], file.name
