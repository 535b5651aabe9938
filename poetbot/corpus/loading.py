"""Read files and folders as a corpus, by their extensions; also `.txt` separated by `%` for scoring."""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from poetbot.corpus.blocks import blocks_of_poems, find_blocks
from poetbot.corpus.find_parts import texts_of
from poetbot.corpus.parts import Reading
from poetbot.corpus.poems import find_poems
from poetbot.corpus.raw_sections import cut_into_lines, cut_into_sections
from poetbot.corpus.song_sheets import SONG
from poetbot.documents.block import Block
from poetbot.documents.decoding import check_size, decode, encoding_notice
from poetbot.documents.file_selection import (
    SelectedFile,
    nothing_readable_in,
    select_files,
    stat_file,
    unreadable,
)
from poetbot.documents.formats import DOCUMENT_SUFFIXES, read_document
from poetbot.documents.reader import read_content
from poetbot.documents.records import FieldChoice, displayable
from poetbot.documents.wordpress import listed_tags
from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.poem import Poem

SEPARATOR = "%"
"""The line that separates poems in a plain file, as in the `fortune` format."""

PIECES = ("poems", "sections", "lines")
"""What raw text can be cut into."""

_MAX_NOTICES = 20
_DEFAULTS = FieldChoice()


@dataclass(frozen=True)
class Corpus:
    """An ordered set of poems, with notices for the user about how they were read.

    `fingerprint` is the SHA-256 (hex) of the poems' texts, titles and authors in order: the same poems have the same fingerprint,
    whatever file they came from.
    """

    poems: tuple[Poem, ...]
    name: str
    fingerprint: str
    notices: tuple[Message, ...] = ()


@dataclass(frozen=True)
class ParsedFile:
    """One file after reading: its displayable name, its poems, and the filter's verdicts.

    `text` is the text that line numbers refer to, None if they count records. `blocks` are empty if the filter wasn't used.
    """

    name: str
    poems: tuple[Poem, ...]
    text: str | None = None
    blocks: tuple[Block, ...] = ()
    notices: tuple[Message, ...] = ()


@dataclass(frozen=True)
class ParsedFiles:
    """Several files after reading, in order; `left_out` are notices about what couldn't be read.

    `name` is a common name for them.
    """

    files: tuple[ParsedFile, ...]
    left_out: tuple[Message, ...]
    name: str

    @property
    def notices(self) -> tuple[Message, ...]:
        """Notices about all files; if there are too many, the last says how many more there are."""
        if len(self.files) == 1 and not self.left_out:
            return self.files[0].notices
        return limit_notices([*self.left_out, *(notice for file in self.files for notice in file.notices)])


def read_poems(
    path: str | Path | Sequence[str | Path],
    pieces: str = "poems",
    wanted: FieldChoice = _DEFAULTS,
    reading: Reading = Reading.FILTER,
    seen: Callable[[float], None] | None = None,
    out: Path | None = None,
) -> Corpus:
    """Read a corpus from a file, a folder or several, as `parse_files` does.

    Raises PoetBotError if nothing can be read (naming the file and a bad record), or if no poem is found.
    """
    found = parse_files(
        [path] if isinstance(path, str | Path) else list(path), pieces, wanted, reading, seen, out
    )
    poems = [poem for file in found.files for poem in file.poems]
    if not poems:
        raise _nothing_found(found.files, pieces)
    return corpus_of(poems, found.name, found.notices)


def parse_files(
    paths: Sequence[str | Path],
    pieces: str = "poems",
    wanted: FieldChoice = _DEFAULTS,
    reading: Reading = Reading.FILTER,
    seen: Callable[[float], None] | None = None,
    out: Path | None = None,
) -> ParsedFiles:
    """Read files and the files in folders (see `select_files`). What can't be read is left out with a notice.

    `seen` is called now and then with the share of bytes read; `out`, the path of the result, isn't read. Raises PoetBotError if
    nothing can be read, a name doesn't exist, or the files are too many or too large together.
    """
    given = [Path(path) for path in paths]
    found = select_files(given, out)
    size, done, kept = sum(file.bytes for file in found.files) or 1, 0, 0
    files: list[ParsedFile] = []
    bad: list[PoetBotError] = []

    for file in found.files:

        def part(share: float, before: int = done, size_of_file: int = file.bytes) -> None:
            if seen:
                seen((before + share * size_of_file) / size)

        part(0.0)
        try:
            data = _bytes_of(file.path)
            files.append(parse_file(data, file.name, pieces, wanted, reading, part))
            kept += len(data)
        except PoetBotError as error:
            bad.append(error)
        # Beyond the limit, nothing more is read.
        check_size(kept or 1, file.name if len(found.files) == 1 else Message("The selection"))
        done += file.bytes
    if not files:
        raise (
            bad[0]
            if len(bad) == 1 or not given[0].is_dir()
            else PoetBotError.of(nothing_readable_in(given[0]))
        )
    left_out = (*found.left_out, *(Message("Left out: {error}", error=error.message) for error in bad))
    return ParsedFiles(tuple(files), left_out, _called(given, found.files))


def _called(given: Sequence[Path], files: Sequence[SelectedFile]) -> str:
    """Return a common name for the files: after the first of them, or the folder they are in."""
    if given[0].is_dir():
        name, more = given[0].resolve().name or "corpus", len(given) - 1
    else:
        name, more = PurePath(files[0].name).stem or files[0].name, len(files) - 1
    return (displayable(name) or "corpus") + (f" and {more:,} more" if more else "")


def parse_file(
    data: bytes,
    name: str,
    pieces: str = "poems",
    wanted: FieldChoice = _DEFAULTS,
    reading: Reading = Reading.FILTER,
    seen: Callable[[float], None] | None = None,
) -> ParsedFile:
    """Return the contents of a file, read as in `read_content`; the filter finds the poems unless records are poems.

    Raw text is cut into `pieces`, and its poems are found according to `reading`, as in the app. `seen` is called now and then with
    the share that is done. Raises PoetBotError, which names the file and says what to do.
    """
    file = read_content(data, name, wanted)
    notices = list(file.notices)
    if file.encoding:
        notices.insert(0, encoding_notice(file.name, *file.encoding))
    if file.tags and not wanted.tags:
        notices.append(
            Message(
                "{name}: its posts are filed under {tags}. Use --tag to take only some of them.",
                name=file.name,
                tags=listed_tags(file.tags),
            )
        )
    if pieces != "poems" and file.text is not None:
        return _parsed_file(file.name, cut_into_pieces(file.text, pieces, file.name), notices, file.text)
    if pieces != "poems" and not file.whole:
        return _parsed_file(file.name, _pieces_of_records(file.records, pieces), notices)
    texts = list(texts_of(file, reading, seen=seen))
    poems = [poem for text in texts for poem in text.judged.poems]
    if file.text is None:
        return _parsed_file(file.name, poems, notices)
    songs = [text.record for text in texts if text.record]
    if songs:
        blocks = blocks_of_poems(file.text, songs, SONG)
    else:
        blocks = list(texts[0].judged.blocks) or find_blocks(file.text)
    return _parsed_file(file.name, poems, notices, file.text, blocks)


def cut_into_pieces(text: str, pieces: str, source: str | None = None) -> list[Poem]:
    """Return the poems, sections or lines of raw text with LF line ends. Raises PoetBotError for any other `pieces`."""
    if pieces not in PIECES:
        raise PoetBotError(
            "Text can't be cut into {pieces!r}. Choose one of {choices}.",
            pieces=pieces[:40],
            choices=", ".join(PIECES),
        )
    if pieces == "sections":
        return cut_into_sections(text, source)
    if pieces == "lines":
        return cut_into_lines(text, source)
    return find_poems(text, source=source)


def read_plain(path: str | Path) -> Corpus:
    """Read a `.txt` in which poems are separated by a line `%`; each is kept exactly, except for LF and NFC.

    The line end before a `%` isn't part of the poem. Pieces without text are skipped. Raises PoetBotError as `read_poems` does.
    """
    path = Path(path)
    poems: list[Poem] = []
    notices: list[Message] = []
    lines = unicodedata.normalize("NFC", read_text(path, notices)).split("\n")
    start = 0
    for number, line in enumerate([*lines, SEPARATOR]):
        if line.rstrip() == SEPARATOR:
            text = "\n".join(lines[start:number])
            if text.strip():
                poems.append(Poem(text, source=path.name, start_line=start + 1, end_line=number))
            start = number + 1
    if not poems:
        raise PoetBotError(
            "{name} contains no poems. Separate poems with a line that is only {separator}.",
            name=path.name,
            separator=SEPARATOR,
        )
    return corpus_of(poems, path.stem, notices)


def corpus_of(poems: Iterable[Poem], name: str, notices: Iterable[Message] = ()) -> Corpus:
    """Return a corpus of `poems`, with its fingerprint."""
    poems = tuple(poems)
    digest = hashlib.sha256()
    for poem in poems:
        digest.update(json.dumps([poem.text, poem.title, poem.author]).encode() + b"\n")
    return Corpus(poems, name, digest.hexdigest(), tuple(notices))


def read_text(path: Path, notices: list[Message] | None = None) -> str:
    """Return the text of a file or a document, after checking its size. `notices` as in `decode`."""
    data, name, ending = _bytes_of(path), displayable(path.name), path.suffix.lower()
    return (
        read_document(data, name, ending).text if ending in DOCUMENT_SUFFIXES else decode(data, name, notices)
    )


def _bytes_of(path: Path) -> bytes:
    try:
        check_size(stat_file(path).st_size, displayable(path.name))
        return path.read_bytes()
    except OSError as error:
        raise PoetBotError.of(unreadable(str(path), error)) from error


def limit_notices(notices: Sequence[Message], name: str = "") -> tuple[Message, ...]:
    """Return the first notices, and how many more there are; `name` is their file, if it is only one."""
    if len(notices) <= _MAX_NOTICES:
        return tuple(notices)
    count = len(notices) - _MAX_NOTICES
    more = (
        Message("{name}: {count:,} more notices like these.", name=name, count=count)
        if name
        else Message("{count:,} more notices like these.", count=count)
    )
    return (*notices[:_MAX_NOTICES], more)


def _parsed_file(
    name: str,
    poems: list[Poem],
    notices: list[Message],
    text: str | None = None,
    blocks: Sequence[Block] = (),
) -> ParsedFile:
    copies = len(poems) - len(Counter(poem.text for poem in poems))
    if copies:
        notices.append(
            Message("{name}: 1 poem is an exact copy of another. Each poem is learned once.", name=name)
            if copies == 1
            else Message(
                "{name}: {count:,} poems are exact copies of others. Each poem is learned once.",
                name=name,
                count=copies,
            )
        )
    return ParsedFile(name, tuple(poems), text, tuple(blocks), limit_notices(notices, name))


def _pieces_of_records(records: Iterable[Poem], pieces: str) -> list[Poem]:
    """Return the pieces of the texts of records, each with its record's author, position and, if it has none, title."""
    return [
        replace(record, text=poem.text, title=poem.title or record.title)
        for record in records
        for poem in cut_into_pieces(record.text, pieces)
    ]


def _nothing_found(files: Sequence[ParsedFile], pieces: str) -> PoetBotError:
    name = files[0].name if len(files) == 1 else Message("the {count:,} files", count=len(files))
    example = '{"text": "…"}'
    if len(files) == 1 and files[0].text is None:
        return PoetBotError(
            "{name} contains no poems. Write one {example} per line, or a table with a column named text.",
            name=name,
            example=example,
        )
    if pieces != "poems":
        return PoetBotError("There is no text in {name}. Choose a file that contains text.", name=name)
    return PoetBotError(
        "There are no poems in {name}. Choose a text with verse in it, or write a .jsonl with one {example} per line.",
        name=name,
        example=example,
    )
