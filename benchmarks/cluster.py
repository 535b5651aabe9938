"""A Ray cluster of several nodes on this machine: filter, near-duplicates, index and check, with a node killed in the middle.

    make demo-cluster                          # 3 GB
    make demo-cluster GIGABYTES=0.1

The text is made from the books in SHARED by seeded recombination: three in four lower-case words are replaced by words of other
books, and each book repeats a tenth of the one before. Rates are per core, against as many local commands running side by side.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""The folder with the real books, next to the checkout."""

SLICE = 60_000_000
"""Bytes of the part that the local command reads as well: it takes 100 MB at most."""

REPLACED = 3 / 4
REPEATED = 1 / 10


def make_books(folder: Path, total: int) -> None:
    """Write about `total` bytes of books to a folder, the first SLICE of them to `slice/`."""
    rng = np.random.default_rng(0)
    sources = [
        np.array(path.read_text("utf-8", "replace").split(" "), object)
        for path in sorted((SHARED / "data" / "english" / "more").glob("*.txt"))
    ]
    plain = [np.array([word.islower() and word.isalpha() for word in source]) for source in sources]
    pool = np.concatenate([source[mask] for source, mask in zip(sources, plain, strict=True)])
    written = number = 0
    before = np.array([], object)
    while written < total:
        source, mask = sources[number % len(sources)], plain[number % len(sources)]
        words = source.copy()
        places = np.flatnonzero(mask & (rng.random(len(words)) < REPLACED))
        words[places] = rng.choice(pool, len(places))
        text = " ".join(np.concatenate([words, before]))
        before = words[: int(len(words) * REPEATED)]
        target = folder / ("slice" if written < SLICE else "rest") / f"book{number:06}.txt"
        target.parent.mkdir(parents=True, exist_ok=True)
        written += target.write_text(text, "utf-8")
        number += 1


class Memory(threading.Thread):
    """Watches the anonymous memory of the cluster's workers, by what they do."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most: dict[str, int] = {}
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(1):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    name = (process / "cmdline").read_text().strip("\0 ")
                    if name.startswith("ray::"):
                        fields = dict(
                            line.split(":", 1) for line in (process / "status").read_text().splitlines()
                        )
                        own = int(fields["RssAnon"].split()[0]) * 1024  # without what all share
                        self.most[name] = max(self.most.get(name, 0), own)
                except (OSError, KeyError, ValueError):
                    continue


def poetbot(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "poetbot", *map(str, arguments)]


def side_by_side(count: int, *arguments: object) -> float:
    """Return the seconds that as many local commands take, each with an --out of its own."""
    start = time.perf_counter()
    *command, out = poetbot(*arguments)
    running = [
        subprocess.Popen([*command, Path(out).with_name(f"{k}-{Path(out).name}")], stdout=subprocess.DEVNULL)
        for k in range(count)
    ]
    for each in running:
        if each.wait():
            raise SystemExit("A local command failed.")
    return time.perf_counter() - start


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def thousand_words(rows: Iterator[str]) -> str:
    words: list[str] = []
    for text in rows:
        words += text.split()[:50]
        if len(words) >= 1_000:
            break
    return "\n".join(" ".join(words[k : k + 8]) for k in range(0, 1_000, 8))


class Table:
    """The table of docs/scaling.md, printed row by row. `missed` says whether a bar was missed."""

    def __init__(self) -> None:
        self.missed = False
        print("| what | value | bar |\n|---|---|---|", flush=True)

    def row(self, what: str, value: str, bar: str = "", met: bool = True) -> None:
        """Print a row."""
        self.missed |= not met
        print(f"| {what} | {value}{'' if met else ': **missed**'} | {bar} |", flush=True)


@dataclass(frozen=True)
class Local:
    """What the local commands do: bytes a second and core, and the poems of the slice."""

    corpus_rate: float
    index_rate: float
    poems: Path


def local_commands(folder: Path, count: int, table: Table) -> Local:
    """Measure `corpus` and `index` on the slice, as many of each side by side as the cluster has cores."""
    books = folder / "books" / "slice"
    poems = folder / "0-local.jsonl"
    corpus_rate = size_of(books) / side_by_side(
        count, "corpus", books, "--deduplicate", "--out", folder / "local.jsonl"
    )
    table.row(
        f"`corpus --deduplicate`, local, {count} commands side by side",
        f"{corpus_rate / 1e6:.2f} MB/s a core",
    )
    index_rate = characters_in(poems) / side_by_side(count, "index", poems, "--out", folder / "local.index")
    table.row(f"`index`, local, {count} commands side by side", f"{index_rate / 1e6:.1f} MB/s a core")
    return Local(corpus_rate, index_rate, poems)


class Steps:
    """Notes when each step of a run begins, and calls `half_way` once when half of the reading is done."""

    def __init__(self, half_way: Callable[[], None]) -> None:
        self._half_way: Callable[[], None] | None = half_way
        self._begun: dict[str, float] = {"reading": time.perf_counter()}

    def __call__(self, step: str, share: float) -> None:
        self._begun.setdefault(step, time.perf_counter())
        if self._half_way and share >= 0.5:
            self._half_way()
            self._half_way = None

    def seconds(self) -> dict[str, float]:
        """Return how long each step took until now."""
        ends = [*list(self._begun.values())[1:], time.perf_counter()]
        return {step: end - begin for (step, begin), end in zip(self._begun.items(), ends, strict=True)}


def on_cluster(folder: Path, nodes: Any, half_way: Callable[[], None], local: Local, table: Table) -> None:
    """Measure `corpus`, `index` and `check` on a cluster with a core a node."""
    from poetbot.cluster.corpus import find_poems
    from poetbot.cluster.found_poems import HowToRead
    from poetbot.cluster.index import build_index

    books, cores = folder / "books", len(nodes.worker_nodes) + 1
    same = folder / "slice.jsonl"
    find_poems([str(books / "slice")], str(same), HowToRead(), True)
    equal = same.read_bytes() == local.poems.read_bytes()
    table.row(
        f"the poems of a slice of {size_of(books / 'slice') / 1e6:.0f} MB, on the cluster and by the local command",
        "the same bytes" if equal else "others",
        "the same",
        equal,
    )
    steps = Steps(half_way)
    start = time.perf_counter()
    found = find_poems([str(books)], str(folder / "poems"), HowToRead(), True, steps)
    seconds, size = time.perf_counter() - start, size_of(books)
    rate = size / seconds / cores
    table.row(
        f"`corpus --deduplicate` on the cluster, {size / 1e6:,.0f} MB, a node killed and replaced: {seconds:,.0f} s",
        f"{rate / 1e6:.2f} MB/s a core, {rate / local.corpus_rate:.2f} of the local rate",
        "≥ 0.8",
        rate >= 0.8 * local.corpus_rate,
    )
    took = steps.seconds()
    table.row(f"its steps: {'; '.join(took)}", "; ".join(f"{each:,.0f} s" for each in took.values()))
    table.row(
        "poems kept; near-duplicates left out; files left out",
        f"{found.poems:,}; {found.repeats:,}; {len(found.left_out)}",
    )
    start = time.perf_counter()
    sizes, _ = build_index([str(folder / "poems")], folder / "index", 2_000_000, 300)
    seconds = time.perf_counter() - start
    rate = found.characters / seconds / cores
    table.row(
        f"`index` on the cluster: {len(sizes)} shards, {sum(size.words for size in sizes) / 1e6:,.0f} million words, in {seconds:,.0f} s",
        f"{rate / 1e6:.1f} MB/s a core, {rate / local.index_rate:.1f} of the local rate",
        "≥ 0.8",
        rate >= 0.8 * local.index_rate,
    )
    check(folder, table)


MOST_SHARDS = 50
"""Shards that are checked: those of a large index take proportionally longer."""


def check(folder: Path, table: Table) -> None:
    """Measure `check` with the first shards of an index, in this process and by actors."""
    from poetbot.cluster.files import Place
    from poetbot.cluster.found_poems import poems_of, read_table
    from poetbot.cluster.index import RayShards
    from poetbot.overlap.sharded_report import ShardedIndex
    from poetbot.overlap.shards import MappedShards, read_header

    first = sorted((folder / "poems").glob("*.parquet"))[0]
    poems = poems_of(read_table(Place.of(str(first))))
    texts = (
        thousand_words(poem.text for poem in poems),
        thousand_words(" ".join(reversed(poem.text.split())) for poem in poems),
    )
    sizes = tuple(read_header(folder / "index")[:MOST_SHARDS])
    places = [folder / "index" / size.name for size in sizes]
    reports = []
    for name, shards in (("one process", MappedShards(places)), ("actors", RayShards(places))):
        index = ShardedIndex(shards, sizes)
        start = time.perf_counter()
        reports.append(json.dumps(index.report(texts[0])))
        opened = time.perf_counter() - start
        medians = [median_time(index.report, text) for text in texts]
        table.row(
            f"check of 1,000 words in {len(sizes)} shards by {name} (median of nine): words read; not read; the first check, with opening",
            f"{1000 * medians[0]:.0f}; {1000 * medians[1]:.0f}; {1000 * opened:.0f} ms",
            f"≤ 100 ms for {MOST_SHARDS} shards",
            max(medians) <= 0.1,
        )
    table.row(
        "the reports of one process and of actors, in JSON",
        "equal" if reports[0] == reports[1] else "different",
        "equal",
        reports[0] == reports[1],
    )


def median_time(report: Callable[[str], object], text: str) -> float:
    times = []
    for k in range(9):
        start = time.perf_counter()
        report(f"{text}\n{k}")  # else the matches of the last text would be used again
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--gigabytes", type=float, default=3.0)
    parser.add_argument("--nodes", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    chosen = parser.parse_args()
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="poetbot-cluster-"))
    begun = time.perf_counter()
    if not (folder / "books").exists():
        make_books(folder / "books", int(chosen.gigabytes * 1e9))
    print(f"Books made in {time.perf_counter() - begun:.0f} s.\n", flush=True)
    table = Table()
    local = local_commands(folder, chosen.nodes, table)

    os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112
    from ray.cluster_utils import Cluster

    from poetbot.cluster.connection import connected

    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    others = [nodes.add_node(num_cpus=1) for _ in range(chosen.nodes - 1)]

    def kill_and_replace() -> None:
        os.kill(others[-1].all_processes["raylet"][0].process.pid, signal.SIGKILL)
        nodes.add_node(num_cpus=1)

    memory = Memory()
    memory.start()
    try:
        with connected(nodes.address):
            on_cluster(folder, nodes, kill_and_replace, local, table)
    finally:
        memory.over.set()
        nodes.shutdown()
    tasks = {name: most for name, most in sorted(memory.most.items()) if "IDLE" not in name}
    if tasks:  # short ones may end between two looks
        table.row(
            f"anonymous memory of a worker, at most: {'; '.join(f'`{name[5:]}`' for name in tasks)}",
            f"{'; '.join(f'{most / 1e9:.2f}' for most in tasks.values())} GB",
            "≤ 1 GB",
            max(tasks.values()) <= 1e9,
        )
    print(f"\nAll of it took {time.perf_counter() - begun:,.0f} s.", flush=True)
    if not chosen.folder:
        shutil.rmtree(folder)
    return int(table.missed)


def characters_in(path: Path) -> int:
    """Return the characters of the poems in a .jsonl."""
    return sum(len(json.loads(line)["text"]) for line in path.open(encoding="utf-8"))


if __name__ == "__main__":
    raise SystemExit(main())
