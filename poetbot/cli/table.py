"""Tables and lines of text for a terminal."""

from collections.abc import Sequence


def columns(rows: Sequence[Sequence[str]], left: int = 0) -> list[str]:
    """Return the rows as lines. Columns from number `left` on are aligned to the left, those before it to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if k >= left else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def printable(text: str, widest: int = 400) -> str:
    """Return the text on one line, cut to a width and without control characters."""
    line = "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split()))
    return line if len(line) <= widest else f"{line[: widest - 1]}…"
