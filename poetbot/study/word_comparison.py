"""Compares the words a poet wrote with those it read, by frequency or keyness, as clouds and as a table."""

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
"""Used instead of a language: detect it from the words, or do not remove stop words."""


class Clouds(NamedTuple):
    """Two clouds and the share with the largest letters in both, or None if each has its own scale."""

    first: Mapping[str, int]
    second: Mapping[str, int]
    largest: float | None


@dataclass(frozen=True)
class Comparison:
    """The counts of all words read and written, and the `language` of the hidden stop words (None to show all)."""

    all_read: Mapping[str, int]
    all_wrote: Mapping[str, int]
    language: str | None

    @cached_property
    def read(self) -> dict[str, int]:
        """The words read, without stop words."""
        return without_stop_words(self.all_read, self.language)

    @cached_property
    def wrote(self) -> dict[str, int]:
        """The words written, without stop words."""
        return without_stop_words(self.all_wrote, self.language)

    @cached_property
    def keys(self) -> list[Key]:
        """The words by descending keyness. Stop words count but are not shown. Raises PoetBotError as `keyness` does."""
        left_out = stop_words(self.language) if self.language else frozenset()
        return [key for key in keyness(self.all_wrote, self.all_read) if key.word not in left_out]

    @property
    def more(self) -> list[Key]:
        """The words written more often than read, by the strength of the evidence."""
        return [key for key in self.keys if key.keyness > 0]

    @property
    def less(self) -> list[Key]:
        """The words written less often than read, by the strength of the evidence."""
        return [key for key in reversed(self.keys) if key.keyness < 0]

    def clouds(self, *, by_key: bool) -> Clouds:
        """Return the clouds: read and written on one scale, or overused and underused by keyness."""
        if not by_key:
            return Clouds(self.read, self.wrote, largest_share(self.read, self.wrote) or None)
        # A cloud takes integer counts; tenths of keyness are precise enough.
        more = {key.word: round(10 * key.keyness) for key in self.more}
        less = {key.word: round(-10 * key.keyness) for key in self.less}
        return Clouds(more, less, None)

    def as_csv(self) -> str:
        """Return all words as CSV (RFC 4180). Raises PoetBotError as `keyness` does."""
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
