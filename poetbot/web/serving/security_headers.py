"""What a browser tells of a request, and what it is told so that it guards the page."""

from urllib.parse import urlsplit

from starlette.requests import Request

from poetbot.web.serving.routes import PAGE

# Gradio's page makes scripts and styles as it goes; none of them, and nothing else, comes from elsewhere.
POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'"
GUARDS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


def host_of(header: str) -> str:
    """Return the name in a Host header, "" where there is none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def from_elsewhere(request: Request) -> bool:
    """Return whether a page of another website sent it. Following a link to the app's own page is no such thing."""
    headers = request.headers
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:  # which no page can forge
        to_page = (
            PAGE.fullmatch(request.scope["path"]) is not None and headers.get("sec-fetch-mode") == "navigate"
        )
        return site not in ("same-origin", "none") and not to_page
    try:
        return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    except ValueError:
        return True


def is_https(request: Request) -> bool:
    """Return whether it came by https, perhaps to a proxy before us."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", "").split(",")[0].strip())
