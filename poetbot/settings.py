"""One table of every limit of the app: what it is, how much, and how to change it.

`python -m poetbot settings` prints it and docs/settings.md is made from it, so neither can say anything else.
"""

import dataclasses
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from poetbot.errors import PoetBotError

PREFIX = "POETBOT_"
APP, VISITORS, SWEEPING = "The app", "One visitor of an app that is served to others", "Sweeping"


def _number(default: int, unit: str, meaning: str, most: int, group: str, least: int = 1) -> Any:
    facts = {"unit": unit, "meaning": meaning, "least": least, "most": most, "group": group}
    return field(default=default, metadata=facts)


@dataclass(frozen=True)
class Settings:
    """The limits in force; whole numbers all. Raises PoetBotError where one is none, or beyond what makes sense."""

    waiting: int = _number(
        64,
        "requests",
        "What waits for its turn, of all visitors together; whoever comes later is told so.",
        10_000,
        APP,
    )
    writing: int = _number(
        24,
        "people",
        "Who may write at the same time, in fair turns; whoever comes later waits until one has ended.",
        1_000,
        APP,
    )
    upload_mb: int = _number(
        600,
        "MB",
        "One uploaded file, a packed poet too; what is brought to teach has a limit below.",
        600,
        APP,
    )
    body_mb: int = _number(
        32, "MB", "What the page sends at once that is no file: texts and settings.", 1_000, APP
    )
    reading_seconds: int = _number(
        300,
        "seconds",
        "How long reading what was uploaded or pasted may take; then it is stopped.",
        86_400,
        APP,
    )
    poems_kept: int = _number(
        200, "poems", "Poems that an open page remembers; then the oldest is let go.", 10_000, APP
    )
    pages: int = _number(
        400, "pages", "Open pages that are remembered, half a MB and their poems each.", 10_000, APP
    )
    poets_in_memory: int = _number(
        16, "poets", "Poets kept in memory; the one not used for longest goes.", 1_000, APP
    )
    poets_mb: int = _number(
        2_000, "MB", "Weights of the poets kept in memory, but for the one in use.", 1_000_000, APP
    )
    trash_days: int = _number(30, "days", "How long a deleted poet can be had back.", 3_650, APP)

    visitors: int = _number(
        500, "visitors", "Visitors who keep something at the same time.", 100_000, VISITORS
    )
    visitors_gb: int = _number(20, "GB", "What all visitors keep, together.", 100_000, VISITORS)
    visitor_mb: int = _number(
        500, "MB", "What one visitor keeps: corpora, trainings, poets, trash.", 1_000_000, VISITORS
    )
    visitor_poets: int = _number(
        12, "poets", "Poets of one visitor, those in the trash too.", 10_000, VISITORS
    )
    visitor_corpora: int = _number(24, "corpora", "Corpora of one visitor.", 10_000, VISITORS)
    visitor_trainings: int = _number(
        2, "trainings", "Trainings of one visitor that run or wait at the same time.", 100, VISITORS
    )
    visitor_jobs: int = _number(
        12,
        "trainings",
        "Trainings of one visitor that are on the list, those that are over too.",
        10_000,
        VISITORS,
    )
    trainings: int = _number(
        40, "trainings", "Trainings of all visitors that run or wait at the same time.", 10_000, VISITORS
    )
    visitor_minutes: int = _number(15, "minutes", "One training of a visitor.", 100_000, VISITORS)
    visitor_minutes_a_day: int = _number(
        60,
        "minutes",
        "What one visitor may ask for within 24 hours, all trainings together.",
        100_000,
        VISITORS,
    )
    visitor_waiting: int = _number(
        12,
        "requests",
        "What one visitor lets wait or run at the same time, trainings aside.",
        10_000,
        VISITORS,
    )
    visitor_requests: int = _number(
        600,
        "requests a minute",
        "What one visitor asks of the app; an open page asks by itself too.",
        100_000,
        VISITORS,
    )
    visitor_files: int = _number(300, "files an hour", "Files that one visitor uploads.", 100_000, VISITORS)
    visitor_upload_mb: int = _number(
        200, "MB an hour", "What one visitor uploads, all files together.", 100_000, VISITORS
    )
    login_tries: int = _number(
        10, "tries a minute", "Wrong passwords from one address; then one waits.", 1_000, VISITORS
    )

    public_days: int = _number(
        7,
        "days",
        "A visitor without a name who has not come for so long is forgotten, with all there is.",
        3_650,
        SWEEPING,
    )
    user_days: int = _number(120, "days", "The same for one who signs in (--auth).", 3_650, SWEEPING)
    temporary_hours: int = _number(
        6, "hours", "Uploaded files and files made for a download are deleted after so long.", 8_760, SWEEPING
    )
    sweep_minutes: int = _number(
        30, "minutes", "How often the app looks for what is to be swept.", 100_000, SWEEPING
    )

    def __post_init__(self) -> None:
        for each in fields(self):
            check(each.name, getattr(self, each.name))

    @staticmethod
    def in_force(environment: Mapping[str, str] | None = None) -> "Settings":
        """Return the settings of this process: the defaults, and what the environment has instead.

        Raises PoetBotError, one sentence that names the variable.
        """
        environment = os.environ if environment is None else environment
        found = {
            each.name: number(variable(each.name), environment[variable(each.name)])
            for each in fields(Settings)
            if environment.get(variable(each.name), "").strip()
        }
        return Settings(**found)


def variable(name: str) -> str:
    """Return the name of the environment variable of a setting."""
    return PREFIX + name.upper()


def number(name: str, text: str) -> int:
    """Return the whole number that `text` is. Raises PoetBotError where it is none; `name` is what it was given as."""
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()):
        raise PoetBotError("{name} is {text!r}. Give an integer.", name=name, text=text[:40])
    return int(text.strip())  # which int does not do for every sign that strip takes for a space


def check(name: str, value: Any) -> None:
    """Raise PoetBotError where the setting of that name cannot have this value, or where there is none."""
    known = {each.name: each.metadata for each in fields(Settings)}
    if name not in known:
        raise PoetBotError(
            "There is no setting {name!r}. `python -m poetbot settings` lists them.", name=name[:40]
        )
    facts = known[name]
    if type(value) is not int or not facts["least"] <= value <= facts["most"]:
        raise PoetBotError(
            "The setting {name} must be an integer from {least:,} to {most:,} ({unit}).",
            name=name,
            least=facts["least"],
            most=facts["most"],
            unit=facts["unit"],
        )


def given(pairs: Sequence[str]) -> dict[str, str]:
    """Return environment variables for settings written NAME=VALUE. Raises PoetBotError where one is none."""
    found = {}
    for pair in pairs:
        name, sign, text = pair.partition("=")
        name = name.strip().lower()
        if not sign:
            raise PoetBotError(
                "{pair!r} isn't a setting. Write NAME=VALUE, such as upload_mb=50.", pair=pair[:40]
            )
        check(name, number(name, text))
        found[variable(name)] = text.strip()
    return found


@dataclass(frozen=True)
class Fixed:
    """A limit that belongs to the work itself and cannot be set. `where` names it: module, colon, constant."""

    meaning: str
    amount: int
    unit: str
    where: str


FIXED = (
    Fixed("First words given to a poet", 20_000, "characters", "poetbot.writing.request:MAX_SEED"),
    Fixed("One written poem", 20_000, "characters", "poetbot.writing.request:MAX_CHARACTERS"),
    Fixed("One written poem", 1_000, "lines", "poetbot.writing.request:MAX_LINES"),
    Fixed("A text of the Overlap tab", 5, "MB", "poetbot.overlap.input_text:MOST_MEGABYTES"),
    Fixed(
        "A poem whose sound is analysed", 50_000, "characters", "poetbot.web.tabs.study.sound:MAX_CHARACTERS"
    ),
    Fixed(
        "A poem that is shaded by surprise",
        6_000,
        "characters",
        "poetbot.web.tabs.study.surprise:MAX_CHARACTERS",
    ),
    Fixed("Files brought at once", 10_000, "files", "poetbot.documents.file_selection:MOST_FILES"),
    Fixed("What is brought at once", 100_000_000, "bytes", "poetbot.documents.decoding:MAX_BYTES"),
    Fixed("What a document unpacks to", 100_000_000, "bytes", "poetbot.documents.zip_archive:LARGEST_XML"),
    Fixed("A PDF", 5_000, "pages", "poetbot.documents.pdf:MOST_PAGES"),
    Fixed(
        "A poet in a .zip that is uploaded, and what it unpacks to",
        600_000_000,
        "bytes",
        "poetbot.library.poets.folder_contents:MOST_BYTES",
    ),
    Fixed("How deep an XML file is nested", 1_000, "levels", "poetbot.documents.xml_events:DEEPEST"),
)


def rows(settings: Settings) -> list[dict[str, Any]]:
    """Return the table: a row per setting, in order."""
    return [
        {
            "name": each.name,
            "value": getattr(settings, each.name),
            "default": each.default,
            "unit": each.metadata["unit"],
            "least": each.metadata["least"],
            "most": each.metadata["most"],
            "variable": variable(each.name),
            "group": each.metadata["group"],
            "meaning": each.metadata["meaning"],
        }
        for each in fields(Settings)
    ]


def as_json(settings: Settings) -> dict[str, Any]:
    """Return both tables as plain data."""
    return {"settings": rows(settings), "fixed": [dataclasses.asdict(each) for each in FIXED]}


def as_markdown(settings: Settings) -> str:
    """Return both tables as a page of the docs."""
    lines = [_INTRODUCTION]
    for group in (APP, VISITORS, SWEEPING):
        lines += ["", f"## {group}", "", "| setting | | what it limits |", "|---|---|---|"]
        lines += [
            f"| `{row['name']}` | {row['value']:,} {row['unit']} | {row['meaning']} |"
            for row in rows(settings)
            if row["group"] == group
        ]
    lines += ["", "## Limits that cannot be set", "", "| what | | where |", "|---|---|---|"]
    lines += [f"| {each.meaning} | {each.amount:,} {each.unit} | `{each.where}` |" for each in FIXED]
    return "\n".join(lines) + "\n"


_INTRODUCTION = """# Settings

Made by `python -m poetbot settings --markdown`; `python -m poetbot settings` shows what is in force where you are.
A setting is changed by an environment variable, its name in capitals behind `POETBOT_`, or for the app on its command line:

```sh
POETBOT_UPLOAD_MB=50 .venv/bin/python app.py
.venv/bin/python app.py --setting upload_mb=50 --setting trash_days=7
```

`POETBOT_HOME` names the folder in which everything of yours lies ([training.md](training.md#jobs-and-where-things-live)).
`POETBOT_LANGUAGE` (en or zh) is the language of the page for browsers that were never asked ([app.md](app.md)).
Who is a visitor, [serving.md](serving.md) says; on your own machine alone there are none, and only the first table counts."""
