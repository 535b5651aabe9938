"""The same first words, continued by the poet before training and after it."""

import contextlib

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.poets.folder import Poet, load
from poetbot.runs.job import Job
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.tabs.teach.training_view import ComparedPoem
from poetbot.writing import Request, write

_LINES = 8
_TEMPERATURE = 0.6
_RNG = 1
_GUARD = 8  # words; a copy would not show what was learned


def compare(shelf: PoetRegistry, job: Job, seed: str, language: Locale) -> list[ComparedPoem]:
    """Return a poem of the poet before training (its parent, or itself after epoch 1) and one of the new poet.

    Raises PoetBotError if the new poet is gone, or can't continue the seed.
    """
    _, folder = language.gettext, job.poet()
    if folder is None:
        raise PoetBotError("There's no earlier version to compare with.")
    name, parent = folder.name, job.training_run().parent
    after = _write(shelf, shelf.poet(name), name, seed, _("After: {poet}", poet=name))
    with contextlib.suppress(PoetBotError):  # the parent was deleted, or no early epoch was kept
        if parent:
            before = _write(shelf, shelf.poet(parent), parent, seed, _("Before: {poet}", poet=parent))
        else:
            before = _write(shelf, load(folder, epoch=1), name, seed, _("After epoch 1: {poet}", poet=name))
        return [before, after]
    return [after]


def _write(shelf: PoetRegistry, poet: Poet, name: str, seed: str, heading: str) -> ComparedPoem:
    guard, index = shelf.guard(name, _GUARD), shelf.index(name)
    request = Request(seed, rng=_RNG, temperature=_TEMPERATURE, lines=_LINES, guard=guard)
    poem = shelf.engine.run(lambda: write(poet, request, index))
    return ComparedPoem(heading, poem.text[: poem.seed_characters], poem.text)
