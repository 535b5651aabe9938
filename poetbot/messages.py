"""A sentence for people, kept apart from the values that are filled in, so that it can be translated."""

from collections.abc import Mapping, Sequence
from typing import Any


def N_(text: str) -> str:
    """Return `text`, which is marked here for translation and translated where it is shown."""
    return text


class Message:
    """`template` with `values` filled in where it names them in braces, as `str.format` does.

    A value may be a message itself. `str(message)` is the English sentence; `poetbot.locale` has the other languages.
    """

    def __init__(self, template: str, /, **values: Any) -> None:
        self.template = template
        self.values: Mapping[str, Any] = values

    def __str__(self) -> str:
        return self.template.format(**self.values) if self.values else self.template

    def __repr__(self) -> str:
        return f"Message({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def as_json(self) -> dict[str, object]:
        """Return plain data; values that are neither text, numbers nor messages become text."""
        return {"template": self.template, "values": {name: _plain(v) for name, v in self.values.items()}}

    @staticmethod
    def from_json(data: Any) -> "Message":
        """Read what `as_json` gave, or a plain sentence, as version 0.1 wrote it. Raises ValueError for anything else."""
        if isinstance(data, str):
            return Message(data)
        try:
            values = {
                name: Message.from_json(value) if isinstance(value, dict) else value
                for name, value in data["values"].items()
            }
            message = Message(str(data["template"]), **values)
            str(message)  # so that damaged data is found here
        except (TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
            raise ValueError("This is not a message.") from error
        return message

    @staticmethod
    def from_data(data: Any) -> "Message | None":
        """Read the same, but return None for anything else."""
        try:
            return Message.from_json(data)
        except ValueError:
            return None


def listed(items: Sequence[Message | str], most: int | None = None) -> Message | str:
    """Return the items of a list as one message, and how many more there are than `most`."""
    if most is not None and len(items) > most:
        return Message("{items} and {count:,} more", items=listed(items[:most]), count=len(items) - most)
    if len(items) < 2:
        return items[0] if items else ""
    return Message("{first}, {rest}", first=items[0], rest=listed(items[1:]))


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return value.as_json()
    return value if isinstance(value, str | int | float) else str(value)
