"""Who may use the app: one person on 127.0.0.1, users with passwords, or everybody. Decided when the app starts."""

import hmac
import ipaddress
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from poetbot.errors import PoetBotError

_MAX_USERS = 1_000
_MAX_BYTES = 1_000_000  # of a file with users
_MIN_PASSWORD = 6  # characters of a password
_MAX_PASSWORD = 200


class Kind(StrEnum):
    """Whom the app is served to."""

    ONE = "one person"
    USERS = "users"
    ROOM = "a room with one password"
    PUBLIC = "everybody"


@dataclass(frozen=True)
class Access:
    """Whom the app is served to.

    `users` maps names to passwords. `on_spaces`: it runs on Hugging Face Spaces, behind https and in a frame.
    """

    kind: Kind = Kind.ONE
    users: Mapping[str, str] = field(default_factory=dict, repr=False)
    on_spaces: bool = False

    def accepts(self, name: str, password: str) -> bool:
        """Return whether a user has this name and password. The access middleware limits how fast one may guess."""
        if max(len(name), len(password)) > 2 * _MAX_PASSWORD:
            return False
        known = self.users.get(self.user(name))
        # In constant time, and as bytes: a password may have letters of any script.
        return known is not None and hmac.compare_digest(_bytes(known), _bytes(password))

    @staticmethod
    def user(name: str) -> str:
        """Return a name that somebody typed, in the form in which `users` has it."""
        return unicodedata.normalize("NFC", name.strip())

    def sentence(self) -> str:
        """Return a sentence for the terminal."""
        if self.kind is Kind.ONE:
            return "Only this machine can reach it."
        if self.kind is Kind.ROOM:
            return "Whoever knows the password can use it; each visitor has their own corpora and poets."
        if self.kind is Kind.USERS:
            count = len(self.users)
            return f"{count:,} user{'s' * (count != 1)} can sign in; each has their own corpora and poets."
        return "Everybody who knows the address can use it; each visitor has their own corpora and poets."


def access(
    host: str,
    on_spaces: bool,
    auth: Sequence[str] = (),
    auth_file: Path | None = None,
    public: bool = False,
    room: tuple[str, str] | None = None,
) -> Access:
    """Return who may use the app. Raise PoetBotError if others can reach it and the options don't say who may.

    `room` is the name and password that all share if there are no users (--lan).
    """
    pairs = list(auth) + (_lines(auth_file) if auth_file else [])
    if pairs and public:
        raise PoetBotError(
            "--auth and --auth-file are for users, --public for everybody. Give only one of them."
        )
    if pairs:
        return Access(Kind.USERS, _users(pairs), on_spaces)
    if room:
        if public:
            raise PoetBotError("--lan asks for a password and --public for none. Give only one of them.")
        return Access(Kind.ROOM, dict([room]), on_spaces)
    if public or on_spaces:
        return Access(Kind.PUBLIC, on_spaces=on_spaces)
    if not is_loopback(host):
        raise PoetBotError(
            f"On {host} others can reach PoetBot. Say who may use it with --auth-file FILE or --auth USER:PASSWORD, or let "
            "everybody in with --public."
        )
    return Access()


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach an address."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _bytes(text: str) -> bytes:
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")


def _lines(file: Path) -> list[str]:
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise PoetBotError(
                f"{file} is too large for a list of users. Write one line USER:PASSWORD for each."
            )
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PoetBotError(
            f"PoetBot can't read the list of users {file}. Give a text file with a line USER:PASSWORD for each."
        ) from error
    found = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not found:
        raise PoetBotError(f"There are no users in {file}. Write one line USER:PASSWORD for each.")
    return found


def _users(pairs: Sequence[str]) -> dict[str, str]:
    users: dict[str, str] = {}
    for number, pair in enumerate(pairs, start=1):
        name, sign, password = pair.partition(":")
        name = unicodedata.normalize("NFC", name.strip())
        # Never quote the line: it has a password.
        if not sign or not 0 < len(name) <= 60 or not name.isprintable():
            raise PoetBotError(f"User {number} isn't written as USER:PASSWORD. Correct that line.")
        if not _MIN_PASSWORD <= len(password) <= _MAX_PASSWORD:
            raise PoetBotError(
                f"The password of {name} must have {_MIN_PASSWORD} to {_MAX_PASSWORD} characters."
            )
        if name in users:
            raise PoetBotError(f"The user {name} is listed twice. Remove one of the two.")
        users[name] = password
    if len(users) > _MAX_USERS:
        raise PoetBotError(f"There are {len(users):,} users. PoetBot allows at most {_MAX_USERS:,}.")
    return users
