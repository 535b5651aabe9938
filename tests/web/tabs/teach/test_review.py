"""Reviewing an upload: the handlers, without a browser."""

import json
import re
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from poetbot.corpus.parts import Reading
from poetbot.library.corpora import Corpus, create_corpus, list_corpora
from poetbot.locale import locale
from poetbot.storage import Home
from poetbot.web.components.island import handling
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.teach import review
from poetbot.web.tabs.teach.review import Action, Handlers
from poetbot.web.tabs.teach.review_view import PAGE_SIZE, View

ENGLISH = locale("en")
SONG = "The lamp is lit, the door is shut,\nThe kettle starts to sing,\nAnd every cup inside the hut\nIs waiting for the king."
OTHER = "The rain is on the roof tonight,\nThe dog is at the door,\nAnd nobody has struck a light\nOr swept the kitchen floor."
PROSE = (
    "The ferry was late again, and nobody was told why, though we had waited on the landing stage for an hour and "
    "more with all our bags; in the end a boy came out and said it would not come, and we walked back up the hill."
)
BOOK = f"A SONG\n\n{SONG}\n\n\n\n{PROSE}\n\n\n\nANOTHER\n\n{OTHER}\n"


@pytest.fixture
def handlers() -> Handlers:
    return Handlers(Visitors(), locale("en"))


@pytest.fixture
def home(poetbot_home: Path) -> Home:
    return Home(poetbot_home)


@pytest.fixture
def corpus(home: Home) -> Corpus:
    made = create_corpus(home, {"book.txt": BOOK.encode()})
    made.read()
    return made


def ask(handlers: Handlers, corpus: Corpus, **data: Any) -> dict[str, Any]:
    page = act(handlers, corpus.id, data)[0]
    json.dumps(page)
    return page


def act(handlers: Handlers, corpus_id: Any, data: Any) -> Any:
    """Return what an event with these data answers."""
    return handling(handlers.act, Action, ENGLISH, others=2)(gr.EventData(None, data), None, corpus_id)


def count(handlers: Handlers, corpus_id: Any, data: Any) -> list[dict[str, Any]]:
    return list(handling(handlers.count, View, ENGLISH)(gr.EventData(None, data), None, corpus_id))


def test_a_part_is_left_out_and_included_again(handlers: Handlers, corpus: Corpus) -> None:
    page = ask(handlers, corpus, do="leave-out", number=1)
    assert page["status"] == "Left out. 1 poem included." and not page["stale"]
    assert "4 lines you left out" in page["corpus"] and "because you left it out" in page["corpus"]
    page = ask(handlers, corpus, do="include", number=1)
    assert page["status"] == "Included. 2 poems included."


def test_titles_are_neither_learned_nor_left_out(handlers: Handlers, corpus: Corpus) -> None:
    whole, left_out = (
        ask(handlers, corpus, do="view", filter=each)["corpus"] for each in ("all", "left-out")
    )
    titles = whole.count("<strong>Title</strong>")
    assert titles and "Title</strong>" not in left_out
    everything, included, left = (int(n) for n in re.findall(r"(?:All|Included|Left out) \((\d+)\)", whole))
    assert everything == included + left + titles


def test_reading_owner_and_name_are_changed(handlers: Handlers, corpus: Corpus) -> None:
    page = ask(handlers, corpus, do="read", value="poems")
    assert (
        "you chose to treat everything here as poems" in page["corpus"]
        and 'class="offer"' not in page["corpus"]
    )
    assert "offer" in ask(handlers, corpus, do="read", value="filter")["corpus"]
    assert "Section" in ask(handlers, corpus, do="read", value="sections")["corpus"]
    ask(handlers, corpus, do="read", value="filter")
    assert "set aside" not in ask(handlers, corpus, do="leave-out", number=1)["corpus"]
    page = ask(handlers, corpus, do="read", value="poems")
    assert "1 part that you included or left out yourself is set aside" in page["corpus"]
    ask(handlers, corpus, do="read", value="sections")
    ask(handlers, corpus, do="owner", value="permission")
    assert corpus.state().owner == "permission"
    assert "whose poems" in ask(handlers, corpus, do="owner", value="<b>")["error"]
    page, _, listed = act(handlers, corpus.id, {"do": "rename", "value": "<i>Ferries\n"})
    assert "&lt;i&gt;Ferries" in page["corpus"] and listed.choices[0][0] == "<i>Ferries"


def test_bad_requests_change_nothing(handlers: Handlers, corpus: Corpus) -> None:
    before = corpus.state()
    for data in (
        {},
        {"do": "read", "value": "../x"},
        {"do": "nothing"},
        {"do": "view", "filter": "x", "first": -3},
        {"do": "view", "filter": "left-out", "first": 10**15},
    ):
        assert "Part by part" in ask(handlers, corpus, **data)["corpus"], data
    for data in (
        {"do": "read", "value": ["poems"]},
        {"do": "view", "filter": []},
        {"do": "view", "first": "2"},
        {"do": "choose", "text": ["x"]},
        {"do": "choose", "tags": [3]},
    ):
        assert "Reload the page" in ask(handlers, corpus, **data)["error"], data
    for number in (-1, 99, "1", None, [1], 1.5):
        for do in ("include", "leave-out", "whole"):
            wrong = number is not None and type(number) is not int
            sentence = "Reload the page" if wrong else "part no longer exists"
            assert sentence in ask(handlers, corpus, do=do, number=number)["error"]
    assert corpus.state() == before
    assert act(handlers, corpus.id, None)[0]["corpus"]


@pytest.mark.parametrize("number", ["", "../..", None, 7, ["x"], "20260101-000000-00000000"])
def test_an_unknown_corpus_is_an_error(handlers: Handlers, corpus: Corpus, number: Any) -> None:
    assert "no longer exists" in act(handlers, number, {"do": "delete"})[0]["error"]
    assert "no longer exists" in count(handlers, number, {})[-1]["error"]
    assert corpus.state()


def test_a_corpus_is_deleted_and_another_shown(handlers: Handlers, corpus: Corpus, home: Home) -> None:
    newer = create_corpus(home, {"newer.txt": OTHER.encode()})
    newer.read()
    page, chosen, listed = act(handlers, newer.id, {"do": "delete"})
    assert chosen == corpus.id == listed.value and page["status"] == "Deleted."
    page, chosen, _ = act(handlers, corpus.id, {"do": "delete"})
    assert chosen == "" and list_corpora(home) == [] and "Your upload appears here" in page["corpus"]


def test_fields_and_tags_are_chosen(handlers: Handlers, home: Home) -> None:
    table = create_corpus(home, {"poems.csv": b'text,vers,<b>\n"one\ntwo","three\nfour",Ada\n'})
    table.read()
    page = ask(handlers, table, do="choose", text="vers", author="<b>", title="")
    assert "three" in page["corpus"] and "&lt;b&gt;" in page["corpus"] and "<b>" not in page["corpus"]
    assert table.poems()[0].author == "Ada"
    page = ask(handlers, table, do="choose", text="gone")
    assert "has no field named gone" in page["corpus"] and 'data-field="text"' in page["corpus"]
    page = ask(handlers, table, do="choose")
    assert "one" in page["corpus"]

    def post(tag: str, text: str) -> str:
        return (
            f"<item><title>T</title><content:encoded>{text}</content:encoded><wp:status>publish</wp:status>"
            f'<category domain="post_tag" nicename="{tag}">{tag}</category></item>'
        )

    head = (
        '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
    )
    export = f"{head}{post('poems', SONG)}{post('diary', PROSE)}</channel></rss>"
    blog = create_corpus(home, {"blog.xml": export.encode()})
    assert blog.read().tags == (("poems", 1), ("diary", 1))
    page = ask(handlers, blog, do="choose", tags=["diary"])
    assert 'data-tag="diary" checked' in page["corpus"] and [poem.text for poem in blog.poems()] == [PROSE]
    assert "no post filed under" in ask(handlers, blog, do="choose", tags=["nothing"])["error"]


def test_each_poem_shows_the_title_and_author_it_is_trained_with(handlers: Handlers, home: Home) -> None:
    text = f"The <i>Lamp</i>\n\n{SONG}\n\n\nRain\n\n{OTHER}\n"
    corpus = create_corpus(home, {"two.txt": text.encode()})
    corpus.read()
    html = ask(handlers, corpus, do="view")["corpus"]
    parts = re.findall(r'<li class="(\w+)".*?</li>', html, re.DOTALL), re.split("</li>", html)
    shown = [re.findall(r'class="title">(.*?)</bdi> <bdi>(.*?)</bdi>', part) for part in parts[1]]
    of_poems = [each for part, each in zip(parts[1], shown, strict=True) if '<li class="included"' in part]
    assert of_poems == [[("The &lt;i&gt;Lamp&lt;/i&gt;", "")], [("Rain", "")]]
    assert html.count("because it is the title of the next poem") == 2
    assert [poem.title for poem in corpus.poems()] == ["The <i>Lamp</i>", "Rain"]
    number = next(n for n, row in enumerate(corpus.results().rows) if row["poem"] == 1)
    key = corpus.results().key(number)
    html = ask(handlers, corpus, do="save", part=str(key), title="Rain at Night", author="Ada")["corpus"]
    assert '<bdi class="title">Rain at Night</bdi> <bdi>Ada</bdi>' in html


def chosen_fields(html: str) -> dict[str, tuple[str, str]]:
    """Return what is sent and what is shown of each choice of a field."""
    return {
        key: (sent, name)
        for key, options in re.findall(r'data-field="(\w+)">(.*?)</select>', html, re.DOTALL)
        for sent, name in re.findall(r'<option value="([^"]*)" selected>([^<]*)<', options)
    }


@pytest.mark.parametrize(
    ("name", "data", "names"),
    [
        ("a.csv", 'Title;Author;Poem;Year\nGull;Ada;"one\ntwo";1\n', ("Poem", "Title", "Author")),
        ("b.csv", 'Poem_Name,Poem Text\nGull,"one\ntwo"\n', ("Poem Text", "Poem_Name", "(none)")),
        ("c.jsonl", '{"标题": "Gull", "content": "one\\ntwo"}\n', ("content", "标题", "(none)")),
        ("d.json", '[{"poet": "Ada", "body": ["one", "two"]}]', ("body", "(none)", "poet")),
        (
            "e.csv",
            "poem_id,line,title\n" + "".join(f"{n // 4},a gull {n},T{n // 4}\n" for n in range(12)),
            ("line", "title", "(none)"),
        ),
    ],
)
def test_the_fields_in_use_are_selected(
    handlers: Handlers, home: Home, name: str, data: str, names: tuple[str, ...]
) -> None:
    table = create_corpus(home, {name: data.encode()})
    table.read()
    shown = chosen_fields(ask(handlers, table, do="view")["corpus"])
    assert tuple(shown[key][1] for key in ("text", "title", "author")) == names
    assert {sent for sent, _ in shown.values()} == {""}  # found again, in other tables under other names


def test_a_table_can_be_read_without_titles(handlers: Handlers, home: Home) -> None:
    files = {
        "a.csv": b'title,author,text\nGull,Ada,"one\ntwo"\n',
        "b.jsonl": b'{"name": "Kettle", "poet": "Bob", "poem": "three\\nfour"}\n',
        "c.json": b'[{"title": "Lamp", "author": "Cid", "text": "five\\nsix"}]',
    }
    table = create_corpus(home, files)
    table.read()
    assert [poem.title for poem in table.poems()] == ["Gull", "Kettle", "Lamp"]
    html = ask(handlers, table, do="choose", text="", title=" ", author="")["corpus"]
    assert [(poem.title, poem.author) for poem in table.poems()] == [
        (None, "Ada"),
        (None, "Bob"),
        (None, "Cid"),
    ]
    shown = chosen_fields(html)
    assert shown["title"] == (" ", "(none)") and shown["author"] == ("", "author")
    ask(handlers, table, do="choose", **{key: sent for key, (sent, _) in shown.items()} | {"title": ""})
    assert [poem.title for poem in table.poems()] == ["Gull", "Kettle", "Lamp"]


def test_an_encoding_is_shown_and_changed(handlers: Handlers, home: Home) -> None:
    old = create_corpus(home, {"<b>.txt": "Café fermé, <i>garçon</i>\nau revoir\n".encode("cp1252")})
    old.set_reading(Reading.POEMS)
    old.read()
    html = ask(handlers, old, do="view")["corpus"]
    assert "was read as Windows-1252. If this line looks wrong, choose another encoding:" in html
    assert "Café fermé, &lt;i&gt;garçon&lt;/i&gt;" in html and "<b>" not in html and "<i>" not in html
    assert '<option value="Windows-1252" selected>' in html and "Mac Roman: CafÈ" in html
    html = ask(handlers, old, do="encoding", number=0, value="Mac Roman")["corpus"]
    assert "is read as Mac Roman, as you chose:" in html and '<option value="Mac Roman" selected>' in html
    assert old.poems()[0].text.startswith("CafÈ")
    for number, value in ((1, "Big5"), (0, "utf-7"), (None, "Big5")):
        assert "no such encoding" in ask(handlers, old, do="encoding", number=number, value=value)["error"]
    for number, value in (("0", "Big5"), (0, None)):
        assert "Reload the page" in ask(handlers, old, do="encoding", number=number, value=value)["error"]


def test_a_large_corpus_is_shown_in_pages_and_read_again_later(handlers: Handlers, home: Home) -> None:
    text = "\n\n\n\n\n".join(f"{n} {SONG}" for n in range(9_000))
    large = create_corpus(home, {"large.txt": text.encode()})
    large.read()
    page = ask(handlers, large, do="view", filter="left-out", first=PAGE_SIZE * 3 + 7)
    assert page["corpus"].count("<li ") == PAGE_SIZE and f'data-first="{PAGE_SIZE * 3}"' in page["corpus"]
    assert len(page["corpus"]) < 100_000
    page = ask(handlers, large, do="include", number=5)
    assert page["stale"] and "counted in a moment" in page["corpus"]
    steps = count(handlers, large.id, {"filter": "included", "first": 0})
    assert "working" in steps[0] and not steps[-1]["stale"] and 'data-part-number="5"' in steps[-1]["corpus"]


def test_a_long_part_is_cut_until_all_of_it_is_requested(handlers: Handlers, home: Home) -> None:
    long = create_corpus(home, {"long.txt": ("\n".join([SONG] * 40)).encode()})
    long.read()
    page = ask(handlers, long, do="view")
    assert "Show all" in page["corpus"] and page["corpus"].count("kettle") < 20
    page = ask(handlers, long, do="whole", number=0)
    assert page["whole"] == 0 and page["html"].count("kettle") == 40


def test_a_corpus_that_was_never_read_shows_nothing(handlers: Handlers, home: Home) -> None:
    fresh = create_corpus(home, {"a.txt": SONG.encode()})
    page = review.corpus_update(fresh, locale("en"))
    assert page["corpus"] == "" and page["stale"]
    assert View("x", -1) == View("all", 1 << 40) == View()
