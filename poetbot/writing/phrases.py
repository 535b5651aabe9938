"""Phrases of a poem that could be its title, found by the position of words, without a parser.

A phrase is a run of content words, perhaps with a determiner or a preposition before it, and perhaps another such run
joined to it by a preposition or *and*: *the cold harbour*, *under the hill*, *a kettle of rain*. Closed classes of
words show where a run begins and ends (as in Abney 1991, "Parsing by Chunks", in *Principle-Based Parsing*, 257-278).
A run is never cut. None begins where a verb is expected, and none ends before an object, because its last word would be
a verb. For languages without lists here, the commonest words serve as closed classes.

Classical Chinese verse has no function words, but its lines have caesuras: lines of five characters after the second,
lines of seven after the second and the fourth (Wang Li 1958, 漢語詩律學). The text between two caesuras is a phrase.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from poetbot.cjk import is_mostly_cjk
from poetbot.writing.lexicon import casefolded

MOST_WORDS = 6
"""Words of a title; a CJK title has at most four characters."""

_MOST_CJK = 4

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_LINES = 400  # of a poem that are searched
_LONGEST_LINE = 300  # characters
_COMMONEST = 80  # words that serve as the closed classes of another language

_CLASSES = {
    "D": "the a an my our your his her their its no this that these those thy mine thine every each some any all one two three",
    "P": "in on at after before under over beneath beyond between among amid above across against along around behind beside "
    "below down inside into near past through toward towards upon until till with within without like",
    "J": "of and from for by",
    "V": "i you he she we they it who which thou ye to not never is are was were be been am do does did has have had hath doth "
    "will would shall should can could may might must let ll don't can't won't didn't doesn't isn't wasn't couldn't wouldn't "
    "i'm i'll i've i'd you'll you're he's she's it's we'll we're they'll they're that's there's art wilt shalt hast dost",
    "M": "me him them us thee myself himself herself itself themselves",
    "F": "but or nor so as if than then when where while what why how though because yet too very there here now o oh ah lo "
    "just still also only ever even such up again whose whom more most yes",
}
_CLASS = {word: tag for tag, words in _CLASSES.items() for word in words.split()}
_SMALL = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "in",
        "on",
        "at",
        "by",
        "for",
        "to",
        "from",
        "with",
        "but",
        "or",
        "nor",
        "as",
    ]
)
# D determiner, P preposition, J joiner, V before a verb, M object, F another small word, C content, | an end.
_PHRASE = re.compile(r"P?D?C{1,3}(?:[JP]D?C{1,2})?")
_BEFORE = frozenset("CV")  # a run is not cut at its start; after these comes a verb
_BEHIND = frozenset("CDM")  # nor at its end; before these comes a verb
_CAESURAS = {4: (0, 2, 4), 5: (0, 2, 5), 7: (0, 2, 4, 7)}


@dataclass(frozen=True)
class Phrase:
    """A candidate: its words as within a sentence, how often they occur, and where they come from."""

    text: str
    count: int
    source: str  # "phrase", "opening" or "refrain"


def phrases(text: str, commonest: Iterable[str] | None = None) -> list[Phrase]:
    """Return the phrases of a poem, each once, in order. `commonest` words are needed for languages other than English.

    Only the first and last 200 lines of a poem, and 300 characters of a line, are searched.
    """
    classes = _CLASS if commonest is None else dict.fromkeys(list(commonest)[:_COMMONEST], "F")
    lines = [line.strip()[:_LONGEST_LINE] for line in text.split("\n") if line.strip()]
    if len(lines) > _LINES:
        lines = lines[: _LINES // 2] + lines[-_LINES // 2 :]
    found: Counter[str] = Counter()
    sources: dict[str, str] = {}
    counts = Counter(casefolded(line).strip(" ,.;:!?-") for line in lines)
    for number, line in enumerate(lines):
        for segment in _segments(line):
            cjk = _is_cjk(segment[0][0])
            kinds = list(_of_cjk(segment) if cjk else _of_words(segment, classes))
            if number == 0 and not found and 1 < len(segment) <= (_MOST_CJK if cjk else MOST_WORDS):
                kinds.insert(0, segment)
            for words in kinds:
                written = _joined(words)
                found[written] += 1
                sources.setdefault(written, "opening" if number == 0 and words == segment else "phrase")
        bare = casefolded(line).strip(" ,.;:!?-")
        if counts[bare] > 1 and len(words := _words(line)) <= MOST_WORDS and words:
            written = _joined(words)
            found[written] += 1
            sources[written] = "refrain"
    return [Phrase(written, count, sources[written]) for written, count in found.items()]


def as_title(phrase: str, *, english: bool) -> str:
    """Return a phrase capitalised as a title: in English all words but function words, else only the first."""
    if not english:
        return phrase[:1].upper() + phrase[1:]
    words = phrase.split(" ")
    last = len(words) - 1
    return " ".join(
        word if word in _SMALL and 0 < place < last else word[:1].upper() + word[1:]
        for place, word in enumerate(words)
    )


def content_words(phrase: str, commonest: Iterable[str] | None = None) -> list[str]:
    """Return the content words of a phrase, in lower case."""
    small = _CLASS if commonest is None else frozenset(list(commonest)[:_COMMONEST])
    return [word for word in map(casefolded, _words(phrase)) if word not in small]


@lru_cache(maxsize=20_000)
def _is_cjk(character: str) -> bool:
    return is_mostly_cjk((character,))


def _segments(line: str) -> Iterator[list[str]]:
    """Yield the runs of words (or CJK characters) of a line between punctuation marks."""
    for part in re.split(r"[^\w\s'’ʼ]|(?<!\w)['’ʼ]|['’ʼ](?!\w)|[\d_]", line):
        words = _words(part)
        if words:
            yield words


def _words(text: str) -> list[str]:
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFC", text)):
        found += list(word) if _is_cjk(word[0]) else [word]
    return found


def _of_words(segment: list[str], classes: dict[str, str]) -> Iterator[list[str]]:
    tags = "".join(classes.get(casefolded(word), "C") for word in segment)
    ends = f"|{tags}|"
    for start in range(len(segment)):
        if ends[start] in _BEFORE and tags[start] == "C":
            continue
        for end in range(start + 1, min(len(segment), start + MOST_WORDS) + 1):
            if ends[end + 1] not in _BEHIND and _PHRASE.fullmatch(tags[start:end]):
                yield segment[start:end]


def _of_cjk(segment: list[str]) -> Iterator[list[str]]:
    breaths = _CAESURAS.get(len(segment), (0, len(segment)))
    for number, start in enumerate(breaths):
        for end in breaths[number + 1 :]:
            if 2 <= end - start <= _MOST_CJK:
                yield segment[start:end]
    if len(segment) in (5, 7):
        yield segment[-2:]


def _joined(words: list[str]) -> str:
    """Return words as within a sentence: the first in lower case, except *I*."""
    if _is_cjk(words[0][0]):
        return "".join(words)
    first = words[0]
    small = first if first == "I" or first.startswith(("I'", "I’")) else first[:1].lower() + first[1:]
    return " ".join([small, *words[1:]])
