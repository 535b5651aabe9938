"""A Ray cluster of two nodes on this machine, which the tests of a module share, and verses of our own."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

WORDS = """
amber anchor apple autumn barley basket beacon blossom border bramble bridge bronze candle canyon cedar
chimney clover copper coral cottage cradle crimson daylight ember evening feather field flint forest
fountain garden ginger granite harbour hazel heather hollow island ivory jasmine kettle ladder lantern
lavender linen maple marble meadow mirror morning mountain nettle northern orchard paper pebble pepper
planet pocket quarry ribbon river saddle saffron sailor shadow shelter silver smoke sparrow spring stable
summer thistle thunder timber valley velvet village violet walnut water weather whistle willow window winter
wooden yellow
""".split()  # noqa: SIM905


def verse(rng: random.Random, lines: int = 12) -> str:
    """Return a poem of random words, in lines that the filter takes for verse."""
    rows = []
    for _ in range(lines):
        some = rng.sample(WORDS, 5)
        rows.append(
            f"The {some[0]} {some[1]} and the {some[2]},\n"
            if rng.random() < 0.5
            else f"O {some[3]} of my {some[4]} and {some[0]}\n"
        )
    return "".join(rows)


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """Books with verse, prose, copies, drafts with every seventh word changed, and stanzas of longer poems."""
    rng = random.Random(7)
    folder = tmp_path / "books"
    folder.mkdir()
    poems = [verse(rng, rng.randrange(8, 30)) for _ in range(60)]
    for book in range(6):
        mine = rng.sample(poems, 15)
        draft = [
            " ".join(word if rng.random() > 1 / 9 else "pearl" for word in line.split(" "))
            for line in mine[0].split("\n")
        ]
        mine += ["\n".join(draft), "".join(mine[1].splitlines(keepends=True)[2:8])]
        parts = [f"{title}\n\n{poem}" for title, poem in zip("ABCDEFGHIJKLMNOPQ", mine, strict=True)]
        prose = (
            "He went to the harbour, because he had heard that a ship was due, and he waited there until night fell. "
            * 12
        )
        (folder / f"book{book}.txt").write_text("\n\n\n".join([prose, *parts]))
    return folder


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Two nodes with a core each, in processes of their own, to which this process is connected."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_worker_niceness", "0")  # else tests that run side by side starve them
        from ray.cluster_utils import Cluster

        from poetbot.cluster.connection import connected

        nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
        nodes.add_node(num_cpus=1)
        with connected(nodes.address):
            yield nodes
        nodes.shutdown()
