"""A WordPress export (.xml, WXR) to posts: those with a tag or category that was asked for, or all of them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from poetbot.documents.html.layout import Verse
from poetbot.documents.html.to_text import content_of_html, text_of_html
from poetbot.documents.records import shown
from poetbot.documents.wordpress_shortcodes import without_shortcodes
from poetbot.documents.xml_events import Name, read_xml
from poetbot.errors import PoetBotError

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesNSImpl

_PIECE = 1 << 16
_TITLE, _CREATOR, _BODY, _STATUS, _PASSWORD, _KIND, _TAG = (
    "title",
    "creator",
    "encoded",
    "status",
    "post_password",
    "post_type",
    "category",
)
_FIELDS = frozenset(
    (_TITLE, _CREATOR, _BODY, _STATUS, _PASSWORD, _KIND, _TAG, "author_login", "author_display_name")
)
_EXCERPT = "excerpt"
_MOST_TAGS = 12
_MOST_TYPES = 6
_ADDRESS = re.compile(r"\s*https?://\S+\s*")

_UNPUBLISHED = {
    "draft": ("draft", "drafts"),
    "auto-draft": ("draft", "drafts"),
    "private": ("private post", "private posts"),
    "future": ("scheduled post", "scheduled posts"),
    "pending": ("post waiting for review", "posts waiting for review"),
    "trash": ("post in the trash", "posts in the trash"),
    "password": ("password-protected post", "password-protected posts"),
    "other": ("unpublished post", "unpublished posts"),
}
"""What is not for everybody to read, by its status, one and many."""

_NO_WRITING = re.compile(
    "attachment|revision|nav_menu_item|custom_css|customize_changeset|oembed_cache|user_request|feedback|acf-.*|wp_.*"
    "|elementor_.*|et_.*|fusion_.*|shop_.*|product.*|tablepress_table|wpcf7.*|mc4wp-form|ninja.*|jp_.*|amn_.*"
)
"""Types of posts that WordPress, its themes, its forms and its shops keep for themselves."""


@dataclass
class Post:
    """One published post of an export; `number` counts them from 1. `tags` are names and short names by turns.

    `verse` are the parts of its text that are set as verse.
    """

    number: int
    title: str | None
    author: str | None
    text: str
    tags: tuple[str, ...]
    verse: tuple[Verse, ...] = ()


@dataclass
class _Item:
    fields: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)


def posts_of_wordpress(data: bytes, name: str, notices: list[str]) -> list[Post]:
    """Return the published posts of an export in its order, with their HTML as text.

    Pages and types of a site's own, such as poems, are posts too. What is not published, and what holds no writing
    (pictures, menus), is left out with a notice for each kind. Raises PoetBotError where it is no such export.
    """
    found = _Found()
    reading = _Reading(found)
    pieces: Iterator[bytes] = (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))
    read_xml(pieces, name, start=reading.start, end=reading.end, text=reading.characters)
    if not reading.is_export:
        raise PoetBotError(f"{name} is no WordPress export: make one in WordPress under Tools, Export.")
    if not found.posts and found.hidden:
        counts = ", ".join(f"{count:,} {names[count > 1]}" for names, count in found.hidden.items())
        raise PoetBotError(
            f"{name} holds no published post, only {counts}: make them public in WordPress and export again."
        )
    if not found.posts:
        raise PoetBotError(
            f"{name} holds no published post: export the posts in WordPress under Tools, Export."
        )
    for post in found.posts:
        login = (post.author or "").strip()
        post.author = found.authors.get(login, login) or None
    for (one, many), count in found.hidden.items():
        notices.append(f"{name}: {count:,} {f'{one} was' if count == 1 else f'{many} were'} left out.")
    if found.other:
        types = found.other.most_common(_MOST_TYPES)
        said = ", ".join(f"{shown(kind)} ({count:,})" for kind, count in types)
        more = f" and {len(found.other) - _MOST_TYPES:,} more" if len(found.other) > _MOST_TYPES else ""
        notices.append(f"{name}: these types of posts hold no poems and were left out: {said}{more}.")
    return found.posts


class _Found:
    """What an export holds, item by item; of an item no more is kept than its text."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.authors: dict[str, str] = {}  # names by login
        self.hidden: Counter[tuple[str, str]] = Counter()
        self.other: Counter[str] = Counter()  # by type

    def add(self, item: _Item) -> None:
        """Take an item in; its author is a login until the names are known."""
        kind = item.fields.get(_KIND, "").strip() or "post"
        status = item.fields.get(_STATUS, "").strip() or "publish"
        if _NO_WRITING.fullmatch(kind):
            self.other[kind] += 1
        elif status != "publish":
            self.hidden[_UNPUBLISHED.get(status, _UNPUBLISHED["other"])] += 1
        elif item.fields.get(_PASSWORD, "").strip():
            self.hidden[_UNPUBLISHED["password"]] += 1
        else:
            title = " ".join(text_of_html(item.fields.get(_TITLE, "")).split()) or None
            content = content_of_html(without_shortcodes(item.fields.get(_BODY, "")), keep_lines=True)
            self.posts.append(
                Post(
                    len(self.posts) + 1,
                    title,
                    item.fields.get(_CREATOR),
                    without_addresses(content.text),
                    tuple(item.tags),
                    content.verse,
                )
            )


def without_addresses(text: str) -> str:
    """Return a text without lines that are an address alone: WordPress shows a player or a card in their place."""
    if "://" not in text:
        return text
    lines = [line for line in text.split("\n") if not _ADDRESS.fullmatch(line)]
    kept = (line for line, above in zip(lines, ["", *lines[:-1]], strict=True) if line or above)
    return "\n".join(kept).rstrip("\n")


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


class _Reading:
    """Makes items of the elements inside `item`, and authors of those of the channel."""

    def __init__(self, found: _Found) -> None:
        self.is_export = False
        self._found = found
        self._item: _Item | None = None
        self._collected: list[str] | None = None
        self._nicename = ""
        self._login = ""

    def start(self, name: Name, attributes: "AttributesNSImpl") -> None:
        space, element = name
        if element == "item":
            self._item = _Item()
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
            if self._item is not None and self.is_export:
                self._found.add(self._item)
            self._item = None
        elif element in _FIELDS and self._collected is not None:
            text, self._collected = "".join(self._collected), None
            if element == "author_login":
                self._login = text
            elif element == "author_display_name":
                self._found.authors[self._login] = text.strip()
            elif self._item is None:
                return
            elif element == _TAG:
                self._item.tags += [text, self._nicename]
            else:
                self._item.fields[element] = text

    def characters(self, content: str) -> None:
        if self._collected is not None:
            self._collected.append(content)
