"""What is kept stays: versions, stars, collections, deleted poems; also when the process is killed or the disk is full."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.errors import Failure, PoetBotError
from poetbot.library.kept_poems import EditConflict, Poems, poems_of, rows
from poetbot.storage import Home


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def poems(tmp_path: Path, clock: Clock) -> Poems:
    return Poems(tmp_path / "poems.sqlite", clock)


RECEIPT = {"poet": "tiny", "rng": 3, "seed": "Ein Ö, ein ☃"}


def test_a_poem_is_kept_with_its_receipt(poems: Poems) -> None:
    kept = poems.add("The rain\ncame in.", title=" Rain ", poet="tiny", written=[(9, 17)], receipt=RECEIPT)
    assert poems.get(kept.id) == kept
    assert (kept.title, kept.text, kept.name) == ("Rain", "The rain\ncame in.", "Rain")
    assert kept.version.written == ((9, 17),) and kept.version.receipt == RECEIPT
    assert not kept.can_undo and not kept.can_redo and not kept.starred and not kept.deleted
    assert poems.add("\n\n  first line\n").name == "first line" and poems.add("").name == ""


def test_undo_and_redo_overwrite_nothing(poems: Poems) -> None:
    first = poems.add("one")
    second = poems.save(first.id, "two", edited=1, receipt=RECEIPT)
    third = poems.save(first.id, "three", edited=second.version.number)
    assert third.can_undo and poems.undo(first.id).text == "two"
    back = poems.undo(first.id)
    assert back.text == "one" and not back.can_undo and back.can_redo
    assert poems.undo(first.id).text == "one"
    assert poems.redo(first.id).version.receipt == RECEIPT
    branch = poems.save(first.id, "two and a half", edited=2)
    assert not branch.can_redo and poems.redo(first.id).text == "two and a half"
    assert [version.text for version in poems.history(first.id)] == ["one", "two", "three", "two and a half"]
    assert poems.undo(first.id).text == "two"


def test_typing_is_joined_into_one_version(poems: Poems) -> None:
    kept = poems.add("a")
    kept = poems.save(kept.id, "ab", edited=1, join=True)  # the first version is never replaced
    kept = poems.save(kept.id, "abc", edited=kept.version.number, join=True)
    assert [version.text for version in poems.history(kept.id)] == ["a", "abc"]
    poems.undo(kept.id)
    poems.redo(kept.id)
    kept = poems.save(kept.id, "abcd", edited=2)
    poems.undo(kept.id)
    joined = poems.save(kept.id, "x", edited=2, join=True)  # it has a child, so it stays
    assert joined.version.number == 4 and len(poems.history(kept.id)) == 4


def test_a_conflicting_edit_is_reported_and_saved(poems: Poems) -> None:
    kept = poems.add("one")
    here = poems.save(kept.id, "mine", edited=1)
    with pytest.raises(EditConflict, match="another window") as told:
        poems.save(kept.id, "yours", edited=1)
    assert poems.get(kept.id).text == "mine" == here.text
    assert {version.number: version.text for version in poems.history(kept.id)}[told.value.number] == "yours"


@settings(max_examples=30)
@given(
    moves=st.lists(st.sampled_from(["save", "undo", "redo", "clash"]), max_size=25), seed=st.integers(0, 99)
)
def test_undo_and_redo_follow_the_tree_of_versions(
    tmp_path_factory: pytest.TempPathFactory, moves: list[str], seed: int
) -> None:
    poems = Poems(tmp_path_factory.mktemp("tree") / "poems.sqlite", Clock())
    rng = random.Random(seed)
    poem = poems.add("0").id
    texts, parents, current = {1: "0"}, {1: None}, 1
    for k, move in enumerate(moves, 1):
        if move == "undo":
            current = parents[current] or current
            shown = poems.undo(poem)
        elif move == "redo":
            current = max((n for n, parent in parents.items() if parent == current), default=current)
            shown = poems.redo(poem)
        else:
            edited = current if move == "save" else rng.choice(sorted(texts))
            number = max(texts) + 1
            texts[number], parents[number] = str(k), edited
            if edited == current:
                current = number
                shown = poems.save(poem, str(k), edited=edited)
            else:
                with pytest.raises(EditConflict):
                    poems.save(poem, str(k), edited=edited)
                shown = poems.get(poem)
        assert shown.text == texts[current] and shown.can_undo == (parents[current] is not None)
    assert {version.number: version.text for version in poems.history(poem)} == texts


def test_only_the_oldest_of_very_many_versions_are_deleted(
    poems: Poems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST_VERSIONS", 5)
    kept = poems.add("0")
    for k in range(1, 12):
        kept = poems.save(kept.id, str(k), edited=kept.version.number)
    assert [version.text for version in poems.history(kept.id)] == ["7", "8", "9", "10", "11"]
    for _ in range(9):
        kept = poems.undo(kept.id)
    assert kept.text == "7" and not kept.can_undo
    monkeypatch.setattr(rows, "MOST_CHARACTERS", 10)
    kept = poems.save(kept.id, "x" * 20, edited=kept.version.number)
    assert kept.text == "x" * 20 and len(poems.history(kept.id)) == 1


def test_stars_on_poems_and_on_lines(poems: Poems) -> None:
    one, other = poems.add("The rain\n  came in."), poems.add("A bell", title="Bell")
    assert poems.star(one.id).starred and not poems.star(one.id, False).starred
    poems.star_line(one.id, "  came in.")
    kept = poems.star_line(other.id, "A bell")
    assert kept.lines == ("A bell",)
    assert [(line.text, line.name) for line in poems.starred_lines()] == [
        ("A bell", "Bell"),
        ("came in.", "The rain"),
    ]
    edited = poems.save(one.id, "The rain\nwent out.", edited=1)
    assert edited.lines == ("came in.",)  # the line is kept, though the poem has lost it
    assert {poem.id for poem in poems.find(starred=True)} == {one.id, other.id}
    poems.delete(other.id)
    assert [line.text for line in poems.starred_lines()] == ["came in."]
    assert poems.star_line(one.id, "came in.", False).lines == ()
    for bad in ("", " ", "a\nb", "x" * 5_001, None):
        with pytest.raises(PoetBotError):
            poems.star_line(one.id, bad)


def test_collections_are_created_and_disappear_with_their_poems(poems: Poems) -> None:
    one, other = poems.add("one"), poems.add("other")
    assert poems.put_into(one.id, "Sea").collections == ("Sea",)
    poems.put_into(one.id, "Ärger")
    poems.put_into(other.id, "Sea")
    assert poems.collections() == {"Sea": 2, "Ärger": 1}
    assert [poem.text for poem in poems.find(collection="Sea")] == ["other", "one"]
    poems.delete(one.id)
    assert poems.collections() == {"Sea": 1, "Ärger": 0}
    poems.restore(one.id)
    assert poems.put_into(one.id, "Ärger", False).collections == ("Sea",)
    assert poems.collections() == {"Sea": 2} and poems.find(collection="Ärger") == []
    for bad in ("", "a\nb", "x" * 101, 7):
        with pytest.raises(PoetBotError):
            poems.put_into(one.id, bad)


def test_search_finds_words_anywhere(poems: Poems) -> None:
    one = poems.add("Über dem Meer\nDIE Möwe", title="50% off_it")
    poems.add("山中雨未停")
    for text in ("möwe", "MÖWE meer", "über", "Mo\u0308we", "50%", "off_", ""):
        assert one.id in {poem.id for poem in poems.find(text)}, text
    assert [poem.text for poem in poems.find("雨")] == ["山中雨未停"]
    assert poems.find("_") == poems.find("off") and poems.find("' or 1 --") == []
    poems.save(one.id, "Land", edited=1)
    assert poems.find("möwe") == [] and poems.find("land off")[0].id == one.id
    assert poems.name(one.id, "").title == "" and poems.find("off") == []


def test_a_deleted_poem_can_be_restored_for_a_month(poems: Poems, clock: Clock) -> None:
    kept = poems.put_into(poems.star_line(poems.add("The rain").id, "The rain").id, "Sea")
    gone = poems.delete(kept.id)
    assert gone.deleted and poems.find() == [] and [poem.id for poem in poems.find(deleted=True)] == [kept.id]
    back = poems.restore(kept.id)
    assert (back.text, back.lines, back.collections, back.deleted) == (
        "The rain",
        ("The rain",),
        ("Sea",),
        False,
    )
    poems.delete(kept.id)
    clock.now += 31 * 24 * 3600
    poems.delete(poems.add("other").id)
    with pytest.raises(PoetBotError, match="no longer exists"):
        poems.get(kept.id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "x" * 1_000_001},
        {"text": None},
        {"title": "a\nb"},
        {"title": "x" * 201},
        {"poet": 7},
        {"written": [(0, 99)]},
        {"written": [(3, 1)]},
        {"written": ["ab"]},
        {"written": 7},
        {"receipt": "receipt"},
        {"receipt": {"x": float("nan")}},
        {"receipt": {"x": object()}},
        {"receipt": {"x": "y" * 300_000}},
    ],
)
def test_invalid_poems_are_errors(poems: Poems, wrong: dict) -> None:
    with pytest.raises(PoetBotError) as caught:
        poems.add(**({"text": "a poem"} | wrong))
    assert "\n" not in str(caught.value) and poems.find() == []
    for number in (0, -1, 99, True, "1", 2**70):
        with pytest.raises(PoetBotError):
            poems.get(number)


@given(text=st.text(max_size=300), title=st.text(max_size=40), line=st.text(max_size=40))
@settings(max_examples=50)
def test_any_text_can_be_saved(
    tmp_path_factory: pytest.TempPathFactory, text: str, title: str, line: str
) -> None:
    poems = Poems(tmp_path_factory.mktemp("any") / "poems.sqlite")
    try:
        kept = poems.add(text, title=title)
        poems.star_line(kept.id, line)
    except PoetBotError as error:
        assert "\n" not in str(error)
    for poem in poems.find():
        assert poem.text == text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def test_ten_thousand_lines_can_be_saved(poems: Poems) -> None:
    text = "a line of no great length\n" * 10_000 + "x" * 5_000
    assert poems.get(poems.add(text).id).text == text


WRITER = """
import sys
from pathlib import Path
from poetbot.library.kept_poems import Poems
poems = Poems(Path(sys.argv[1]))
kept = poems.add("0")
for k in range(1, 100000):
    kept = poems.save(kept.id, str(k), edited=kept.version.number)
    print(k, flush=True)
"""


def test_saved_poems_survive_a_killed_process(tmp_path: Path) -> None:
    path = tmp_path / "poems.sqlite"
    for turn in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        last = 0
        while last < 20 + 7 * turn:
            last = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        rest = process.stdout.read().split()
        process.wait()
        last = int(rest[-1]) if rest else last
        newest = Poems(path).find()[0]
        assert int(newest.text) in (last, last + 1)  # saved, and killed before it could say so
        assert len(Poems(path).find()) == turn + 1


FILLER = """
import resource, signal, sys
from pathlib import Path
from poetbot.errors import Failure
from poetbot.library.kept_poems import Poems
poems = Poems(Path(sys.argv[1]))
poems.add("safe")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    poems.add("x" * 900_000)
except Failure as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as Unix does")
def test_a_full_disk_is_an_error_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "poems.sqlite"
    done = subprocess.run(
        [sys.executable, "-c", FILLER, str(path)], capture_output=True, text=True, timeout=60
    )
    assert "Make room on the disk" in done.stdout and done.stdout.count("\n") == 1, done.stderr
    assert [poem.text for poem in Poems(path).find()] == ["safe"]


def test_several_poems_are_starred_deleted_and_restored_at_once(poems: Poems) -> None:
    one, two, three = (poems.add(text).id for text in ("one", "two", "three"))
    poems.star(two)
    assert poems.star_all([one, two]) == [one]  # what taking the stars back is about
    poems.star_all([one], False)
    assert [poem.id for poem in poems.find(starred=True)] == [two]
    assert poems.delete_all([one, three, one]) == [one, three]
    assert [poem.id for poem in poems.find()] == [two]
    with pytest.raises(PoetBotError, match="no longer exists"):
        poems.restore_all([one, 99])
    assert [poem.id for poem in poems.find()] == [two]  # all or none
    assert poems.restore_all([one, two, three]) == [one, three] and len(poems.find()) == 3


def test_a_poem_nobody_has_touched_can_be_left_out(poems: Poems) -> None:
    touches = {
        "edited": lambda poem: poems.save(poem, "a\nb", edited=1),
        "titled": lambda poem: poems.name(poem, "T"),
        "starred": poems.star,
        "with a starred line": lambda poem: poems.star_line(poem, "a"),
        "collected": lambda poem: poems.put_into(poem, "C"),
    }
    for name, touch in touches.items():
        poem = poems.add("a", written=[(0, 1)], touched=False).id
        poems.keep_settings(poem, {"temperature": 1})
        assert poems.find(untouched=False) == [] and len(poems.find()) == 1, name
        assert [each.id for each in poems.find(untouched=False, current=poem)] == [poem]
        assert poems.count_untouched() == 1
        touch(poem)
        assert [each.id for each in poems.find(untouched=False)] == [poem], name
        assert poems.count_untouched() == 0
        poems.delete(poem)


def texts(poems: Poems, poem: int) -> list[str]:
    return [version.text for version in poems.history(poem)]


def test_a_request_that_saved_a_version_edits_it(poems: Poems) -> None:
    poem = poems.add("one", request="a")
    assert poems.add("one", request="a") == poem == poems.save(99, "one", edited=7, request="a")
    second = poems.save(99, "two", edited=7, request="a")
    joined = poems.save(poem.id, "three", edited=2, join=True, request="b")
    assert joined.version.number == second.version.number and texts(poems, poem.id) == ["one", "three"]
    assert poems.add("four", request="b").version.number == 2
    assert poems.add("five", request="a").id != poem.id  # a version has one request, the last


def test_undo_leads_from_a_typed_poem_to_the_empty_page(poems: Poems) -> None:
    poem = poems.add("one", typed=True, request="a")
    assert (
        poem.version.number == 2 and poems.find("one") and poems.add("one", typed=True, request="a") == poem
    )
    assert poems.undo(poem.id).text == "" and texts(poems, poem.id) == ["", "one"]


def test_a_conflict_is_saved_once(poems: Poems) -> None:
    poem = poems.add("one").id
    poems.save(poem, "elsewhere", edited=1)
    numbers = []
    for text in ("mine", "mine", "mine, longer"):
        with pytest.raises(EditConflict) as told:
            poems.save(poem, text, edited=1, request="a")
        numbers.append(told.value.number)
    assert numbers == [3, 3, 4] and texts(poems, poem) == ["one", "elsewhere", "mine", "mine, longer"]


@pytest.mark.parametrize("turn", range(5))
def test_a_request_that_comes_several_times_at_once_saves_one_poem(poems: Poems, turn: int) -> None:
    poems.add("so that the file exists")
    together = threading.Barrier(8)
    at_once(lambda k: (together.wait(), poems.add("one", typed=turn % 2 == 0, request="a")), 8)
    assert len(poems.find("one")) == 1


def test_settings_stay_with_their_poem(poems: Poems) -> None:
    poem = poems.add("one")
    assert poem.settings is None
    settings = {"seed": "The sea", "form": {"name": "haiku"}, "temperature": 0.5}
    assert poems.keep_settings(poem.id, settings).settings == settings
    assert poems.save(poem.id, "two", edited=1).settings == settings
    for bad in ("haiku", {"temperature": float("nan")}, {"seed": "x" * 300_000}, {"seed": "\ud800"}):
        with pytest.raises(PoetBotError, match="settings of a poem"):
            poems.keep_settings(poem.id, bad)


def test_a_poem_that_is_edited_after_it_was_deleted_comes_back(poems: Poems) -> None:
    poem = poems.delete(poems.add("one").id)
    assert not poems.save(poem.id, "two", edited=1).deleted and poems.find()[0].text == "two"


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_of_an_older_format_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    poems = Poems(tmp_path / "old.sqlite")
    poems.add("one", title="Kept")
    with sqlite3.connect(poems.path) as base:
        base.execute("drop index versions_by_request")
        base.execute("alter table versions drop column request")
        for column in ("touched", "settings") if version == 1 else ():
            base.execute(f"alter table poems drop column {column}")
        base.execute(f"pragma user_version = {version}")
    at_once(lambda k: poems.add(f"{k}", request=f"{k}"), 4)
    assert len(poems.find(untouched=False)) == 5
    assert poems.find("Kept")[0].settings is None
    assert poems.add("3", request="3").text == "3" and len(poems.find()) == 5


def test_a_damaged_or_newer_file_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "poems.sqlite"
    path.write_bytes(b"no database at all " * 100)
    with pytest.raises(PoetBotError, match="can't be read"):
        Poems(path).find()
    assert path.read_bytes().startswith(b"no database")
    newer = Poems(tmp_path / "newer.sqlite")
    newer.add("x")
    with sqlite3.connect(newer.path) as base:
        base.execute("pragma user_version = 9")
    with pytest.raises(PoetBotError, match="newer PoetBot"):
        newer.find()
    with pytest.raises(Failure):
        Poems(tmp_path / "nowhere" / "poems.sqlite").find()


def at_once(keep: Callable[[int], object], count: int) -> None:
    threads = [threading.Thread(target=keep, args=(k,)) for k in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_threads_can_save_at_once(poems: Poems) -> None:
    at_once(lambda k: [poems.add(f"{k} {n}") for n in range(5)], 6)
    assert len(poems.find()) == 30


@pytest.mark.parametrize("number", range(20))
def test_simultaneous_first_saves_all_succeed(poems: Poems, number: int) -> None:
    together = threading.Barrier(8)
    at_once(lambda k: (together.wait(), poems.add(f"first {k}")), 8)
    assert len(poems.find()) == 8


def test_poems_are_stored_in_the_data_folder(poetbot_home: Path) -> None:
    kept = poems_of(Home.default()).add("The rain")
    assert (poetbot_home / "poems.sqlite").is_file()
    assert poems_of(Home.default()).get(kept.id).text == "The rain"
