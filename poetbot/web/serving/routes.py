"""The addresses that the page and gradio_client need; all others are closed."""

import re

API = "/gradio_api"
PAGE = re.compile(r"/([a-z]{2})?")  # one for each language
STATIC = re.compile(
    r"/(assets|static|svelte)/.+|/web/[0-9a-f]{16}/.+|/theme\.css|/gradio_api/theme\.css"
    r"|/favicon\.ico|/pwa_icon|/robots\.txt|/manifest\.json"
)
BEFORE_SIGN_IN = re.compile(r"/([a-z]{2})?|/login|/logout")
_GET = re.compile(
    r"/([a-z]{2})?|/config/?|/gradio_api/(login_check/?|user/?|app_id/?|info/?|upload_progress|queue/data"
    r"|heartbeat/[\w-]+|call/\w+/\w+|file=/.+|file=[A-Za-z]:[\\/].+)"
)
_POST = re.compile(r"/login|/logout|/gradio_api/(queue/join|upload|cancel|reset/?|(run|api|call)/\w+/?)")
_ENDPOINT = re.compile(r"/gradio_api/(?:run|api|call)/(\w+)(?:/\w*)?")
_MAX_PART = 255  # bytes of a file's name, on every common file system
_MAX_LENGTH = 4_000  # bytes


def is_open(method: str, path: str) -> bool:
    """Return whether there is anything at this address. Overlong paths and control characters lead nowhere."""
    encoded = path.encode("utf-8", "surrogatepass")
    if len(encoded) > _MAX_LENGTH or any(len(part) > _MAX_PART for part in encoded.split(b"/")):
        return False
    if any(char < " " or char == "\x7f" or "\ud800" <= char <= "\udfff" for char in path):
        return False
    if method in ("GET", "HEAD"):
        return bool(STATIC.fullmatch(path) or _GET.fullmatch(path))
    return method == "POST" and _POST.fullmatch(path) is not None


def called_endpoint(path: str) -> str | None:
    """Return the endpoint that an address calls; None for `predict`, which calls a function by its number."""
    found = _ENDPOINT.fullmatch(path)
    return found[1] if found and found[1] != "predict" else None
