"""Several visitors who bring the same bytes at once: gradio keeps equal files at one path, which is nobody's to delete."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from poetbot.library.poets.zip_export import export_poet
from poetbot.runs.cleanup import sweep_files
from tests.web.visiting import API, Site, Visitor

VISITORS = 4
POEM = b"A gull goes over,\nthe kettle begins,\nand nobody counts\nwhat the morning wins.\n"


def handled(
    visitor: Visitor, handler: str, data: Callable[[dict[str, object]], list[object]], path: str
) -> str:
    """Send an uploaded file to a handler of the page, and return all that the page is told."""
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    number = next(i for i, fn in visitor.site.blocks.fns.items() if fn.name == handler)
    body = {"data": data(file), "fn_index": number, "session_hash": visitor.page}
    assert visitor.post(f"{API}queue/join", json=body).status_code == 200
    told = ""
    with visitor.stream("GET", f"{API}queue/data", params={"session_hash": visitor.page}) as stream:
        for line in stream.iter_lines():
            told += line
            if '"process_completed"' in line:
                break
    return told


@pytest.mark.parametrize(
    ("handler", "data", "well"),
    [
        ("open", lambda file: [None, file, ""], "A gull goes over"),
        ("upload", lambda file: [[file], None], "1 poem included"),
        ("import_poet", lambda file: [file, None, None], " imported."),
    ],
)
def test_simultaneous_uploads_of_one_file_all_succeed(
    public: Site,
    poet_root: Path,
    tmp_path: Path,
    handler: str,
    data: Callable[[dict[str, object]], list[object]],
    well: str,
) -> None:
    name, content = "gull.txt", POEM
    if handler == "import_poet":
        name = "tiny.zip"
        export_poet(poet_root / "tiny", tmp_path / name)
        content = (tmp_path / name).read_bytes()
    visitors = [Visitor(public).__enter__() for _ in range(VISITORS)]
    ready = threading.Barrier(VISITORS)

    def bring(visitor: Visitor) -> list[str]:
        (path,) = visitor.upload((name, content)).json()
        ready.wait(30)
        return [handled(visitor, handler, data, path) for _ in range(2)]

    with ThreadPoolExecutor(VISITORS) as pool:
        told = [each for answers in pool.map(bring, visitors) for each in answers]
    for visitor in visitors:
        visitor.close()
    missed = [each[-400:] for each in told if well not in each]
    assert not missed, missed


def test_old_uploads_are_deleted(tmp_path: Path) -> None:
    file = tmp_path / "ab" / "gull.txt"
    file.parent.mkdir()
    file.write_bytes(POEM)
    now = file.stat().st_mtime
    assert sweep_files(tmp_path, 6, now + 5 * 3600) == 0 and file.exists()
    assert sweep_files(tmp_path, 6, now + 7 * 3600) == 1 and not file.exists()
