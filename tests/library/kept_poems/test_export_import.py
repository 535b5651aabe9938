"""Poems as files, and back; nothing in a poem is taken for markup."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.library.kept_poems import (
    Poems,
    as_json,
    as_markdown,
    as_page,
    as_text,
    poems_of_file,
    poems_of_json,
    poems_of_text,
)

NASTY = "<script>alert(1)</script> & *not* [a](link)\n    # no heading\n\n1. no list\n- neither\n"


@pytest.fixture
def poems(tmp_path: Path) -> Poems:
    return Poems(tmp_path / "poems.sqlite")


def test_text_round_trip(poems: Poems) -> None:
    kept = [poems.add("one\n\ntwo\n", title="Numbers"), poems.add("three")]
    assert as_text(kept) == "Numbers\n\none\n\ntwo\n%\nthree\n"
    assert [row["text"] for row in poems_of_text(as_text(kept))] == ["Numbers\n\none\n\ntwo", "three"]
    assert [row["text"] for row in poems_of_text("a 5 % b\n%%\nc")] == ["a 5 % b\n%%\nc"]


def test_json_round_trip_keeps_everything(poems: Poems, tmp_path: Path) -> None:
    one = poems.add("The rain\ncame in.", title="Rain", poet="tiny", written=[(0, 8)], receipt={"rng": 3})
    poems.star(one.id)
    poems.star_line(one.id, "came in.")
    poems.put_into(one.id, "Sea")
    poems.keep_settings(one.id, {"poet": "tiny", "temperature": 0.5})
    poems.add("other")
    told = as_json(poems.find())
    other = Poems(tmp_path / "other.sqlite")
    assert other.add_exported(poems_of_json(told)) == [1, 2]
    assert {json.dumps(row) for row in json.loads(as_json(other.find()))["poems"]} == {
        json.dumps(row) for row in json.loads(told)["poems"]
    }


def test_importing_twice_keeps_one_copy_in_the_order_of_the_file(poems: Poems) -> None:
    poems.add("the lamp\nis low", title="Lamp")
    told = as_text([*poems.find(), poems.add("rain"), poems.add("sea")])
    rows = poems_of_text(told) + poems_of_text("snow\n%\nwind\n%\nsnow")
    assert len(poems.add_exported(rows)) == 2
    assert [poem.text for poem in poems.find()][:2] == ["snow", "wind"]
    assert poems.add_exported(poems_of_json(as_json(poems.find()))) == []
    poems.delete(poems.find("snow")[0].id)
    assert len(poems.add_exported(poems_of_text("snow"))) == 1


def test_what_is_no_text_is_refused_by_name() -> None:
    for data in (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", bytes(range(128, 256)) * 3):
        with pytest.raises(PoetBotError, match=r"photo\.png isn't a file of poems"):
            poems_of_file(data.decode("utf-8", "replace"), "photo.png")
    assert poems_of_file("a caf\ufffd at night, and the rain on the panes of the old arcade\n" * 3)


def test_an_import_is_all_or_nothing(poems: Poems) -> None:
    rows = poems_of_text("good\n%\nalso good")
    with pytest.raises(PoetBotError):
        poems.add_exported([*rows, {"text": "bad", "title": "a\nb"}])
    assert poems.find() == []


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"poetbot_poems": 1, "poems": [{"text": 7}]}',
        '{"poetbot_poems": 2, "poems": []}',
        "[" * 100_000,
        '{"poetbot_poems": 1, "poems": []}',
    ],
)
def test_anything_but_an_export_is_an_error(wrong: str) -> None:
    with pytest.raises(PoetBotError) as caught:
        poems_of_json(wrong)
    assert "\n" not in str(caught.value)


def test_a_file_without_poems_is_an_error() -> None:
    for text in ("", "\n%\n \n%\n", None, "x" * 20_000_001, "x" * 1_000_001):
        with pytest.raises(PoetBotError):
            poems_of_text(text)


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@settings(max_examples=40)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=80)
    | st.just(NASTY)
)
def test_the_page_escapes_the_poem(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    poems = Poems(tmp_path_factory.mktemp("page") / "poems.sqlite")
    page = as_page([poems.add(text, title="<b>", poet="&tiny")], title="<i>")
    seen = Seen()
    seen.feed(page)
    assert seen.tags <= {"html", "head", "meta", "title", "style", "body", "article", "h2", "pre", "footer"}
    assert text.strip("\n") in seen.text and "<b>" in seen.text and "PoetBot" in seen.text
    assert "src=" not in page.replace(text, "") and "http" not in page.replace(text, "")


def test_markdown_keeps_lines_and_escapes_signs(poems: Poems) -> None:
    told = as_markdown([poems.add(NASTY, title="*A*"), poems.add("second")])
    assert told.startswith("## \\*A\\*\n\n")
    assert "\\<script>alert(1)" in told and "\\*not\\* \\[a\\](link)" in told
    assert "&nbsp;" * 4 + "\\# no heading" in told and "1\\. no list\\\n\\- neither" in told
    assert told.endswith("\n---\n\nsecond\n")
    plain = "Oh! -- he said (half-way), 3.5 + 4 = 7.5 & so on; #5 > 4 | ~ {x}.\n'Tis 1st. 2 of 3)"
    assert as_markdown([poems.add(plain)]) == plain.replace("\n", "\\\n") + "\n"
    marks = ["## a", "> a", "+ a", "---", "===", "3) a", "~~~", "~~a~~", "&amp;", "`a`", "a_b", "-"]
    escaped = [line.replace("\\", "", 1) for line in as_markdown([poems.add("\n".join(marks))]).split("\\\n")]
    assert all("\\" in line for line in as_markdown([poems.add("\n".join(marks))]).split("\\\n"))
    assert escaped[:6] == marks[:6]


def test_files_to_read_carry_the_receipt_if_asked_and_the_page_is_called_like_the_poem(poems: Poems) -> None:
    receipt = {"poet": "tiny", "rng": 7, "seed": "</pre>`` ` -->"}
    poem = poems.add("a small lamp\nis lit", written=[(0, 5)], receipt=receipt)
    assert as_markdown([poem]) == "a small lamp\\\nis lit\n"
    assert "tiny" not in as_page([poem])
    block = as_markdown([poem], with_receipt=True).partition("```json\n")[2].partition("\n```\n")[0]
    assert json.loads(block) == receipt
    page = as_page([poem], with_receipt=True)
    assert "<title>a small lamp</title>" in page and "<title>Poems</title>" in as_page([poem, poem])
    seen = Seen()
    seen.feed(page)
    assert json.dumps(receipt) in seen.text
