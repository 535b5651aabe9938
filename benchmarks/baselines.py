"""Train the models that `benchmarks.quality` compares the poets with, and save them.

    python -m benchmarks.baselines POET [--corpus FILE] [--leave-out FILE]… [--hold-out-poems FILE]… [--count N]
        [--cache FOLDER] [--no-ngrams]

Trains on the poet's training poems and saves the results outside the project (`~/.cache/poetbot/baselines/POET.json`): how
well each model predicts the held-out poems, poems it writes, and the held-out poems themselves. The models:

- A character n-gram model with Witten-Bell smoothing (Chen & Goodman 1999) from NLTK: five characters, or three for scripts
  with thousands of characters.
- PPMd (Shkarin 2002, order 6). It writes as any compressor can, by decoding random bits, so only at temperature 1. Its bits
  are those of all held-out poems as one text, so it learns from each for the next: the harder comparison.

The corpora of `english` and `tang` are found next to the checkout; pass any other corpus as it was passed to `train`.
"""

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyppmd
from nltk.lm import WittenBellInterpolated
from nltk.util import everygrams

from benchmarks import held_out, trigram
from benchmarks.ppmd import MEMORY, size
from benchmarks.ppmd import ORDER as PPMD_ORDER
from poetbot.corpus.loading import read_poems
from poetbot.poem import MARKER
from poetbot.poets.folder import Poet, load
from poetbot.poets.recipe import Recipe
from poetbot.training.split import Split, split

CACHE = Path.home() / ".cache" / "poetbot" / "baselines"
COUNT = 200
TEMPERATURES = (0.3, 0.5, 0.7, 1.0)
LINES = {False: 14, True: 8}
"""Maximum number of lines of a poem; eight for Chinese."""
MANY = 1_000
"""A corpus with more different characters than this is in Chinese or a similar script."""
_MOST = 2_000  # characters in a poem without a line end
_KEPT = 100_000_000  # probabilities in memory

Floats = np.ndarray


class NGrams:
    """NLTK's n-gram model of characters, with the probabilities of all characters at once."""

    def __init__(self, texts: Sequence[str], order: int) -> None:
        self.order = order
        self.model = WittenBellInterpolated(order)
        rows = [(*self.beginning, *text) for text in texts]
        self.model.fit(
            (everygrams(row, max_len=order) for row in rows), (each for row in rows for each in row)
        )
        self.characters = sorted(self.model.vocab)
        self._numbers = {character: k for k, character in enumerate(self.characters)}
        self.chances = lru_cache(maxsize=max(1_000, _KEPT // len(self.characters)))(self._chances)

    @property
    def beginning(self) -> tuple[str, ...]:
        """The context of the first character of a poem."""
        return ("<s>",) * (self.order - 1)

    def _chances(self, context: tuple[str, ...]) -> Floats:
        """Return the probability of each character (`characters`,) after a context, as `model.score` does."""
        estimator, counts = self.model.estimator, self.model.counts
        if not context:
            return np.array([estimator.unigram_score(each) for each in self.characters])
        below = self.chances(context[1:])
        seen = counts[context]
        if not seen:
            return below
        alphas = {each: estimator.alpha_gamma(each, context) for each in seen}
        gamma = next(iter(alphas.values()))[1]
        chances = gamma * below
        for each, (alpha, _) in alphas.items():
            chances[self._numbers[each]] += alpha
        return chances

    def bits(self, texts: Sequence[str]) -> float:
        """Return bits per character of held-out texts; an unknown character costs log2(V + 1)."""
        bits, characters = 0.0, 0
        for text in texts:
            row = (*self.beginning, *text)
            characters += len(text)
            for at in range(self.order - 1, len(row)):
                number = self._numbers.get(row[at])
                context = row[at - self.order + 1 : at]
                chance = self.chances(context)[number] if number is not None else 0.0
                bits -= math.log2(chance or 1 / (len(self.characters) + 1))
        return bits / characters

    def poem(self, temperature: float, lines: int, rng: np.random.Generator) -> str:
        """Return a poem with at most `lines` lines."""
        written, ended = list(self.beginning), list(MARKER)
        while len(written) < _MOST and lines and written[-len(ended) :] != ended:
            chances = self.chances(tuple(written[1 - self.order :])) ** (1 / temperature)
            chances[self._numbers["<s>"]] = 0
            written.append(self.characters[int(rng.choice(len(chances), p=chances / chances.sum()))])
            lines -= written[-1] == "\n"
        return "".join(written[self.order - 1 :])


def by_ppmd(texts: Sequence[str], count: int, lines: int, rng: np.random.Generator) -> Iterator[str]:
    """Yield poems that PPMd writes at temperature 1: random bytes, decoded after the training texts.

    A range coder leaves a remainder of its range unused, so now and then random bytes are no code that an encoder could write,
    and the decoder refuses them. Then new ones are drawn.
    """
    training = "".join(texts).encode()
    # Without its flush the encoder's last bytes are missing: the random ones take their place, and change at most the
    # last characters of the training texts. The first poem, which they may belong to, is not taken.
    encoded = pyppmd.Ppmd7Encoder(PPMD_ORDER, MEMORY).encode(training)
    room = (count + 2) * _MOST
    while True:
        decoder = pyppmd.Ppmd7Decoder(PPMD_ORDER, MEMORY)
        try:
            text = decoder.decode(encoded + rng.bytes(room), len(training) + room)[len(training) :]
        except ValueError:
            continue
        for poem in text.decode("utf-8", "ignore").split(MARKER)[1:-1]:
            if poem.strip():
                yield cut(poem, lines)
                count -= 1
                if not count:
                    return


def cut(text: str, lines: int) -> str:
    """Return the first lines of a poem; blank ones count as in `write --lines`."""
    return "".join(text.removesuffix(MARKER)[:_MOST].splitlines(keepends=True)[:lines])


def is_of_signs(texts: Sequence[str]) -> bool:
    """Return whether texts use so many distinct characters that they must be in Chinese or a similar script."""
    return len({character for text in texts for character in text}) > MANY


def split_of(
    poet: Poet, corpus: Path | None, leave_out: Sequence[Path], hold_out: Sequence[Path] = ()
) -> Split:
    """Return the poet's training poems and held-out poems."""
    if poet.name == "english":
        return held_out.split_of(poet, corpus)
    if corpus is None and poet.name == "tang":
        return trigram.split_of(poet)
    if corpus is None:
        raise SystemExit(f"Give the poems that {poet.name} was trained on: --corpus FILE.")
    told = poet.card["split"]
    rule, drawn = str(told["rule"]), told["validation_poems"]
    by_author = rule.startswith("by author: ")
    share = (
        int(rule.partition("%")[0].rpartition(" ")[2]) / 100 if "drawn at random" in rule and drawn else 0.0
    )
    parts = split(
        read_poems(corpus, poet.recipe.pieces).poems,
        np.random.default_rng([int(poet.card["training"]["rng"]), 1]),
        share=share,
        authors=rule.removeprefix("by author: ").split(", ") if by_author else (),
        held_out=[poem for path in hold_out for poem in read_poems(path).poems],
        without=[poem for path in leave_out for poem in read_poems(path).poems],
        slurs="with slurs against people" not in told["left_out"],
    )
    if (len(parts.training), len(parts.validation)) != (poet.card["corpus"]["training_poems"], drawn):
        raise SystemExit(f"These aren't the poems that {poet.name} was trained on.")
    return parts


def add_options(parser: argparse.ArgumentParser, count: int) -> None:
    """Add the options that both commands share: the poems, how many poems to write, and the cache folder."""
    parser.add_argument("poet")
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--leave-out", type=Path, action="append", default=[])
    parser.add_argument("--hold-out-poems", type=Path, action="append", default=[])
    parser.add_argument("--count", type=int, default=count, help=f"poems of each kind (default: {count})")
    parser.add_argument("--cache", type=Path, default=CACHE)


def texts_of(parts: Split, recipe: Recipe) -> tuple[list[str], list[str]]:
    """Return the texts of the training and the held-out poems as the poet reads them, with a line end at each end."""
    training, unseen = (
        [poem.text.strip("\n") + "\n" for poem in part] for part in (parts.training, parts.validation)
    )
    if recipe.fold_case:
        training, unseen = ([text.lower() for text in texts] for texts in (training, unseen))
    return training, unseen


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description="Train the models that the poets are compared with and save the results."
    )
    add_options(parser, COUNT)
    parser.add_argument(
        "--no-ngrams",
        action="store_true",
        help="leave out the n-grams, which take long on tens of millions of characters",
    )
    chosen = parser.parse_args(arguments)
    poet = load(chosen.poet)
    training, unseen = texts_of(
        split_of(poet, chosen.corpus, chosen.leave_out, chosen.hold_out_poems), poet.recipe
    )
    signs = is_of_signs(training)
    lines, rng = LINES[signs], np.random.default_rng(1)
    models: dict[str, Any] = {}
    if not chosen.no_ngrams:
        model = NGrams([text + MARKER for text in training], 3 if signs else 5)
        written = {
            str(t): [cut(model.poem(t, lines, rng), lines) for _ in range(chosen.count)] for t in TEMPERATURES
        }
        models[f"{model.order}-grams, Witten-Bell (NLTK)"] = {
            "bits": model.bits(unseen) if unseen else None,
            "poems": written,
        }
    marked = [text + MARKER for text in training]
    ppmd = (
        (size("".join(marked + unseen)) - size("".join(marked))) / sum(map(len, unseen)) if unseen else None
    )
    models[f"PPMd, order {PPMD_ORDER}"] = {
        "bits": ppmd,
        "poems": {"1.0": list(by_ppmd(marked, chosen.count, lines, rng))},
    }
    told = {
        "corpus": poet.card["corpus"]["fingerprint"],
        "people": [cut(text, lines) for text in unseen],
        "models": models,
    }
    chosen.cache.mkdir(parents=True, exist_ok=True)
    (chosen.cache / f"{poet.name}.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    for name, each in models.items():
        bits = "no poems held out" if each["bits"] is None else f"{each['bits']:.3f} bits per character"
        print(f"{poet.name}: {name}, {bits}")


if __name__ == "__main__":
    main()
