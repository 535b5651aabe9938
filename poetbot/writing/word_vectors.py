"""What words a poet has read together: a vector for each of its commonest words, and the nearest words of a word.

Words that occur near the same words are related (Harris 1954, "Distributional Structure", Word 10, 146-162). Counted is
how often two words stand within ten words of each other in a training poem; the vectors are the left singular vectors
of the positive pointwise mutual information of these counts, with smoothed contexts and half of the singular values
(Levy, Goldberg & Dagan 2015, "Improving Distributional Similarity with Lessons Learned from Word Embeddings",
Transactions of the ACL 3, 211-225). They are found by a randomised decomposition (Halko, Martinsson & Tropp 2011,
"Finding Structure with Randomness", SIAM Review 53, 217-288).

The file `word_vectors.safetensors` in a poet's folder has the words and their vectors in 8 bits. It is at most 1 MB.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from poetbot.errors import PoetBotError
from poetbot.overlap import words
from poetbot.storage import write_atomically

FILE = "word_vectors.safetensors"
LARGEST = 1_000_000
"""Maximum size of the file in bytes."""

_WORDS, _CONTEXTS, _DIMENSIONS = 10_000, 2_000, 64
_MAX_WORD_BYTES = 300_000
_WINDOW = 10
_SMOOTHING = 0.75
_SCALE = 127
_POEMS = 5_000  # counted at a time
_OVERSAMPLING, _ITERATIONS = 10, 2
_LEAST = 3  # uses of a word, in all but the smallest corpora
_SMALL = 20_000  # words: a smaller corpus keeps all of its words

Floats = npt.NDArray[np.float32]


class WordVectors:
    """Words, most frequent first, and their unit vectors `[words, dimensions]` in 8 bits."""

    def __init__(self, found: Sequence[str], quantized: npt.NDArray[np.int8]) -> None:
        self.words, self._quantized = tuple(found), quantized
        self._ranks = {word: rank for rank, word in enumerate(self.words)}

    def __contains__(self, word: object) -> bool:
        return word in self._ranks

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def _vectors(self) -> Floats:
        vectors = self._quantized.astype(np.float32)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1)

    def vector(self, word: str) -> Floats | None:
        """Return the unit vector of a word, None if it has none."""
        return self._vectors[self._ranks[word]] if word in self._ranks else None

    def nearest(self, word: str, count: int, least: float = 0.0) -> list[tuple[str, float]]:
        """Return up to `count` words with the greatest cosine to a word, at least `least`, without the word itself."""
        vector = self.vector(word)
        if vector is None:
            return []
        cosines = self._vectors @ vector
        best = np.argsort(-cosines, kind="stable")[: count + 1].tolist()
        near = [(self.words[rank], float(cosines[rank])) for rank in best]
        return [(other, cosine) for other, cosine in near if other != word and cosine >= least][:count]

    def greatest_cosines(self, words: Sequence[str], others: Iterable[str]) -> list[float]:
        """Return each word's greatest cosine to one of the others, at least 0, and 0 if it has no vector."""
        known = [self._ranks[word] for word in others if word in self._ranks]
        found = np.zeros(len(words))
        with_vector = [place for place, word in enumerate(words) if word in self._ranks]
        if known and with_vector:
            ranks = [self._ranks[words[place]] for place in with_vector]
            found[with_vector] = (self._vectors[ranks] @ self._vectors[known].T).max(axis=1)
        return [max(0.0, min(1.0, float(cosine))) for cosine in found]

    def similarity(self, one: Iterable[str], other: Iterable[str]) -> float | None:
        """Return the cosine of the mean vectors of two lists of words, None if one has no known word."""
        means = []
        for some in (one, other):
            known = [self._ranks[word] for word in some if word in self._ranks]
            if not known:
                return None
            mean = self._vectors[known].mean(axis=0)
            means.append(mean / max(float(np.linalg.norm(mean)), 1e-9))
        return float(means[0] @ means[1])


def vectors_of(texts: Sequence[str]) -> WordVectors:
    """Return the vectors of the commonest words of some poems. The same poems give the same vectors on one machine."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(words(text).strings())
    least = _LEAST if counts.total() > _SMALL else 1
    ranked = sorted((word for word, n in counts.items() if n >= least), key=lambda w: (-counts[w], w))
    chosen, size = [], 0
    for word in ranked[:_WORDS]:
        size += len(word.encode()) + 1
        if size > _MAX_WORD_BYTES:
            break
        chosen.append(word)
    if not chosen:
        return WordVectors((), np.zeros((0, _DIMENSIONS), np.int8))
    vectors = _decomposed(_mutual_information(_together(texts, chosen)))
    greatest = np.abs(vectors).max(axis=1)
    related = greatest > 0
    quantized = np.round(vectors[related] / greatest[related, None] * _SCALE).astype(np.int8)
    return WordVectors([chosen[rank] for rank in np.flatnonzero(related).tolist()], quantized)


def _together(texts: Sequence[str], chosen: Sequence[str]) -> Floats:
    """Return how often each word stands near each of the commonest `[words, contexts]`."""
    keys = np.concatenate([words(word).keys[:1] for word in chosen])
    order = np.argsort(keys)
    contexts = min(_CONTEXTS, len(chosen))
    counts = np.zeros(len(chosen) * contexts, np.float32)
    for start in range(0, len(texts), _POEMS):
        ids = []
        for text in texts[start : start + _POEMS]:
            found = words(text).keys
            places = np.minimum(np.searchsorted(keys, found, sorter=order), len(keys) - 1)
            ids += [np.where(keys[order[places]] == found, order[places], -1), np.full(_WINDOW, -1)]
        read = np.concatenate(ids)
        for distance in range(1, _WINDOW + 1):
            first, second = read[:-distance], read[distance:]
            for word, context in ((first, second), (second, first)):
                both = (word >= 0) & (context >= 0) & (context < contexts)
                np.add.at(counts, word[both] * contexts + context[both], np.float32(1))
    return counts.reshape(len(chosen), contexts)


def _mutual_information(counts: Floats) -> Floats:
    """Turn counts into their positive pointwise mutual information, in place."""
    of_words, of_contexts = counts.sum(axis=1, keepdims=True), counts.sum(axis=0, keepdims=True) ** _SMOOTHING
    total = float(of_contexts.sum())
    counts *= total
    counts /= np.maximum(of_words, 1)
    counts /= np.maximum(of_contexts, 1)
    np.maximum(counts, 1, out=counts)
    return np.log(counts, out=counts)


def _decomposed(matrix: Floats) -> Floats:
    """Return the first left singular vectors of a matrix, each times the root of its singular value."""
    size = min(_DIMENSIONS + _OVERSAMPLING, *matrix.shape)
    sketch = matrix @ np.random.default_rng(0).standard_normal((matrix.shape[1], size), np.float32)
    for _ in range(_ITERATIONS):
        basis, _ = np.linalg.qr(sketch)
        sketch = matrix @ (matrix.T @ basis)
    basis, _ = np.linalg.qr(sketch)
    left, values, _ = np.linalg.svd(basis.T @ matrix, full_matrices=False)
    vectors = np.zeros((len(matrix), _DIMENSIONS), np.float32)
    kept = min(_DIMENSIONS, len(values))
    vectors[:, :kept] = (basis @ left)[:, :kept] * np.sqrt(values[:kept])
    return vectors


def save_vectors(folder: Path, vectors: WordVectors) -> None:
    """Write the vectors to a poet's folder."""
    letters = np.frombuffer("\n".join(vectors.words).encode(), np.uint8)
    data = save({"vectors": np.ascontiguousarray(vectors._quantized), "words": letters})
    write_atomically(folder / FILE, data)


def stored_vectors(folder: Path) -> WordVectors | None:
    """Return the vectors in a poet's folder, None if there are none. Raises PoetBotError if they are damaged."""
    path = folder / FILE
    try:
        found = path.stat()
    except OSError:
        return None
    return _read(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, size: int) -> WordVectors:
    damaged = PoetBotError(
        "{file} of {poet} is damaged. Get the poet again from its source, or delete the file.",
        file=path.name,
        poet=path.parent.name,
    )
    if size > LARGEST:
        raise damaged
    try:
        with safe_open(path, framework="numpy") as file:
            types = {name: file.get_slice(name).get_dtype() for name in file.keys()}  # noqa: SIM118
            if types != {"vectors": "I8", "words": "U8"}:
                raise damaged
            quantized, letters = file.get_tensor("vectors"), file.get_tensor("words")
        found = letters.tobytes().decode().split("\n") if letters.size else []
    except (OSError, SafetensorError, UnicodeDecodeError) as error:
        raise damaged from error
    if quantized.shape != (len(found), _DIMENSIONS) or len(set(found)) != len(found) or "" in found:
        raise damaged
    return WordVectors(found, quantized)
