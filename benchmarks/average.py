"""Average the weights of a poet and of the one whose training it continued, in the poet's folder.

    python -m benchmarks.average POET EARLIER SHARE

The weights become (1 - SHARE) times the poet's plus SHARE times the earlier one's, in 16 bits, and the card records
this (Izmailov et al. 2018, "Averaging Weights Leads to Wider Optima and Better Generalization", arXiv:1803.05407). Afterwards
`train … --out POET --half-only`, with the options of the poet's own run, measures it again.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from poetbot.poets.folder import load, poet_id, save_card, save_network, to_float16


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Average the weights of a poet and of an earlier one.")
    parser.add_argument("poet", type=Path)
    parser.add_argument("earlier", type=Path)
    parser.add_argument("share", type=float)
    chosen = parser.parse_args(arguments)
    poet, earlier = load(chosen.poet), load(chosen.earlier)
    training = poet.card["training"]
    if training.get("earlier", {}).get("id") != earlier.id or "averaged_with" in training:
        raise SystemExit(
            f"{chosen.poet} doesn't continue the training of {chosen.earlier}, or is averaged already."
        )
    if not 0 < chosen.share < 1:
        raise SystemExit("SHARE must be between 0 and 1.")
    share = np.float32(chosen.share)
    tensors = {
        name: (1 - share) * weights.astype(np.float32) + share * earlier.tensors[name].astype(np.float32)
        for name, weights in poet.tensors.items()
    }
    tensors = to_float16(tensors)
    averaged = {"id": earlier.id, "share": chosen.share}
    card = {**poet.card, "id": poet_id(poet.recipe, poet.vocabulary, tensors)}
    card["training"] = {**training, "averaged_with": averaged}
    save_network(poet.folder, poet.recipe, poet.vocabulary, tensors)
    save_card(poet.folder, card)


if __name__ == "__main__":
    main()
