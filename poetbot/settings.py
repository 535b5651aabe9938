"""Every limit of the app in one table: what it limits, its value, and how to change it.

`python -m poetbot settings` prints the table, and docs/settings.md is generated from it.
"""

import dataclasses
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypedDict

from poetbot.errors import PoetBotError
from poetbot.installation import COMMAND

PREFIX = "POETBOT_"
APP, VISITORS, SWEEPING = "The app", "Visitors of an app that is served to others", "Cleaning up"
CLUSTER = "Training on a cluster (POETBOT_CLUSTER)"


def _number(default: int, unit: str, meaning: str, most: int, group: str, least: int = 1) -> Any:
    facts = {"unit": unit, "meaning": meaning, "least": least, "most": most, "group": group}
    return field(default=default, metadata=facts)


@dataclass(frozen=True)
class Settings:
    """The limits in force, all integers. Raises PoetBotError if one is out of range."""

    waiting: int = _number(
        64,
        "requests",
        "Requests that can wait in the queue, of all visitors together; more are refused.",
        10_000,
        APP,
    )
    writing: int = _number(
        64,
        "people",
        "People who can write at the same time, in fair turns; others wait.",
        1_000,
        APP,
    )
    upload_mb: int = _number(
        600,
        "MB",
        "Largest uploaded file, including packed poets; poems to train on have a lower limit below.",
        600,
        APP,
    )
    body_mb: int = _number(32, "MB", "Largest request that isn't a file: texts and settings.", 1_000, APP)
    reading_seconds: int = _number(
        300,
        "seconds",
        "Time limit for reading an upload or pasted text.",
        86_400,
        APP,
    )
    poems_kept: int = _number(
        200, "poems", "Poems that an open page remembers; then the oldest is dropped.", 10_000, APP
    )
    pages: int = _number(400, "pages", "Open pages that are remembered, each with its poems.", 10_000, APP)
    poets_in_memory: int = _number(
        16, "poets", "Poets kept in memory; the least recently used one is dropped.", 1_000, APP
    )
    poets_mb: int = _number(
        2_000,
        "MB",
        "Weights of the poets kept in memory; the last one used stays, however large.",
        1_000_000,
        APP,
    )
    trash_days: int = _number(30, "days", "How long a deleted poet can be restored.", 3_650, APP)

    visitors: int = _number(500, "visitors", "Visitors with saved data at the same time.", 100_000, VISITORS)
    visitors_gb: int = _number(20, "GB", "Saved data of all visitors together.", 100_000, VISITORS)
    visitor_mb: int = _number(
        500, "MB", "Saved data of one visitor: corpora, training runs, poets, trash.", 1_000_000, VISITORS
    )
    visitor_poets: int = _number(12, "poets", "Poets of one visitor, including the trash.", 10_000, VISITORS)
    visitor_corpora: int = _number(24, "corpora", "Corpora of one visitor.", 10_000, VISITORS)
    visitor_trainings: int = _number(
        2, "training runs", "Training runs of one visitor that run or wait at the same time.", 100, VISITORS
    )
    visitor_jobs: int = _number(
        12,
        "training runs",
        "Training runs in one visitor's list, including finished ones.",
        10_000,
        VISITORS,
    )
    trainings: int = _number(
        40,
        "training runs",
        "Training runs of all visitors that run or wait at the same time.",
        10_000,
        VISITORS,
    )
    visitor_minutes: int = _number(
        15, "minutes", "Length of one training run of a visitor.", 100_000, VISITORS
    )
    visitor_minutes_a_day: int = _number(
        60,
        "minutes",
        "Training time of one visitor within 24 hours.",
        100_000,
        VISITORS,
    )
    visitor_waiting: int = _number(
        12,
        "requests",
        "Requests of one visitor that wait or run at the same time, not counting training.",
        10_000,
        VISITORS,
    )
    visitor_requests: int = _number(
        600,
        "requests a minute",
        "Requests of one visitor; an open page sends some on its own.",
        100_000,
        VISITORS,
    )
    visitor_files: int = _number(300, "files an hour", "Files uploaded by one visitor.", 100_000, VISITORS)
    visitor_upload_mb: int = _number(
        200, "MB an hour", "Total size of the files uploaded by one visitor.", 100_000, VISITORS
    )
    login_tries: int = _number(
        10, "tries a minute", "Wrong passwords from one address before it has to wait.", 1_000, VISITORS
    )

    public_days: int = _number(
        7,
        "days",
        "Days without a visit after which an anonymous visitor's data is deleted.",
        3_650,
        SWEEPING,
    )
    user_days: int = _number(120, "days", "The same for visitors who sign in (--auth).", 3_650, SWEEPING)
    temporary_hours: int = _number(
        6, "hours", "Hours after which uploaded files and files for download are deleted.", 8_760, SWEEPING
    )
    sweep_minutes: int = _number(30, "minutes", "How often the app cleans up.", 100_000, SWEEPING)

    cluster_trainings: int = _number(
        2, "training runs", "Training runs that train at the same time; others wait.", 1_000, CLUSTER
    )
    cluster_cpus: int = _number(2, "cores", "Processor cores of one training run.", 1_024, CLUSTER)
    cluster_gpus: int = _number(0, "GPUs", "GPUs of one training run.", 64, CLUSTER, least=0)

    def __post_init__(self) -> None:
        for each in fields(self):
            check(each.name, getattr(self, each.name))

    @staticmethod
    def in_force(environment: Mapping[str, str] | None = None) -> "Settings":
        """Return the settings of this process: the defaults, overridden by environment variables.

        Raises PoetBotError, which names the variable, if one is invalid.
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
    """Return the integer in `text`. Raises PoetBotError, which calls it `name`, if it isn't one."""
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()):
        raise PoetBotError("{name} is {text!r}. Give an integer.", name=name, text=text[:40])
    return int(text.strip())  # which int doesn't do for every character that strip treats as a space


def check(name: str, value: Any) -> None:
    """Raise PoetBotError if there is no such setting, or if it can't have this value."""
    known = {each.name: each.metadata for each in fields(Settings)}
    if name not in known:
        raise PoetBotError(
            "There is no setting {name!r}. `{command} settings` lists them.",
            name=name[:40],
            command=COMMAND,
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
    """Return environment variables for settings written NAME=VALUE. Raises PoetBotError if one is invalid."""
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
    """A limit that can't be changed. `where` names its constant, as module:constant."""

    meaning: str
    amount: int
    unit: str
    where: str


FIXED = (
    Fixed("First words of a poem", 20_000, "characters", "poetbot.writing.request:MAX_SEED"),
    Fixed("One written poem", 20_000, "characters", "poetbot.writing.request:MAX_CHARACTERS"),
    Fixed("One written poem", 1_000, "lines", "poetbot.writing.request:MAX_LINES"),
    Fixed("A text on the Overlap tab", 5, "MB", "poetbot.overlap.input_text:MOST_MEGABYTES"),
    Fixed(
        "A poem whose sound is analysed", 50_000, "characters", "poetbot.web.tabs.study.sound:MAX_CHARACTERS"
    ),
    Fixed(
        "A poem shaded by surprise",
        6_000,
        "characters",
        "poetbot.web.tabs.study.surprise:MAX_CHARACTERS",
    ),
    Fixed("Files added at once", 10_000, "files", "poetbot.documents.file_selection:MAX_FILES"),
    Fixed("Total size of files added at once", 100_000_000, "bytes", "poetbot.documents.decoding:MAX_BYTES"),
    Fixed("A document, unpacked", 100_000_000, "bytes", "poetbot.documents.zip_archive:MAX_XML_BYTES"),
    Fixed("A PDF", 5_000, "pages", "poetbot.documents.pdf:MAX_PAGES"),
    Fixed(
        "An uploaded poet (.zip), packed and unpacked",
        600_000_000,
        "bytes",
        "poetbot.library.poets.folder_contents:MOST_BYTES",
    ),
    Fixed("Nesting of an XML file", 1_000, "levels", "poetbot.documents.xml_events:MAX_DEPTH"),
)


class SettingRow(TypedDict):
    """A row of the table: a setting with its value in force, its limits and what it means."""

    name: str
    value: int
    default: int
    unit: str
    least: int
    most: int
    variable: str
    group: str
    meaning: str


class SettingTables(TypedDict):
    """The settings, and the limits that can't be changed."""

    settings: list[SettingRow]
    fixed: list[dict[str, Any]]


def rows(settings: Settings) -> list[SettingRow]:
    """Return the table: a row per setting, in order."""
    return [
        {
            "name": each.name,
            "value": getattr(settings, each.name),
            "default": getattr(Settings, each.name),
            "unit": each.metadata["unit"],
            "least": each.metadata["least"],
            "most": each.metadata["most"],
            "variable": variable(each.name),
            "group": each.metadata["group"],
            "meaning": each.metadata["meaning"],
        }
        for each in fields(Settings)
    ]


def as_json(settings: Settings) -> SettingTables:
    """Return both tables as plain data."""
    return {"settings": rows(settings), "fixed": [dataclasses.asdict(each) for each in FIXED]}


def as_markdown(settings: Settings) -> str:
    """Return both tables as a page of the docs."""
    lines = [_INTRODUCTION]
    for group in (APP, VISITORS, SWEEPING, CLUSTER):
        lines += ["", f"## {group}", "", "| setting | | what it limits |", "|---|---|---|"]
        lines += [
            f"| `{row['name']}` | {row['value']:,} {row['unit']} | {row['meaning']} |"
            for row in rows(settings)
            if row["group"] == group
        ]
    lines += ["", "## Limits that can't be changed", "", "| what | | where |", "|---|---|---|"]
    lines += [f"| {each.meaning} | {each.amount:,} {each.unit} | `{each.where}` |" for each in FIXED]
    return "\n".join(lines) + "\n"


_INTRODUCTION = """# Settings

Generated by `python -m poetbot settings --markdown`. `python -m poetbot settings` shows the values in force.
To change a setting, set an environment variable (`POETBOT_` and its name in capitals) or use the app's command line:

```sh
POETBOT_UPLOAD_MB=50 .venv/bin/python app.py
.venv/bin/python app.py --setting upload_mb=50 --setting trash_days=7
```

`POETBOT_HOME` is the folder for all your data ([training.md](training.md#training-runs-and-your-data-folder)).
`POETBOT_LANGUAGE` (en or zh) is the default language of the page ([app.md](app.md)).
`POETBOT_CLUSTER` is the address of a Ray cluster that trains instead of this machine ([scaling.md](scaling.md)).
[serving.md](serving.md) explains visitors. On your own machine there are none, and only the first table applies."""
