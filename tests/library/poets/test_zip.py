"""Poets packed and taken in again; and every kind of file that is no poet, refused in one sentence."""

import hashlib
import io
import json
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.library.poets import folder_contents
from poetbot.library.poets.zip_export import export_poet
from poetbot.library.poets.zip_import import import_poet
from poetbot.overlap import OverlapIndex, save_fine_tuned_index
from poetbot.poem import Poem
from poetbot.poets.folder import load, poet_folders, save_epoch, save_network, to_float16
from poetbot.storage import Home
from tests.overlap.older_formats import PLAIN_FROM, as_format

Files = dict[str, bytes]


@pytest.fixture
def poet(home: Home, shelf: Callable[[str], Path]) -> Path:
    """A poet with all that one can have."""
    folder = shelf("Emily")
    save_epoch(folder, 1, load(folder).tensors)
    (folder / "history.jsonl").write_text('{"epoch": 1, "sample": "a"}\n')
    (folder / "README.md").write_text("# The poet Emily\n")
    (folder / "poems.jsonl").write_text('{"text": "A word."}\n')
    (folder / "job").mkdir()
    (folder / "job" / "progress.jsonl").write_text("{}\n")
    return folder


@pytest.fixture
def packed(poet: Path, tmp_path: Path) -> Path:
    export_poet(poet, tmp_path / "Emily.zip", with_poems=True)
    return tmp_path / "Emily.zip"


def parts(packed: Path) -> Files:
    with zipfile.ZipFile(packed) as file:
        return {name.partition("/")[2]: file.read(name) for name in file.namelist()}


def zipped(path: Path, files: Files, honest: bool = True) -> Path:
    """Write files as a packed poet; `honest` makes the manifest say what they are."""
    if honest:
        rows = {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
            if name != folder_contents.MANIFEST
        }
        manifest = {"format": 1, "holds": "poet", "files": rows}
        files = {**files, folder_contents.MANIFEST: json.dumps(manifest).encode()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return path


def refused(home: Home, packed: Path, sentence: str) -> None:
    before = sorted(path for path in home.root.rglob("*") if path.name != ".shelf")
    with pytest.raises(PoetBotError, match=sentence) as error:
        import_poet(home, packed)
    assert len(str(error.value)) < 400 and "\n" not in str(error.value)
    assert sorted(path for path in home.root.rglob("*") if path.name != ".shelf") == before


def test_a_poet_survives_export_and_import(home: Home, poet: Path, packed: Path) -> None:
    assert import_poet(home, packed) == "Emily 2"
    again = home.poets / "Emily 2"
    assert load(again).id == load(poet).id and load(again, epoch=1)
    assert (again / "poems.jsonl").read_bytes() == (poet / "poems.jsonl").read_bytes()
    assert (again / "README.md").read_text() == "# The poet Emily 2\n"
    assert (
        load(again).name == "Emily 2"
        and not (again / "job").exists()
        and not (again / "manifest.json").exists()
    )
    shutil.rmtree(poet)
    assert import_poet(home, packed) == "Emily"
    assert [folder.name for folder in poet_folders(home.poets)] == ["Emily", "Emily 2"]


def test_poems_are_optional_and_the_same_poet_gives_the_same_bytes(
    home: Home, poet: Path, tmp_path: Path
) -> None:
    export_poet(poet, tmp_path / "a.zip")
    export_poet(poet, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert "poems.jsonl" not in parts(tmp_path / "a.zip") and "job/progress.jsonl" not in parts(
        tmp_path / "a.zip"
    )
    assert import_poet(home, tmp_path / "a.zip") == "Emily 2"
    assert not (home.poets / "Emily 2" / "poems.jsonl").exists()


def test_a_zip_without_the_folder_is_accepted(home: Home, packed: Path) -> None:
    assert import_poet(home, zipped(packed, parts(packed))) == "Emily 2"


@pytest.mark.parametrize("number", PLAIN_FROM)
def test_a_zip_with_an_older_index_is_accepted(home: Home, poet: Path, tmp_path: Path, number: int) -> None:
    as_format(poet / "overlap", number)
    export_poet(poet, tmp_path / "old.zip")
    files = parts(tmp_path / "old.zip")
    assert ("overlap/ranks.npy" in files) == (number == 2) and "overlap/suffixes_high.npy" not in files
    assert import_poet(home, tmp_path / "old.zip") == "Emily 2"
    assert OverlapIndex.open(home.poets / "Emily 2" / "overlap").word_count > 0
    for name in ("ranks", "suffixes", "suffixes_high"):
        path = f"overlap/{name}.npy"
        bad = {**files, path: files.get(path, b"") + b"x"}
        refused(home, zipped(tmp_path / "old.zip", bad), "doesn't match the rest")
    header = json.loads(files["overlap/index.json"]) | {"format": 4}
    files["overlap/index.json"] = json.dumps(header).encode()
    refused(home, zipped(tmp_path / "old.zip", files), "doesn't match the rest")


def test_a_zip_includes_the_index_of_the_parent(home: Home, poet: Path, tmp_path: Path) -> None:
    shutil.copytree(poet, tmp_path / "shelf" / "parent")
    child = Path(shutil.copytree(poet, tmp_path / "shelf" / "child"))
    parent = tmp_path / "shelf" / "parent" / "overlap"
    save_fine_tuned_index(child / "overlap", [Poem("a lamp in every window")], [], parent, beside=True)
    whole = OverlapIndex.open(child / "overlap")
    export_poet(child, tmp_path / "child.zip")
    shutil.rmtree(tmp_path / "shelf")
    again = OverlapIndex.open(home.poets / import_poet(home, tmp_path / "child.zip") / "overlap")
    assert again.poem_count == whole.poem_count == 1 + 3
    assert again.suffixes.tolist() == whole.suffixes.tolist()
    files = parts(tmp_path / "child.zip")
    header = json.loads(files["overlap/index.json"]) | {"parent": {"name": "Emily", "digest": "0"}}
    refused(
        home, zipped(tmp_path / "x.zip", files | {"overlap/index.json": json.dumps(header).encode()}), "."
    )
    refused(home, zipped(tmp_path / "x.zip", files | {"overlap/places.npy": b""}), "other things")


def test_a_poet_with_16_bit_weights_survives_export_and_import(
    home: Home, poet: Path, tmp_path: Path
) -> None:
    emily = load(poet)
    save_network(poet, emily.recipe, emily.vocabulary, to_float16(emily.tensors))
    (poet / "poet.json").write_text(json.dumps({**emily.card, "id": load(poet).id}))
    export_poet(poet, tmp_path / "half.zip")
    again = load(home.poets / import_poet(home, tmp_path / "half.zip"))
    assert again.id == load(poet).id != emily.id
    files = parts(tmp_path / "half.zip")
    data = files["weights.safetensors"]
    for bad in (data[:-2], data.replace(b'"F16"', b'"F32"'), data.replace(b'"F16"', b'"I16"', 1)):
        refused(
            home, zipped(tmp_path / "x.zip", files | {"weights.safetensors": bad}), "doesn't match the rest"
        )


def test_a_bundled_poet_survives_export_and_import(home: Home, tmp_path: Path) -> None:
    export_poet(load("english").folder, tmp_path / "english.zip")
    assert import_poet(home, tmp_path / "english.zip") == "english 2"
    assert load("english 2").id == load("english").id


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a\0b", "con", "", "x" * 5000, "\u202eyliem", 7])
def test_a_card_does_not_name_the_folder(home: Home, packed: Path, name: Any) -> None:
    files = parts(packed)
    card = {**json.loads(files["poet.json"]), "name": name}
    taken = import_poet(home, zipped(packed, {**files, "poet.json": json.dumps(card).encode()}))
    assert taken in ("A poet", "7", "poet") and (home.poets / taken / "poet.json").is_file()


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../evil.json",
            "/etc/passwd",
            "..",
            "overlap/../../x",
            "poet.json/",
            "C:\\evil",
            "poet.json\0.txt",
        ),
        *("evil.py", "weights.pkl", "overlap/lines.npz", "epochs/1.safetensors", "epochs/00001.safetensors"),
        *("job/progress.jsonl", ".new-x", "POET.JSON", "x" * 4000, "poems.jsonl.exe", "__MACOSX/._poet.json"),
    ],
)
@pytest.mark.parametrize("inside", [False, True])
def test_a_file_name_that_no_poet_has_is_refused(home: Home, packed: Path, name: str, inside: bool) -> None:
    files = {**parts(packed), name: b"{}"}
    if inside:
        files = {f"Emily/{each}": data for each, data in files.items()}
    if name == "poet.json/":
        files.pop("Emily/poet.json" if inside else "poet.json")
    refused(home, zipped(packed, files), "This file can't be imported")


def test_a_link_is_refused(home: Home, packed: Path) -> None:
    files = parts(packed)
    with zipfile.ZipFile(packed, "w") as file:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            if name == "README.md":
                info.external_attr, data = (stat.S_IFLNK | 0o777) << 16, b"/etc/passwd"
            file.writestr(info, data)
    refused(home, packed, "other things than a poet")


def test_a_duplicate_file_name_is_refused(home: Home, packed: Path) -> None:
    with pytest.warns(UserWarning), zipfile.ZipFile(packed, "a") as file:
        file.writestr("Emily/poet.json", b"{}")
    refused(home, packed, "twice")


def test_zip_bombs_are_refused_before_unpacking(home: Home, packed: Path, tmp_path: Path) -> None:
    files = parts(packed)
    refused(home, zipped(packed, {**files, "words.json": bytes(50_000_000)}), "too large")
    many = {f"overlap/{k}": b"" for k in range(101)}
    refused(home, zipped(packed, {**files, **many}), "other things than a poet")
    # A size that lies: the list of members says little, the data are much.
    data = bytearray(zipped(packed, {**files, "README.md": bytes(900_000)}).read_bytes())
    place = data.rindex(b"PK\1\2", 0, data.rindex(b"README.md"))
    struct.pack_into("<L", data, place + 24, 10)
    packed.write_bytes(data)
    refused(home, packed, "This file can't be imported")


def test_a_member_without_a_name_is_refused(home: Home, packed: Path) -> None:
    data = bytearray(zipped(packed, {**parts(packed), "Q": b""}).read_bytes())
    place = data.rindex(b"PK\1\2", 0, data.rindex(b"Q"))
    struct.pack_into("<H", data, place + 28, 0)  # length of the name
    struct.pack_into("<H", data, place + 30, 1)  # its letter is extra now
    packed.write_bytes(data)
    refused(home, packed, "This file can't be imported")


def test_weights_of_another_shape_are_refused_before_they_are_read(home: Home, packed: Path) -> None:
    files = parts(packed)
    card = json.loads(files["poet.json"])
    card["recipe"]["units"] = 2048
    refused(home, zipped(packed, {**files, "poet.json": json.dumps(card).encode()}), "doesn't match the rest")
    header = b'{"dense.bias": {"dtype": "F32", "shape": [999999999999], "data_offsets": [0, 3999999999996]}}'
    for bad in (b"", b"\xff" * 8, struct.pack("<Q", len(header)) + header, files["weights.safetensors"][:-4]):
        refused(home, zipped(packed, {**files, "weights.safetensors": bad}), "doesn't match the rest")
        refused(home, zipped(packed, {**files, "epochs/0001.safetensors": bad}), "doesn't match the rest")


def test_arrays_of_another_shape_or_with_objects_in_them_are_refused(home: Home, packed: Path) -> None:
    files = parts(packed)
    for array in (np.zeros(3, np.float64), np.zeros((2, 2), np.uint32), np.array([{"a": 1}], dtype=object)):
        file = io.BytesIO()
        np.save(file, array, allow_pickle=True)
        refused(
            home, zipped(packed, {**files, "overlap/lines.npy": file.getvalue()}), "doesn't match the rest"
        )
    del files["overlap/lines.npy"]
    refused(home, zipped(packed, files), "doesn't match the rest")


def test_a_changed_file_is_refused(home: Home, packed: Path) -> None:
    files = parts(packed)
    changed = {**files, "README.md": b"# The poet emily\n"}
    assert len(changed["README.md"]) == len(files["README.md"])
    refused(home, zipped(packed, changed, honest=False), "changed after it was packed")
    weights = bytearray(files["weights.safetensors"])
    weights[-4:] = struct.pack("<f", float("nan"))
    refused(home, zipped(packed, {**files, "weights.safetensors": bytes(weights)}), "damaged")
    weights[-4:] = struct.pack("<f", 0.123)
    refused(home, zipped(packed, {**files, "weights.safetensors": bytes(weights)}), "another poet")
    listed = json.loads(files["manifest.json"])
    listed["files"].pop("README.md")
    refused(
        home, zipped(packed, {**files, "manifest.json": json.dumps(listed).encode()}, False), "list of files"
    )


@pytest.mark.parametrize("missing", ["poet.json", "vocabulary.json", "weights.safetensors", "manifest.json"])
def test_a_missing_file_is_named(home: Home, packed: Path, missing: str) -> None:
    files = parts(packed)
    del files[missing]
    refused(home, zipped(packed, files, honest=missing != "manifest.json"), "missing")


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"\x89PNG\r\n" * 100, b"PK\5\6" + bytes(18), b"PK\5\6" + b"\xff" * 18, bytes(100_000)],
)
def test_only_zip_files_are_accepted(home: Home, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    refused(home, tmp_path / "x.zip", "This file can't be imported")
    refused(home, tmp_path, "couldn't be read|can't be imported")
    refused(home, tmp_path / "nothing", "couldn't be read")


def test_invalid_json_is_refused(home: Home, packed: Path) -> None:
    files = parts(packed)
    deep = b"[" * 100_000
    for name in (
        "poet.json",
        "vocabulary.json",
        "words.json",
        "history.jsonl",
        "poems.jsonl",
        "overlap/index.json",
    ):
        for bad in (deep, b"\xff\xfe", b"[1]", b'{"a": 1' + b"0" * 5000 + b"}"):
            refused(home, zipped(packed, {**files, name: bad}), ".")
    refused(home, zipped(packed, {**files, "manifest.json": deep}, honest=False), "list of files")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), max_size=3))
def test_damage_anywhere_is_an_error_or_harmless(
    home: Home, packed: Path, tmp_path: Path, damage: list[tuple[float, bytes]]
) -> None:
    data = bytearray(packed.read_bytes())
    for place, piece in damage:
        at = int(place * len(data))
        data[at : at + len(piece)] = piece
    broken = tmp_path / "broken.zip"
    broken.write_bytes(data)
    _sentence_or_poet(home, broken)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            ["poet.json", "vocabulary.json", "weights.safetensors", "overlap/index.json", "manifest.json"]
        )
        | st.text(min_size=1, max_size=12).filter(lambda name: "\0" not in name),
        st.binary(max_size=60)
        | st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
            ),
            max_leaves=5,
        ).map(lambda value: json.dumps(value).encode()),
        max_size=3,
    )
)
def test_random_contents_are_an_error_or_a_poet(
    home: Home, packed: Path, tmp_path: Path, other: Files
) -> None:
    path = tmp_path / "other.zip"
    try:
        zipped(path, {**parts(packed), **other}, honest="manifest.json" not in other)
    except (ValueError, UnicodeError):
        return
    _sentence_or_poet(home, path)


def _sentence_or_poet(home: Home, packed: Path) -> None:
    try:
        name = import_poet(home, packed)
    except PoetBotError as error:
        assert len(str(error)) < 400
    else:
        assert load(home.poets / name)
        shutil.rmtree(home.poets / name)
    assert {path.name for path in home.poets.iterdir()} == {"Emily"}
    assert {path.name for path in home.root.iterdir()} <= {"poets", ".shelf", "gradio"}


def test_a_full_disk_leaves_nothing_behind(home: Home, packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))  # type: ignore[attr-defined]
    refused(home, packed, "Make room")
