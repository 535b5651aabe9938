"""Real words only: a poet that spells writes no word that it hasn't read.

A poet rarely draws a unit that leads to no word. So each unit is checked after it is drawn; if it leads to no word, it is
excluded and another is drawn. This takes less time than forbidding all such units beforehand. A poet's rule is made only once,
because it remembers what may follow each beginning of a word.
"""

from poetbot.cjk import is_mostly_cjk
from poetbot.poem import MARKER
from poetbot.poets.folder import Poet
from poetbot.poets.vocabulary import Vocabulary
from poetbot.verse.dictionary import all_words
from poetbot.writing.form_rules import Logits, Rule, Spelling
from poetbot.writing.lexicon import LONGEST, Lexicon
from poetbot.writing.subword_rules import SubwordSpelling, UnitTrie, units_of

_NAME = "real_words"
_MOST_KEPT = 50_000


class RealWords:
    """The rule that every word is in a lexicon, for characters and for subwords."""

    def __init__(self, vocabulary: Vocabulary, lexicon: Lexicon, units: UnitTrie | None = None) -> None:
        self._alphabet = units.alphabet if units else vocabulary
        self._spelling = Spelling(self._alphabet, lexicon)
        self._marker = vocabulary.ids[MARKER[0]] if units is None else units.vocabulary.marker
        self._rule: Rule = SubwordSpelling(units, self._spelling) if units else self._spelling
        self._known: dict[tuple[str, str], bool] = {}

    def allows(self, before: str, text: str) -> bool:
        """Return whether a text, in one line, may follow the poem so far."""
        tail = before[-LONGEST:]
        key = tail[max(tail.rfind(" "), tail.rfind("\n")) + 1 :], text
        allowed = self._known.get(key)
        if allowed is None:
            if len(self._known) > _MOST_KEPT:
                self._known.clear()
            allowed = self._known[key] = self._spells(*key)
        return allowed

    def _spells(self, word: str, text: str) -> bool:
        """Return whether a text may follow a beginning of a word."""
        for character in text:
            forbidden = self._spelling.forbidden(word)
            if forbidden is not None and forbidden[self._alphabet.ids[character]]:
                return False
            word += character
        return True

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid all ids that lead to no word, as other rules do, but not the poem marker, which is no word."""
        marker = logits[self._marker]
        self._rule.forbid(line, logits, pending)
        logits[self._marker] = marker


def real_words_of(poet: Poet) -> RealWords | None:
    """Return the rule that allows only words that the poet has read, or those of the dictionary if it has no list of them.

    Return None for a poet of words, and for one of Chinese, Japanese or Korean, whose characters are words.
    """
    vocabulary = poet.vocabulary
    if not isinstance(vocabulary, Vocabulary) or is_mostly_cjk(vocabulary.symbols):
        return None
    if _NAME not in poet.derived:
        poet.derived[_NAME] = RealWords(vocabulary, Lexicon(poet.words() or all_words()), units_of(poet))
    rule: RealWords = poet.derived[_NAME]
    return rule
