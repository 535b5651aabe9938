"""Continuing a poem, to its end or for some lines: several continuations are written, and the best are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.writing.batch_writer import write_together
from poetbot.writing.chinese_script import given
from poetbot.writing.context_ranking import with_context
from poetbot.writing.drafts import Draft
from poetbot.writing.form_fit import Fit
from poetbot.writing.forms import LineForm
from poetbot.writing.next_line import LineContext
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.ranking import chosen, ranked
from poetbot.writing.receipt import Receipt
from poetbot.writing.request import MAX_POEM, Request, clean_seed, validate_integer
from poetbot.writing.suggestions import MAX_SUGGESTIONS
from poetbot.writing.surprise import read_surprise

DRAFTS = 8
MAX_DRAFTS = 64
_BEFORE = 2_000  # characters of the poem so far that the poet reads


@dataclass(frozen=True)
class Passage:
    """Lines that follow a poem. The `figures` depend on the request."""

    text: str
    figures: Mapping[str, Any]
    receipt: Receipt

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return {"text": self.text, "figures": self.figures, "receipt": self.receipt}


def continuations(
    cached: CachedPoet, before: str, request: Request, *, drafts: int = DRAFTS, count: int = 1
) -> list[Passage]:
    """Continue the poem `before` in many `drafts`, and return the best `count` that differ from each other.

    `request` says how; its seed is replaced by the last 2,000 characters of the poem. Without `lines` or `characters`
    the poet decides where each one ends; with them the poem isn't ended. They are ranked as suggested lines are
    (`ranking.py`, `context_ranking.py`), but for their least likely place, and have the same figures. A receipt is that of a
    poem with the end of the given one as its seed.
    Raises PoetBotError for any number out of range.
    """
    if not isinstance(before, str) or len(before) > MAX_POEM:
        raise PoetBotError("The poem must be text of at most {most:,} characters.", most=MAX_POEM)
    for name, value, high in (("drafts", drafts, MAX_DRAFTS), ("count", count, MAX_SUGGESTIONS)):
        validate_integer(name, value, 1, high)
    ends = request.lines is None and request.characters is None  # else the poem goes on after these lines
    seeded = replace(
        request,
        seed=before.replace("\r\n", "\n").replace("\r", "\n")[-_BEFORE:],
        closes=request.closes and ends,
    )
    poems = dict(write_together(cached.poet, seeded, drafts, cached.index))
    seed, _ = clean_seed(seeded.seed, cached.poet, seeded.script)
    start = cached.primed(seed)
    texts = [poems[k].text[poems[k].seed_characters :] for k in range(drafts)]
    ended = [text + "\n" for text in texts]
    nats, expected = read_surprise(cached.poet, [start] * drafts, ended, seeded.temperature, seed)
    drafted = [
        Draft(k, text, float(nats[k]), float(expected[k]), len(text) + 1, complete=True)
        for k, text in enumerate(texts)
        if text.strip()
    ]
    found = ranked(drafted, seed, "", cached.index, lambda line: Fit(), None, cached.knows)
    found = with_context(cached, LineContext(start, seed, "", LineForm(0, begins_stanza=False), {}), found)
    return [
        Passage(
            given(each.draft.text, seeded.script), each.figures.as_json(), poems[each.draft.number].receipt
        )
        for each in chosen(found, count)
    ]
