"""How well a suggested line suits the style of its poem: its length, its words, its punctuation.

Surprise per character says little about a short line, and nothing about a style that the poet shares but the poem doesn't.
So a line is worse the more it has of what a demanding reader strikes out at sight. Each is a closed list or a count, and
none of it counts if the poem does the same:

- fewer characters than a third of the poem's usual line, as in "ah,";
- no content word, as in "but not to do";
- archaic or exclamatory words in a plain poem, as in "lo" or "thee";
- hyphenated compounds in a poem without them, which a small network makes up, such as "fish-haired";
- capitalised names that the poem hasn't mentioned;
- marks that a punctuated poem hasn't used, such as exclamation marks and semicolons;
- a comma splice, a second main clause joined by a comma alone, as in "She folds a shirt, / she is black".

For languages other than English, only length and marks count.
"""

import re
import statistics
from dataclasses import dataclass
from functools import cached_property

from poetbot.writing.lexicon import casefolded
from poetbot.writing.phrases import content_words

SHORT = 1.0
EMPTY = 0.4
ARCHAIC = 0.3
COMPOUND = 0.3
NEW_NAME = 0.3
NEW_MARK = 0.15
SPLICE = 0.5

_SHORTEST = 1 / 3  # of the usual length of a line
_LINES = 12  # before, which tell the usual length
_FEWEST = 2  # lines that tell a poem's style
_SENTENCE = re.compile(r"(?:[^.!?…;:—-]|-(?!-))+")
_SHORTEST_CLAUSE = 3  # words
_MOST = 2  # of each kind that count
_WORD = re.compile(r"['’]?[^\W\d_]+(?:['’][^\W\d_]+)*")
_COMPOUND = re.compile(r"[^\W\d_](?:-|‐)(?=[^\W\d_])")
_NAME = re.compile(r"(?<=[\w,;:’'] )(?!I\b)[^\W\d_a-z][^\W\d_]+")
_MARKS = (*"!?;:()", "—", "…", '"')
_SAME_MARK = str.maketrans({"“": '"', "”": '"', "–": "—"})
_LISTS = {
    "archaic": "thou thee thy thine thyself ye hath hast doth dost didst shalt wilt canst wouldst shouldst couldst wert o oh ah "
    "lo alas nay yea hark behold ere oft o'er ne'er e'er e'en 'tis 'twas 'twere 'twill tis twas yon yonder unto betwixt methinks "
    "whence thence hither thither whither wherefore morn",
    "subject": "i he she we they you it there",
    "calendar": "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december christmas easter",
    # A sentence that begins with one of them may have its main clause after a comma.
    "opener": "when whenever while if unless though although because since as before after until till once where wherever whether "
    "at in on from with without by under over through during beyond between behind beside besides for to like all each every "
    "one two yesterday today tomorrow tonight now then here what who which how why and but or nor so",
}
_ARCHAIC, _SUBJECT, _CALENDAR, _OPENERS = (frozenset(words.split()) for words in _LISTS.values())


@dataclass(frozen=True)
class LineStyle:
    """The style of a poem up to a line, whose typed beginning is part of `before`."""

    before: str
    english: bool = True

    def penalty(self, line: str) -> float:
        """Return the penalty of a whole line, 0 if nothing speaks against it."""
        words = _words(line) if self.english else []
        found = SHORT * self._is_short(line)
        if self.english:
            found += EMPTY * (self._has_content and not content_words(line))
            if not self._is_archaic:
                found += ARCHAIC * min(_MOST, sum(word in _ARCHAIC for word in words))
            if len(self._lines) >= _FEWEST and not _COMPOUND.search(self.before):
                found += COMPOUND * min(_MOST, len(_COMPOUND.findall(line)))
            found += NEW_NAME * min(_MOST, len(self._new_names(line)))
            found += SPLICE * self._is_spliced(line)
        if self._is_punctuated:
            found += NEW_MARK * min(_MOST, len(_marks(line) - self._used))
        return found

    @cached_property
    def _lines(self) -> list[str]:
        """The complete lines before."""
        return [line.strip() for line in self.before.split("\n")[:-1] if line.strip()]

    def _is_short(self, line: str) -> bool:
        lengths = [len(each) for each in self._lines[-_LINES:]]
        return bool(lengths) and len(line.strip()) < min(_SHORTEST * statistics.median(lengths), *lengths)

    @cached_property
    def _has_content(self) -> bool:
        return bool(self._lines) and all(content_words(line) for line in self._lines)

    @cached_property
    def _is_archaic(self) -> bool:
        return len(self._lines) < _FEWEST or not _ARCHAIC.isdisjoint(_words(self.before))

    @cached_property
    def _used(self) -> frozenset[str]:
        return _marks(self.before)

    @cached_property
    def _is_punctuated(self) -> bool:
        return sum(line[-1:] in ",.;:!?…—" for line in self._lines) >= _FEWEST

    def _new_names(self, line: str) -> set[str]:
        """Return the names in a line, which are capitalised within a sentence; none if the poem does that too."""
        if self._has_names:
            return set()
        return _names(line.strip())

    @cached_property
    def _has_names(self) -> bool:
        return len(self._lines) < _FEWEST or any(map(_names, self._lines))

    def _is_spliced(self, line: str) -> bool:
        """Return whether a comma alone joins a main clause that begins in the line to one before it."""
        complete = self.before[: self.before.rfind("\n") + 1]
        text = complete + line
        for sentence in _SENTENCE.finditer(text):
            opening = _words(sentence[0])[:1]
            if sentence.end() <= len(complete) or not opening or _awaits_clause(opening[0]):
                continue
            for comma in re.finditer(r",\s*(?![\"'”’\s])", sentence[0]):
                clause = _words(sentence[0][comma.end() :])
                begins_here = sentence.start() + comma.end() >= len(complete)
                after_clause = len(_words(sentence[0][: comma.start()])) >= _SHORTEST_CLAUSE
                if begins_here and after_clause and len(clause) > 1 and clause[0] in _SUBJECT:
                    return True
        return False


def _awaits_clause(word: str) -> bool:
    """Return whether the main clause of a sentence that begins with this word may come after a comma."""
    return word in _OPENERS or word.endswith(("ing", "ed"))


def _names(line: str) -> set[str]:
    """Return the words that are capitalised within a sentence, other than *I*, days and months."""
    return {name for name in _NAME.findall(line) if casefolded(name) not in _CALENDAR}


def _words(text: str) -> list[str]:
    return _WORD.findall(casefolded(text))


def _marks(text: str) -> frozenset[str]:
    same = text.translate(_SAME_MARK).replace("--", "—")
    return frozenset(mark for mark in _MARKS if mark in same)
