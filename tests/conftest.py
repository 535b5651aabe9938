"""What every test stands on: no test reads or writes what a person owns, and none calls home."""

import os
from collections.abc import Iterator
from pathlib import Path

# Before any test module imports gradio, which reads it once.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import pytest
from hypothesis import settings

# A deadline per example measures how busy the machine is; pytest-timeout catches what hangs.
settings.register_profile("poetbot", deadline=None)
settings.load_profile("poetbot")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Move what a person owns into a temporary folder, for fixtures that live longer than one test."""
    with pytest.MonkeyPatch.context() as patch:
        _move_home(patch, tmp_path_factory.mktemp("home"))
        yield


@pytest.fixture(autouse=True)
def poetbot_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give this test a home of its own (poets, runs, uploads, caches) and return it."""
    home = tmp_path / "poetbot-home"
    _move_home(monkeypatch, home)
    return home


def _move_home(patch: pytest.MonkeyPatch, home: Path) -> None:
    patch.setenv("POETBOT_HOME", str(home))
    patch.setenv("GRADIO_TEMP_DIR", str(home / "gradio"))
    patch.setenv("MPLCONFIGDIR", str(home / "matplotlib"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real books and corpora that may lie beside the checkout."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("The folder shared/ with the real books does not lie beside this checkout.")
    return folder
