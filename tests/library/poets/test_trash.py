import json
import multiprocessing
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from poetbot.cli import main
from poetbot.errors import PoetBotError
from poetbot.library.poets.card_index import list_poets
from poetbot.library.poets.trash import delete, delete_expired, list_trash, rename, restore
from poetbot.poets.folder import load, poet_folders
from poetbot.storage import Home


def names(home: Home) -> list[str]:
    return [row.name for row in list_poets(home)]


def test_a_poet_is_renamed_with_its_card(home: Home, shelf: Callable[[str], Path]) -> None:
    shelf("fox")
    (home.poets / "fox" / "README.md").write_text("# The poet fox\n\nIt read.\n")
    assert rename(home, "fox", " Red  fox ") == "Red fox"
    assert names(home) == ["Red fox"] and load("Red fox").name == "Red fox"
    assert (home.poets / "Red fox" / "README.md").read_text() == "# The poet Red fox\n\nIt read.\n"
    assert rename(home, "Red fox", "red fox") == "red fox"


def test_no_two_poets_have_the_same_name(home: Home, shelf: Callable[[str], Path]) -> None:
    shelf("fox")
    shelf("sun")
    for taken in ("sun", "SUN", "english"):
        with pytest.raises(PoetBotError, match="already"):
            rename(home, "fox", taken)


@pytest.mark.parametrize("name", ["", ".", "..", "../jobs", "nobody", "x" * 4000, "x\0", "\u202efox", None])
def test_a_name_is_never_a_path(home: Home, shelf: Callable, name: str) -> None:
    shelf("fox")
    for change in (lambda: rename(home, name, "new"), lambda: delete(home, name)):
        with pytest.raises(PoetBotError, match="no poet by that name"):
            change()
    with pytest.raises(PoetBotError, match="trash"):
        restore(home, name)


def test_a_deleted_poet_can_be_restored_until_it_is_swept(home: Home, shelf: Callable) -> None:
    before = (shelf("fox") / "weights.safetensors").read_bytes()
    receipt = delete(home, "fox")
    assert names(home) == [] and list_trash(home) == [(receipt, "fox")]
    shelf("fox")  # another one meanwhile
    assert restore(home, receipt) == "fox 2"
    assert (home.poets / "fox 2" / "weights.safetensors").read_bytes() == before
    receipt = delete(home, "fox")
    assert delete_expired(home) == 0 and delete_expired(home, days=-1) == 1
    with pytest.raises(PoetBotError, match="no longer in the trash"):
        restore(home, receipt)


def test_old_incomplete_imports_are_swept(home: Home) -> None:
    old, new = home.create(home.poets) / ".new-a", home.poets / ".new-b"
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (0, 0))
    delete_expired(home)
    assert not old.exists() and new.exists() and names(home) == []


def test_a_poet_in_training_cannot_be_moved(home: Home, shelf: Callable) -> None:
    folder = shelf("fox")
    (folder / "job").mkdir()
    with FileLock(folder / "job" / "lock"), pytest.raises(PoetBotError, match="being trained"):
        delete(home, "fox")
    assert delete(home, "fox")


@pytest.mark.parametrize("damage", [b"", b"not a database" * 1000, None])
def test_the_index_is_rebuilt_from_the_folders(home: Home, shelf: Callable, damage: bytes | None) -> None:
    shelf("fox")
    assert names(home) == ["fox"]
    path = home.root / "index.sqlite"
    if damage is None:
        path.unlink()
        path.mkdir()  # in the way: it is done without
    else:
        path.write_bytes(damage)
    shelf("sun")
    assert names(home) == ["fox", "sun"]


def test_the_index_follows_a_card_that_changes(home: Home, shelf: Callable) -> None:
    folder = shelf("fox")
    assert list_poets(home)[0].bytes > 1000
    card = json.loads((folder / "poet.json").read_text())
    time.sleep(0.01)
    (folder / "poet.json").write_text(json.dumps({**card, "note": "new"}))
    assert list_poets(home)[0].card["note"] == "new"
    (folder / "poet.json").write_text("{")
    assert names(home) == []


def _push(root: Path, me: int) -> None:
    home = Home(root)
    for _ in range(15):
        list_poets(home)
        for name in [folder.name for folder in poet_folders(home.poets)]:
            try:
                rename(home, name, f"poet {me} {time.monotonic_ns() % 7}")
                restore(home, delete(home, name))
            except PoetBotError:
                continue  # the other one was quicker


def test_two_processes_do_not_harm_each_others_poets(home: Home, shelf: Callable) -> None:
    for name in ("a", "b", "c"):
        shelf(name)
    method = multiprocessing.get_context("spawn")
    both = [method.Process(target=_push, args=(home.root, me)) for me in (1, 2)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    for receipt, _ in list_trash(home):
        restore(home, receipt)
    assert len(names(home)) == 3 and all(load(name) for name in names(home))


def test_the_command_line_finds_the_users_poets(home: Home, shelf: Callable, capsys) -> None:
    shelf("fox")
    (shelf("broken") / "weights.safetensors").write_bytes(b"")
    assert main(["poets", "--json"]) == 0
    said = capsys.readouterr()
    assert {"english", "fox"} <= {row["name"] for row in json.loads(said.out)["poets"]}
    assert "broken" in said.err and "broken" not in said.out
    assert main(["write", "fox", "--characters", "20", "--json"]) == 0
