"""How often the poems will be read in a training time, by the speed measured before."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.library.corpora import find_corpus
from poetbot.locale import Locale
from poetbot.poem import Poem
from poetbot.poets.fine_tuning_epochs import FEWEST, MANY, MOST, epochs_for_fine_tuning
from poetbot.poets.recipes import RECIPES
from poetbot.poets.training_run import TrainingRun
from poetbot.poets.vocabulary import Vocabulary
from poetbot.runs import time_estimate
from poetbot.storage import Home
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.tabs.teach.training_view import duration

_POLL_SECONDS = 0.3
_MAX_WAIT = 60.0  # seconds
_FEW_POEMS = 12
_FEW_EPOCHS = 3.0
_MANY_UNKNOWN = 0.05  # of the characters


@dataclass(frozen=True)
class TrainingPoems:
    """The poems to train on, and whose they are, for the poet's card."""

    poems: Sequence[Poem]
    licence: str | None = None

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each character occurs."""
        counts: Counter[str] = Counter()
        for poem in self.poems:
            counts.update(poem.text)
        return counts

    @property
    def characters(self) -> int:
        """How many characters there are in all."""
        return self.counts.total()


def training_poems(home: Home, corpus_id: Any, read: bool) -> TrainingPoems | None:
    """Return the poems of a corpus; None if none is chosen, or if it has changed and `read` is false.

    Raises PoetBotError if the corpus is gone or has no poems.
    """
    if not corpus_id:
        return None
    corpus = find_corpus(home, corpus_id)
    if not read and corpus.is_stale():
        return None
    return TrainingPoems(corpus.stored_poems(), corpus.licence())


def speed_key(run: TrainingRun, shelf: PoetRegistry, symbols: int) -> time_estimate.SpeedKey:
    """Return what the speed of a run depends on. Raises PoetBotError if such a poet can't be trained."""
    minutes = run.minutes or 1.0
    if not run.parent:
        if run.recipe and run.recipe not in RECIPES:
            raise PoetBotError("Choose a recipe from the list.")
        return time_estimate.SpeedKey(symbols, minutes, recipe=run.recipe)
    parent = shelf.poet(run.parent)
    if parent.recipe.framing != "many-to-many":
        raise PoetBotError(
            "{parent} writes word by word and can't be trained further. Choose another poet.",
            parent=run.parent,
        )
    return time_estimate.SpeedKey(symbols, minutes, parent.recipe, parent.folder)


@dataclass(frozen=True)
class Estimator:
    """Estimates for a visitor's poets on the machine of a home."""

    shelf: PoetRegistry
    home: Home
    measuring: time_estimate.SpeedMeasurer
    language: Locale

    def sentences(self, run: TrainingRun, data: TrainingPoems | None) -> Iterator[list[str]]:
        """Yield the estimate in sentences, first perhaps that the speed is being measured. Raises PoetBotError."""
        _ = self.language.gettext
        if data is None or not data.poems:
            yield [_("Upload some poems first.")]
            return
        symbols, warnings = self._vocabulary(run, data)
        kind = speed_key(run, self.shelf, symbols)
        until = time.monotonic() + _MAX_WAIT
        while self.measuring.is_measuring(self.home, kind) and time.monotonic() < until:
            yield [_("Measuring the training speed…"), *warnings]
            time.sleep(_POLL_SECONDS)
        rate = time_estimate.known_rate(self.home, kind)
        if rate is None:
            yield [_("The training speed will be known once training starts."), *warnings]
        else:
            yield [*self._epochs(run, data, rate), *warnings]

    def _vocabulary(self, run: TrainingRun, data: TrainingPoems) -> tuple[int, list[str]]:
        """Return the size of the vocabulary, and warnings about too few poems or too many new characters."""
        _, characters, warnings = self.language.gettext, set(data.counts), []
        if len(data.poems) < _FEW_POEMS:
            warnings.append(_("So few poems teach it a tone at best. Aim for about twenty."))
        if not run.parent:
            return len(characters) + 1, warnings
        vocabulary = self.shelf.poet(run.parent).vocabulary
        known = set(vocabulary.characters) if isinstance(vocabulary, Vocabulary) else set()
        unknown = sum(data.counts[character] for character in characters - known)
        if unknown > _MANY_UNKNOWN * data.characters:
            warnings.append(
                _(
                    "{percent}% of the characters are new to {parent}. Training from scratch may be faster.",
                    percent=f"{100 * unknown / data.characters:.0f}",
                    parent=run.parent,
                )
            )
        return len(characters | known), warnings

    def _epochs(self, run: TrainingRun, data: TrainingPoems, rate: float) -> list[str]:
        """Return how often the poems are read at `rate` characters per second."""
        _, ngettext = self.language.gettext, self.language.ngettext
        seconds = (run.minutes or 0.0) * 60
        held_out = round(run.validation * len(data.poems)) / len(data.poems)
        trained_on = max(1.0, (1 - held_out) * data.characters)
        epochs, warnings = rate * seconds / trained_on, []
        if run.parent and epochs > FEWEST:
            most = MOST
            if data.characters < MANY:
                poet = self.shelf.poet(run.parent)
                most = epochs_for_fine_tuning(poet, [poem.text for poem in data.poems])
            if epochs > most:
                epochs, seconds = most, most * trained_on / rate
                warnings.append(_("It stops then; if it read them more often, it would only memorise them."))
        if run.validation and not held_out:
            warnings.append(_("With so few poems, none are kept for testing."))
        if epochs < _FEW_EPOCHS:
            warnings.append(_("That is very little. Give it more minutes."))
        values = {
            "time": duration(seconds, self.language),
            "poems": ngettext("{n} poem", "{n} poems", len(data.poems)),
            "characters": ngettext("{n} character", "{n} characters", data.characters),
        }
        if epochs < 0.95:
            percent = f"{100 * epochs:.0f}"
            text = _(
                "In {time}, your poet gets through only {percent}% of your {poems} ({characters}).",
                percent=percent,
                **values,
            )
        else:
            text = ngettext(
                "In {time}, your poet reads your {poems} ({characters}) about once.",
                "In {time}, your poet reads your {poems} ({characters}) about {n} times.",
                1 if epochs < 1.5 else round(epochs),
                **values,
            )
        return [text, _("Getting ready takes up to a minute more."), *warnings]
