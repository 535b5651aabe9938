"""Inputs made by chance, the same ones for the same `rng`: values, receipts, files of poems, bytes."""

import json
import random
from typing import Any

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


def mutated(rng: random.Random, data: Any) -> Any:
    """Return plain data with something in it that should not be there, or without something that should."""
    if isinstance(data, dict) and data and rng.random() < 0.85:
        name = rng.choice(sorted(data))
        if rng.random() < 0.2:
            return {key: each for key, each in data.items() if key != name}
        return {**data, name: mutated(rng, data[name])}
    if isinstance(data, list) and data and rng.random() < 0.6:
        place = rng.randrange(len(data))
        return [*data[:place], mutated(rng, data[place]), *data[place + 1 :]]
    return value(rng, 3)


def told(data: Any) -> bytes:
    """Return data as JSON, with what Python alone takes for JSON in it."""
    return json.dumps(data).encode()


DEEP = b"[" * 100_000
"""JSON of more levels than Python follows."""


def broken(rng: random.Random, good: bytes) -> bytes:
    """Return bytes that were something, of which a part is now something else."""
    place = rng.randrange(len(good) + 1)
    part = rng.choice([b"", b"\0", b"\xff", DEEP, rng.randbytes(9), b"{", b"9" * 5_000])
    return good[:place] + part + good[place + rng.randrange(20) :]
