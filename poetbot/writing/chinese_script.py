"""A person's Chinese script and the poet's: what was typed goes to the poet in its script, the poem comes back in the person's.

The network, the form and the overlap report see the poet's script alone. A text keeps its length on the way, so places in
it mean the same in both.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from poetbot.corpus.chinese_scripts import SCRIPTS, Script, in_script, script_of
from poetbot.errors import PoetBotError
from poetbot.overlap.copy_guard import mostly_signs
from poetbot.poets.folder import Poet

ANY = ""
"""Characters as they were typed, the poem as the poet writes it."""


def validate_script(script: Any) -> str:
    """Return the script a person writes in, ANY where it was not said. Raises PoetBotError for anything else."""
    if script is None or script == ANY:
        return ANY
    if script not in SCRIPTS:
        raise PoetBotError(
            "The script must be {scripts}. Leave it out to use the poet's own.", scripts=" or ".join(SCRIPTS)
        )
    return str(script)


def for_poet(text: str, poet: Poet, script: str) -> str:
    """Return what was typed in this script as it is written in the poet's.

    A poet that writes both scripts is given what was typed. Raises PoetBotError where the poet writes no Chinese.
    """
    own = poet_script(poet, script)
    return in_script(text, own) if own and own != script else text


def given(text: str, script: str) -> str:
    """Return what the poet wrote in the script that was asked for."""
    return in_script(text, _of(script)) if script else text


def given_lines(pieces: Iterable[str], script: str) -> Iterator[str]:
    """Give out the pieces of a poem as they come; in another script line by line, since a phrase decides its characters."""
    if not script:
        yield from pieces
        return
    held = ""
    for piece in pieces:
        held += piece
        whole = held.rfind("\n") + 1
        if whole:
            yield given(held[:whole], script)
            held = held[whole:]
    if held:
        yield given(held, script)


def poet_script(poet: Poet, script: str) -> Script | None:
    """Return the script a poet of Chinese writes, None for one that writes both, and where no script was asked for."""
    if not script:
        return None
    if not mostly_signs(poet.vocabulary.symbols):
        raise PoetBotError("This poet doesn't write Chinese. Leave the script out.")
    return script_of("".join(poet.vocabulary.symbols))


def _of(script: str) -> Script:
    return "simplified" if script == "simplified" else "traditional"
