"""Tables and lines of text for a terminal."""

from collections.abc import Sequence


def columns(rows: Sequence[Sequence[str]], left: int = 0) -> list[str]:
    """Return the rows as lines, columns from number `left` on aligned to the left, those before to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if k >= left else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def printable(text: str, widest: int = 400) -> str:
    """Return the text on one line, cut to a width and without characters that would command a terminal."""
    line = "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split()))
    return line if len(line) <= widest else f"{line[: widest - 1]}…"
