"""The figures that docs/figures.md shows: their type, their file docs/figures.json, and the tables made from it.

    python -m benchmarks.figures

rewrites the tables of docs/figures.md. Benchmarks measure `Figure`s, `benchmarks.all` keeps them in the file, and those that
no quick run can measure are edited there by hand.
"""

import json
import operator
import platform
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from poetbot.cores import available_cores

ROOT = Path(__file__).resolve().parents[1]
DATA, PAGE = ROOT / "docs" / "figures.json", ROOT / "docs" / "figures.md"
BEGIN, END = "<!-- tables: made from figures.json -->", "<!-- end of the tables -->"
HEAD = "| figure | value | bar | measured | command |\n|---|---|---|---|---|"

_COMPARE: dict[str, Callable[[float, float], bool]] = {"≥": operator.ge, "≤": operator.le}


@dataclass(frozen=True)
class Figure:
    """One measured value, which is one row of docs/figures.md: topic and name tell it from all others."""

    topic: str
    name: str
    value: float | str
    """A number, or text where a number cannot say it."""
    unit: str = ""
    bar: str = ""
    """`≥ 15` or `≤ 5`, in the unit of the value; or text, with `met`."""
    met: bool | None = None
    """Whether a bar is met that is text, or that belongs to a value that is text."""
    least: float | None = None
    most: float | None = None
    """The range of a measurement that was repeated, whose median is the value."""
    compared: str = ""
    """What was measured in the same run, and how the value compares with it."""
    command: str = ""
    machine: str = ""
    date: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the bar is met; None without a bar."""
        sign, _, limit = self.bar.partition(" ")
        if sign in _COMPARE and isinstance(self.value, int | float) and self.met is None:
            return _COMPARE[sign](self.value, float(limit.replace(",", "")))
        if self.bar and self.met is None:
            raise ValueError(f"{self.name!r} needs `met`, because its value or its bar is text.")
        return self.met

    @property
    def shown(self) -> str:
        """The value with its unit, its range and what it was compared with."""
        in_words = isinstance(self.value, str)
        text = str(self.value) if in_words else f"{number(self.value)} {self.unit}".strip()
        if self.least is not None and self.most is not None:
            text += f" ({number(self.least)}–{number(self.most)})"
        return f"{text}; {self.compared}" if self.compared else text

    @property
    def shown_bar(self) -> str:
        """The bar with its unit and whether it is met."""
        if self.is_met is None:
            return ""
        unit = self.unit.partition(" ")[0] if self.bar[:1] in _COMPARE else ""
        return f"{self.bar} {unit}".strip() + (", met" if self.is_met else ", **missed**")


def number(value: float) -> str:
    """Return a number as a person writes it."""
    return f"{value:,.10g}"


def rounded(value: float, digits: int = 3) -> float:
    """Return a number with so few digits that each of them means something; none before the decimal point is lost."""
    return round(value) if abs(value) >= 10**digits else float(f"{value:.{digits}g}")


def median(
    topic: str, name: str, values: Sequence[float], unit: str = "", bar: str = "", compared: str = ""
) -> Figure:
    """Return the figure of a repeated measurement: its median and range."""
    least, most = (rounded(min(values)), rounded(max(values))) if len(values) > 1 else (None, None)
    return Figure(topic, name, rounded(statistics.median(values)), unit, bar, None, least, most, compared)


def report(figures: Iterable[Figure]) -> int:
    """Print figures as they are measured, and return 1 if a bar is missed."""
    missed = False
    for figure in figures:
        print(f"{figure.topic}: {figure.name}: {figure.shown}", end="")
        print(f"; bar {figure.shown_bar.replace('*', '')}" if figure.bar else "", flush=True)
        missed |= figure.is_met is False
    return int(missed)


def read(path: Path = DATA) -> list[Figure]:
    """Return the figures of the file, in its order."""
    return [Figure(**row) for row in json.loads(path.read_text("utf-8"))]


def write(figures: Sequence[Figure], path: Path = DATA) -> None:
    """Save figures, each with the fields that are not empty."""
    rows = [{k: v for k, v in asdict(each).items() if v not in ("", None)} for each in figures]
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def renewed(old: Sequence[Figure], measured: Iterable[Figure], command: str) -> list[Figure]:
    """Return the old figures with those that were measured in their places; new ones follow those of their topic."""
    found = list(old)
    for each in measured:
        new = replace(each, command=command, machine=machine(), date=f"{datetime.now(UTC):%Y-%m-%d}")
        same = [k for k, other in enumerate(found) if (other.topic, other.name) == (new.topic, new.name)]
        if same:
            found[same[0]] = new
        else:
            topic = [k for k, other in enumerate(found) if other.topic == new.topic]
            found.insert(topic[-1] + 1 if topic else len(found), new)
    return found


def machine() -> str:
    """Return this machine in a few words: processor and number of logical cores."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        name = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), name)
    except OSError:
        pass
    return f"{name}, {available_cores()} threads"


def tables(figures: Sequence[Figure]) -> str:
    """Return the tables, one a topic, in the order in which topics come first."""
    parts = []
    for topic in dict.fromkeys(each.topic for each in figures):
        rows = [_row(each) for each in figures if each.topic == topic]
        parts.append("\n".join([f"## {topic}", "", HEAD, *rows]))
    return "\n\n".join(parts)


def _row(figure: Figure) -> str:
    command = f"`{figure.command}`" if figure.command and "`" not in figure.command else figure.command
    when = ", ".join(filter(None, (figure.date, figure.machine)))
    cells = (figure.name, figure.shown, figure.shown_bar, when, command)
    return "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |"


def page(text: str, figures: Sequence[Figure]) -> str:
    """Return the page with new tables; the text before and after them stays."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"The page needs the lines {BEGIN} and {END}, between which its tables are written.")
    return f"{before}{BEGIN}\n\n{tables(figures)}\n\n{END}{after}"


def main() -> None:
    """Write the tables of the page."""
    PAGE.write_text(page(PAGE.read_text("utf-8"), read()), encoding="utf-8")


if __name__ == "__main__":
    main()
