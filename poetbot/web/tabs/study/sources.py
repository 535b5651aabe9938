"""What the Study tab reads: a visitor's poets, their histories, their words and their training poems."""

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypedDict

from poetbot.corpus.loading import read_poems
from poetbot.corpus.named_corpora import BUNDLED, read_named
from poetbot.errors import PoetBotError
from poetbot.library.poets.folder_contents import POEMS
from poetbot.locale import Locale
from poetbot.poets.card import Card
from poetbot.poets.folder import Poet
from poetbot.study.history import History, read_history
from poetbot.study.layer_comparison import Layers, read_layer_comparison
from poetbot.web.components.poem_view import first_line
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.session import Session
from poetbot.web.tabs.study.requests import OWN_CORPUS, invalid_choice

_MAX_POEMS = 60  # to choose from
_MAX_TITLE = 60  # characters
_LAYERS = "layers:"
_POET = "poet:"


class Choices(TypedDict):
    """What there is to choose from."""

    poets: list[str]
    poet: str  # the chosen one
    poems: list[tuple[str, str]]  # number and first line
    histories: list[tuple[str, str, bool]]  # of poets: id, name and whether it is ticked at first
    compared: list[tuple[str, str, bool]]  # the same of the networks of different depths


class WordCounts(NamedTuple):
    """How often each word was read and written."""

    read: Mapping[str, int]
    written: Mapping[str, int]


def choices(shelf: PoetRegistry, session: Session, chosen: Any, language: Locale) -> Choices:
    """Return what there is to choose from: poets, the newest poems of this session, and histories."""
    names = shelf.names()
    poet = (
        chosen if isinstance(chosen, str) and (chosen in names or shelf.has(chosen)) else (names or [""])[0]
    )
    with_history = [
        name for name in names if (folder := shelf.folder(name)) and (folder / "history.jsonl").is_file()
    ]
    layers = _layers()
    ticked = poet if poet in with_history else next(iter(with_history), None)
    untitled = language.gettext("(no words)")
    return {
        "poets": names if poet in names or not poet else [*names, poet],
        "poet": poet,
        "poems": [
            (str(kept.number), (first_line(kept.poem.text) or untitled)[:_MAX_TITLE])
            for kept in session.kept[-_MAX_POEMS:][::-1]
        ],
        "histories": [(f"{_POET}{name}", name, name == ticked) for name in with_history],
        "compared": [
            (f"{_LAYERS}{k}", layer_name(network.layers, network.dropout, language), not with_history)
            for k, network in enumerate(layers.networks if layers else ())
        ],
    }


def histories(ids: Sequence[str], shelf: PoetRegistry, language: Locale) -> tuple[list[History], str]:
    """Return the histories with these ids, and a note on the comparison of layers if it is among them."""
    found, note = [], ""
    for each in ids:
        kind, _, name = each.partition(":")
        if f"{kind}:" == _LAYERS:
            layers = _layers()
            if layers is None or name not in map(str, range(len(layers.networks))):
                raise invalid_choice()
            network = layers.networks[int(name)]
            label = layer_name(network.layers, network.dropout, language)
            found.append(History(label, network.history.epochs))
            note = language.gettext(
                "Each network has {units} units per layer and was trained for {minutes} minutes on the same {characters} characters.",
                characters=f"{layers.characters:,}",
                minutes=f"{layers.minutes:g}",
                units=layers.units,
            )
        elif f"{kind}:" == _POET and (folder := shelf.folder(name)):
            found.append(read_history(folder, name))
        else:
            raise invalid_choice()
    return found, note


def layer_name(layers: int, dropout: float, language: Locale) -> str:
    """Return what a network of the comparison of layers is called."""
    name = language.ngettext("{n} layer", "{n} layers", layers)
    if not dropout:
        return name
    return language.gettext("{layers}, dropout {dropout}", layers=name, dropout=f"{dropout:g}")


def written_by(poet: Poet, name: str, session: Session) -> list[str]:
    """Return what a poet wrote in this session and to be studied, without the first words it was given."""
    return [*session.studied.poems(poet.id), *session.texts(name)]


def word_counts(poet: Poet, written: Sequence[str], unit: str, language: Locale) -> WordCounts:
    """Count words. Chinese is counted by `unit`, "characters" or "words"."""
    from poetbot.study import count_words
    from poetbot.study.chinese_words import count_chinese_words, stored_chinese_words

    if unit == "words" and is_chinese_poet(poet):
        counts = stored_chinese_words(poet.folder)
        if counts is None:
            read = training_poems(poet)
            if read is None:
                raise PoetBotError(
                    language.gettext(
                        "Chinese words can't be counted because this poet doesn't include its training poems. Count characters."
                    )
                )
            counts = count_chinese_words(read)
        return WordCounts(counts, count_chinese_words(written))
    return WordCounts(poet.words(), count_words(written, common=True))


def is_chinese_poet(poet: Poet) -> bool:
    """Whether most of the words that a poet has read are Chinese characters."""
    from poetbot.verse.marks import is_chinese

    commonest = Counter(poet.words()).most_common(200)
    return is_chinese("".join(word for word, _ in commonest))


def training_poems(poet: Poet) -> list[str] | None:
    """Return the poems that a poet was trained on, None if they are not on this machine."""
    if (poet.folder / POEMS).is_file():
        return [poem.text for poem in read_poems(poet.folder / POEMS).poems]
    name = Card(poet.card).part("corpus").text("name")
    return [poem.text for poem in read_named(name).poems] if name in BUNDLED else None


def human_poems(chosen: str, poet: Poet, language: Locale) -> list[str]:
    """Return the poems of a bundled corpus, or those that the poet was trained on."""
    if chosen != OWN_CORPUS:
        return [poem.text for poem in read_named(chosen).poems]
    poems = training_poems(poet)
    if poems is None:
        raise PoetBotError(
            language.gettext("This poet doesn't include its training poems. Choose others to compare with.")
        )
    return poems


def _layers() -> Layers | None:
    with contextlib.suppress(PoetBotError):
        return read_layer_comparison()
    return None
