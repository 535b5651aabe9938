"""How PoetBot was installed: the command that starts it, the folders that come with it, and what it may lack."""

import importlib.util
import os
import sys
from pathlib import Path

from poetbot.errors import PoetBotError

COMMAND = "poetbot" if Path(sys.argv[0]).stem == "poetbot" else "python -m poetbot"
"""What a person typed to start PoetBot: the installed command, or Python in a clone."""

_PACKAGE = Path(__file__).resolve().parent


def bundled_folder(name: str) -> Path:
    """Return a folder that comes with PoetBot: inside the package if it was installed, beside it in a clone."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def can_train() -> bool:
    """Return whether Keras and what it runs on are installed. Imports neither."""
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    return all(importlib.util.find_spec(name) for name in ("keras", backend))


def check_can_train() -> None:
    """Raise PoetBotError, which names the command that installs what is missing, unless `can_train()`."""
    if not can_train():
        raise PoetBotError(
            "To train poets, install TensorFlow with `{command}`, then start PoetBot again.",
            command=install_command("teach"),
        )


def check_cluster_installed() -> None:
    """Raise PoetBotError if Ray isn't installed. The error names the command that installs it. Imports nothing."""
    if not all(importlib.util.find_spec(name) for name in ("ray", "pyarrow")):
        raise PoetBotError(
            "To work on a cluster, install Ray with `{command}`, then try again.",
            command=install_command("cluster"),
        )


def install_command(extra: str) -> str:
    """Return the command that adds an extra to this installation; uv and pipx mark theirs with a file."""
    pip = "pip install"
    if (Path(sys.prefix) / "uv-receipt.toml").is_file():
        pip = 'uv pip install --python "$(uv tool dir)/poetbot"'
    elif (Path(sys.prefix) / "pipx_metadata.json").is_file():
        pip = "pipx runpip poetbot install"
    return f'{pip} "poetbot[{extra}]"'
