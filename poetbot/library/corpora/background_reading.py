"""Read a corpus in another process, or in this one if that takes only milliseconds."""

import json
import secrets
import shutil
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from poetbot.documents.records import NoSuchField
from poetbot.isolated_process import error_of, run_module
from poetbot.library.corpora.metadata import Metadata
from poetbot.library.corpora.results import write_results
from poetbot.messages import Message


@dataclass(frozen=True)
class ReadingStep:
    """Progress: a share from 0 to 1, and the current step (see find_poems.py)."""

    share: float
    name: str


def read_in_subprocess(folder: Path, state: Metadata) -> Generator[ReadingStep, None, str]:
    """Read the files of a corpus as its state says; return the name of the folder inside it with the results.

    Closing the generator ends the process and removes its output. Raises PoetBotError, also after `reading_seconds`.
    """
    name = f"read-{secrets.token_hex(8)}"
    half = folder / f".half-{name}"
    reading = run_module(
        "poetbot.library.corpora.reading_process", [str(folder), str(half)], json.dumps(state.as_json())
    )
    try:
        while True:
            try:
                answer = next(reading)
            except StopIteration as ended:
                answer = ended.value
                break
            yield ReadingStep(float(answer["share"]), str(answer["step"]))
        names = answer.get("fields")
        if isinstance(names, list):
            message = Message.from_json(answer["error"])
            raise NoSuchField(message.template, names=names, **message.values)
        if error := error_of(answer):
            raise error
        half.rename(folder / name)
        return name
    finally:
        reading.close()
        shutil.rmtree(half, ignore_errors=True)


def read_in_process(folder: Path, state: Metadata) -> str:
    """Do the same in this process, for a corpus so small that reading it takes milliseconds."""
    name = f"read-{secrets.token_hex(8)}"
    half = folder / f".half-{name}"
    try:
        write_results(folder, state, half, lambda share, step: None)
        half.rename(folder / name)
        return name
    finally:
        shutil.rmtree(half, ignore_errors=True)


def remove_results(folder: Path, name: str) -> None:
    """Delete earlier results."""
    if name:
        shutil.rmtree(folder / name, ignore_errors=True)
