"""Writing with a poet: poems, poems in forms, suggestions for a line, titles, and recreating them from receipts."""

from poetbot.writing.batch_writer import write_together
from poetbot.writing.best_of import (
    MAX_BEST_OF,
    RankedPoem,
    ranked_poems,
    write_best_in_form,
    write_best_of,
)
from poetbot.writing.continuation import Passage, continuations
from poetbot.writing.endings import EndingRequest, EndingWriter, write_ending
from poetbot.writing.form_writer import (
    FormRequest,
    FormWriter,
    form_request_of_receipt,
    write_in_form,
)
from poetbot.writing.forms import NAMED, Form, form_named
from poetbot.writing.one_each import suggest_one_each
from poetbot.writing.passages import Passages, passages
from poetbot.writing.poem_request import poem_request, write_requested
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.replay import RecreatedPoem, recreate_poem, sources_of
from poetbot.writing.request import Request, receipt, request_of_receipt
from poetbot.writing.rhymes import Rhymes, RhymingWord, rhymes
from poetbot.writing.suggestions import LineRequest, Suggestion, Suggestions, recreate_suggestion, suggest
from poetbot.writing.theme import Theme
from poetbot.writing.titles import Title, titles
from poetbot.writing.writer import Writer, WrittenPoem, primed, write

__all__ = [
    "MAX_BEST_OF",
    "NAMED",
    "CachedPoet",
    "EndingRequest",
    "EndingWriter",
    "Form",
    "FormRequest",
    "FormWriter",
    "LineRequest",
    "Passage",
    "Passages",
    "RankedPoem",
    "RecreatedPoem",
    "Request",
    "Rhymes",
    "RhymingWord",
    "Suggestion",
    "Suggestions",
    "Theme",
    "Title",
    "Writer",
    "WrittenPoem",
    "continuations",
    "form_named",
    "form_request_of_receipt",
    "passages",
    "poem_request",
    "primed",
    "ranked_poems",
    "receipt",
    "recreate_poem",
    "recreate_suggestion",
    "request_of_receipt",
    "rhymes",
    "sources_of",
    "suggest",
    "suggest_one_each",
    "titles",
    "write",
    "write_best_in_form",
    "write_best_of",
    "write_ending",
    "write_in_form",
    "write_requested",
    "write_together",
]
