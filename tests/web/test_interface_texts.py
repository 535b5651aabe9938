"""The texts of the interface: in every language, and nowhere but in the catalogues; and its shortcuts."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from poetbot import web
from poetbot.locale import SOURCE, keys
from poetbot.locale.update import catalogue
from poetbot.web.app import build_blocks

WEB = Path(web.__file__).parent


def test_chinese_has_the_punctuation_of_chinese() -> None:
    half = re.compile(r"[一-鿿][,;:!?()]|[,;!?()][一-鿿]|[一-鿿]\.(?!\w)|\.\.\.|\"|'")
    for entry in catalogue("zh"):
        texts = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        assert [text for text in texts if entry.id and half.search(text)] == []


def test_no_text_of_the_interface_is_a_literal() -> None:
    """Sentences in code are docstrings, errors of endpoints and logs; components take theirs from `language.gettext`."""
    shown = {"label", "placeholder", "info", "value"}
    for file in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg in shown and isinstance(node.value, ast.Constant):
                assert not isinstance(node.value.value, str), f"{file.name}:{node.value.lineno}"


def test_the_page_has_no_english_in_another_language(tmp_path: Path) -> None:
    """Whatever Gradio is told to show on a page: labels, hints, choices, and our own HTML."""
    app = build_blocks(tmp_path / "no poets")
    config = app.config
    for key in keys():
        if key == SOURCE:
            continue
        own = set(config["page"][key]["components"])
        found = [s for c in config["components"] if c["id"] in own for s in texts(c["props"])]
        assert len(found) > 100
        english = [text for text in found if re.search(r"[A-Za-z]{3,}[ ,]+[a-z]{2,}", text)]
        assert english == []


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


def test_every_shortcut_leaves_input_methods_alone() -> None:
    """Safari says of the Enter that ends a composition that it is no part of it, and gives it the code 229."""
    for file in WEB.rglob("*.js"):
        code = file.read_text("utf-8")
        handlers = re.findall(r'addEventListener\(\s*"key(?:down|up|press)".*?\n.*\n', code)
        assert len(handlers) == len(re.findall(r'"key(?:down|up|press)"', code)), file.name
        bad = [each for each in handlers if "isComposing" not in each or "229" not in each]
        assert bad == [], file.name
