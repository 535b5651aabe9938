"""What a browser says about a request, and the headers that let it protect the page."""

from urllib.parse import urlsplit

from starlette.requests import Request

from poetbot.web.serving.routes import PAGE

# Gradio's page creates scripts and styles while it runs. Nothing is loaded from other sites.
CONTENT_SECURITY_POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'"
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def content_security_policy(on_spaces: bool) -> str:
    """Return what a page may load, and who may show it in a frame."""
    frames = " https://huggingface.co" if on_spaces else ""
    return f"{CONTENT_SECURITY_POLICY}; frame-ancestors 'self'{frames}"


def host_of(header: str) -> str:
    """Return the name in a Host header, "" if there is none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def is_cross_site(request: Request) -> bool:
    """Return whether a page of another website sent this. Following a link to one of our pages does not count."""
    headers = request.headers
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:  # no page can forge it
        to_page = (
            PAGE.fullmatch(request.scope["path"]) is not None and headers.get("sec-fetch-mode") == "navigate"
        )
        return site not in ("same-origin", "none") and not to_page
    try:
        return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    except ValueError:
        return True


def is_https(request: Request) -> bool:
    """Return whether the browser uses https, perhaps through a proxy."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", "").split(",")[0].strip())
