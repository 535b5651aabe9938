"""PoetBot: teach a small recurrent network your kind of poem and write with it.

    poet = poetbot.load("english")
    poem = poet.write("The sea at night", lines=8, temperature=0.7, rng=1)
    poem.text, poem.overlap, poem.receipt

docs/api.md has the rest. Nothing is imported until it is used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from poetbot.api import (
        Poem,
        Poet,
        PoetBotError,
        find_poems,
        list_forms,
        list_poets,
        load,
        read_poems,
        train,
    )

__version__ = "0.2.0"

__all__ = [
    "Poem",
    "Poet",
    "PoetBotError",
    "__version__",
    "find_poems",
    "list_forms",
    "list_poets",
    "load",
    "read_poems",
    "train",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'poetbot' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("poetbot.api"), name)


def __dir__() -> list[str]:
    return __all__
