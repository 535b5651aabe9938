"""The app: its parts put together, and what `launch` needs to serve it."""

from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from poetbot.poets.folder import BUNDLED
from poetbot.settings import Settings
from poetbot.ui import kept, lines, overlap_tab, receipts, shelf_tab, study_tab, teach_tab, write
from poetbot.ui.access import Kind, door_keeper
from poetbot.ui.door import Door
from poetbot.ui.endpoints import endpoints
from poetbot.ui.session import Session
from poetbot.ui.shelf import Shelf
from poetbot.ui.theme import CSS, theme
from poetbot.ui.visitors import Visitors
from poetbot.ui.words import ENGLISH, Words

_HERE = Path(__file__).parent
SIGN_IN = "Whoever runs this page has given you a name and a password. After some wrong ones, wait a minute."
_WRITING: dict[str, Any] = {"concurrency_id": "writing"}
_HEAD = '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'


def build_app(
    poet_root: str | Path = BUNDLED, words: Words = ENGLISH, visitors: Visitors | None = None
) -> gr.Blocks:
    """Return the app for the poets in one folder and those of its visitors, ready for `launch(**serving())`."""
    visitors = visitors or Visitors()
    if visitors.access.kind is not Kind.ONE:
        words = replace(words, teach=replace(words.teach, stays_here=words.teach.stays_there))
    shelf = Shelf(Path(poet_root), visitors)

    def poets(chosen: str | None, request: gr.Request) -> Any:  # a partial would not be given the request
        return write.poets(shelf, chosen, request, words)

    with gr.Blocks(title=words.name, analytics_enabled=False) as app:
        gr.HTML(f"<h1>{escape(words.name)}</h1>", elem_id="head", apply_default_css=False)
        session = gr.State(Session())
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab(words.write_tab, id="write") as write_tab:
                controls = write.build(shelf, words)
            with gr.Tab(words.overlap.overlap_tab, id="overlap-tab") as overlap_page:
                overlap_controls = overlap_tab.build(shelf, words)
            with gr.Tab(words.teach.teach_tab, id="teach-tab"):
                teach_controls = teach_tab.build(shelf, words)
            with gr.Tab(words.study.study_tab, id="study-tab") as study_page:
                study_controls = study_tab.build(words)
            with gr.Tab(words.shelf.shelf_tab, id="shelf-tab") as shelf_page:
                shelf_controls = shelf_tab.build(words)

        # Events. The endpoints first: they have a right to their names.
        for name, endpoint in endpoints(shelf).items():
            room = {"concurrency_id": "checking", "concurrency_limit": 4} if name == "check" else _WRITING
            gr.api(endpoint, api_name=name, **room)
        write.wire(controls, session, shelf, words)
        lines.wire(controls, session, shelf, words)
        kept.wire(controls.page, visitors, words)
        receipts.wire(controls, session, shelf, words)
        overlap_tab.wire(overlap_controls, session, shelf, words)
        choices = (controls.poet, overlap_controls.poet)
        for poet, page in zip(choices, (write_tab, overlap_page), strict=True):
            for event in (app.load, page.select):
                event(poets, poet, poet, api_visibility="private", show_progress="hidden")
        shelf_tab.wire(shelf_controls, shelf_page, tabs, choices, shelf, words)
        teach_tab.wire(teach_controls, app, tabs, controls.poet, shelf, visitors, words)
        study_tab.wire(study_controls, study_page, controls.poet, session, shelf, words)
    # Many write at once, in fair turns (turns.py). What else takes a processor for long has a lower limit of its own.
    settings = Settings.in_force()
    app.queue(max_size=settings.waiting, api_open=False, default_concurrency_limit=settings.writing)
    shelf.warm()
    return app


def serving(visitors: Visitors | None = None) -> dict[str, Any]:
    """Return the arguments of `launch` for an app of these visitors, the same ones that it was built for."""
    visitors, settings = visitors or Visitors(), Settings.in_force()
    users = visitors.access.users
    return {
        "theme": theme(),
        "css_paths": list(CSS),
        "head": _HEAD,
        "favicon_path": _HERE / "favicon.svg",
        "footer_links": [],
        "ssr_mode": False,
        "show_error": False,
        "pwa": False,
        "share": False,
        "run_history": False,
        "max_file_size": settings.upload_mb * 1_000_000,  # each tab has its own, smaller limit and says so
        "allowed_paths": [],
        "blocked_paths": visitors.private(),
        "app_kwargs": {"middleware": [Middleware(Door, visitors=visitors, settings=settings)]},
        "auth": door_keeper(users, settings.login_tries) if users else None,
        "auth_message": SIGN_IN if users else None,
        "enable_monitoring": False,
        "mcp_server": False,
        "quiet": True,
    }
