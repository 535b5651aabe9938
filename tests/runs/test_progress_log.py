import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from poetbot.runs.progress_log import latest_events, read_events


def write(poet: Path, data: bytes) -> Path:
    path = poet / "job" / "progress.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_reading_continues_from_the_offset(tmp_path: Path) -> None:
    assert read_events(tmp_path).events == []
    path = write(tmp_path, b'{"step": 1}\n{"step": 2}\n{"st')
    first = read_events(tmp_path)
    assert [event["step"] for event in first.events] == [1, 2]
    assert read_events(tmp_path, first.offset).events == []
    with path.open("ab") as file:
        file.write(b'ep": 3}\nnot json\n[1]\n{"step": 4}\n')
    second = read_events(tmp_path, first.offset)
    assert [event["step"] for event in second.events] == [3, 4] and not second.restarted


def test_a_restarted_run_is_read_from_its_beginning(tmp_path: Path) -> None:
    write(tmp_path, b'{"step": 1}\n' * 100)
    before = read_events(tmp_path)
    write(tmp_path, b'{"step": 9}\n')
    after = read_events(tmp_path, before.offset)
    assert after.restarted and after.events == [{"step": 9}]


def test_a_long_run_is_never_read_whole(tmp_path: Path) -> None:
    write(tmp_path, b"".join(b'{"step": %d, "loss": 1.234567890123456789}\n' % k for k in range(100_000)))
    first = read_events(tmp_path)
    assert first.offset <= 1_000_000 and first.events[0]["step"] == 0
    last = latest_events(tmp_path)
    assert last.events[-1]["step"] == 99_999 and len(last.events) < 2000
    write(tmp_path, b"x" * 3_000_000 + b'\n{"step": 5}\n')  # a line that nobody wrote
    offset, found = 0, []
    for _ in range(5):
        some = read_events(tmp_path, offset)
        offset, found = some.offset, found + some.events
    assert found == [{"step": 5}]


@given(st.lists(st.binary(max_size=30), max_size=10), st.integers(0, 300))
def test_any_bytes_are_accepted(tmp_path_factory, lines: list[bytes], offset: int) -> None:
    folder = tmp_path_factory.mktemp("run")
    write(folder, b"\n".join(lines))
    assert json.dumps(read_events(folder, offset).events) is not None
