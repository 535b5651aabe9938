"""Three thousand inputs made by chance, for every public reader: each is read, or refused in a sentence."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from poetbot.corpus.reading import brought
from poetbot.errors import PoetBotError
from poetbot.home import Home
from poetbot.jobs.unpacking import unpack
from poetbot.keeping import Poems, poem_of_row, poems_of_json, poems_of_text
from poetbot.keeping.card import card
from poetbot.ui.receipts import read
from poetbot.writing import Form, write_again

CASES = 3_000
WORDS = [
    "a kettle sings",
    "\ud800",
    "",
    "\0",
    "++++\n",
    "é" * 99,
    " " * 200,
    "%",
    "]]>",
    "{",
    "NaN",
    "\u2028",
    "I.",
]
NUMBERS = [0, -1, 1.5, 2**63, 10**400, float("inf"), float("nan"), 1e308, True, None]
NAMES = [
    "text",
    "title",
    "poems",
    "poetbot_poems",
    "receipt",
    "written",
    "lines",
    "collections",
    "poet_id",
    "kind",
]
NAMES += [
    "sources",
    "pieces",
    "typed",
    "source",
    "at",
    "characters",
    "rng",
    "temperature",
    "form",
    "rhyme",
    "stanzas",
]
ENDINGS = ["txt", "md", "json", "jsonl", "csv", "tsv", "xml", "html", "docx", "epub", "odt", "pdf", "zip"]
HEADS = [
    b"",
    b"PK\3\4",
    b"%PDF-1.4\n",
    b"\xff\xfe",
    b"<?xml version='1.0'?><rss>",
    b"[",
    b'{"text":',
    b"a,b\n",
]


def value(rng: random.Random, depth: int = 5) -> Any:
    kind = rng.randrange(8 if depth else 4)
    if kind < 2:
        return rng.choice(WORDS)
    if kind < 4:
        return rng.choice(NUMBERS)
    if kind < 6:
        return [value(rng, depth - 1) for _ in range(rng.randrange(4))]
    return {rng.choice(NAMES): value(rng, depth - 1) for _ in range(rng.randrange(6))}


def receipt(rng: random.Random) -> Any:
    made = {"poet_id": "x", "kind": rng.choice(["desk", "line", "form", 3]), "sources": [{"poet_id": "x"}]}
    made["pieces"] = [value(rng, 2) for _ in range(3)]
    return {**made, **value_of_names(rng)} if rng.random() < 0.7 else value(rng)


def value_of_names(rng: random.Random) -> dict[str, Any]:
    return {rng.choice(NAMES): value(rng, 3) for _ in range(rng.randrange(4))}


def exported(rng: random.Random) -> str:
    rows = [{"text": rng.choice(WORDS), **value_of_names(rng)} for _ in range(rng.randrange(4))]
    return json.dumps(
        {"poetbot_poems": 1, "poems": rows, **(value_of_names(rng) if rng.random() < 0.2 else {})}
    )


def content(rng: random.Random) -> bytes:
    tail = json.dumps(value(rng)).encode() if rng.random() < 0.5 else rng.randbytes(rng.randrange(400))
    words = "\n".join(rng.choices(WORDS, k=rng.randrange(9))).encode("utf-8", "replace")
    return rng.choice(HEADS) + rng.choice([tail, words, words + tail])


def attempts(rng: random.Random, folder: Path) -> list[Callable[[], Any]]:
    poems = Poems(folder / "poems.sqlite")
    made, told, data = receipt(rng), exported(rng), content(rng)
    name = f"a.{rng.choice(ENDINGS)}"

    def missing(source: Any) -> Any:
        raise PoetBotError("There is no such poet: look at the list again.")

    def packed() -> None:
        (folder / "a.zip").write_bytes(data)
        unpack(Home(folder / "home"), folder / "a.zip")

    return [
        lambda: brought(data, name),
        lambda: list(write_again(read(made), missing)),
        lambda: card("a line", receipt=made, title=value(rng, 0), poet=value(rng, 0)),
        lambda: poems.bring(poems_of_json(told)),
        lambda: [poem_of_row(row) for row in poems_of_json(told)],
        lambda: poems.add(value(rng, 0), written=value(rng, 2), receipt=made),
        lambda: poems_of_text(value(rng, 0)),
        lambda: Form.from_json(value(rng)),
        packed,
    ]


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_whatever_comes_is_read_or_refused_in_a_sentence(tmp_path: Path) -> None:
    crashes = []
    for case in range(CASES):
        rng = random.Random(case)
        attempt = rng.choice(attempts(rng, tmp_path))
        try:
            attempt()
        except PoetBotError as error:
            assert len(str(error)) < 1_000 and "Traceback" not in str(error)
        except Exception as error:
            crashes.append(f"case {case}: {type(error).__name__}: {error}"[:200])
    assert not crashes, f"{len(crashes)} crashes:\n" + "\n".join(crashes[:20])
