"""Priming, sampling and the writer."""

from poetbot.writing.request import Request, receipt, request_of_receipt
from poetbot.writing.together import write_together
from poetbot.writing.writer import Writer, WrittenPoem, primed, write

__all__ = [
    "Request",
    "Writer",
    "WrittenPoem",
    "primed",
    "receipt",
    "request_of_receipt",
    "write",
    "write_together",
]
