"""Where a poem of at most so many characters ends: at a line end near its bound, else at a word's end.

A poem goes one character past its bound, which shows whether a line or a word ends there, and is then cut. What a
reader sees on the way is cut in the same manner, at the last place that no later one can take back: word by word, and
line by line once a line has ended near the bound, since the poem may end with that line.
"""

import unicodedata
from functools import lru_cache
from typing import Literal

_NEAR = 4, 5
"""A line end is near the bound from this share of it on."""

_APOSTROPHES = frozenset("'’‘ʼ")
_OPENING = frozenset(("Ps", "Pi"))


class Length:
    """Follows a poem of at most `most` characters behind the first `start` of its text, which are the seed's."""

    def __init__(self, start: int, most: int) -> None:
        self._start, self._end = start, start + most
        self._seen = start
        self._line_end = self._word_end = self._mark_end = start

    def certain(self, text: str, firm: int) -> int:
        """Return how much of the text no later cut takes back, where its first `firm` characters stay as they are."""
        self._follow(text, firm)
        return max(self._line_end, self._word_end)

    def reached(self, text: str) -> bool:
        """Say whether the text is past its bound, so that `cut` knows the place."""
        return len(text) > self._end

    def cut(self, text: str) -> int:
        """Return where the text ends: at the last line end in the last fifth, else at the last word's end.

        Where neither is there, it ends behind the last mark within a word, as in "rain-", or at the very bound.
        """
        self._follow(text, len(text))
        found = max(self._line_end, self._word_end)
        if found == self._start:
            found = self._mark_end
        if found == self._start:
            found = max(self._start, len(text[: self._end].rstrip("\n")))
        return found

    def _follow(self, text: str, firm: int) -> None:
        """Look at the places that have come since the last call, each between two characters."""
        last = min(firm - 1, self._end)
        for place in range(self._seen + 1, last + 1):
            kind = _ending(text[place - 1], text[place])
            if text[place] == "\n" and self._is_near(place) and _has_text(text, place):
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
    """Say whether the line that ends here is no blank one."""
    return bool(text[text.rfind("\n", 0, end) + 1 : end].strip())


@lru_cache(maxsize=10_000)
def _ending(before: str, after: str) -> Literal["word", "mark"] | None:
    """Say what ends between two characters: a word with the marks that close it, or a mark within a word.

    Chinese and Japanese signs are words. No closing mark is parted from what it closes, nor an opening one.
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
    if _is_sign(before) or _is_sign(after):
        return "word"
    return "mark" if kind_before[0] == "P" and before not in _APOSTROPHES else None


def _is_sign(character: str) -> bool:
    """Say whether this is one of the wide characters that are written without spaces, or a mark among them."""
    wide = unicodedata.east_asian_width(character) in "WF"
    return wide and unicodedata.category(character) not in ("Lu", "Ll") and not "가" <= character <= "힣"
