"""The author named in Project Gutenberg's header, or in the first line of NLTK's texts."""

import re

_HEADER_LINES = 60
_LONGEST = 80
_MOST_LOOKED_AT = 1000
_GUTENBERG = re.compile(r"project gutenberg", re.IGNORECASE)
_AUTHOR = re.compile(r"^Author:[ \t]*(\S[^\n]*)$", re.MULTILINE)
_BY = re.compile(
    r"^\W{0,9}(?:The )?Project Gutenberg(?:['’]s| e(?:text|book)(?:,| of)) [^\n]{1,120}, by ([^\n*]{2,80}?)[ *]*$",
    re.IGNORECASE | re.MULTILINE,
)
_HEADERS = re.compile(rf"{_GUTENBERG.pattern}|^Author:[ \t]*(\S[^\n]*)$", re.IGNORECASE | re.MULTILINE)
_NLTK = re.compile(r"\[[^\]\n]{1,200} by ([^\]\n]+?)(?: \d{4})?\]")
_AND_OTHERS = re.compile(r",? (?:et al\.?|(?:and|&) others)$", re.IGNORECASE)
_NOBODY = frozenset({"various", "anonymous", "unknown", "anon", "anon."})


def is_gutenberg(text: str) -> bool:
    """Return whether a text begins like a Project Gutenberg book."""
    return _GUTENBERG.search(_head(text)) is not None


def author_named(text: str) -> str | None:
    """Return the author named in a book's header; None if there is no such header, or no author in it.

    This reads the line "Author:" of Project Gutenberg's header, or else its first line ("… Etext of Title, by Author"), or a first line
    as in NLTK's texts, "[Title by Author 1855]". "Various" isn't an author, and "et al." is left out.
    """
    head = _head(text)
    named = _NLTK.match(head)
    if not named and _GUTENBERG.search(head):
        named = _AUTHOR.search(head) or _BY.search(head)
    return author_of(named[1]) if named else None


def later_authors(text: str) -> list[tuple[int, str | None]]:
    """Return the authors of the Project Gutenberg books in a text, each with its line."""
    found: list[tuple[int, str | None]] = []
    header, line, counted = -1, 1, 0
    for match in _HEADERS.finditer(text):
        if match[1] is None:
            header = match.start()
        elif header >= 0 and match.start() - header < _HEADER_LINES * 200:
            line += text.count("\n", counted, match.start())
            counted = match.start()
            found.append((line, author_of(match[1])))
    return found


def author_of(words: str) -> str | None:
    """Return the author in a phrase; None if it has none, or is too long for a name."""
    author = _AND_OTHERS.sub("", " ".join(words[:_MOST_LOOKED_AT].split()))
    return author if author and len(author) <= _LONGEST and author.casefold() not in _NOBODY else None


def _head(text: str) -> str:
    return "\n".join(text[: _HEADER_LINES * 200].split("\n")[:_HEADER_LINES])
