"""A WordPress export (.xml, WXR) to posts: those with a tag or category that was asked for, or all of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from poetbot.corpus.markup import text_of_html
from poetbot.corpus.records import shown
from poetbot.corpus.xml_events import Name, read_xml
from poetbot.errors import PoetBotError

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesNSImpl

_PIECE = 1 << 16
_KEPT = frozenset(("publish", "private"))
_TITLE, _CREATOR, _BODY, _STATUS, _KIND, _TAG = (
    "title",
    "creator",
    "encoded",
    "status",
    "post_type",
    "category",
)
_FIELDS = frozenset((_TITLE, _CREATOR, _BODY, _STATUS, _KIND, _TAG, "author_login", "author_display_name"))
_EXCERPT = "excerpt"
_MOST_TAGS = 12


@dataclass
class Post:
    """One published post of an export; `number` counts them from 1. `tags` are names and short names by turns."""

    number: int
    title: str | None
    author: str | None
    text: str
    tags: tuple[str, ...]


@dataclass
class _Item:
    fields: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)


def posts_of_wordpress(data: bytes, name: str, notices: list[str]) -> list[Post]:
    """Return the published posts of an export in its order, with their HTML as text.

    Drafts, pages, pictures and whatever else is in an export are left out, drafts with a notice.
    Raises PoetBotError where it is no such export.
    """
    items, authors = _items(data, name)
    posts: list[Post] = []
    drafts = 0
    for item in items:
        if item.fields.get(_KIND, "post") != "post":
            continue
        if item.fields.get(_STATUS, "publish") not in _KEPT:
            drafts += 1
            continue
        body = item.fields.get(_BODY, "")
        login = item.fields.get(_CREATOR, "").strip()
        posts.append(
            Post(
                len(posts) + 1,
                " ".join(text_of_html(item.fields.get(_TITLE, "")).split()) or None,
                authors.get(login, login) or None,
                # An editor of blocks sets its line breaks itself; the older one leaves them to WordPress.
                text_of_html(body, keep_lines="<!-- wp:" not in body),
                tuple(item.tags),
            )
        )
    if not posts:
        raise PoetBotError(
            f"{name} holds no published post: export the posts in WordPress under Tools, Export."
        )
    if drafts:
        notices.append(f"{name}: {drafts:,} {'draft was' if drafts == 1 else 'drafts were'} left out.")
    return posts


def tags_of(posts: Sequence[Post]) -> tuple[tuple[str, int], ...]:
    """Return the tags and categories of posts, each with how many have it, those of the most posts first."""
    return tuple(Counter(tag for post in posts for tag in dict.fromkeys(post.tags[::2])).most_common())


def with_tags(posts: Sequence[Post], tags: tuple[str, ...], name: str) -> list[Post]:
    """Return the posts that have one of the `tags` as a tag or category (by name or short name, case aside).

    Raises PoetBotError, with those there are, where none has.
    """
    wanted = {tag.strip().casefold() for tag in tags}
    chosen = [post for post in posts if wanted & {tag.strip().casefold() for tag in post.tags}]
    if not chosen:
        said = listed(tags_of(posts))
        raise PoetBotError(
            f"{name} has no post filed under {shown(', '.join(tags))}: "
            + (f"choose among {said}." if said else "its posts have no tags or categories.")
        )
    return chosen


def listed(tags: Sequence[tuple[str, int]]) -> str:
    """Return tags and their counts as a part of a sentence."""
    return ", ".join(f"{shown(tag)} ({count:,})" for tag, count in tags[:_MOST_TAGS])


def _items(data: bytes, name: str) -> tuple[list[_Item], dict[str, str]]:
    """Return the items of an export, and the names of its authors by their login."""
    items: list[_Item] = []
    authors: dict[str, str] = {}
    state = _Reading(items, authors)
    pieces: Iterator[bytes] = (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))
    read_xml(pieces, name, start=state.start, end=state.end, text=state.characters)
    if not state.is_export:
        raise PoetBotError(f"{name} is no WordPress export: make one in WordPress under Tools, Export.")
    return items, authors


class _Reading:
    """Fills items from the elements inside `item`, and authors from those of the channel."""

    def __init__(self, items: list[_Item], authors: dict[str, str]) -> None:
        self.is_export = False
        self._items, self._authors = items, authors
        self._item: _Item | None = None
        self._collected: list[str] | None = None
        self._nicename = ""
        self._login = ""

    def start(self, name: Name, attributes: "AttributesNSImpl") -> None:
        space, element = name
        if element == "item":
            self._item = _Item()
            self._items.append(self._item)
        elif element in _FIELDS:
            if "wordpress.org/export" in (space or ""):
                self.is_export = True
            # The excerpt of a post is an `encoded` too, and a picture has a `title`.
            other = _EXCERPT in (space or "") or (element == _TITLE and space is not None)
            self._collected = None if other else []
            self._nicename = str(attributes.get((None, "nicename"), ""))

    def end(self, name: Name) -> None:
        element = name[1]
        if element == "item":
            self._item = None
        elif element in _FIELDS and self._collected is not None:
            text, self._collected = "".join(self._collected), None
            if element == "author_login":
                self._login = text
            elif element == "author_display_name":
                self._authors[self._login] = text.strip()
            elif self._item is None:
                return
            elif element == _TAG:
                self._item.tags += [text, self._nicename]
            else:
                self._item.fields[element] = text

    def characters(self, content: str) -> None:
        if self._collected is not None:
            self._collected.append(content)
