"""A poem that a poet wrote, with what it shares with the training poems."""

from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from poetbot.overlap import OverlapIndex, report, sentence
from poetbot.overlap.report_types import Report
from poetbot.writing import WrittenPoem
from poetbot.writing.form_fit import FormReport
from poetbot.writing.receipt import Receipt


@dataclass(frozen=True)
class Poem:
    """A poem. `print` shows its text; a notebook marks what it shares with the training poems.

    `form` says how well it fits its form, and is None without one.
    """

    written: WrittenPoem
    form: FormReport | None = None
    index: OverlapIndex | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """The opening as it was given, followed by what the poet wrote."""
        return self.written.given

    @property
    def seed_characters(self) -> int:
        """How many characters of the text are the opening."""
        return self.written.seed_characters

    @property
    def receipt(self) -> Receipt:
        """What `Poet.recreate` needs to write the same poem again."""
        return self.written.receipt

    @property
    def notices(self) -> list[str]:
        """Sentences about the opening, such as which characters the poet doesn't know."""
        return list(map(str, self.written.notices))

    @cached_property
    def overlap(self) -> Report | None:
        """The overlap report (docs/overlap.md), made at first use; None if the poet has no overlap index."""
        return report(self.index, self.written.text, self.seed_characters) if self.index else None

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        found = self.overlap
        template = _environment().get_template("poem.html")
        said = sentence(found) if found else ""
        return str(template.render(parts=marked(self.written.text, found), sentence=said))


def marked(text: str, found: Report | None) -> list[tuple[str, str]]:
    """Return the parts of a text, each with what it is: "rare" or "common" for a phrase in common, or ""."""
    spans = [(span["start"], span["end"], span["distinctive"]) for span in found["spans"]] if found else []
    places = sorted({0, len(text), *(start for start, _, _ in spans), *(end for _, end, _ in spans)})
    parts = []
    for start, end in pairwise(places):
        rarities = {rare for first, last, rare in spans if first <= start and end <= last}
        parts.append((text[start:end], "rare" if True in rarities else "common" if rarities else ""))
    return parts


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
