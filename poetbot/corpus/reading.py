"""Files to corpora: whatever was brought, by the ending of its name; `.txt` parted by `%` for scoring."""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from poetbot.corpus.blocks import Block, blocks_of_poems, find_blocks
from poetbot.corpus.decode import check_size, decode
from poetbot.corpus.documents import DOCUMENTS, read_document
from poetbot.corpus.opened import opened
from poetbot.corpus.poem import Poem
from poetbot.corpus.poems import find_poems
from poetbot.corpus.records import Wanted, shown
from poetbot.corpus.sections import cut_into_lines, cut_into_sections
from poetbot.corpus.songs import SONG
from poetbot.corpus.texts import texts_of
from poetbot.corpus.verdicts import Reading
from poetbot.corpus.wordpress import listed
from poetbot.errors import PoetBotError

PARTING = "%"
"""The line that parts poems in a plain file, as in the `fortune` format."""

PIECES = ("poems", "sections", "lines")
"""What raw text can be cut into."""

MOST_FILES = 10_000
"""Files brought at once at most; together they may be as large as one file may be alone."""

_MAX_NOTICES = 20
_USUAL = Wanted()


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


@dataclass(frozen=True)
class Brought:
    """One file as it was read: its name as it may be shown, its poems, and what the filter says where it looked.

    `text` is the text that line numbers count in, None where they count records. `blocks` are empty where no filter
    was asked.
    """

    name: str
    poems: tuple[Poem, ...]
    text: str | None = None
    blocks: tuple[Block, ...] = ()
    notices: tuple[str, ...] = ()


def read_poems(
    path: str | Path | Sequence[str | Path],
    pieces: str = "poems",
    wanted: Wanted = _USUAL,
    reading: Reading = Reading.FILTER,
) -> Corpus:
    """Read a corpus from a file or several, each as `brought` does.

    Raises PoetBotError where a file cannot be read, is no text, has a bad record (named), or where no poem is found.
    """
    paths = [path] if isinstance(path, str | Path) else list(path)
    files = bring(paths, pieces, wanted, reading)
    poems = [poem for file in files for poem in file.poems]
    name = PurePath(files[0].name).stem or files[0].name
    if not poems:
        raise PoetBotError(_nothing_found(files, pieces))
    more = f" and {len(files) - 1:,} more" if len(files) > 1 else ""
    return corpus_of(poems, name + more, (notice for file in files for notice in file.notices))


def bring(
    paths: Sequence[str | Path],
    pieces: str = "poems",
    wanted: Wanted = _USUAL,
    reading: Reading = Reading.FILTER,
) -> list[Brought]:
    """Read several files; nothing is given back where one of them is bad.

    Raises PoetBotError as `brought` does, and where the files are too many or together too large.
    """
    if not 0 < len(paths) <= MOST_FILES:
        raise PoetBotError(f"{len(paths):,} files were given: give from 1 to {MOST_FILES:,} at once.")
    total = 0
    files = []
    for path in map(Path, paths):
        data = _bytes_of(path)
        total += len(data)
        check_size(total, path.name if len(paths) == 1 else "What was given")
        files.append(brought(data, path.name, pieces, wanted, reading))
    return files


def brought(
    data: bytes,
    name: str,
    pieces: str = "poems",
    wanted: Wanted = _USUAL,
    reading: Reading = Reading.FILTER,
) -> Brought:
    """Return what is in the bytes of a file, read as `opened` says: poems are looked for where records are not poems.

    Raw text is cut into `pieces`, and its poems are found as `reading` says: the app finds the same. Raises
    PoetBotError, one sentence that names the file and what to do.
    """
    file = opened(data, name, wanted)
    notices = list(file.notices)
    if file.tags and not wanted.tags:
        notices.append(
            f"{file.name}: its posts are filed under {listed(file.tags)}; --tag takes those of one alone."
        )
    if pieces != "poems" and file.text is not None:
        return _brought(file.name, pieces_of(file.text, pieces, file.name), notices, file.text)
    if pieces != "poems" and not file.whole:
        return _brought(file.name, _pieces_of_records(file.records, pieces), notices)
    texts = list(texts_of(file, reading))
    poems = [poem for text in texts for poem in text.judged.poems]
    if file.text is None:
        return _brought(file.name, poems, notices)
    songs = [text.record for text in texts if text.record]
    if songs:
        blocks = blocks_of_poems(file.text, songs, SONG)
    else:
        blocks = list(texts[0].judged.blocks) or find_blocks(file.text)
    return _brought(file.name, poems, notices, file.text, blocks)


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
    notices: list[str] = []
    lines = unicodedata.normalize("NFC", read_text(path, notices)).split("\n")
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
    return corpus_of(poems, path.stem, notices)


def corpus_of(poems: Iterable[Poem], name: str, notices: Iterable[str] = ()) -> Corpus:
    """Make a corpus of `poems`, with its fingerprint."""
    poems = tuple(poems)
    digest = hashlib.sha256()
    for poem in poems:
        digest.update(json.dumps([poem.text, poem.title, poem.author]).encode() + b"\n")
    return Corpus(poems, name, digest.hexdigest(), tuple(notices))


def read_text(path: Path, notices: list[str] | None = None) -> str:
    """Return the text of a file or a document; its size is looked at before anything is read. `notices` as in `decode`."""
    data, name, ending = _bytes_of(path), shown(path.name), path.suffix.lower()
    return read_document(data, name, ending).text if ending in DOCUMENTS else decode(data, name, notices)


def _bytes_of(path: Path) -> bytes:
    name = shown(str(path), 200)
    try:
        there, is_file = path.exists(), path.is_file()
    except OSError:  # a name longer than any system takes
        there = is_file = False
    if not there:
        raise PoetBotError(f"There is no file {name}: check the name and the folder.")
    if not is_file:
        raise PoetBotError(f"{name} is no file: give the name of a text file.")
    try:
        check_size(path.stat().st_size, shown(path.name))
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PoetBotError(f"{name} cannot be read ({reason}): check that you may open it.") from error


def _brought(
    name: str,
    poems: list[Poem],
    notices: list[str],
    text: str | None = None,
    blocks: Sequence[Block] = (),
) -> Brought:
    copies = len(poems) - len(Counter(poem.text for poem in poems))
    if copies:
        notices.append(
            f"{name}: {copies:,} {'poem repeats another' if copies == 1 else 'poems repeat others'} word for word; "
            "each is learned once."
        )
    if len(notices) > _MAX_NOTICES:
        notices[_MAX_NOTICES:] = [f"{name}: {len(notices) - _MAX_NOTICES:,} more notices like these."]
    return Brought(name, tuple(poems), text, tuple(blocks), tuple(notices))


def _pieces_of_records(records: Iterable[Poem], pieces: str) -> list[Poem]:
    """Return the pieces of the texts of records, each with its record's author, place and, for want of one, title."""
    return [
        replace(record, text=poem.text, title=poem.title or record.title)
        for record in records
        for poem in pieces_of(record.text, pieces)
    ]


def _nothing_found(files: Sequence[Brought], pieces: str) -> str:
    name = files[0].name if len(files) == 1 else f"the {len(files):,} files"
    if len(files) == 1 and files[0].text is None:
        return f'{name} holds no poem: give one {{"text": "…"}} a line, or a table with a column named text.'
    if pieces != "poems":
        return f"{name} holds no text: choose a file with something in it."
    return (
        f"No poem was found in {name}: choose a text with verse in it, or give the poems as a .jsonl, "
        'one {"text": "…"} a line.'
    )
