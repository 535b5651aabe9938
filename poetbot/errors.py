"""The errors that people see: what is wrong, then what to do."""

from typing import Any, Self

from poetbot.messages import Message


class PoetBotError(Exception):
    """Bad input, or a state that people can put right. `str(error)` is English and safe to show.

    `template` and `values` make its `message`, which the page translates.
    """

    def __init__(self, template: str = "", /, **values: Any) -> None:
        self.message = Message(template, **values)
        super().__init__(str(self.message))

    @classmethod
    def of(cls, message: Message) -> Self:
        """Return the error with this message."""
        return cls(message.template, **message.values)


class Failure(PoetBotError):
    """The input was good, but the work failed: a full disk, a loss that is no longer a number."""
