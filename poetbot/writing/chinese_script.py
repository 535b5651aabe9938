"""Simplified and traditional Chinese: input is converted to the poet's script, and the poem back to the user's.

The network, the form and the overlap report see only the poet's script. Conversion keeps the length of a text, so
offsets mean the same in both.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from poetbot.cjk import is_mostly_cjk
from poetbot.corpus.chinese_scripts import SCRIPTS, Script, in_script, script_of
from poetbot.errors import PoetBotError
from poetbot.poets.folder import Poet
from poetbot.verse.chinese import HAN

ANY = ""
"""No conversion."""
_TELLING = 2_000  # characters at the end of a text that tell its script
_OTHERS: tuple[Script, Script] = ("traditional", "simplified")


def validate_script(script: Any) -> str:
    """Return the script, or ANY if it isn't set. Raises PoetBotError for anything else."""
    if script is None or script == ANY:
        return ANY
    if script not in SCRIPTS:
        raise PoetBotError(
            "The script must be {scripts}. Leave it out to use the poet's own.", scripts=" or ".join(SCRIPTS)
        )
    return str(script)


def for_poet(text: str, poet: Poet, script: str) -> str:
    """Return the input converted from `script` to the poet's, unchanged for a poet that writes both.

    Raises PoetBotError if the poet doesn't write Chinese.
    """
    own = poet_script(poet, script)
    return in_script(text, own) if own and own != script else text


def answering_script(poet: Poet, chosen: str, text: str) -> str:
    """Return the script to answer a text in: the chosen one, or else the text's own.

    ANY if that is the poet's script, if the text has no character that tells, or if the poet doesn't write Chinese.
    """
    symbols = poet.vocabulary.symbols
    own = script_of("".join(symbols)) if is_mostly_cjk(symbols) else None
    chosen = validate_script(chosen)
    if own is None:
        return ANY
    wanted = chosen or _told_script(text[-_TELLING:])
    return ANY if wanted == own else wanted


def given(text: str, script: str) -> str:
    """Return the poet's text in the requested script."""
    return in_script(text, _of(script)) if script else text


def given_lines(pieces: Iterable[str], script: str) -> Iterator[str]:
    """Yield the pieces of a poem; in another script line by line, because conversion depends on whole phrases."""
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
    """Return the script of a Chinese poet; None if it writes both or no script is requested."""
    if not script:
        return None
    if not is_mostly_cjk(poet.vocabulary.symbols):
        raise PoetBotError("This poet doesn't write Chinese. Leave the script out.")
    return script_of("".join(poet.vocabulary.symbols))


def _told_script(text: str) -> str:
    """Return the script of which a text has more characters that aren't written so in the other, or ANY."""
    signs = "".join(each if HAN.fullmatch(each) else "\n" for each in text)
    simplified, traditional = (
        sum(a != b for a, b in zip(signs, in_script(signs, other), strict=True)) for other in _OTHERS
    )
    if simplified == traditional:
        return ANY
    return "simplified" if simplified > traditional else "traditional"


def _of(script: str) -> Script:
    return "simplified" if script == "simplified" else "traditional"
