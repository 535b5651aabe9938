"""Languages: gettext catalogues, one `.po` file each, and the few other things that differ between languages.

English is the source: the code holds every sentence in English, and `zh/LC_MESSAGES/poetbot.po` its translation.
docs/translating.md says how to add a language.
"""

import gettext
from collections.abc import Iterable
from functools import cache, reduce
from pathlib import Path
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.locale.po_file import translations_of
from poetbot.messages import Message

FOLDER = Path(__file__).parent
SOURCE = "en"
DOMAIN = "poetbot"


class Locale:
    """One language. `key` names it in addresses and on the command line; `code` is its BCP 47 tag, for browsers."""

    def __init__(self, key: str, translations: gettext.NullTranslations, code: str) -> None:
        self.key = key
        self.code = code
        self._translations = translations
        own = self.pgettext("the name of the language of this translation", "English")
        self.name = own if key == SOURCE or own != "English" else key

    def gettext(self, message: str, /, **values: Any) -> str:
        """Return `message` in this language, with `values` filled in where it names them in braces."""
        return _filled(self._translations.gettext(message), values)

    def ngettext(self, singular: str, plural: str, n: int, /, **values: Any) -> str:
        """The same for `n` things. The message may name `{n}`, which is filled in with commas between thousands."""
        message = self._translations.ngettext(singular, plural, n)
        return _filled(message, {"n": f"{n:,}", **values})

    def pgettext(self, context: str, message: str, /, **values: Any) -> str:
        """The same for a message that means different things in different places."""
        return _filled(self._translations.pgettext(context, message), values)

    def say(self, message: Message | PoetBotError | str) -> str:
        """Return a message of the core, that of an error, or a text without values, in this language."""
        if isinstance(message, str):
            return self.gettext(message)
        if isinstance(message, PoetBotError):
            message = message.message
        values = {
            name: self.say(value) if isinstance(value, Message) else value
            for name, value in message.values.items()
        }
        return self.gettext(message.template, **values)

    def list(self, items: Iterable[str]) -> str:
        """Return the items of a list as this language separates them, without an "and"."""
        return self.pgettext("between the items of a list", ", ").join(items)

    def sentences(self, sentences: Iterable[str]) -> str:
        """Return whole sentences one after the other; there is at least one."""
        return reduce(
            lambda first, second: self.pgettext(
                "two sentences", "{first} {second}", first=first, second=second
            ),
            sentences,
        )

    def aside(self, text: str) -> str:
        """Return `text` in this language's parentheses, with the space before them."""
        return self.pgettext("in parentheses, behind other words", " ({text})", text=text)


def _filled(message: str, values: dict[str, Any]) -> str:
    return message.format(**values) if values else message


@cache
def keys() -> tuple[str, ...]:
    """Return the keys of all languages, English first."""
    return (SOURCE, *sorted(folder.parents[1].name for folder in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")))


@cache
def locale(key: str) -> Locale:
    """Return the language of that key. Raises PoetBotError if there is no catalogue of it."""
    if key not in keys():
        raise PoetBotError(
            "There is no language {key!r}. Choose one of {keys}.", key=key[:20], keys=", ".join(keys())
        )
    if key == SOURCE:
        return Locale(key, gettext.NullTranslations(), "en")
    translations = translations_of(po_path(key).read_text("utf-8"))
    return Locale(key, translations, translations.info().get("language", key).replace("_", "-"))


def po_path(key: str) -> Path:
    """Return the `.po` file of a language other than English."""
    return FOLDER / key / "LC_MESSAGES" / f"{DOMAIN}.po"
