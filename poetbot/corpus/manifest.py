"""A manifest: a small TOML file with the books and rules of a corpus.

    name = "english"
    licence = "public domain"
    files = ["raw/one.txt", "raw/two.txt"]     # in reading order
    hold_out = ["Anna Writer"]                 # authors whose poems measure the poet and never train it
    unseen = ["clean/kept.jsonl"]              # poems that the poet must never see, including near-duplicates

    [rules]                                    # see Rules; all are off by default
    fewest_lines = 3

    [left_out]                                 # books that were considered and not taken, each with the reason
    "raw/three.txt" = "a play"

It lists books and contains none of their text.
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
    """The conditions for a poem to be included. Each rule is off by default."""

    fewest_lines: int = 0
    """Minimum number of non-blank lines; shorter pieces are mostly captions and quotations."""
    most_odd_words: float = 1.0
    """Maximum share of words that aren't in the dictionary: dialect, old spelling, other languages."""
    scenes: bool = True
    """Whether to include scenes of plays."""
    slurs: bool = True
    """Whether to include poems with slurs against people."""
    editors_signs: bool = True
    """Whether to include poems that still contain an editor's brackets, footnotes or numbers."""
    regular: tuple[int, ...] = ()
    """Allowed line lengths in characters, for Chinese verse; all lines of a poem must have the same one."""
    seldom: int = 1
    """Minimum number of poems that each character must occur in; poems with rarer ones are left out."""


@dataclass(frozen=True)
class HeldOut:
    """A share of the poems of some files, drawn as in training, that is held out of the whole corpus."""

    files: tuple[str, ...]
    share: float
    rng: int


@dataclass(frozen=True)
class Manifest:
    """The contents of a manifest. File names are relative to the folder of books, with forward slashes."""

    name: str
    files: tuple[str, ...]
    licence: str = ""
    hold_out: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    rules: Rules = Rules()
    left_out: tuple[tuple[str, str], ...] = ()
    held_out: HeldOut | None = None


def read_manifest(path: str | Path) -> Manifest:
    """Read a manifest. Raises PoetBotError if the file isn't one."""
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
        # A manifest may come from anyone, so it can't refer to files outside the folder of books.
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
