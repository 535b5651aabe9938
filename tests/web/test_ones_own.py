"""Every event of the app, asked by Bob for what is Ada's: nothing of hers changes, and nothing of hers is told.

The events are taken from the app itself, so that one which is added tomorrow is attacked tomorrow.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio.helpers import special_args

from poetbot.library.corpora import create_corpus
from poetbot.library.poets.trash import delete
from poetbot.poets.folder import poet_folders
from poetbot.poets.training_run import TrainingRun
from poetbot.runs.completion import discard
from poetbot.runs.job import Job, State, list_jobs
from poetbot.runs.start import start
from poetbot.storage import Home
from tests.runs.conftest import POEMS, SCRIPT, until
from tests.web.visiting import API, Site, Visitor

SECRET = "A line that Ada has shown to nobody"


@pytest.fixture
def job(ada: Visitor, tiny_poet: Path, tmp_path: Path) -> Iterator[Job]:
    """A training of Ada's that runs."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    made = start(
        ada.home,
        TrainingRun("adas next", minutes=1),
        POEMS,
        [sys.executable, str(script), "long", str(tiny_poet)],
    )
    until(lambda: made.state() is State.RUNNING and made.worker_lives())
    yield made
    discard(made)
    until(lambda: not made.folder.exists())


def everything(home: Home) -> dict[str, bytes]:
    """Return all files of a home but those that a living training writes."""
    files = {str(path.relative_to(home.root)): path for path in home.root.rglob("*") if path.is_file()}
    return {
        name: path.read_bytes() for name, path in files.items() if name != "seen" and "/poet/" not in name
    }


def answer(visitor: Visitor, event: str) -> str:
    """Return all that the page is told until an event has ended."""
    told = ""
    with visitor.stream("GET", f"{API}queue/data", params={"session_hash": visitor.page}) as stream:
        for line in stream.iter_lines():
            told += line + "\n"
            if line.startswith("data: "):
                message = json.loads(line.removeprefix("data: "))
                if message["msg"] in ("process_completed", "close_stream") and message.get("event_id") in (
                    event,
                    None,
                ):
                    return told
    return told


def sent(name: str) -> Iterator[dict[str, Any]]:
    """Yield what a page sends with an event, of every kind that some event reads."""
    keys = [
        "id",
        "poet",
        "job",
        "receipt",
        "name",
        "number",
        "seed",
        "first",
        "poems",
        "tags",
        "filter",
        "value",
        "epoch",
        "kind",
        "shown",
    ]
    for do in ["stop", "pause", "resume", "discard", "keep", "compare", "show", "delete", "json"]:
        yield {**dict.fromkeys(keys, name), "do": do}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_event_reaches_another_visitors_data(public: Site, ada: Visitor, bob: Visitor, job: Job) -> None:
    corpus = create_corpus(
        ada.home, {"secret.txt": f"{SECRET}\nand one beside it\n".encode()}, owner="mine"
    ).id
    shutil.copytree(ada.home.poets / "adas own", ada.home.poets / "adas old")
    receipt = delete(ada.home, "adas old")
    names = ("adas own", f"../../{ada.home.root.name}/poets/adas own", corpus, receipt, job.id)
    before = everything(ada.home)
    asked = 0
    for number, fn in public.blocks.fns.items():
        if not fn.queue:
            continue
        reads_event = special_args(fn.fn)[2] is not None
        for name in names:
            for data in list(sent(name))[: None if reads_event and name == job.id else 1]:
                body = {"data": [name] * len(fn.inputs), "fn_index": number, "session_hash": bob.page}
                begun = bob.post(f"{API}queue/join", json=body | {"event_data": data})
                assert begun.status_code == 200, begun.text
                told = answer(bob, begun.json()["event_id"])
                assert SECRET not in told and "adas next" not in told, (fn.name, told)
                asked += 1
    assert asked > 200
    assert everything(ada.home) == before
    assert job.state() is State.RUNNING and not job.stopping()
    assert poet_folders(bob.home.poets) == [] == list_jobs(bob.home)


def test_the_same_events_work_for_the_owner(public: Site, ada: Visitor, job: Job) -> None:
    """Or the test above would prove nothing."""
    done = []
    for number, fn in public.blocks.fns.items():
        if fn.queue and fn.name == "remove":
            body = {"data": [None] * len(fn.inputs), "fn_index": number, "session_hash": ada.page}
            begun = ada.post(f"{API}queue/join", json=body | {"event_data": {"poet": "adas own"}})
            answer(ada, begun.json()["event_id"])
            done.append(number)
    assert done and not (ada.home.poets / "adas own").exists()


def test_an_exported_poet_is_downloaded_only_by_its_owner(public: Site, ada: Visitor, bob: Visitor) -> None:
    # One a language; any will do.
    number = next(number for number, fn in public.blocks.fns.items() if fn.name == "pack")
    body = {
        "data": [None] * len(public.blocks.fns[number].inputs),
        "fn_index": number,
        "session_hash": ada.page,
    }
    begun = ada.post(f"{API}queue/join", json=body | {"event_data": {"poet": "adas own", "poems": False}})
    told = answer(ada, begun.json()["event_id"])
    (path,) = re.findall(
        r'"file": ?"([^"]+)"', told.replace("\\", "")
    )  # a value of an island is JSON in JSON
    assert ada.get(f"{API}file={path}").content.startswith(b"PK")
    assert bob.get(f"{API}file={path}").status_code == 403
