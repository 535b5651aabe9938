"""The page of the Write tab: one HTML component that holds the poem, and the messages the server sends it.

The poet writes far faster than anybody reads. So the server sends the poem in a few large pieces, and typewriter.js
types it out at a reading pace; Stop tells the server how much was seen, and exactly that is kept.
"""

from collections.abc import Sequence
from typing import Literal, TypedDict

from poetbot.locale import Locale
from poetbot.overlap import Mark
from poetbot.web.components import poem_view
from poetbot.web.components.island import Island, island
from poetbot.web.serving.session import Draft, FinishedPoem
from poetbot.web.tabs.write import form_panel
from poetbot.writing import FormRequest
from poetbot.writing.chinese_script import given
from poetbot.writing.forms import CHINESE
from poetbot.writing.receipt import Receipt

_EVENTS = (
    *("write", "another", "ended", "suggest", "rhymes", "go_on", "cancel", "suggest_titles", "compare"),
    *("keep", "recreate", "settings", "example"),
)
MAX_COMPARED = 200_000
"""Characters of a poem that is compared after every edit; that takes a second or so."""


class InProgress(TypedDict):
    """A poem as far as it is written. Its marks count from the beginning of the first words."""

    draft: int
    seed: str
    text: str
    marks: list[tuple[int, int, str]]
    done: bool
    lines: int
    notices: Sequence[str]


class Drafting(TypedDict):
    """How many drafts are written, before the best of them is shown."""

    draft: int
    drafting: str


class Finished(TypedDict):
    """A finished poem; `overlap_html` and `receipt_html` are shown below it."""

    draft: int
    final: Literal[True]
    poet: str
    text: str
    given: int
    marks: list[tuple[int, int, str]]
    receipt: Receipt
    overlap_html: str
    receipt_html: str
    notices: Sequence[str]
    status: str
    file: str
    file_name: str


class Empty(TypedDict):
    """A poem that was stopped before anything was written."""

    draft: int
    empty: Literal[True]


class Example(TypedDict):
    """A poem that a first visit shows, as HTML."""

    example_html: str


class Unchanged(TypedDict):
    """Nothing to show."""


def page(language: Locale, *, in_browser: bool = False, example: bool = False) -> Island:
    """Return the page without a poem. `in_browser`: poems are kept by the visitor's browser, not in the data folder.

    `example`: a first visit shows one.
    """
    return island(
        language,
        "tabs/write/page.html",
        "tabs/write/write.js",
        _EVENTS,
        "page",
        max_compared=MAX_COMPARED,
        in_browser=in_browser,
        example=example,
        forms=form_panel.form_names(language),
        chinese_forms=CHINESE,
        metres=form_panel.metre_names(language),
    )


def in_progress(draft: Draft, seed: str, written: str, marks: Sequence[Mark] = ()) -> InProgress:
    """Return the message with a poem as far as it is written. In the other script it comes line by line."""
    request = draft.request
    if request.script:
        if draft.poem is None:
            written = written[: written.rfind("\n") + 1]
        text = given(seed + written, request.script)
        seed, written = text[: len(seed)], text[len(seed) :]
    return InProgress(
        draft=draft.number,
        seed=seed,
        text=written,
        marks=poem_view.flat_marks(len(seed) + len(written), marks),
        done=draft.poem is not None,
        lines=(request.form.lines if isinstance(request, FormRequest) else request.lines) or 0,
        notices=draft.notices,
    )


def finished(kept: FinishedPoem, language: Locale, form_fit: str = "") -> Finished:
    """Return the message with a finished poem; `form_fit` says how near it came to its form."""
    poem = kept.poem
    lines = sum(1 for line in poem.text.split("\n") if line.strip())
    return Finished(
        draft=kept.number,
        final=True,
        poet=kept.poet,
        text=poem.given,
        given=poem.seed_characters,
        marks=poem_view.report_marks(poem.given, kept.report),
        receipt=poem.receipt,
        overlap_html=poem_view.overlap_html(
            poem.given,
            kept.report,
            language,
            stopped_by_guard=poem.stopped_by == "guard",
            form_fit=form_fit,
        ),
        receipt_html=poem_view.receipt_html(poem, language),
        notices=kept.notices,
        status=language.ngettext("Finished: {n} line.", "Finished: {n} lines.", lines),
        file=poem_view.text_to_save(poem, language),
        file_name=poem_view.file_name(poem),
    )
