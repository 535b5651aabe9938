"""The app: its tabs put together in Gradio's blocks, and the ASGI app that serves them."""

import os
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Mount

from poetbot.locale import SOURCE, Locale, keys, locale
from poetbot.poets.folder import BUNDLED
from poetbot.settings import Settings
from poetbot.web import gradio_compat
from poetbot.web.components.scripts import module
from poetbot.web.components.templates import render
from poetbot.web.serving import sign_in, static_files
from poetbot.web.serving.access import Kind
from poetbot.web.serving.access_middleware import AccessMiddleware
from poetbot.web.serving.api import endpoints
from poetbot.web.serving.languages import (
    LanguageMiddleware,
    Languages,
    language_links,
    route_name,
    start_language,
)
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.session import Session
from poetbot.web.serving.visitors import VISITOR_KEY, Visitors
from poetbot.web.tabs.overlap import tab as overlap_tab
from poetbot.web.tabs.poets import tab as poets_tab
from poetbot.web.tabs.study import tab as study_tab
from poetbot.web.tabs.teach import tab as teach_tab
from poetbot.web.tabs.write import kept_poems, line_by_line, receipts, saved_settings
from poetbot.web.tabs.write import tab as write
from poetbot.web.theme import CSS, theme

_HERE = Path(__file__).parent
_WRITING: dict[str, Any] = {"concurrency_id": "writing"}
_OTHER_THREADS = 36  # for everything but writing; by default, Gradio has 40 threads in all
_BOX_FOR_FILES = {
    "upload_text.drop_file": "Drop files here",
    "upload_text.click_to_upload": "Click to upload",
}
"""What Gradio's box for files says, in its English; its other languages have sentence case already."""


@gradio_compat.one_app()
def build_blocks(poet_root: str | Path = BUNDLED, visitors: Visitors | None = None) -> gr.Blocks:
    """Return the interface and the endpoints for the poets in one folder and those of the visitors.

    It has a page for every language.
    """
    visitors = visitors or Visitors()
    shelf = PoetRegistry(Path(poet_root), visitors)
    blocks = gr.Blocks(title="PoetBot", analytics_enabled=False)
    with blocks:
        # The endpoints come first, so that no handler takes their names.
        for name, endpoint in endpoints(shelf).items():
            limits = {"concurrency_id": "checking", "concurrency_limit": 4} if name == "check" else _WRITING
            gr.api(endpoint, api_name=name, **limits)
    for language in map(locale, keys()):
        path = route_name(language)
        with blocks.route(language.name, path, show_in_navbar=False) if path else blocks:
            _page(blocks, language, shelf, visitors)
    # Many write at once, in batches (serving/engine.py). Other long work has lower limits of its own.
    settings = Settings.in_force()
    blocks.queue(max_size=settings.waiting, api_open=False, default_concurrency_limit=settings.writing)
    shelf.warm()
    return blocks


def create_app(blocks: gr.Blocks, visitors: Visitors | None = None, language: str | None = None) -> FastAPI:
    """Return the ASGI app that serves these blocks to the visitors they were built for.

    `language` is that of the page until a visitor chooses another; None if browsers decide. Raise PoetBotError if
    there is no such language.
    """
    visitors, settings = visitors or Visitors(), Settings.in_force()
    languages = Languages(start_language(language))
    must_sign_in = visitors.access.kind in (Kind.USERS, Kind.ROOM)
    app = FastAPI(
        openapi_url=None,
        routes=[
            Mount(static_files.prefix(), static_files.WebFiles()),
            *(sign_in.routes(visitors, languages) if must_sign_in else ()),
        ],
    )
    gradio_compat.mount(
        app,
        blocks,
        max_pages=settings.pages + 100,  # the access middleware lets in fewer
        max_threads=settings.writing + _OTHER_THREADS,
        auth_dependency=_signed_in if must_sign_in else None,
        root_path=os.environ.get("GRADIO_ROOT_PATH"),
        theme=theme(),
        css_paths=list(CSS),
        head=str(render("head.html", locale(SOURCE))),
        favicon_path=str(_HERE / "favicon.svg"),
        i18n=gr.I18n(en=_BOX_FOR_FILES),
        footer_links=[],
        ssr_mode=False,
        show_error=False,
        pwa=False,
        run_history=False,
        max_file_size=settings.upload_mb * 1_000_000,  # each tab has its own, lower limit and says so
        allowed_paths=[],
        blocked_paths=visitors.private_folders(),
        enable_monitoring=False,
        mcp_server=False,
        # Inside Gradio's app, which compresses pages.
        app_kwargs={
            "middleware": [
                Middleware(LanguageMiddleware, languages=languages, framed=visitors.access.on_spaces)
            ]
        },
    )
    app.add_middleware(AccessMiddleware, blocks=blocks, visitors=visitors, languages=languages)
    return app


def _signed_in(request: Request) -> str | None:
    """Tell Gradio whether the visitor has signed in. Pages can see the answer, so it isn't the key."""
    return "visitor" if request.scope.get(VISITOR_KEY) else None


def _page(blocks: gr.Blocks, language: Locale, shelf: PoetRegistry, visitors: Visitors) -> None:
    """Lay out the page in one language, and connect its events."""
    _ = language.gettext

    def poets(chosen: str | None, request: gr.Request) -> Any:  # a partial would not be given the request
        return write.refreshed_poets(shelf, chosen, request, language)

    head = render("serving/page_head.html", language, languages=language_links())
    script = module("components/head.js")
    gr.HTML(head, js_on_load=script, elem_id="head", apply_default_css=False)
    session = gr.State(Session())
    with gr.Tabs(elem_id="tabs", overflow_behavior="wrap") as tabs:
        with gr.Tab(_("Write"), id="write") as write_tab:
            controls = write.build(shelf, language)
        with gr.Tab(_("Overlap"), id="overlap-tab") as overlap_page:
            overlap_controls = overlap_tab.build(shelf, language)
        with gr.Tab(_("Teach"), id="teach-tab"):
            teach_controls = teach_tab.build(shelf, visitors, language)
        with gr.Tab(_("Study"), id="study-tab") as study_page:
            study_controls = study_tab.build(language)
        with gr.Tab(_("Poets"), id="poets-tab") as poets_page:
            poets_controls = poets_tab.build(language)

    write.wire(controls, session, shelf, language)
    line_by_line.wire(controls, session, shelf, language)
    kept_poems.wire(controls.page, visitors, language)
    receipts.wire(controls, session, shelf, language)
    saved_settings.wire(controls, shelf, language)
    overlap_tab.wire(overlap_controls, session, shelf, language)
    choices = (controls.poet, overlap_controls.poet)
    for poet, page in zip(choices, (write_tab, overlap_page), strict=True):
        for event in (blocks.load, page.select):
            event(poets, poet, poet, api_visibility="private", show_progress="hidden")
    length = (controls.lines, session)
    poets_tab.wire(poets_controls, poets_page, tabs, choices, length, shelf, language)
    teach_tab.wire(teach_controls, blocks, tabs, controls.poet, length, shelf, visitors, language)
    study_tab.wire(study_controls, study_page, controls.poet, session, shelf, language)
