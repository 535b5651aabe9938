"""Export a poet as a folder for the Hugging Face Hub: the poet's own files, a card with metadata, and its tokenizer.

The folder is still a poet folder: `write`, `import` and `poetbot.load` take it as it comes from the Hub. Nothing here
uses a network. The metadata follow the Hub's specification of model cards
(https://github.com/huggingface/hub-docs/blob/main/modelcard.md).
"""

import json
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.library.poets import folder_contents
from poetbot.library.poets.zip_export import complete_overlap
from poetbot.poets.card import Card
from poetbot.poets.folder import BUNDLED, Poet, load
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.storage import json_bytes, write_atomically
from poetbot.verse.marks import is_chinese
from poetbot.writing.word_sounds import is_english

CARD, TOKENIZER = "README.md", "tokenizer.json"
UNKNOWN = "unknown"
"""The Hub's identifier of a licence that isn't known."""
_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9.+-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_DATASET = re.compile(r"[\w.-]+(?:/[\w.-]+)?", re.ASCII)
_FRONT_MATTER = re.compile(r"\A---\n.*?^---\n+", re.DOTALL | re.MULTILINE)
_COMMONEST = 200  # words that tell the language


@dataclass(frozen=True)
class HubMetadata:
    """What the card says that a poet doesn't know about itself. What is None is found out, or left out.

    `license` is an identifier of https://huggingface.co/docs/hub/repositories-licenses, `language` one of ISO 639, and
    `datasets` are names of data sets on the Hub. Raises PoetBotError for anything that the Hub would refuse.
    """

    license: str | None = None
    language: str | None = None
    datasets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.license is not None and not _IDENTIFIER.fullmatch(self.license):
            raise PoetBotError(
                "Give the licence by its identifier on the Hub, such as cc0-1.0 or apache-2.0."
            )
        if self.language is not None and not _LANGUAGE.fullmatch(self.language):
            raise PoetBotError("Give the language by its two or three letters, such as en or zh.")
        if not all(map(_DATASET.fullmatch, self.datasets)):
            raise PoetBotError("Give a data set by its name on the Hub, such as owner/name.")


def export_to_hub(folder: Path, out: Path, said: HubMetadata, with_poems: bool = False) -> dict[str, Any]:
    """Write the poet of a folder to the folder `out`, which must be new or empty, and return the card's metadata.

    Files whose names start with a period may be there already, as in a clone of an empty repository. The training poems are
    left out unless requested. Raises PoetBotError if the poet is incomplete or there are other files in `out`.
    """
    poet = load(folder)
    if out.exists() and (not out.is_dir() or any(path.name[0] != "." for path in out.iterdir())):
        raise PoetBotError("{name} isn't empty. Name a new folder.", name=str(out))
    names = folder_contents.poet_files(poet.folder, with_poems)
    with complete_overlap(poet.folder) as overlap:
        parts = {name: poet.folder / name for name in names if not name.startswith("overlap/")}
        parts |= {f"overlap/{path.name}": path for path in sorted(overlap.glob("*")) if path.is_file()}
        for name, source in parts.items():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, out / name)
    if isinstance(poet.vocabulary, Subwords):
        write_atomically(out / TOKENIZER, json_bytes(tokenizer_of(poet.vocabulary)))
    metadata = metadata_of(poet, said)
    write_atomically(out / CARD, _page(poet, metadata).encode())
    return metadata


def metadata_of(poet: Poet, said: HubMetadata) -> dict[str, Any]:
    """Return the metadata of a poet's card. The measured figure is that of poet.json, on its held-out poems."""
    card = Card(poet.card)
    language, bits = (
        said.language or _language(poet),
        card.part("figures").number("validation_bits_per_character"),
    )
    read = card.part("corpus").text("name") or poet.name
    result = {
        "task": {"type": "text-generation", "name": "Text generation"},
        "dataset": {"type": said.datasets[0] if said.datasets else read, "name": f"{read}, held out"},
        "metrics": [{"type": "bits_per_character", "name": "Bits per character", "value": bits}],
    }
    return {
        **({"language": [language]} if language else {}),
        "license": said.license or ("apache-2.0" if poet.folder.parent == BUNDLED else UNKNOWN),
        "library_name": "poetbot",
        "pipeline_tag": "text-generation",
        "tags": ["poetry", poet.recipe.cell, poet.recipe.level],
        **({"datasets": list(said.datasets)} if said.datasets else {}),
        **({"model-index": [{"name": poet.name, "results": [result]}]} if bits else {}),
    }


def tokenizer_of(subwords: Subwords) -> dict[str, Any]:
    """Return subwords as the file of Hugging Face's tokenizers (`Tokenizer.from_file`), with the same ids."""
    units = subwords.units
    marker = {"id": subwords.marker, "content": units[subwords.marker], "special": True, "normalized": False}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{**marker, "single_word": False, "lstrip": False, "rstrip": False}],
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": subwords.word_pattern},
            "behavior": "Isolated",
            "invert": False,
        },
        "post_processor": None,
        "decoder": {"type": "Fuse"},
        "model": {
            "type": "BPE",
            "vocab": {unit: number for number, unit in enumerate(units)},
            "merges": [[units[first], units[second]] for first, second in subwords.merges],
        },
    }


def _language(poet: Poet) -> str | None:
    """Return the language of the training poems if it is English or Chinese."""
    counts = poet.words()
    if is_chinese("".join(word for word, _ in Counter(counts).most_common(_COMMONEST))):
        return "zh"
    return "en" if counts and is_english(counts) else None


def _page(poet: Poet, metadata: Mapping[str, Any]) -> str:
    """Return the model card with its metadata in front, and how to use the folder at the end."""
    page = poet.folder / CARD
    body = page.read_text(encoding="utf-8") if page.is_file() else f"# The poet {poet.name}\n"
    # JSON is YAML, so no library is needed to quote what must be quoted.
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in metadata.items())
    return f"---\n{''.join(lines)}---\n\n{_FRONT_MATTER.sub('', body).removesuffix(_USE)}{_USE}"


_USE = """
## How to write with it

Download this folder to `poet`. PoetBot writes with it from there, or takes it into your own poets:

    poetbot write poet --lines 8
    poetbot import poet
"""
