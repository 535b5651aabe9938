"""Our scripts, styles and icon under one address that names their content, so that browsers may cache them forever.

`/web/<hash>/tabs/write/page.js` is `poetbot/web/tabs/write/page.js`, so modules import each other by relative paths. Pages
refer to the address without the leading slash, which also works behind a proxy that adds a prefix.
"""

import hashlib
import os
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from poetbot.web.serving.script_bundles import bundle, is_bundled

WEB = Path(__file__).parents[1]
SUFFIXES = frozenset((".js", ".css", ".svg"))


def static_url(path: str) -> str:
    """Return the address of a file in `web/`, such as `tabs/write/page.js`, relative to any of our pages."""
    if not (WEB / path).is_file() or Path(path).suffix not in SUFFIXES:
        raise FileNotFoundError(f"{path} is no script, style or picture of web/.")
    return f"{prefix()[1:]}/{path}"


@cache
def prefix() -> str:
    """Return where the files are served, with a hash of all of them: they import each other."""
    digest = hashlib.sha256()
    for file in sorted(file for file in WEB.rglob("*") if file.suffix in SUFFIXES):
        digest.update(file.relative_to(WEB).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return f"/web/{digest.hexdigest()[:16]}"


class WebFiles(StaticFiles):
    """Serves the scripts, styles and pictures of `web/`, and none of its Python files and templates."""

    def __init__(self) -> None:
        super().__init__(directory=WEB)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file by its path below `web/`."""
        return super().lookup_path(path) if Path(path).suffix in SUFFIXES else ("", None)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, with leave to keep it: another version has another address."""
        file = WEB / path
        if self.lookup_path(path)[1] and is_bundled(file):
            # Its address names its content, so that is its tag, too.
            tag = {"etag": f'"{path}"'}
            response: Response = Response(bundle(file), media_type="text/javascript", headers=tag)
            if self.is_not_modified(response.headers, Headers(scope=scope)):
                response = NotModifiedResponse(response.headers)
        else:
            response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response
