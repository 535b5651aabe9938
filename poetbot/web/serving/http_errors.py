"""Why a request is refused: a message for the visitor and an HTTP status."""

from typing import NamedTuple

from poetbot.messages import Message


class Refusal(NamedTuple):
    """A message, and the status it is sent with."""

    message: Message
    status: int


NOT_FOUND = Refusal(Message("There is nothing at this address."), 404)
WRONG_HOST = Refusal(Message("Open PoetBot as localhost or 127.0.0.1."), 421)
OTHER_SITE = Refusal(
    Message("Another website sent this request. Go to PoetBot's own page and try again there."), 403
)
NOT_SIGNED_IN = Refusal(Message("You aren't signed in. Reload the page."), 401)
WRONG_PASSWORD = Refusal(Message("That name and password don't match. Try again."), 400)
CANT_WRITE = Refusal(Message("PoetBot can't write to its disk. Tell whoever runs it."), 507)
NOT_YOURS = Refusal(Message("This isn't yours, or no longer exists. Reload the page."), 403)
UNREADABLE = Refusal(Message("PoetBot can't read this request. Reload the page."), 400)
TOO_LARGE = Refusal(Message("That is too much at once. Send it in smaller parts."), 413)
NO_LENGTH = Refusal(Message("The Content-Length header is missing."), 411)
TOO_MANY_REQUESTS = Refusal(Message("Too many requests. Wait a minute, then try again."), 429)
TOO_MANY_UPLOADS = Refusal(Message("You have reached the hourly upload limit. Try again later."), 429)
TOO_MANY_GUESSES = Refusal(
    Message("Too many wrong passwords from your address. Wait a minute, then try again."), 429
)
FULL = Refusal(Message("PoetBot has no room for more visitors. Try again in half an hour."), 503)
TOO_MANY_WAITING = Refusal(
    Message("You have too many requests running. Wait until some of them are done."), 429
)
