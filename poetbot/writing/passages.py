"""Several lines after a poem: a given number, the rest of its form, or an ending that closes it."""

from dataclasses import dataclass, replace
from typing import Any

from poetbot.messages import Message
from poetbot.writing.continuation import Passage, continuations
from poetbot.writing.endings import EndingRequest, write_ending
from poetbot.writing.form_writer import FormRequest, write_in_form
from poetbot.writing.forms import FREE, Form
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.request import Request, clean_seed, validate_integer
from poetbot.writing.suggestions import MAX_SUGGESTIONS


@dataclass(frozen=True)
class Passages:
    """Passages, the best first, and notices about the poem so far."""

    suggestions: tuple[Passage, ...]
    notices: tuple[Message, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "suggestions": [each.as_json() for each in self.suggestions],
            "notices": list(map(str, self.notices)),
        }


def passages(
    cached: CachedPoet,
    before: str,
    request: Request,
    *,
    form: Form = FREE,
    real_words: bool = False,
    count: int = 1,
    drafts: int | None = None,
) -> Passages:
    """Return `count` passages that follow the poem `before`: `request.lines` lines, or an ending without that number.

    In a form there is one passage, at most to the form's end. `request` says how to write; its seed isn't used. `drafts` is how
    many are chosen from: whole passages, or of each line of an ending or a form. Raises PoetBotError for any value out of range.
    """
    before = before if not before or before.endswith("\n") else before + "\n"
    count = validate_integer("count", count, 1, MAX_SUGGESTIONS)
    shared: dict[str, Any] = {
        **{name: getattr(request, name) for name in ("temperature", "top_p", "guard", "script", "theme")},
        **({} if drafts is None else {"drafts": drafts}),
    }
    if form != FREE:
        in_form = FormRequest(
            form, before, rng=request.rng, real_words=real_words, most_lines=request.lines, **shared
        )
        poem, fit = write_in_form(cached, in_form)
        text = poem.given[poem.seed_characters :]
        return Passages((Passage(text, {"form": fit.as_json()}, poem.receipt),), poem.notices)
    if request.lines is None:
        endings = [
            write_ending(cached, EndingRequest(before, rng=request.rng + k, real_words=real_words, **shared))
            for k in range(count)
        ]
        found = (
            Passage(each.text, {"end_probability": round(2.0**-each.end_bits, 3)}, each.receipt)
            for each in endings
        )
        return Passages(tuple(found), endings[0].notices)
    chosen = {} if drafts is None else {"drafts": drafts}
    free = continuations(
        cached, before, replace(request, seed="", real_words=real_words), count=count, **chosen
    )
    _, notices = clean_seed(before, cached.poet, request.script)
    return Passages(tuple(free), notices)
