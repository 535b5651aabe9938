"""The errors a person may see: a sentence that says what is wrong and what to do."""

from typing import Any

from poetbot.messages import Message


class PoetBotError(ValueError):
    """Bad input or a state that a person can mend. `str(error)` is one plain sentence, safe to show as it is.

    `template` and `values` are those of its `message`: the page shows it in its own language.
    """

    def __init__(self, template: str = "", /, **values: Any) -> None:
        self.message = Message(template, **values)
        super().__init__(str(self.message))


class Failure(PoetBotError):
    """The same where the input was good and the work failed: a full disk, a loss that is no longer a number."""
