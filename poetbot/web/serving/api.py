"""The endpoints for gradio_client, which answer at once, without typing. docs/app.md lists them (`python docs/endpoints.py`)."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.overlap import report
from poetbot.overlap.input_text import clean_text
from poetbot.poets.blend import blend_name, parts_of
from poetbot.poets.sampling import DEFAULT_TEMPERATURE
from poetbot.web.new_seed import new_seed
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.writing import (
    LineRequest,
    Passages,
    Request,
    Theme,
    passages,
    poem_request,
    suggest_one_each,
    write_requested,
)
from poetbot.writing import suggest as suggest_lines
from poetbot.writing import titles as titles_for
from poetbot.writing.forms import FREE, form_given
from poetbot.writing.request import validate_flag, validate_integer
from poetbot.writing.rhymes import all_rhymes, likeliest

MAX_BEST_OF = 12
"""Drafts of one poem. The command line allows more, because nobody else waits for it."""


def endpoints(shelf: PoetRegistry) -> dict[str, Callable[..., dict[str, Any]]]:
    """Return the endpoints by name, in the order of the docs, for the shared poets and those of the caller."""

    def write(
        poet: str,
        seed: str = "",
        temperature: float = DEFAULT_TEMPERATURE,
        top_p: float = 1.0,
        lines: int | None = None,
        characters: int | None = None,
        rng: int | None = None,
        guard: int = 0,
        script: str = "",
        about: str = "",
        avoid: str = "",
        best_of: int = 1,
        form: str | dict[str, Any] = "free",
        real_words: bool = False,
        blend: str = "",
        visitor: gr.Request | None = None,
    ) -> dict[str, Any]:
        """Write a poem: text, seed_characters, temperature, rng, stopped_by, notices, receipt, overlap.

        `lines` or `characters` limit its length; without them it ends where the poet ends it. `rng` is the random seed, new
        each time if it is left out. With a `guard`, no phrase of that many words is copied. `script` (simplified or traditional)
        is that of the seed and the poem of a Chinese poet. The poem is `about` something and has no words to `avoid`; it is
        the best of `best_of` drafts, up to 12. A `form`, given as in `suggest`, adds the key
        form: how well it fits. With `real_words`, it has only words that the poet has read. With a `blend` of poets, such as english:0.6,dickinson:0.4, `poet` is empty. `overlap` is
        null if the poet has no overlap index.
        """
        try:
            poet = _poet_or_blend(poet, blend)
            number = new_seed() if rng is None else rng
            drafts = validate_integer("drafts", best_of, 1, MAX_BEST_OF)
            wanted = form_given(form)
            request = poem_request(
                wanted,
                real_words=real_words,
                lines=lines or None,
                characters=characters or None,
                seed=seed,
                temperature=temperature,
                top_p=top_p,
                rng=number,
                guard=guard,
                script=script,
                theme=Theme(about, avoid),
            )
            cached = shelf.of(visitor).ready_poet(
                poet, wanted, real_words=request.real_words, script=request.script
            )
            if isinstance(request, Request) and drafts > 1:  # written in threads of their own
                poem, fit = write_requested(cached, request, drafts)
            else:
                poem, fit = shelf.engine.run(
                    lambda: write_requested(cached, request, drafts), begins=drafts == 1
                )
            index = cached.index
            found = report(index, poem.text, poem.seed_characters) if index else None
        except PoetBotError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return {**poem.as_json(), **({"form": fit.as_json()} if fit else {}), "overlap": found}

    def suggest(
        poet: str,
        before: str = "",
        after: str = "",
        form: str | dict[str, Any] = "free",
        temperature: float = DEFAULT_TEMPERATURE,
        top_p: float = 1.0,
        rng: int | None = None,
        count: int = 3,
        drafts: int = 64,
        real_words: bool = False,
        guard: int = 0,
        script: str = "",
        ends_in: str = "",
        about: str = "",
        avoid: str = "",
        blend: str = "",
        one_each: bool = False,
        visitor: gr.Request | None = None,
    ) -> dict[str, Any]:
        """Suggest lines for a poem at the cursor, between `before` and `after`: suggestions, drafts, in_form, notices.

        A suggestion has text, line, figures and receipt. `form` is the name of a form or its fields: stanzas, syllables,
        metre, rhyme, acrostic, refrain, couplets, rhyme_book; with a name among them, the other fields change that form. Lines
        end in the word `ends_in`. `script`, `rng`, `about`, `avoid` and `blend` are as in `write`. With `one_each`, each poet of
        the blend suggests alone: first the best line of each, then the second best; the receipt names the poet.
        """
        try:
            poet = _poet_or_blend(poet, blend)
            asked = LineRequest(
                before,
                after,
                temperature,
                top_p,
                new_seed() if rng is None else rng,
                drafts,
                count,
                form_given(form),
                real_words,
                guard,
                script,
                ends_in=ends_in,
                theme=Theme(about, avoid),
            )
            validate_flag("one_each", one_each)
            cached = shelf.of(visitor).ready_poet(
                poet, asked.form, real_words=asked.real_words, script=asked.script
            )
            make = suggest_one_each if one_each else suggest_lines
            return shelf.engine.run(lambda: make(cached, asked), suggests=True).as_json()
        except PoetBotError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def continuations(
        poet: str,
        before: str,
        lines: int | None = None,
        form: str | dict[str, Any] = "free",
        temperature: float = DEFAULT_TEMPERATURE,
        top_p: float = 1.0,
        rng: int | None = None,
        count: int = 1,
        drafts: int | None = None,
        real_words: bool = False,
        guard: int = 0,
        script: str = "",
        about: str = "",
        avoid: str = "",
        blend: str = "",
        visitor: gr.Request | None = None,
    ) -> dict[str, Any]:
        """Continue a poem by `lines` lines or, without that number, to its end: suggestions, notices.

        A suggestion has text, figures and receipt. In a `form` there is one, at most to the form's end; otherwise there are
        `count`, the best first. `drafts` is the number of drafts that each is chosen from, or each of its lines in an ending or
        a form. The other options are as in `suggest`.
        """
        try:
            poet = _poet_or_blend(poet, blend)
            request = Request(
                temperature=temperature,
                top_p=top_p,
                lines=lines or None,
                rng=new_seed() if rng is None else rng,
                guard=guard,
                script=script,
                theme=Theme(about, avoid),
            )
            wanted = form_given(form)
            cached = shelf.of(visitor).ready_poet(poet, wanted, real_words=real_words, script=request.script)

            def write_passages() -> Passages:
                return passages(
                    cached, before, request, form=wanted, real_words=real_words, count=count, drafts=drafts
                )

            if wanted == FREE and request.lines:  # written in threads of their own
                return write_passages().as_json()
            return shelf.engine.run(write_passages).as_json()
        except PoetBotError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def titles(
        poet: str,
        text: str,
        rng: int = 0,
        count: int = 3,
        about: str = "",
        avoid: str = "",
        visitor: gr.Request | None = None,
    ) -> dict[str, Any]:
        """Suggest titles for a poem, best first. The same rng gives the same titles. `about` and `avoid` are as in `write`."""
        try:
            cached, theme = shelf.of(visitor).ready_poet(poet), Theme(about, avoid)
            found = shelf.engine.run(
                lambda: titles_for(cached, text, rng=rng, count=count, theme=theme), suggests=True
            )
        except PoetBotError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return {"titles": [each.as_json() for each in found]}

    def check(
        poet: str, text: str, seed_characters: int = 0, visitor: gr.Request | None = None
    ) -> dict[str, Any]:
        """Report what a text has in common, word for word, with the training poems of a poet.

        The figures leave out its first `seed_characters` characters. Line ends count as one character.
        """
        try:
            if not isinstance(text, str):
                raise PoetBotError("Give a text to check.")
            index = shelf.of(visitor).index(poet)
            if index is None:
                raise PoetBotError("{poet} has no overlap index. Train it to the end first.", poet=poet)
            return {**report(index, clean_text(text), seed_characters)}
        except PoetBotError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def rhymes(
        poet: str,
        word: str,
        before: str | None = None,
        count: int = 20,
        about: str = "",
        avoid: str = "",
        visitor: gr.Request | None = None,
    ) -> dict[str, Any]:
        """List the rhymes of a word or a line's last word, perfect ones first: word, group, rhymes.

        A rhyme has word, kind, count, log_probability and theme. They are ranked by how often the poet has read them, or
        by how likely it ends the last line of `before` with them. `about` and `avoid` are as in `write`.
        """
        try:
            cached, theme = shelf.of(visitor).cached_poet(poet), Theme(about, avoid)
            found = all_rhymes(cached, word, theme)
            return shelf.engine.run(lambda: likeliest(cached, found, before, count), suggests=True).as_json()
        except PoetBotError as error:
            raise gr.Error(str(error), print_exception=False) from error

    made = (write, suggest, continuations, titles, check, rhymes)
    return {endpoint.__name__: endpoint for endpoint in made}


def _poet_or_blend(poet: str, blend: str) -> str:
    """Return the name of what writes. Raises PoetBotError if both are given, or if the blend can't be read."""
    if poet and blend:
        raise PoetBotError("Name a poet or a blend, not both.")
    return blend_name(parts_of(blend)) if blend else poet
