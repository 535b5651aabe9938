"""The same first words, written by the poet as it was before it learned and as it is now."""

import contextlib

from poetbot.errors import PoetBotError
from poetbot.poets.folder import Poet, load
from poetbot.runs.job import Job
from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.tabs.teach.training_words import JobWords
from poetbot.writing import Request, write

_LINES = 8
_TEMPERATURE = 0.6
_RNG = 1
_GUARD = 8  # words; what is shown as learned is not copied

Text = tuple[str, str, str]
"""A heading, the seed as the poet could read it, and the poem with the seed."""


def before_and_after(shelf: Shelf, job: Job, seed: str, words: JobWords) -> list[Text]:
    """Return what the poet before (its parent, or itself after its first epoch) and the new one write from `seed`.

    Raises PoetBotError where the new poet is gone, or the seed cannot be written on.
    """
    folder = job.poet()
    if folder is None:
        raise PoetBotError(words.both_none)
    now = shelf.poet(folder.name)
    texts = [_written(shelf, now, folder.name, seed, words.both_after.format(name=folder.name))]
    parent = job.order().parent
    with contextlib.suppress(PoetBotError):  # the parent was deleted, no early epoch was kept
        if parent:
            before, heading = shelf.poet(parent), words.both_before.format(name=parent)
            texts.insert(0, _written(shelf, before, parent, seed, heading))
        else:
            heading = words.both_first.format(name=folder.name)
            texts.insert(0, _written(shelf, load(folder, epoch=1), folder.name, seed, heading))
    return texts


def _written(shelf: Shelf, poet: Poet, name: str, seed: str, heading: str) -> Text:
    guard, index = shelf.guard(name, _GUARD), shelf.index(name)
    poem = write(poet, Request(seed, rng=_RNG, temperature=_TEMPERATURE, lines=_LINES, guard=guard), index)
    return heading, poem.text[: poem.seed_characters], poem.text
