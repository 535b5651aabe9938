"""Writing one poem: priming the network with the seed, and yielding the poem piece by piece."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np

from poetbot.cjk import is_mostly_cjk
from poetbot.messages import Message
from poetbot.overlap import OverlapIndex
from poetbot.overlap.copy_guard import CopyGuard, Guard, JointGuard
from poetbot.poets.folder import Poet
from poetbot.poets.interfaces import WritingNetwork, WritingState
from poetbot.poets.sampling import sample
from poetbot.poets.vocabulary import PRIMING_CHARACTERS
from poetbot.writing.chinese_script import ANY, given
from poetbot.writing.poem_state import PoemState
from poetbot.writing.real_words import real_words_of
from poetbot.writing.receipt import Receipt
from poetbot.writing.request import Request, clean_seed, receipt
from poetbot.writing.theme_bias import ThemeBias
from poetbot.writing.theme_words import resolved
from poetbot.writing.token_healing import end_of

_MIN_ROWS = 4  # when several poems are written at once, because libraries compute one row differently


def min_rows(network: WritingNetwork) -> int:
    """Return the fewest rows in which a network that writes several poems at once rounds each of them the same."""
    return 1 if network.exact else _MIN_ROWS


@dataclass(frozen=True)
class WrittenPoem:
    """A poem. The first `seed_characters` of `text` are the seed.

    `stopped_by` is `marker`, `lines`, `characters`, `bound` (no end was found), `guard` (the guard left no way to
    continue), or `you`.
    """

    text: str
    seed_characters: int
    temperature: float
    rng: int
    stopped_by: str
    notices: tuple[Message, ...]
    receipt: Receipt
    script: str = ANY

    @property
    def given(self) -> str:
        """The text in the requested script. The overlap report is made of `text`."""
        return given(self.text, self.script)

    def as_json(self) -> dict[str, object]:
        """Return the poem as the command line and the API do, without its overlap report."""
        return {
            "text": self.given,
            "seed_characters": self.seed_characters,
            "temperature": self.temperature,
            "rng": self.rng,
            "stopped_by": self.stopped_by,
            "notices": list(map(str, self.notices)),
            "receipt": self.receipt,
        }


def primed(poet: Poet, seed: str) -> WritingState:
    """Return the one-row state after priming; for characters, after the last 300 of sixty markers + seed.

    The state of an empty seed is cached. For a short seed only the seed itself is read.
    """
    seed = seed[: len(seed) - len(end_of(poet, seed).pending)]
    if not seed:
        copied: WritingState = poet.empty_seed.copy()
        return copied
    if poet.paddings and len(seed) < PRIMING_CHARACTERS:
        return poet.paddings.primed(poet.network, seed)
    state: WritingState = poet.network.zero_state()
    poet.network.read(poet.vocabulary.priming(seed), state)
    return state


def guard_of(poet: Poet, words: int, *open_indexes: OverlapIndex | None) -> CopyGuard | None:
    """Return the guard against copied phrases of this many words, or None for 0.

    `open_indexes` are those of its first `overlap_folders`, which needn't be opened again; None where one isn't open.

    That of a blend holds for the training poems of all its poets. For Chinese, Japanese and Korean poets it also rejects
    whole lines. Raises PoetBotError if a poet has no overlap index.
    """
    if not words:
        return None
    lines = is_mostly_cjk(poet.vocabulary.symbols)
    guards = [
        Guard(index or OverlapIndex.open(folder), words, lines=lines)
        for folder, index in zip_longest(poet.overlap_folders, open_indexes)
    ]
    return JointGuard(guards) if len(guards) > 1 else guards[0]


def draw(
    page: PoemState, state: WritingState, row: int, request: Request, rng: np.random.Generator, *, exact: bool
) -> int | None:
    """Draw ids from a row of the state until one is added to the poem, and return it for the network to read.

    If words are taken back, the row is restored. Returns None if the poem has ended instead.
    """
    while True:
        if page.back:
            state.put(row, page.back)
            page.back = None
        if page.stopped_by:
            return None
        logits = state.logits[row]
        if not page.forbid(logits):
            page.stuck()
            continue
        drawn = sample(page.drawn_from(logits), request.temperature, request.top_p, rng, exact=exact)
        if page.add(drawn):
            return drawn


class Writer:
    """Writes one poem. Iterate to get its pieces; `poem()` returns the poem so far at any time."""

    def __init__(self, poet: Poet, request: Request, index: OverlapIndex | None = None) -> None:
        theme, notices = resolved(request.theme, poet, request.script)
        self.poet = poet
        self.request = request = replace(request, theme=theme)
        self.seed, self.notices = clean_seed(request.seed, poet, request.script)
        self.notices += notices
        self._page = PoemState(
            poet.vocabulary,
            request,
            self.seed,
            guard_of(poet, request.guard, index),
            end_of(poet, self.seed, whole_words=request.whole_words),
            ThemeBias(poet, theme) if theme else None,
            real_words_of(poet) if request.real_words else None,
        )

    def __iter__(self) -> Iterator[str]:
        page, request, network = self._page, self.request, self.poet.network
        rng = np.random.default_rng(request.rng)
        state = primed(self.poet, self.seed)
        # Rounding can depend on the position and the number of rows, so both are restored.
        places = deque(request.places or [(0, min_rows(network) if request.together else 1, 0)])
        given, steps, row = page.shown, 0, 0
        while page.stopped_by is None:
            if places and places[0][0] == steps:
                alone = state.take([row])
                _, rows, row = places.popleft()
                state = alone.repeated(rows) if rows > 1 else alone
                read = np.empty(rows, dtype=np.int32)
            if page.wants_state:
                page.keep(state.take([row]))
            drawn = draw(page, state, row, request, rng, exact=network.exact)
            if drawn is not None:
                read[:] = drawn
                network.step(read, state)
                steps += 1
            if page.shown > given:
                piece, given = page.text[given : page.shown], page.shown
                yield piece

    def poem(self, stopped_by: str | None = None) -> WrittenPoem:
        """Return the poem so far. The receipt of an unfinished poem says where it stopped."""
        return poem_of(self.poet, self.request, self._page, self.notices, stopped_by)


def poem_of(
    poet: Poet,
    request: Request,
    page: PoemState,
    notices: tuple[Message, ...],
    stopped_by: str | None = None,
) -> WrittenPoem:
    """Return the part of a poem that has been shown, with its receipt."""
    ended = stopped_by or page.stopped_by or "you"
    if ended == "you" and request.stop_after is None:
        request = replace(request, stop_after=page.shown - page.seed_characters)
    return WrittenPoem(
        page.text[: page.shown],
        page.seed_characters,
        request.temperature,
        request.rng,
        ended,
        notices,
        receipt(poet, request),
        request.script,
    )


def write(poet: Poet, request: Request, index: OverlapIndex | None = None) -> WrittenPoem:
    """Write a complete poem."""
    writer = Writer(poet, request, index)
    for _ in writer:
        pass
    return writer.poem()
