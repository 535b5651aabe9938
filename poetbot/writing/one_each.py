"""Suggestions for a blend that come from each of its poets alone, instead of from all of them together."""

from itertools import product

from poetbot.errors import PoetBotError
from poetbot.poets.blend import Blend
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.suggestions import LineRequest, Suggestion, Suggestions, suggest


def suggest_one_each(cached: CachedPoet, request: LineRequest) -> Suggestions:
    """Return the suggestions of each poet of a blend: the best of each, the heaviest poet first, then their second best.

    Each poet chooses from as many drafts as the request has. Raises PoetBotError if the poet isn't a blend, and as
    `suggest` does.
    """
    if not isinstance(cached.poet, Blend):
        raise PoetBotError("One line from each poet needs a blend, such as english:0.6,dickinson:0.4.")
    pairs = zip(cached.parts, cached.poet.parts, strict=True)
    heaviest_first = sorted(pairs, key=lambda pair: -pair[1].weight)
    found = [suggest(poet, request) for poet, _ in heaviest_first]
    left = [iter(each.suggestions) for each in found]
    by_line: dict[str, Suggestion] = {}
    for _, own in product(range(request.count), left):
        new = next((each for each in own if each.line not in by_line), None)
        if new:
            by_line[new.line] = new
    return Suggestions(
        tuple(by_line.values())[: request.count],
        sum(each.drafts for each in found),
        sum(each.in_form for each in found),
        tuple({str(notice): notice for each in found for notice in each.notices}.values()),
    )
