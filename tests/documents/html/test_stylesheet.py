"""As much of CSS as the lines of a poem need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.documents.html.stylesheet import Stylesheet, declarations, length_in_ems


def says(css: str, tag: str = "p", classes: str = "", outer: str = "") -> dict[str, str]:
    sheet = Stylesheet()
    sheet.add(css)
    return sheet.says(
        tag, classes.split(), lambda each: {each.tag, *each.classes} - {""} <= set(outer.split())
    )


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("margin: 1em", {"margin-top": "1em", "margin-bottom": "1em", "margin-left": "1em"}),
        ("margin: 1em 2px", {"margin-top": "1em", "margin-bottom": "1em", "margin-left": "2px"}),
        ("margin: 1em 2px 3px", {"margin-top": "1em", "margin-bottom": "3px", "margin-left": "2px"}),
        ("margin: 1em 2px 3px 4px", {"margin-top": "1em", "margin-bottom": "3px", "margin-left": "4px"}),
        ("MARGIN-TOP : 0 !important; color: red", {"margin-top": "0"}),
        ("margin: 0; margin-top: 2em", {"margin-top": "2em", "margin-bottom": "0", "margin-left": "0"}),
        ("padding: 1em", {"padding-left": "1em"}),
        ("margin", {}),
        ("margin:;:;", {}),
    ],
)
def test_declarations(body: str, found: dict[str, str]) -> None:
    assert declarations(body) == found


@pytest.mark.parametrize(
    ("selector", "holds"),
    [
        ("p", True),
        ("P", True),
        (".line", True),
        ("p.line", True),
        (".line.verse", True),
        ("h1, p", True),
        ("div p", True),
        ("div.poem > p.line", True),
        ("body * p", True),
        ("div", False),
        (".other", False),
        (".line.other", False),
        ("ul p", False),
        ("p:first-child", False),
        ("p + p", False),
        ("p[lang]", False),
        ("#one p", False),
        ("*", False),
        ("", False),
    ],
)
def test_selectors(selector: str, holds: bool) -> None:
    found = says(f"{selector} {{margin-top:0}}", classes="line verse", outer="body div poem")
    assert found == ({"margin-top": "0"} if holds else {})


def test_the_more_specific_rule_wins_then_the_later_one() -> None:
    assert says("p.a {text-indent:1em} p {text-indent:2em}", classes="a") == {"text-indent": "1em"}
    assert says("p {text-indent:1em} p {text-indent:2em}") == {"text-indent": "2em"}
    assert says("div p {text-indent:1em} p {text-indent:2em}", outer="div") == {"text-indent": "1em"}


def test_comments_and_blocks_for_certain_media() -> None:
    assert says("/* p {margin-top:1em} */ p {margin-top:/* x */0} /* p {") == {"margin-top": "0"}
    assert says("@import 'x.css'; @charset 'utf-8'; p {margin-top:0}") == {"margin-top": "0"}
    assert says("@font-face {font-family:x} p {margin-top:0}") == {"margin-top": "0"}
    assert says("@media print {p {margin-top:1em}} @media not all {p {margin-top:1em}}") == {}
    assert says("@media screen and (min-width: 9em) {p {margin-top:0}} p {margin-left:0}") == {
        "margin-top": "0",
        "margin-left": "0",
    }


def test_lengths() -> None:
    lengths = {"1em": 1.0, "-.5em": -0.5, "16px": 1.0, "12pt": 1.0, "0": 0.0, "10%": 3.0}
    assert {value: length_in_ems({"a": value}, "a") for value in lengths} == pytest.approx(lengths)
    assert [
        length_in_ems({"a": value}, "a") for value in ("auto", "", "em", "1.1.1em", "1e9em", "9" * 99)
    ] == [None] * 6


@given(st.text("p.a{}:;/*@media ,>", max_size=60), st.text("p.a{}:;/* 0em", max_size=60))
def test_any_string_is_accepted(css: str, body: str) -> None:
    sheet = Stylesheet()
    sheet.add(css)
    sheet.says("p", ["a"], lambda _: True)
    assert all(isinstance(value, str) for value in declarations(body).values())
