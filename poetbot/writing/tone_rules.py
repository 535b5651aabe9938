"""The tone pattern of a regulated Chinese poem: which patterns a line may follow, and the rule that lets it follow one.

The patterns are those of `verse.tone_patterns`. Only characters are drawn whose usual tone fits. What a person typed is never
changed: the poem keeps to the standard pattern that it fits best, and a line goes on with the pattern nearest to its beginning.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from poetbot.messages import Message
from poetbot.verse.chinese import HAN
from poetbot.verse.rhyme_books import LEVEL, OBLIQUE, RhymeBook, kinds, rhyme_book
from poetbot.verse.tone_patterns import Tones, is_regular, likely_openings, mistakes, patterns
from poetbot.writing.cjk_form_rules import CjkCharacters
from poetbot.writing.form_rules import Logits, Mask
from poetbot.writing.forms import Form, LineForm


class KindsOfTone:
    """Masks `[ids]` of the characters whose usual readings may be level, and may be oblique."""

    def __init__(self, signs: CjkCharacters, book: RhymeBook) -> None:
        self.signs, self.book = signs.signs, book
        known = [kinds(book.usual(each)) for each in signs.vocabulary.characters]
        self.fitting: dict[str, Mask] = {
            kind: np.array([kind in found for found in known]) & signs.signs for kind in (LEVEL, OBLIQUE)
        }


class TonePattern:
    """The tones of a line follow one of the `patterns`, strings of 平 and 仄 of the same length.

    Where another rule leaves no character of the right tone, such as a rhyme with an oblique line of the user's, the tone
    gives way.
    """

    def __init__(self, tones: KindsOfTone, found: Sequence[str]) -> None:
        self._tones, self._patterns = tones, found

    def key(self, line: str) -> str:
        """Return the line."""
        return line

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid characters of the wrong tone."""
        so_far = usual_tones(line, self._tones.book)
        place = len(so_far)
        if place >= len(self._patterns[0]):
            return
        wrong = [mistakes(so_far, each) for each in self._patterns]
        wanted = {
            each[place] for each, count in zip(self._patterns, wrong, strict=True) if count == min(wrong)
        }
        if len(wanted) > 1:
            return
        fitting = self._tones.fitting[wanted.pop()]
        if (logits[fitting] > -np.inf).any():
            logits[self._tones.signs & ~fitting] = -np.inf


def usual_tones(line: str, book: RhymeBook) -> Tones:
    """Return the tones of a line's characters in their usual readings."""
    return [kinds(book.usual(each)) for each in HAN.findall(line)]


def possible_tones(line: str, book: RhymeBook) -> Tones:
    """Return the tones of a line's characters in all readings."""
    return [kinds(book.rhymes(each)) for each in HAN.findall(line)]


def line_patterns(form: LineForm, lines: Mapping[int, str]) -> list[str]:
    """Return the patterns that a line may follow, given the other `lines` by number; none if the form has no tone pattern."""
    if not form.openings or form.syllables is None:
        return []
    book = rhyme_book(form.rhyme_book)
    tones = {number: usual_tones(line, book) for number, line in lines.items() if number != form.number}
    likely = likely_openings(tones, form.syllables, form.openings)
    found = (each for opening in likely for each in patterns(form.syllables, opening, form.number))
    return list(dict.fromkeys(found))


def rhyme_partners(form: LineForm, lines: Mapping[int, str], line: str = "") -> list[str]:
    """Return those of the other `lines`, by number, with which `line` must rhyme.

    In a tone pattern this includes the first line, if it ends in a level tone: then it rhymes (首句入韻).
    """
    numbers = set(form.rhymes_with)
    if form.openings and not form.number and not numbers and ends_level(line, form.rhyme_book):
        numbers = {number for number in lines if number % 2}
    elif form.openings and form.number % 2 and ends_level(lines.get(0, ""), form.rhyme_book):
        numbers.add(0)
    return [lines[number] for number in sorted(numbers) if number in lines]


def ends_level(line: str, book: str) -> bool:
    """Return whether the last character of a line is always level."""
    found = HAN.findall(line)
    return bool(found) and kinds(rhyme_book(book).usual(found[-1])) == {LEVEL}


def regular_lines(lines: Sequence[str], form: Form) -> list[bool]:
    """Return whether each line of a poem follows the tone pattern that the poem fits best."""
    length = form.line(0).syllables if form.openings else None
    if length is None:
        return []
    book = rhyme_book(form.rhyme_book)
    usual = {number: usual_tones(line, book) for number, line in enumerate(lines)}
    possible = [possible_tones(line, book) for line in lines]
    return max(
        (
            [is_regular(tones, patterns(length, opening, number)) for number, tones in enumerate(possible)]
            for opening in likely_openings(usual, length, form.openings)
        ),
        key=sum,
    )


def about_tones(requested: Form, form: Form, opening: Sequence[str] = ()) -> tuple[Message, ...]:
    """Return what a requested form and the lines of an opening leave of the tones, in a sentence each.

    `form` is the form as this poet can write it.
    """
    if requested.rhyme_book and not form.rhyme_book:
        return (Message("Rhyme books are for Chinese poets. This poem is written without one."),)
    if form.rhyme_book and not form.openings:
        return (Message("This form has no tone pattern. The rhyme book is used for its rhymes only."),)
    wrong = [str(k + 1) for k, regular in enumerate(regular_lines(opening, form)) if not regular]
    if not wrong:
        return ()
    return (
        Message(
            "Your opening breaks the tone pattern in these lines: {lines}. The rest follows the pattern as far as it can.",
            lines=", ".join(wrong),
        ),
    )
