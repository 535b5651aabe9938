"""Measure rhyme in Shakespeare's sonnets and old Chinese quatrains, syllables of unknown words, and the time per line.

    python -m benchmarks.verse

Bars: ABAB CDCD EFEF GG is found in at least 85 % of the pairs of lines that should rhyme and in at most 10 % of those that
shouldn't, in the even-numbered sonnets, which no rule was tuned on. The syllables of a line take at most 50 µs, and so does a
rhyme between two lines, once their words are known.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise
from pathlib import Path

from benchmarks import figures
from benchmarks.figures import Figure, rounded
from benchmarks.sizes import full_or_tiny
from poetbot.verse import (
    Rhyme,
    line_syllables,
    possible_line_syllables,
    pronunciations,
    rhyme,
    rhyme_letters,
    syllables,
)
from poetbot.verse.chinese import chinese_lines, chinese_rhyme
from poetbot.verse.dictionary import Phones, all_words, is_vowel, listed, syllable_count
from poetbot.verse.metre import metre, metre_of
from poetbot.verse.rhyme import endings, endings_of
from poetbot.verse.unknown_words import guessed

SONNETS = Path(__file__).parents[2] / "shared/data/english/clean/shakespeare_sonnets.jsonl"
QUATRAINS = Path(__file__).parents[2] / "shared/data/chinese/wujue_title_poem.txt"
TOPIC = "How verse sounds"
SCHEME = "ABABCDCDEFEFGG"
IAMBIC_PENTAMETER = ("iambic", 5)
FOUND, WRONG, MICROSECONDS, METRICAL = 0.85, 0.10, 50.0, 0.8
WORDS, QUATRAINS_HEARD = full_or_tiny((6_000, 3_000), (100, 50))
TURNS = full_or_tiny(7, 1)


def sonnets() -> list[tuple[int, list[str]]]:
    """Return number and lines of each fourteen-line sonnet (99 has fifteen lines, 126 twelve in couplets)."""
    if not SONNETS.exists():
        raise SystemExit(
            f"No sonnets at {SONNETS}. This benchmark needs the folder shared/ next to the checkout."
        )
    rows = map(json.loads, SONNETS.read_text(encoding="utf-8").splitlines())
    poems = ([line for line in row["text"].split("\n") if line.strip()] for row in rows)
    found = [(number, lines) for number, lines in enumerate(poems, 1) if len(lines) == 14]
    return found[: full_or_tiny(None, 4)]


def rhymes(poems: Sequence[list[str]]) -> dict[str, tuple[float, float]]:
    """Return the shares of rhymes found among pairs that should rhyme and pairs that shouldn't: by kind and in all."""
    kinds: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for lines in poems:
        letters = rhyme_letters(lines)
        for i, j in combinations(range(14), 2):
            kind, wanted = rhyme(lines[i], lines[j]), SCHEME[i] == SCHEME[j]
            kinds[wanted][kind.value if kind else "none"] += 1
            kinds[wanted]["any rhyme"] += kind is not None
            kinds[wanted]["same letter in the scheme"] += letters[i] == letters[j]
    pairs = {wanted: 7 * len(poems) if wanted else 84 * len(poems) for wanted in kinds}
    names = [*(kind.value for kind in Rhyme), "any rhyme", "same letter in the scheme"]
    return {name: (kinds[True][name] / pairs[True], kinds[False][name] / pairs[False]) for name in names}


def pentameters(poems: Sequence[list[str]]) -> tuple[float, float, float]:
    """Return the shares of lines recognised as iambic pentameter: alone, in their poem, and with all words shuffled."""
    lines = [line for poem in poems for line in poem]
    alone = sum((found := metre(line)) is not None and found[:2] == IAMBIC_PENTAMETER for line in lines)
    in_poem = sum(_pentameters_of(poem) for poem in poems)
    words = [word for line in lines for word in line.split()]
    random.Random(0).shuffle(words)
    pool = iter(words)
    dealt = [[" ".join(next(pool) for _ in line.split()) for line in poem] for poem in poems]
    return (
        alone / len(lines),
        in_poem / len(lines),
        sum(_pentameters_of(poem) for poem in dealt) / len(lines),
    )


def _pentameters_of(poem: Sequence[str]) -> int:
    found = metre_of("\n".join(poem))
    return (
        dict(found.feet).get(IAMBIC_PENTAMETER[1], 0) if found and found.foot == IAMBIC_PENTAMETER[0] else 0
    )


def quatrains() -> dict[str, tuple[float, float]]:
    """Return the shares of old Chinese quatrains whose second and fourth lines rhyme, and of lines of two poems that do."""
    rows = QUATRAINS.read_text(encoding="utf-8").splitlines()
    poems = [[line.text for line in chinese_lines(row.split(":", 1)[-1])] for row in rows]
    poems = [poem for poem in poems if [len(line) for line in poem] == [5] * 4]
    chosen = random.Random(0).sample(poems, QUATRAINS_HEARD)
    own = Counter(chinese_rhyme(poem[1], poem[3]) for poem in chosen)
    strangers = Counter(chinese_rhyme(one[1], other[3]) for one, other in pairwise(chosen))
    return {
        kind.value: (own[kind] / len(chosen), strangers[kind] / (len(chosen) - 1))
        for kind in (Rhyme.PERFECT, Rhyme.HISTORIC)
    }


def unknown_words() -> tuple[float, float, float]:
    """Return the shares of dictionary words, each left out, whose syllables, rhyme and last syllable are predicted right."""
    words = [word for word in all_words() if word.isascii() and word.isalpha() and len(word) > 1]
    words = [word for word in words if all(map(syllable_count, listed(word)))]  # no hmm, no brr
    chosen = random.Random(0).sample(words, WORDS)
    right = [0, 0, 0]
    for word in chosen:
        sound = guessed(word, unlisted=False)
        counted = syllable_count(sound) in {syllable_count(phones) for phones in listed(word)}
        ends = not set(endings(word)).isdisjoint(endings_of(sound))
        rime = rime_of(sound) in {rime_of(phones) for phones in listed(word)}
        right = [right[0] + counted, right[1] + ends, right[2] + rime]
    return right[0] / WORDS, right[1] / WORDS, right[2] / WORDS


def rime_of(phones: Phones) -> Phones:
    """Return the last vowel and what follows it, without stress."""
    last = max(k for k, phone in enumerate(phones) if is_vowel(phone))
    return tuple(phone.rstrip("012") for phone in phones[last:])


def microseconds(work: Callable[[], object], items: int) -> float:
    """Return the shortest time per item over several passes through `items`."""
    taken = []
    for _ in range(TURNS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return 1e6 * min(taken) / items


def measure(quick: bool = False) -> Iterator[Figure]:
    """Measure the sonnets that no rule was tuned on, quatrains, unknown words and the time."""
    syllables("love")
    pronunciations("slithy")
    poems = sonnets()
    held_out = [lines for number, lines in poems if number % 2 == 0]
    shares = rhymes(held_out)
    there = f"in the {len(held_out)} even-numbered sonnets, which no rule was tuned on"
    for kind, how in (
        ("any rhyme", ""),
        ("same letter in the scheme", " by the letters of the whole scheme"),
    ):
        for k, (of, bar) in enumerate(
            (("should", f"≥ {100 * FOUND:.0f}"), ("should not", f"≤ {100 * WRONG:.0f}"))
        ):
            name = f"rhymes found{how} {there}, of the pairs that {of} rhyme"
            yield Figure(TOPIC, name, round(100 * shares[kind][k], 1), "%", bar)
    alone, in_poem, dealt = pentameters(held_out)
    told = f"alone {alone:.1%}, with all words shuffled {dealt:.1%}"
    name = "lines of these sonnets heard as iambic pentameters, in their poem"
    yield Figure(TOPIC, name, round(100 * in_poem, 1), "%", f"≥ {100 * METRICAL:.0f}", compared=told)

    lines = [
        line for number, poem in poems if number != 145 for line in poem
    ]  # 145 has eight syllables per line
    ten = sum(low <= 10 <= high or low <= 11 <= high for low, high in map(possible_line_syllables, lines))
    as_said = sum(line_syllables(line) in (10, 11) for line in lines)
    told = f"as verse may {ten / len(lines):.1%}"
    name = "lines of the sonnets with ten or eleven syllables, as said"
    yield Figure(TOPIC, name, round(100 * as_said / len(lines), 1), "%", compared=told)

    for kind, (own, strangers) in quatrains().items():
        name = f"lines 2 and 4 of {QUATRAINS_HEARD:,} old Chinese quatrains that rhyme: {kind}"
        yield Figure(TOPIC, name, round(100 * own, 1), "%", compared=f"lines of two poems {strangers:.1%}")

    right = unknown_words()
    for what, share in zip(("syllables", "rhymes", "last syllables"), right, strict=True):
        name = f"{what} of {WORDS:,} words of the dictionary, each taken for unknown"
        yield Figure(TOPIC, name, round(100 * share, 1), "% right")

    known = "once the words are known"
    line = microseconds(lambda: [line_syllables(line) for line in lines], len(lines))
    yield Figure(TOPIC, f"syllables of a line, {known}", rounded(line), "µs", f"≤ {MICROSECONDS:g}")
    pairs = list(zip(lines, lines[2:], strict=False))
    pair = microseconds(lambda: [rhyme(*two) for two in pairs], len(pairs))
    yield Figure(TOPIC, f"a rhyme between two lines, {known}", rounded(pair), "µs", f"≤ {MICROSECONDS:g}")
    scheme = microseconds(lambda: [rhyme_letters(poem) for _, poem in poems], len(poems))
    yield Figure(TOPIC, f"a sonnet's scheme, {known}", rounded(scheme), "µs")


if __name__ == "__main__":
    sys.exit(figures.report(measure()))
