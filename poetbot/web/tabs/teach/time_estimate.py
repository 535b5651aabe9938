"""What a time of teaching buys: how often the poems will be read, by the rate measured on this machine."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.library.corpora import find
from poetbot.poem import Poem
from poetbot.poets.fine_tuning_epochs import FEWEST, MANY, MOST, times_to_read
from poetbot.poets.recipes import RECIPES
from poetbot.poets.vocabulary import Vocabulary
from poetbot.runs import time_estimate
from poetbot.storage import Home
from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.tabs.teach.training_view import duration
from poetbot.web.tabs.teach.training_words import JobWords

_LOOK_EVERY = 0.3  # seconds
_PATIENCE = 60.0
_FEW_POEMS = 12
_LITTLE = 3.0  # times read
_STRANGE = 0.05  # of the characters


@dataclass(frozen=True)
class Material:
    """The poems to learn, and whose they are, as the poet's card will say."""

    poems: Sequence[Poem]
    licence: str | None = None

    @cached_property
    def signs(self) -> Counter[str]:
        """How often each character stands in them."""
        found: Counter[str] = Counter()
        for poem in self.poems:
            found.update(poem.text)
        return found

    @property
    def characters(self) -> int:
        """How many characters there are in all."""
        return self.signs.total()


def brought_poems(home: Home, number: Any, read: bool) -> Material | None:
    """Return the poems of a corpus by its id, None where none is chosen, or it would have to be read first.

    With `read` it is. Raises PoetBotError where it is gone or holds no poem.
    """
    if not number:
        return None
    corpus = find(home, number)
    if not read and corpus.stale():
        return None
    return Material(corpus.stored_poems(), corpus.licence())


@dataclass(frozen=True)
class Wish:
    """What a person set."""

    parent: str | None
    recipe: str | None
    minutes: float
    share: float

    def __post_init__(self) -> None:
        for value, low, high in ((self.minutes, 0, 100_000), (self.share, -1, 0.9)):
            if type(value) not in (int, float) or not low < value <= high:
                raise PoetBotError(
                    "Give the minutes as a number greater than 0, and a share held out of at most 0.9."
                )
        if not all(isinstance(name, str | None) for name in (self.parent, self.recipe)):
            raise PoetBotError("Choose a poet and a recipe from the lists.")

    def kind(self, shelf: Shelf, symbols: int) -> time_estimate.Kind:
        """Return what the speed depends on. Raises PoetBotError where such a poet cannot be taught."""
        if not self.parent:
            if self.recipe and self.recipe not in RECIPES:
                raise PoetBotError("Choose a recipe from the list.")
            return time_estimate.Kind(symbols, self.minutes, recipe=self.recipe)
        parent = shelf.poet(self.parent)
        if parent.recipe.framing != "many-to-many":
            raise PoetBotError(
                f"{self.parent} writes word by word and cannot go on with other poems: choose another."
            )
        return time_estimate.Kind(symbols, self.minutes, parent.recipe, parent.folder)


def sentences(
    wish: Wish,
    material: Material | None,
    shelf: Shelf,
    home: Home,
    measuring: time_estimate.Measuring,
    own: JobWords,
) -> Iterator[list[str]]:
    """Yield what the time buys, in sentences: at first perhaps only that it is being measured. Raises PoetBotError."""
    if material is None or not material.poems:
        yield [own.nothing_brought]
        return
    alphabet = material.signs.keys()
    warnings = [own.few_poems] if len(material.poems) < _FEW_POEMS else []
    symbols = len(alphabet) + 1
    if wish.parent:
        vocabulary = shelf.poet(wish.parent).vocabulary
        known = set(vocabulary.characters) if isinstance(vocabulary, Vocabulary) else set()
        symbols = len(alphabet | known)
        strange = sum(count for sign, count in material.signs.items() if sign not in known)
        if strange > _STRANGE * material.characters:
            percent = f"{100 * strange / material.characters:.0f}"
            warnings.append(own.too_strange.format(share=percent, parent=wish.parent))
    until = time.monotonic() + _PATIENCE
    kind = wish.kind(shelf, symbols)
    while measuring.under_way(home, kind) and time.monotonic() < until:
        yield [own.estimate_measuring, *warnings]
        time.sleep(_LOOK_EVERY)
    rate = time_estimate.known(home, kind)
    length = duration(wish.minutes * 60, own)
    if rate is None:
        yield [own.estimate_unknown.format(time=length), *warnings]
        return
    learned = max(1.0, (1 - wish.share) * material.characters)
    times = rate * wish.minutes * 60 / learned
    if wish.parent and times > FEWEST:
        most = MOST
        if material.characters < MANY:
            most = times_to_read(shelf.poet(wish.parent), [poem.text for poem in material.poems])
        if times > most:
            times = most
            length = duration(times * learned / rate, own)
            warnings.append(own.enough_sooner)
    if times < 0.95:
        read = own.over_part.format(n=f"{100 * times:.0f}")
    else:
        read = own.over_once if times < 1.5 else own.over_times.format(n=f"{times:,.0f}")
    if times < _LITTLE:
        warnings.append(own.too_little)
    number = len(material.poems)
    poems = own.poems.format(n=f"{number:,}") if number > 1 else own.one_poem
    said = own.estimate.format(time=length, poems=poems, characters=f"{material.characters:,}", times=read)
    yield [said, *warnings]
