"""The words of a theme for a poet: its own, the words the poet has read with them, and the words to avoid.

Related words come from the poet's word vectors (`word_vectors.py`). A poet without them, and words that they lack, use
WordNet where NLTK has it (Miller 1995, "WordNet: A Lexical Database for English", Communications of the ACL 38, 39-41).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from poetbot.cjk import is_mostly_cjk
from poetbot.messages import Message, listed
from poetbot.poets.folder import Poet
from poetbot.writing.chinese_script import ANY
from poetbot.writing.phrases import content_words
from poetbot.writing.request import clean_seed
from poetbot.writing.theme import MAX_WORDS, Theme
from poetbot.writing.word_sounds import is_english
from poetbot.writing.word_vectors import WordVectors, stored_vectors

_OWN = 40  # words of a theme that count
_RELATED = 12  # words for each of them
_LEAST_SIMILAR = 0.45
_OF_WORDNET = 0.5
_AVOIDED = -1.0
_NAMED = 5  # words named in a notice
_ENDINGS = ("s", "es", "ed", "ing", "d")


def resolved(theme: Theme, poet: Poet, script: str = ANY) -> tuple[Theme, tuple[Message, ...]]:
    """Return the theme with its words for a poet, and at most one notice about what it can't do with it.

    A theme that already has its words is returned unchanged. A theme from an opening is used only in English, and gives no notice,
    because the user didn't type it. Raises PoetBotError if the poet's word vectors are damaged.
    """
    if not theme or theme.words is not None:
        return theme, ()
    counts, vectors = poet.words(), stored_vectors(poet.folder)
    cjk = is_mostly_cjk(poet.vocabulary.symbols)
    english = not cjk and _writes_english(poet)
    commonest = None if english else [] if cjk else list(counts)
    own = _words_in(theme.about, poet, script, commonest)
    if theme.from_opening and not (own and english):
        return resolved(Theme(avoid=theme.avoid), poet, script)
    weights: dict[str, float] = {}
    unread, by_wordnet = [], False
    for word in own[:_OWN]:
        known = _forms(word, counts) if english else [word] * (word in counts)
        near = next(filter(None, (_near(each, vectors) for each in (word, *known))), [])
        if not near and english and not theme.from_opening:  # loading WordNet would delay the first words
            near = [(each, _OF_WORDNET) for each in _of_wordnet(word) if each in counts]
            by_wordnet |= bool(near)
        if not known and not near:
            unread.append(word)
        _raise(weights, [(each, 1.0) for each in (word, *known)])
        content = {each for each, _ in near if content_words(each, commonest)}
        _raise(weights, [(each, round(cosine, 3)) for each, cosine in near if each in content])
    avoided = _words_in(theme.avoid, poet, script, [])
    for word in avoided[:_OWN]:
        for each in (word, *(_forms(word, counts) if english else ())):
            weights[each] = _AVOIDED
    about = "" if theme.from_opening else theme.about
    found = replace(theme, about=about, words=tuple(list(weights.items())[:MAX_WORDS]))
    return found, _notices(theme, own, unread, vectors, by_wordnet=by_wordnet)


def _writes_english(poet: Poet) -> bool:
    """Return `is_english` of a poet, found once because it looks up every word that the poet has read."""
    name = "is_english"
    if name not in poet.derived:
        poet.derived[name] = is_english(poet.words())
    return bool(poet.derived[name])


def relatedness(theme: Theme, poet: Poet, words: Sequence[str]) -> list[float]:
    """Return how much each word belongs to a resolved theme, from 0 to 1: the greatest cosine to one of its own words."""
    vectors = stored_vectors(poet.folder)
    own = [word for word, weight in theme.wanted.items() if weight == 1]
    near = vectors.greatest_cosines(words, own) if vectors else [0.0] * len(words)
    return [max(theme.wanted.get(word, 0.0), cosine) for word, cosine in zip(words, near, strict=True)]


def _notices(
    theme: Theme, own: list[str], unread: list[str], vectors: WordVectors | None, *, by_wordnet: bool
) -> tuple[Message, ...]:
    if not theme.about or theme.from_opening:
        return ()
    if not own:
        return (
            Message("The theme has no word that this poet can write, so the poem is written without it."),
        )
    if len(own) > _OWN:
        return (Message("The theme is long, so only its first {most} words count.", most=_OWN),)
    if unread:
        words = listed(unread, _NAMED)
        return (Message("The poet has never read these words of the theme: {words}.", words=words),)
    if vectors is None and by_wordnet:
        return (Message("This poet has no word vectors, so words related to the theme come from WordNet."),)
    if vectors is None:
        return (Message("This poet has no word vectors, so only the theme's own words count."),)
    return ()


def _words_in(text: str, poet: Poet, script: str, commonest: list[str] | None) -> list[str]:
    """Return the content words of a text that the poet can write, each once."""
    words = content_words(clean_seed(text, poet, script)[0], commonest)
    return list(
        dict.fromkeys(word.removesuffix("'s") for word in words if len(word) > 1 or not word.isascii())
    )


def _forms(word: str, counts: Mapping[str, int]) -> list[str]:
    """Return the English word and its regular inflections, as far as the poet has read them."""
    stems = {
        word,
        *(word.removesuffix(end) for end in _ENDINGS if word.endswith(end) and len(word) > len(end) + 2),
    }
    forms = {stem + end for stem in stems for end in ("", *_ENDINGS)}
    forms |= {stem[:-1] + "ies" for stem in stems if stem.endswith("y")}
    return sorted(each for each in forms if each in counts)


def _near(word: str, vectors: WordVectors | None) -> list[tuple[str, float]]:
    return vectors.nearest(word, _RELATED, _LEAST_SIMILAR) if vectors else []


def _raise(weights: dict[str, float], found: Iterable[tuple[str, float]]) -> None:
    for word, weight in found:
        weights[word] = max(weight, weights.get(word, 0.0))


def _of_wordnet(word: str) -> list[str]:
    """Return words related to an English word by WordNet: synonyms, kinds and parts. [] if it isn't installed."""
    try:
        from nltk.corpus import wordnet

        senses = wordnet.synsets(word)[:3]
    except (ImportError, LookupError, OSError):
        return []
    found: dict[str, None] = {}
    for sense in senses:
        near = [*sense.hypernyms(), *sense.hyponyms(), *sense.part_meronyms(), *sense.part_holonyms()]
        for each in (sense, *near):
            found |= dict.fromkeys(name.lower() for name in each.lemma_names() if name.isalpha())
    return [each for each in found if each != word][:_RELATED]
