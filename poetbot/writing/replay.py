"""Recreating a poem from its receipt: a plain poem, a poem in a form, or one written together with the user.

A poem that a user and a poet wrote together has a receipt of kind "desk": its `pieces` in order and the `sources`, the
receipts of what the poet wrote. A piece is `typed` (text), or a number of `characters` of a `source` from offset `at`, or
`written` (text of the poet whose receipt was lost). `at` counts from the first character that the poet wrote.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.writing.endings import ENDING, write_ending
from poetbot.writing.form_writer import FORM, write_in_form
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.receipt import Piece, Receipt, ReceiptKind, checked_receipt, not_a_receipt
from poetbot.writing.request import POEM
from poetbot.writing.suggestions import LINE, recreate_suggestion
from poetbot.writing.writer import WrittenPoem, write

MAX_PIECES = 20_000
MAX_SOURCES = 2_000
_MAX_TEXT = 1_000_000
_KIND = "desk"

FindPoet = Callable[[Receipt], CachedPoet]
"""Returns the poet that a receipt names; raises PoetBotError if it doesn't exist."""


@dataclass(frozen=True)
class RecreatedPoem:
    """A recreated poem. `written` are the spans of the text that the poet wrote."""

    text: str
    written: tuple[tuple[int, int], ...]


def sources_of(receipt: Any) -> list[Receipt]:
    """Return the receipts of everything that the poet wrote. Raises PoetBotError if `receipt` isn't a receipt."""
    sources = receipt.get("sources") if _is_joint(receipt) else [receipt]
    if (
        not isinstance(sources, list)
        or len(sources) > MAX_SOURCES
        or not all(isinstance(source, Mapping) and "poet_id" in source for source in sources)
    ):
        raise not_a_receipt()
    return sources


def recreate_poem(receipt: Any, find_poet: FindPoet) -> Iterator[RecreatedPoem | tuple[int, int]]:
    """Recreate the poem of a receipt. Yields (sources done, sources in all) as progress, then the poem.

    Raises PoetBotError if the receipt is invalid, or `find_poet` finds no poet for it.
    """
    receipt = checked_receipt(receipt)
    sources = sources_of(receipt)
    cached_poets = [
        find_poet(source) for source in sources
    ]  # a missing poet is reported before anything is written
    if not _is_joint(receipt):
        given, written = _written(receipt, cached_poets[0])
        yield RecreatedPoem(given + written, ((len(given), len(given) + len(written)),) if written else ())
        return
    pieces = _checked(receipt.get("pieces"), len(sources))
    texts: list[str] = []
    for source, cached in zip(sources, cached_poets, strict=True):
        yield len(texts), len(sources)
        texts.append(_written(source, cached)[1])
    text = ""
    spans: list[tuple[int, int]] = []
    for piece in pieces:
        if "typed" in piece:
            text += piece["typed"]
            continue
        part = piece.get("written")
        if part is None:
            part = texts[piece["source"]][piece["at"] : piece["at"] + piece["characters"]]
        spans.append((len(text), len(text) + len(part)))
        text += part
        if len(text) > _MAX_TEXT:
            raise _too_long()
    yield RecreatedPoem(text, tuple(spans))


def _is_joint(receipt: Any) -> bool:
    return isinstance(receipt, Mapping) and receipt.get("kind") == _KIND


def _poem(cached: CachedPoet, receipt: Receipt) -> tuple[str, str]:
    request = POEM.request_of(receipt, cached.poet)
    return _parts(write(cached.poet, request, cached.index if request.guard else None))


def _poem_in_form(cached: CachedPoet, receipt: Receipt) -> tuple[str, str]:
    poem, _ = write_in_form(cached, FORM.request_of(receipt, cached.poet))
    return _parts(poem)


def _line(cached: CachedPoet, receipt: Receipt) -> tuple[str, str]:
    return "", recreate_suggestion(cached, receipt)


def _ending(cached: CachedPoet, receipt: Receipt) -> tuple[str, str]:
    return "", write_ending(cached, ENDING.request_of(receipt, cached.poet)).text


_WRITERS: tuple[tuple[ReceiptKind[Any], Callable[[CachedPoet, Receipt], tuple[str, str]]], ...] = (
    (POEM, _poem),
    (FORM, _poem_in_form),
    (LINE, _line),
    (ENDING, _ending),
)


def _written(receipt: Receipt, cached: CachedPoet) -> tuple[str, str]:
    """Return the seed and what the poet wrote, in the script of the receipt. Raises PoetBotError if the receipt is of no kind."""
    for kind, write_again in _WRITERS:
        if kind.matches(receipt):
            return write_again(cached.of_receipt(receipt), receipt)
    raise not_a_receipt()


def _parts(poem: WrittenPoem) -> tuple[str, str]:
    text = poem.given
    return text[: poem.seed_characters], text[poem.seed_characters :]


def _checked(pieces: Any, sources: int) -> list[Piece]:
    if (
        not isinstance(pieces, list)
        or len(pieces) > MAX_PIECES
        or not all(_is_valid_piece(each, sources) for each in pieces)
    ):
        raise not_a_receipt()
    if sum(len(each.get("typed") or each.get("written") or "") for each in pieces) > _MAX_TEXT:
        raise _too_long()
    return pieces


def _too_long() -> PoetBotError:
    return PoetBotError(
        "The receipt's poem is too long. At most {most:,} characters are allowed.", most=_MAX_TEXT
    )


def _is_valid_piece(piece: Any, sources: int) -> bool:
    if not isinstance(piece, Mapping):
        return False
    texts = [piece[name] for name in ("typed", "written") if name in piece]
    if texts:
        return len(texts) == 1 and isinstance(texts[0], str)
    numbers = [piece.get(name) for name in ("source", "at", "characters")]
    sound = [each for each in numbers if isinstance(each, int) and not isinstance(each, bool)]
    return len(sound) == len(numbers) and sound[0] < sources and all(0 <= each <= _MAX_TEXT for each in sound)
