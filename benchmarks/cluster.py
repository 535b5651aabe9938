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
from collections.abc import Iterator
from pathlib import Path

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
    """Watches the resident memory of the cluster's workers."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.2):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    if (process / "cmdline").read_bytes().startswith(b"ray::"):
                        fields = dict(
                            line.split(":", 1) for line in (process / "status").read_text().splitlines()
                        )
                        own = int(fields["RssAnon"].split()[0]) * 1024  # without what all share
                        self.most = max(self.most, own)
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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--gigabytes", type=float, default=3.0)
    parser.add_argument("--nodes", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    chosen = parser.parse_args()
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="poetbot-cluster-"))
    books = folder / "books"
    if not books.exists():
        make_books(books, int(chosen.gigabytes * 1e9))
    everything, part = size_of(books), size_of(books / "slice")
    print(
        f"{everything / 1e9:.2f} GB of books, {part / 1e6:.0f} MB of them for the local command", flush=True
    )
    local = folder / "local.jsonl"
    local_seconds = side_by_side(chosen.nodes, "corpus", books / "slice", "--deduplicate", "--out", local)
    local_rate = part / local_seconds / 1e6
    print(
        f"local corpus --deduplicate, {chosen.nodes} side by side: {local_rate:.2f} MB/s a core", flush=True
    )
    index_seconds = side_by_side(
        chosen.nodes, "index", local.with_name(f"0-{local.name}"), "--out", folder / "local.index"
    )
    text_bytes = characters_in(local.with_name(f"0-{local.name}"))
    local_index = text_bytes / index_seconds / 1e6
    print(f"local index: {local_index:.2f} MB/s a core", flush=True)

    os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112
    from ray.cluster_utils import Cluster

    from poetbot.cluster.connection import connected
    from poetbot.cluster.corpus import find_poems
    from poetbot.cluster.files import Place
    from poetbot.cluster.found_poems import HowToRead, poems_of, read_table
    from poetbot.cluster.index import build_index, open_on_cluster
    from poetbot.overlap.sharded_report import ShardedIndex

    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    others = [nodes.add_node(num_cpus=1) for _ in range(chosen.nodes - 1)]
    killed: list[str] = []

    def kill_half_way(step: str, share: float) -> None:
        if step == "reading" and share >= 0.5 and not killed:
            os.kill(others[-1].all_processes["raylet"][0].process.pid, signal.SIGKILL)
            killed.append(step)
            nodes.add_node(num_cpus=1)

    memory = Memory()
    memory.start()
    steps: dict[str, float] = {}

    def timed(step: str, share: float) -> None:
        steps[step] = time.perf_counter()
        kill_half_way(step, share)

    try:
        with connected(nodes.address):
            same = folder / "slice.jsonl"
            find_poems([str(books / "slice")], str(same), HowToRead(), True)
            print(
                "the slice on the cluster:",
                "the same poems"
                if same_poems(same, local.with_name(f"0-{local.name}"))
                else "OTHER POEMS: missed",
                flush=True,
            )
            start = time.perf_counter()
            found = find_poems([str(books)], str(folder / "poems"), HowToRead(), True, timed)
            seconds = time.perf_counter() - start
            rate = everything / seconds / chosen.nodes / 1e6
            print(
                f"cluster corpus --deduplicate, a node killed and replaced half way: {seconds:.0f} s, {rate:.2f} MB/s a core, "
                f"{rate / local_rate:.2f} of the local rate; {found.poems:,} poems, {found.repeats:,} near-duplicates left out, "
                f"{len(found.left_out)} files left out",
                flush=True,
            )
            print("  steps:", {step: round(at - start) for step, at in steps.items()}, flush=True)
            start = time.perf_counter()
            sizes, _ = build_index([str(folder / "poems")], folder / "index", 2_000_000, 300)
            seconds = time.perf_counter() - start
            rate = found.characters / seconds / chosen.nodes / 1e6
            print(
                f"cluster index: {seconds:.0f} s, {rate:.2f} MB/s a core, {rate / local_index:.2f} of the local rate; "
                f"{len(sizes)} shards, {sum(size.words for size in sizes):,} words",
                flush=True,
            )
            first = sorted((folder / "poems").glob("*.parquet"))[0]
            poems = poems_of(read_table(Place.of(str(first))))
            read = thousand_words(poem.text for poem in poems)
            unread = thousand_words(" ".join(reversed(poem.text.split())) for poem in poems)
            start = time.perf_counter()
            here = ShardedIndex.open(folder / "index")
            print(f"opening {len(sizes)} shards: {time.perf_counter() - start:.2f} s", flush=True)
            there = open_on_cluster(folder / "index")
            for name, index in (("one process", here), ("actors", there)):
                for what, text in (("1,000 words it has read", read), ("that it has not", unread)):
                    index.report(text)
                    times = []
                    for k in range(5):
                        start = time.perf_counter()
                        found_again = index.report(f"{text}\n{k}")
                        times.append(time.perf_counter() - start)
                    print(
                        f"check of {what}, {name}: {1000 * statistics.median(times):.0f} ms "
                        f"({len(found_again['spans'])} spans)",
                        flush=True,
                    )
            equal = json.dumps(here.report(read)) == json.dumps(there.report(read))
            print("both reports:", "equal" if equal else "DIFFERENT: missed", flush=True)
    finally:
        memory.over.set()
        nodes.shutdown()
    print(f"most memory of a worker: {memory.most / 1e9:.2f} GB", flush=True)
    if not chosen.folder:
        shutil.rmtree(folder)
    return 0


def characters_in(path: Path) -> int:
    """Return the characters of the poems in a .jsonl."""
    return sum(len(json.loads(line)["text"]) for line in path.open(encoding="utf-8"))


def same_poems(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


if __name__ == "__main__":
    raise SystemExit(main())
