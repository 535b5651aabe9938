"""The poet folder: a poet on disk, checked before anything is loaded from it."""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from poetbot.errors import PoetBotError
from poetbot.installation import COMMAND, bundled_folder
from poetbot.poets.interfaces import (
    WritingNetwork,
    WritingState,
    WritingVocabulary,
    empty_seed_state,
    network_of,
    shapes_of,
    vocabulary_of,
)
from poetbot.poets.network import Floats, State
from poetbot.poets.padding_states import PaddingStates
from poetbot.poets.recipe import Recipe
from poetbot.poets.vocabulary import Vocabulary
from poetbot.storage import Home, json_bytes, write_atomically

FORMAT = 1
WEIGHT_BYTES = {"F32": 4, "F16": 2}
"""The number types that stored weights may have, by their safetensors names, and their size in bytes."""
_MAX_JSON = 4_000_000
_MAX_EPOCHS = 256_000_000
_FAMILIAR = 3  # with fewer uses a word may be a typing error or a fragment
BUNDLED = bundled_folder("weights")
DEFAULT_POET = "modern"
"""The poet that writes if no other is chosen. It comes first."""
DEFAULT_POETS = {"zh": "tang"}
"""The poets that write instead on the pages of other languages."""
CURIOSITIES = ("nietzsche", "story")
"""Bundled poets that do not write verse. They come last."""


@dataclass(frozen=True)
class Poet:
    """A trained model, read from its folder. `card` is the content of poet.json; `epoch` is None for the best weights."""

    name: str
    folder: Path
    recipe: Recipe
    vocabulary: WritingVocabulary
    tensors: Mapping[str, Floats]
    card: Mapping[str, Any]
    epoch: int | None = None
    integers: bool = True

    @cached_property
    def network(self) -> WritingNetwork:
        """The network that writes, created at first use: an exact one if `integers` and if there is one for its recipe."""
        return network_of(self.recipe, self.tensors, integers=self.integers)

    @cached_property
    def in_floats(self) -> "Poet":
        """This poet with the network in float32: for scores, and for receipts from before there were integers."""
        if not self.network.exact:
            return self
        found = replace(self, integers=False)
        found.__dict__["id"] = self.id
        return found

    @cached_property
    def derived(self) -> dict[str, Any]:
        """What other packages derive from the poet and keep as long as the poet, by name."""
        return {}

    @cached_property
    def empty_seed(self) -> WritingState:
        """The one-row state after an empty seed. It is computed once; callers copy it."""
        state: WritingState = empty_seed_state(self.network, self.vocabulary)
        return state

    @cached_property
    def paddings(self) -> PaddingStates | None:
        """The states after the padding of a short seed, or None if the network has no memory."""
        if not isinstance(self.network.zero_state(), State) or not isinstance(self.vocabulary, Vocabulary):
            return None
        return PaddingStates(self.vocabulary)

    @cached_property
    def id(self) -> str:
        """The SHA-256 (hex) of recipe, vocabulary and weights."""
        return poet_id(self.recipe, self.vocabulary, self.tensors)

    def reference(self) -> dict[str, Any]:
        """Return what names it in a receipt: name, id, and its epoch if not the last."""
        epoch = {} if self.epoch is None else {"epoch": self.epoch}
        return {"poet": self.name, "poet_id": self.id, **epoch}

    def words(self) -> Mapping[str, int]:
        """Return how often the training poems use each word, for word clouds. Empty if the folder has no counts."""
        return self._words

    @cached_property
    def _words(self) -> dict[str, int]:
        """Read once, because all who use the words then share their strings."""
        path = self.folder / "words.json"
        if not path.exists():
            return {}
        counts = _read_json(path)
        if not isinstance(counts, dict) or not all(type(n) is int and n > 0 for n in counts.values()):
            raise PoetBotError(
                "{file} of the poet {name} is damaged. Get the poet again from its source.",
                file=path.name,
                name=self.name,
            )
        return counts

    @cached_property
    def familiar_words(self) -> frozenset[str]:
        """The words that the training poems use at least three times, in lower case, without most single letters."""
        words = (word for word, count in self.words().items() if count >= _FAMILIAR)
        return frozenset(word for word in words if len(word) > 1 or word in ("a", "i", "o"))

    @property
    def overlap_folder(self) -> Path:
        """The folder of the overlap index of the training poems."""
        return self.folder / "overlap"

    @property
    def overlap_folders(self) -> tuple[Path, ...]:
        """The folders of all indexes that together have its training poems, the first of which is `overlap_folder`."""
        return (self.overlap_folder,)


def poet_id(recipe: Recipe, vocabulary: WritingVocabulary, tensors: Mapping[str, Floats]) -> str:
    """Return the SHA-256 (hex) of recipe, vocabulary and weights."""
    digest = hashlib.sha256(json.dumps(recipe.as_json(), sort_keys=True).encode())
    digest.update(json.dumps(vocabulary.as_json()).encode())
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensors[name], dtype="<f4").tobytes())
    return digest.hexdigest()


def save_network(
    folder: Path, recipe: Recipe, vocabulary: WritingVocabulary, tensors: Mapping[str, Floats]
) -> None:
    """Write vocabulary.json and weights.safetensors, each replaced atomically. The same weights give the same bytes.

    If all weights fit into 16 bits (`to_float16`), they are written as float16, in half the bytes and without loss.
    """
    write_atomically(folder / "vocabulary.json", json_bytes(vocabulary.as_json()))
    write_atomically(folder / "weights.safetensors", _as_safetensors(tensors))


def to_float16(tensors: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return float32 weights rounded to float16 precision (IEEE 754 binary16). No weight becomes infinite."""
    most = np.finfo(np.float16).max
    return {
        name: np.clip(tensor, -most, most).astype(np.float16).astype(np.float32)
        for name, tensor in tensors.items()
    }


def _as_safetensors(tensors: Mapping[str, Floats]) -> bytes:
    halves = to_float16(tensors)
    lossless = all(np.array_equal(halves[name], tensor) for name, tensor in tensors.items())
    kind = "<f2" if lossless else "<f4"
    return save({name: np.ascontiguousarray(tensors[name], kind) for name in sorted(tensors)})


def save_epoch(folder: Path, epoch: int, tensors: Mapping[str, Floats]) -> None:
    """Store the weights after an epoch (1-based) in epochs/NNNN.safetensors, if it is one of the epochs to keep.

    These are epochs 1, 2, 4, 8 and so on, up to 256 MB in total, because the early epochs differ most.
    """
    size = sum(tensor.size for tensor in tensors.values()) * 4
    if epoch & (epoch - 1) == 0 and epoch.bit_length() * size <= _MAX_EPOCHS:
        write_atomically(_epoch_file(folder, epoch), _as_safetensors(tensors))


def kept_epochs(folder: Path) -> list[int]:
    """Return the epochs whose weights are stored in a poet folder, in order."""
    return sorted(
        int(path.stem) for path in (folder / "epochs").glob("*.safetensors") if path.stem.isdecimal()
    )


def _epoch_file(folder: Path, epoch: int) -> Path:
    return folder / "epochs" / f"{epoch:04d}.safetensors"


def save_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Write poet.json. It is written last, because a folder without it is not a complete poet."""
    write_atomically(folder / "poet.json", json_bytes({"format": FORMAT, **card}, indent=1))


def load(where: str | Path, epoch: int | None = None) -> Poet:
    """Read a poet from a folder, or by the name of a bundled or user's poet. `epoch` selects the weights of an epoch.

    Every shape and size is checked against poet.json before any weight is read. Raises PoetBotError.
    """
    folder = _folder_of(where)
    card, recipe = _read_card(folder)
    vocabulary = vocabulary_of(recipe, _read_json(folder / "vocabulary.json"))
    path = folder / "weights.safetensors"
    if epoch is not None:
        path = _epoch_file(folder, epoch)
        if not path.is_file():
            kept = ", ".join(map(str, kept_epochs(folder)))
            if not kept:
                raise PoetBotError(
                    "{poet} kept no weights from earlier epochs. Leave the epoch out.", poet=folder.name
                )
            raise PoetBotError(
                "{poet} kept no weights from epoch {epoch}. Choose one of: {kept}.",
                poet=folder.name,
                epoch=epoch,
                kept=kept,
            )
    tensors = _read_tensors(path, shapes_of(recipe, len(vocabulary)))
    return Poet(str(card.get("name") or folder.name)[:100], folder, recipe, vocabulary, tensors, card, epoch)


def load_vocabulary(folder: Path) -> WritingVocabulary:
    """Read only the vocabulary of the poet in a folder. Raises PoetBotError."""
    return vocabulary_of(_read_card(folder)[1], _read_json(folder / "vocabulary.json"))


def poet_folders(root: Path = BUNDLED) -> list[Path]:
    """Return the poet folders in `root`: the default poet, the others by name, then those that do not write verse."""
    if not root.is_dir():
        return []
    found = (p.parent for p in root.glob("*/poet.json") if not p.parent.name.startswith("."))
    return sorted(found, key=lambda p: (p.name in CURIOSITIES, p.name != DEFAULT_POET, p.name))


def _folder_of(where: str | Path) -> Path:
    text = str(where)
    if not text or "\0" in text or len(text) > 4000:
        raise PoetBotError("Name a poet or its folder. Run `{command} poets` to list them.", command=COMMAND)
    candidates = [Path(where)]
    if Path(text).name == text and text not in (".", ".."):
        candidates = [BUNDLED / text, Home.default().poets / text, *candidates]
    for folder in candidates:
        with contextlib.suppress(OSError):  # the name is too long for a folder
            if (folder / "poet.json").is_file():
                return folder
    raise PoetBotError(
        "There is no poet called {name}. Run `{command} poets` to list them.",
        name=text[:200],
        command=COMMAND,
    )


def _read_card(folder: Path) -> tuple[dict[str, Any], Recipe]:
    card = _read_json(folder / "poet.json")
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise PoetBotError(
            "{name} was made by another version of PoetBot. This version needs format {format}.",
            name=folder.name,
            format=FORMAT,
        )
    return card, Recipe.from_json(card.get("recipe"))


def _read_json(path: Path) -> Any:
    try:
        if path.stat().st_size > _MAX_JSON:
            raise PoetBotError(
                "{file} of {poet} is too large to be part of a poet. Get the poet again from its source.",
                file=path.name,
                poet=path.parent.name,
            )
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PoetBotError(
            "{file} of {poet} is missing. Get the poet again from its source.",
            file=path.name,
            poet=path.parent.name,
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, PoetBotError):
            raise
        raise PoetBotError(
            "{file} of {poet} can't be read. Get the poet again from its source.",
            file=path.name,
            poet=path.parent.name,
        ) from error


def _read_tensors(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Floats]:
    damaged = PoetBotError(
        "The weights of {poet} are damaged or don't fit its recipe. Get the poet again from its source.",
        poet=path.parent.name,
    )
    try:
        with safe_open(path, framework="numpy") as file:
            if set(file.keys()) != set(shapes):
                raise damaged
            for name, shape in shapes.items():
                part = file.get_slice(name)
                if tuple(part.get_shape()) != shape or part.get_dtype() not in WEIGHT_BYTES:
                    raise damaged
            tensors = {name: file.get_tensor(name).astype(np.float32, copy=False) for name in shapes}
    except (OSError, SafetensorError) as error:
        raise damaged from error
    if not all(np.isfinite(tensor).all() for tensor in tensors.values()):
        raise damaged
    return tensors
