"""Converts between words and ids.

A line is split into words (letters and digits with inner apostrophes; each Chinese, Japanese or Korean character by
itself) and separators: everything else between two words, at the beginning or at the end of a line. A separator is one
token with the spaces it needs, such as `,` or ` "` or `-`, so that text stays readable. Two separators have no token
because they are implied: the space between two words and the space after a closing mark. The older story generators
dropped punctuation, but verse without it is hard to read, and a comma takes only one id.

Words are read in lower case. Each is written in its most frequent form inside a sentence ("I", "London"), and with a
capital at the beginning of a line or sentence if most of the training text has one. Indentation is dropped.

The ends of a line, of a stanza and of a poem are tokens too. Each of them also begins the next line.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.poem import MARK, MARKER
from poetbot.poets.vocabulary import MAX_SIZE, Ids

PADDING, UNKNOWN, LINE_END, STANZA_END, POEM_END = range(5)
"""The ids that are not words. The first two are read but never written; the other three separate lines."""

FIRST_WORD = 5
LINE, STANZA = "\n", "\n\n"
MAX_LENGTH = 60
"""Maximum length of a word or separator, in characters."""

_CJK = "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_IS_CJK = re.compile(f"[{_CJK}]")
_CLOSING = frozenset(",.;:!?)]}”»…")
"""Marks that are followed by a space. Straight and single quotes can open or close, so their tokens include spaces."""

_SENTENCE_END = re.compile(r"[.!?…。！？][\s\"'”’»)\]]*\Z")
_SPACES = re.compile(r"\s+")


@cache
def _word() -> re.Pattern[str]:
    """Return the pattern of a word. It is created at first use, because it needs every combining mark."""
    marks = "".join(c for c in map(chr, range(0x110000)) if unicodedata.category(c)[0] == "M")
    letter = rf"(?:(?![{_CJK}])[^\W_])"
    rest = rf"(?:{letter}|[{marks}])*"
    return re.compile(rf"[{_CJK}][{marks}]*|{letter}{rest}(?:['’‘ʼ]{letter}{rest})*")


def tokens(text: str) -> list[str]:
    """Return the words (lower case), separators, and `\\n` or `\\n\\n` between lines, of `text`."""
    return [key for key, _ in _scan(text)]


def _scan(text: str) -> Iterator[tuple[str, str]]:
    """Yield each token and its form as written. They differ for words only."""
    gap = ""
    for line in unicodedata.normalize("NFC", text.replace("\r\n", LINE)).split(LINE):
        found = list(_tokens_of(line.strip()))
        if not found:
            gap = gap and STANZA
            continue
        if gap:
            yield gap, gap
        yield from found
        gap = LINE


def _tokens_of(line: str) -> Iterator[tuple[str, str]]:
    end, before = 0, ""
    for match in _word().finditer(line):
        separator = _separator(line[end : match.start()], before, match[0])
        if separator:
            yield separator, separator
        before = re.sub("[’‘ʼ]", "'", match[0])
        yield before.lower(), before
        end = match.end()
    if end < len(line):
        rest = _SPACES.sub(" ", line[end:])
        yield rest, rest


def _separator(between: str, before: str, word: str) -> str:
    """Return the token of the separator, or "" if it is implied."""
    between = _SPACES.sub(" ", between)
    cjk = bool(_IS_CJK.match(word))
    if between == " ":
        return " " if cjk and before and _IS_CJK.match(before) else ""
    return between[:-1] if not cjk and between[-1:] == " " and between[-2] in _CLOSING else between


class Words:
    """The words and separators that a poet knows, each in its written form. The first has id 5.

    `line_capitals` and `sentence_capitals` determine where capitals are written.
    Raises PoetBotError for a list that is not a valid vocabulary.
    """

    unit = "words"

    def __init__(self, words: Iterable[str], *, line_capitals: bool, sentence_capitals: bool) -> None:
        self.words = tuple(words)
        self.line_capitals, self.sentence_capitals = line_capitals, sentence_capitals
        if not self.words or len(self) > MAX_SIZE:
            raise PoetBotError(
                "A poet can know 1 to {most:,} words, not {given:,}. Use more text, or drop rarer words.",
                most=MAX_SIZE - FIRST_WORD,
                given=len(self.words),
            )
        if not all(isinstance(word, str) and _fits(word) for word in self.words):
            raise PoetBotError(
                "The vocabulary must be a list of single words. Get the poet again from its source."
            )
        self.ids = {word.lower(): number for number, word in enumerate(self.words, FIRST_WORD)}
        if len(self.ids) != len(self.words):
            raise PoetBotError("The vocabulary lists a word twice. Get the poet again from its source.")
        self.ids |= {LINE: LINE_END, STANZA: STANZA_END, MARKER: POEM_END}

    @staticmethod
    def of(
        texts: Iterable[str], *, min_count: int, max_words: int = MAX_SIZE, fold_case: bool = False
    ) -> "Words":
        """Return the words that `texts` use at least `min_count` times, by descending frequency and then alphabetically.

        With `fold_case` everything is written in lower case. Raises PoetBotError if no word is left.
        """
        counts: Counter[str] = Counter()
        inside: dict[str, Counter[str]] = {}
        begun: dict[str, Counter[bool]] = {"line": Counter(), "sentence": Counter()}
        for text in texts:
            before = STANZA
            for key, form in _scan(text):
                if not _fits(key):
                    before = key
                    continue
                counts[key] += 1
                if key[0].isalnum():
                    if before in (LINE, STANZA):
                        begun["line"][form[0].isupper()] += 1
                    elif _SENTENCE_END.search(before):
                        begun["sentence"][form[0].isupper()] += 1
                    elif before[0].isalnum() or before in (",", ";", "-"):
                        inside.setdefault(key, Counter())[form] += 1
                before = key
        kept = sorted(
            (key for key, n in counts.items() if n >= min_count), key=lambda key: (-counts[key], key)
        )
        if not kept:
            raise PoetBotError(
                "No word is used {count} times. Add more text, or set the recipe's min_count to 1.",
                count=min_count,
            )
        forms = [
            inside[key].most_common(1)[0][0] if key in inside and not fold_case else key
            for key in kept[: min(max_words, MAX_SIZE) - FIRST_WORD]
        ]
        capitals = {name: not fold_case and 2 * count[True] > count.total() for name, count in begun.items()}
        return Words(forms, line_capitals=capitals["line"], sentence_capitals=capitals["sentence"])

    @staticmethod
    def from_json(data: Any) -> "Words":
        """Create a vocabulary from the result of `as_json`. Raises PoetBotError for anything else."""
        fields = {"level": str, "line_capitals": bool, "sentence_capitals": bool, "words": list}
        if (
            not isinstance(data, dict)
            or {name: type(value) for name, value in data.items()} != fields
            or data["level"] != "words"
        ):
            raise PoetBotError("The vocabulary is damaged. Get the poet again from its source.")
        return Words(
            data["words"],
            line_capitals=data["line_capitals"],
            sentence_capitals=data["sentence_capitals"],
        )

    def as_json(self) -> dict[str, object]:
        """Return plain data for vocabulary.json."""
        return {
            "level": "words",
            "line_capitals": self.line_capitals,
            "sentence_capitals": self.sentence_capitals,
            "words": list(self.words),
        }

    def __len__(self) -> int:
        return len(self.words) + FIRST_WORD

    def ids_of(self, text: str) -> Ids:
        """Return the ids of the tokens of `text`, with UNKNOWN for each unknown word or separator."""
        return np.array([self.ids.get(token, UNKNOWN) for token in tokens(text)], dtype=np.int32)

    def unknown_in(self, text: str) -> tuple[str, ...]:
        """Return the unknown words of `text`, each once, in order."""
        return tuple(dict.fromkeys(t for t in tokens(text) if t not in self.ids and t[0].isalnum()))

    @property
    def symbols(self) -> tuple[str, ...]:
        """The words and separators, without the first five ids."""
        return self.words

    def readable(self, text: str) -> tuple[str, tuple[Message, ...]]:
        """Return `text` unchanged, and a notice about its unknown words."""
        unknown = self.unknown_in(text)
        if not unknown:
            return text, ()
        shown = ", ".join(word[:40] for word in unknown[:12]) + (" …" if len(unknown) > 12 else "")
        return text, (
            Message("This poet doesn't know these words and reads them as unknown: {words}", words=shown),
        )

    def priming(self, seed: str) -> Ids:
        """Return the id that begins a poem and those of the seed. A line end at its end begins a new line."""
        ends = seed[len(seed.rstrip()) :].count(LINE) if seed.strip() else 0
        new_line = [LINE_END if ends == 1 else STANZA_END] if ends else []
        return np.concatenate([[POEM_END], self.ids_of(seed), new_line]).astype(np.int32)

    def piece(self, number: int, after: str) -> str:
        """Return the text that id `number` adds after `after`, with its spaces and a capital if needed.

        Raises PoetBotError for padding and for the unknown word, which have no text.
        """
        if number == POEM_END:
            return MARKER if after[-1:] in ("", LINE) else LINE + MARKER
        if number in (LINE_END, STANZA_END):
            return LINE if number == LINE_END or after.endswith(LINE) else STANZA
        if not FIRST_WORD <= number < len(self):
            raise PoetBotError("A poet of words can't write id {id}. Choose one of its words.", id=number)
        word, last = self.words[number - FIRST_WORD], after[-1:]
        if not word[0].isalnum():
            return word.lstrip(" ") if not last or last.isspace() else word
        base = _base(after)
        follows = base.isalnum() or last in _CLOSING
        both_cjk = _IS_CJK.match(word) and (last in _CLOSING or _IS_CJK.match(base))
        space = " " if last and follows and not both_cjk else ""
        return space + (_large(word) if self._begins_large(after) else word)

    def _begins_large(self, after: str) -> bool:
        tail = after[-20:]
        if self.line_capitals and tail[-1:] in ("", LINE):
            return True
        begins = not tail.strip() or tail.endswith(STANZA) or bool(_SENTENCE_END.search(tail))
        return self.sentence_capitals and begins

    def text_of(self, ids: Iterable[int]) -> str:
        """Return the text of `ids`, starting at the beginning of a poem."""
        text = ""
        for number in ids:
            text += self.piece(int(number), text)
        return text


def _fits(word: str) -> bool:
    """Return whether this can be a token of a vocabulary."""
    if not 0 < len(word) <= MAX_LENGTH or MARK in word or LINE in word:
        return False
    if _word().fullmatch(word):
        return unicodedata.is_normalized("NFC", word) and not set("’‘ʼ") & set(word)
    return not _word().search(word) and _SPACES.sub(" ", word) == word


def ends_in_word(text: str) -> bool:
    """Return whether the last token of a text is a word. Trailing spaces do not count."""
    return _base(text.rstrip(" ")).isalnum()


def _base(text: str) -> str:
    """Return the last character of `text` that is not a combining mark, or ""."""
    return next((c for c in reversed(text[-MAX_LENGTH:]) if unicodedata.category(c)[0] != "M"), "")


def _large(word: str) -> str:
    first = word[0].upper()
    return first + word[1:] if len(first) == 1 and first.lower() == word[0] else word
