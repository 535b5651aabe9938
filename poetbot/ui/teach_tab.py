"""The Teach tab: bring, see, teach, one below the other; each section has files of its own."""

from dataclasses import dataclass

import gradio as gr

from poetbot.ui import teach_bring, teach_job, teach_see
from poetbot.ui.shelf import Shelf
from poetbot.ui.teach_job_handlers import Handlers
from poetbot.ui.visitors import Visitors
from poetbot.ui.words import Words


@dataclass(frozen=True)
class Controls:
    """The sections' components. `chosen` holds the id of the corpus that is looked at, "" where there is none.

    What it stands for is `poetbot.corpora.find(visitors.home(request), chosen)`; it changes when something is brought,
    opened or deleted.
    """

    bring: teach_bring.Controls
    see: gr.HTML
    job: teach_job.Controls
    chosen: gr.State


def build(shelf: Shelf, words: Words) -> Controls:
    """Lay the tab out."""
    with gr.Column(elem_id="teach"):
        chosen = gr.State("")
        bring = teach_bring.build(words)
        see = teach_see.build(words)
        job = teach_job.build(shelf, words)
    return Controls(bring, see, job, chosen)


def wire(
    controls: Controls,
    app: gr.Blocks,
    tabs: gr.Tabs,
    writes: gr.Dropdown,
    shelf: Shelf,
    visitors: Visitors,
    words: Words,
) -> None:
    """Say what the sections do. A poet that was taught is chosen in `writes`, on the first of the `tabs`."""
    c = controls
    stoppable = teach_bring.wire(c.bring, c.see, c.chosen, visitors, words)
    teach_see.wire(c.see, c.chosen, c.bring.before, visitors, words, stoppable)
    latest = teach_bring.Handlers(visitors, words).latest
    app.load(
        latest, None, [c.see, c.chosen, c.bring.before], api_visibility="private", show_progress="hidden"
    )
    changed = [c.chosen.change, c.see.change]
    teach_job.wire(c.job, Handlers(shelf, words), c.chosen, app, tabs, writes, changed)
