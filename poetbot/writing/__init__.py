"""Priming, sampling and the writer; suggestions for a line, and poems in forms."""

from poetbot.writing.batch_writer import write_together
from poetbot.writing.continuation import Continuation, continuations
from poetbot.writing.form_writer import (
    FormRequest,
    FormWriter,
    form_request_of_receipt,
    is_form_receipt,
    write_in_form,
)
from poetbot.writing.forms import NAMED, Form, form_named
from poetbot.writing.poet_cache import Desk
from poetbot.writing.replay import Again, sources_of, write_again
from poetbot.writing.request import Request, receipt, request_of_receipt
from poetbot.writing.suggestions import Asked, Suggestion, Suggestions, suggest, suggested_again
from poetbot.writing.titles import Title, titles
from poetbot.writing.writer import Writer, WrittenPoem, primed, write

__all__ = [
    "NAMED",
    "Again",
    "Asked",
    "Continuation",
    "Desk",
    "Form",
    "FormRequest",
    "FormWriter",
    "Request",
    "Suggestion",
    "Suggestions",
    "Title",
    "Writer",
    "WrittenPoem",
    "continuations",
    "form_named",
    "form_request_of_receipt",
    "is_form_receipt",
    "primed",
    "receipt",
    "request_of_receipt",
    "sources_of",
    "suggest",
    "suggested_again",
    "titles",
    "write",
    "write_again",
    "write_in_form",
    "write_together",
]
