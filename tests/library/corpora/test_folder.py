"""A corpus in the data folder: brought, read, changed by the person, and gone."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.corpus.parts import REPEATED, Reading
from poetbot.documents.records import FieldChoice, NoSuchField
from poetbot.errors import PoetBotError
from poetbot.library.corpora import Corpus, create_corpus, find_corpus, list_corpora
from poetbot.library.corpora.metadata import Metadata
from poetbot.library.corpora.results import Results
from poetbot.storage import Home

SONG = "The lamp is lit, the door is shut,\nThe kettle starts to sing,\nAnd every cup inside the hut\nIs waiting for the king."
OTHER = "The rain is on the roof tonight,\nThe dog is at the door,\nAnd nobody has struck a light\nOr swept the kitchen floor."
PROSE = (
    "The ferry was late again, and nobody was told why, though we had waited on the landing stage for an hour and "
    "more with all our bags; in the end a boy came out and said it would not come, and we walked back up the hill."
)
BOOK = f"A SONG\n\n{SONG}\n\n\n\n{PROSE}\n\n\n\nANOTHER\n\n{OTHER}\n"


@pytest.fixture
def home(poetbot_home: Path) -> Home:
    return Home(poetbot_home)


def texts(corpus: Corpus) -> list[str]:
    return [poem.text for poem in corpus.poems()]


def test_a_corpus_is_added_read_and_changed(home: Home) -> None:
    corpus = create_corpus(home, {"My Poems.txt": BOOK.encode()})
    assert list_corpora(home) == [corpus] == [find_corpus(home, corpus.id)] and corpus.is_stale()
    steps = list(corpus.read_stepwise())
    assert all(0 <= step.share <= 1 for step in steps)
    counts = corpus.summary().counts
    assert (counts.poems, counts.lines, counts.prose, counts.other) == (2, 8, 1, 2)
    assert corpus.summary().collection and not corpus.is_stale()
    assert [poem.title for poem in corpus.poems()] == ["A SONG", "ANOTHER"]
    assert corpus.state().name == "My Poems" and corpus.licence() is None

    corpus.set_included({1: False, 2: True})
    assert corpus.is_stale() and texts(corpus) == [PROSE, OTHER] and corpus.summary().counts.said_out == 4
    corpus.set_included({1: None})
    assert texts(corpus)[0].startswith("The lamp") and len(list(corpus.folder.glob("read-*"))) == 1

    corpus.set_reading(Reading.POEMS)
    assert len(texts(corpus)) == 2 and corpus.summary().counts.prose == 0
    corpus.set_reading(Reading.SECTIONS)
    assert corpus.read().counts.poems == 5  # each paragraph, for there are no longer parts
    corpus.set_reading(Reading.FILTER)
    assert corpus.read().counts.poems == 2  # what was said before still holds

    corpus.set_owner("mine")
    corpus.rename("  Ferries\n\u202e ")
    assert corpus.licence() and corpus.state().name == "Ferries"
    corpus.delete()
    corpus.delete()
    assert list_corpora(home) == [] and list(home.corpora.iterdir()) == []
    with pytest.raises(PoetBotError, match="no longer exists"):
        corpus.state()


def test_near_duplicates_are_kept_once_unless_the_user_includes_them(home: Home) -> None:
    corpus = create_corpus(
        home, {"a.txt": f"A SONG\n\n{SONG}\n".encode(), "b.txt": f"ONCE MORE\n\n{SONG}\n".encode()}
    )
    assert corpus.read().counts.repeated == 1 and len(corpus.poems()) == 1
    record = corpus.results()
    (row,) = [n for n, row in enumerate(record.rows) if record.reasons[row["reason"]] == REPEATED]
    assert record.twins[record.rows[row]["twin"]] == "A SONG" and not record.rows[row]["taken"]
    corpus.set_included({row: True})
    assert len(corpus.poems()) == 2


def test_the_same_poem_500_times_is_one(home: Home) -> None:
    rows = [{"text": SONG}] * 500
    corpus = create_corpus(home, {"poems.json": json.dumps(rows).encode()})
    assert corpus.read().counts.poems == 1 and corpus.summary().counts.repeated == 499


def test_fields_and_tags_are_chosen(home: Home) -> None:
    corpus = create_corpus(home, {"poems.csv": b"vers,wer\none,Ada\ntwo,Bob\n"})
    with pytest.raises(NoSuchField) as caught:
        corpus.read()
    assert caught.value.names == ("vers", "wer") and not list(corpus.folder.glob(".half*"))
    corpus.set_fields(FieldChoice(text="vers", author="wer"))
    assert [(poem.text, poem.author) for poem in corpus.poems()] == [("one", "Ada"), ("two", "Bob")]
    assert corpus.summary().fields == ("vers", "wer")
    record = corpus.results()
    assert record.text(record.rows[1], 100) == ("\tBob", "two", False)


def test_another_encoding_is_chosen(home: Home) -> None:
    russian = "Над тихой рекой опускается вечер,\nи лодка у берега спит.\n"
    files = {
        "a.txt": SONG.encode(),
        "b.txt": russian.encode("cp1251"),
        "c.csv": "text\nété\n".encode("cp1252"),
    }
    corpus = create_corpus(home, files)
    summary = corpus.read()
    assert [(each.file, each.encoding) for each in summary.encoded] == [
        (1, "Windows-1251"),
        (2, "Windows-1252"),
    ]
    assert summary.encoded[0].line == russian.split("\n")[0] and "KOI8-R" in dict(summary.encoded[0].choices)
    assert summary.notices == ()
    corpus.set_reading(Reading.POEMS)
    corpus.set_encoding(1, "KOI8-R")
    corpus.set_encoding(2, "Mac Roman")
    assert corpus.is_stale()
    wrong = russian.encode("cp1251").decode("koi8-r").split("\n")[1]
    assert texts(corpus)[1].endswith(wrong) and texts(corpus)[2] == "ÈtÈ"
    assert [each.encoding for each in corpus.summary().encoded] == ["KOI8-R", "Mac Roman"]
    corpus.set_encoding(1, "Windows-1251")
    assert texts(corpus)[1] in russian
    for file, encoding in ((3, "KOI8-R"), (-1, "KOI8-R"), (1, "utf-7"), (1, "")):
        with pytest.raises(PoetBotError, match="no such encoding"):
            corpus.set_encoding(file, encoding)


def test_an_encoding_that_breaks_a_table_can_be_changed_again(home: Home) -> None:
    table = "text,titre\nété,Août\n".encode("utf-16-le")
    corpus = create_corpus(home, {"a.txt": SONG.encode(), "b.csv": table})
    assert corpus.read().encoded[0].choices == ()
    corpus.set_encoding(1, "Windows-1252")
    summary = corpus.read()
    assert str(summary.notices[0]).startswith("Left out: b.csv isn't text")
    assert [(each.file, each.encoding, each.line) for each in summary.encoded] == [(1, "Windows-1252", "")]


def test_the_text_of_a_part_is_found_again(home: Home) -> None:
    corpus = create_corpus(
        home, [("a.txt", f"é\n\n{SONG}\r\n".encode()), ("b.md", f"# Ä\n\n{OTHER}".encode())]
    )
    corpus.read()
    record = corpus.results()
    seen = [record.text(row, 10_000) for row in record.rows]
    assert [text for _, text, _ in seen] == ["é", SONG, "Ä", OTHER]
    assert record.text(record.rows[1], 5) == ("", "The l", True)


def test_cancelled_reading_changes_nothing(home: Home) -> None:
    corpus = create_corpus(home, {"a.txt": (BOOK * 3000).encode()})
    reading = corpus.read_stepwise()
    next(reading)
    reading.close()
    assert corpus.is_stale() and sorted(path.name for path in corpus.folder.iterdir()) == [
        "corpus.json",
        "files",
    ]


def test_no_poems_is_an_error(home: Home) -> None:
    corpus = create_corpus(home, {"novel.txt": (PROSE * 9).encode()})
    assert corpus.read().counts.poems == 0
    with pytest.raises(PoetBotError, match="No poems found in novel"):
        corpus.poems()


@pytest.mark.parametrize("number", ["", "..", "../../etc", "20260101-000000-0000000g", None, 3])
def test_an_id_is_never_a_path(home: Home, number: object) -> None:
    with pytest.raises(PoetBotError, match="no longer exists"):
        find_corpus(home, number)  # type: ignore[arg-type]


def test_files_that_cannot_be_added(home: Home) -> None:
    for files, says in (
        ({}, "0 files"),
        ({"a.txt": b""}, "a.txt is empty"),
        ([("a", b"a")] * 10_001, "10,001"),
    ):
        with pytest.raises(PoetBotError, match=says):
            create_corpus(home, files)  # type: ignore[arg-type]
    assert list_corpora(home) == [] and not list(home.corpora.glob(".*"))


def test_invalid_choices_are_errors(home: Home) -> None:
    corpus = create_corpus(home, {"a.txt": BOOK.encode()})
    with pytest.raises(PoetBotError, match="hasn't been read"):
        corpus.set_included({0: True})
    corpus.read()
    for number in (-1, 99, 1.5, None, True):
        with pytest.raises(PoetBotError, match="part no longer exists"):
            corpus.set_included({number: True})  # type: ignore[dict-item]
    with pytest.raises(PoetBotError, match="whose poems"):
        corpus.set_owner("nobody")


def test_damaged_results_are_errors(home: Home) -> None:
    corpus = create_corpus(home, {"a.txt": BOOK.encode()})
    corpus.read()
    folder = corpus.folder / (corpus.state().read or "")
    for name in ("poems.jsonl", "parts.npy", "summary.json", "reasons.json", "corpus.json"):
        path = (corpus.folder if name == "corpus.json" else folder) / name
        before = path.read_bytes()
        for data in (b"{", b"[" * 100_000, b'{"format": 1, "name": []}', b"\x93NUMPY" + b"\0" * 99):
            path.write_bytes(data)
            with pytest.raises(PoetBotError, match="damaged"):
                list(corpus.results().poems())
        path.write_bytes(before)
    assert len(corpus.poems()) == 2


def test_results_in_use_outlive_a_newer_reading(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = create_corpus(home, {"a.txt": BOOK.encode()})
    corpus.read()
    old, name = corpus.results(), corpus.state().read
    corpus.set_included({1: False})
    opened = Results.opened

    def read_meanwhile(folder: Path) -> Results:
        """Another window reads the corpus while this one opens the results."""
        monkeypatch.setattr(Results, "opened", opened)
        corpus.read()
        return opened(folder)

    monkeypatch.setattr(Results, "opened", read_meanwhile)
    assert [poem.title for poem in corpus.results().poems()] == ["ANOTHER"]
    assert not (corpus.folder / str(name)).exists()
    assert [poem.title for poem in old.poems()] == ["A SONG", "ANOTHER"] and old.heading(1) == "A SONG"
    assert old.text(old.rows[1], 1000)[1] == SONG


@settings(max_examples=40)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    ),
    st.sampled_from(
        [
            "name",
            "files",
            "made",
            "owner",
            "licence",
            "reading",
            "wanted",
            "said",
            "edits",
            "encodings",
            "read",
            "format",
        ]
    ),
)
def test_invalid_metadata_is_an_error(value: object, key: str) -> None:
    data = Metadata("a", (), 1.0).as_json()
    assert Metadata.from_json(data) == Metadata("a", (), 1.0)
    try:
        assert isinstance(Metadata.from_json({**data, key: value}), Metadata)
    except PoetBotError as error:
        assert "Add its files again" in str(error)


def test_stored_poems_are_those_that_were_found(home: Home) -> None:
    rows = [
        {"title": f"夜 {n}", "text": f"the lamp of house {n * n}\nis lit by {chr(97 + n)} alone"}
        for n in range(9)
    ]
    corpus = create_corpus(home, {"lamps.jsonl": "\n".join(json.dumps(row) for row in rows).encode()})
    poems, stored = corpus.poems(), corpus.stored_poems()
    assert [poem.title for poem in poems] == [row["title"] for row in rows]
    assert (
        list(stored) == poems and len(stored) == 9 and stored[-2] == poems[-2] and stored[2:4] == poems[2:4]
    )
    with pytest.raises(IndexError):
        stored[9]
    (corpus.folder / str(corpus.state().read) / "poems.jsonl").write_bytes(b'{"text": ')
    with pytest.raises(PoetBotError, match="damaged"):
        list(corpus.stored_poems())
