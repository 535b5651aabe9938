"""The largest and the oddest files, from bytes to poems: a named outcome each, and no hanging."""

import time
from pathlib import Path

import pytest

from poetbot.corpus import MAX_BYTES, read_plain, read_poems
from poetbot.corpus.loading import parse_file, parse_files
from poetbot.errors import PoetBotError

STANZA = "The lamp is lit, the door is shut,\nThe kettle starts to sing,\nAnd every cup inside the hut\nIs waiting for the king.\n\n"
PROSE = "The ferry was late again, and nobody was told why, though we had waited\non the landing stage for an hour and more with all our bags; in the end\na boy came out and said it would not come.\n\n"


def write(path: Path, unit: str, size: int) -> Path:
    with path.open("wb") as file:
        data = unit.encode() * (1_000_000 // len(unit.encode()) + 1)
        while file.tell() + len(data) <= size:
            file.write(data)
    return path


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)  # no bytes on the disk, and none read
    start = time.process_time()
    for read in (read_poems, read_plain):
        with pytest.raises(PoetBotError, match="limit of 100 MB"):
            read(path)
    assert time.process_time() - start < 1


def test_prose_between_songs_is_never_taken_for_verse(tmp_path: Path) -> None:
    path = write(tmp_path / "songs.txt", f"A SONG\n\n{STANZA}{STANZA}\n\n{PROSE * 6}\n\n", 1_100_000)
    poems = read_poems(path).poems
    assert {poem.text.count("\n") for poem in poems} == {8}


@pytest.mark.slow
def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "large.txt", f"A SONG\n\n{STANZA}{STANZA}\n\n{PROSE * 6}\n\n", MAX_BYTES)
    start = time.process_time()
    poems = read_poems(path).poems
    assert time.process_time() - start < 90  # about 15 on two busy cores
    assert sum(poem.text.count("\n") == 8 for poem in poems) > 50_000


def test_a_line_of_a_million_characters(tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    path.write_text("tide " * 200_000, encoding="utf-8")
    with pytest.raises(PoetBotError, match="no poems in"):
        read_poems(path)
    path.write_text("x" * 1_000_000 + "\n\n\n" + STANZA * 3, encoding="utf-8")
    assert [poem.start_line for poem in read_poems(path).poems] == [4]
    assert len(read_plain(path).poems) == 1


def test_a_text_that_contains_the_marker(tmp_path: Path) -> None:
    path = tmp_path / "stream.txt"
    path.write_text("++++\n" + "++++\n".join([STANZA] * 5), encoding="utf-8")
    poems = read_poems(path).poems
    assert len(poems) == 5
    assert all("++++" not in poem.text for poem in poems)


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "empty"), (b"\x7fELF\0\0\1", "isn't text"), (b"\n \n", "empty"), (PROSE.encode() * 9, "no poems")],
)
def test_errors_of_bad_input(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "input.txt"
    path.write_bytes(data)
    with pytest.raises(PoetBotError, match=says):
        read_poems(path)


@pytest.mark.parametrize(
    "name",
    ["a\u202etxt.csv", 'it\'s "q".csv', "a\x1b[31m\n.csv", "\u200f.csv", "../../up.csv", "a" * 4000 + ".csv"],
)
def test_names_of_files_are_shown_short_and_plain(name: str) -> None:
    with pytest.raises(PoetBotError, match="no field for the text") as caught:
        parse_file(b"a,b\n1,2\n", name)
    assert str(caught.value).isprintable() and len(str(caught.value)) < 200


def test_a_path_longer_than_any_system_takes(tmp_path: Path) -> None:
    with pytest.raises(PoetBotError, match="There is no file"):
        read_poems(tmp_path / ("a" * 4000))


def test_a_thousand_files_are_read_and_more_refused(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.csv" for number in range(1000)]
    for path in paths:
        path.write_text(f"text\n{path.stem}\n")
    corpus = read_poems(paths)
    assert [poem.text for poem in corpus.poems] == [path.stem for path in paths]
    assert corpus.name == "0 and 999 more"
    with pytest.raises(PoetBotError, match="You selected 10,001 files"):
        parse_files(paths[:1] * 10_001)
    with pytest.raises(PoetBotError, match="You selected 0 files"):
        parse_files([])


def test_one_bad_file_among_many_is_named_and_left_out(tmp_path: Path) -> None:
    good, bad, empty = tmp_path / "good.csv", tmp_path / "picture.txt", tmp_path / "empty.txt"
    good.write_text("text\none\n")
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    empty.write_bytes(b"")
    found = parse_files([bad, good, empty])
    assert [file.name for file in found.files] == ["good.csv"]
    assert [str(notice)[:32] for notice in found.notices] == [
        "Left out: picture.txt isn't text",
        "Left out: empty.txt is empty. Ch",
    ]
    with pytest.raises(PoetBotError, match=r"picture\.txt isn't text"):
        parse_files([bad, empty])
    with pytest.raises(PoetBotError, match=r"There is no file .*none\.txt"):
        parse_files([good, tmp_path / "none.txt"])


@pytest.mark.slow
def test_a_line_of_fifty_million_characters() -> None:
    found = parse_file(b"tide " * 10_000_000, "line.txt")
    assert found.poems == () and [block.label for block in found.blocks] == ["prose"]
