"""The MCP server, driven by the client of the official SDK."""

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import mcp
import pytest

from poetbot import mcp_server
from poetbot.errors import PoetBotError

TOOLS = {"write", "suggest", "continuations", "check", "rhymes", "score", "find_poems"}
STANZA = "The lamp is low,\nthe road is long,\nthe rain goes home.\n"


def answers(server: Any, *calls: tuple[str, dict[str, Any]]) -> tuple[set[str], list[Any]]:
    """Return the names of the tools, and the answer to each call: its content, or the error's text."""

    async def ask() -> tuple[set[str], list[Any]]:
        async with mcp.Client(server) as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
            results = [await client.call_tool(name, arguments) for name, arguments in calls]
            return names, [r.content[0].text if r.is_error else r.structured_content for r in results]

    # In a thread of its own, for a browser test may have left an event loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, ask()).result()


def test_an_assistant_writes_with_it_as_a_process(shelf: Callable[[str], Path]) -> None:
    shelf("tiny")
    process = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "poetbot", "mcp"], env=dict(os.environ)
    )
    asked = {"poet": "tiny", "seed": "the lamp is low and", "lines": 2, "rng": 7}
    names, (one, again, refused) = answers(
        process, ("write", asked), ("write", asked), ("write", asked | {"poet": "../tiny"})
    )
    assert names == TOOLS
    assert one == again and one["text"].startswith("the lamp is low and") and one["receipt"]["rng"] == 7
    assert one["overlap"]["sentence"] and one["overlap"]["words"] > 5
    assert "There is no poet called ../tiny" in refused


def test_every_tool_answers_and_bounds_what_it_is_given(shelf: Callable[[str], Path]) -> None:
    shelf("tiny")
    poet = {"poet": "tiny"}
    _, found = answers(
        mcp_server.server(),
        ("suggest", {"poem": STANZA, "count": 1, "rng": 1, **poet}),
        ("check", {"text": "the lamp is low and", **poet}),
        ("rhymes", {"word": "night", "poet": "english", "count": 2}),
        ("score", {"poems": [STANZA], **poet}),
        ("find_poems", {"text": STANZA}),
        ("continuations", {"poem": STANZA, "lines": 2, "rng": 1, "guard": 6, **poet}),
        (
            "write",
            {"form": {"stanzas": [2], "acrostic": "tr"}, "best_of": 2, "avoid": "rain", "rng": 1, **poet},
        ),
        ("write", {"poet": "english:1,tiny:1,../tiny:1"}),
        ("write", {"form": "sonata", **poet}),
        ("write", {"lines": 101, **poet}),
        ("check", {"text": "a" * (mcp_server.MAX_TEXT + 1), **poet}),
        ("score", {"poems": ["a" * mcp_server.MAX_TEXT, "a"], **poet}),
    )
    suggested, checked, rhymes, scored, poems, continued, written, *refused = found
    assert len(suggested["suggestions"]) == 1 and suggested["suggestions"][0]["line"]
    assert checked["longest"]["words"] == 4 and rhymes["rhymes"][0]["kind"] == "perfect"
    assert scored["poems"] == 1 and poems["found"] == 1
    assert continued["suggestions"][0]["text"].count("\n") == 1
    first, second = written["text"].strip().split("\n")
    assert (first[0].lower(), second[0].lower()) == ("t", "r")
    assert written["receipt"]["theme"]["avoid"] == "rain" and 1 <= written["receipt"]["rng"] <= 2
    for error, words in zip(
        refused, ("no poet called ../tiny", "no form", "100", "100000", "at most 100,000"), strict=True
    ):
        assert words in error


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)  # type: ignore[arg-type]
    with pytest.raises(PoetBotError, match=r'install "poetbot\[mcp\]"'):
        mcp_server.run(None)  # type: ignore[arg-type]
