"""The one error a person may see: a sentence that says what is wrong and what to do."""


class PoetBotError(ValueError):
    """Bad input or a state that a person can mend. `str(error)` is one plain sentence, safe to show as it is."""
