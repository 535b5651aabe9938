"""How a seed ends, and therefore how a poem may continue it.

After a complete word no letter may follow, so that *cat* doesn't become *cattle*. For poets of subwords, a seed that
may end inside a unit is healed: its last unit isn't read, and only units that begin like it may follow ("Token
healing", S. Lundberg 2023).
"""

import re
from dataclasses import dataclass

from poetbot.poets.folder import Poet
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Ids, Vocabulary
from poetbot.writing.lexicon import casefolded

_LAST_WORD = re.compile(r"(?<![^\W\d_'’])[^\W\d_]+(?:['’][^\W\d_]+)*\Z")
_LOOKED_AT = 80  # characters: no word is longer


@dataclass(frozen=True)
class End:
    """How a text ends: `pending` is the part that the network hasn't read, `whole_word` whether a word ends there."""

    pending: str = ""
    whole_word: bool = False


NOTHING_PENDING = End()


def end_of(poet: Poet, text: str, *, whole_words: bool = True) -> End:
    """Return how a text ends for a poet. Poets of characters and of words always read all of it.

    Without `whole_words` any word may be extended, as in the first receipts.
    """
    vocabulary = poet.vocabulary
    if not isinstance(vocabulary, Vocabulary) or not text:
        return NOTHING_PENDING
    word = _LAST_WORD.search(text[-_LOOKED_AT:]) if whole_words else None
    if word and casefolded(word[0]) in poet.familiar_words:
        return End(whole_word=True)
    return End(vocabulary.pending(text)) if isinstance(vocabulary, Subwords) else NOTHING_PENDING


def ids_behind(poet: Poet, before: str, text: str) -> Ids:
    """Return the ids of a text that follows `before`, for a network primed with that."""
    vocabulary = poet.vocabulary
    if not isinstance(vocabulary, Subwords):
        return vocabulary.ids_of(text)
    pending = end_of(poet, before).pending
    return vocabulary.ids_after(before[: len(before) - len(pending)], pending + text)
