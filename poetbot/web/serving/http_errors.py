"""What the door says to a request that it turns away, with the status of HTTP."""

from typing import NamedTuple


class Refusal(NamedTuple):
    """A sentence, and the status that it is sent with."""

    sentence: str
    status: int


NOT_HERE = Refusal("There is nothing at this address.", 404)
OTHER_NAME = Refusal(
    "PoetBot on this machine is called localhost or 127.0.0.1: use one of them in the address.", 421
)
OTHER_SITE = Refusal(
    "Another website's page asked for this, and PoetBot answers only its own: open PoetBot itself.", 403
)
NO_LOGIN = Refusal("You are no longer signed in: reload the page.", 401)
NOT_YOURS = Refusal("That is not yours, or is no longer there: reload the page.", 403)
UNREADABLE = Refusal("That cannot be read: reload the page.", 400)
TOO_MUCH = Refusal("That is more than PoetBot takes at once: send it in parts.", 413)
NO_LENGTH = Refusal("The length is missing: send it as Content-Length.", 411)
TOO_FAST = Refusal("That was a lot at once: wait a minute, then go on.", 429)
TOO_MANY_FILES = Refusal(
    "You have uploaded as many files as you may within an hour: wait a little, then go on.", 429
)
TOO_MANY_TRIES = Refusal(
    "Too many wrong passwords came from your address: wait a minute, then try again.", 429
)
FULL = Refusal("PoetBot has as many guests as it can take at once: come back in half an hour.", 503)
UNDER_WAY = Refusal("You have asked for many things at once: wait until some of them are done.", 429)
