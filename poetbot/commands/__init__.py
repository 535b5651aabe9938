"""The commands of `python -m poetbot`, one module each."""

from poetbot.commands.main import main

__all__ = ["main"]
