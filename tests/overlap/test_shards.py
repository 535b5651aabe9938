"""An index in shards answers as one index of the same poems."""

import itertools
import json
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.cli.main import main
from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, report, sentence
from poetbot.overlap.sharded_report import ShardedIndex
from poetbot.overlap.shards import (
    MappedShards,
    build_shards,
    divided,
    open_shard,
    read_header,
    save_shard,
    size_of,
    take_up,
    write_header,
)
from poetbot.poem import Poem


class OpenShards(MappedShards):
    """Shards in memory."""

    def __init__(self, indexes: list[OverlapIndex]) -> None:
        self.indexes, self._last = indexes, (None, [])


def sharded(poems: list[Poem], ends: list[int]) -> ShardedIndex:
    bounds = sorted({0, len(poems), *(end for end in ends if end < len(poems))})
    indexes = [OverlapIndex.build(poems[low:high]) for low, high in itertools.pairwise(bounds)]
    return ShardedIndex(OpenShards(indexes), tuple(size_of(index, str(k)) for k, index in enumerate(indexes)))


def without_name(found: Any) -> dict[str, Any]:
    """A report without what the text was compared with."""
    found = json.loads(json.dumps(found))
    found["compared_with"]["what"] = None
    return found


LINES = st.lists(st.text(st.sampled_from("ab  "), max_size=30), max_size=4).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(
    poems=st.lists(LINES, min_size=1, max_size=30),
    ends=st.lists(st.integers(1, 29), max_size=6),
    text=LINES,
    seed=st.integers(0, 12),
)
def test_every_figure_and_source_is_that_of_one_index(poems, ends, text, seed):
    written = [Poem(text, f"title {k}", "ab"[k % 2], "book", 10 * k) for k, text in enumerate(poems)]
    seed = min(seed, len(text))
    one = report(OverlapIndex.build(written), text, seed)
    assert without_name(sharded(written, ends).report(text, seed)) == without_name(one)


def test_a_poet_with_an_index_in_shards_is_told_how_to_get_its_own(tmp_path):
    write_header(tmp_path, [size_of(OverlapIndex.build([Poem("one two three")]), "0")])
    with pytest.raises(PoetBotError, match=r"holds a sharded index, .* `train --overlap-only`"):
        OverlapIndex.open(tmp_path)


def test_twenty_sources_are_chosen_as_in_one_index_where_there_are_more():
    rng = random.Random(3)
    poems = [Poem("\n".join(["one two three four five six"] * rng.randrange(1, 5))) for _ in range(30)]
    text = "one two three four five six\nand seven\none two three four five six"
    one = report(OverlapIndex.build(poems), text)
    for ends in ([5], [1, 2, 3, 4, 25], [10, 20], [29]):
        assert without_name(sharded(poems, ends).report(text)) == without_name(one)
    few = poems[:6]
    assert without_name(sharded(few, [2, 4]).report(text)) == without_name(
        report(OverlapIndex.build(few), text)
    )


def test_chinese_is_read_in_the_script_of_any_shard():
    poems = [Poem("床前明月光，疑是地上霜。"), Poem("萬里長城今猶在")]
    one = report(OverlapIndex.build(poems), "万里长城今犹在，床前明月光")
    found = sharded(poems, [1]).report("万里长城今犹在，床前明月光")
    assert found["longest"]["words"] == 7 and without_name(found) == without_name(one)


def test_shards_on_disk_are_bounded_mapped_and_kept(tmp_path):
    rng = random.Random(1)
    poems = [
        Poem(" ".join(rng.choices(["alpha", "beta", "gamma", "delta", "epsilon's"], k=rng.randrange(1, 60))))
        for _ in range(50)
    ]
    sizes = build_shards(poems, tmp_path, 200)
    write_header(tmp_path, sizes)
    assert len(sizes) > 5 and max(size.words for size in sizes) <= 200
    assert sum(size.poems for size in sizes) == 50
    shard = open_shard(tmp_path / sizes[1].name)
    assert isinstance(shard.suffixes.base, np.memmap) or isinstance(shard.suffixes, np.memmap)
    assert np.array_equal(shard.ranks, OverlapIndex.open(tmp_path / sizes[1].name).ranks)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npy")}
    (tmp_path / sizes[2].name / "index.json").unlink()  # as if it had stopped there
    assert build_shards(poems, tmp_path, 200) == sizes
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npy")}
    assert {path.parent.name for path in after if after[path] != before[path]} == {sizes[2].name}
    text = "beta gamma delta epsilon's alpha beta"
    assert without_name(ShardedIndex.open(tmp_path).report(text)) == without_name(
        report(OverlapIndex.build(poems), text)
    )


def test_a_run_continues_only_its_own_shards(tmp_path):
    take_up(tmp_path / "index", ["poems", 200])
    take_up(tmp_path / "index", ["poems", 200])
    for other in (["poems", 300], ["others", 200], ["poems"]):
        with pytest.raises(PoetBotError, match="unfinished result of other files or options"):
            take_up(tmp_path / "index", other)
    sizes = build_shards([Poem("one two three")], tmp_path / "index")
    write_header(tmp_path / "index", sizes)
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == ["00000", "shards.json"]
    with pytest.raises(PoetBotError, match="isn't empty"):
        take_up(tmp_path / "index", ["poems", 200])


def test_the_command_refuses_the_shards_of_other_poems(tmp_path, capsys, monkeypatch):
    for name, words in (("a", "ladder and lantern"), ("b", "silver river bed")):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"text": f"{words} {name}\nand so on"}) + "\n")
    one, other, out = str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"), tmp_path / "index"

    def stop(*given: object) -> None:
        raise PoetBotError("It stopped here.")

    with monkeypatch.context() as patch:
        patch.setattr("poetbot.cli.index.write_header", stop)
        assert main(["index", one, "--out", str(out)]) == 2
    assert main(["index", other, "--out", str(out)]) == 2
    assert main(["index", one, "--out", str(out), "--shard-words", "10000"]) == 2
    assert capsys.readouterr().err.count("unfinished result of other files or options") == 2
    assert main(["index", one, "--out", str(out)]) == 0
    assert main(["index", one, "--out", "s3://bucket/index"]) == 2
    assert "can't be written to a URL" in capsys.readouterr().err


def test_a_poem_longer_than_a_shard_is_alone():
    groups = list(divided([Poem("a b"), Poem("c " * 9), Poem("d"), Poem("e")], 4))
    assert [len(group) for group in groups] == [1, 1, 2]


@pytest.mark.parametrize("name", ["mapped_ranks.npy", "mapped_suffixes.npy", "mapped_guides.npy"])
def test_a_damaged_shard_says_what_to_do(tmp_path, name):
    save_shard(OverlapIndex.build([Poem("one two three four")]), tmp_path / "s")
    np.save(tmp_path / "s" / name, np.full(5 if "guides" not in name else 1, 99, np.uint32))
    with pytest.raises(PoetBotError, match=r"is damaged\. Delete it and run `index` again"):
        open_shard(tmp_path / "s")


@pytest.mark.parametrize(
    "header",
    [
        "no json",
        "{}",
        '{"format": 2, "shards": []}',
        '{"format": 1, "shards": [{"name": "../x", "poems": 1, "words": 1}]}',
    ],
)
def test_a_folder_that_is_no_index_in_shards_is_refused(tmp_path, header):
    (tmp_path / "shards.json").write_text(header)
    with pytest.raises(PoetBotError, match="isn't an overlap index in shards"):
        read_header(tmp_path)


def test_the_command_indexes_files_and_check_takes_the_folder(tmp_path, capsys):
    lines = [
        json.dumps(
            {"text": f"The ladder {k} and the lantern stand beside the silver river", "title": f"T{k}"}
        )
        for k in range(3)
    ]
    (tmp_path / "poems.jsonl").write_text("\n".join(lines))
    (tmp_path / "draft.txt").write_text("Oh, and the lantern stand beside the silver river, I said.\n")
    out = tmp_path / "index"
    assert main(["index", str(tmp_path / "poems.jsonl"), "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"shards": 1, "poems": 3, "words": 33, "left_out": []}
    assert main(["check", str(out), str(tmp_path / "draft.txt")]) == 0
    assert "62.5% of the four-word phrases are also in the poems in this index. " in capsys.readouterr().out
    assert main(["check", str(out), str(tmp_path / "draft.txt"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["longest"]["poems"] == 3 and found["compared_with"]["what"] == "the poems in this index"
    assert main(["index", str(tmp_path / "poems.jsonl"), "--out", str(out)]) == 2
    assert "is a finished index" in capsys.readouterr().err
    assert "are also in a library." in sentence(found, poems="a library")
