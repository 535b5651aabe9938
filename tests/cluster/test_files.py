"""Which files are read, in which order, and how they are written: as on one machine."""

import gzip
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

from poetbot.cluster.files import Place, list_files
from poetbot.documents.file_selection import select_files
from poetbot.errors import PoetBotError

pytestmark = pytest.mark.cluster


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        *("b.txt", "a.txt", "a/z.txt", "a-b/c.txt", "a/.hidden", ".git/x.txt", "picture.png"),
        *("poet/poet.json", "poet/history.jsonl", "Thumbs.db"),
    ):
        file = tmp_path / "books" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return tmp_path / "books"


def test_a_folder_has_the_files_that_one_machine_reads_in_the_same_order(folder):
    assert [file.name for file in list_files([str(folder)])] == [
        file.name for file in select_files([folder]).files
    ]


def test_globs_and_urls_name_files_and_none_is_read_twice(folder):
    found = [file.name for file in list_files([f"{folder}/*.txt", folder.as_uri()])]
    assert found == ["books/a/z.txt", "books/a-b/c.txt", "books/a.txt", "books/b.txt"]
    with pytest.raises(PoetBotError, match="There is no file"):
        list(list_files([f"{folder}/*.epub"]))
    with pytest.raises(PoetBotError, match=r"such as s3://bucket/poems"):
        list(list_files(["nowhere://at/all"]))


def test_packed_files_are_unpacked_and_keep_the_extension_inside(tmp_path):
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"text"))
    (tmp_path / "b.txt.gz").write_bytes(b"\x1f\x8b no gzip at all")
    good, bad = list_files([str(tmp_path)])
    assert (good.plain_name, good.contents()) == (f"{tmp_path.name}/a.txt", b"text")
    with pytest.raises(PoetBotError, match=r"b\.txt\.gz can't be read"):
        bad.contents()


def test_a_file_that_is_written_is_there_as_a_whole(tmp_path):
    place = Place.of(str(tmp_path)) / "new" / "file"
    place.write(b"one")
    place.write(b"two")
    assert place.read() == b"two"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["file"]
