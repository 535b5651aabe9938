"""Who may come in: one person on 127.0.0.1, users with passwords, or everybody. Decided once, when the app starts."""

import hmac
import ipaddress
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from poetbot.errors import PoetBotError

_MOST_USERS = 1_000
_MOST_BYTES = 1_000_000  # of a file with users
_SHORTEST = 6  # characters of a password
_LONGEST = 200


class Kind(StrEnum):
    """Whom the app is served to."""

    ONE = "one person"
    USERS = "users"
    ROOM = "a room with one password"
    PUBLIC = "everybody"


@dataclass(frozen=True)
class Access:
    """Whom the app is served to, and what tells them apart.

    `users` maps names to passwords. `on_spaces`: it stands on Hugging Face Spaces, behind https and in a frame.
    """

    kind: Kind = Kind.ONE
    users: Mapping[str, str] = field(default_factory=dict, repr=False)
    on_spaces: bool = False

    def accepts(self, name: str, password: str) -> bool:
        """Return whether a user has this name and password. The access middleware limits how fast one may guess."""
        if max(len(name), len(password)) > 2 * _LONGEST:
            return False
        known = self.users.get(unicodedata.normalize("NFC", name.strip()))
        # In constant time, and as bytes: a password may have letters of any script.
        return known is not None and hmac.compare_digest(_bytes(known), _bytes(password))

    def sentence(self) -> str:
        """Say who may come in."""
        if self.kind is Kind.ONE:
            return "Only this machine can reach it, and everything in it is yours."
        if self.kind is Kind.ROOM:
            return "Whoever has the password may come in; each visitor has corpora and poets of their own."
        if self.kind is Kind.USERS:
            count = len(self.users)
            return f"{count:,} user{'s' * (count != 1)} may sign in; each has corpora and poets of their own."
        return "Everybody who finds the address may come in; each visitor has corpora and poets of their own."


def access(
    host: str,
    on_spaces: bool,
    auth: Sequence[str] = (),
    auth_file: Path | None = None,
    public: bool = False,
    room: tuple[str, str] | None = None,
) -> Access:
    """Return who may come in. Raises PoetBotError where the app would be served to others and nobody said to whom.

    `room` is the name and password that all share where no users are given (--lan).
    """
    pairs = list(auth) + (_lines(auth_file) if auth_file else [])
    if pairs and public:
        raise PoetBotError("Give users with --auth or --auth-file, or --public for everybody, not both.")
    if pairs:
        return Access(Kind.USERS, _users(pairs), on_spaces)
    if room:
        if public:
            raise PoetBotError("--lan asks for a password and --public for none: give one of them.")
        return Access(Kind.ROOM, dict([room]), on_spaces)
    if public or on_spaces:
        return Access(Kind.PUBLIC, on_spaces=on_spaces)
    if not is_loopback(host):
        raise PoetBotError(
            f"On {host} others can reach PoetBot: say who may come in with --auth-file FILE (a line USER:PASSWORD each) "
            "or --auth USER:PASSWORD, or let everybody in with --public."
        )
    return Access()


def is_loopback(host: str) -> bool:
    """Return whether an address can be reached from this machine alone."""
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
        if file.stat().st_size > _MOST_BYTES:
            raise PoetBotError(
                f"{file} is too large for a list of users: give a line USER:PASSWORD for each."
            )
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PoetBotError(
            f"The list of users {file} cannot be read: give a text file with a line USER:PASSWORD for each."
        ) from error
    found = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not found:
        raise PoetBotError(f"There is nobody in {file}: give a line USER:PASSWORD for each.")
    return found


def _users(pairs: Sequence[str]) -> dict[str, str]:
    users: dict[str, str] = {}
    for number, pair in enumerate(pairs, start=1):
        name, sign, password = pair.partition(":")
        name = unicodedata.normalize("NFC", name.strip())
        # Never the line itself: it holds a password.
        if not sign or not 0 < len(name) <= 60 or not name.isprintable():
            raise PoetBotError(f"User {number} is not written USER:PASSWORD: mend that line.")
        if not _SHORTEST <= len(password) <= _LONGEST:
            raise PoetBotError(f"The password of {name} must have {_SHORTEST} to {_LONGEST} characters.")
        if name in users:
            raise PoetBotError(f"{name} is among the users twice: leave one of them out.")
        users[name] = password
    if len(users) > _MOST_USERS:
        raise PoetBotError(f"There are {len(users):,} users and {_MOST_USERS:,} is the most.")
    return users
