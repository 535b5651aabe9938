"""Tables with one line of verse in a record: which they are, and the poems their lines make up."""

import csv
import io
import json
import time
from typing import Any

import pytest

from poetbot.corpus.loading import ParsedFile, parse_file
from poetbot.corpus.parts import Reading
from poetbot.documents.line_records import LONGEST_RUN, cut_into_runs
from poetbot.documents.reader import read_content
from poetbot.documents.records import FieldChoice

LAMP = ["The lamp is low,", "the street is long,", "and no one asks", "the rain to stay."]
DOOR = ["A door stands open", "at the end of day,", "and what went through it", "did not say."]
SHED = ["Behind the shed", "the nettles grow", "where nobody", "has time to go."]
PROSE = (
    "The ferry was late again, and nobody was told why, though",
    "we had waited on the landing stage for an hour and more with",
    "all our bags; in the end a boy came out and said it would not",
    "come that day, and we walked back up the hill to the station.",
)

Row = dict[str, Any]


def as_csv(rows: list[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_lines(rows: list[Row]) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def as_json(rows: list[Row]) -> bytes:
    return json.dumps({"rows": rows}).encode()


FORMS = {"x.csv": as_csv, "x.ndjson": as_lines, "x.jsonl": as_lines, "x.json": as_json}


def read(rows: list[Row], name: str = "x.jsonl", **wanted: Any) -> ParsedFile:
    return parse_file(FORMS[name](rows), name, wanted=FieldChoice(**wanted))


def texts(found: ParsedFile) -> list[str]:
    return [poem.text for poem in found.poems]


def rows_of(*poems: list[str], **fields: Any) -> list[Row]:
    """A record a line; a field is a function of the poem's number and the line's."""
    return [
        {name: value(poem, line) if callable(value) else value for name, value in fields.items()}
        | {"TEXT": text}
        for poem, lines in enumerate(poems, 1)
        for line, text in enumerate(lines, 1)
    ]


def called(rows: list[Row], name: str) -> list[Row]:
    return [{name if key == "TEXT" else key: value for key, value in row.items()} for row in rows]


JOINED = ["\n".join(poem) for poem in (LAMP, DOOR, SHED)]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("line", {"poem_id": lambda poem, line: poem}),
        ("text", {"poem_id": lambda poem, line: f"p{poem}"}),
        ("text", {"id": lambda poem, line: poem, "line_number": lambda poem, line: line}),
        ("text", {"line": lambda poem, line: line}),  # numbers that start over
        ("s", {"Line No": lambda poem, line: str(line)}),
        ("content", {"Poem ID": lambda poem, line: poem, "line": lambda poem, line: line - 1}),
        ("line", {"title": lambda poem, line: ["Lamp", "Door", "Shed"][poem - 1], "author": "Ada"}),
        ("text", {"gid": 7, "line_no": lambda poem, line: line}),  # poems in a book
        ("verse", {"poem_id": lambda poem, line: poem}),
        ("text", {"line": lambda poem, line: 10 * poem + line}),  # numbered on, as in an edition
    ],
)
def test_lines_of_poems_are_joined(text: str, fields: Row, name: str) -> None:
    found = read(called(rows_of(LAMP, DOOR, SHED, **fields), text), name)
    numbered_on = text == "text" and list(fields) == ["line"] and fields["line"](1, 1) == 11
    assert texts(found) == (["\n".join(LAMP + DOOR + SHED)] if numbered_on else JOINED)
    (notice,) = map(str, found.notices)
    assert notice.startswith(f"{name}: each record is one line of verse, so lines were joined")
    if "title" in fields:
        assert [(poem.title, poem.author) for poem in found.poems] == [
            ("Lamp", "Ada"),
            ("Door", "Ada"),
            ("Shed", "Ada"),
        ]


def test_line_numbers_are_kept() -> None:
    found = read(called(rows_of(LAMP, DOOR, poem_id=lambda poem, line: poem), "line"))
    assert [(poem.start_line, poem.end_line, poem.source) for poem in found.poems] == [
        (1, 4, "x.jsonl"),
        (5, 8, "x.jsonl"),
    ]


def test_lines_of_a_poem_may_be_in_any_order_and_scattered() -> None:
    rows = called(rows_of(LAMP, DOOR, poem_id=lambda poem, line: poem, line=lambda poem, line: line), "text")
    assert texts(read(rows[::-1])) == ["\n".join(DOOR), "\n".join(LAMP)]
    apart = called(rows_of(LAMP, DOOR, LAMP[:2], poem_id=lambda poem, line: poem % 2), "line")
    assert texts(read(apart)) == ["\n".join(LAMP + LAMP[:2]), "\n".join(DOOR)]


@pytest.mark.parametrize("name", FORMS)
def test_stanzas_and_blank_lines_stay(name: str) -> None:
    by_number = called(rows_of(LAMP + DOOR, poem_id=1, stanza=lambda poem, line: (line - 1) // 4 + 1), "text")
    blank = called(rows_of([*LAMP, "", *DOOR], poem_id=1), "text")
    assert texts(read(by_number, name)) == texts(read(blank, name)) == ["\n".join([*LAMP, "", *DOOR])]


def test_the_title_may_identify_a_poem() -> None:
    rows = called(rows_of(LAMP, DOOR, poem=lambda poem, line: ["The Lamp", "The Door"][poem - 1]), "line")
    assert [(poem.title, poem.text) for poem in read(rows).poems] == [
        ("The Lamp", JOINED[0]),
        ("The Door", JOINED[1]),
    ]


def test_only_the_first_line_may_have_the_title() -> None:
    rows = called(rows_of(LAMP, poem_id=1), "line")
    rows[0] |= {"title": "Lamp", "author": "Ada"}
    (poem,) = read(rows).poems
    assert (poem.title, poem.author) == ("Lamp", "Ada")


@pytest.mark.parametrize("field", ["s", "line", "text"])
def test_a_book_without_blank_lines_is_cut_at_ends_of_sentences(field: str) -> None:
    verse = (LAMP + DOOR + SHED) * 20
    rows = called(rows_of(verse, verse[:8], gid=lambda poem, line: str(poem)), field)
    found = read(rows)
    assert "\n".join(texts(found)) == "\n".join(verse + verse[:8])
    *runs, last = [text.split("\n") for text in texts(found)]
    assert last == verse[:8]  # the second book is short, and a poem by itself
    assert all(16 <= len(run) <= LONGEST_RUN and run[-1].endswith(".") for run in runs)
    assert "joined by gid" in str(found.notices[0])


def test_runs_of_lines_that_never_pause() -> None:
    rows = [(f"line {number}", number) for number in range(1000)]
    runs = cut_into_runs(rows)
    assert [row for run in runs for row in run] == rows
    assert all(8 <= len(run) <= LONGEST_RUN for run in runs)
    assert cut_into_runs(rows[:LONGEST_RUN]) == [rows[:LONGEST_RUN]] and cut_into_runs([]) == [[]]


def test_poems_are_looked_for_in_a_book_with_its_blank_lines() -> None:
    verse = ["The lamp is low, the street is long,", "And no one asks the rain to stay,"] * 3
    page = ["THE LAMP", "", *verse, "", "", "", *PROSE * 3, "", "", "", "THE DOOR", "", *verse[1:]]
    rows = called(rows_of(page, verse[:4], gutenberg_id=lambda poem, line: poem), "text")
    found = [(poem.title, poem.text) for poem in read(rows).poems]
    assert found == [
        ("THE LAMP", "\n".join(verse)),
        ("THE DOOR", "\n".join(verse[1:])),
        (None, "\n".join(verse[:4])),
    ]
    assert found[:2] == [
        (poem.title, poem.text) for poem in parse_file("\n".join(page).encode(), "x.txt").poems
    ]
    assert PROSE[0] in texts(read(rows, filtered=False))[0]


def test_the_filter_can_be_asked_to_look_into_poems() -> None:
    verse = ["The lamp is low, the street is long,", "And no one asks the rain to stay,"] * 3
    rows = called(rows_of([*verse, "", "", "", *PROSE * 3], poem_id=1), "text")
    assert PROSE[0] in texts(read(rows))[0]
    assert texts(read(rows, filtered=True)) == ["\n".join(verse)]


def test_pieces_and_everything_is_poems() -> None:
    data = as_lines(called(rows_of(LAMP, DOOR, poem_id=lambda poem, line: poem), "line"))
    assert texts(parse_file(data, "x.jsonl", "lines")) == LAMP + DOOR
    assert texts(parse_file(data, "x.jsonl", reading=Reading.POEMS)) == JOINED[:2]


@pytest.mark.parametrize(
    "rows",
    [
        [{"text": "\n".join(LAMP), "id": 1}, {"text": "one line", "id": 1}, {"text": "x", "id": 1}],
        [{"text": "old pond", "id": n, "source": "a book", "author": "Ada"} for n in range(9)],
        [{"text": "a line", "source": "x.txt", "start_line": n, "end_line": n} for n in range(9)],
        [{"text": "a haiku on one line", "title": "Haiku", "author": "Ada"} for _ in range(9)],
        [{"text": " ".join(PROSE), "book_id": 1} for _ in range(9)],
        [{"lines": text, "line": n} for n, text in enumerate(JOINED)],
        [{"text": "a", "poem_id": 1}, {"text": "b", "poem_id": 1}],
        [{"text": f"poem {n}", "poem_id": n, "line": 3} for n in range(9)],
        [{"poem": f"one line {n}", "source": "a book"} for n in range(9)],
    ],
)
def test_poems_of_one_line_stay_poems(rows: list[Row]) -> None:
    for name in FORMS:
        found = read(rows, name)
        assert len(found.poems) == len(rows)
        assert not any("line of verse" in str(notice) for notice in found.notices)


def test_output_of_corpus_is_read_unchanged() -> None:
    found = parse_file("\n".join(LAMP + DOOR).encode(), "lines.txt", "lines")
    rows = [poem.as_row() for poem in found.poems]
    assert texts(read(rows)) == LAMP + DOOR


def test_fields_can_be_chosen() -> None:
    rows = [
        {"Player": "Ann", "PlayerLine": line, "Speech": n // 4, "line": n}
        for n, line in enumerate(LAMP + DOOR)
    ]
    (poem,) = read(rows, text="PlayerLine", author="Player").poems
    assert (poem.text, poem.author) == ("\n".join(LAMP + DOOR), "Ann")
    assert read_content(as_csv(rows), "x.csv", FieldChoice("PlayerLine")).fields == (
        "Player",
        "PlayerLine",
        "Speech",
        "line",
    )


def test_bad_records_among_lines_are_left_out_with_a_notice() -> None:
    rows = called(rows_of(LAMP * 10, DOOR * 10, poem_id=lambda poem, line: poem), "line")
    bad = ['{"line": 3, "poem_id": 2}', '{"poem_id": 2}', "no record", '{"line": "\\u0000", "poem_id": 1}']
    found = parse_file(as_lines(rows) + "\n".join(["", *bad]).encode(), "x.jsonl")
    assert texts(found) == ["\n".join(LAMP * 10), "\n".join(DOOR * 10)]
    assert [str(notice).split(" of ")[0] for notice in found.notices[:4]] == [
        f"Left out: Line {number}" for number in range(81, 85)
    ]


def test_the_marker_and_odd_values() -> None:
    rows = called(rows_of([*LAMP, "++++"], poem_id=1), "line")
    rows[1] |= {"poem_id": 1.0, "title": 3}
    found = read(rows)
    assert "++++" not in "".join(texts(found)) and any("++++" in str(notice) for notice in found.notices)
    assert len(found.poems) == 2


@pytest.mark.parametrize("name", ["x.csv", "x.jsonl"])
def test_time_is_linear(name: str) -> None:
    def seconds(count: int) -> float:
        rows = [{"s": f"The lamp {n} is low,", "gid": n // 5000} for n in range(count)]
        data = FORMS[name](rows)
        start = time.process_time()
        read_content(data, name)
        return time.process_time() - start

    seconds(100)
    assert seconds(80_000) < 12 * seconds(20_000)
