"""A manifest: a small TOML file that says which books a corpus is gathered from, and by which rules.

    name = "english"
    licence = "public domain"
    files = ["raw/one.txt", "raw/two.txt"]     # in the order in which they are read
    hold_out = ["Anna Writer"]                 # authors whose poems measure the poet and never train it
    unseen = ["clean/kept.jsonl"]              # poems that the poet may never see, nor anything like them

    [rules]                                    # see Rules; a rule that is not named asks nothing
    fewest_lines = 3

    [left_out]                                 # books that were looked at and not taken, each with the reason
    "raw/three.txt" = "a play"

It names books and holds none of their text.
"""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

from poetbot.corpus.loading import read_text
from poetbot.documents.records import displayable
from poetbot.errors import PoetBotError


@dataclass(frozen=True)
class Rules:
    """What a poem must be like to be taken. Each rule is off by default."""

    fewest_lines: int = 0
    """Lines with text in them; shorter pieces are mostly captions and quotations."""
    most_odd_words: float = 1.0
    """Share of the words that no dictionary has: dialect, old spelling, other languages."""
    scenes: bool = True
    """Whether scenes of plays are taken."""
    slurs: bool = True
    """Whether poems with slurs against people are taken."""
    editors_signs: bool = True
    """Whether poems are taken that still hold an editor's brackets, footnotes or numbers."""
    regular: tuple[int, ...] = ()
    """Of Chinese verse only poems whose lines all have so many characters."""
    seldom: int = 1
    """Poems with a character that fewer poems than this have are left out."""


@dataclass(frozen=True)
class HeldOut:
    """A share of the poems of some files, drawn as training draws it, that is held out of everything gathered."""

    files: tuple[str, ...]
    share: float
    rng: int


@dataclass(frozen=True)
class Manifest:
    """What a corpus is gathered from. File names are relative to the folder of books, with forward slashes."""

    name: str
    files: tuple[str, ...]
    licence: str = ""
    hold_out: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    rules: Rules = Rules()
    left_out: tuple[tuple[str, str], ...] = ()
    held_out: HeldOut | None = None


def read_manifest(path: str | Path) -> Manifest:
    """Read a manifest. Raises PoetBotError, one sentence, for a file that is none."""
    path = Path(path)
    name = displayable(path.name)
    text = read_text(path)
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise PoetBotError(
            "{name} isn't valid TOML ({error}). Correct it there.", name=name, error=error
        ) from error
    known = {field.name for field in fields(Manifest)}
    unknown = sorted(found.keys() - known)
    if unknown:
        raise PoetBotError(
            "{name} has an unknown entry {entry}. Use {names}.",
            name=name,
            entry=displayable(unknown[0]),
            names=", ".join(sorted(known)),
        )
    if not isinstance(found.get("name"), str) or not isinstance(found.get("licence", ""), str):
        raise PoetBotError(
            '{name} needs a name. Add a line like name = "mine", and give the licence as text.', name=name
        )
    files = _names(found, "files", name)
    if not files:
        raise PoetBotError('{name} names no files. Add them as files = ["book.txt"].', name=name)
    left_out = _table(found, "left_out", name)
    if not all(isinstance(reason, str) for reason in left_out.values()):
        raise PoetBotError(
            "{name} must give a reason for each book in [left_out]. Write it as text.", name=name
        )
    return Manifest(
        name=found["name"],
        files=files,
        licence=found.get("licence", ""),
        hold_out=_names(found, "hold_out", name, paths=False),
        unseen=_names(found, "unseen", name),
        rules=_rules(_table(found, "rules", name), name),
        left_out=tuple(left_out.items()),
        held_out=_held_out(_table(found, "held_out", name), name),
    )


def _table(found: dict[str, Any], key: str, name: str) -> dict[str, Any]:
    table = found.get(key, {})
    if not isinstance(table, dict):
        raise PoetBotError(
            "{name} must have {key} as a table. Start it with a line [{key}].", name=name, key=key
        )
    return table


def _names(found: dict[str, Any], key: str, name: str, paths: bool = True) -> tuple[str, ...]:
    names = found.get(key, [])
    if not isinstance(names, list) or not all(isinstance(each, str) and each for each in names):
        raise PoetBotError(
            '{name} must have {key} as a list of names, such as {key} = ["one"].', name=name, key=key
        )
    for each in names:
        # A manifest may come from anybody, so it names nothing outside the folder of books.
        if paths and (PurePosixPath(each).is_absolute() or ".." in PurePosixPath(each).parts or "\0" in each):
            raise PoetBotError(
                "{name} names {file}, which is outside the folder of books. Name files inside it.",
                name=name,
                file=displayable(each),
            )
        if names.count(each) > 1:
            raise PoetBotError(
                "{name} names {file} twice in {key}. Remove one of them.",
                name=name,
                file=displayable(each),
                key=key,
            )
    return tuple(names)


def _rules(given: dict[str, Any], name: str) -> Rules:
    usual = Rules()
    for key, value in given.items():
        if key not in {field.name for field in fields(Rules)}:
            raise PoetBotError(
                "{name} has an unknown rule {key}. Use one from docs/corpora.md.",
                name=name,
                key=displayable(key),
            )
        asked = getattr(usual, key)
        if isinstance(asked, bool):
            fits = isinstance(value, bool)
        elif isinstance(asked, tuple):
            fits = isinstance(value, list) and all(type(n) is int and 1 <= n <= 20 for n in value)
        elif isinstance(asked, float):
            fits = type(value) in (int, float) and 0 <= value <= 1
        else:
            fits = type(value) is int and 0 <= value <= 1000
        if not fits:
            raise PoetBotError(
                "{name} gives the rule {key} a value out of range. See docs/corpora.md.", name=name, key=key
            )
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    return Rules(**values)


def _held_out(given: dict[str, Any], name: str) -> HeldOut | None:
    if not given:
        return None
    share, rng = given.get("share"), given.get("rng", 0)
    if (
        set(given) - {"files", "share", "rng"}
        or type(share) is not float
        or not 0 < share < 1
        or type(rng) is not int
    ):
        raise PoetBotError(
            "{name} must have [held_out] with files, a share between 0 and 1 and an integer rng.", name=name
        )
    if not 0 <= rng < 2**32:
        raise PoetBotError("{name} must have an rng from 0 to 4,294,967,295 in [held_out].", name=name)
    return HeldOut(_names(given, "files", name), share, rng)
