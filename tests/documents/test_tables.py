"""Tables and lists of poems."""

import csv
import io
import json
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from poetbot.corpus.loading import parse_file
from poetbot.documents.records import FieldChoice
from poetbot.errors import PoetBotError

USUAL = FieldChoice()
texts = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]) | st.just("\n"), max_size=40)


def refused(data: str, name: str, wanted: FieldChoice = USUAL) -> str:
    with pytest.raises(PoetBotError) as caught:
        parse_file(data.encode(), name, wanted=wanted)
    assert "\n" not in str(caught.value) and name in str(caught.value)
    return str(caught.value)


def test_columns_are_found_by_name() -> None:
    data = ',Title,Poem,Poet\n1,"Stove, song","one\ntwo\n\nthree",A. Writer\n\n2,,four,\n'
    found = parse_file(data.encode(), "poems.csv")
    assert [(p.title, p.text, p.author) for p in found.poems] == [
        ("Stove, song", "one\ntwo\n\nthree", "A. Writer"),
        (None, "four", None),
    ]
    assert [(p.start_line, p.end_line) for p in found.poems] == [(2, 5), (7, 7)]
    assert found.text is None and found.blocks == ()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(separator: str) -> None:
    data = f"name{separator}text\nStove{separator}one\n"
    (poem,) = parse_file(data.encode(), "x.csv").poems
    assert (poem.title, poem.text) == ("Stove", "one")


def test_columns_can_be_chosen() -> None:
    data = "no,text,mine,by hand\n1,not this,one,Ada\n"
    wanted = FieldChoice(text="mine", author="BY_HAND", title="no")
    (poem,) = parse_file(data.encode(), "x.csv", wanted=wanted).poems
    assert (poem.text, poem.author, poem.title) == ("one", "Ada", "1")
    assert "no field named other, only no, text" in refused(data, "x.csv", FieldChoice(text="other"))


def test_a_table_of_one_column() -> None:
    assert [p.text for p in parse_file(b"text\none\ntwo\n", "x.csv").poems] == ["one", "two"]
    assert "no field for the text" in refused("The kettle sings\nThe cat\n", "x.csv")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("text\none,two\n", "Line 2 of x.csv has 2 cells"),
        ('text\n"one\n', "quotes that aren't closed"),
        ('text\n"' + "a" * 200_000 + '"\n', "a cell of more than"),
        ("text," * 2000 + "\n", "2,001 columns"),
    ],
)
def test_a_bad_table_is_named(data: str, says: str) -> None:
    assert says in refused(data, "x.csv")


@given(st.lists(st.tuples(texts, texts), max_size=8))
def test_output_is_read_unchanged(rows: list[tuple[str, str]]) -> None:
    assume(not any("_x000D_" in text for _, text in rows))  # a line end, as Excel writes it
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([("title", "text"), *rows])
    lines = [text.split("\n") for _, text in rows if text.strip()]
    full = [[place for place, line in enumerate(each) if line.strip()] for each in lines]
    # Empty lines above and below a poem are left out.
    expected = ["\n".join(each[there[0] : there[-1] + 1]) for each, there in zip(lines, full, strict=True)]
    as_json = json.dumps([{"title": title, "text": text} for title, text in rows])
    for name, data in (("x.csv", file.getvalue()), ("x.json", as_json)):
        found = [poem.text for poem in parse_file(data.encode(), name).poems]
        assert found == [unicodedata.normalize("NFC", text) for text in expected]


@given(st.text(max_size=200), st.sampled_from(["x.csv", "x.json", "x.jsonl", "x.xml", "x.docx", "x.md"]))
def test_any_text_is_poems_or_an_error(text: str, name: str) -> None:
    try:
        parse_file(text.encode("utf-8", "replace"), name)
    except PoetBotError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    "value",
    [
        [{"poem": "a\nb", "name": "T"}],
        {"poems": [{"lines": ["a", "b"], "title": "T"}], "count": 1},
        {"title": "T", "lines": ["a", "b"]},
        {"T": "a\nb"},
        [{"paragraphs": ["a", "b"], "title": "T", "tags": ["x"]}],
    ],
)
def test_shapes_of_json(value: object) -> None:
    (poem,) = parse_file(json.dumps(value).encode(), "x.json").poems
    assert (poem.text, poem.title) == ("a\nb", "T")


def test_a_list_of_texts() -> None:
    assert [p.text for p in parse_file(b'["a", ["b", "c"]]', "x.json").poems] == ["a", "b\nc"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 100_000, "nested too deep"),
        ('[\n{"text": }', "isn't valid JSON at line 2"),
        ("3", "no list of poems"),
        ('{"version": "1"}', "no list of poems"),
        ('[{"text": 3}]', "isn't text"),
        ('[{"words": "a"}]', "Poem 1 of x.json has no field for the text"),
        ('[{"text": "\\ud800"}]', "surrogate"),
        ("[" + "9" * 5000 + "]", "isn't valid JSON"),
    ],
)
def test_bad_json_is_named(data: str, says: str) -> None:
    assert says in refused(data, "x.json")


def test_records_go_through_the_filter_where_asked() -> None:
    prose = "It was a long way to the station and nobody spoke until the train was seen in the distance. " * 8
    verse = "The lamp is lit, the door is shut,\nThe kettle starts to sing,\nAnd every cup inside the hut\nIs waiting for the king."
    data = json.dumps([{"title": "Page", "text": f"{prose}\n\n{verse}\n\n{prose}", "author": "Ada"}]).encode()
    assert len(parse_file(data, "x.json").poems[0].text) > 500
    (poem,) = parse_file(data, "x.json", wanted=FieldChoice(filtered=True)).poems
    assert (poem.text, poem.title, poem.author) == (verse, "Page", "Ada")


def test_the_same_poem_five_hundred_times() -> None:
    found = parse_file(b"text\n" + b"the same\n" * 500, "x.csv")
    assert len(found.poems) == 500
    assert [str(each) for each in found.notices] == [
        "x.csv: 499 poems are exact copies of others. Each poem is learned once."
    ]
