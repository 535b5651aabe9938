"""How many bits fine-tuning `english` saves on six corpora that it never read, and a comparison with training from scratch.

Each corpus is split by poem: a fifth judges, and of the rest as many poems are read as make 30 KB or 120 KB, or all of them. The
poet is fine-tuned by the training loop of `train --from english`, with a tenth of those poems held out to choose the epoch, once
per `--rng`. Parent and poet are then scored on the fifth. `--set` and `--epochs` try other rules. With `--average`, the weights
are averaged with the parent's, w = (1 - a) · parent + a · fine-tuned (Wortsman et al. 2022, "Robust fine-tuning of zero-shot
models", arXiv:2109.01903).

`--scratch MINUTES` compares two minutes of fine-tuning on Emily Dickinson with this many minutes of training from scratch instead.
Each is a `train` command of its own, one after the other, with the same split. The bar is for 20 minutes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.sizes import full_or_tiny
from poetbot.corpus.loading import read_poems
from poetbot.poem import Poem
from poetbot.poets.fine_tuning_epochs import epochs_for_fine_tuning
from poetbot.poets.folder import Poet, load
from poetbot.poets.network import Floats, Network
from poetbot.poets.scoring import score
from poetbot.poets.training_run import TrainingRun
from poetbot.training.fine_tuning import fine_tuning_recipe, grown_tensors, grown_vocabulary
from poetbot.training.loop import run
from poetbot.training.machine import use_threads
from poetbot.training.plan import Parent, Plan
from poetbot.training.split import split

ROOT = Path(__file__).resolve().parents[1]
ENGLISH = ROOT.parent / "shared" / "data" / "english"
COLLECTION = "clean/poems.jsonl"
BARS = full_or_tiny({30: 4.0, 120: 7.0}, {5: 4.0})
"""Kilobytes of poems: minimum per cent of the parent's bits saved, on average over the corpora."""


@dataclass(frozen=True)
class Corpus:
    """Poems that `english` never read: all in some files, or those by one author."""

    name: str
    files: tuple[str, ...]
    author: str | None = None

    def poems(self) -> list[Poem]:
        """Read the poems."""
        found = [poem for file in self.files for poem in read_poems(ENGLISH / file).poems]
        return [poem for poem in found if self.author in (None, poem.author)]


BODENHEIM = (
    "more/pg60252_bodenheim_advice_a_book_of_poems.txt",
    "more/pg60427_bodenheim_introducing_irony_a_book_of_poetic.txt",
)
CORPORA = (
    Corpus("Dickinson", ("clean/dickinson.jsonl",)),
    Corpus("Shakespeare's sonnets", ("clean/shakespeare_sonnets.jsonl",)),
    Corpus("Bodenheim, free verse", BODENHEIM),
    Corpus("Jonson", (COLLECTION,), "Ben Jonson"),
    Corpus("Allingham", (COLLECTION,), "William Allingham"),
    Corpus("Brooke", (COLLECTION,), "Rupert Brooke"),
)


def cut(poems: Sequence[Poem], characters: int) -> tuple[list[Poem], list[str]]:
    """Return poems to read, about `characters` long in total, and the texts of a fifth that judges and doesn't depend on that."""
    rng = np.random.default_rng(0)
    parts = split(poems, rng, share=0.2)
    brought = [parts.training[k] for k in rng.permutation(len(parts.training))]
    total = np.cumsum([len(poem.text) for poem in brought])
    count = int(np.searchsorted(total, characters)) + 1
    return brought[:count], [poem.text for poem in parts.validation]


def bits_of(poet: Poet, tensors: dict[str, Floats], poems: Sequence[Poem], texts: Sequence[str]) -> float:
    """Return the bits per character that a fine-tuned poet with these weights needs for texts."""
    vocabulary = grown_vocabulary(poet.vocabulary, [poem.text for poem in poems])
    bits = score(Network(poet.recipe, tensors), vocabulary, texts).bits_per_character
    assert bits is not None
    return bits


def tuned(
    parent: Poet, poems: Sequence[Poem], rng: int, settings: list[str], epochs: float | None
) -> tuple[dict[str, Floats], float, float]:
    """Fine-tune as `train --from` does; return the weights, the epochs and the minutes."""
    order = TrainingRun("poet", parent=parent.name, epochs=epochs, rng=rng)
    parts = split(poems, np.random.default_rng([rng, 1]), share=order.validation)
    texts = [poem.text for poem in parts.training]
    recipe = fine_tuning_recipe(parent.recipe, sum(len(poem.text) for poem in poems)).changed(settings)
    most = epochs_for_fine_tuning(parent, texts) if epochs is None else None
    plan = Plan(
        order, parts, recipe, Parent(parent.name, parent.id, parent.vocabulary, parent.tensors, most), 1
    )
    with tempfile.TemporaryDirectory() as folder:
        done = run(plan, Path(folder), resume=False, report=lambda _: None, keep=lambda _: None)
    return done.tensors, done.progress.history[-1]["epoch"], done.progress.seconds / 60


def gains(chosen: argparse.Namespace) -> bool:
    """Print what fine-tuning saves on each corpus; return whether the bars are met."""
    use_threads(1)
    parent, met = load("english"), True
    shares = [1.0, *chosen.average]
    columns = [f"a = {share:g}" for share in shares] if chosen.average else ["saved, % (mean; range)"]
    print(f"| poems by | KB | bits before | epochs | minutes | {' | '.join(columns)} |")
    print("|---" * (5 + len(columns)) + "|")
    for size in chosen.kilobytes:
        means = []
        for corpus in CORPORA:
            if chosen.corpora and corpus.name.split()[0].strip(",") not in chosen.corpora:
                continue
            poems, judging = cut(corpus.poems(), size * 1000)
            vocabulary = grown_vocabulary(parent.vocabulary, [poem.text for poem in poems])
            began = grown_tensors(parent.tensors, parent.recipe, len(vocabulary))
            before = bits_of(parent, began, poems, judging)
            saved: list[list[float]] = []
            for rng in chosen.rng:
                tensors, epochs, minutes = tuned(parent, poems, rng, chosen.set, chosen.epochs)
                mixed = [
                    {name: np.float32((1 - a) * began[name] + a * tensors[name]) for name in began}
                    for a in shares
                ]
                saved.append([100 * (1 - bits_of(parent, each, poems, judging) / before) for each in mixed])
            table = np.array(saved)
            cells = [
                f"{each.mean():.1f}" + (f"; {each.min():.1f} to {each.max():.1f}" if len(each) > 1 else "")
                for each in table.T
            ]
            kilobytes = sum(len(poem.text) for poem in poems) / 1000
            print(
                f"| {corpus.name} | {kilobytes:.0f} | {before:.3f} | {epochs:g} | {minutes:.1f} | {' | '.join(cells)} |",
                flush=True,
            )
            means.append(table.mean(axis=0))
        overall = np.mean(means, axis=0)
        print(
            f"| **mean** | {size} | | | | {' | '.join(f'**{each:.2f}**' for each in overall)} |", flush=True
        )
        met &= overall[0] >= BARS.get(size, 0)
    return met


def trained(out: Path, minutes: float, *options: str) -> dict[str, Any]:
    """Train for `minutes` and return the poet's card."""
    command = [sys.executable, "-m", "poetbot", "train", str(ENGLISH / "clean" / "dickinson.jsonl")]
    command += ["--out", str(out), "--validation", "0.2", "--rng", "0", "--minutes", str(minutes), "--json"]
    done = subprocess.run([*command, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    card: dict[str, Any] = json.loads(done.stdout)
    return card


def shown(what: str, card: dict[str, Any]) -> float:
    """Print a row and return the bits per character."""
    bits = float(card["figures"]["validation_bits_per_character"])
    training = card["training"]
    print(
        f"| {what} | {training['minutes']} | {training['steps']:,} | {training['characters']:,} | {bits:.4f} |"
    )
    return bits


def better_than_from_scratch(minutes: float, scratch_minutes: float) -> bool:
    """Train both poets on Emily Dickinson; return whether the fine-tuned one is better."""
    with tempfile.TemporaryDirectory() as folder:
        from_english = trained(Path(folder, "tuned"), minutes, "--from", "english")
        scratch = trained(Path(folder, "scratch"), scratch_minutes)
    poems = from_english["split"]["validation_poems"]
    print(f"\nBits per character on {poems} held-out poems of Emily Dickinson:\n")
    print("| poet | minutes | steps | characters read | bits |\n|---|---|---|---|---|")
    print(f"| english as it is | 0 | 0 | 0 | {from_english['parent']['validation_bits_per_character']:.4f} |")
    return shown("fine-tuned from english", from_english) < shown("from scratch", scratch)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kilobytes", type=int, nargs="+", default=list(BARS))
    parser.add_argument("--corpora", nargs="+", metavar="NAME", help="first words of their names")
    parser.add_argument("--rng", type=int, nargs="+", default=[0])
    parser.add_argument("--epochs", type=float, help="number of epochs (default: as train chooses)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="as of train")
    parser.add_argument("--average", type=float, nargs="+", default=[], metavar="A")
    parser.add_argument("--scratch", type=float, metavar="MINUTES", help="compare with training from scratch")
    parser.add_argument("--minutes", type=float, default=2.0, help="of fine-tuning, with --scratch")
    chosen = parser.parse_args()
    if not ENGLISH.is_dir():
        sys.exit("This benchmark needs the folder shared/ with real books next to the checkout.")
    met = better_than_from_scratch(chosen.minutes, chosen.scratch) if chosen.scratch else gains(chosen)
    print("\nmet" if met else "\nmissed")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
