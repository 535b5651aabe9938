"""The tab with two clouds: what the poet read and what it wrote, on one scale, each with its numbers in a table."""

import base64
import io
from collections.abc import Mapping
from html import escape
from typing import Any

import gradio as gr
import numpy as np

from poetbot.errors import PoetBotError
from poetbot.ui.session import Session
from poetbot.ui.shelf import Shelf
from poetbot.ui.words import Words

WIDTH, HEIGHT = 640, 440  # pixels
ROWS = 12  # of each table

_IS_DARK = "(session, poet, dark) => [session, poet, document.querySelector('.dark') !== null]"


def build(words: Words) -> tuple[gr.HTML, gr.Button, gr.Checkbox]:
    """Lay the tab out; nothing is drawn before it is opened."""
    with gr.Column(elem_id="clouds"):
        picture = gr.HTML(f"<p>{escape(words.drawing)}</p>", apply_default_css=False, elem_id="cloud-page")
        again = gr.Button(words.refresh, elem_id="refresh", size="sm")
        dark = gr.Checkbox(visible=False)
    return picture, again, dark


def wire(
    parts: tuple[gr.HTML, gr.Button, gr.Checkbox],
    tab: gr.Tab,
    poet: gr.Dropdown,
    session: gr.State,
    shelf: Shelf,
    words: Words,
) -> None:
    """Draw when the tab is opened, and again when asked."""
    picture, again, dark = parts

    def draw(session: Session, poet: str | None, dark: bool, request: gr.Request | None = None) -> str:
        return clouds_html(shelf.of(request), session, poet, bool(dark), words)

    for event in (tab.select, again.click):
        event(
            draw,
            [session, poet, dark],
            [picture],
            js=_IS_DARK,
            api_visibility="private",
            show_progress="hidden",
            concurrency_id="drawing",
            concurrency_limit=2,
        )


def clouds_html(shelf: Shelf, session: Session, poet: str | None, dark: bool, words: Words) -> str:
    """Return both clouds side by side, or a sentence in the place of one that cannot be drawn."""
    # Drawing brings matplotlib along: whoever never opens this tab does not wait for it.
    from poetbot.study import count_words, largest_share, without_common_words

    if poet is None:
        return f"<p>{escape(words.no_poets)}</p>"
    try:
        read = without_common_words(shelf.poet(poet).words())
    except PoetBotError as error:
        return f"<p>{escape(str(error))}</p>"
    wrote = count_words(session.texts(poet))
    largest = largest_share(read, wrote)
    sides = (
        _side(words.it_read, read, largest, dark, words.nothing_read, words),
        _side(words.it_wrote, wrote, largest, dark, words.no_cloud_yet, words),
    )
    return f'<div class="clouds">{"".join(sides)}</div><p class="note">{escape(words.cloud_note)}</p>'


def _side(
    title: str, counts: Mapping[str, int], largest: float, dark: bool, nothing: str, words: Words
) -> str:
    inside = f'<p class="nothing">{escape(nothing)}</p>'
    if counts:
        try:
            picture = _picture(counts, largest, dark)
            inside = (
                f'<img src="{picture}" width="{WIDTH}" height="{HEIGHT}" alt="{escape(words.cloud_alternative)}">'
                + _table(counts, words)
            )
        except PoetBotError as error:
            inside = f'<p class="nothing">{escape(str(error))}</p>'
    return f"<section><h2>{escape(title)}</h2>{inside}</section>"


def _picture(counts: Mapping[str, int], largest: float, dark: bool) -> str:
    """Return the cloud as a data URI: nothing is left on the server's disk."""
    from poetbot.study import cloud

    image: Any = cloud(
        counts, width=WIDTH, height=HEIGHT, dark=dark, rng=np.random.default_rng(0), largest=largest
    )
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _table(counts: Mapping[str, int], words: Words) -> str:
    from poetbot.study import top

    heads = ((words.word, "word"), (words.count, "number"), (words.per_thousand, "number"))
    head = "".join(f'<th scope="col" class="{kind}">{escape(title)}</th>' for title, kind in heads)
    rows = "".join(
        f"<tr><td>{escape(word)}</td>"
        f'<td class="number">{count:,}</td><td class="number">{1000 * share:.1f}</td></tr>'
        for word, count, share in top(counts, ROWS)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
