"""What a book says of itself in Project Gutenberg's header, or in the first line of NLTK's texts: who wrote it."""

import re

_HEADER_LINES = 60
_LONGEST = 80
_MOST_LOOKED_AT = 1000
_GUTENBERG = re.compile(r"project gutenberg", re.IGNORECASE)
_AUTHOR = re.compile(r"^Author:[ \t]*(\S[^\n]*)$", re.MULTILINE)
_NLTK = re.compile(r"\[[^\]\n]{1,200} by ([^\]\n]+?)(?: \d{4})?\]")
_AND_OTHERS = re.compile(r",? (?:et al\.?|(?:and|&) others)$", re.IGNORECASE)
_NOBODY = frozenset({"various", "anonymous", "unknown", "anon", "anon."})


def is_gutenberg(text: str) -> bool:
    """Return whether a text begins as the books of Project Gutenberg do."""
    return _GUTENBERG.search(_head(text)) is not None


def author_named(text: str) -> str | None:
    """Return the author that a book's own header names; None where there is no such header, or it names nobody.

    Read are the line "Author:" of Project Gutenberg's header, and a first line as NLTK's gutenberg texts have it,
    "[Title by Author 1855]". An anthology's "Various" is nobody, and so are the others of "et al.".
    """
    head = _head(text)
    named = _NLTK.match(head) or (_AUTHOR.search(head) if _GUTENBERG.search(head) else None)
    return author_of(named[1]) if named else None


def author_of(words: str) -> str | None:
    """Return the author that some words name; None where they name nobody, or are too long for a name."""
    author = _AND_OTHERS.sub("", " ".join(words[:_MOST_LOOKED_AT].split()))
    return author if author and len(author) <= _LONGEST and author.casefold() not in _NOBODY else None


def _head(text: str) -> str:
    return "\n".join(text[: _HEADER_LINES * 200].split("\n")[:_HEADER_LINES])
