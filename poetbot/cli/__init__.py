"""The commands of `python -m poetbot`, one module each."""

from poetbot.cli.main import main

__all__ = ["main"]
