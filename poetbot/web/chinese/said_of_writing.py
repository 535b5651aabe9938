"""What the core says while a poet writes, and of what is looked at of poems, in Chinese."""

CHECKING = {
    "Give a text to check.": "请给出要比对的文字。",
}
