"""A poet with everything that suggestions and forms need repeatedly, computed once and cached within bounds."""

import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from threading import Lock
from typing import Any

from poetbot.cjk import is_mostly_cjk
from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.overlap.copy_guard import CopyGuard
from poetbot.poets.blend import Blend
from poetbot.poets.folder import Poet
from poetbot.poets.interfaces import WritingState
from poetbot.poets.vocabulary import Vocabulary
from poetbot.verse.dictionary import is_listed
from poetbot.verse.metre import usual_stresses
from poetbot.verse.rhyme_books import RHYME_BOOKS
from poetbot.verse.scansion import Scansion, scansion
from poetbot.verse.word_letters import spoken
from poetbot.writing.cjk_form_rules import CharacterCount, CjkCharacters
from poetbot.writing.form_rules import Ending, FirstLetter, Rule, Spelling
from poetbot.writing.forms import Form, LineForm
from poetbot.writing.lexicon import Lexicon, casefolded
from poetbot.writing.metre_rule import MetreRule
from poetbot.writing.real_words import real_words_of
from poetbot.writing.receipt import poet_of_receipt
from poetbot.writing.subword_rules import Cache, SubwordRule, SubwordSpelling, UnitTrie, units_of
from poetbot.writing.theme import Theme
from poetbot.writing.theme_bias import ThemeBias
from poetbot.writing.tone_rules import KindsOfTone, TonePattern
from poetbot.writing.word_sounds import (
    ChineseSounds,
    CjkSounds,
    EnglishSounds,
    UnknownSounds,
    is_chinese,
    is_english,
)
from poetbot.writing.writer import guard_of, primed

_STATES = 64
"""Cached primed states, of some kilobytes each."""

_RAREST = 1e-4  # of all words: rarer ones count as if they were as frequent

_MOST_BIASES = 8  # of themes

_ANY_LINE = "day"  # with rhymes, for which the table of all rhymes is made

_PRIMING = 2_000  # characters before the cursor that determine a primed state: more than any poet reads


class CachedPoet:
    """A poet and the index of its training poems, with cached results. It may be used by several threads.

    The index may be given as a function that opens it, which is called when the index is first needed.
    """

    def __init__(
        self, poet: Poet, index: OverlapIndex | Callable[[], OverlapIndex | None] | None = None
    ) -> None:
        self.poet, self._index = poet, index
        self._states: OrderedDict[str, WritingState] = OrderedDict()
        self._spellings: dict[int | None, Rule] = {}
        self._metres: dict[tuple[str, int], list[Rule]] = {}
        self._biases: dict[Theme, ThemeBias] = {}
        self._sounds_by_book: dict[str, ChineseSounds] = {}
        self._tones_by_book: dict[str, KindsOfTone] = {}
        self._lock, self._opening = Lock(), Lock()

    @property
    def index(self) -> OverlapIndex | None:
        """The index of the training poems, None if there is none."""
        with self._opening:  # once, because it takes more memory than all else
            if callable(self._index):
                self._index = self._index()
            return self._index

    def of_receipt(self, receipt: Any) -> "CachedPoet":
        """Return the poet with the network that wrote what a receipt recreates."""
        return self if poet_of_receipt(receipt, self.poet) is self.poet else self._in_floats

    @cached_property
    def _in_floats(self) -> "CachedPoet":
        return CachedPoet(self.poet.in_floats, lambda: self.index)

    @cached_property
    def parts(self) -> tuple["CachedPoet", ...]:
        """The poets of a blend, each with its own index; none for a single poet."""
        poets = self.poet.poets if isinstance(self.poet, Blend) else ()
        return tuple(CachedPoet(each, partial(_index_of, each)) for each in poets)

    def primed(self, before: str) -> WritingState:
        """Return the one-row state after a poem so far. It is cached, so it must not be changed."""
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

    def forget_states(self) -> None:
        """Forget the primed states, as if each poem were new."""
        with self._lock:
            self._states.clear()

    def theme_bias(self, theme: Theme) -> ThemeBias | None:
        """Return the bias of a resolved theme, None if there is no theme. It is cached."""
        if not theme:
            return None
        bias = self._biases.get(theme) or ThemeBias(self.poet, theme)
        with self._lock:
            if len(self._biases) >= _MOST_BIASES:
                self._biases.clear()
            self._biases[theme] = bias
        return bias

    def guard(self, words: int) -> CopyGuard | None:
        """Return the guard against copied phrases of this many words, or None for 0; see `guard_of`."""
        if not words:
            return None
        _, *others = self.poet.overlap_folders
        parts = {part.poet.overlap_folder: part for part in self.parts}
        return guard_of(self.poet, words, self.index, *(parts[folder].index for folder in others))

    @cached_property
    def sounds(self) -> EnglishSounds | CjkSounds:
        """The syllables and rhymes of the poet's language."""
        symbols = self.poet.vocabulary.symbols
        if is_mostly_cjk(symbols):
            return ChineseSounds(symbols) if is_chinese(symbols) else CjkSounds()
        counts = self.poet.words()
        return EnglishSounds(counts) if is_english(counts) else UnknownSounds()

    @cached_property
    def word_nats(self) -> dict[str, float]:
        """The surprise, in nats, of each word that the poet has read, by its frequency alone. It is at most 9.2."""
        counts = self.poet.words()
        total = sum(counts.values())
        return {word: -math.log(max(count / total, _RAREST)) for word, count in counts.items()}

    def knows(self, word: str) -> bool:
        """Return whether a word that the poet hasn't read is in the dictionary."""
        return isinstance(self.sounds, EnglishSounds) and is_listed(word)

    @cached_property
    def _units(self) -> UnitTrie | None:
        """The units of a poet of subwords, which need adapted rules."""
        return units_of(self.poet)

    @cached_property
    def _alphabet(self) -> Vocabulary:
        """The characters that rules refer to."""
        assert isinstance(self.poet.vocabulary, Vocabulary)
        return self._units.alphabet if self._units else self.poet.vocabulary

    @cached_property
    def _signs(self) -> CjkCharacters:
        return CjkCharacters(self._alphabet)

    def _adapted(self, rule: Spelling | CharacterCount | TonePattern) -> Rule:
        if self._units is None:
            return rule
        return (
            SubwordSpelling(self._units, rule)
            if isinstance(rule, Spelling)
            else SubwordRule(self._units, rule)
        )

    def _endings(self, lexicon: Lexicon) -> Callable[[str], Rule]:
        """Return a function that returns the rule that a line ends with one of these words after this part of it.

        The rules differ in where the word begins, and share what they find out about the words.
        """
        cache = Cache()

        def ending(line: str) -> Rule:
            rule = Ending(self._alphabet, lexicon, len(line))
            return SubwordRule(self._units, rule, cache) if self._units else rule

        return ending

    def sounds_by(self, rhyme_book: str) -> EnglishSounds | CjkSounds:
        """Return the sounds of the poet's language, by this rhyme book if that is Chinese and the book isn't ""."""
        if not rhyme_book or not isinstance(self.sounds, ChineseSounds):
            return self.sounds
        if rhyme_book not in self._sounds_by_book:
            self._sounds_by_book[rhyme_book] = ChineseSounds(self.poet.vocabulary.symbols, rhyme_book)
        return self._sounds_by_book[rhyme_book]

    def _kinds_of_tone(self, rhyme_book: str) -> KindsOfTone:
        if rhyme_book not in self._tones_by_book:
            self._tones_by_book[rhyme_book] = KindsOfTone(self._signs, RHYME_BOOKS[rhyme_book])
        return self._tones_by_book[rhyme_book]

    def rules(
        self,
        form: LineForm,
        *,
        real_words: bool,
        partners: Sequence[str] = (),
        patterns: Sequence[str] = (),
    ) -> list[Rule]:
        """Return the rules for a line of this form that rhymes with its `partners` and follows a tone pattern.

        Raises PoetBotError if the poet can't follow them.
        """
        vocabulary, sounds = self.poet.vocabulary, self.sounds_by(form.rhyme_book)
        if form.closing and not isinstance(sounds, ChineseSounds):
            raise PoetBotError("This form is for Chinese poets only. Choose another form.")
        if form.metre:
            sounds.scans("", form.metre, form.feet)  # raises if the language has no metres
        if form.rhymes_with:
            sounds.rhymes_of(())  # raises if rhymes are unknown
        if form.syllables is not None:
            sounds.syllables("")
        rules: list[Rule] = [FirstLetter(vocabulary, form.letter)] if form.letter else []
        if not isinstance(vocabulary, Vocabulary):
            return rules
        if isinstance(sounds, CjkSounds) and form.syllables is not None:
            last = (sounds.rhymes_of(partners) if partners else None) or None
            rules.append(self._adapted(CharacterCount(self._signs, form.syllables, form.closing, last)))
            if patterns:
                rules.append(self._adapted(TonePattern(self._kinds_of_tone(form.rhyme_book), patterns)))
        if isinstance(sounds, EnglishSounds) and form.metre:
            rules += self._in_metre(sounds, form)
        elif isinstance(sounds, EnglishSounds) and form.syllables is not None:
            rules.append(self._spelling(sounds, form.syllables))
        elif real_words and (spelling := real_words_of(self.poet)):
            rules.append(spelling)
        return rules

    def prepare(self, form: Form, *, real_words: bool) -> None:
        """Compute what lines of this form need. It takes a second or two the first time, in which no line is written.

        Raises PoetBotError if the poet can't write this form.
        """
        _ = self.index, self.word_nats
        lines = [form.line(number) for number in range(form.lines or 1)]
        for line in lines:
            self.rules(line, real_words=real_words)
        if any(line.rhymes_with for line in lines):
            self.sounds_by(form.rhyme_book).rhymes_of([_ANY_LINE])

    def _spelling(self, sounds: EnglishSounds, syllables: int | None = None) -> Rule:
        """Return the rule for lines of this many syllables, or of any number: the same object each time, because it caches."""
        if syllables not in self._spellings:
            spelling = Spelling(self._alphabet, sounds.lexicon, syllables, sounds.syllables)
            self._spellings[syllables] = self._adapted(spelling)
        return self._spellings[syllables]

    def _in_metre(self, sounds: EnglishSounds, form: LineForm) -> list[Rule]:
        """Return the rules for a line in a metre, the same objects each time."""
        key = form.metre, form.feet
        if key not in self._metres:
            assert isinstance(self.poet.vocabulary, Vocabulary)
            metre = MetreRule(self.poet.vocabulary, sounds.stresses, scansion(*key))
            self._metres[key] = [self._spelling(sounds), metre]
        return self._metres[key]

    def ending(self, form: LineForm, partners: Sequence[str]) -> Callable[[str], Rule | None] | None:
        """Return a function that returns the rule for the last word of a rhyming line; None if no rhyme is needed."""
        vocabulary, sounds = self.poet.vocabulary, self.sounds_by(form.rhyme_book)
        if not partners or not isinstance(vocabulary, Vocabulary) or sounds.lexicon is None:
            return None
        rhymes = sounds.rhymes_of(partners)
        start = scansion(form.metre, form.feet) if form.metre else None
        by_room: dict[Scansion | int | None, Callable[[str], Rule] | None] = {}

        def fills(word: str, room: Scansion | int | None) -> bool:
            if isinstance(room, Scansion):
                return room.ends_after(usual_stresses(word))
            return room in (None, sounds.syllables(word))

        def rule(line: str) -> Rule | None:
            room: Scansion | int | None
            if start:
                room = start.after_all(spoken(line))
            else:
                room = None if form.syllables is None else form.syllables - sounds.syllables(line)
            if room not in by_room:
                fitting = Lexicon(word for word in rhymes if fills(word, room))
                by_room[room] = self._endings(fitting) if len(fitting) else None
            ending = by_room[room]
            return ending(line) if ending else None

        return rule

    def ending_with(
        self, word: str, form: LineForm
    ) -> tuple[list[Rule], Callable[[str], Rule | None] | None]:
        """Return the rules for a line that ends in a word or a CJK character, and the rule for its last word as `ending` does.

        Raises PoetBotError if the poet writes word by word.
        """
        if not isinstance(self.poet.vocabulary, Vocabulary):
            raise PoetBotError(
                "This poet writes word by word, so the end of a line can't be set. Choose another poet."
            )
        if is_mostly_cjk((word,)) and form.syllables is not None:
            return [self._adapted(CharacterCount(self._signs, form.syllables, form.closing, word))], None
        return [], self._endings(Lexicon([casefolded(word)]))


def _index_of(poet: Poet) -> OverlapIndex | None:
    try:
        return OverlapIndex.open(poet.overlap_folder)
    except PoetBotError:
        return None
