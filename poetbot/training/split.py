"""The split into training and held-out poems, by poem or by author. Near-duplicates are always on one side."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from poetbot.corpus.near_duplicates import near_duplicate_groups
from poetbot.corpus.slurs import has_slur
from poetbot.errors import PoetBotError
from poetbot.poem import Poem


@dataclass(frozen=True)
class Split:
    """The split of a corpus."""

    training: tuple[Poem, ...]
    validation: tuple[Poem, ...]
    left_out: dict[str, int]  # number of poems by reason
    rule: str  # a description of the split, for the card


def split(
    poems: Sequence[Poem],
    rng: np.random.Generator,
    *,
    share: float = 0.1,
    authors: Collection[str] = (),
    held_out: Sequence[Poem] = (),
    without: Sequence[Poem] = (),
    slurs: bool = True,
) -> Split:
    """Split `poems`: by `authors` if any are named, else hold out a random `share` of them.

    If `held_out` is given, those are the validation poems instead, whether they are in the corpus or not.
    `without` holds poems that are never used, nor any near-duplicates of them. Near-duplicates of held-out poems by
    other authors are left out too. With `slurs=False`, poems with a slur against people aren't used for training.
    Raises PoetBotError if nothing is left to train on, or an author isn't in the corpus.
    """
    if held_out:
        share, poems = 0, [*held_out, *poems]
    if not 0 <= share < 1:
        raise PoetBotError("The share of held-out poems must be at least 0 and less than 1.")
    if len(poems) == 1 and share and not authors:
        raise PoetBotError(
            "There is only one poem, so none can be held out. Add poems, split the text with --pieces, or use --validation 0."
        )
    groups = np.array(near_duplicate_groups([*poems, *without]))
    own, forbidden = groups[: len(poems)], set(groups[len(poems) :].tolist())
    usable = np.array([g not in forbidden for g in own.tolist()], dtype=bool)
    left_out = {"near-duplicates of poems kept out": int((~usable).sum())} if without else {}
    if held_out:
        held = usable & (np.arange(len(poems)) < len(held_out))
        rule = "by poem: those of a file, near-duplicates left out"
    elif authors:
        held = _by_author(poems, usable, authors)
        rule = "by author: " + ", ".join(authors)
    else:
        held = _by_share(own, usable, share, rng)
        rule = f"by poem: {share:.0%} drawn at random, near-duplicates on one side"
    touched = set(own[held].tolist())
    training = usable & ~np.array([g in touched for g in own.tolist()], dtype=bool)
    if authors or held_out:
        left_out["near-duplicates of held-out poems"] = int((usable & ~training & ~held).sum())
    if not slurs:
        clean = np.array([not has_slur(poem.text) for poem in poems], dtype=bool)
        left_out["with slurs against people"] = int((training & ~clean).sum())
        training &= clean
    # Only the first of each group of near-duplicates is used for training.
    first = np.zeros(len(poems), dtype=bool)
    first[np.unique(own, return_index=True)[1]] = True
    seen_first = training & ~_repeats(own, training)
    left_out["near-duplicates of one another"] = int((training & ~seen_first).sum())
    chosen = tuple(poem for poem, use in zip(poems, seen_first, strict=True) if use)
    if not chosen:
        raise PoetBotError("No poems are left to train on. Add poems, or hold fewer out.")
    validation = tuple(poem for poem, use in zip(poems, held, strict=True) if use)
    return Split(chosen, validation, {why: n for why, n in left_out.items() if n}, rule)


def _repeats(groups: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Return which of the poems in `among` are in the same group as an earlier one of them."""
    repeated = np.zeros(len(groups), dtype=bool)
    seen: set[int] = set()
    for number in np.flatnonzero(among).tolist():
        repeated[number] = groups[number] in seen
        seen.add(int(groups[number]))
    return repeated


def _by_author(poems: Sequence[Poem], usable: np.ndarray, authors: Collection[str]) -> np.ndarray:
    known = {poem.author for poem in poems}
    for author in authors:
        if author not in known:
            raise PoetBotError(
                "The corpus has no poem by {author}. Write the name as it appears there.",
                author=repr(author[:80]),
            )
    return np.array([poem.author in authors for poem in poems], dtype=bool) & usable


def _by_share(groups: np.ndarray, usable: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Draw whole groups until the share of poems is reached, but always leave one group to train on."""
    wanted = round(share * int(usable.sum()))
    names = np.unique(groups[usable])
    held: set[int] = set()
    count = 0
    for name in rng.permutation(names)[: len(names) - 1].tolist():
        if count >= wanted:
            break
        held.add(name)
        count += int((usable & (groups == name)).sum())
    return np.array([g in held for g in groups.tolist()], dtype=bool) & usable
