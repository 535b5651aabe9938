"""Compare fine-tuning `english` on Emily Dickinson for 2 minutes with training from scratch for 20, in bits per character.

`english` never read her. The corpus, the split (20 % of the poems held out, with rng 0) and the machine are the same for
both; each is trained by the `train` command in its own process, one after the other. `--fine-tuning` and `--scratch` set
other minutes for a quick try; the bar is for 2 and 20.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "data" / "english" / "clean" / "dickinson.jsonl"


def trained(out: Path, minutes: float, *options: str) -> dict[str, Any]:
    """Train for `minutes` and return the poet's card."""
    command = [sys.executable, "-m", "poetbot", "train", str(CORPUS), "--out", str(out)]
    command += ["--validation", "0.2", "--rng", "0", "--minutes", str(minutes), "--json", *options]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fine-tuning", type=float, default=2.0, metavar="MINUTES")
    parser.add_argument("--scratch", type=float, default=20.0, metavar="MINUTES")
    parser.add_argument("--recipe", help="of the poet from scratch (default: the one that train chooses)")
    chosen = parser.parse_args()
    if not CORPUS.is_file():
        sys.exit("The folder shared/ with the real books does not lie beside this checkout.")
    with tempfile.TemporaryDirectory() as folder:
        tuned = trained(Path(folder, "tuned"), chosen.fine_tuning, "--from", "english")
        recipe = ["--recipe", chosen.recipe] if chosen.recipe else []
        scratch = trained(Path(folder, "scratch"), chosen.scratch, *recipe)
    poems = tuned["split"]["validation_poems"]
    print(f"\nBits a character on {poems} of Emily Dickinson's poems, held out:\n")
    print("| poet | minutes | steps | characters read | bits |\n|---|---|---|---|---|")
    print(f"| english as it is | 0 | 0 | 0 | {tuned['parent']['validation_bits_per_character']:.4f} |")
    better = shown("fine-tuned from english", tuned) < shown("from scratch", scratch)
    if not better:
        sys.exit("Fine-tuning is no better: missed.")


if __name__ == "__main__":
    main()
