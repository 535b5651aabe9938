"""Reads a corpus: `python -m poetbot.library.corpora.reading_process CORPUS OUT`, with its state on standard input."""

import json
import sys
from pathlib import Path

from poetbot.documents.records import NoSuchField
from poetbot.isolated_process import Progress, Report, serve
from poetbot.library.corpora.metadata import Metadata
from poetbot.library.corpora.results import write_results


def _read(progress: Progress) -> Report:
    folder, out = map(Path, sys.argv[1:])

    def at(share: float, step: str) -> None:
        progress.at = (share, step)

    try:
        write_results(folder, Metadata.from_json(json.load(sys.stdin)), out, at)
    except NoSuchField as error:
        return {"error": error.message.as_json(), "fields": list(error.names)}
    return {}


if __name__ == "__main__":
    serve(_read)
