"""The process that reads a corpus: `python -m poetbot.corpora.reader CORPUS OUT`, with its state on standard input."""

import json
import sys
from pathlib import Path

from poetbot.corpora.record import write_record
from poetbot.corpora.state import State
from poetbot.corpus.records import NoSuchField
from poetbot.worker_process import Said, Saying, answer


def _read(saying: Saying) -> Said:
    folder, out = map(Path, sys.argv[1:])

    def at(share: float, step: str) -> None:
        saying.at = (share, step)

    try:
        write_record(folder, State.from_json(json.load(sys.stdin)), out, at)
    except NoSuchField as error:
        return {"error": error.sentence, "fields": list(error.names)}
    return {}


if __name__ == "__main__":
    answer(_read)
