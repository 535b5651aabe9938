"""The writer: primes the network with a seed and gives the poem out piece by piece.

What was given out is never taken back. So a line end, and whatever may be the beginning of a poem marker, is held
until the next character shows that the poem goes on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from poetbot.corpus.poem import MARKER
from poetbot.poets.folder import Poet
from poetbot.poets.kinds import WritingState
from poetbot.poets.sampling import sample
from poetbot.writing.constraints import constraints_of
from poetbot.writing.request import Request, clean_seed, receipt

BOUND = 5_000
"""Characters after which a poem of open length ends at the next line end: a poet may never find an end."""

_LONGEST_LINE = 400
"""Characters that a poem may go on past its length in search of a line end."""


@dataclass(frozen=True)
class WrittenPoem:
    """A poem as it was written. The first `seed_characters` of `text` are the person's.

    `stopped_by` is `marker`, `lines`, `characters`, `bound` (no end was found), or `you`.
    """

    text: str
    seed_characters: int
    temperature: float
    rng: int
    stopped_by: str
    notices: tuple[str, ...]
    receipt: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the poem as the command line and the API give it, but for its overlap report."""
        return {
            "text": self.text,
            "seed_characters": self.seed_characters,
            "temperature": self.temperature,
            "rng": self.rng,
            "stopped_by": self.stopped_by,
            "notices": list(self.notices),
            "receipt": self.receipt,
        }


def primed(poet: Poet, seed: str) -> WritingState:
    """Return the one-row state at the end of what primes the network: of characters, 300 of sixty markers + seed.

    An empty seed costs nothing: its state is kept with the poet.
    """
    if not seed:
        copied: WritingState = poet.empty_seed.copy()
        return copied
    state: WritingState = poet.network.zero_state()
    poet.network.read(poet.vocabulary.priming(seed), state)
    return state


class Writer:
    """One poem in the making: iterate to get its pieces, ask `poem()` at any time for what stands so far."""

    def __init__(self, poet: Poet, request: Request) -> None:
        self.poet = poet
        self.request = request
        self.seed, self.notices = clean_seed(request.seed, poet)
        self._given = self.seed
        self._held = ""
        self._stopped_by: str | None = None

    def __iter__(self) -> Iterator[str]:
        request, vocabulary, network = self.request, self.poet.vocabulary, self.poet.network
        open_end = request.lines is None and request.characters is None
        constraints = constraints_of(vocabulary, self.seed, open_end=open_end)
        rng = np.random.default_rng(request.rng)
        state = primed(self.poet, self.seed)
        read = np.empty(1, dtype=np.int32)
        while (stopped_by := self._end()) is None:
            logits = state.logits[0]
            text = self._given + self._held
            for constraint in constraints:
                constraint(text, logits)
            read[0] = sample(logits, request.temperature, request.top_p, rng)
            network.step(read, state)
            self._held += vocabulary.piece(int(read[0]), text)
            piece = self._release()
            if request.stop_after is not None:
                # A line end and the letter after it are given out together, and a reader may stop between them.
                piece = piece[: len(self.seed) + request.stop_after - len(self._given)]
            if piece:
                self._given += piece
                yield piece
        self._stopped_by = stopped_by

    def _release(self) -> str:
        """Take what is certain to belong to the poem from the held characters."""
        line = self._held.rsplit("\n", 1)[-1]
        at_line_start = "\n" in self._held or self._given[-1:] in ("", "\n")
        if not line or (at_line_start and MARKER.startswith(line)):
            return ""
        piece, self._held = self._held, ""
        return piece

    def _end(self) -> str | None:
        """Return what ends the poem here, if anything does."""
        request, written = self.request, len(self._given) - len(self.seed)
        if request.stop_after is not None and written >= request.stop_after:
            return "you"
        if (self._given[-1:] + self._held).endswith("\n" + MARKER) or self._held == MARKER:
            return "marker"
        at_line_end = self._held.endswith("\n")
        if request.lines is not None:
            if at_line_end and self._lines() >= request.lines:
                return "lines"
        elif request.characters is not None and written >= request.characters and at_line_end:
            return "characters"
        limit = BOUND if request.lines is None and request.characters is None else 0
        if limit and written >= limit and at_line_end:
            return "bound"
        return "bound" if written >= self._hard_limit() else None

    def _hard_limit(self) -> int:
        request = self.request
        if request.lines is not None:
            return request.lines * _LONGEST_LINE
        return (request.characters or BOUND) + _LONGEST_LINE

    def _lines(self) -> int:
        """Count the lines written: those with text, the one that the seed began included."""
        begun = self.seed.rfind("\n") + 1
        return sum(1 for line in self._given[begun:].split("\n") if line.strip())

    def poem(self, stopped_by: str | None = None) -> WrittenPoem:
        """Return what has been given out so far. Before its end, the receipt says how far it went."""
        written = len(self._given) - len(self.seed)
        ended = stopped_by or self._stopped_by or "you"
        request = self.request
        if ended == "you" and request.stop_after is None:
            request = replace(request, stop_after=written)
        return WrittenPoem(
            self._given,
            len(self.seed),
            request.temperature,
            request.rng,
            ended,
            self.notices,
            receipt(self.poet, request),
        )


def write(poet: Poet, request: Request) -> WrittenPoem:
    """Write a poem to its end."""
    writer = Writer(poet, request)
    for _ in writer:
        pass
    return writer.poem()
