"""The addresses that the page and gradio_client need; all others are closed."""

import re

API = "/gradio_api"
FIXED = re.compile(
    r"/(assets|static|svelte)/.+|/theme\.css|/gradio_api/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json"
)
_TO_READ = re.compile(
    r"/([a-z]{2})?|/config/?|/gradio_api/(startup-events|login_check/?|user/?|app_id/?|info/?|upload_progress|queue/data"
    r"|heartbeat/[\w-]+|call/\w+/\w+|file=/.+|file=[A-Za-z]:[\\/].+)"
)
_TO_SEND = re.compile(r"/login/?|/logout|/gradio_api/(queue/join|upload|cancel|reset/?|(run|api|call)/\w+/?)")
PAGE = re.compile(r"/([a-z]{2})?")  # one for each language
BEFORE_LOGIN = re.compile(
    r"/([a-z]{2})?|/config/?|/login/?|/logout|/gradio_api/(startup-events|login_check/?|user/?|app_id/?)"
)
_CALLED = re.compile(r"/gradio_api/(?:run|api|call)/(\w+)(?:/\w*)?")
_LONGEST_PART = 255  # bytes of a file's name, on every usual disk
_LONGEST = 4_000


def is_open(method: str, path: str) -> bool:
    """Return whether there is anything at this address; one that no disk could hold, or with signs of control, has nothing."""
    encoded = path.encode("utf-8", "surrogatepass")
    if len(encoded) > _LONGEST or any(len(part) > _LONGEST_PART for part in encoded.split(b"/")):
        return False
    if any(sign < " " or sign == "\x7f" or "\ud800" <= sign <= "\udfff" for sign in path):
        return False
    if method in ("GET", "HEAD"):
        return bool(FIXED.fullmatch(path) or _TO_READ.fullmatch(path))
    return method == "POST" and _TO_SEND.fullmatch(path) is not None


def called(path: str) -> str | None:
    """Return the name of the endpoint that an address calls; None for `predict`, where a page names a function by number."""
    found = _CALLED.fullmatch(path)
    return found[1] if found and found[1] != "predict" else None
