"""The Teach tab: bring, see, teach, one below the other; each section has files of its own."""

from dataclasses import dataclass

import gradio as gr

from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.teach import review, upload
from poetbot.web.tabs.teach import training as teach_job
from poetbot.web.tabs.teach.training_handlers import Handlers
from poetbot.web.words import Words


@dataclass(frozen=True)
class Controls:
    """The sections' components. `chosen` holds the id of the corpus that is looked at, "" where there is none.

    What it stands for is `poetbot.library.corpora.find(visitors.home(request), chosen)`; it changes when something is brought,
    opened or deleted.
    """

    bring: upload.Controls
    see: gr.HTML
    job: teach_job.Controls
    chosen: gr.State


def build(shelf: Shelf, words: Words) -> Controls:
    """Lay the tab out."""
    with gr.Column(elem_id="teach"):
        chosen = gr.State("")
        bring = upload.build(words)
        see = review.build(words)
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
    stoppable = upload.wire(c.bring, c.see, c.chosen, visitors, words)
    review.wire(c.see, c.chosen, c.bring.before, visitors, words, stoppable)
    latest = upload.Handlers(visitors, words).latest
    app.load(
        latest, None, [c.see, c.chosen, c.bring.before], api_visibility="private", show_progress="hidden"
    )
    changed = [c.chosen.change, c.see.change]
    teach_job.wire(c.job, Handlers(shelf, words), c.chosen, app, tabs, writes, changed)
