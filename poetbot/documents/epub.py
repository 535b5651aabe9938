"""EPUB books as text: their chapters in reading order.

EPUB 3.3 (https://www.w3.org/TR/epub-33/) and EPUB 2: a zip in which META-INF/container.xml names the package document, which names
title and author, the files, and the order of the chapters, which are XHTML.
"""

import posixpath
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from poetbot.documents.block import Block
from poetbot.documents.decoding import decode
from poetbot.documents.document import Document, title_line
from poetbot.documents.gutenberg_header import author_of
from poetbot.documents.html.stylesheet import Stylesheet
from poetbot.documents.html.to_text import content_of_html
from poetbot.documents.xml_events import Name, read_xml
from poetbot.documents.zip_archive import Limits, Unpack, open_archive
from poetbot.errors import PoetBotError
from poetbot.messages import Message

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesNSImpl

_ROOM = 5  # line ends between two chapters
_STYLES = "text/css"
_CHAPTERS = frozenset(("application/xhtml+xml", "text/html", "text/x-oeb1-document"))
_FONT_MANGLING = frozenset(("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"))
"""Kinds of encryption that only apply to fonts."""
_GUIDE = frozenset(
    [
        "cover",
        "title-page",
        "copyright-page",
        "colophon",
        "toc",
        "index",
        "glossary",
        "bibliography",
        "notes",
        "loi",
        "lot",
    ]
)
_STEMS = frozenset(
    [
        "cover",
        "coverpage",
        "titlepage",
        "title",
        "halftitle",
        "halftitlepage",
        "copyright",
        "copyrightpage",
        "toc",
        "nav",
        "contents",
        "tableofcontents",
        "imprint",
        "colophon",
    ]
)
"""How a book names pages that aren't chapters, as letters only."""
_MOST_AUTHORS = 3
_LONGEST = 1000
_MOST_SAID = 1000
_MOST_MISSING = 5  # chapters that a notice names


def read_epub(data: bytes, name: str) -> Document:
    """Return the text of an EPUB book with its title and author.

    Chapters are separated; cover, title page, copyright page and contents are left out, and so are chapters that the book
    lists and doesn't contain, with a notice. Raises PoetBotError if it isn't an EPUB, is copy-protected, or is larger than
    `zip_archive` allows.
    """
    bounds = Limits(name)
    chapters: list[str] = []
    marks: list[Block] = []
    missing: list[str] = []
    lines = 0
    with open_archive(data, name, Message("an EPUB book")) as unpack:
        _refuse_locked(unpack, name)
        package = _Package(name, bounds)
        path = _path_of_package(unpack, name)
        read_xml(unpack(path), name, start=package.start, end=package.end, text=package.characters)
        folder = posixpath.dirname(path)
        styles = _styles(unpack, package.files(folder, _STYLES))
        listed = package.chapters(folder)
        for chapter in listed:
            try:
                markup = b"".join(unpack(chapter))
            except KeyError:
                missing.append(posixpath.basename(chapter))
                if len(missing) == len(listed):
                    raise
                continue
            bounds.element(markup.count(b"<"))
            if not markup.strip():
                continue
            content = content_of_html(decode(markup, name), styles=styles, rules=True)
            own = content.text.split("\n")
            for line in own:
                bounds.paragraph()
                bounds.text(len(line) + 1)
            if content.text.strip():
                chapters.append(content.text)
                marks += (
                    mark._replace(start_line=lines + mark.start_line, end_line=lines + mark.end_line)
                    for mark in content.marks
                )
                lines += len(own) + _ROOM - 1
    text = ("\n" * _ROOM).join(chapters) + "\n" if chapters else ""
    notices: tuple[Message, ...] = ()
    if missing:
        chapters_missing = ", ".join(missing[:_MOST_MISSING]) + (
            ", …" if len(missing) > _MOST_MISSING else ""
        )
        notices = (
            Message(
                "{name} lists chapters that it doesn't contain: {chapters}.",
                name=name,
                chapters=chapters_missing,
            ),
        )
    return Document(text, title_line(package.title), package.author(), tuple(marks), notices)


def _styles(unpack: Unpack, members: Sequence[str]) -> Stylesheet:
    """Return the rules of stylesheets; a missing one is ignored."""
    styles = Stylesheet()
    for member in members:
        with suppress(KeyError):
            css = b"".join(unpack(member))
            styles.add(css.decode("utf-8", "replace"))
    return styles


def _refuse_locked(unpack: Unpack, name: str) -> None:
    """Raise PoetBotError if more than fonts is encrypted."""

    def start(element: Name, attributes: "AttributesNSImpl") -> None:
        if element[1] == "EncryptionMethod" and attributes.get((None, "Algorithm")) not in _FONT_MANGLING:
            raise PoetBotError(
                "{name} is locked by its seller (DRM). Add the poems in another format.", name=name
            )

    with suppress(KeyError):
        read_xml(
            unpack("META-INF/encryption.xml"), name, start=start, end=lambda _: None, text=lambda _: None
        )


def _path_of_package(unpack: Unpack, name: str) -> str:
    """Return the path of the package document. Raises KeyError if none is named."""
    paths: list[str] = []

    def start(element: Name, attributes: "AttributesNSImpl") -> None:
        if element[1] == "rootfile" and not paths:
            paths.append(str(attributes.get((None, "full-path"), "")))

    container = unpack("META-INF/container.xml")
    read_xml(container, name, start=start, end=lambda _: None, text=lambda _: None)
    if not paths:
        raise KeyError("rootfile")
    return paths[0]


@dataclass(slots=True)
class _Creator:
    name: str = ""
    role: str = ""


class _Package:
    """The contents of the package document."""

    def __init__(self, name: str, bounds: Limits) -> None:
        self.title = ""
        self._name = name
        self._bounds = bounds
        self._creators: dict[str, _Creator] = {}  # by their ids
        self._files: dict[str, tuple[str, str, str]] = {}  # by their ids: where, media type, properties
        self._spine: dict[str, bool] = {}  # ids of chapters, and whether they are read in order
        self._guided: set[str] = set()  # where the pages are that hold no text of the book
        self._reading = ""
        self._creator: _Creator | None = None

    def start(self, name: Name, attributes: "AttributesNSImpl") -> None:
        self._bounds.element()
        attribute: Mapping[str, str] = {key[1]: str(value) for key, value in attributes.items()}
        element = name[1]
        if element == "title":
            self._reading = "" if self.title else element
        elif element == "creator" and len(self._creators) < _MOST_SAID:
            self._reading = element
            self._creator = _Creator(role=attribute.get("role", ""))
            self._creators[attribute.get("id", f"#{len(self._creators)}")] = self._creator
        elif element == "meta" and attribute.get("property") == "role":
            self._creator = self._creators.get(attribute.get("refines", "").removeprefix("#"))
            self._reading = "role"
        elif element == "item":
            self._files[attribute.get("id", "")] = (
                attribute.get("href", ""),
                attribute.get("media-type", ""),
                attribute.get("properties", ""),
            )
        elif element == "itemref":
            self._spine[attribute.get("idref", "")] = attribute.get("linear", "yes") != "no"
        elif element == "reference" and attribute.get("type", "").removeprefix("other.") in _GUIDE:
            self._guided.add(attribute.get("href", ""))

    def end(self, name: Name) -> None:
        self._reading = ""

    def characters(self, content: str) -> None:
        if self._reading == "title" and len(self.title) < _LONGEST:
            self.title += content
        elif self._creator and self._reading == "role":
            self._creator.role = (self._creator.role + content)[:_LONGEST]
        elif self._creator and self._reading == "creator":
            self._creator.name = (self._creator.name + content)[:_LONGEST]

    def author(self) -> str | None:
        """Return the author of the book; None if there is none, or too many."""
        creators = [creator for creator in self._creators.values() if creator.role.strip() in ("aut", "")]
        names = [author for creator in creators if (author := author_of(creator.name))]
        return author_of(" and ".join(dict.fromkeys(names))) if 0 < len(names) <= _MOST_AUTHORS else None

    def chapters(self, folder: str) -> list[str]:
        """Return the members with the chapters, in order. Raises KeyError if the book has none."""
        listed = [
            self._files[each] for each, in_order in self._spine.items() if in_order and each in self._files
        ]
        listed = listed or [self._files[each] for each in self._spine if each in self._files]
        pages = [(href, properties) for href, kind, properties in listed if kind in _CHAPTERS]
        if not pages:
            raise KeyError("spine")
        chapters = [
            href
            for href, properties in pages
            if "nav" not in properties.split() and href not in self._guided and _stem(href) not in _STEMS
        ]
        # The only page of a book is a chapter, whatever its name.
        chapters = chapters or [href for href, _ in pages]
        return list(dict.fromkeys(_path(folder, href) for href in chapters))

    def files(self, folder: str, media_type: str) -> list[str]:
        """Return the members with a media type."""
        listed = (_path(folder, href) for href, kind, _ in self._files.values() if kind == media_type)
        return list(dict.fromkeys(listed))


def _path(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href.split("#")[0])))


def _stem(href: str) -> str:
    stem = posixpath.splitext(posixpath.basename(unquote(href)))[0]
    return re.sub(r"[\W\d_]+", "", stem).casefold()
