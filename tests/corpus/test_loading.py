"""Files to corpora."""

import json
from pathlib import Path

import pytest

from poetbot.corpus import Corpus, corpus_of, read_plain, read_poems
from poetbot.errors import PoetBotError
from poetbot.poem import Poem

VERSE = "The kettle sings upon the stove,\nThe cat is fast asleep;\nAnd all the words I have for love\nAre more than I can keep."


def jsonl(path: Path, *records: object) -> Path:
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records), encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(PoetBotError) as caught:
        read_poems(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_jsonl_is_not_filtered(tmp_path: Path) -> None:
    prose = "This is no verse at all but it was given as a poem, so a poem it is.\n"
    path = jsonl(
        tmp_path / "own.jsonl",
        {"text": VERSE, "title": " Stove\nsong ", "author": "A. Writer", "year": 1999},
        "",
        {"text": prose, "title": ""},
    )
    corpus = read_poems(path)
    assert corpus.name == "own" and corpus.notices == ()
    assert [p.text for p in corpus.poems] == [VERSE, prose]
    assert (corpus.poems[0].title, corpus.poems[0].author) == ("Stove song", "A. Writer")
    assert (corpus.poems[1].title, corpus.poems[1].author) == (None, None)
    assert [(p.source, p.start_line) for p in corpus.poems] == [("own.jsonl", 1), ("own.jsonl", 3)]


def test_jsonl_text_is_normalised_to_lf_and_nfc(tmp_path: Path) -> None:
    corpus = read_poems(jsonl(tmp_path / "x.jsonl", {"text": "cafe\u0301\r\nau lait\rnoir"}))
    assert corpus.poems[0].text == "café\nau lait\nnoir"


def test_jsonl_marker_is_dropped_with_a_notice(tmp_path: Path) -> None:
    corpus = read_poems(jsonl(tmp_path / "x.jsonl", {"text": "a\n++++\nb"}, {"text": "++++\n"}))
    assert [p.text for p in corpus.poems] == ["a\nb"]
    assert "Line 1 of x.jsonl" in str(corpus.notices[0]) and "++++" in str(corpus.notices[0])
    assert any("Line 2" in notice and "empty" in notice for notice in map(str, corpus.notices))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "isn't valid JSON"),
        ("[1, 2]", "isn't a JSON object"),
        ('{"title": "x"}', 'no "text"'),
        ('{"text": 3}', "isn't text"),
        ('{"text": "x", "author": {}}', '"author"'),
        ('{"text": "\\ud800"}', "surrogate"),
        ('{"text": "a\\u0000b"}', "zero character"),
        ("[" * 100_000, "isn't valid JSON"),
    ],
)
def test_a_bad_line_is_left_out_and_named(tmp_path: Path, line: str, says: str) -> None:
    corpus = read_poems(jsonl(tmp_path / "x.jsonl", {"text": "fine"}, line, {"text": "fine too"}))
    assert [poem.text for poem in corpus.poems] == ["fine", "fine too"]
    (notice,) = map(str, corpus.notices)
    assert notice.startswith("Left out: Line 2 of x.jsonl") and says in notice
    assert says in refused(jsonl(tmp_path / "y.jsonl", line)).replace("Line 1", "Line 2")


def test_the_number_of_notices_is_limited(tmp_path: Path) -> None:
    corpus = read_poems(jsonl(tmp_path / "x.jsonl", *({"text": f"poem {n}\n++++"} for n in range(500))))
    assert len(corpus.notices) == 21 and "480 more" in str(corpus.notices[-1])


def test_an_empty_jsonl_is_an_error(tmp_path: Path) -> None:
    assert "contains no poems" in refused(jsonl(tmp_path / "x.jsonl", {"text": "  \n"}))


def test_raw_text_goes_through_the_filter(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_bytes(("STOVE SONG\r\n\r\n\r\n" + VERSE.replace("\n", "\r\n") + "\r\n").encode("utf-8-sig"))
    corpus = read_poems(str(path))
    assert corpus.name == "book"
    assert [(p.title, p.text, p.start_line, p.end_line, p.source) for p in corpus.poems] == [
        ("STOVE SONG", VERSE, 4, 7, "book.txt")
    ]


def test_text_without_poems(tmp_path: Path) -> None:
    path = tmp_path / "novel.txt"
    path.write_text("It was a long way to the station and nobody spoke. " * 40, encoding="utf-8")
    assert "There are no poems in novel.txt" in refused(path)


@pytest.mark.parametrize("name", ["missing.txt", "folder"])
def test_a_missing_file_or_a_folder_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    assert name in refused(tmp_path / name)


def test_an_unreadable_file_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked.txt"
    path.write_text(VERSE)

    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    assert "permission denied" in refused(path)


def test_plain_poems_are_kept_exactly(tmp_path: Path) -> None:
    path = tmp_path / "unseen.txt"
    path.write_bytes(b"%\n  one \r\n\r\ntwo\n%\n% \n\n%\nthree\n")
    corpus = read_plain(path)
    assert [p.text for p in corpus.poems] == ["  one \n\ntwo", "three\n"]
    assert [(p.start_line, p.end_line) for p in corpus.poems] == [(2, 4), (9, 10)]


def test_plain_without_poems(tmp_path: Path) -> None:
    path = tmp_path / "unseen.txt"
    path.write_text("%\n%\n")
    with pytest.raises(PoetBotError, match="contains no poems"):
        read_plain(path)


def test_the_fingerprint_is_of_the_poems_and_not_of_the_file() -> None:
    poems = [Poem("a", title="t"), Poem("b", author="w")]
    other_place = [Poem("a", title="t", source="x", start_line=3), Poem("b", author="w")]
    assert corpus_of(poems, "one").fingerprint == corpus_of(other_place, "two").fingerprint
    assert corpus_of(poems, "one").fingerprint != corpus_of(poems[::-1], "one").fingerprint
    assert len(corpus_of(poems, "one").fingerprint) == 64
    assert isinstance(corpus_of([], "none"), Corpus)
