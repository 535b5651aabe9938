"""Compare bits per character of the poet `tang` on unseen poems with smoothed character trigrams (NLTK).

Both learn from the same poems and are scored on the same held-out ones as in `python -m poetbot score`: each poem alone, every
character counted, including the line end at its end, and log2(V + 1) bits for an unknown character. Witten-Bell smoothing,
absolute discounting and Kneser-Ney are tried (Chen & Goodman 1999, "An empirical study of smoothing techniques for language
modeling", Computer Speech & Language 13, 359-394), and the best one counts.

Line ends inside a poem would take up half of a trigram's context and are certain after punctuation. So the trigrams are also
measured on poems without them, which makes line ends free: the bar is relative to that figure.

`python -m benchmarks.trigram [POET]`: the poems are gathered from ../shared by corpora/tang.toml.
"""

import contextlib
import io
import math
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from nltk.lm import AbsoluteDiscountingInterpolated, KneserNeyInterpolated, WittenBellInterpolated
from nltk.lm.api import LanguageModel
from nltk.lm.smoothing import KneserNey
from nltk.util import everygrams

from benchmarks import figures
from benchmarks.figures import Figure
from benchmarks.sizes import TINY
from poetbot.__main__ import main as poetbot
from poetbot.corpus.loading import read_poems
from poetbot.corpus.named_corpora import read_named
from poetbot.poem import Poem
from poetbot.poets.folder import Poet, load
from poetbot.poets.scoring import score
from poetbot.training.split import Split

ROOT = Path(__file__).resolve().parents[1]
BOOKS = ROOT.parent / "shared" / "data"
ORDER = 3
BELOW = 0.9
"""Maximum ratio of the poet's bits to the trigram's."""

DISCOUNT = 0.75
"""Discount of each n-gram count, for absolute discounting and Kneser-Ney."""

_BEGINNING = ("<s>",) * (ORDER - 1)


class QuickKneserNey(KneserNey):
    """NLTK's Kneser-Ney, with continuation counts computed for all n-grams at the first call."""

    _types: dict[tuple[str, ...], Counter[str]] | None = None

    def _continuation_counts(self, word: str, context: tuple[str, ...] = ()) -> tuple[int, int]:
        if self._types is None:
            self._types = defaultdict(Counter)
            for order in range(2, ORDER + 1):
                for prefix, counts in self.counts[order].items():
                    self._types[prefix[1:]].update(each for each, count in counts.items() if count)
            self._totals = {prefix: types.total() for prefix, types in self._types.items()}
        types = self._types.get(context)
        return (types[word], self._totals[context]) if types else (0, 0)


def corpus_command(out: Path, held_out: Path) -> list[str]:
    """Return the command that builds the poet's corpus and the poems that it is measured on."""
    manifest = ROOT / "corpora" / "tang.toml"
    files = ["--out", str(out), "--held-out", str(held_out)]
    return ["corpus", "--manifest", str(manifest), "--books", str(BOOKS), *files]


def split_of(poet: Poet) -> Split:
    """Return the poet's training poems and held-out poems. Exits if they aren't here."""
    if TINY:
        poems = read_named("chinese-poems").poems
        return Split(tuple(poems[:40]), tuple(poems[40:45]), {}, "a few poems, for a moment")
    if not BOOKS.is_dir():
        sys.exit("This benchmark needs the folder shared/ with the Chinese poems next to the checkout.")
    with tempfile.TemporaryDirectory() as folder:
        training, held_out = Path(folder) / "tang.jsonl", Path(folder) / "held-out.jsonl"
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            poetbot(corpus_command(training, held_out))
        read, unseen = read_poems(training), read_poems(held_out)
    if read.fingerprint != poet.card["corpus"]["fingerprint"]:
        sys.exit(f"corpora/tang.toml no longer makes the poems that {poet.name} was trained on.")
    return Split(tuple(read.poems), tuple(unseen.poems), {}, str(poet.card["split"]["rule"]))


def trigram_bits(
    training: Sequence[Poem],
    held_out: Sequence[Poem],
    smoothing: type[LanguageModel],
    *,
    rows: bool,
    symbols: int,
) -> float:
    """Return the bits per character of held-out poems under a smoothed trigram of the training poems.

    Without `rows`, both are read without the line ends inside a poem, which are then free but still count as characters. An
    unknown character costs log2(symbols + 1) bits.
    """
    model = smoothing(ORDER) if smoothing is WittenBellInterpolated else smoothing(ORDER, discount=DISCOUNT)
    if smoothing is KneserNeyInterpolated:
        model.estimator = QuickKneserNey(model.vocab, model.counts, ORDER, discount=DISCOUNT)
    texts = [_symbols(poem.text, rows=rows) for poem in training]
    model.fit(
        (everygrams((*_BEGINNING, *text), max_len=ORDER) for text in texts),
        (character for text in texts for character in text),
    )
    bits, characters = 0.0, 0
    for poem in held_out:
        text = (*_BEGINNING, *_symbols(poem.text, rows=rows))
        characters += len(_symbols(poem.text, rows=True))
        for at in range(len(_BEGINNING), len(text)):
            known = text[at] in model.vocab
            chance = model.score(text[at], text[at - ORDER + 1 : at]) if known else 1 / (symbols + 1)
            bits -= math.log2(chance)
    return bits / characters


def _symbols(text: str, *, rows: bool) -> tuple[str, ...]:
    text = text.strip("\n")
    return (*(text if rows else text.replace("\n", "")), "\n")


def measure(quick: bool = False, name: str = "tang") -> Iterator[Figure]:
    """Compare the poet with the best of the trigrams."""
    poet = load(name)
    parts = split_of(poet)
    found = score(poet.in_floats.network, poet.vocabulary, [poem.text for poem in parts.validation])
    best, which = math.inf, ""
    for smoothing in (WittenBellInterpolated, AbsoluteDiscountingInterpolated, KneserNeyInterpolated):
        for rows in (True, False):
            bits = trigram_bits(
                parts.training, parts.validation, smoothing, rows=rows, symbols=len(poet.vocabulary)
            )
            told = smoothing.__name__.removesuffix("Interpolated") + ("" if rows else ", line ends free")
            print(f"trigram, {told}: {bits:.3f} bits per character", flush=True)
            best, which = min((best, which), (bits, told))
    own = found.bits_per_character or 0.0
    yield Figure(
        "The other poets",
        f"`{name}`, below the best smoothed trigram",
        round(100 * (1 - own / best), 1),
        "%",
        f"≥ {100 * (1 - BELOW):.0f}",
        compared=f"{own:.3f} and {best:.3f} bits per character ({which}), {len(parts.validation):,} poems held out",
    )


def main(name: str = "tang") -> int:
    return figures.report(measure(False, name))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
