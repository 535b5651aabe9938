"""The app: its parts put together, and what `launch` needs to serve it."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from poetbot.poets.folder import BUNDLED
from poetbot.settings import Settings
from poetbot.web.chinese import CHINESE
from poetbot.web.serving.access import door_keeper
from poetbot.web.serving.access_middleware import Door
from poetbot.web.serving.api import endpoints
from poetbot.web.serving.languages import ChosenLanguage, Languages, given_language, path_of, switch_html
from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.serving.session import Session
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.overlap import tab as overlap_tab
from poetbot.web.tabs.shelf import tab as shelf_tab
from poetbot.web.tabs.study import tab as study_tab
from poetbot.web.tabs.teach import tab as teach_tab
from poetbot.web.tabs.write import kept_poems, line_by_line, receipts
from poetbot.web.tabs.write import tab as write
from poetbot.web.theme import CSS, theme
from poetbot.web.words import ENGLISH, Words

_HERE = Path(__file__).parent
EDITIONS = (ENGLISH, CHINESE)
_WRITING: dict[str, Any] = {"concurrency_id": "writing"}
_HEAD = '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'


def build_app(
    poet_root: str | Path = BUNDLED,
    visitors: Visitors | None = None,
    editions: Sequence[Words] = EDITIONS,
) -> gr.Blocks:
    """Return the app for the poets in one folder and those of its visitors, ready for `launch(**serving())`.

    It has a page for every edition of the words; `ChosenLanguage` says who gets which.
    """
    visitors = visitors or Visitors()
    shelf = Shelf(Path(poet_root), visitors)
    app = gr.Blocks(title=editions[0].name, analytics_enabled=False)
    with app:
        # The endpoints first: they have a right to their names.
        for name, endpoint in endpoints(shelf).items():
            room = {"concurrency_id": "checking", "concurrency_limit": 4} if name == "check" else _WRITING
            gr.api(endpoint, api_name=name, **room)
    for words in editions:
        path = path_of(words)
        with app.route(words.tongue.name, path, show_in_navbar=False) if path else app:
            _page(app, words, editions, shelf, visitors)
    # Many write at once, in fair turns (web/serving/fair_scheduler.py). What else takes a processor for long has a lower limit of its own.
    settings = Settings.in_force()
    app.queue(max_size=settings.waiting, api_open=False, default_concurrency_limit=settings.writing)
    shelf.warm()
    return app


def _page(app: gr.Blocks, words: Words, editions: Sequence[Words], shelf: Shelf, visitors: Visitors) -> None:
    """Lay the page out in one language, and say what happens on it."""

    def poets(chosen: str | None, request: gr.Request) -> Any:  # a partial would not be given the request
        return write.poets(shelf, chosen, request, words.language)

    head = f'<div class="head"><h1>{escape(words.name)}</h1>{switch_html(words, editions)}</div>'
    gr.HTML(head, elem_id="head", apply_default_css=False)
    session = gr.State(Session())
    with gr.Tabs(elem_id="tabs", overflow_behavior="wrap") as tabs:
        with gr.Tab(words.write_tab, id="write") as write_tab:
            controls = write.build(shelf, words.language)
        with gr.Tab(words.overlap.overlap_tab, id="overlap-tab") as overlap_page:
            overlap_controls = overlap_tab.build(shelf, words)
        with gr.Tab(words.language.gettext("Teach"), id="teach-tab"):
            teach_controls = teach_tab.build(shelf, visitors, words)
        with gr.Tab(words.language.gettext("Study"), id="study-tab") as study_page:
            study_controls = study_tab.build(words.language)
        with gr.Tab(words.language.gettext("Shelf"), id="shelf-tab") as shelf_page:
            shelf_controls = shelf_tab.build(words.language)

    write.wire(controls, session, shelf, words.language)
    line_by_line.wire(controls, session, shelf, words.language)
    kept_poems.wire(controls.page, visitors, words.language)
    receipts.wire(controls, session, shelf, words.language)
    overlap_tab.wire(overlap_controls, session, shelf, words)
    choices = (controls.poet, overlap_controls.poet)
    for poet, page in zip(choices, (write_tab, overlap_page), strict=True):
        for event in (app.load, page.select):
            event(poets, poet, poet, api_visibility="private", show_progress="hidden")
    shelf_tab.wire(shelf_controls, shelf_page, tabs, choices, shelf, words.language)
    teach_tab.wire(teach_controls, app, tabs, controls.poet, shelf, visitors, words)
    study_tab.wire(study_controls, study_page, controls.poet, session, shelf, words.language)


def serving(
    visitors: Visitors | None = None, language: str | None = None, editions: Sequence[Words] = EDITIONS
) -> dict[str, Any]:
    """Return the arguments of `launch` for an app of these visitors, the same ones that it was built for.

    `language` is what the page is in whatever a browser asks for, until a person says otherwise.
    Raises PoetBotError where there is no such language.
    """
    visitors, settings = visitors or Visitors(), Settings.in_force()
    users = visitors.access.users
    languages = Languages(editions, given_language(language, editions))
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
        "app_kwargs": {
            "middleware": [
                Middleware(Door, visitors=visitors, languages=languages, settings=settings),
                Middleware(ChosenLanguage, languages=languages, framed=visitors.access.on_spaces),
            ]
        },
        "auth": door_keeper(users) if users else None,
        "auth_message": _sign_in(editions) if users else None,
        "state_session_capacity": settings.pages + 100,  # the door lets in fewer
        "enable_monitoring": False,
        "mcp_server": False,
        "quiet": True,
        # Nothing of the page: with it, launch gives up and speaks of share links where its first page takes longer
        # than three seconds, as on a machine with much else to do. That the app answers, it has asked before.
        "_frontend": False,
    }


def _sign_in(editions: Sequence[Words]) -> str:
    """Return what the page for signing in says; gradio has one for all languages."""
    return "".join(f'<p lang="{each.tongue.code}">{escape(each.sign_in)}</p>' for each in editions)
