"""One poem from all that can be asked of it: free or in a form, alone or the best of several."""

from typing import Any

from poetbot.errors import PoetBotError
from poetbot.writing.best_of import MAX_BEST_OF, write_best_in_form, write_best_of
from poetbot.writing.form_fit import FormReport
from poetbot.writing.form_writer import DRAFTS, FormRequest, write_in_form
from poetbot.writing.forms import FREE, Form, form_given
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.request import Request, validate_integer
from poetbot.writing.writer import WrittenPoem, write


def poem_request(
    form: Form,
    *,
    real_words: bool = False,
    lines: int | None = None,
    characters: int | None = None,
    drafts: int = DRAFTS,
    **common: Any,
) -> Request | FormRequest:
    """Return a request for a poem in a form, or for a free one; `common` are fields that both have.

    Raises PoetBotError for any value out of range.
    """
    if form == FREE:
        return Request(characters=characters, lines=lines, real_words=real_words, **common)
    if characters is not None:
        raise PoetBotError("A form sets the number of lines. Leave the number of characters out.")
    return FormRequest(form_given(form, lines), real_words=real_words, drafts=drafts, **common)


def write_requested(
    cached: CachedPoet, request: Request | FormRequest, best_of: int = 1
) -> tuple[WrittenPoem, FormReport | None]:
    """Write the poem, or `best_of` of them of which the best is returned, and say how well it fits its form if it has one.

    Raises PoetBotError as `write_best_of` and `write_in_form` do.
    """
    best_of = validate_integer("best_of", best_of, 1, MAX_BEST_OF)
    if isinstance(request, FormRequest):
        if best_of == 1:
            return write_in_form(cached, request)
        best = write_best_in_form(cached, request, best_of)[0]
        return best.poem, best.form
    if best_of == 1:
        return write(cached.poet, request, cached.index if request.guard else None), None
    return write_best_of(cached, request, best_of)[0].poem, None
