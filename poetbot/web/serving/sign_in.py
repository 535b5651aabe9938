"""Signing in and out, where there are users or one shared password, and answers to refused requests."""

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.web.serving.http_errors import CANT_WRITE, WRONG_PASSWORD, Refusal
from poetbot.web.serving.languages import Languages, route_name
from poetbot.web.serving.plain_pages import opens_a_page, plain_page
from poetbot.web.serving.security_headers import is_https
from poetbot.web.serving.visitors import Visitors


def sign_in_page(language: Locale, error: str = "", status: int = 200) -> Response:
    """Return the page on which a visitor signs in."""
    return plain_page("sign_in", language, status, error=error, page=route_name(language))


def refusal(refused: Refusal, language: Locale, request: Request) -> Response:
    """Return the answer to a refused request: a page to a person who opens an address, otherwise JSON."""
    text = language.say(refused.message)
    if not opens_a_page(request):
        return JSONResponse({"detail": text}, refused.status)
    if request.scope["path"] == "/login":
        return sign_in_page(language, text, refused.status)
    root = "../" * (request.scope["path"].count("/") - 1) + "./"
    return plain_page("refused", language, refused.status, root, text=text)


def routes(visitors: Visitors, languages: Languages) -> list[Route]:
    """Return the routes for signing in and out."""

    async def sign_in(request: Request) -> Response:
        form = await request.form()
        name, password, page = (str(form.get(key, "")) for key in ("username", "password", "page"))
        if not visitors.access.accepts(name, password):
            language = languages.pages.get(f"/{page}") or languages.wanted(request.headers)
            return refusal(WRONG_PASSWORD, language, request)
        try:
            cookie = visitors.sign_in(name, is_https(request))
        except PoetBotError:  # which names the folder
            return refusal(CANT_WRITE, languages.of_sender(request.headers), request)
        response: Response = JSONResponse({"success": True})
        if opens_a_page(request):
            response = RedirectResponse(f"./{page}" if f"/{page}" in languages.pages else "./", 303)
        response.headers.append("set-cookie", cookie)
        return response

    async def sign_out(request: Request) -> Response:
        response = RedirectResponse("./", 303)
        response.headers.append("set-cookie", visitors.sign_out(request.cookies, is_https(request)))
        return response

    return [Route("/login", sign_in, methods=["POST"]), Route("/logout", sign_out, methods=["POST"])]
