"""The options that say what a poem is about, as `write` and `suggest` have them."""

import argparse

from poetbot.writing import Theme


def add(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add the options to a command's parser, and return their group."""
    group = parser.add_argument_group("theme")
    group.add_argument(
        "--about",
        default="",
        metavar="TEXT",
        help='what the poem is about, such as "grandmother\'s kitchen, onions, radio"',
    )
    group.add_argument("--avoid", default="", metavar="WORDS", help="words that the poet must not use")
    return group


def theme_of(chosen: argparse.Namespace, opening: str = "") -> Theme:
    """Return the theme of the options; without --about, that of the opening. Raises PoetBotError if it is too long."""
    return Theme(chosen.about, chosen.avoid).or_opening(opening)
