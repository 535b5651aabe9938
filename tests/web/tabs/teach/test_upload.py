"""Uploading, pasting and choosing poems, and files that can't be read: the handlers, without a browser."""

import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nltk
import pytest

from poetbot.library.corpora import list_corpora
from poetbot.locale import locale
from poetbot.storage import Home
from poetbot.web.components.templates import render_blocks
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.teach.upload import MAX_PASTED, Handlers

SONG = "The lamp is lit, the door is shut,\nThe kettle starts to sing,\nAnd every cup inside the hut\nIs waiting for the king."
PROSE = "The ferry was late again, and nobody was told why, though we had waited on the landing stage for an hour. "
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def home(poetbot_home: Path) -> Home:
    return Home(poetbot_home)


@pytest.fixture
def handlers() -> Handlers:
    return Handlers(Visitors(), locale("en"))


def pages(values: Iterable[Any]) -> list[dict[str, Any]]:
    return [page for page, *_ in values if isinstance(page, dict) and "value" not in page.get("__type__", "")]


def last(values: Iterable[Any]) -> dict[str, Any]:
    """The last answer. Nothing may come after it: of two answers that come at once, the page shows only the second."""
    answer, *_ = list(values)[-1]
    assert answer.keys() & {"corpus", "error"}, answer
    return answer


def upload(tmp_path: Path, name: str, data: bytes) -> list[str]:
    path = tmp_path / name
    path.write_bytes(data)
    return [str(path)]


def docx(body: str, size: int = 0) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}{" " * size}</w:body></w:document>'
        )
    return file.getvalue()


def test_a_file_is_read_and_left_to_the_sweeper(handlers: Handlers, home: Home, tmp_path: Path) -> None:
    paths = upload(tmp_path, "My <b>Songs.txt", f"A SONG\n\n{SONG}\n\n<script>alert(1)</script>\n".encode())
    values = list(handlers.upload(paths))
    assert Path(paths[0]).exists()  # others may have brought the same bytes
    shares = [page["share"] for page in pages(values) if "working" in page]
    assert shares == sorted(shares) and 0 < shares[0] <= shares[-1] <= 1
    html = last(values)["corpus"]
    assert "1 poem included: 4 lines" in html and "it is the title of the next poem" in html
    assert "<script>" not in html and "<b>" not in html and "&lt;script&gt;" in html
    (corpus,) = list_corpora(home)
    assert (
        values[0][1] == corpus.id and values[0][3] is None
    )  # chosen, and the place for files is empty again


def test_text_is_pasted(handlers: Handlers, home: Home) -> None:
    page = last(handlers.paste(f"\n  A Song of the Stove\n\n{SONG}\ud800"))
    assert "1 poem included" in page["corpus"] and list_corpora(home)[0].state().name == "A Song of the Stove"
    for nothing in (None, " \n", 7):
        assert "nothing to read" in last(handlers.paste(nothing))["error"]
    assert "5 million" in last(handlers.paste("a" * (MAX_PASTED + 1)))["error"]
    assert len(list_corpora(home)) == 1


def test_a_named_corpus_is_used(handlers: Handlers, home: Home) -> None:
    page = last(handlers.use_named("chinese-poems"))
    assert "112 poems included" in page["corpus"] and "CC0 1.0" in page["corpus"]
    assert len(list_corpora(home)[0].poems()) == 112
    for unknown in ("../english", None, 3):
        assert "no corpus" in last(handlers.use_named(unknown))["error"]


def test_a_corpus_of_nltk_is_used_or_its_download_command_shown(
    handlers: Handlers, home: Home, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nltk.corpus.reader import PlaintextCorpusReader
    from nltk.corpus.util import LazyCorpusLoader

    for path, says in (
        (str(shared / "data" / "nltk_data"), "poems included"),
        ("/nowhere", "nltk.downloader"),
    ):
        # A fresh loader: NLTK keeps a corpus that it has once opened.
        loader = LazyCorpusLoader("gutenberg", PlaintextCorpusReader, r"(?!\.).*\.txt", encoding="latin1")
        monkeypatch.setattr(nltk.corpus, "gutenberg", loader)
        monkeypatch.setattr(nltk.data, "path", [path])
        page = last(handlers.use_named("blake"))
        assert says in page.get("corpus", page.get("error", ""))
    (corpus,) = list_corpora(home)
    assert {poem.author for poem in corpus.poems()} == {"William Blake"} and corpus.state().owner == "public"


BAD = {
    "empty.txt": (b"", "empty.txt is empty"),
    "blank.txt": (b"\n \n", "blank.txt is empty"),
    "binary.txt": (b"\x7fELF\0\0\1" + bytes(range(256)), "binary.txt isn't text"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture.txt isn't text"),
    "photo.txt": (b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + bytes(range(256)), "photo.txt"),
    "unclear.txt": (bytes(range(128, 256)) * 4, "unclear.txt isn't UTF-8 at line 1"),
    "nul.txt": (b"a song\nand a\0 zero", "zero byte at line 2"),
    "bomb.docx": (docx("", 200_000_000), "bomb.docx"),
    "poems.zip": (docx("x"), "poems.zip is a Word document, not plain text. Rename it to end in .docx"),
    "broken.docx": (b"PK\x03\x04 not a zip", "broken.docx can't be read as a Word document"),
    "entities.xml": (
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><rss>&b;</rss>',
        "declares XML entities",
    ),
    "deep.json": (b"[" * 100_000, "nested too deeply"),
    "deep.jsonl": (b"[" * 100_000, "isn't valid JSON"),
    "a'\"b.json": (b"{", "isn't valid JSON"),
    "\u202egnp\u200f.json": (b"3", "gnp.json contains no list"),
    "n" * 230 + ".csv": (b'text\n"open', "quotes that aren't closed"),
}


@pytest.mark.timeout(600)
def test_files_that_cannot_be_read_show_an_error_and_leave_nothing(
    handlers: Handlers, home: Home, tmp_path: Path
) -> None:
    for name, (data, says) in BAD.items():
        paths = upload(tmp_path, name, data)
        said = last(handlers.upload(paths))["error"]
        assert "\n" not in said and "Traceback" not in said and len(said) < 400, name
        assert says in said, (name, said)
        assert list_corpora(home) == [], name


def test_a_failed_upload_keeps_the_chosen_corpus(handlers: Handlers, home: Home, tmp_path: Path) -> None:
    list(handlers.upload(upload(tmp_path, "songs.txt", SONG.encode())))
    (corpus,) = list_corpora(home)
    for name in ("broken.docx", "deep.json"):  # the first is read in a process of its own
        answers = list(handlers.upload(upload(tmp_path, name, BAD[name][0]), chosen=corpus.id))
        _, chosen, listed, _ = answers[-1]
        assert chosen == listed.value == corpus.id, name
    assert list_corpora(home) == [corpus] and [poem.text for poem in corpus.poems()] == [SONG]


def test_file_names_are_never_paths_and_are_shortened(handlers: Handlers, home: Home, tmp_path: Path) -> None:
    from poetbot.library.corpora import create_corpus

    for name in (
        "../../up.txt",
        "/etc/poems.txt",
        "a" * 4000 + ".txt",
        "\u202e\u200f.txt",
        "a\x1b[31m\n.txt",
        "..",
        "",
    ):
        corpus = create_corpus(home, [(name, SONG.encode())])
        state = corpus.state()
        assert state.name.isprintable() and 0 < len(state.name) <= 80 and len(state.files[0].name) <= 80
        assert [path.name for path in (corpus.folder / "files").iterdir()] in (["0000.txt"], ["0000"])
    assert {path.name for path in home.root.iterdir()} <= {"corpora", "gradio"}


def test_a_csv_with_one_column_offers_its_fields(handlers: Handlers, home: Home, tmp_path: Path) -> None:
    page = last(handlers.upload(upload(tmp_path, "one.csv", b'vers\n"one\ntwo"\n')))
    assert "Choose the field" in page["corpus"] and "--text" not in page["corpus"]
    assert '<option value="vers">' in page["corpus"] and len(list_corpora(home)) == 1
    assert (
        "1 poem included"
        in last(handlers.upload(upload(tmp_path, "two.csv", b'text\n"one\ntwo"\n')))["corpus"]
    )


def test_many_files_of_which_one_is_bad(handlers: Handlers, home: Home, tmp_path: Path) -> None:
    paths = [upload(tmp_path, f"{n}.txt", f"{SONG}\n\nNumber {n}\n".encode())[0] for n in range(999)]
    page = last(handlers.upload(paths))
    assert "998 poems are nearly the same" in page["corpus"] and "0 and 998 more" in page["corpus"]
    paths = [upload(tmp_path, f"{n}.txt", SONG.encode())[0] for n in range(3)]
    bad = upload(tmp_path, "bad.txt", b"\0")
    assert "Left out: bad.txt isn&#39;t text" in last(handlers.upload(paths + bad))["corpus"]
    assert "bad.txt isn't text" in last(handlers.upload(bad))["error"]
    assert len(list_corpora(home)) == 2


def test_repeated_poems_and_no_poems(handlers: Handlers, home: Home, tmp_path: Path) -> None:
    same = json.dumps([SONG] * 500).encode()
    html = last(handlers.upload(upload(tmp_path, "same.json", same)))["corpus"]
    assert (
        "1 poem included" in html and "499 poems are nearly the same" in html and "Upload a few more" in html
    )
    html = last(handlers.upload(upload(tmp_path, "novel.txt", (PROSE * 50).encode())))["corpus"]
    assert "No poems found" in html and "This looks like a collection" not in html


@pytest.mark.slow
def test_a_line_of_fifty_megabytes(handlers: Handlers, home: Home, tmp_path: Path) -> None:
    page = last(handlers.upload(upload(tmp_path, "line.txt", b"tide " * 10_000_000)))
    assert "No poems found" in page["corpus"] and len(page["corpus"]) < 50_000


def test_reading_can_be_stopped_and_resumed(handlers: Handlers, home: Home, tmp_path: Path) -> None:
    values = handlers.upload(upload(tmp_path, "large.txt", f"A SONG\n\n{SONG}\n\n\n".encode() * 20_000))
    next(values)  # brought
    next(values)  # and being read
    values.close()  # type: ignore[attr-defined]
    (corpus,) = list_corpora(home)
    assert corpus.is_stale() and not list(corpus.folder.glob(".half*"))
    small = last(handlers.upload(upload(tmp_path, "small.txt", SONG.encode())))
    assert "1 poem" in small["corpus"]
    assert "1 poem included" in last(handlers.open_upload(list_corpora(home)[0].id))["corpus"]
    assert "no longer exists" in last(handlers.open_upload("../etc"))["error"]


def test_files_that_did_not_arrive_are_an_error(handlers: Handlers, tmp_path: Path) -> None:
    for paths in (None, [], [3], 7, [str(tmp_path / "gone.txt")]):
        assert "didn't arrive" in last(handlers.upload(paths))["error"]


def test_a_new_page_shows_the_latest_upload(handlers: Handlers, home: Home) -> None:
    assert handlers.show_latest()[1] == ""
    list(handlers.paste(SONG))
    page, number, listed = handlers.show_latest()
    assert "1 poem included" in page["corpus"] and number == list_corpora(home)[0].id
    assert listed.value == number


@pytest.mark.parametrize("is_shared", [False, True])
def test_where_a_cluster_trains_the_page_does_not_claim_that_poems_stay_here(is_shared: bool) -> None:
    html = render_blocks("tabs/teach/upload.html", locale("en"), is_shared=is_shared, on_cluster=True)
    assert "cluster" in html["heading"]
    assert "stay on this computer" not in html["heading"] and "no further" not in html["heading"]
