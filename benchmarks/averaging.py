"""Bits per character of `english` fine-tuned on poets it never read, with weights averaged with the parent's.

w = (1 - a) · parent + a · fine-tuned, a from 0 to 1 (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models",
arXiv:2109.01903). For each poet and size, a fifth of the poems is kept apart, the rest is cut to the size, and `train --from
english` is run on it in another process. Each a is measured on the poems that training held out, which would choose it
(in the table in brackets), and on the poems kept apart, which judge it (before the brackets). The figures are in
docs/training.md.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from poetbot.corpus.loading import read_poems
from poetbot.poem import Poem
from poetbot.poets.folder import load
from poetbot.poets.network import Network
from poetbot.poets.scoring import score
from poetbot.training.fine_tuning import grown_tensors
from poetbot.training.split import split

ROOT = Path(__file__).resolve().parents[1]
ENGLISH = ROOT.parent / "shared" / "data" / "english"
POETS = {
    "Dickinson": "clean/dickinson.jsonl",
    "Masters, free verse": "more/pg1280_masters_spoon_river_anthology.txt",
    "Lindsay": "more/pg1021_lindsay_congo_and_other_poems.txt",
}
SHARES = (0.0, 0.25, 0.5, 0.75, 0.9, 1.0)


def cut(poems: Sequence[Poem], characters: int) -> tuple[list[Poem], list[Poem]]:
    """Return training poems with `size` characters, and a fifth of all poems that is kept apart; always the same ones."""
    order = np.random.default_rng(0).permutation(len(poems))
    whole = sum(len(poem.text) for poem in poems)
    apart: list[Poem] = []
    learnt: list[Poem] = []
    for poem in (poems[k] for k in order):
        if sum(len(each.text) for each in apart) < whole / 5:
            apart.append(poem)
        elif sum(len(each.text) for each in learnt) < characters:
            learnt.append(poem)
    return learnt, apart


def measured(poems: Sequence[Poem], size: int, options: Sequence[str]) -> list[tuple[float, float]]:
    """Return, for each share, the bits per character on the held-out poems and on those kept apart."""
    learnt, apart = cut(poems, size)
    with tempfile.TemporaryDirectory() as folder:
        corpus, out = Path(folder, "poems.jsonl"), Path(folder, "poet")
        corpus.write_text(
            "".join(json.dumps({"text": p.text, "title": p.title}) + "\n" for p in learnt), "utf-8"
        )
        command = [sys.executable, "-m", "poetbot", "train", str(corpus), "--out", str(out)]
        command += ["--from", "english", "--threads", "1", *options]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        child, parent = load(out), load("english")
        held_out = split(read_poems(str(corpus)).poems, np.random.default_rng([0, 1]), share=0.1).validation
        assert child.card["split"]["validation_poems"] == len(held_out)
        began = grown_tensors(parent.tensors, child.recipe, len(child.vocabulary))
        rows = []
        for share in SHARES:
            mixed = {name: (1 - share) * began[name] + share * child.tensors[name] for name in began}
            network = Network(child.recipe, {name: np.float32(tensor) for name, tensor in mixed.items()})
            bits = [
                score(network, child.vocabulary, [poem.text for poem in texts]).bits_per_character
                for texts in (held_out, apart)
            ]
            rows.append((bits[0], bits[1]))
        return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kilobytes", type=int, nargs="+", default=[30, 120])
    parser.add_argument("--poets", nargs="+", default=list(POETS), choices=list(POETS))
    parser.add_argument("--epochs", help="number of epochs (default: as train chooses)")
    chosen = parser.parse_args()
    if not ENGLISH.is_dir():
        sys.exit("This benchmark needs the folder shared/ with real books next to the checkout.")
    options = ["--epochs", chosen.epochs] if chosen.epochs else []
    print("| poet | KB | " + " | ".join(f"a = {share:g}" for share in SHARES) + " | chosen a | its bits |")
    print("|---" * (len(SHARES) + 4) + "|")
    for name in chosen.poets:
        poems = read_poems(str(ENGLISH / POETS[name])).poems
        for size in chosen.kilobytes:
            rows = measured(poems, size * 1000, options)
            best = min(range(len(SHARES)), key=lambda k: rows[k][0])
            bits = " | ".join(f"{apart:.4f} ({held_out:.4f})" for held_out, apart in rows)
            print(f"| {name} | {size} | {bits} | {SHARES[best]:g} | {rows[best][1]:.4f} |", flush=True)


if __name__ == "__main__":
    main()
