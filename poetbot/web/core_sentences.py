"""Sentences of the core in the language of the page, while they move from a table to the catalogues."""

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.messages import Message
from poetbot.web.chinese.tongue import IN_CHINESE

_TABLES = {"zh": IN_CHINESE.said}


def said(said_by_core: Message | PoetBotError | str, language: Locale) -> str:
    """Return what the core said in `language`: from its catalogue, else from the table, else in English."""
    text = language.gettext(said_by_core) if isinstance(said_by_core, str) else language.say(said_by_core)
    if text == str(said_by_core) and language.key in _TABLES:
        return _TABLES[language.key](text)
    return text
