"""Read posts from a WordPress export (.xml, WXR): those with a requested tag or category, or all of them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from poetbot.documents.html.layout import Verse
from poetbot.documents.html.to_text import content_of_html, text_of_html
from poetbot.documents.records import displayable
from poetbot.documents.wordpress_shortcodes import without_shortcodes
from poetbot.documents.xml_events import Name, read_xml
from poetbot.errors import PoetBotError
from poetbot.messages import Message, listed

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
_STATUSES = ("draft", "private", "future", "pending", "trash")
"""The unpublished statuses; others belong to plugins."""
_ADDRESS = re.compile(r"\s*https?://\S+\s*")

_NO_WRITING = re.compile(
    "attachment|revision|nav_menu_item|custom_css|customize_changeset|oembed_cache|user_request|feedback|acf-.*|wp_.*"
    "|elementor_.*|et_.*|fusion_.*|shop_.*|product.*|tablepress_table|wpcf7.*|mc4wp-form|ninja.*|jp_.*|amn_.*"
)
"""Post types that WordPress, themes, forms and shops use internally."""


@dataclass
class Post:
    """One published post of an export; `number` counts them from 1. `tags` are names and slugs in turn.

    `verse` are the parts of its text that are marked as verse.
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


def posts_of_wordpress(data: bytes, name: str, notices: list[Message]) -> list[Post]:
    """Return the published posts of an export in order, with their HTML as text.

    Pages and custom post types, such as poems, are included. What is unpublished or contains no writing (pictures, menus) is left out
    with a notice for each kind. Raises PoetBotError if it isn't a WordPress export.
    """
    found = _Found()
    reading = _Reading(found)
    pieces: Iterator[bytes] = (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))
    read_xml(pieces, name, start=reading.start, end=reading.end, text=reading.characters)
    if not reading.is_export:
        raise PoetBotError(
            "{name} isn't a WordPress export. Make one in WordPress under Tools, Export.", name=name
        )
    if not found.posts and found.hidden:
        counts = listed([_unpublished(*each) for each in found.hidden.items()])
        raise PoetBotError(
            "{name} has no published posts, only {counts}. Publish them in WordPress, then export again.",
            name=name,
            counts=counts,
        )
    if not found.posts:
        raise PoetBotError(
            "{name} has no published posts. Export the posts in WordPress under Tools, Export.", name=name
        )
    for post in found.posts:
        login = (post.author or "").strip()
        post.author = found.authors.get(login, login) or None
    for status, count in found.hidden.items():
        notices.append(Message("{name}: left out {posts}.", name=name, posts=_unpublished(status, count)))
    if found.other:
        types = listed(
            [f"{displayable(kind)} ({count:,})" for kind, count in found.other.most_common()], _MOST_TYPES
        )
        notices.append(
            Message("{name}: left out posts of types that contain no poems: {types}.", name=name, types=types)
        )
    return found.posts


def _unpublished(status: str, count: int) -> Message:
    """Return a phrase for a number of unpublished posts."""
    match status:
        case "draft":
            one, many = Message("1 draft"), Message("{count:,} drafts", count=count)
        case "private":
            one, many = Message("1 private post"), Message("{count:,} private posts", count=count)
        case "future":
            one, many = Message("1 scheduled post"), Message("{count:,} scheduled posts", count=count)
        case "pending":
            one, many = (
                Message("1 post waiting for review"),
                Message("{count:,} posts waiting for review", count=count),
            )
        case "trash":
            one, many = Message("1 post in the trash"), Message("{count:,} posts in the trash", count=count)
        case "password":
            one, many = (
                Message("1 password-protected post"),
                Message("{count:,} password-protected posts", count=count),
            )
        case _:
            one, many = Message("1 unpublished post"), Message("{count:,} unpublished posts", count=count)
    return one if count == 1 else many


class _Found:
    """The contents of an export, item by item; only the text of an item is kept."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.authors: dict[str, str] = {}  # names by login
        self.hidden: Counter[str] = Counter()  # by status
        self.other: Counter[str] = Counter()  # by type

    def add(self, item: _Item) -> None:
        """Add an item; its author is a login until the names are known."""
        kind = item.fields.get(_KIND, "").strip() or "post"
        status = item.fields.get(_STATUS, "").strip() or "publish"
        if _NO_WRITING.fullmatch(kind):
            self.other[kind] += 1
        elif status != "publish":
            self.hidden["draft" if status == "auto-draft" else status if status in _STATUSES else ""] += 1
        elif item.fields.get(_PASSWORD, "").strip():
            self.hidden["password"] += 1
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
    """Return a text without lines that are only an address, which WordPress shows as a player or a card."""
    if "://" not in text:
        return text
    lines = [line for line in text.split("\n") if not _ADDRESS.fullmatch(line)]
    kept = (line for line, above in zip(lines, ["", *lines[:-1]], strict=True) if line or above)
    return "\n".join(kept).rstrip("\n")


def tags_of(posts: Sequence[Post]) -> tuple[tuple[str, int], ...]:
    """Return the tags and categories of posts with their counts, the most frequent first."""
    return tuple(Counter(tag for post in posts for tag in dict.fromkeys(post.tags[::2])).most_common())


def with_tags(posts: Sequence[Post], tags: tuple[str, ...], name: str) -> list[Post]:
    """Return the posts with one of the `tags` as a tag or category (by name or slug, ignoring case).

    Raises PoetBotError, with the existing ones, if there are none.
    """
    wanted = {tag.strip().casefold() for tag in tags}
    chosen = [post for post in posts if wanted & {tag.strip().casefold() for tag in post.tags}]
    if not chosen:
        filed_under = displayable(", ".join(tags))
        if choices := tags_of(posts):
            raise PoetBotError(
                "{name} has no post filed under {tags}. Choose one of {choices}.",
                name=name,
                tags=filed_under,
                choices=listed_tags(choices),
            )
        raise PoetBotError(
            "{name} has no post filed under {tags}. Its posts have no tags or categories.",
            name=name,
            tags=filed_under,
        )
    return chosen


def listed_tags(tags: Sequence[tuple[str, int]]) -> Message | str:
    """Return the most frequent tags with their counts, for a message."""
    return listed([f"{displayable(tag)} ({count:,})" for tag, count in tags[:_MOST_TAGS]])


class _Reading:
    """Builds items from the elements inside `item`, and authors from those of the channel."""

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
