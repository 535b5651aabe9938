"""The one table of limits: read from the environment, checked, and the same in the docs."""

import importlib
import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from poetbot.cli.main import main
from poetbot.errors import PoetBotError
from poetbot.library.poets.folder_contents import MOST_BYTES
from poetbot.settings import FIXED, Settings, as_json, as_markdown, given, rows, variable

ROOT = Path(__file__).resolve().parents[1]


def test_the_docs_are_made_from_the_table() -> None:
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == as_markdown(Settings()), (
        "run `python -m poetbot settings --markdown > docs/settings.md`"
    )


@pytest.mark.parametrize("limit", FIXED, ids=lambda limit: limit.where)
def test_fixed_limits_equal_those_in_the_code(limit) -> None:
    module, name = limit.where.split(":")
    assert getattr(importlib.import_module(module), name) == limit.amount


def test_environment_variables_set_the_limits() -> None:
    found = Settings.in_force({"POETBOT_UPLOAD_MB": " 50 ", "POETBOT_WAITING": "", "POETBOT_HOME": "/x"})
    assert (found.upload_mb, found.waiting) == (50, Settings().waiting)


@pytest.mark.parametrize("bad", ["0", "-1", "1.5", "many", "9999999", "٣", "1e3", "0x10", "9" * 4000])
def test_invalid_limits_are_errors(bad: str) -> None:
    with pytest.raises(PoetBotError, match=r"(?i)upload_mb") as raised:
        Settings.in_force({"POETBOT_UPLOAD_MB": bad})
    assert len(str(raised.value)) < 200 and str(raised.value).endswith(".")


@each(st.text())
def test_any_text_is_a_limit_or_an_error(text: str) -> None:
    try:
        assert Settings.in_force({"POETBOT_UPLOAD_MB": text}).upload_mb >= 1
    except PoetBotError as error:
        assert "\n" not in str(error)


def test_the_command_line_of_the_app_sets_them_too() -> None:
    assert given(["upload_mb=50", "Trash_Days = 7"]) == {
        "POETBOT_UPLOAD_MB": "50",
        "POETBOT_TRASH_DAYS": "7",
    }
    for bad in ("upload_mb", "nothing=3", "upload_mb=0", "upload_mb=x", "=3", "home=/tmp"):
        with pytest.raises(PoetBotError):
            given([bad])


def test_every_setting_has_a_description() -> None:
    for row in rows(Settings()):
        assert row["least"] <= row["default"] <= row["most"]
        assert row["meaning"].endswith(".") and row["unit"] and row["variable"] == variable(row["name"])
    assert len(rows(Settings())) == len(fields(Settings))


def test_the_command_shows_what_is_in_force(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POETBOT_UPLOAD_MB", "50")
    assert main(["settings", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == as_json(Settings(upload_mb=50))
    assert main(["settings"]) == 0
    assert "POETBOT_UPLOAD_MB=50  MB (default: 600)" in capsys.readouterr().out
    monkeypatch.setenv("POETBOT_UPLOAD_MB", "much")
    assert main(["settings"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_every_variable_that_is_read_is_in_the_docs() -> None:
    known = {variable(each.name) for each in fields(Settings)} | {
        "POETBOT_HOME",
        "POETBOT_LANGUAGE",
        "POETBOT_CLUSTER",
    }
    for file in (ROOT / "poetbot").rglob("*.py"):
        assert set(re.findall(r"\bPOETBOT_[A-Z_]*[A-Z]\b", file.read_text("utf-8"))) <= known, file


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--host", "0.0.0.0"], "others can reach PoetBot"),
        (["--setting", "upload_mb=0"], "upload_mb must be an integer"),
        pytest.param(["--auth", "ada"], "USER:PASSWORD", marks=pytest.mark.slow),
        pytest.param(["--auth", "ada:secret", "--public"], "Give only one of them", marks=pytest.mark.slow),
    ],
)
def test_the_app_refuses_with_an_error(arguments: list[str], sentence: str) -> None:
    made = subprocess.run(
        [sys.executable, "app.py", *arguments], cwd=ROOT, capture_output=True, text=True, env=os.environ
    )
    assert made.returncode == 2 and not made.stdout
    assert sentence in made.stderr and made.stderr.count("\n") == 1 and "secret" not in made.stderr


def test_the_upload_limit_is_that_of_a_packed_poet() -> None:
    (facts,) = [each.metadata for each in fields(Settings) if each.name == "upload_mb"]
    assert Settings().upload_mb * 1_000_000 == facts["most"] * 1_000_000 == MOST_BYTES
