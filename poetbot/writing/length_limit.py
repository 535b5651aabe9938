"""Where a poem with a maximum length ends: after a line near the limit, else after a word.

A poem is written one character past its limit, which shows whether a line or a word ends there, and is then cut. What
is shown while it is being written is cut in the same way, so that nothing is taken back later: word by word, and line
by line once a line has ended near the limit, because the poem may end with that line.
"""

import unicodedata
from functools import lru_cache
from typing import Literal

_NEAR = 4, 5
"""A line end is near the limit from this share of it on."""

_APOSTROPHES = frozenset("'’‘ʼ")
_OPENING = frozenset(("Ps", "Pi"))


class Length:
    """Follows a poem of at most `most` characters after the `start` characters of its seed."""

    def __init__(self, start: int, most: int) -> None:
        self._start, self._end = start, start + most
        self._seen = start
        self._line_end = self._word_end = self._mark_end = start

    def certain(self, text: str, firm: int) -> int:
        """Return how much of the text is final, given that its first `firm` characters won't change."""
        self._follow(text, firm)
        return max(self._line_end, self._word_end)

    def reached(self, text: str) -> bool:
        """Return whether the text is past its limit, so that `cut` can decide."""
        return len(text) > self._end

    def cut(self, text: str) -> int:
        """Return where to cut the text: after the last line in the last fifth, else after the last word.

        Without either, after the last mark within a word, as in "rain-", or exactly at the limit.
        """
        self._follow(text, len(text))
        found = max(self._line_end, self._word_end)
        if found == self._start:
            found = self._mark_end
        if found == self._start:
            found = max(self._start, len(text[: self._end].rstrip("\n")))
        return found

    def _follow(self, text: str, firm: int) -> None:
        """Examine the positions since the last call."""
        last = min(firm - 1, self._end)
        for place in range(self._seen + 1, last + 1):
            after = text[place]
            kind = _ending(text[place - 1], after)
            if after == "\n" and self._is_near(place) and _has_text(text, place):
                self._line_end = place
            elif kind == "word" and self._line_end == self._start:
                self._word_end = place
            elif kind == "mark":
                self._mark_end = place
        self._seen = max(self._seen, last)

    def _is_near(self, place: int) -> bool:
        share, whole = _NEAR
        return whole * (place - self._start) >= share * (self._end - self._start)


def _has_text(text: str, end: int) -> bool:
    """Return whether the line that ends here isn't blank."""
    return bool(text[text.rfind("\n", 0, end) + 1 : end].strip())


@lru_cache(maxsize=10_000)
def _ending(before: str, after: str) -> Literal["word", "mark"] | None:
    """Return what ends between two characters: a word with its closing marks, or a mark within a word.

    Chinese and Japanese characters are words. Closing and opening marks are never separated from their word.
    """
    if before.isspace():
        return None
    if after.isspace():
        return "word"
    kind_before, kind_after = unicodedata.category(before), unicodedata.category(after)
    if kind_before in _OPENING or kind_before == "Cf" or kind_after == "Cf" or kind_after[0] == "M":
        return None
    if kind_after[0] == "P" and kind_after not in _OPENING:
        return None
    if _is_cjk(before) or _is_cjk(after):
        return "word"
    return "mark" if kind_before[0] == "P" and before not in _APOSTROPHES else None


def _is_cjk(character: str) -> bool:
    """Return whether this is a wide character of a script without spaces, or one of its marks."""
    wide = unicodedata.east_asian_width(character) in "WF"
    return wide and unicodedata.category(character) not in ("Lu", "Ll") and not "가" <= character <= "힣"
