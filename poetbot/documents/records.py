"""Convert records with fields to poems: which field is the text, the title and the author, and what values they may have."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from poetbot.documents.line_endings import with_line_feeds
from poetbot.errors import PoetBotError
from poetbot.messages import Message, listed
from poetbot.poem import Poem, without_marker

# Common names of these columns, the most likely first; compared without case.
TEXT_NAMES = (
    "text",
    "poem",
    "lines",
    "paragraphs",
    "para",
    "paragraph",
    "verses",
    "stanzas",
    "lyrics",
    "content",
    "body",
    "verse",
    "poem text",
    "诗",
    "正文",
    "内容",
    "詩",
    "內容",
    *("诗文", "詩文", "诗歌", "诗词", "原文", "歌词", "本文", "본문", "내용"),
    *("gedicht", "inhalt", "poème", "texte", "poema", "texto", "poesia", "testo", "tekst", "wiersz"),
    *("текст", "стихотворение"),
)
TITLE_NAMES = (
    "title",
    "poem title",
    "poem name",
    "name",
    "rhythmic",
    "标题",
    "題目",
    "题目",
    "标题名",
    "標題",
    *("诗名", "詩題", "诗题", "題名", "篇名", "제목"),
    *("titel", "titre", "título", "titolo", "tytuł", "название"),
    "chapter",
)
AUTHOR_NAMES = (
    *("author", "poet", "author name", "poet name", "writer", "by"),
    *("作者", "诗人", "詩人", "著者", "시인", "작가"),
    *("autor", "dichter", "auteur", "poète", "autore", "poeta", "автор", "поэт"),
)

_MOST_NAMED = 12
_LARGEST_NUMBER = 1 << 63
_BREAK = re.compile(r"<br(?:\s[^<>]{0,100})?/?>", re.IGNORECASE)
_ESCAPED_RETURN = "_x000D_"
"""How a carriage return is escaped in .xlsx cells; converted tables may still contain it."""


class NoSuchField(PoetBotError):
    """A table has no field for the text, or lacks a chosen one. `names` are its fields."""

    def __init__(self, template: str, /, *, names: Iterable[str], **values: Any) -> None:
        super().__init__(template, **values)
        self.names = tuple(names)


@dataclass(frozen=True)
class FieldChoice:
    """What to read from files with fields or posts.

    `text`, `title`, `author` name the fields; None means to find them by common names; "" for `title` or `author` means that there is
    none. `tags` are the tags or categories of posts to include. `filtered` says whether the filter finds poems inside a text (True) or
    each text is a complete poem (False); None depends on the kind of file.
    """

    text: str | None = None
    title: str | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()
    filtered: bool | None = None


@dataclass(frozen=True)
class Fields:
    """The names of the fields for text, title and author."""

    text: str
    title: str | None
    author: str | None


def fields_of(names: Iterable[str], wanted: FieldChoice, name: str | Message) -> Fields:
    """Return which of the `names` to read; a chosen field must exist, titles and authors are optional.

    Raises PoetBotError if a chosen field, or any field for the text, isn't among the names of the file `name`.
    """
    by_key = {field_key(field): field for field in reversed(list(names))}
    text = _chosen(wanted.text, TEXT_NAMES, by_key, name)
    if text is None:
        raise NoSuchField(
            "{name} has no field for the text of the poems, only {fields}.",
            name=name,
            fields=_listed(by_key.values()),
            names=reversed(by_key.values()),
        )
    return Fields(
        text,
        None if wanted.title == "" else _chosen(wanted.title, TITLE_NAMES, by_key, name),
        None if wanted.author == "" else _chosen(wanted.author, AUTHOR_NAMES, by_key, name),
    )


def default_fields(names: Iterable[str]) -> tuple[str, str, str]:
    """Return which of the `names` are common for text, title and author, "" for none."""
    by_key = {field_key(field): field for field in reversed(list(names))}
    text, title, author = (
        _chosen(None, usual, by_key, "") or "" for usual in (TEXT_NAMES, TITLE_NAMES, AUTHOR_NAMES)
    )
    return text, title, author


def is_text_name(field: str) -> bool:
    """Return whether this is a common name for a text field."""
    return field_key(field) in TEXT_NAMES


def poem_of(
    record: Mapping[str, Any],
    fields: Fields,
    where: Message,
    notices: list[Message],
    lines: tuple[int, int],
    source: str,
) -> Poem | None:
    """Return the poem of a record, None (with a notice) if its text is empty.

    `where` names the record in messages, `lines` are its first and last line in the file `source`. A text may be a list of lines. It
    stays as given except for line ends (LF), Unicode normalisation (NFC) and lines of the poem marker. Raises PoetBotError if a field
    isn't text.
    """
    text, dropped = without_marker(text_of(record.get(fields.text), fields.text, where) or "")
    if dropped:
        notices.append(marker_notice(where, dropped))
    if not text.strip():
        notices.append(Message("{where} was left out because its text is empty.", where=where))
        return None
    return Poem(
        text,
        title=one_line(text_of(label_text(record.get(fields.title)), fields.title, where))
        if fields.title
        else None,
        author=one_line(text_of(label_text(record.get(fields.author)), fields.author, where))
        if fields.author
        else None,
        source=source,
        start_line=lines[0],
        end_line=lines[1],
    )


def marker_notice(name: str | Message, lines: int) -> Message:
    """Return the notice that the poem marker was removed from this many lines."""
    return Message(
        "{name}: the poem marker ++++ can't be part of a poem and was removed from {lines}.",
        name=name,
        lines=Message("one line") if lines == 1 else Message("{count:,} lines", count=lines),
    )


def text_of(value: Any, field: str, where: Message) -> str | None:
    """Return a text, or a list of lines or of stanzas, as a text in NFC with LF; None as None.

    Raises PoetBotError for anything else.
    """
    if value is None:
        return None
    if isinstance(value, list):
        value = _joined(value)
    if not isinstance(value, str):
        raise PoetBotError(
            '{where} has a "{field}" that isn\'t text. Put it in quotes.', where=where, field=field
        )
    if "\0" in value:
        raise PoetBotError(
            '{where} has a zero character in its "{field}". Remove it.', where=where, field=field
        )
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise PoetBotError(
            '{where} has half a character (a lone surrogate) in its "{field}". Correct it.',
            where=where,
            field=field,
        ) from None
    if "<" in value:
        value = _BREAK.sub("\n", value)
    if _ESCAPED_RETURN in value:
        value = value.replace(_ESCAPED_RETURN, "\r")
    return unicodedata.normalize("NFC", with_line_feeds(value))


def _joined(lines: list[Any]) -> Any:
    """Return a list of lines as a text, a list of such lists as stanzas, and anything else as it is."""
    lines = [line for line in lines if line is not None]
    if all(isinstance(line, str) for line in lines):
        return "\n".join(lines)
    if all(isinstance(line, list) and all(isinstance(each, str) for each in line) for line in lines):
        return "\n\n".join("\n".join(line) for line in lines)
    return lines


def unescape_line_ends(cell: str) -> str:
    r"""Return a cell with `\n` in letters as a line end if it has no other, as some programs export it."""
    return cell if "\n" in cell or "\\n" not in cell else cell.replace("\\r", "").replace("\\n", "\n")


def strip_empty_lines(poem: Poem) -> Poem:
    """Return a poem without empty lines above and below it, as in cells copied from a page.

    A line of only spaces inside it, as such cells have between stanzas, is an empty one.
    """
    lines = [line if line.strip() else "" for line in poem.text.split("\n")]
    full = [number for number, line in enumerate(lines) if line]
    return replace(poem, text="\n".join(lines[full[0] : full[-1] + 1]))


def label_text(value: Any) -> Any:
    """Return a title or name as a text; it may be a number, a list, or an object with a name."""
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        return value["name"]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST_NUMBER:
        return str(value)
    return value


def one_line(value: str | None) -> str | None:
    """Return a title or an author on one line, None if there is none."""
    return " ".join(value.split()) or None if value else None


def field_key(name: str) -> str:
    """Return a field's name for comparison: without case and `_` between words."""
    return " ".join(unicodedata.normalize("NFC", name).replace("_", " ").casefold().split())


def _chosen(
    choice: str | None, usual: tuple[str, ...], by_key: dict[str, str], name: str | Message
) -> str | None:
    if choice is None:
        return next((by_key[key] for key in usual if key in by_key), None)
    if field_key(choice) not in by_key:
        raise NoSuchField(
            "{name} has no field named {field}, only {fields}.",
            name=name,
            field=displayable(choice),
            fields=_listed(by_key.values()),
            names=reversed(by_key.values()),
        )
    return by_key[field_key(choice)]


def _listed(names: Iterable[str]) -> Message | str:
    named = [displayable(name) or Message("one without a name") for name in reversed(list(names))]
    return listed(named, _MOST_NAMED)


def displayable(name: str, most: int = 60) -> str:
    """Return a name from outside that is safe to display in a message: one short line, no terminal commands.

    Invisible characters (controls, direction marks, lone surrogates) are left out.
    """
    name = "".join(c for c in " ".join(name[: 10 * most].split()) if c.isprintable())
    return name if len(name) <= most else f"{name[: most - 11]}…{name[-10:]}"
