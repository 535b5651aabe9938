"""The options of `write` and `suggest` for a form."""

import argparse

from poetbot.errors import PoetBotError
from poetbot.verse.rhyme_books import RHYME_BOOKS
from poetbot.writing.forms import METRES, NAMED, NO_METRE, NO_RHYME_BOOK, Form, form_named

FIELDS = ("form", "stanzas", "syllables", "rhyme", "acrostic", "refrain", "rhyme_book")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options to a command's parser."""
    group = parser.add_argument_group("form")
    group.add_argument("--form", metavar="NAME", help=", ".join(NAMED))
    group.add_argument("--stanzas", metavar="N,N,…", help="lines in each stanza, such as 4,4,4,2")
    group.add_argument(
        "--syllables", metavar="N,N,…", help="syllables in each line; a short list is repeated"
    )
    group.add_argument(
        "--metre", choices=(NO_METRE, *METRES), help="the metre of the lines; none removes that of a form"
    )
    group.add_argument(
        "--rhyme",
        metavar="SCHEME",
        help="a letter per line, - for none, a space between stanzas; a short scheme is repeated",
    )
    group.add_argument("--acrostic", metavar="TEXT", help="the first letters of the lines")
    group.add_argument("--refrain", choices=("first", "last"), help="the line of the stanza that repeats")
    group.add_argument(
        "--rhyme-book",
        choices=(*RHYME_BOOKS, NO_RHYME_BOOK),
        help="by what Chinese verse rhymes and has its tones: pingshui (平水韵, as the Chinese forms have it), "
        "xinyun (中华新韵, today's), or none",
    )
    group.add_argument("--real-words", action="store_true", help="use only words the poet has read")


def asked(chosen: argparse.Namespace) -> bool:
    """Return whether a form was asked for."""
    in_metre = chosen.metre not in (None, NO_METRE)
    return in_metre or any(getattr(chosen, name) for name in FIELDS)


def form_of(chosen: argparse.Namespace, lines: int | None = None) -> Form:
    """Return the form of the options, with `lines` lines if given. Raises PoetBotError for an impossible form."""
    fields = {
        "stanzas": _numbers("stanzas", chosen.stanzas),
        "syllables": _numbers("syllables", chosen.syllables),
        "rhyme": chosen.rhyme,
        "acrostic": chosen.acrostic,
        "metre": chosen.metre,
        "refrain": chosen.refrain,
        "rhyme_book": chosen.rhyme_book,
    }
    name = chosen.form or "free"
    if lines is None:
        return form_named(name, **fields)
    try:
        form = form_named(name, **fields)
    except PoetBotError:
        if fields["stanzas"]:
            raise
    else:
        if form.lines == lines:  # keep its stanzas
            return form
    if not fields["stanzas"]:
        return form_named(name, **fields | {"stanzas": (lines,)})
    raise PoetBotError(
        "The form contradicts itself: its stanzas have {given} lines, but --lines is {lines}.",
        given=form.lines,
        lines=lines,
    )


def _numbers(name: str, text: str | None) -> tuple[int, ...]:
    if not text:
        return ()
    try:
        return tuple(int(each) for each in text.replace("-", ",").split(","))
    except ValueError as error:
        raise PoetBotError("--{name} must be a list of integers, such as 5,7,5.", name=name) from error
