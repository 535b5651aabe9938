"""Files and folders that are given: the order, what is passed over, and what is refused."""

import os
import socket
from pathlib import Path

import pytest

from poetbot.corpus.loading import parse_files, read_poems
from poetbot.documents import file_selection
from poetbot.documents.file_selection import select_files
from poetbot.errors import PoetBotError

ROW = "text\n{}\n"


def write(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ROW.format(name), encoding="utf-8")
    return folder


def names(*paths: Path) -> list[str]:
    return [file.name for file in select_files(paths).files]


def test_a_folder_is_walked_by_name_whatever_the_order_on_the_disk(tmp_path: Path) -> None:
    files = ["b.csv", "a/two words.csv", "a/b/é.csv", "c.csv", "B.csv"]
    one = write(tmp_path / "one" / "mine", *files)
    other = write(tmp_path / "other" / "mine", *reversed(files))
    order = ["mine/B.csv", "mine/a/b/é.csv", "mine/a/two words.csv", "mine/b.csv", "mine/c.csv"]
    assert names(one) == names(other) == order
    assert read_poems(one).fingerprint == read_poems(other).fingerprint
    assert [poem.source for poem in read_poems(one).poems] == order
    assert read_poems(one).name == "mine" and read_poems([one, other]).name == "mine and 1 more"


def test_files_and_folders_in_the_order_given_each_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "all", "a.csv", "b.csv")
    single = folder / "b.csv"
    assert names(single, folder, single, folder) == ["b.csv", "all/a.csv"]


def test_hidden_files_and_those_of_programs_are_skipped(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "all", "a.csv", ".git/config.csv", ".DS_Store", "~$draft.docx", "Desktop.ini", "Thumbs.db"
    )
    found = select_files([folder])
    assert [file.name for file in found.files] == ["all/a.csv"] and found.left_out == []
    assert names(folder / ".DS_Store") == [".DS_Store"]  # but not where it is named


def test_pictures_are_counted_and_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "all", "a.csv", "one.JPG", "in/two.mp3", "in/film.mov", "in/type.woff2")
    monkeypatch.setattr(Path, "read_bytes", lambda path: path.suffix == ".csv" and b"text\nx\n")
    found = parse_files([folder])
    assert [file.name for file in found.files] == ["all/a.csv"]
    assert [str(each) for each in found.left_out] == [f"Left out: 4 images, sounds or videos in {folder}."]


@pytest.mark.parametrize("kind", ["empty", "hidden", "pictures", "unreadable"])
def test_a_folder_without_readable_files_is_an_error(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    if kind == "hidden":
        write(folder, ".a.csv")
    elif kind == "pictures":
        write(folder, "a.png", "b.png")
    elif kind == "unreadable":
        (folder / "a.txt").write_bytes(bytes(range(256)) * 9)
        (folder / "b.txt").write_bytes(b"")
    with pytest.raises(PoetBotError, match=r"has no file that can be read\. Choose a folder") as caught:
        read_poems(folder)
    assert "\n" not in str(caught.value) and str(folder) in str(caught.value)
    good = write(tmp_path / "good", "a.csv")
    assert any("Left out" in str(notice) for notice in parse_files([folder, good]).notices)


def test_the_one_bad_file_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(PoetBotError, match=r"a\.txt is empty"):
        parse_files([tmp_path])


def test_circular_links_are_not_followed_forever(tmp_path: Path) -> None:
    folder = write(tmp_path / "all", "a.csv", "deep/b.csv")
    elsewhere = write(tmp_path / "elsewhere", "c.csv")
    try:
        (folder / "deep" / "up").symlink_to(folder, target_is_directory=True)
        (folder / "self").symlink_to(folder / "self")
        (folder / "gone.csv").symlink_to(folder / "nothing.csv")
        (folder / "out").symlink_to(elsewhere, target_is_directory=True)
        (folder / "z.csv").symlink_to(folder / "a.csv")
    except OSError:
        pytest.skip("This system makes no links.")
    found = select_files([folder])
    assert [file.name for file in found.files] == ["all/a.csv", "all/deep/b.csv", "all/out/c.csv"]
    assert len(found.left_out) == 2
    assert "all/gone.csv can't be read" in str(found.left_out[0]) and "all/self" in str(found.left_out[1])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes with names.")
def test_pipes_and_sockets_are_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "all", "a.csv")
    os.mkfifo(folder / "pipe.txt")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
        found = select_files([folder])
    assert [file.name for file in found.files] == ["all/a.csv"]
    assert [str(line).split(":")[1] for line in found.left_out] == [
        " all/pipe.txt isn't a file. Give the name of a text file.",
        " all/socket isn't a file. Give the name of a text file.",
    ]
    with pytest.raises(PoetBotError, match=r"pipe\.txt isn't a file"):
        select_files([folder / "pipe.txt"])


def test_a_folder_that_may_not_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "all", "a.csv", "locked/b.csv")
    real = os.scandir

    def scandir(path: Path):
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = select_files([folder])
    assert [file.name for file in found.files] == ["all/a.csv"]
    assert list(map(str, found.left_out)) == [
        "Left out: all/locked can't be read (permission denied). Check that you may open it."
    ]


@pytest.mark.parametrize(("bound", "says"), [("MAX_FILES", "3 files"), ("_MOST_ENTRIES", "3 files and fol")])
def test_the_size_of_folders_is_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, says: str
) -> None:
    monkeypatch.setattr(file_selection, bound, 3)
    folder = write(tmp_path / "all", "a.csv", "b.csv", "c.csv")
    assert len(names(folder)) == 3
    write(folder, "d.csv")
    with pytest.raises(PoetBotError, match=f"has more than {says}"):
        select_files([folder])


def test_ten_thousand_files_are_read_and_reported(tmp_path: Path) -> None:
    for number in range(10_000):
        (tmp_path / f"{number:05d}.jsonl").write_bytes(b'{"text": "%d"}' % number)
    shares: list[float] = []
    corpus = read_poems(tmp_path, seen=shares.append)
    assert [poem.text for poem in corpus.poems] == [str(number) for number in range(10_000)]
    assert len(shares) >= 10_000 and shares == sorted(shares) and 0 <= shares[0] < shares[-1] <= 1


def test_notices_about_many_files_are_bounded(tmp_path: Path) -> None:
    write(tmp_path, "a.csv")
    for number in range(50):
        (tmp_path / f"{number}.txt").write_bytes(b"")
    found = parse_files([tmp_path])
    assert len(found.notices) == 21 and str(found.notices[-1]) == "30 more notices like these."
    assert len(found.left_out) == 50
