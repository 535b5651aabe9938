"""The Teach tab: upload poems, review them, and train a poet on them, one section below the other."""

from dataclasses import dataclass

import gradio as gr

from poetbot.locale import Locale
from poetbot.runs.cluster import cluster_address
from poetbot.web.components.island import Island
from poetbot.web.serving.access import Kind
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.teach import review, training, upload
from poetbot.web.tabs.teach.training_handlers import Handlers


@dataclass(frozen=True)
class Controls:
    """The components of the sections. `corpus_id` holds the id of the corpus that is shown, "" if there is none."""

    upload: upload.Controls
    review: Island
    training: training.Controls
    corpus_id: gr.State


def build(shelf: PoetRegistry, visitors: Visitors, language: Locale) -> Controls:
    """Lay the tab out."""
    with gr.Column(elem_id="teach"):
        return Controls(
            upload=upload.build(
                language,
                is_shared=visitors.access.kind is not Kind.ONE,
                on_cluster=cluster_address() is not None,
            ),
            review=review.build(language),
            training=training.build(shelf, language),
            corpus_id=gr.State(""),
        )


def wire(
    controls: Controls,
    app: gr.Blocks,
    tabs: gr.Tabs,
    poet: gr.Dropdown,
    length: tuple[gr.Dropdown, gr.State],
    shelf: PoetRegistry,
    visitors: Visitors,
    language: Locale,
) -> None:
    """Connect the sections. `poet` is the poet of the Write tab, one of `tabs`; a trained poet is selected there.

    `length` is the control for the length of poems, which is then set to suit the poet, and the session, which knows whether a
    person has chosen the length.
    """
    c = controls
    cancellable = upload.wire(c.upload, c.review, c.corpus_id, visitors, language)
    review.wire(c.review, c.corpus_id, c.upload.uploads, visitors, language, cancellable)
    app.load(
        upload.Handlers(visitors, language).show_latest,
        None,
        [c.review.html, c.corpus_id, c.upload.uploads],
        api_visibility="private",
        show_progress="hidden",
    )
    changed = [c.corpus_id.change, c.review.html.change]
    training.wire(c.training, Handlers(shelf, language), c.corpus_id, app, tabs, poet, length, changed)
