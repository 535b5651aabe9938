"""`rhymes POET WORD`: the words that rhyme with a word, ranked by how likely the poet is to use them."""

import argparse
import json

from poetbot.cli import theme_options
from poetbot.cli.options import add_json, add_poet
from poetbot.cli.table import columns
from poetbot.poets.folder import load
from poetbot.writing import CachedPoet, RhymingWord, rhymes


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "rhymes",
        help="find the rhymes of a word among the words a poet has read",
        description="Find the perfect and the near rhymes of a word among the words a poet has read. They are ranked by "
        "how often it has read them, or with --text by how likely it is to end the last line of the text with them; words "
        "of the theme come sooner.",
        epilog='Example: %(prog)s english night --text "She left the key beside the"',
    )
    add_poet(parser)
    parser.add_argument("word", metavar="WORD", help="a word, or a line that ends with it")
    parser.add_argument("--text", metavar="TEXT", help="the poem so far, up to the line that shall rhyme")
    parser.add_argument(
        "--count", type=int, default=20, metavar="K", help="how many of each kind (default: 20)"
    )
    add_json(parser, "rhymes and their figures")
    theme_options.add(parser)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Print the rhymes."""
    theme = theme_options.theme_of(chosen)
    cached = CachedPoet(load(chosen.poet))
    found = rhymes(cached, chosen.word, before=chosen.text, count=chosen.count, theme=theme)
    if chosen.json:
        print(json.dumps(found.as_json(), ensure_ascii=False))
        return 0
    if found.group:
        print(f"{found.word}: {found.group}")
    for kind in ("perfect", "near"):
        some = [each for each in found.words if each.kind == kind]
        if some:
            print(f"{kind} rhymes")
            print("\n".join(f"  {row}" for row in columns(list(map(_row, some)))))
    return 0


def _row(found: RhymingWord) -> list[str]:
    likely = [] if found.log_probability is None else [f"{found.log_probability:.1f} nats"]
    return [found.word, f"{found.count:,}", *likely]
