"""Receipts that Python reads and nobody else does: refused where they come in, and harmless where they are already."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from poetbot.errors import PoetBotError
from poetbot.library.kept_poems import Poems, as_json, poem_of_row, poems_of_json
from poetbot.library.kept_poems.poem_picture import draw_poem
from poetbot.web.tabs.write.receipts import parsed
from poetbot.writing import recreate_poem

POEM = "a kettle sings\nthe gull is late"


def nested(levels: int, as_list: bool = False) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value] if as_list else {"a": value}
    return value


POISON = {
    "half a character": '{"poet_id": "x", "seed": "\\ud800"}',
    "half a character in a name": '{"poet_id": "x", "\\udfff": 1}',
    "290 levels": json.dumps(nested(290)),
    "290 lists": json.dumps({"poet_id": "x", "sources": nested(290, True)}),
    "infinity": '{"poet_id": "x", "temperature": Infinity}',
    "infinity by its size": '{"poet_id": "x", "temperature": -1e999}',
    "no number": '{"poet_id": "x", "temperature": [NaN]}',
    "more than 64 bits": '{"poet_id": "x", "rng": 9223372036854775808}',
    "much more than 64 bits": '{"poet_id": "x", "rng": -%s}' % ("9" * 400),
    "a list": "[1, 2]",
    "a text": '"receipt"',
    "a number": "7",
    "too long": json.dumps({"poet_id": "x" * 300_001}),
}


@pytest.mark.parametrize("receipt", POISON.values(), ids=POISON)
def test_an_invalid_receipt_is_refused_by_every_import(tmp_path: Path, receipt: str) -> None:
    poems = Poems(tmp_path / "poems.sqlite")
    poems.add(POEM)
    file = f'{{"poetbot_poems": 1, "poems": [{{"text": "one"}}, {{"text": "two", "receipt": {receipt}}}]}}'
    rows = poems_of_json(file)
    with pytest.raises(PoetBotError):
        poems.add_exported(rows)
    with pytest.raises(PoetBotError):
        poem_of_row(rows[1])
    with pytest.raises(PoetBotError):
        draw_poem(POEM, receipt=json.loads(receipt))
    with pytest.raises(PoetBotError):
        list(recreate_poem(parsed(receipt), lambda source: pytest.fail("looked for a poet")))
    assert [poem.text for poem in poems.find()] == [POEM]


@pytest.mark.parametrize(
    "written", [[[0, float("inf")]], [[0, 10**30]], [[0.5, 1]], [[True, 1]], [[0]], {"0": 1}, "ab", 7, [None]]
)
def test_spans_are_pairs_of_positions(tmp_path: Path, written: Any) -> None:
    with pytest.raises(PoetBotError):
        Poems(tmp_path / "poems.sqlite").add(POEM, written=written)


def test_an_old_invalid_receipt_does_not_break_the_list(tmp_path: Path) -> None:
    poems = Poems(tmp_path / "poems.sqlite")
    old = poems.add(POEM, receipt={"poet_id": "x"})
    base = sqlite3.connect(poems.path)
    for receipt in POISON.values():
        with base:
            base.execute("update versions set receipt = ?", (receipt,))
        assert poems.get(old.id).version.receipt is None
        as_json(poems.find())
    base.close()
