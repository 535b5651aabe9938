"""Files of the browsers that have signed in. Every process that serves the data folder knows them, even after a restart.

A file is named by the hash of its browser's token, so nobody who reads the folder can sign in with it. It has the name of the
user and a proof, a hash of token and password. The proof is no longer valid once the password changes.
"""

import contextlib
import hashlib
import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from poetbot.storage import Home, json_bytes, write_atomically

_MAX_BYTES = 10_000
_USED_EVERY = 3600.0  # seconds
_MAX_BROWSERS = 10_000


@dataclass(frozen=True)
class SignedIn:
    """The browsers that are signed in to the app that serves this data folder to `users`, with their passwords."""

    home: Home
    users: Mapping[str, str]
    max_browsers: int = _MAX_BROWSERS

    @property
    def cookie(self) -> str:
        """The name of the cookie: apps on other ports of this host share its cookies."""
        return f"poetbot-session-{_hash(str(self.home.root.absolute()))[:8]}"

    def add(self, name: str) -> str:
        """Sign a browser in and return its token. Raises PoetBotError if that can't be stored."""
        token = secrets.token_urlsafe(32)
        row = {"user": name, "proof": _proof(token, self.users[name])}
        folder = self.home.create(self.home.signed_in)
        with self.home.disk_errors():
            write_atomically(self._file(token), json_bytes(row))
        self._make_room(folder)
        return token

    def user(self, cookies: Mapping[str, str]) -> str | None:
        """Return the name of the user of a browser, None if it isn't signed in."""
        return next(filter(None, map(self._user, self._tokens(cookies))), None)

    def remove(self, cookies: Mapping[str, str]) -> None:
        """Sign a browser out."""
        for token in self._tokens(cookies):
            with contextlib.suppress(OSError):
                self._file(token).unlink()

    def _user(self, token: str) -> str | None:
        path = self._file(token)
        try:
            found = path.stat()
            row = json.loads(path.read_bytes()) if found.st_size <= _MAX_BYTES else {}
            name = row["user"]
            if not secrets.compare_digest(row["proof"], _proof(token, self.users[name])):
                return None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None  # signed out, or the user no longer exists
        if time.time() - found.st_mtime > _USED_EVERY:  # the oldest ones are deleted
            with contextlib.suppress(OSError):
                os.utime(path)
        return str(name)

    def _tokens(self, cookies: Mapping[str, str]) -> list[str]:
        return [cookies[name] for name in (f"__Host-{self.cookie}", self.cookie) if name in cookies]

    def _file(self, token: str) -> Path:
        return self.home.signed_in / _hash(token)

    def _make_room(self, folder: Path) -> None:
        """Sign out the browsers that were not used for longest, if there are too many."""
        with contextlib.suppress(OSError):
            found = [file for file in folder.iterdir() if not file.name.startswith(".")]
            if len(found) > self.max_browsers:
                for file in sorted(found, key=_last_use)[: -self.max_browsers]:
                    file.unlink()


def _last_use(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _proof(token: str, password: str) -> str:
    return _hash(f"{token} {password}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
