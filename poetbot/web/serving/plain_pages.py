"""The pages without Gradio: signing in, refused requests, and what is shown while the app is loaded."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from poetbot.locale import Locale
from poetbot.web.components.templates import render
from poetbot.web.serving.languages import language_links
from poetbot.web.serving.static_files import static_url
from poetbot.web.theme import colour_css


def plain_page(template: str, language: Locale, status: int, root: str = "./", **values: str) -> Response:
    """Return a page. `root` is the relative address of the app: it may be behind a proxy that adds a prefix."""
    html = render(
        f"serving/{template}.html",
        language,
        languages=language_links(),
        colours=colour_css(),
        root=root,
        icon=root + static_url("favicon.svg"),
        style=root + static_url("serving/plain_page.css"),
        **values,
    )
    return HTMLResponse(html, status, {"cache-control": "no-store", "content-language": language.code})


def opens_a_page(request: Request) -> bool:
    """Return whether a person opened an address, and not a script or a program."""
    return "text/html" in request.headers.get("accept", "")
