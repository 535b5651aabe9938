"""A language of the interface: its code and name, its punctuation, and what the parts below say told in it.

The core speaks English, and so do the command line and the logs. An edition of the interface has a table from the core's
sentences to its own, where `{}` stands for what is filled in; a sentence that is not in the table is shown as it is, in
English. tests/web/test_sentences.py holds that every entry is a sentence of the code, and names those that are missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from poetbot.errors import PoetBotError
from poetbot.locale import SOURCE, locale
from poetbot.messages import Message

_LONGEST_PHRASE = 1_000  # characters of what is filled in; what is longer is no phrase of the core's


class Sentences:
    """A table of sentences, asked by calling it.

    A key is the English sentence with `{}` for each thing filled in; its value names them `{0}`, `{1}`, … and may leave
    some out (the "s" of a plural, say). What was filled in is looked up too, as it may be a phrase of the core's, or a list
    of counted things ("2 drafts, 1 private post"), whose names are looked up and which `listed` stands between.
    """

    def __init__(self, table: Mapping[str, str] | None = None, listed: str = ", ", key: str = SOURCE) -> None:
        self.table = dict(table or {})
        self._listed, self._key = listed, key
        # The one with most words of its own first: where two would do, it says more.
        patterns = sorted(self.table.items(), key=lambda pair: -len(pair[0]))
        self._patterns = [(key.split("{}"), value) for key, value in patterns if "{}" in key]

    def __call__(self, said: object) -> str:
        """Return a sentence, message or error of the core in the language of the page.

        Messages that have moved to the catalogue of the language `key` come from there.
        """
        sentence = str(said)
        language = locale(self._key)
        if isinstance(said, PoetBotError | Message):
            translated = language.say(said)
        else:
            translated = language.gettext(sentence) if sentence else ""
        if translated != sentence:
            return translated
        if (exact := self.table.get(sentence)) is not None:
            return exact
        for parts, value in self._patterns:
            if (filled := _filled_in(parts, sentence)) is not None:
                return value.format(
                    *(self(each) if len(each) <= _LONGEST_PHRASE else each for each in filled)
                )
        return self._counted(sentence) or sentence

    def _counted(self, said: str) -> str | None:
        things = [each.partition(" ") for each in said.split(", ")]
        if not all(count.replace(",", "").isdecimal() and name in self.table for count, _, name in things):
            return None
        return self._listed.join(f"{count} {self.table[name]}" for count, _, name in things)


def _filled_in(parts: Sequence[str], sentence: str) -> list[str] | None:
    """Return what stands between the `parts` of a sentence, each as short as it can be; None where they do not fit.

    The first place of every part will do, so nothing is tried twice: a name from outside may hold many colons.
    """
    first, *middle, last = parts
    at, end = len(first), len(sentence) - len(last)
    if at > end or not sentence.startswith(first) or not sentence.endswith(last):
        return None
    filled = []
    for part in middle:
        place = sentence.find(part, at, end)
        if place < 0:
            return None
        filled.append(sentence[at:place])
        at = place + len(part)
    return [*filled, sentence[at:end]]


@dataclass(frozen=True)
class Tongue:
    """A language. `key` names it in addresses and on the command line, `code` is what browsers are told (BCP 47)."""

    key: str
    code: str
    name: str  # in itself

    # What stands between words that are put together, with its space.
    stop: str
    comma: str
    listed: str  # between the things of a list
    semicolon: str
    colon: str
    gap: str  # between sentences
    aside: str  # what is added in brackets; filled in with `format`

    said: Sentences


IN_ENGLISH = Tongue(
    key="en",
    code="en",
    name="English",
    stop=".",
    comma=", ",
    listed=", ",
    semicolon="; ",
    colon=": ",
    gap=" ",
    aside=" ({})",
    said=Sentences(),
)
