"""How well any poet predicts poems, whether it writes characters, subwords or words."""

from typing import Any

from poetbot.errors import PoetBotError
from poetbot.poets.blend import Blend
from poetbot.poets.folder import Poet
from poetbot.poets.network import Network
from poetbot.poets.prefix_network import PrefixNetwork
from poetbot.poets.scoring import score
from poetbot.poets.vocabulary import Vocabulary
from poetbot.poets.word_scoring import score_words
from poetbot.poets.word_vocabulary import Words


def score_poet(poet: Poet, texts: list[str]) -> dict[str, Any]:
    """Return the figures of the texts; bits are null if the poet doesn't write characters. Raises PoetBotError for a blend."""
    if isinstance(poet, Blend):
        raise PoetBotError("A blend can't be scored. Score its poets one by one.")
    network, vocabulary = poet.in_floats.network, poet.vocabulary
    if isinstance(network, PrefixNetwork) and isinstance(vocabulary, Words):
        words = score_words(network, vocabulary, texts)
        return {
            "poems": words.poems,
            "tokens": words.tokens,
            "unknown_tokens": words.unknown_tokens,
            "nats_per_token": words.nats_per_token,
            "accuracy": words.accuracy,
            "nats_per_character": None,
            "bits_per_character": None,
        }
    if not (isinstance(network, Network) and isinstance(vocabulary, Vocabulary)):
        raise TypeError(f"no way to score {type(network)} with {type(vocabulary)}")
    return score(network, vocabulary, texts).as_json()
