"""Building, keeping, merging; and what a damaged folder says."""

import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, merge, report
from poetbot.poem import Poem
from tests.overlap.older_formats import PLAIN_FROM, as_format

POEMS = [
    Poem(
        "The kettle hums a minor key,\nthe window counts the rain;\n\nI fold the day in half for tea\nand fold it once again.",
        "Kettle",
        "A. Tester",
    ),
    Poem(
        "I fold the day in half for tea,\nthe cat unfolds it quickly.", "Cat", "B. Tester", "cat.txt", 10, 11
    ),
    Poem("", None, None),
    Poem("\n\nthe window counts the rain", None, "A. Tester"),
]
CORPORA = Path(__file__).parents[2] / "corpora"
ARRAYS = [
    "vocabulary",
    "buckets",
    "suffixes",
    "sieve",
    "lines",
    "names",
    "name_ends",
    "poems",
    "suffixes_high",
]
LITTLE = st.lists(
    st.builds(Poem, st.text(st.sampled_from("ab \n"), max_size=30), st.sampled_from([None, "One", "Two"])),
    max_size=5,
)


def arrays(index: OverlapIndex) -> list[list[int]]:
    parts = [getattr(index, name) for name in (*ARRAYS[:5], "ranks", "guides")]
    return [
        part.tolist() for part in (*parts, index.catalogue.names, index.catalogue.ends, index.catalogue.poems)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    OverlapIndex.build(POEMS).save(tmp_path / "overlap")
    return tmp_path / "overlap"


def test_a_source_names_poem_and_line() -> None:
    found = report(OverlapIndex.build(POEMS), "Today I fold the day in half for tea, alone")
    assert [span["words"] for span in found["spans"]] == [8]
    assert found["spans"][0]["sources"] == [
        {"poem": 0, "author": "A. Tester", "title": "Kettle", "line": 4, "of": "poet"},
        {"poem": 1, "author": "B. Tester", "title": "Cat", "line": 1, "of": "poet"},
    ]
    other = report(OverlapIndex.build(POEMS), "the window counts the rain")["spans"][0]["sources"]
    assert [(source["poem"], source["line"]) for source in other] == [(0, 2), (3, 3)]


def test_the_origin_of_a_poem_is_kept() -> None:
    index = OverlapIndex.build(POEMS)
    assert index.origin(1) == ("cat.txt", 10)
    assert index.origin(0) == (None, None)
    assert (index.poem_count, index.word_count) == (4, sum(len(poem.text.split()) for poem in POEMS))


def test_sources_name_each_poem_before_a_second_place_in_one() -> None:
    chant = Poem("row on row on row on row on " * 20, "Chant")
    index = OverlapIndex.build([chant] + [Poem("row on row on, said they", f"Echo {k}") for k in range(5)])
    span = report(index, "row on row on")["spans"][0]
    assert span["count"] == 79 + 5
    assert len(span["sources"]) == 20
    assert {source["poem"] for source in span["sources"]} == set(range(6))
    assert [source["poem"] for source in span["sources"]] == sorted(
        source["poem"] for source in span["sources"]
    )


@given(LITTLE)
def test_saving_and_opening_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, poems: list[Poem]
) -> None:
    where = tmp_path_factory.mktemp("overlap")
    index = OverlapIndex.build(poems)
    index.save(where)
    again = OverlapIndex.open(where)
    assert arrays(again) == arrays(index)
    assert report(again, "a b a b\nab a") == report(index, "a b a b\nab a")


@given(LITTLE, LITTLE, LITTLE)
def test_merged_parts_equal_the_whole(one: list[Poem], two: list[Poem], three: list[Poem]) -> None:
    parts = [OverlapIndex.build(part) for part in (one, two, three)]
    assert arrays(merge(parts)) == arrays(OverlapIndex.build(one + two + three))


def test_sources_say_whether_they_are_the_parents() -> None:
    own, parents = OverlapIndex.build(POEMS[1:2]), OverlapIndex.build(POEMS[:1])
    both = merge([own, parents], of=["poet", "parent"])
    sources = report(both, "I fold the day in half")["longest"]["sources"]
    assert [(source["of"], source["title"]) for source in sources] == [("poet", "Cat"), ("parent", "Kettle")]
    grandchild = merge([OverlapIndex.build([]), both])
    assert [s["of"] for s in report(grandchild, "I fold the day")["longest"]["sources"]] == ["poet", "parent"]


def test_the_same_poems_give_the_same_bytes_and_no_text(folder: Path, tmp_path: Path) -> None:
    OverlapIndex.build(POEMS).save(tmp_path / "again")
    for file in sorted(folder.iterdir()):
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes()
        assert b"kettle hums" not in file.read_bytes().lower()
    assert sorted(file.name for file in folder.iterdir()) == sorted(
        ["index.json", *(f"{name}.npy" for name in ARRAYS)]
    )


@pytest.mark.parametrize("number", PLAIN_FROM)
@given(poems=LITTLE, text=st.text(st.sampled_from("ab \n"), max_size=60))
def test_an_index_of_an_older_format_is_read_and_saved_in_the_new_one(
    tmp_path_factory: pytest.TempPathFactory, number: int, poems: list[Poem], text: str
) -> None:
    where = tmp_path_factory.mktemp("overlap")
    OverlapIndex.build(poems).save(where / "new")
    old = shutil.copytree(where / "new", where / "old")
    as_format(old, number)
    index, new = OverlapIndex.open(old), OverlapIndex.open(where / "new")
    assert arrays(index) == arrays(new) == arrays(OverlapIndex.build(poems))
    assert report(index, text) == report(new, text) == report(OverlapIndex.build(poems), text)
    index.save(old)
    assert {file.name: file.read_bytes() for file in old.iterdir()} == {
        file.name: file.read_bytes() for file in (where / "new").iterdir()
    }


@pytest.fixture(scope="module")
def real() -> list[Poem]:
    """Poems enough for places of three bytes."""
    rows = (CORPORA / "english.jsonl").read_text("utf-8").splitlines()
    poems = [Poem(row["text"], row.get("title"), row.get("author")) for row in map(json.loads, rows)]
    return poems * (1 + 70_000 // sum(len(poem.text.split()) for poem in poems))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, real: list[Poem]) -> Path:
    folder = tmp_path_factory.mktemp("large") / "overlap"
    OverlapIndex.build(real).save(folder)
    return folder


def test_real_poems_give_the_same_report_built_opened_and_from_an_older_folder(
    real: list[Poem], large: Path, tmp_path: Path
) -> None:
    old = shutil.copytree(large, tmp_path / "overlap")
    as_format(old, 3)
    indexes = [OverlapIndex.build(real), OverlapIndex.open(large), OverlapIndex.open(old)]
    assert len(np.load(large / "suffixes_high.npy")) == 1
    rng = np.random.default_rng(5)
    lines = [line for poem in real for line in poem.text.split("\n")]
    for _ in range(40):
        text = "\n".join(lines[k][int(rng.integers(9)) :] for k in rng.integers(len(lines), size=8))
        built, opened, older = (report(index, text, 5) for index in indexes)
        assert built == opened == older
    assert built["longest"]["words"] >= 4


def test_a_packed_index_takes_at_most_five_bytes_a_word(large: Path) -> None:
    sizes = {file.name: file.stat().st_size for file in large.iterdir()}
    index = OverlapIndex.open(large)
    assert sum(sizes.values()) <= 5 * index.word_count
    assert sizes["lines.npy"] <= 1.1 * len(index.lines) + 128


def test_the_digest_is_of_what_the_index_holds_however_it_is_packed(large: Path) -> None:
    index = OverlapIndex.open(large)
    digest = hashlib.sha256()
    named = {
        "names": index.catalogue.names,
        "name_ends": index.catalogue.ends,
        "poems": index.catalogue.poems,
    }
    for name in ("vocabulary", "buckets", "suffixes", "sieve", "lines", *named):
        array = named[name] if name in named else getattr(index, name)
        digest.update(f"{name} {array.shape}".encode() + array.tobytes())
    assert json.loads((large / "index.json").read_text())["digest"] == digest.hexdigest()


def test_places_made_to_deceive_never_break_a_report(large: Path, real: list[Poem], tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    for trial in range(12):
        copy = shutil.copytree(large, tmp_path / f"copy{trial}")
        path = copy / ("suffixes_high.npy" if trial % 2 else "suffixes.npy")
        array = np.load(path)
        row = array[0] if trial % 2 else array
        one, other = rng.integers(len(real), len(row), size=2)  # the poems' ends are looked at one by one
        row[[one, other]] += np.array([77, -77]).astype(row.dtype)  # the sum stays
        np.save(path, array)
        index = OverlapIndex.open(copy)
        assert int(index.suffixes.max()) < len(index.suffixes)
        json.dumps(report(index, real[trial].text))


def test_lazy_arrays_are_right_with_many_threads() -> None:
    rng = np.random.default_rng(3)
    many = [Poem(" ".join(rng.choice(list("abcdefgh"), 500))) for _ in range(100)]
    index = OverlapIndex.build(many)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda k: index.ranks if k % 2 else index.guides, range(16)))
    assert (index.suffixes[index.ranks] == np.arange(len(index.suffixes))).all()
    assert (index.guides[1:] >= index.guides[:-1]).all()
    for k, each in enumerate(made):
        assert (each == (index.ranks if k % 2 else index.guides)).all()


def test_saving_again_leaves_an_open_index_alone(folder: Path) -> None:
    index = OverlapIndex.open(folder)
    before = arrays(index)
    OverlapIndex.build(POEMS[:1]).save(folder)
    assert arrays(index) == before
    assert OverlapIndex.open(folder).poem_count == 1


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("harm", ["missing", "empty", "cut", "other type", "other size", "pickle", "text"])
def test_a_damaged_array_is_an_error(folder: Path, large: Path, tmp_path: Path, name: str, harm: str) -> None:
    if name == "suffixes_high":  # the small one has none
        folder = shutil.copytree(large, tmp_path / "large")
    path = folder / f"{name}.npy"
    array = np.load(path)
    if harm == "missing":
        path.unlink()
    elif harm == "empty":
        path.write_bytes(b"")
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-3])
    elif harm == "other type":
        np.save(path, array.astype(np.float64))
    elif harm == "other size":
        np.save(path, np.concatenate([array, array]))
    elif harm == "pickle":
        np.save(path, np.array([{"a": 1}], object), allow_pickle=True)
    else:
        path.write_text("not an array at all\n" * 20)
    with pytest.raises(PoetBotError, match="damaged") as caught:
        OverlapIndex.open(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["buckets", "suffixes", "lines", "name_ends", "poems", "vocabulary"])
@pytest.mark.parametrize("number", [None, *PLAIN_FROM])
def test_places_out_of_bounds_are_refused(folder: Path, name: str, number: int | None) -> None:
    if number:
        as_format(folder, number)
    array = np.load(folder / f"{name}.npy")
    array[-1] = np.iinfo(array.dtype).max - 1 if name != "vocabulary" else 0
    np.save(folder / f"{name}.npy", array)
    with pytest.raises(PoetBotError, match="damaged"):
        OverlapIndex.open(folder)


def test_flipped_bits_never_break_a_report(folder: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    for trial in range(150):
        copy = shutil.copytree(folder, tmp_path / f"copy{trial}")
        path = copy / f"{ARRAYS[trial % len(ARRAYS)]}.npy"
        data = bytearray(path.read_bytes())
        data[int(rng.integers(len(data)))] ^= 1 << int(rng.integers(8))
        path.write_bytes(data)
        try:
            index = OverlapIndex.open(copy)
        except PoetBotError:
            continue
        json.dumps(report(index, POEMS[0].text))


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ({"format": 999, "holds": "overlap index", "sizes": {}}, "format 999"),
        ({"format": 3}, "isn't an overlap index"),
        ([], "isn't an overlap index"),
        ("{", "not JSON"),
        (None, "no overlap index"),
    ],
)
def test_another_version_or_a_missing_index_is_an_error(folder: Path, header: object, says: str) -> None:
    path = folder / "index.json"
    if header is None:
        path.unlink()
    else:
        path.write_text(header if isinstance(header, str) else json.dumps(header))
    with pytest.raises(PoetBotError, match=says):
        OverlapIndex.open(folder)


def test_bad_labels_are_refused() -> None:
    with pytest.raises(PoetBotError, match='"poet" or "parent"'):
        OverlapIndex.build(POEMS, of="uncle")
    with pytest.raises(PoetBotError, match="at least one index"):
        merge([])
    with pytest.raises(PoetBotError, match="at least one index"):
        merge([OverlapIndex.build(POEMS)], of=[])
