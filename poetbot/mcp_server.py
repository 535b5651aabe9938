"""`mcp`: the tools of PoetBot for assistants, by the Model Context Protocol over standard input and output.

A poet is given by its name, never by a path, so no file is read but those of the poets. Every input has a limit.
"""

import argparse
import functools
import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from poetbot import __version__
from poetbot.api import Poet, find_poems, list_forms, list_poets, load
from poetbot.errors import PoetBotError
from poetbot.installation import install_command
from poetbot.overlap import sentence
from poetbot.overlap.report_types import Report
from poetbot.poets.blend import parts_of
from poetbot.poets.folder import DEFAULT_POET
from poetbot.poets.sampling import DEFAULT_TEMPERATURE

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

MAX_TEXT = 100_000  # characters of a text to check or to score
MAX_BOOK = 2_000_000  # characters of a text to find poems in
MAX_FOUND = 50  # poems that are returned of it
MAX_SPANS = 20  # phrases of a report

Name = Annotated[
    str, Field(max_length=200, description="A poet's name, or a blend such as english:0.6,dickinson:0.4.")
]
Text = Annotated[str, Field(max_length=MAX_TEXT)]
Short = Annotated[str, Field(max_length=2_000)]
Lines = Annotated[int, Field(ge=1, le=100)]
Few = Annotated[int, Field(ge=1, le=10)]
Temperature = Annotated[float, Field(ge=0, le=2, description="0 is predictable, 2 is wild.")]
Seed = Annotated[
    int | None, Field(ge=0, le=2**32 - 1, description="The same number writes the same poem again.")
]
FormGiven = Annotated[
    Annotated[str, Field(max_length=200)] | dict[str, Any],
    Field(
        description="A form's name, or its fields: stanzas, syllables, metre, rhyme, acrostic, refrain, couplets, rhyme_book."
    ),
]
Avoid = Annotated[str, Field(max_length=2_000, description="Words that must not occur.")]
TopP = Annotated[float, Field(gt=0, le=1, description="Ignore unlikely choices.")]
Guard = Annotated[int, Field(ge=0, le=1_000, description="Copy no phrase of this many words; 0: no limit.")]
RealWords = Annotated[bool, Field(description="Use only words that the poet has read.")]
Script = Annotated[
    Literal["", "simplified", "traditional"], Field(description="The Chinese script of the poem.")
]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "mcp",
        help="serve tools to an assistant over standard input and output (MCP)",
        description="Serve the tools write, suggest, continuations, check, rhymes, score and find_poems by the Model Context Protocol.",
        epilog="Example: name `%(prog)s` as a stdio server in the settings of your assistant",
    )
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Serve until standard input ends."""
    if not importlib.util.find_spec("mcp"):
        raise PoetBotError(
            "The MCP server needs a library. Install it with `{command}`.", command=install_command("mcp")
        )
    server().run("stdio")
    return 0


def server() -> "MCPServer":
    """Return the server with its tools."""
    from mcp.server.mcpserver import MCPServer

    made = MCPServer(
        "PoetBot",
        version=__version__,
        instructions=f"Small networks that write poems, and what their poems share with what they have read. Poets: "
        f"{', '.join(list_poets())}. Forms: {', '.join(list_forms())}.",
        log_level="WARNING",
    )
    for tool in (write, suggest, continuations, check, rhymes, score, find_poems_in):
        made.tool(name=tool.__name__.removesuffix("_in"))(_with_errors(tool))
    return made


def write(
    poet: Name = DEFAULT_POET,
    seed: Short = "",
    lines: Lines | None = None,
    temperature: Temperature = DEFAULT_TEMPERATURE,
    rng: Seed = None,
    form: FormGiven | None = None,
    about: Short = "",
    avoid: Avoid = "",
    top_p: TopP = 1.0,
    guard: Guard = 0,
    real_words: RealWords = False,
    script: Script = "",
    best_of: Annotated[int, Field(ge=1, le=12, description="Return the best of this many drafts.")] = 1,
) -> dict[str, Any]:
    """Write a poem that begins with `seed`, with a number of lines or in a form, and report what it shares with the training poems."""
    poem = _poet(poet).write(
        seed,
        lines=lines,
        best_of=best_of,
        temperature=temperature,
        top_p=top_p,
        rng=rng,
        form=form or "free",
        about=about,
        avoid=avoid,
        guard=guard,
        real_words=real_words,
        script=script,
    )
    overlap = _bounded(poem.overlap) if poem.overlap else None
    return {"text": poem.text, "notices": poem.notices, "receipt": poem.receipt, "overlap": overlap}


def suggest(
    poem: Text,
    poet: Name = DEFAULT_POET,
    count: Few = 3,
    ends_in: Short = "",
    rng: Seed = None,
    begun: Annotated[bool, Field(description="Complete the last line instead.")] = False,
    after: Annotated[str, Field(max_length=MAX_TEXT, description="The rest of the poem.")] = "",
    temperature: Temperature = DEFAULT_TEMPERATURE,
    form: FormGiven | None = None,
    about: Short = "",
    avoid: Avoid = "",
    top_p: TopP = 1.0,
    guard: Guard = 0,
    real_words: RealWords = False,
    script: Script = "",
) -> dict[str, Any]:
    """Suggest the next line of a poem, the best first; `ends_in` is the word to end with."""
    found = _poet(poet).suggest(
        poem,
        after=after,
        begun=begun,
        ends_in=ends_in,
        count=count,
        temperature=temperature,
        top_p=top_p,
        rng=rng,
        form=form or "free",
        about=about,
        avoid=avoid,
        guard=guard,
        real_words=real_words,
        script=script,
    )
    return {"suggestions": [{"line": each.line, "receipt": each.receipt} for each in found]}


def continuations(
    poem: Text,
    poet: Name = DEFAULT_POET,
    lines: Annotated[int | None, Field(ge=1, le=100, description="Without it, an ending.")] = None,
    count: Few = 1,
    rng: Seed = None,
    temperature: Temperature = DEFAULT_TEMPERATURE,
    form: FormGiven | None = None,
    about: Short = "",
    avoid: Avoid = "",
    top_p: TopP = 1.0,
    guard: Guard = 0,
    real_words: RealWords = False,
    script: Script = "",
) -> dict[str, Any]:
    """Continue a poem by a number of lines, or write one to four lines that end it; in a form, at most to the form's end."""
    found = _poet(poet).continuations(
        poem,
        lines=lines,
        count=count,
        temperature=temperature,
        top_p=top_p,
        rng=rng,
        form=form or "free",
        about=about,
        avoid=avoid,
        guard=guard,
        real_words=real_words,
        script=script,
    )
    return {"suggestions": [{"text": each.text, "receipt": each.receipt} for each in found]}


def check(text: Text, poet: Name = DEFAULT_POET) -> dict[str, Any]:
    """Report what a text shares, word for word, with the training poems of a poet."""
    return _bounded(_poet(poet).check(text))


def rhymes(
    word: Annotated[str, Field(max_length=200)],
    poet: Name = DEFAULT_POET,
    count: Few = 10,
    line: Annotated[
        str | None, Field(max_length=2_000, description="A line that isn't finished, for rhymes that end it.")
    ] = None,
) -> dict[str, Any]:
    """List words that rhyme, perfect rhymes first, among the words that a poet has read."""
    return {"rhymes": [each.as_json() for each in _poet(poet).rhymes(word, line=line, count=count)]}


def score(
    poems: Annotated[list[Text], Field(min_length=1, max_length=100)], poet: Name = DEFAULT_POET
) -> dict[str, Any]:
    """Measure how well a poet predicts poems, in bits per character; lower is better."""
    if sum(map(len, poems)) > MAX_TEXT:
        raise PoetBotError("Score at most {most:,} characters at once.", most=MAX_TEXT)
    return _poet(poet).score(poems)


def find_poems_in(text: Annotated[str, Field(max_length=MAX_BOOK)]) -> dict[str, Any]:
    """Find the poems in raw text, such as a book; the first fifty are returned, with their titles and lines."""
    found = find_poems(text)
    return {"poems": [poem.as_row() for poem in found[:MAX_FOUND]], "found": len(found)}


@functools.lru_cache(maxsize=4)
def _poet(name: str) -> Poet:
    """Return the poet of that name, or a blend of poets. Raises PoetBotError for anything else, such as a path."""
    known = list_poets()
    for each in [part.poet for part in parts_of(name)] if ":" in name else [name]:
        if each not in known:
            raise PoetBotError(
                "There is no poet called {name}. Choose one of {known}.", name=each, known=", ".join(known)
            )
    return load(name)


def _bounded(found: Report) -> dict[str, Any]:
    """Return a report as a sentence, its figures and its longest phrases."""
    spans = sorted(found["spans"], key=lambda span: -span["words"])[:MAX_SPANS]
    return {"sentence": sentence(found), **found, "spans": spans, "lines": found["lines"][:MAX_SPANS]}


def _with_errors(tool: Callable[..., Any]) -> Callable[..., Any]:
    """Return the tool with its errors as the client is to see them."""
    from mcp.server.mcpserver.exceptions import ToolError

    @functools.wraps(tool)
    def called(*given: Any, **named: Any) -> Any:
        try:
            return tool(*given, **named)
        except PoetBotError as error:
            raise ToolError(str(error)) from error

    return called
