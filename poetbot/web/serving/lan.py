"""The app on a local network: its address, a password made for the occasion, and a QR code to point a phone at."""

import contextlib
import io
import ipaddress
import secrets
import socket
from collections.abc import Callable, Iterable

import segno

from poetbot.errors import PoetBotError

NAME = "poet"
"""The name with which everybody of the room signs in; things of one's own are known by a cookie."""

_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aeiou"
_SYLLABLES = 3  # of two consonants and a vowel: 1,280 to the third, two thousand million
_NO_NETWORK = (
    "This machine is in no local network, so there is no address for others: join one (Wi-Fi or a cable), "
    "or name its address with --host."
)


def new_password() -> str:
    """Return a password that is easily read out and typed on a phone; at ten tries a minute nobody guesses it."""
    pick = secrets.choice
    return "-".join(pick(_CONSONANTS) + pick(_VOWELS) + pick(_CONSONANTS) for _ in range(_SYLLABLES))


def address(found: Callable[[], Iterable[str]] | None = None) -> str:
    """Return this machine's address in its local network. Raises PoetBotError where it is in none.

    `found` gives the addresses to choose from, the likeliest first; without it the system is asked.
    """
    for each in (found or _addresses)():
        try:
            ip = ipaddress.ip_address(each)
        except ValueError:
            continue
        if not (ip.is_loopback or ip.is_unspecified or ip.is_link_local or ip.is_multicast):
            return str(ip)
    raise PoetBotError(_NO_NETWORK)


def seen_as(host: str | None) -> str:
    """Return the address to tell others where the app listens to `host`: that itself, or what it stands for.

    Raises PoetBotError where others cannot reach it.
    """
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
    """Return what the terminal shows: the address, the name and password to sign in with, and a QR code.

    The code is left out where the terminal's `encoding` has no blocks; `colour` says whether it understands colours.
    """
    sign_in = f"Name: {NAME}   Password: {password}\n" if password else ""
    code = qr_code(page)
    try:
        code.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        code = ""
    if (
        colour
    ):  # light on dark, whatever the terminal's own colours are: a camera looks for dark modules on light
        code = "\n".join(f"\x1b[97;40m{row}\x1b[0m" for row in code.splitlines())
    return f"Others in this network open {page}\n{sign_in}\n{code}"


def qr_code(text: str) -> str:
    """Return the QR code of a text (ISO/IEC 18004), two rows of modules in a line; the light ones are written."""
    written = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(out=written, compact=True)
    return written.getvalue()


def _addresses() -> Iterable[str]:
    """Yield the address from which this machine would send into the world, and those of its name. Nothing is sent."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # an address for documentation (RFC 5737)
        yield str(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        yield from dict.fromkeys(str(info[4][0]) for info in found)
