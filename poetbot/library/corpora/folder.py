"""The folder of a corpus: what was brought, as it was brought, and what was found in it.

    corpus.json        name, owner, files, what the person said and edited (see metadata.py); replaced whole
    files/0000.txt     the first file, byte by byte; its own name is in corpus.json alone
    read-…/            what was read last (see results.py); corpus.json says which of them counts
    .lock              held while corpus.json is changed

The files are the truth: what was read can be read again.
"""

import contextlib
import datetime
import json
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from poetbot.corpus.parts import Reading
from poetbot.documents.decoding import check_size
from poetbot.documents.encoding_detection import ENCODINGS
from poetbot.documents.file_selection import MAX_FILES
from poetbot.documents.records import FieldChoice
from poetbot.errors import PoetBotError
from poetbot.library.corpora.background_reading import (
    ReadingStep,
    read_in_process,
    read_in_subprocess,
    remove_results,
)
from poetbot.library.corpora.metadata import OWNERS, File, Metadata, Place, clean_name
from poetbot.library.corpora.part_edits import Edit, PartKey, check_total_size
from poetbot.library.corpora.results import PartText, Results, StoredPoems
from poetbot.library.corpora.summary import Summary
from poetbot.messages import Message
from poetbot.poem import Poem
from poetbot.storage import Home, Locked, dated_id, hold_lock, json_bytes, write_atomically

_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}")
_MOST_STATE = 64_000_000  # bytes of corpus.json: 10,000 files and as much as anybody can say
_GONE = Message("That corpus no longer exists. Choose another one, or add it again.")


@dataclass(frozen=True)
class Corpus:
    """A corpus in the data folder. Two that are equal are the same folder; what it holds is asked of the disk."""

    folder: Path

    @property
    def id(self) -> str:
        """The name of the folder; corpora sort by when they were brought."""
        return self.folder.name

    @property
    def home(self) -> Home:
        """The data folder it lies in."""
        return Home(self.folder.parent.parent)

    def state(self) -> Metadata:
        """Return what corpus.json says. Raises PoetBotError where it is gone or damaged."""
        path = self.folder / "corpus.json"
        try:
            if path.stat().st_size > _MOST_STATE:
                raise ValueError
            data = json.loads(path.read_bytes())
        except FileNotFoundError:
            raise PoetBotError.of(_GONE) from None
        except (OSError, ValueError, RecursionError):
            data = None
        return Metadata.from_json(data)

    def read_stepwise(self) -> Iterator[ReadingStep]:
        """Read the files anew; yields how far it is, several times a second.

        What is small is read at once; the rest in a process of its own, which ends where the generator is closed, and
        leaves all as it was. Raises PoetBotError: one sentence that names the file; `NoSuchField`, with the names there
        are, where a table has no field for the text.
        """
        state = self.state()
        if state.small():
            yield ReadingStep(0.5, "looking")
            with self.home.disk_errors():
                name = read_in_process(self.folder, state)
        else:
            name = yield from read_in_subprocess(self.folder, state)
        self._note(state, name)

    def read(self) -> Summary:
        """Read the files anew where what was read last is not of the state they are in; return what was found.

        Takes a tenth of a second for what is small, and 10 for 20 MB. Raises PoetBotError as `reading` does.
        """
        if self.is_stale():
            for _ in self.read_stepwise():
                pass
        return self.summary()

    def _note(self, state: Metadata, name: str) -> None:
        """Make the folder `name` what counts, unless the corpus was changed since; whoever did that reads it then."""
        with self._changing() as write:
            now = self.state()
            if now.key() == state.key():
                write(replace(now, read=name))
                name = now.read or ""
        remove_results(self.folder, name)

    def is_stale(self) -> bool:
        """Return whether something was said since the files were read, or they were never read."""
        state = self.state()
        try:
            return state.read is None or self.results().summary.key != state.key()
        except PoetBotError:
            return True

    def has_results(self) -> bool:
        """Return whether what was read last can be looked at; another version of PoetBot may have written it."""
        try:
            self.results()
        except PoetBotError:
            return False
        return True

    def results(self) -> Results:
        """Return what was read last. Raises PoetBotError where nothing was."""
        state = self.state()
        if state.read is None:
            raise PoetBotError("This corpus hasn't been read yet. Read it first.")
        return Results.opened(self.folder / state.read)

    def summary(self) -> Summary:
        """Return what was found when the files were read last. Raises PoetBotError where they were not."""
        return self.results().summary

    def poems(self) -> list[Poem]:
        """Return the poems that training takes, after reading what has changed. Raises PoetBotError where there are none."""
        return list(self.stored_poems())

    def stored_poems(self) -> StoredPoems:
        """Return the same poems, which stay on the disk and are read one at a time."""
        self.read()
        poems = self.results().poems()
        if not poems:
            raise PoetBotError(
                "No poems found in {name}. Add a text with verse in it, or choose to treat everything in it as poems.",
                name=self.state().name,
            )
        return poems

    def licence(self) -> str | None:
        """Return whose poems they are, for a poet's card; None where nobody has said it yet."""
        state = self.state()
        return state.licence or (OWNERS[state.owner] if state.owner else None)

    def set_included(self, verdicts: Mapping[int, bool | None]) -> None:
        """Note what the person says of parts, by their numbers: taken, left out, or (None) as it was found.

        What training takes is known after the next `read`. Raises PoetBotError where there is no such part.
        """
        record = self.results()
        places = {record.place(number): taken for number, taken in verdicts.items()}
        with self._changing() as write:
            state = self.state()
            heard: dict[Place, bool] = dict(state.heard())
            for place, taken in places.items():
                heard.pop(place, None)
                if taken is not None:
                    heard[place] = taken
            write(replace(state, said={**state.said, state.reading: heard}))

    def part(self, key: PartKey) -> PartText:
        """Return what stands in a part, as it was found or edited. Raises PoetBotError where there is no such part."""
        record = self.results()
        return record.written(record.number(key), self.state().edits.get(key, Edit()))

    def edit(self, key: PartKey, edit: Edit) -> None:
        """Put what a person wrote in the place of what was found of a part; what the edit leaves out stays as it is.

        Raises PoetBotError where there is no such part, or no room for so many edits.
        """
        self.results().number(key)
        self.home.check_quota(edit.size)
        with self._changing() as write:
            state = self.state()
            old = state.edits.get(key, Edit())
            new = Edit(
                old.title if edit.title is None else edit.title,
                old.author if edit.author is None else edit.author,
                old.text if edit.text is None else edit.text,
            )
            if new == Edit():
                return
            edits = {**state.edits, key: new}
            check_total_size(edits)
            write(replace(state, edits=edits))

    def restore(self, key: PartKey) -> None:
        """Take back what a person wrote in the place of what was found of a part."""
        self._change(
            lambda state: replace(state, edits={k: edit for k, edit in state.edits.items() if k != key})
        )

    def set_reading(self, reading: Reading) -> None:
        """Turn a switch: look for poems, take everything as poems, or keep sections of prose."""
        self._change(lambda state: replace(state, reading=reading))

    def set_encoding(self, file: int, encoding: str) -> None:
        """Choose the encoding of a file that does not say its own. Raises PoetBotError for any that cannot be chosen."""
        if encoding not in ENCODINGS or not 0 <= file < len(self.state().files):
            raise PoetBotError("There is no such encoding. Choose one from the list.")
        self._change(lambda state: replace(state, encodings={**state.encodings, file: encoding}))

    def set_fields(self, wanted: FieldChoice) -> None:
        """Choose fields of tables or tags of posts; what was said of parts is forgotten, for there are others now."""
        self._change(
            lambda state: state if state.wanted == wanted else replace(state, wanted=wanted, said={})
        )

    def set_owner(self, owner: str) -> None:
        """Say whose poems they are: a key of OWNERS. Raises PoetBotError for any other."""
        if owner not in OWNERS:
            raise PoetBotError(
                "Say whose poems these are: your own, used with permission, or in the public domain."
            )
        self._change(lambda state: replace(state, owner=owner))

    def rename(self, name: str) -> None:
        """Give it another name, cleaned to one short line."""
        self._change(lambda state: replace(state, name=clean_name(name)))

    def delete(self) -> None:
        """Take the corpus off the disk."""
        gone = self.folder.with_name(f".gone-{self.id}-{secrets.token_hex(4)}")
        with self.home.disk_errors():
            try:
                self.folder.rename(gone)
            except FileNotFoundError:
                return
            shutil.rmtree(gone, ignore_errors=True)

    def _change(self, changed: Callable[[Metadata], Metadata]) -> None:
        with self._changing() as write:
            write(changed(self.state()))

    @contextlib.contextmanager
    def _changing(self) -> Iterator[Callable[[Metadata], None]]:
        """Hold the lock of corpus.json, so that of two processes none undoes what the other wrote."""
        if not self.folder.is_dir():
            raise PoetBotError.of(_GONE)
        try:
            with self.home.disk_errors(), hold_lock(self.folder / ".lock", 10.0):
                yield lambda state: write_atomically(self.folder / "corpus.json", json_bytes(state.as_json()))
        except Locked:
            raise PoetBotError("Another window is changing this corpus. Try again.") from None


def create_corpus(
    home: Home,
    files: Mapping[str, bytes] | Sequence[tuple[str, bytes | Path]],
    name: str = "",
    *,
    owner: str | None = None,
    licence: str | None = None,
    author: str | None = None,
) -> Corpus:
    """Put files into a new corpus of the data folder: names, as they were given, and bytes or where they lie.

    The corpus is called `name`, else after its first file; `author` wrote what names no author. Nothing is read yet.
    Raises PoetBotError where there are none or too many, all are empty, they are too large together, or a visitor of
    a served app has no room for them.
    """
    given = list(files.items()) if isinstance(files, Mapping) else list(files)
    if not 0 < len(given) <= MAX_FILES:
        raise PoetBotError(
            "You selected {count:,} files. Select 1 to {most:,} at a time.", count=len(given), most=MAX_FILES
        )
    with home.disk_errors():
        sizes = [
            content.stat().st_size if isinstance(content, Path) else len(content) for _, content in given
        ]
    home.check_quota(sum(sizes), corpora=1)
    root = home.create(home.corpora)
    when = datetime.datetime.now(datetime.UTC)
    number = dated_id(when)
    half = root / f".new-{number}"
    kept: list[File] = []
    total = 0
    with home.disk_errors():
        try:
            (half / "files").mkdir(mode=0o700, parents=True)
            for place, ((title, content), size) in enumerate(zip(given, sizes, strict=True)):
                file = File(clean_name(PurePath(title).name), _ending_of(title), size)
                if size or len(given) == 1:  # an empty one among others is left out when they are read
                    check_size(size, file.name)
                total += size
                check_size(total or 1, Message("The selection"))
                to = half / "files" / f"{place:04d}{file.ending}"
                if isinstance(content, Path):
                    shutil.copyfile(content, to)
                else:
                    to.write_bytes(content)
                kept.append(file)
            check_size(total, Message("The selection"))
            state = Metadata(
                clean_name(name or _called(kept)), tuple(kept), when.timestamp(), owner, licence, author
            )
            write_atomically(half / "corpus.json", json_bytes(state.as_json()))
            half.rename(root / number)
        except BaseException:
            shutil.rmtree(half, ignore_errors=True)
            raise
    return Corpus(root / number)


def list_corpora(home: Home) -> list[Corpus]:
    """Return all corpora of a data folder, the one that was brought last first."""
    try:
        names = sorted(path.name for path in home.corpora.iterdir() if _ID.fullmatch(path.name))
    except OSError:
        return []
    return [Corpus(home.corpora / name) for name in reversed(names)]


def find_corpus(home: Home, number: str) -> Corpus:
    """Return the corpus of that id. Raises PoetBotError where there is none; an id never becomes another path."""
    if isinstance(number, str) and _ID.fullmatch(number) and (home.corpora / number).is_dir():
        return Corpus(home.corpora / number)
    raise PoetBotError.of(_GONE)


def _ending_of(name: str) -> str:
    ending = PurePath(name).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else ""


def _called(files: Sequence[File]) -> str:
    more = f" and {len(files) - 1:,} more" if len(files) > 1 else ""
    return (PurePath(files[0].name).stem or files[0].name) + more
