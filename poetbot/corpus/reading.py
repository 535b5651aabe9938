"""Files to corpora: `.jsonl` of poems as they are, `.txt` through the filter, `.txt` parted by `%` for scoring."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poetbot.corpus.decode import check_size, decode
from poetbot.corpus.poem import Poem, without_marker
from poetbot.corpus.poems import find_poems
from poetbot.corpus.sections import cut_into_lines, cut_into_sections
from poetbot.errors import PoetBotError

PARTING = "%"
"""The line that parts poems in a plain file, as in the `fortune` format."""

PIECES = ("poems", "sections", "lines")
"""What raw text can be cut into."""

_MAX_NOTICES = 20


@dataclass(frozen=True)
class Corpus:
    """An ordered set of poems, with what a reader should know of how they were read.

    `fingerprint` is the SHA-256 (hex) of the poems' texts, titles and authors in their order: the same poems give
    the same fingerprint whatever file they came from. `notices` are sentences for the person.
    """

    poems: tuple[Poem, ...]
    name: str
    fingerprint: str
    notices: tuple[str, ...] = ()


def read_poems(path: str | Path, pieces: str = "poems") -> Corpus:
    """Read a corpus: a `.jsonl` of poems, never filtered, or raw text, through the filter.

    With `pieces` "sections" or "lines" raw text is cut into those instead, and nothing of it is left out.

    A line of a `.jsonl` is an object with `text` and perhaps `title` and `author`; further fields are ignored.
    Its text stays as given but for line ends (LF), Unicode form (NFC) and lines of the poem marker, which are
    dropped with a notice. Any other file is taken as raw text, in which the poems are looked for.

    Raises PoetBotError where the file cannot be read, is no text, has a bad line (named), or holds no poem.
    """
    path = Path(path)
    text = read_text(path)
    if path.suffix.lower() == ".jsonl":
        return _corpus_of_jsonl(text, path)
    poems = pieces_of(text, pieces, path.name)
    if not poems:
        if pieces != "poems":
            raise PoetBotError(f"{path.name} holds no text: choose a file with something in it.")
        raise PoetBotError(
            f"No poem was found in {path.name}: choose a text with verse in it, or give the poems as a .jsonl, "
            'one {"text": "…"} a line.'
        )
    return corpus_of(poems, path.stem)


def pieces_of(text: str, pieces: str, source: str | None = None) -> list[Poem]:
    """Return the poems, sections or lines of raw text with LF line ends. Raises PoetBotError for any other `pieces`."""
    if pieces not in PIECES:
        raise PoetBotError(
            f"Text is cut into {', '.join(PIECES)}, not into {pieces[:40]!r}: choose one of these."
        )
    if pieces == "sections":
        return cut_into_sections(text, source)
    if pieces == "lines":
        return cut_into_lines(text, source)
    return find_poems(text, source=source)


def read_plain(path: str | Path) -> Corpus:
    """Read a `.txt` in which poems are parted by a line `%`; each is kept exactly, but for LF and NFC.

    The line end before a `%` is no part of the poem. Pieces without any text are skipped.
    Raises PoetBotError as read_poems does.
    """
    path = Path(path)
    poems: list[Poem] = []
    lines = unicodedata.normalize("NFC", read_text(path)).split("\n")
    start = 0
    for number, line in enumerate([*lines, PARTING]):
        if line.rstrip() == PARTING:
            text = "\n".join(lines[start:number])
            if text.strip():
                poems.append(Poem(text, source=path.name, start_line=start + 1, end_line=number))
            start = number + 1
    if not poems:
        raise PoetBotError(
            f"{path.name} holds no poem: put the poems in it, parted by lines with a single {PARTING}."
        )
    return corpus_of(poems, path.stem)


def corpus_of(poems: Iterable[Poem], name: str, notices: Iterable[str] = ()) -> Corpus:
    """Make a corpus of `poems`, with its fingerprint."""
    poems = tuple(poems)
    digest = hashlib.sha256()
    for poem in poems:
        digest.update(json.dumps([poem.text, poem.title, poem.author]).encode() + b"\n")
    return Corpus(poems, name, digest.hexdigest(), tuple(notices))


def read_text(path: Path) -> str:
    """Return the decoded text of a file; its size is looked at before anything is read."""
    if not path.exists():
        raise PoetBotError(f"There is no file {path}: check the name and the folder.")
    if not path.is_file():
        raise PoetBotError(f"{path} is no file: give the name of a text file.")
    try:
        check_size(path.stat().st_size, path.name)
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PoetBotError(f"{path} cannot be read ({reason}): check that you may open it.") from error
    return decode(data, path.name)


def _corpus_of_jsonl(text: str, path: Path) -> Corpus:
    notices: list[str] = []
    poems = list(_poems_of_jsonl(text, path.name, notices))
    if not poems:
        raise PoetBotError(f'{path.name} holds no poem: give one {{"text": "…"}} a line.')
    if len(notices) > _MAX_NOTICES:
        notices[_MAX_NOTICES:] = [f"{path.name}: {len(notices) - _MAX_NOTICES:,} more notices like these."]
    return corpus_of(poems, path.stem, notices)


def _poems_of_jsonl(text: str, name: str, notices: list[str]) -> Iterator[Poem]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"Line {number:,} of {name}"
        record = _record(line, where)
        verse = _field(record, "text", where)
        if verse is None:
            raise PoetBotError(f'{where} has no "text": every line needs one, {{"text": "…"}}.')
        verse, dropped = without_marker(verse)
        if dropped:
            lines = "a line" if dropped == 1 else f"{dropped:,} lines"
            notices.append(
                f"{where}: the poem marker ++++ was taken out of {lines}, it may not stand in a poem."
            )
        if not verse.strip():
            notices.append(f"{where}: its text is empty, so it was left out.")
            continue
        yield Poem(
            verse,
            title=_one_line(_field(record, "title", where)),
            author=_one_line(_field(record, "author", where)),
            source=name,
            start_line=number,
            end_line=number,
        )


def _record(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        place = f" (column {error.colno:,})" if isinstance(error, json.JSONDecodeError) else ""
        raise PoetBotError(f'{where} is not valid JSON{place}: write one {{"text": "…"}} a line.') from None
    if not isinstance(record, dict):
        raise PoetBotError(f'{where} is not a JSON object: write one {{"text": "…"}} a line.')
    return record


def _field(record: dict[str, Any], key: str, where: str) -> str | None:
    value = record.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise PoetBotError(f'{where} has a "{key}" that is not text: put it in quotes.')
    if "\0" in value:
        raise PoetBotError(f'{where} has a zero character in its "{key}": take it out.')
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise PoetBotError(
            f'{where} has half a character (a lone surrogate) in its "{key}": mend it.'
        ) from None
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))


def _one_line(value: str | None) -> str | None:
    """Return a title or an author on one line, None where there is nothing."""
    return " ".join(value.split()) or None if value else None
