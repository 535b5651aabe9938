"""Learning subwords from a corpus with Hugging Face's tokenizers; see `poets/subword_vocabulary.py`."""

import json
from collections.abc import Iterable, Iterator, Sequence

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from poetbot.poem import MARK, MARKER
from poetbot.poets.subword_vocabulary import LONGEST, Subwords

_TOGETHER = 1_000  # texts per batch


def learn(texts: Sequence[str], size: int) -> Subwords:
    """Return at most `size` subwords of `texts`: all their characters, the newline, the marker, the commonest merges.

    The same texts give the same subwords. If the texts have more characters than `size`, nothing is merged.
    """
    characters = sorted({"\n"}.union(*map(set, texts), MARKER))
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Split("\n", "removed")
    trainer = trainers.BpeTrainer(
        vocab_size=max(size - 1, len(characters)),
        initial_alphabet=characters,
        max_token_length=LONGEST,
        show_progress=False,
    )
    tokenizer.train_from_iterator(_words(texts), trainer)
    learnt = json.loads(tokenizer.to_str())["model"]
    merged = sorted(learnt["vocab"], key=learnt["vocab"].get)
    units = [*characters, *(unit for unit in merged if len(unit) > 1), MARKER]
    ids = {unit: number for number, unit in enumerate(units)}
    return Subwords(units, [(ids[first], ids[second]) for first, second in learnt["merges"]])


def _words(texts: Iterable[str]) -> Iterator[str]:
    """Yield the words of the texts, separated by newlines. Plus signs are never merged: the marker consists of them."""
    batch: list[str] = []
    for number, text in enumerate(texts):
        batch += [word for word in Subwords.words_of(text) if MARK[0] not in word and "\n" not in word]
        if number % _TOGETHER == _TOGETHER - 1:
            yield "\n".join(batch)
            batch = []
    yield "\n".join(batch)
