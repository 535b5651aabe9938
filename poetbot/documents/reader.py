"""Read a file as text or records, by its extension."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from poetbot.documents.aozora_bunko import read_aozora
from poetbot.documents.author_marks import MarkedText
from poetbot.documents.block import Block
from poetbot.documents.decoding import check_size, decode_with_guess
from poetbot.documents.encoding_detection import Guess
from poetbot.documents.formats import DOCUMENT_SUFFIXES, read_document
from poetbot.documents.html.layout import Verse
from poetbot.documents.html.to_text import content_of_html
from poetbot.documents.line_records import LineJoiner, detect_line_fields
from poetbot.documents.markdown.to_text import has_settings, read_markdown
from poetbot.documents.records import FieldChoice, default_fields, displayable
from poetbot.documents.tables import (
    CSV_SUFFIXES,
    JSONL_SUFFIXES,
    head_of,
    poems_of_csv,
    poems_of_json,
    poems_of_jsonl,
)
from poetbot.documents.wordpress import Post, posts_of_wordpress, tags_of, with_tags
from poetbot.documents.wordpress_shortcodes import without_shortcodes
from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.poem import Poem, without_marker

TABLES = (
    dict.fromkeys(CSV_SUFFIXES, poems_of_csv)
    | {".json": poems_of_json}
    | dict.fromkeys(JSONL_SUFFIXES, poems_of_jsonl)
)
MARKDOWN_SUFFIXES = frozenset(
    (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdwn", ".mdx", ".qmd", ".rmd")
)
_HTML = frozenset((".html", ".htm", ".xhtml"))
_DEFAULTS = FieldChoice()


@dataclass(frozen=True)
class FileContent:
    """The content of a file: `text` if it is one text, else `records`, each a text with title, author and position.

    `whole` says that each record is a poem as it stands, so that poems are not looked for inside it; where it is
    False, that still holds of the records `verse` (places from 0), which their writer set as verse. `fields` are the
    names of the fields a table has, `read_fields` those that were read for text, title and author ("" where none was),
    `tags` the tags of an export's posts and how many have each. `marks` are what the
    writer of `text` marked in it, `title` and `author` what a document says of itself, and `authors` what it says of
    single poems, by the line they begin at. `encoding` is the one a text was read in where the file does not say it,
    with a line by which a reader sees whether it is right; no notice tells it.
    """

    name: str
    text: str | None = None
    records: tuple[Poem, ...] = ()
    whole: bool = False
    verse: frozenset[int] = frozenset()
    notices: tuple[Message, ...] = ()
    fields: tuple[str, ...] = ()
    read_fields: tuple[str, str, str] = ("", "", "")
    tags: tuple[tuple[str, int], ...] = ()
    marks: tuple[Block, ...] = ()
    title: str | None = None
    author: str | None = None
    authors: Mapping[int, str] = field(default_factory=dict)
    encoding: tuple[str, str] | None = None


def read_content(
    data: bytes, name: str, wanted: FieldChoice = _DEFAULTS, encoding: str | None = None
) -> FileContent:
    """Return the contents of a file, read by the extension of its `name`.

    - `.csv`, `.tsv`, `.json`, `.jsonl`: one poem per record, from fields that `wanted` may name; records that are single lines of
      verse are joined (`verse_lines`);
    - `.xml`: a WordPress export; with `wanted.tags` only posts with one of them, each a poem; of a post with verse blocks, only
      those;
    - `.docx`, `.odt`, `.epub` and the other DOCUMENTS, `.md`, `.html`: converted to text first;
    - anything else is text; if it begins with front matter, like a post of a static site, it is Markdown.

    `wanted.filtered` overrides this for records and posts; `encoding` is the user's choice for a text. Raises PoetBotError, which
    names the file.
    """
    ending = PurePath(name).suffix.lower()
    name = displayable(name) or "the file"
    check_size(len(data), name)
    notices: list[Message] = []
    if ending in TABLES:
        text, guess = decode_with_guess(data, name, rows=True, encoding=encoding)
        return replace(_of_table(text, ending, name, wanted, notices), encoding=_named(guess))
    if ending == ".xml":
        posts = posts_of_wordpress(data, name, notices)
        tags = tags_of(posts)
        if wanted.tags:
            posts = with_tags(posts, wanted.tags, name)
        poems, verse = _poems_of_posts(posts, name)
        filtered = not wanted.tags if wanted.filtered is None else wanted.filtered
        return FileContent(name, None, poems, not filtered, verse, tuple(notices), tags=tags)
    if ending in DOCUMENT_SUFFIXES:
        document = read_document(data, name, ending)
        return FileContent(name, **document._asdict())
    text, guess = decode_with_guess(data, name, encoding=encoding)
    return FileContent(name, **_marked(text, ending, name)._asdict(), encoding=_named(guess))


def _named(guess: Guess | None) -> tuple[str, str] | None:
    return (guess.encoding, displayable(guess.line)) if guess else None


def _of_table(text: str, ending: str, name: str, wanted: FieldChoice, notices: list[Message]) -> FileContent:
    """Return the records of a table; lines of verse are joined to poems, and poems are found in some of them."""
    poems_of = TABLES[ending]
    names, first = head_of(text, ending)
    lines = detect_line_fields(first, wanted)
    if lines is None:
        poems = tuple(poems_of(text, name, wanted, notices))
        return FileContent(
            name,
            None,
            poems,
            not wanted.filtered,
            notices=tuple(notices),
            fields=tuple(names),
            read_fields=_read_fields(names, wanted),
        )
    joiner = LineJoiner(lines)
    for _ in poems_of(text, name, FieldChoice(lines.text), notices, joiner.take):
        pass  # there is no poem yet
    poems, verse = joiner.poems(name, notices)
    whole, verse = wanted.filtered is False, frozenset() if wanted.filtered else verse
    read = (lines.text, lines.title or "", lines.author or "")
    return FileContent(name, None, poems, whole, verse, tuple(notices), tuple(names), read)


def _read_fields(names: Sequence[str], wanted: FieldChoice) -> tuple[str, str, str]:
    """Return the fields for text, title and author, "" for none."""
    chosen = (wanted.text, wanted.title, wanted.author)
    text, title, author = (
        usual if choice is None else choice
        for choice, usual in zip(chosen, default_fields(names), strict=True)
    )
    return text, title, author


def _marked(text: str, ending: str, name: str) -> MarkedText:
    """Return the text of a page or a plain text as its reader sees it, with its marks."""
    if ending in _HTML:
        content = content_of_html(without_shortcodes(text), rules=True)
        if not content.text.strip():
            raise PoetBotError("{name} is empty. Choose a page that contains text.", name=name)
        text = unicodedata.normalize("NFC", content.text.replace("\0", ""))
        book = read_aozora(text)
        return MarkedText(book.text, content.marks, book.title, book.author)
    book = read_aozora(text)
    if ending in MARKDOWN_SUFFIXES or has_settings(text):
        return read_markdown(book.text)
    return MarkedText(book.text, title=book.title, author=book.author)


def _poems_of_posts(posts: Sequence[Post], name: str) -> tuple[tuple[Poem, ...], frozenset[int]]:
    """Return the records of posts: the parts marked as verse, or else the text; and which records are verse."""
    poems: list[Poem] = []
    verse: set[int] = set()
    for post in posts:
        for part in post.verse or (Verse(post.text, None),):
            text = _clean(part.text)
            if text.strip():
                if post.verse:
                    verse.add(len(poems))
                title = part.title or post.title
                poems.append(Poem(text, title, post.author, name, post.number, post.number))
    return tuple(poems), frozenset(verse)


def _clean(text: str) -> str:
    return without_marker(unicodedata.normalize("NFC", text.replace("\0", "")))[0]
