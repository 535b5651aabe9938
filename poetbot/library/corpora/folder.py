"""The folder of a corpus: the uploaded files, and what was found in them.

    corpus.json        name, owner, files, the user's choices and edits (see metadata.py); always replaced as a whole
    files/0000.txt     the first file, byte for byte; only corpus.json has its original name
    read-…/            the latest results (see results.py); corpus.json says which folder is current
    .lock              held while corpus.json is changed

The results can be deleted at any time, because the files can be read again.
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
_MOST_STATE = 64_000_000  # bytes of corpus.json: 10,000 files and every possible choice
_GONE = Message("That corpus no longer exists. Choose another one, or add it again.")


@dataclass(frozen=True)
class Corpus:
    """A corpus in the data folder. Two equal instances are the same folder; its contents are read from disk."""

    folder: Path

    @property
    def id(self) -> str:
        """The name of the folder; corpora sort by the time they were added."""
        return self.folder.name

    @property
    def home(self) -> Home:
        """The data folder that contains it."""
        return Home(self.folder.parent.parent)

    def state(self) -> Metadata:
        """Return the contents of corpus.json. Raises PoetBotError if it is missing or damaged."""
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
        """Read the files again; yield the progress several times a second.

        Small corpora are read at once; others in another process, which ends if the generator is closed and then leaves
        everything as it was. Raises PoetBotError, which names the file; `NoSuchField`, with the available names, if a table
        has no field for the text.
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
        """Read the files again if the latest results are out of date; return the results.

        Takes a tenth of a second for small corpora, and 10 seconds for 20 MB. Raises PoetBotError as `read_stepwise` does.
        """
        if self.is_stale():
            for _ in self.read_stepwise():
                pass
        return self.summary()

    def _note(self, state: Metadata, name: str) -> None:
        """Make the results in folder `name` current, unless the corpus has changed since; then they are out of date."""
        with self._changing() as write:
            now = self.state()
            if now.key() == state.key():
                write(replace(now, read=name))
                name = now.read or ""
        remove_results(self.folder, name)

    def is_stale(self) -> bool:
        """Return whether choices have changed since the files were read, or they were never read."""
        state = self.state()
        try:
            return state.read is None or self.results().summary.key != state.key()
        except PoetBotError:
            return True

    def has_results(self) -> bool:
        """Return whether the latest results can be opened; another version of PoetBot may have written them."""
        try:
            self.results()
        except PoetBotError:
            return False
        return True

    def results(self) -> Results:
        """Return the latest results. Raises PoetBotError if there are none."""
        name = self.state().read
        while name is not None:
            try:
                return Results.opened(self.folder / name)
            except PoetBotError:
                newer = self.state().read
                if newer == name:
                    raise
                name = newer  # which another reading has just made
        raise PoetBotError("This corpus hasn't been read yet. Read it first.")

    def summary(self) -> Summary:
        """Return the summary of the latest results. Raises PoetBotError if there are none."""
        return self.results().summary

    def poems(self) -> list[Poem]:
        """Return the poems to train on, after reading any changes. Raises PoetBotError if there are none."""
        return list(self.stored_poems())

    def stored_poems(self) -> StoredPoems:
        """Return the same poems, but read them from disk one at a time."""
        self.read()
        poems = self.results().poems()
        if not poems:
            raise PoetBotError(
                "No poems found in {name}. Add a text with verse in it, or choose to treat everything in it as poems.",
                name=self.state().name,
            )
        return poems

    def licence(self) -> str | None:
        """Return whose poems they are, for a poet's card; None if that isn't known yet."""
        state = self.state()
        return state.licence or (OWNERS[state.owner] if state.owner else None)

    def set_included(self, verdicts: Mapping[int, bool | None]) -> None:
        """Save which parts, by number, the user includes (True), leaves out (False) or resets (None).

        The poems to train on are updated by the next `read`. Raises PoetBotError if there is no such part.
        """
        record = self.results()
        places = {record.place(number): taken for number, taken in verdicts.items()}
        with self._changing() as write:
            state = self.state()
            choices: dict[Place, bool] = dict(state.current_choices())
            for place, taken in places.items():
                choices.pop(place, None)
                if taken is not None:
                    choices[place] = taken
            write(replace(state, said={**state.said, state.reading: choices}))

    def part(self, key: PartKey) -> PartText:
        """Return the contents of a part, as found or as edited. Raises PoetBotError if there is no such part."""
        record = self.results()
        return record.written(record.number(key), self.state().edits.get(key, Edit()))

    def edit(self, key: PartKey, edit: Edit) -> None:
        """Replace the contents of a part with an edit; what the edit leaves out stays as it is.

        Raises PoetBotError if there is no such part, or if there are too many edits.
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
        """Remove the edit of a part."""
        self._change(
            lambda state: replace(state, edits={k: edit for k, edit in state.edits.items() if k != key})
        )

    def set_reading(self, reading: Reading) -> None:
        """Choose how to read: look for poems, take everything as poems, or keep sections of prose."""
        self._change(lambda state: replace(state, reading=reading))

    def set_encoding(self, file: int, encoding: str) -> None:
        """Choose the encoding of a file that doesn't say its own. Raises PoetBotError if it can't be chosen."""
        if encoding not in ENCODINGS or not 0 <= file < len(self.state().files):
            raise PoetBotError("There is no such encoding. Choose one from the list.")
        self._change(lambda state: replace(state, encodings={**state.encodings, file: encoding}))

    def set_fields(self, wanted: FieldChoice) -> None:
        """Choose fields of tables or tags of posts; choices for parts are discarded, because the parts change."""
        self._change(
            lambda state: state if state.wanted == wanted else replace(state, wanted=wanted, said={})
        )

    def set_owner(self, owner: str) -> None:
        """Set whose poems they are: a key of OWNERS. Raises PoetBotError for any other."""
        if owner not in OWNERS:
            raise PoetBotError(
                "Say whose poems these are: your own, used with permission, or in the public domain."
            )
        self._change(lambda state: replace(state, owner=owner))

    def rename(self, name: str) -> None:
        """Rename the corpus; the name is cleaned to one short line."""
        self._change(lambda state: replace(state, name=clean_name(name)))

    def delete(self) -> None:
        """Delete the corpus."""
        hidden = self.folder.with_name(f".gone-{self.id}-{secrets.token_hex(4)}")
        with self.home.disk_errors():
            try:
                self.folder.rename(hidden)
            except FileNotFoundError:
                return
            shutil.rmtree(hidden, ignore_errors=True)

    def _change(self, changed: Callable[[Metadata], Metadata]) -> None:
        with self._changing() as write:
            write(changed(self.state()))

    @contextlib.contextmanager
    def _changing(self) -> Iterator[Callable[[Metadata], None]]:
        """Hold the lock of corpus.json, so that two processes can't overwrite each other's changes."""
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
    """Create a corpus in the data folder from files: their names as given, and bytes or paths.

    The corpus gets `name`, or the name of its first file; poems that name no author get `author`. Nothing is read yet. Raises
    PoetBotError if there are no files or too many, all are empty, they are too large together, or a visitor of a served app has
    no space for them.
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
                if size or len(given) == 1:  # an empty file among others is left out when they are read
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
    """Return all corpora of a data folder, the newest first."""
    try:
        names = sorted(path.name for path in home.corpora.iterdir() if _ID.fullmatch(path.name))
    except OSError:
        return []
    return [Corpus(home.corpora / name) for name in reversed(names)]


def find_corpus(home: Home, number: str) -> Corpus:
    """Return the corpus with this id. Raises PoetBotError if there is none; an id is never used as a path."""
    if isinstance(number, str) and _ID.fullmatch(number) and (home.corpora / number).is_dir():
        return Corpus(home.corpora / number)
    raise PoetBotError.of(_GONE)


def _ending_of(name: str) -> str:
    ending = PurePath(name).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else ""


def _called(files: Sequence[File]) -> str:
    more = f" and {len(files) - 1:,} more" if len(files) > 1 else ""
    return (PurePath(files[0].name).stem or files[0].name) + more
