"""Serving a local network: the machine's address, a new password, and a QR code for phones."""

import contextlib
import io
import ipaddress
import secrets
import socket
from collections.abc import Callable, Iterable

import segno

from poetbot.errors import PoetBotError

NAME = "poet"
"""The name under which everybody signs in; a cookie tells visitors apart."""

_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aeiou"
_SYLLABLES = 3  # 1,280 possible ones each: two billion passwords
_NO_NETWORK = "There is no local network: connect this machine to one, or give its address with --host."


def new_password() -> str:
    """Return a password that is easy to read out and to type on a phone. At ten tries a minute nobody can guess it."""
    syllable = (_CONSONANTS, _VOWELS, _CONSONANTS)
    return "-".join("".join(map(secrets.choice, syllable)) for _ in range(_SYLLABLES))


def address(found: Callable[[], Iterable[str]] | None = None) -> str:
    """Return this machine's address in its local network. Raise PoetBotError if there is none.

    `found` returns the addresses to choose from, best first; by default they come from the system.
    """
    for each in (found or _addresses)():
        try:
            ip = ipaddress.ip_address(each)
        except ValueError:
            continue
        if not (ip.is_loopback or ip.is_unspecified or ip.is_link_local or ip.is_multicast):
            return str(ip)
    raise PoetBotError(_NO_NETWORK)


def reachable_host(host: str | None) -> str:
    """Return the address by which others reach an app that listens on `host`. Raise PoetBotError if they cannot."""
    if host is None or host in ("0.0.0.0", "::"):
        return address()
    try:
        ip = str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return host  # a name
    return address(lambda: [ip])


def url(host: str, port: int) -> str:
    """Return the address of the page."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def invitation(page: str, password: str | None, *, encoding: str = "utf-8", colour: bool = False) -> str:
    """Return what the terminal shows: the address, the name and password, and a QR code.

    The code is left out if the terminal's `encoding` has no block characters. `colour`: the terminal shows colours.
    """
    sign_in = f"Name: {NAME}   Password: {password}\n" if password else ""
    code = qr_code(page)
    try:
        code.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        code = ""
    if colour:  # cameras need dark modules on a light ground, whatever the terminal's colours are
        code = "\n".join(f"\x1b[97;40m{row}\x1b[0m" for row in code.splitlines())
    return f"Others in this network open {page}\n{sign_in}\n{code}"


def qr_code(text: str) -> str:
    """Return the QR code of a text (ISO/IEC 18004), two rows of modules per line, light ones as blocks."""
    output = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(out=output, compact=True)
    return output.getvalue()


def _addresses() -> Iterable[str]:
    """Yield the address that outgoing traffic would use, then those of the host name. Nothing is sent."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # an address for documentation (RFC 5737)
        yield str(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        yield from dict.fromkeys(str(info[4][0]) for info in found)
