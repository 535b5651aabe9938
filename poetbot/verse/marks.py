"""The sounds found in one poem, as marks on its text."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from poetbot.errors import PoetBotError
from poetbot.verse.alliteration import alliterations
from poetbot.verse.chinese import HAN, character_rhyme, characters_of, chinese_lines, without_variants
from poetbot.verse.repetition import anaphora, doubled, refrains
from poetbot.verse.rhyme import Rhyme, word_rhyme
from poetbot.verse.scheme import letters_of
from poetbot.verse.sounds import line_syllables
from poetbot.verse.word_letters import words_of

LARGEST = 1_000_000
"""Maximum length of a poem in characters. It takes a few seconds."""
CHINESE_FARTHEST = 2
"""Maximum distance of Chinese lines that rhyme. Every second line rhymes, and with only fourteen rhymes chance rhymes
are frequent. In old poems and in the same lines shuffled, 60 % and 34 % rhyme with 2, 73 % and 59 % with 8."""
LABELS = ("rhyme", "alliteration", "anaphora", "doubled", "refrain")
_LATIN = "abcdefghijklmnopqrstuvwxyz"


class Mark(NamedTuple):
    """One mark: `text[start:end]` (code points) has `label`, one of LABELS, together with the others of its `group`.

    `group` is the letter of a rhyme and a number otherwise. `kind` is the kind of a rhyme (`Rhyme`) and "" for the
    other labels.
    """

    start: int
    end: int
    label: str
    group: str
    kind: str = ""


class Line(NamedTuple):
    """A line of a poem and its start."""

    text: str
    start: int


def lines_of(poem: str) -> list[Line]:
    """Return the lines of a poem, or its verse lines (`chinese.chinese_lines`) if most of its letters are Chinese."""
    if is_chinese(poem):
        return [Line(span.text, span.start) for span in chinese_lines(poem)]
    lines, at = [], 0
    for text in poem.split("\n"):
        lines.append(Line(text, at))
        at += len(text) + 1
    return lines


def is_chinese(text: str) -> bool:
    """Return whether at least half of the letters are Chinese characters."""
    letters = sum(character.isalpha() for character in text)
    return letters > 0 and 2 * len(HAN.findall(text)) >= letters


def is_heard(text: str) -> bool:
    """Return whether the script is supported: at least half of the letters are Latin or Chinese."""
    letters = [character for character in text.lower() if character.isalpha()]
    known = sum(character in _LATIN or "à" <= character <= "ɏ" for character in letters) + len(
        HAN.findall(text)
    )
    return bool(letters) and 2 * known >= len(letters)


def checked(poem: str) -> str:
    """Return a poem with LF line ends. Raises PoetBotError if it has no words, is too long, or in an unsupported script."""
    if not isinstance(poem, str) or not any(character.isalnum() for character in poem):
        raise PoetBotError("There are no words to analyse. Write at least one line.")
    if len(poem) > LARGEST:
        raise PoetBotError(
            "The poem is too long. Analyse at most {most:,} characters at a time.", most=LARGEST
        )
    if not is_heard(poem):
        raise PoetBotError(
            "Sound analysis works for English and Chinese only, but this poem is in another script."
        )
    return poem.replace("\r\n", "\n").replace("\r", "\n") if "\r" in poem else poem


def marks(poem: str) -> list[Mark]:
    """Return the marks of a poem, in the order of their positions.

    Other line ends are converted to LF, so offsets refer to text with LF. Raises PoetBotError as `checked` does.
    """
    poem = checked(poem)
    lines = lines_of(poem)
    chinese = is_chinese(poem)
    found = [*_rhymes(lines, chinese=chinese), *_refrains(lines, chinese=chinese)]
    if not chinese:
        found += [*_alliterations(lines), *_anaphora(lines), *_doubled(lines)]
    return sorted(found)


def scheme_of(lines: Sequence[str], *, chinese: bool) -> list[str]:
    """Return the letters of lines as `rhyme_letters` does, by the rules of the language."""
    return letters_in([end_of(line, chinese=chinese)[0] for line in lines], chinese=chinese)


def letters_in(ends: Sequence[str], *, chinese: bool) -> list[str]:
    """Return the letters of lines that end in these words, or characters."""
    if chinese:
        return letters_of(ends, character_rhyme, CHINESE_FARTHEST, CHINESE_FARTHEST)
    return letters_of(ends, word_rhyme)


def comparing(*, chinese: bool) -> Callable[[str, str], Rhyme | None]:
    """Return the function that compares two line ends."""
    return character_rhyme if chinese else word_rhyme


def end_of(line: str, *, chinese: bool) -> tuple[str, int, int]:
    """Return the word or character that a line rhymes on and its position, or "" if there is none."""
    if chinese:
        found = list(HAN.finditer(without_variants(line)))
        return (found[-1][0], *found[-1].span()) if found else ("", 0, 0)
    words = words_of(line)
    return words[-1] if words else ("", 0, 0)


def _rhymes(lines: Sequence[Line], *, chinese: bool) -> list[Mark]:
    compare = comparing(chinese=chinese)
    ends = [end_of(line.text, chinese=chinese) for line in lines]
    groups: dict[str, list[int]] = {}
    for k, letter in enumerate(letters_in([end[0] for end in ends], chinese=chinese)):
        if letter:
            groups.setdefault(letter, []).append(k)
    found = []
    for letter, places in groups.items():
        for at, k in enumerate(places):
            near = [*places[max(0, at - 2) : at], *places[at + 1 : at + 3]]
            kinds = [kind for other in near if (kind := compare(ends[k][0], ends[other][0]))]
            if kinds:
                # A word that rhymes with another and is also repeated is marked as a rhyme.
                best = max(kinds, key=lambda kind: -1 if kind is Rhyme.SAME else kind.closeness)
                start = lines[k].start
                found.append(Mark(start + ends[k][1], start + ends[k][2], "rhyme", letter, best.value))
    return found


def _refrains(lines: Sequence[Line], *, chinese: bool) -> list[Mark]:
    # Spaces make each character a word.
    texts = [" ".join(characters_of(line.text)) if chinese else line.text for line in lines]
    return [
        Mark(*_stripped(lines[k]), "refrain", str(number))
        for number, places in enumerate(refrains(texts), 1)
        for k in places
    ]


def _stripped(line: Line) -> tuple[int, int]:
    start = line.start + len(line.text) - len(line.text.lstrip())
    return start, start + len(line.text.strip())


def _alliterations(lines: Sequence[Line]) -> list[Mark]:
    found, number = [], 0
    for line in lines:
        for group in alliterations(line.text):
            number += 1
            found += [
                Mark(line.start + w.start, line.start + w.end, "alliteration", str(number)) for w in group
            ]
    return found


def _anaphora(lines: Sequence[Line]) -> list[Mark]:
    found = []
    for number, (run, shared) in enumerate(anaphora([line.text for line in lines]), 1):
        for k in run:
            words = words_of(lines[k].text)[:shared]
            start = lines[k].start
            found.append(Mark(start + words[0].start, start + words[-1].end, "anaphora", str(number)))
    return found


def _doubled(lines: Sequence[Line]) -> list[Mark]:
    pairs = [(line.start, pair) for line in lines for pair in doubled(line.text)]
    return [
        Mark(start + word.start, start + word.end, "doubled", str(number))
        for number, (start, pair) in enumerate(pairs, 1)
        for word in pair
    ]


class Measured(NamedTuple):
    """A line `poem[start:end]`, the number of its syllables (in Chinese, characters) and its rhyme scheme letter."""

    start: int
    end: int
    syllables: int
    letter: str


def measured(poem: str) -> list[Measured]:
    """Return the lines of a poem that have a word. Raises PoetBotError as `checked` does."""
    poem = checked(poem)
    chinese = is_chinese(poem)
    lines = lines_of(poem)
    letters = scheme_of([line.text for line in lines], chinese=chinese)
    return [
        Measured(
            *_stripped(line),
            len(characters_of(line.text)) if chinese else line_syllables(line.text),
            letter,
        )
        for line, letter in zip(lines, letters, strict=True)
        if letter
    ]


def scheme_in_stanzas(poem: str, lines: Sequence[Measured]) -> str:
    """Return the rhyme scheme of measured lines, with spaces between the stanzas, such as "ABAB CDCD EFEF GG"."""
    parts, end = [""], 0
    for line in lines:
        if parts[-1] and poem.count("\n", end, line.start) > 1:
            parts.append("")
        parts[-1] += line.letter
        end = line.end
    return " ".join(parts)
