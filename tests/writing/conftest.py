"""A poet that copies: its network has learnt by heart what it has read, and says it again."""

from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

from poetbot.overlap import OverlapIndex
from poetbot.poem import MARKER, Poem
from poetbot.poets.folder import Poet
from poetbot.poets.recipe import Recipe
from poetbot.poets.vocabulary import Vocabulary

ORDER = 7  # characters that it remembers


class Reading:
    """The state of a `Copyist`: the last characters of each row, and the next one's logits."""

    def __init__(self, network: "Copyist", texts: list[str], logits: np.ndarray) -> None:
        self.network, self.texts, self.logits = network, texts, logits

    def copy(self) -> "Reading":
        return Reading(self.network, list(self.texts), self.logits.copy())

    def repeated(self, rows: int) -> "Reading":
        return Reading(self.network, self.texts * rows, self.logits.repeat(rows, 0))

    def take(self, rows: slice | list[int]) -> "Reading":
        chosen = range(len(self.texts))[rows] if isinstance(rows, slice) else rows
        return Reading(self.network, [self.texts[row] for row in chosen], self.logits[rows].copy())

    def put(self, row: int, state: "Reading") -> None:
        self.texts[row] = state.texts[0]
        self.logits[row] = state.logits[0]


class Copyist:
    """What a network is to the writer, with counts of what followed the last seven characters, or fewer."""

    exact = True

    def __init__(self, texts: list[str], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        for text in texts:
            stream = MARKER * 2 + text + "\n" + MARKER
            for at in range(len(MARKER) * 2, len(stream)):
                for order in range(ORDER + 1):
                    self.counts[stream[at - order : at]][stream[at]] += 1
        self.known: dict[str, np.ndarray] = {}

    def zero_state(self, rows: int = 1) -> Reading:
        return Reading(self, [""] * rows, np.zeros((rows, len(self.vocabulary)), np.float32))

    def logits_after(self, text: str) -> np.ndarray:
        if text not in self.known:
            shares = np.full(len(self.vocabulary), 1e-6)
            for order in range(len(text) + 1):
                for character, count in self.counts.get(text[len(text) - order :], {}).items():
                    shares[self.vocabulary.ids[character]] += count * 30.0**order
            self.known[text] = np.log(shares / shares.sum()).astype(np.float32)
        return self.known[text]

    def step(self, ids: np.ndarray, state: Reading) -> None:
        for row, number in enumerate(ids.tolist()):
            state.texts[row] = (state.texts[row] + self.vocabulary.characters[number])[-ORDER:]
            state.logits[row] = self.logits_after(state.texts[row])

    def read(self, ids: np.ndarray, state: Reading) -> None:
        for number in ids.tolist():
            self.step(np.array([number]), state)


def copyist(texts: list[str], folder: Path) -> Poet:
    """Return a poet that copies these texts, with their overlap index."""
    vocabulary = Vocabulary.of([*texts, MARKER])
    poet = Poet("copyist", folder, Recipe(layers=1, units=1), vocabulary, {}, {})
    poet.__dict__["network"] = Copyist(texts, vocabulary)
    OverlapIndex.build([Poem(text) for text in texts]).save(folder / "overlap")
    return poet


STANZAS = (
    "The lamp is low, the street is long,\nA kettle sings its kitchen song;\n\nAnd no one asks the rain to stay,\nYet here it sits, and here, all day.",
    "Tell me the name of the bridge you crossed\nWhen the fog came up and the boats were lost.\nI don't recall, it's all too far,\nA bell, a rope, one harbour star.",
    "We kept the apples in the hall,\nRed by the stair and gold by the wall,\nAnd winter came to the door to call.\nThe rain came in and sat by the fire,\nAnd told us the length of the telegraph wire.",
    "O bird on the wire, o bell in the town,\nThe snow that goes up is the snow that comes down,\nAnd the last of the apples is sweet and is brown.",
    "Once, in the hall of the house on the hill,\nThe clock had its say and the house was still;\nThe boats and the bridge and the lamp and the sill\nWere all that there was, and are all there still.",
)
SIGNS = (
    "山中雨未停，溪上一舟輕。\n燈下聽風過，門前見月明。",
    "日落江樓遠，風吹草木深。\n故人今不見，秋水到門前。",
    "一夜風和雨，門前花滿枝。\n不知春已過，還問燕來時。",
)


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Poet:
    """A poet that has learnt five stanzas of ours by heart."""
    return copyist(list(STANZAS), tmp_path_factory.mktemp("copyist"))


@pytest.fixture(scope="session")
def copies_signs(tmp_path_factory: pytest.TempPathFactory) -> Poet:
    """The same with Chinese lines, made for this test."""
    return copyist(list(SIGNS), tmp_path_factory.mktemp("signs"))
