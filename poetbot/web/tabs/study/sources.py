"""What the Study tab looks at: the poets of a shelf, their histories, their words and the poems they have read."""

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from poetbot.corpus.loading import read_poems
from poetbot.corpus.named_corpora import BUNDLED, read_named
from poetbot.errors import PoetBotError
from poetbot.library.poets.folder_contents import POEMS
from poetbot.poets.folder import Poet
from poetbot.study.history import History, read_history
from poetbot.study.layer_comparison import Layers, layers_compared
from poetbot.web.components.poem_view import first_line
from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.serving.session import Session
from poetbot.web.tabs.study.page import OWN
from poetbot.web.tabs.study.words import StudyWords
from poetbot.web.words import Words

_MOST_POEMS = 60  # of a list to choose from
_TITLE = 60  # characters
LAYERS = "layers:"
POET = "poet:"


def choices(shelf: Shelf, session: Session, chosen: Any, words: Words) -> dict[str, Any]:
    """Return what there is to choose from: poets, the newest poems of this session, and what has curves."""
    names = shelf.names()
    if isinstance(chosen, str) and chosen not in names and shelf.has(chosen):
        names = [*names, chosen]
    own = words.study
    layers = _layers()
    compared = [
        {"id": f"{LAYERS}{k}", "name": layer_name(each.layers, each.dropout, own), "chosen": True}
        for k, each in enumerate(layers.networks if layers else ())
    ]
    with_history: list[dict[str, Any]] = []
    for name in shelf.names():
        folder = shelf.folder(name)
        if folder and (folder / "history.jsonl").is_file():
            first = not compared and not with_history
            with_history.append({"id": f"{POET}{name}", "name": name, "chosen": first})
    return {
        "poets": names,
        "chosen": chosen if isinstance(chosen, str) and chosen in names else (names or [""])[0],
        "poems": [
            {"id": str(kept.number), "name": (first_line(kept.poem.text) or words.untitled)[:_TITLE]}
            for kept in session.kept[-_MOST_POEMS:][::-1]
        ],
        "histories": [*compared, *with_history],
        "compared": own.layers_compared if compared else "",
        "figure": "validation_nats" if compared else "losses",
    }


def histories(ids: Sequence[str], shelf: Shelf, words: StudyWords) -> tuple[list[History], str]:
    """Return the histories of these choices, and what is to be said of the comparison where it is among them."""
    found, note = [], ""
    for each in ids:
        if each.startswith(LAYERS):
            layers, number = _layers(), each.removeprefix(LAYERS)
            if (
                layers is None
                or not number.isdecimal()
                or not len(number) < 4
                or int(number) >= len(layers.networks)
            ):
                raise PoetBotError(words.no_such_choice)
            network = layers.networks[int(number)]
            name = layer_name(network.layers, network.dropout, words)
            found.append(History(name, network.history.epochs))
            note = words.layers_note.format(
                characters=f"{layers.characters:,}", minutes=f"{layers.minutes:g}", units=layers.units
            )
        elif each.startswith(POET):
            name = each.removeprefix(POET)
            folder = shelf.folder(name)
            if folder is None:
                raise PoetBotError(words.no_such_choice)
            found.append(read_history(folder, name))
        else:
            raise PoetBotError(words.no_such_choice)
    return found, note


def layer_name(layers: int, dropout: float, words: StudyWords) -> str:
    """Return what a network of the comparison is called."""
    name = words.layers_one if layers == 1 else words.layers_more.format(n=layers)
    return words.layers_dropout.format(layers=name, dropout=f"{dropout:g}") if dropout else name


def written_by(poet: Poet, name: str, session: Session) -> list[str]:
    """Return what a poet wrote to be studied and in this session, without first words that were given."""
    return [*session.studied.poems(poet.id), *session.texts(name)]


def word_counts(
    poet: Poet, wrote: Sequence[str], unit: str, words: StudyWords
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Return how often each word was read and written. Chinese is counted by `unit`, "characters" or "words"."""
    from poetbot.study import count_words
    from poetbot.study.chinese_words import count_chinese_words, kept_chinese_words

    if unit == "words" and is_chinese_poet(poet):
        counts = kept_chinese_words(poet.folder)
        if counts is None:
            read = read_by(poet)
            if read is None:
                raise PoetBotError(words.no_text_by_word)
            counts = count_chinese_words(read)
        return counts, count_chinese_words(wrote)
    return poet.words(), count_words(wrote, common=True)


def is_chinese_poet(poet: Poet) -> bool:
    """Whether most of the words that a poet has read are Chinese characters."""
    from poetbot.verse.marks import is_chinese

    commonest = Counter(poet.words()).most_common(200)
    return is_chinese("".join(word for word, _ in commonest))


def read_by(poet: Poet) -> list[str] | None:
    """Return the poems that a poet has read, None where they are not kept on this machine."""
    if (poet.folder / POEMS).is_file():
        return [poem.text for poem in read_poems(poet.folder / POEMS).poems]
    corpus = poet.card.get("corpus")
    name = corpus.get("name") if isinstance(corpus, Mapping) else None
    return [poem.text for poem in read_named(name).poems] if name in BUNDLED else None


def peoples(chosen: str, poet: Poet, words: StudyWords) -> list[str]:
    """Return poems by people: of a corpus that comes with PoetBot, or what the poet has read."""
    if chosen != OWN:
        return [poem.text for poem in read_named(chosen).poems]
    read = read_by(poet)
    if read is None:
        raise PoetBotError(words.no_corpus_kept)
    return read


def _layers() -> Layers | None:
    with contextlib.suppress(PoetBotError):
        return layers_compared()
    return None
