"""How well a word poet predicts poems, in nats per token. Each poem starts with a new state."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.poets.network import Ids
from poetbot.poets.prefix_network import PrefixNetwork
from poetbot.poets.word_vocabulary import FIRST_WORD, LINE_END, PADDING, POEM_END, UNKNOWN, Words

_ROWS = 128


@dataclass(frozen=True)
class WordScore:
    """The result of `score_words`. `nats` is the sum over all `tokens`, including the charge for unknown ones."""

    poems: int
    tokens: int
    unknown_tokens: int
    nats: float
    right: int  # tokens that were the most likely ones; unknown ones never count

    @property
    def nats_per_token(self) -> float:
        """The mean surprise in nats."""
        return self.nats / self.tokens

    @property
    def accuracy(self) -> float:
        """The share of tokens that were the most likely ones."""
        return self.right / self.tokens


def score_words(network: PrefixNetwork, vocabulary: Words, texts: Sequence[str]) -> WordScore:
    """Score `texts`. Every word, separator and line end counts, and so does the end of the poem.

    An unknown token is charged log(V + 1) nats and read as unknown. Raises PoetBotError if there is nothing to score.
    """
    beginnings: list[Ids] = []
    labels: list[int] = []
    tokens = unknown = poems = 0
    for text in texts:
        ids = vocabulary.ids_of(text)
        if not len(ids):
            continue
        poems += 1
        tokens += len(ids) + 1
        whole = np.concatenate([[POEM_END], ids, [POEM_END]]).astype(np.int32)
        start = 0
        for at in range(1, len(whole)):
            if whole[at] == UNKNOWN:
                unknown += 1
            else:
                beginnings.append(whole[max(start, at - network.window) : at])
                labels.append(int(whole[at]))
            if LINE_END <= whole[at] < FIRST_WORD:
                start = at
    if not tokens:
        raise PoetBotError("There are no poems to score. Choose a file with at least one line of text.")
    nats, right = unknown * math.log(len(vocabulary) + 1), 0
    # Prefixes of one length share their padding.
    order = sorted(range(len(labels)), key=lambda n: len(beginnings[n]))
    for first in range(0, len(order), _ROWS):
        chosen = order[first : first + _ROWS]
        padded = np.full((len(chosen), network.window), PADDING, np.int32)
        for row, n in enumerate(chosen):
            padded[row, network.window - len(beginnings[n]) :] = beginnings[n]
        logits = network.logits(padded, network.window - len(beginnings[chosen[-1]])).astype(np.float64)
        wanted = np.array([labels[n] for n in chosen])
        largest = logits.max(axis=1)
        surprise = np.log(np.exp(logits - largest[:, None]).sum(axis=1)) + largest
        nats += float((surprise - logits[np.arange(len(chosen)), wanted]).sum())
        right += int((logits.argmax(axis=1) == wanted).sum())
    return WordScore(poems, tokens, unknown, nats, right)
