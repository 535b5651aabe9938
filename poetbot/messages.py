"""A sentence for people, kept apart from the values that are filled in, so that it can be translated."""

from collections.abc import Mapping
from typing import Any


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

    def as_json(self) -> dict[str, Any]:
        """Return plain data; values that are neither text, numbers nor messages become text."""
        return {"template": self.template, "values": {name: _plain(v) for name, v in self.values.items()}}

    @staticmethod
    def from_json(data: Any) -> "Message":
        """Read what `as_json` gave. Raises ValueError if it is anything else."""
        match data:
            case {"template": str(template), "values": dict(values)}:
                return Message(
                    template,
                    **{
                        name: Message.from_json(value) if isinstance(value, dict) else value
                        for name, value in values.items()
                    },
                )
        raise ValueError("This is not a message.")


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return value.as_json()
    return value if isinstance(value, str | int | float) else str(value)
