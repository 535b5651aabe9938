"""Line ends of every kind."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus.loading import parse_file
from poetbot.documents.line_endings import with_line_feeds, with_newlines

ENDS = ["\n", "\r", "\r\n", "\r\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"]
STANZAS = [
    ["The lamp is lit, the door is shut,", "The kettle starts to sing,"],
    ["And every cup inside the hut", "Is waiting for the king."],
]
POEM = "\n\n".join("\n".join(stanza) for stanza in STANZAS)


@pytest.mark.parametrize("end", ENDS)
def test_each_is_a_line_end(end: str) -> None:
    assert with_line_feeds(f"one{end}two") == "one\ntwo"


@pytest.mark.parametrize("end", ENDS)
def test_two_are_a_stanza_break(end: str) -> None:
    assert with_line_feeds(f"one{end}{end}two") == "one\n\ntwo"


def test_different_ones_in_a_row_each_count() -> None:
    assert with_line_feeds("one\x85\u2028two\v\r\nthree") == "one\n\ntwo\n\nthree"


@pytest.mark.parametrize("page", ["end\n\fnext", "end\f\nnext", "end\r\n\fnext"])
def test_a_page_break_beside_a_line_end_adds_no_line(page: str) -> None:
    assert with_line_feeds(page) == "end\nnext"


def test_rows_of_a_table_end_with_carriage_returns_and_line_feeds_only() -> None:
    assert with_newlines("a\r\r\nb\rc\r\nd\u2028e\vf") == "a\nb\nc\nd\u2028e\vf"


@given(st.text(st.sampled_from("a\n\r\v\f\x85\u2028\u2029")))
def test_nothing_else_changes(text: str) -> None:
    plain = with_line_feeds(text)
    assert plain.replace("\n", "") == "a" * text.count("a")
    assert with_line_feeds(plain) == plain


@pytest.mark.parametrize("end", ["\r", "\r\r\n", "\f", "\f\n"])
def test_long_runs_take_linear_time(end: str) -> None:
    start = time.process_time()
    with_line_feeds(end * 1_000_000)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("name", ["x.txt", "x.md"])
def test_a_text_with_any_of_them_is_the_same_poem(end: str, name: str) -> None:
    data = POEM.replace("\n", end).encode()
    assert [poem.text for poem in parse_file(data, name).poems] == [POEM]


@pytest.mark.parametrize("end", ENDS)
def test_a_text_in_a_table_may_have_any_of_them(end: str) -> None:
    cell = POEM.replace("\n", end)
    data = f'title,text\r\nStove,"{cell}"\r\nTwo,"four\u2028five"\r\n'
    assert [poem.text for poem in parse_file(data.encode(), "x.csv").poems] == [POEM, "four\nfive"]
    lines = '{"text": "four\u2028five"}\n{"text": "six\x85\x85seven"}\n'
    assert [poem.text for poem in parse_file(lines.encode(), "x.jsonl").poems] == [
        "four\nfive",
        "six\n\nseven",
    ]
