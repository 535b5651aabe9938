"""Train networks with one, two and three layers, with and without dropout, for the comparison that the Study tab shows first.

    python -m benchmarks.layers [CORPUS] [--minutes 20] [--most N]

Each network reads the same poems, about 500,000 characters drawn from CORPUS (a .jsonl, a raw text or a corpus name), and
trains for the same minutes with the `train` command; only `layers` and `dropout` differ. A line of figures per epoch and
some samples are saved in `poetbot/study/layers`. The networks are deleted.

You can do this in parts: `--most 2` trains two networks and stops. Finished networks aren't trained again, and an
interrupted run resumes from its last checkpoint. With `--at-once 2`, two networks train at the same time, each on half of
the cores: small networks are faster on a core each than sharing several.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from poetbot.corpus.loading import read_poems
from poetbot.corpus.named_corpora import NAMED, read_named
from poetbot.errors import PoetBotError
from poetbot.storage import json_bytes, write_atomically
from poetbot.study.history import FIGURES
from poetbot.study.layer_comparison import CARD, FOLDER, file_of, name_of

ROOT = Path(__file__).resolve().parents[1]
POEMS = ROOT.parent / "shared" / "data" / "english" / "clean" / "poems.jsonl"
NETWORKS = [(layers, dropout) for layers in (1, 2, 3) for dropout in (0.0, 0.2)]
RECIPE = "verse"
SAMPLES, SAMPLE = 24, 280  # samples kept per network, and characters of each
_KEPT = ("epoch", "step", "minutes", *FIGURES)


def corpus_of(where: str, characters: int, out: Path) -> int:
    """Write random poems of a corpus, with a fixed rng, until they have `most` characters; return how many they have."""
    read = read_named(where) if where in NAMED and not Path(where).exists() else read_poems(Path(where))
    order = np.random.default_rng(0).permutation(len(read.poems)).tolist()
    rows, total = [], 0
    for k in order:
        if total >= characters:
            break
        poem = read.poems[k]
        rows.append(json.dumps({"text": poem.text, "title": poem.title, "author": poem.author}) + "\n")
        total += len(poem.text)
    write_atomically(out, "".join(rows).encode())
    return total


def trained(corpus: Path, out: Path, layers: int, dropout: float, minutes: float, *options: str) -> None:
    """Train a network, or resume an interrupted run."""
    command = [sys.executable, "-m", "poetbot", "train", str(corpus), "--out", str(out), "--resume"]
    command += ["--recipe", RECIPE, "--set", f"layers={layers}", "--set", f"dropout={dropout}"]
    command += ["--set", "units=300", "--set", "batch=96"]  # the article's width
    command += ["--minutes", str(minutes), "--rng", "0", *options]
    subprocess.run(command, cwd=ROOT, check=True)


def small(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the epochs with the figures for the charts, and the shortened samples of some of them."""
    sampled = {round(k) for k in np.linspace(0, len(rows) - 1, min(SAMPLES, len(rows)))}
    kept = []
    for k, row in enumerate(rows):
        figures = {name: row[name] for name in _KEPT if row.get(name) is not None}
        if k in sampled and isinstance(row.get("sample"), str):
            figures["sample"] = row["sample"].strip("\n")[:SAMPLE]
        kept.append(figures)
    return kept


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="?", default=str(POEMS), metavar="CORPUS")
    parser.add_argument("--characters", type=int, default=500_000, help="of the poems that are read")
    parser.add_argument("--minutes", type=float, default=20.0, help="of training, for each network")
    parser.add_argument("--most", type=int, default=len(NETWORKS), help="networks to train in this run")
    parser.add_argument("--at-once", type=int, default=1, metavar="N", help="networks trained side by side")
    parser.add_argument("--start-over", action="store_true", help="discard the comparison so far")
    parser.add_argument("--set", action="append", default=[], help="change a field of the recipe")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the histories are kept")
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "layers", help="where it is trained")
    chosen = parser.parse_args(arguments)
    if not 0 < chosen.minutes <= 10_000 or chosen.characters < 1 or chosen.at_once < 1:
        sys.exit("--minutes must be above 0 and at most 10,000, --characters and --at-once at least 1.")
    threads = max(1, (os.cpu_count() or 1) // chosen.at_once)
    if chosen.start_over:
        for folder in (chosen.out, chosen.work):
            shutil.rmtree(folder, ignore_errors=True)
    corpus = chosen.work / "poems.jsonl"
    try:
        characters = corpus_of(chosen.corpus, chosen.characters, corpus)
    except PoetBotError as error:
        sys.exit(str(error))
    card: dict[str, Any] = {
        "corpus": Path(chosen.corpus).stem,
        "characters": characters,
        "minutes": chosen.minutes,
        "recipe": RECIPE,
        "changed": chosen.set,
        "threads": threads,
    }
    path, before = chosen.out / CARD, {}
    if path.is_file():
        before = json.loads(path.read_text("utf-8"))
        if any(before.get(name) != value for name, value in card.items()):
            sys.exit(
                f"{path} compares something else: name the same corpus and minutes, or add --start-over."
            )
    done = before.get("networks", [])
    todo = [
        (layers, dropout)
        for layers, dropout in NETWORKS
        if not any(_is(each, layers, dropout) for each in done)
    ]
    options = ["--threads", str(threads), *(part for each in chosen.set for part in ("--set", each))]

    def train(network: tuple[int, float]) -> Path:
        print(f"== {name_of(*network)}", flush=True)
        out = chosen.work / file_of(*network).removesuffix(".jsonl")
        trained(corpus, out, *network, chosen.minutes, *options)
        return out

    now = todo[: chosen.most]
    with ThreadPoolExecutor(chosen.at_once) as pool:
        for (layers, dropout), out in zip(now, pool.map(train, now), strict=True):
            rows = [json.loads(line) for line in (out / "history.jsonl").read_text("utf-8").splitlines()]
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in small(rows))
            write_atomically(chosen.out / file_of(layers, dropout), lines.encode())
            poet = json.loads((out / "poet.json").read_text("utf-8"))
            card["units"] = poet["recipe"]["units"]
            done = [
                *done,
                {"layers": layers, "dropout": dropout, "parameters": poet["figures"]["parameters"]},
            ]
            ordered = sorted(done, key=lambda each: (each["layers"], each["dropout"]))
            write_atomically(path, json_bytes({**before, **card, "networks": ordered}, indent=1))
            shutil.rmtree(out)
    if left := max(0, len(todo) - chosen.most):
        print(f"{left} of {len(NETWORKS)} networks are left: run it again.")
    table(chosen.out, done)


def table(folder: Path, networks: Sequence[dict[str, Any]]) -> None:
    """Print the best held-out loss of each network."""
    print(
        "| network | weights | epochs | best on held-out poems, nats per character | at minute |\n|---|---|---|---|---|"
    )
    for each in sorted(networks, key=lambda each: (each["layers"], each["dropout"])):
        file = folder / file_of(each["layers"], each["dropout"])
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        best = min(rows, key=lambda row: row.get("validation_nats", row["training_nats"]))
        print(
            f"| {name_of(each['layers'], each['dropout'])} | {each['parameters']:,} | {len(rows)} "
            f"| {best.get('validation_nats', best['training_nats']):.3f} | {best['minutes']} |"
        )


def _is(each: dict[str, Any], layers: int, dropout: float) -> bool:
    return (each["layers"], each["dropout"]) == (layers, dropout)


if __name__ == "__main__":
    main()
