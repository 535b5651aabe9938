"""How a poet developed: one seed and one rng with the weights of different epochs, or at different temperatures.

All poems are written at once. Those of one set of weights are rows of one network, each with its own temperature.
Different weights run in threads, because NumPy releases the GIL in matrix products.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.poets.folder import Poet, kept_epochs, load
from poetbot.writing import Request, WrittenPoem, primed
from poetbot.writing.poem_state import PoemState
from poetbot.writing.request import clean_seed
from poetbot.writing.token_healing import end_of
from poetbot.writing.writer import draw, min_rows, poem_of

TEMPERATURES = (0.0, 0.2, 0.5, 0.8, 1.0, 1.2)
MOST = 24
"""Maximum number of epochs or temperatures side by side."""
_THREADS = 2


@dataclass(frozen=True)
class Stage:
    """A poem with its epoch and temperature. `epoch` is None for the current weights."""

    epoch: int | None
    temperature: float
    poem: WrittenPoem


def through_epochs(poet: Poet, request: Request, epochs: Sequence[int] | None = None) -> list[Stage]:
    """Write a request with the stored weights of each epoch (or of `epochs`), and last with the current weights.

    Raises PoetBotError if the weights of no epoch, or not of all of `epochs`, are stored.
    """
    kept = kept_epochs(poet.folder)
    if not kept:
        raise PoetBotError(
            "{poet} kept no weights from earlier epochs, so its growth can't be shown.", poet=poet.name
        )
    chosen = sorted(set(kept if epochs is None else epochs))
    if missing := [epoch for epoch in chosen if epoch not in kept]:
        raise PoetBotError(
            "{poet} kept no weights from epoch {epoch}. Choose one of: {kept}.",
            poet=poet.name,
            epoch=missing[0],
            kept=", ".join(map(str, kept)),
        )
    if len(chosen) > MOST:
        chosen = [chosen[k] for k in np.linspace(0, len(chosen) - 1, MOST).round().astype(int)]
    stages: list[int | None] = [*chosen, None]

    def write(epoch: int | None) -> Stage:
        at_epoch = poet if epoch is None else load(poet.folder, epoch)
        return Stage(epoch, request.temperature, write_rows(at_epoch, [request])[0])

    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(write, stages))


def through_temperatures(
    poet: Poet, request: Request, temperatures: Sequence[float] = TEMPERATURES
) -> list[Stage]:
    """Write a request at each temperature with the same rng. Raises PoetBotError for one out of bounds."""
    if not 1 <= len(temperatures) <= MOST:
        raise PoetBotError("Choose 1 to {most} temperatures to compare.", most=MOST)
    together = not poet.network.exact
    requests = [
        Request(
            request.seed,
            temperature,
            request.top_p,
            request.characters,
            request.lines,
            request.rng,
            together=together,
        )
        for temperature in temperatures
    ]
    return [
        Stage(None, one.temperature, poem)
        for one, poem in zip(requests, write_rows(poet, requests), strict=True)
    ]


def write_rows(poet: Poet, requests: Sequence[Request]) -> list[WrittenPoem]:
    """Write requests with the same seed in parallel. The results of a network that isn't exact differ from those written alone by rounding.

    Raises PoetBotError if their seeds differ, or if one has a guard, which takes words back.
    """
    if len({request.seed for request in requests}) != 1 or any(request.guard for request in requests):
        raise PoetBotError(
            "Poems written side by side must share one opening and may have no limit on copying."
        )
    seed, notices = clean_seed(requests[0].seed, poet, requests[0].script)
    pages = [PoemState(poet.vocabulary, request, seed, end=end_of(poet, seed)) for request in requests]
    rngs = [np.random.default_rng(request.rng) for request in requests]
    network = poet.network
    state = primed(poet, seed).repeated(max(min_rows(network), len(requests)))
    read = np.zeros(len(state.logits), np.int32)
    going = list(range(len(pages)))
    while going:
        for row in list(going):
            drawn = draw(pages[row], state, row, requests[row], rngs[row], exact=network.exact)
            if drawn is None or pages[row].stopped_by:
                going.remove(row)
            if drawn is not None:
                read[row] = drawn
        if going:
            network.step(read, state)
    return [poem_of(poet, request, page, notices) for request, page in zip(requests, pages, strict=True)]
