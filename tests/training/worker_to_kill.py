"""A worker for the tests that kill it: trains a tiny poet into the folder that is named, saving again and again."""

import sys
from pathlib import Path

import numpy as np

from poetbot.corpus.loading import corpus_of
from poetbot.poem import Poem
from poetbot.poets.recipe import Recipe
from poetbot.poets.training_run import TrainingRun
from poetbot.training.worker import TrainOptions, train

WORDS = ["lamp", "street", "kettle", "rain", "hall", "apple", "winter", "bridge", "fog", "boat"]
RECIPE = Recipe(
    name="tiny",
    layers=1,
    units=24,
    window=20,
    batch=4,
    learning_rate=0.02,
    warmup=2,
    dropout=0.2,
    recurrent_dropout=0.2,
)


def order(
    out: Path, *, epochs: float = 5, checkpoint_seconds: float = 1000.0, resume: bool = True
) -> TrainOptions:
    rng = np.random.default_rng(0)
    poems = [
        Poem("\n".join(" ".join(rng.choice(WORDS, 4)) for _ in range(5)), title=str(n), author="PoetBot")
        for n in range(24)
    ]
    return TrainOptions(
        TrainingRun(out.name, epochs=epochs, rng=3),
        corpus_of(poems, "words"),
        out,
        RECIPE,
        resume=resume,
        threads=2,
        checkpoint_seconds=checkpoint_seconds,
    )


if __name__ == "__main__":
    train(order(Path(sys.argv[1]), epochs=float(sys.argv[2]), checkpoint_seconds=float(sys.argv[3])))
