"""Tables and lists as programs and people really leave them."""

import json
import time

import pytest

from poetbot.corpus.loading import parse_file
from poetbot.documents.reader import read_content
from poetbot.errors import PoetBotError

ONE = {"title": "Stove", "text": "one\ntwo"}


def poems(data: str | object, name: str = "x.json") -> list[tuple[str | None, str | None, str]]:
    text = data if isinstance(data, str) else json.dumps(data)
    return [(poem.title, poem.author, poem.text) for poem in parse_file(text.encode(), name).poems]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;", "\ufeffsep=;"])
def test_a_first_line_may_name_the_separator(first: str) -> None:
    data = f"{first}\r\ntitle;text\r\nStove, song;one, two\r\n"
    assert poems(data, "x.csv") == [("Stove, song", None, "one, two")]
    assert parse_file(data.encode(), "x.csv").poems[0].start_line == 3
    assert read_content(data.encode(), "x.csv").fields == ("title", "text")


def test_a_tab_may_be_named_too() -> None:
    assert poems("sep=\t\ntitle\ttext\nStove\tone;two\n", "x.csv") == [("Stove", None, "one;two")]


@pytest.mark.parametrize("name", ["x.tsv", "x.TAB", "x.csv"])
def test_tabs_separate_columns_whatever_the_name(name: str) -> None:
    data = 'author\tpoem\ttitle\nAda\t"one, two;\nthree"\tStove; song\n'
    assert poems(data, name) == [("Stove; song", "Ada", "one, two;\nthree")]
    assert read_content(data.encode(), name).fields == ("author", "poem", "title")


@pytest.mark.parametrize(
    "end", ["<br>", "<br/>", "<BR />", "<br clear=all>", "<br data-x='1' />", "\\n", "\\r\\n"]
)
def test_line_ends_may_be_typed_in_a_cell(end: str) -> None:
    assert poems(f"title,text\nStove,one{end}two\n", "x.csv") == [("Stove", None, "one\ntwo")]


def test_a_title_may_stand_above_the_table() -> None:
    assert poems("My songs;;\ntitle;author;text\nStove;Ada;one\n", "x.csv") == [("Stove", "Ada", "one")]


@pytest.mark.parametrize("field", ["para", "paragraphs", "verses", "stanzas", "content", "lyrics"])
def test_usual_names_of_texts(field: str) -> None:
    assert poems([{"title": "T", field: ["a", "b"]}]) == [("T", None, "a\nb")]


def test_collections_inside_collections() -> None:
    book = {
        "title": "Book",
        "author": "Whoever gathered it",
        "content": [
            {"type": "short", "content": [{"chapter": "A", "author": "Ada", "paragraphs": ["a", "b"]}]},
            {"type": "long", "content": [{"chapter": "B", "paragraphs": ["c"]}]},
        ],
    }
    assert poems(book) == [("A", "Ada", "a\nb"), ("B", None, "c")]


def test_odd_values() -> None:
    assert poems([{"title": 1984, "author": ["Ada", "Bob"], "text": [["a", "b"], ["c"]]}]) == [
        ("1984", "Ada, Bob", "a\nb\n\nc")
    ]
    assert poems([{"lines": ["a", None, "b"]}]) == [(None, None, "a\nb")]


@pytest.mark.parametrize(
    "bad",
    ['{"title": "x"}', '{"text": 3}', '{"text": Infinity}', '{"text": {"a": 1}}', "7", '{"text": "\\ud800"}'],
)
def test_a_bad_record_is_left_out_with_a_notice(bad: str) -> None:
    found = parse_file(f'[{json.dumps(ONE)}, {bad}, {{"text": "last"}}]'.encode(), "x.json")
    assert [poem.text for poem in found.poems] == ["one\ntwo", "last"]
    (notice,) = map(str, found.notices)
    assert notice.startswith("Left out: Poem 2 of x.json") and "\n" not in notice


def test_an_empty_record_is_left_out() -> None:
    found = parse_file(json.dumps([ONE, {"text": []}, {"text": None}, {"text": [""]}]).encode(), "x.json")
    assert len(found.poems) == 1 and len(found.notices) == 3


@pytest.mark.parametrize(
    "text",
    [
        '[{"text": "a"}, {"text": "b"},]',
        '[{"text": "a",}, {"text": "b"}]',
        '{"text": "a"}\n{"text": "b"}\n',
        '[\n{"text": "a"},\n{"text": "b"}\n]',
        '[\n{"text": "a"}\n{"text": "b"}\n]',
        '[{"text": "a"}\n{"text": "b"}]',
        '[ {"text": "a"},\n{"text": "b"} ]\n{}',
        '{"data": {"poems": [{"text": "a"}, {"text": "b"}]}}',
    ],
)
def test_json_that_is_nearly_json(text: str) -> None:
    assert [poem[2] for poem in poems(text)] == ["a", "b"]


def test_a_comma_before_a_bracket_inside_a_text_stays() -> None:
    assert poems('[{"text": "a,] \\",} b"},]') == [(None, None, 'a,] ",} b')]


@pytest.mark.parametrize("name", ["x.jsonl", "x.ndjson", "X.NDJSON", "x.jsonlines", "x.jl"])
def test_ndjson_is_jsonl(name: str) -> None:
    assert [poem[2] for poem in poems('{"text": "a"}\n{"text": "b"}\n', name)] == ["a", "b"]


@pytest.mark.parametrize("run", ['"', '\\"', ",", " ", ", ", "[", '{"a":[', "<br ", "sep="])
def test_long_runs_are_fast(run: str) -> None:
    start = time.process_time()
    for name in ("x.json", "x.jsonl", "x.csv"):
        for text in (run * 100_000, '[{"text": "' + run * 100_000):
            try:
                parse_file(text.encode(), name)
            except PoetBotError as error:
                assert "\n" not in str(error)
    assert time.process_time() - start < 20


@pytest.mark.parametrize("edge", ["\r\r\n", "\r\n \t\r\n", "<br>", "\n\n\n"])
def test_empty_lines_around_a_poem_are_removed(edge: str) -> None:
    right = [("Stove", "Ada", "  one\n\ntwo ")]
    table = f'title,author,text\r\n"{edge} Stove{edge}",Ada,"{edge}  one\r\n\r\ntwo {edge}"\r\n'
    assert poems(table, "x.csv") == right
    assert poems([{"title": "Stove", "author": "Ada", "text": f"{edge}  one\n\ntwo {edge}"}]) == right


def test_lines_of_spaces_separate_stanzas_and_carriage_returns_are_removed() -> None:
    cell = "one_x000D_\r\n \t_x000D_\r\ntwo"
    assert poems(f'text\r\n"{cell}"\r\n', "x.csv") == [(None, None, "one\n\ntwo")]
    assert poems([{"text": cell}]) == [(None, None, "one\n\ntwo")]


@pytest.mark.parametrize(
    ("title", "author", "text"),
    [
        ("Titel", "Autor", "Gedicht"),
        ("Titre", "Auteur", "Poe\u0300me"),
        ("Título", "Autor", "Poema"),
        ("Titolo", "Autore", "Testo"),
        ("Название", "Автор", "Текст"),
        ("诗名", "诗人", "诗文"),
        ("題名", "著者", "本文"),
        ("제목", "시인", "본문"),
    ],
)
def test_fields_may_be_named_in_other_languages(title: str, author: str, text: str) -> None:
    assert poems([{title: "T", author: "Ada", text: "one"}]) == [("T", "Ada", "one")]
    assert poems(f"{title};{author};{text}\nT;Ada;one\n", "x.csv") == [("T", "Ada", "one")]


def test_an_author_may_be_an_object_with_a_name() -> None:
    record = {"title": "T", "author": {"name": "Ada", "id": 7}, "text": "one"}
    assert poems([record, {**record, "author": {"id": 7}}]) == [("T", "Ada", "one")]


def test_json_lines_are_taken_as_they_are() -> None:
    assert poems('{"text": "\\none\\n"}\n', "x.jsonl") == [(None, None, "\none\n")]


def test_names_of_fields_are_found_in_any_form() -> None:
    for name, text in (
        ("x.json", '{"poems": [{"text": "a", "by": "Ada"}]}'),
        ("x.json", '{"text": "a"}\n{"text": "b", "by": "Ada"}\n'),
        ("x.jsonl", 'no record\n{"text": "a", "by": "Ada"}\n{"text": "b"}\n'),
    ):
        assert read_content(text.encode(), name).fields == ("text", "by")
