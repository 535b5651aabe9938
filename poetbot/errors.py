"""The errors a person may see: a sentence that says what is wrong and what to do."""


class PoetBotError(ValueError):
    """Bad input or a state that a person can mend. `str(error)` is one plain sentence, safe to show as it is."""


class Failure(PoetBotError):
    """The same where the input was good and the work failed: a full disk, a loss that is no longer a number."""
