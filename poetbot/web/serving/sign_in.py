"""Signing in and out, where there are users or one shared password, and the plain pages without Gradio."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from poetbot.locale import Locale
from poetbot.web.components.templates import render
from poetbot.web.serving.http_errors import WRONG_PASSWORD, Refusal
from poetbot.web.serving.languages import Languages, language_links, route_name
from poetbot.web.serving.security_headers import is_https
from poetbot.web.serving.static_files import static_url
from poetbot.web.serving.visitors import Visitors
from poetbot.web.theme import colour_css


def sign_in_page(language: Locale, error: str = "", status: int = 200) -> Response:
    """Return the page on which a visitor signs in."""
    return _page("sign_in", language, status, error=error, page=route_name(language))


def refusal(refused: Refusal, language: Locale, request: Request) -> Response:
    """Return the answer to a refused request: a page to a person who opens an address, otherwise JSON."""
    text = language.say(refused.message)
    if not _opens_a_page(request):
        return JSONResponse({"detail": text}, refused.status)
    if request.scope["path"] == "/login":
        return sign_in_page(language, text, refused.status)
    root = "../" * (request.scope["path"].count("/") - 1) + "./"
    return _page("refused", language, refused.status, root, text=text)


def routes(visitors: Visitors, languages: Languages) -> list[Route]:
    """Return the routes for signing in and out."""

    async def sign_in(request: Request) -> Response:
        form = await request.form()
        name, password, page = (str(form.get(key, "")) for key in ("username", "password", "page"))
        if not visitors.access.accepts(name, password):
            language = languages.pages.get(f"/{page}") or languages.wanted(request.headers)
            return refusal(WRONG_PASSWORD, language, request)
        response: Response = JSONResponse({"success": True})
        if _opens_a_page(request):
            response = RedirectResponse(f"./{page}" if f"/{page}" in languages.pages else "./", 303)
        response.headers.append("set-cookie", visitors.sign_in(name, is_https(request)))
        return response

    async def sign_out(request: Request) -> Response:
        response = RedirectResponse("./", 303)
        response.headers.append("set-cookie", visitors.sign_out(request.cookies, is_https(request)))
        return response

    return [Route("/login", sign_in, methods=["POST"]), Route("/logout", sign_out, methods=["POST"])]


def _opens_a_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _page(template: str, language: Locale, status: int, root: str = "./", **values: str) -> Response:
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
