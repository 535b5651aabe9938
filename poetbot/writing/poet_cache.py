"""A poet at its desk: what suggestions and forms need of it again and again, made once and kept within bounds."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from threading import Lock

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.overlap.copy_guard import Guard, mostly_signs
from poetbot.poets.folder import Poet
from poetbot.poets.interfaces import WritingState
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary
from poetbot.verse.dictionary import all_words
from poetbot.writing.cjk_form_rules import SignCount, SignKinds
from poetbot.writing.form_rules import Ending, FirstLetter, Rule, Spelling
from poetbot.writing.forms import LineForm
from poetbot.writing.lexicon import Lexicon
from poetbot.writing.subword_rules import Lifted, Units
from poetbot.writing.word_sounds import Chinese, Ear, Signs, Unheard, is_chinese, is_english
from poetbot.writing.writer import primed

_STATES = 64
"""Primed states that are kept, of some kilobytes each."""

_PRIMING = 2_000  # characters before the cursor that decide a primed state, and more than any poet reads


class Desk:
    """One poet, what it has read, and what was worked out about both. It may be used by several threads."""

    def __init__(self, poet: Poet, index: OverlapIndex | None = None) -> None:
        self.poet, self.index = poet, index
        self._states: OrderedDict[str, WritingState] = OrderedDict()
        self._spellings: dict[int | None, Rule] = {}
        self._lock = Lock()

    def primed(self, before: str) -> WritingState:
        """Return the one-row state behind a poem so far, which is not to be changed: it is kept for the next time."""
        key = before[-_PRIMING:]
        with self._lock:
            if key in self._states:
                self._states.move_to_end(key)
                return self._states[key]
        state = primed(self.poet, key)
        with self._lock:
            self._states[key] = state
            while len(self._states) > _STATES:
                self._states.popitem(last=False)
        return state

    def guard(self, words: int) -> Guard | None:
        """Return the guard that lets no run of so many words be copied, None for 0.

        Raises PoetBotError where it is not known what the poet has read.
        """
        if not words:
            return None
        index = self.index or OverlapIndex.open(self.poet.overlap_folder)
        return Guard(index, words, lines=mostly_signs(self.poet.vocabulary.symbols))

    @cached_property
    def ear(self) -> Ear | Signs:
        """How the poet's language sounds."""
        symbols = self.poet.vocabulary.symbols
        if mostly_signs(symbols):
            return Chinese(symbols) if is_chinese(symbols) else Signs()
        counts = self.poet.words()
        return Ear(counts) if is_english(counts) else Unheard()

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words a poet has read; where its folder does not say, those of the dictionary."""
        return Lexicon(self.poet.words() or all_words())

    def knows(self, word: str) -> bool:
        """Say whether a word is in the dictionary, for one that the poet has not read."""
        return isinstance(self.ear, Ear) and word in _dictionary()

    @cached_property
    def _units(self) -> Units | None:
        """The units of a poet of subwords, for which rules of characters are lifted."""
        vocabulary = self.poet.vocabulary
        return Units(vocabulary) if isinstance(vocabulary, Subwords) else None

    @cached_property
    def _alphabet(self) -> Vocabulary:
        """The characters that rules are made for."""
        assert isinstance(self.poet.vocabulary, Vocabulary)
        return self._units.alphabet if self._units else self.poet.vocabulary

    @cached_property
    def _signs(self) -> SignKinds:
        return SignKinds(self._alphabet)

    def _lifted(self, rule: Spelling | SignCount | Ending) -> Rule:
        return Lifted(self._units, rule) if self._units else rule

    def rules(self, form: LineForm, *, real_words: bool, partners: Sequence[str] = ()) -> list[Rule]:
        """Return what holds for every character of a line of this form, which rhymes with its `partners`.

        Raises PoetBotError where it cannot be met.
        """
        vocabulary, ear = self.poet.vocabulary, self.ear
        if form.closing and not isinstance(ear, Chinese):
            raise PoetBotError("This form is for Chinese poets only. Choose another form.")
        if form.rhymes_with:
            ear.rhymes_of(())  # says where nobody knows what rhymes
        if form.syllables is not None:
            ear.syllables("")
        rules: list[Rule] = [FirstLetter(vocabulary, form.letter)] if form.letter else []
        if not isinstance(vocabulary, Vocabulary):
            return rules
        if isinstance(ear, Signs) and form.syllables is not None:
            last = (ear.rhymes_of(partners) if partners else None) or None
            rules.append(self._lifted(SignCount(self._signs, form.syllables, form.closing, last)))
        if ear.lexicon is None:
            return rules
        if form.syllables is not None or real_words:
            rules.append(self._spelling(form.syllables))
        return rules

    def _spelling(self, syllables: int | None) -> Rule:
        """Return the rule, the same each time: what it has found out of the words serves the next line too."""
        if syllables not in self._spellings:
            ear = self.ear
            if syllables is None or ear.lexicon is None:
                made = Spelling(self._alphabet, self.lexicon)
            else:
                made = Spelling(self._alphabet, ear.lexicon, syllables, ear.syllables)
            self._spellings[syllables] = self._lifted(made)
        return self._spellings[syllables]

    def ending(self, form: LineForm, partners: Sequence[str]) -> Callable[[str], Rule | None] | None:
        """Return what gives the rule for a line's last word, so that it rhymes with its partners; None without them."""
        vocabulary, ear = self.poet.vocabulary, self.ear
        if not partners or not isinstance(vocabulary, Vocabulary) or ear.lexicon is None:
            return None
        rhymes = ear.rhymes_of(partners)
        by_room: dict[int | None, Lexicon] = {}

        def rule(line: str) -> Rule | None:
            room = None if form.syllables is None else form.syllables - ear.syllables(line)
            if room not in by_room:
                by_room[room] = Lexicon(word for word in rhymes if room in (None, ear.syllables(word)))
            if not len(by_room[room]):
                return None
            return self._lifted(Ending(self._alphabet, by_room[room], len(line)))

        return rule


@lru_cache(maxsize=1)
def _dictionary() -> frozenset[str]:
    return frozenset(all_words())
