"""Remove copies, variants and excerpts of the same poem; the longest is kept."""

from collections.abc import Callable, Collection, Mapping, Sequence

from poetbot.corpus.near_duplicates import near_duplicate_pairs
from poetbot.poem import Poem

SAME = 3 / 5
"""Share of the shorter poem's three-word sequences; a draft with every seventh word changed still reaches it (0.85³)."""


def find_repeats(
    poems: Sequence[Poem], sure: Collection[int] = (), report: Callable[[float], None] | None = None
) -> dict[int, int]:
    """Return the near-duplicates among `poems`: the position of each, and of the poem kept instead.

    The longest is kept, among equals the first. Those in `sure` are always kept, and no other poem is left out because of them.
    `report` is called now and then with the share of the poems read.
    """

    def pairs_of(among: Sequence[int]) -> Pairs:
        nonlocal report
        copies: dict[int, int] = {}
        pairs = list(near_duplicate_pairs([poems[place] for place in among], SAME, report, copies))
        report = None
        return pairs, copies

    among = [place for place in range(len(poems)) if place not in sure]
    return repeats_among(among, [len(poem.text) for poem in poems], pairs_of)


Pairs = tuple[Sequence[tuple[int, int]], dict[int, int]]
"""Near-duplicates and copies, as `near_duplicate_pairs` gives them: by their places in what was compared."""


def repeats_among(
    among: Sequence[int], sizes: Sequence[int] | Mapping[int, int], pairs_of: Callable[[Sequence[int]], Pairs]
) -> dict[int, int]:
    """Return the repeats `among` some poems, as `find_repeats` does; `sizes` are the lengths of their texts.

    `pairs_of` compares some of the poems, given their positions.
    """
    dropped: dict[int, int] = {}
    while len(among) > 1:
        before = len(dropped)
        pairs, copies = pairs_of(among)
        # The longest text represents all with equal words; otherwise each pass would remove only one copy.
        longest = _longest(copies, [sizes[place] for place in among])
        for copy in {*copies, *copies.values()}:
            if copy != (kept := longest[copies.get(copy, copy)]):
                dropped[among[copy]] = among[kept]
        neighbours: dict[int, list[int]] = {among[place]: [] for place in longest.values()}
        for pair in pairs:
            one, other = (among[longest.get(place, place)] for place in pair)
            neighbours.setdefault(one, []).append(other)
            neighbours.setdefault(other, []).append(one)
        for place in sorted(neighbours, key=lambda place: (-sizes[place], place)):
            if place not in dropped:
                dropped |= {other: place for other in neighbours[place] if other not in dropped}
        # Not every pair was compared: copies only with the first one, and large families only with the next ones.
        among = sorted(neighbours.keys() - dropped.keys()) if len(dropped) > before else []
    return {place: _last(dropped, place) for place in sorted(dropped)}


def _longest(copies: Mapping[int, int], sizes: Sequence[int]) -> dict[int, int]:
    """Return, for the first poem with the same words, the one with the longest text, among equals the first."""
    found: dict[int, int] = {first: first for first in copies.values()}
    for copy, first in sorted(copies.items()):
        if sizes[copy] > sizes[found[first]]:
            found[first] = copy
    return found


def _last(dropped: dict[int, int], place: int) -> int:
    while place in dropped:
        place = dropped[place]
    return place
