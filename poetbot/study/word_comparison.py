"""The words a poet wrote beside those it read: without common words, by how often or by keyness, as clouds and as a table."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from poetbot.study.clouds import largest_share
from poetbot.study.keyness import Key, keyness
from poetbot.study.stop_words import language_of, stop_words, without_stop_words

AUTO, NONE = "auto", "none"
"""Instead of a language: the one that the words are in, and no common words at all."""


class Clouds(NamedTuple):
    """Two clouds and the share that gets the largest letters in both; None where each has a scale of its own."""

    first: Mapping[str, int]
    second: Mapping[str, int]
    largest: float | None


@dataclass(frozen=True)
class Comparison:
    """Counts of all words read and written, and the `language` whose common words are not shown (None for all words)."""

    all_read: Mapping[str, int]
    all_wrote: Mapping[str, int]
    language: str | None

    @cached_property
    def read(self) -> dict[str, int]:
        """What was read, without common words."""
        return without_stop_words(self.all_read, self.language)

    @cached_property
    def wrote(self) -> dict[str, int]:
        """What was written, without common words."""
        return without_stop_words(self.all_wrote, self.language)

    @cached_property
    def keys(self) -> list[Key]:
        """The words by falling keyness; common ones count and are not shown. Raises PoetBotError as `keyness` does."""
        left_out = stop_words(self.language) if self.language else frozenset()
        return [key for key in keyness(self.all_wrote, self.all_read) if key.word not in left_out]

    @property
    def more(self) -> list[Key]:
        """What is said more than it was read, the surest first."""
        return [key for key in self.keys if key.keyness > 0]

    @property
    def less(self) -> list[Key]:
        """What is said less than it was read, the surest first."""
        return [key for key in reversed(self.keys) if key.keyness < 0]

    def clouds(self, *, by_key: bool) -> Clouds:
        """Return what is drawn: read and wrote on one scale, or what is said more and less by keyness."""
        if not by_key:
            return Clouds(self.read, self.wrote, largest_share(self.read, self.wrote) or None)
        # A cloud takes whole counts; tenths of keyness are as fine as its letters.
        more = {key.word: round(10 * key.keyness) for key in self.more}
        less = {key.word: round(-10 * key.keyness) for key in self.less}
        return Clouds(more, less, None)

    def as_csv(self) -> str:
        """Return all words as a table (RFC 4180). Raises PoetBotError as `keyness` does."""
        page = io.StringIO()
        writer = csv.writer(page)
        writer.writerow(Key._fields)
        writer.writerows(self.keys)
        return page.getvalue()


def compare_words(read: Mapping[str, int], wrote: Mapping[str, int], common: str = AUTO) -> Comparison:
    """Compare counts of all words; `common` names a language with stop words, or is "auto" or "none".

    Raises PoetBotError for a language without a list.
    """
    language = language_of(read or wrote) if common == AUTO else None if common == NONE else common
    if language is not None:
        stop_words(language)
    return Comparison(read, wrote, language)
