"""What every test stands on: no test reads or writes what a person owns, and none calls home."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

# Before any test module imports NumPy, as in `poetbot/__main__.py`: workers with several threads each wait for one another.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = os.environ["VECLIB_MAXIMUM_THREADS"] = (
    "1"
)
# Before any test module imports gradio, which reads it once.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["NO_PROXY"] = os.environ["no_proxy"] = (
    "*"  # as app.py has it: the tests too ask this machine alone
)

import pytest
from hypothesis import settings

from poetbot.runs.job import list_jobs
from poetbot.runs.start import stop
from poetbot.storage import Home

if TYPE_CHECKING:
    from poetbot.poets.recipe import Recipe
    from poetbot.poets.vocabulary import Vocabulary

# A deadline per example measures how busy the machine is; pytest-timeout catches what hangs. `make test-all` tries more examples.
# The same examples every time, so that a change isn't held up by what it hasn't touched; `more` looks for others.
settings.register_profile("poetbot", deadline=None, max_examples=40, derandomize=True)
settings.register_profile("more", deadline=None)
settings.load_profile("poetbot")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Move what a person owns into a temporary folder, for fixtures that live longer than one test."""
    with pytest.MonkeyPatch.context() as patch:
        _move_home(patch, tmp_path_factory.mktemp("home"))
        yield


@pytest.fixture(autouse=True)
def poetbot_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give this test a home of its own (poets, runs, uploads, caches) and return it."""
    home = tmp_path / "poetbot-home"
    _move_home(monkeypatch, home)
    return home


def _move_home(patch: pytest.MonkeyPatch, home: Path) -> None:
    patch.setenv("POETBOT_HOME", str(home))
    patch.setenv("GRADIO_TEMP_DIR", str(home / "gradio"))
    patch.setenv("MPLCONFIGDIR", str(home / "matplotlib"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real books and corpora that may lie next to the checkout."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("The folder shared/ with the real books does not lie beside this checkout.")
    return folder


STANZAS = (
    "The lamp is low, the street is long,\nA kettle sings its kitchen song;\n\nAnd no one asks the rain to stay,\nYet here it sits, and here, all day.",
    "Tell me the name of the bridge you crossed\nWhen the fog came up and the boats were lost.",
    "We kept the apples in the hall,\nRed by the stair and gold by the wall,\nAnd winter came to the door to call.",
)


CHINESE = (
    "山中雨未停，\n溪上一舟輕。\n燈下聽風過，\n門前見月明。",
    "一夜風和雨，\n門前花滿枝。\n不知春已過，\n還問燕來時？",
    "曉起開書卷，\n清風入小窗。\n鳥聲隨雨歇，\n花影過東牆。",
    "客來茶未冷，\n琴罷夜初長。\n莫問歸何處，\n千山萬里霜。",
    "馬過長橋雪，\n鐘傳古寺聲。\n行人何所憶，\n夢裏有孤城！",
    "夏日蟬鳴急，\n秋來雁影稀。\n冬深無客到，\n雲外一人歸。",
)


@pytest.fixture(scope="session")
def tiny_poet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a whole poet with random weights that has read three stanzas of ours."""
    words = '{"the": 9, "lamp": 1, "rain": 1, "apples": 1, "bridge": 1}\n'
    return _random_poet(tmp_path_factory.mktemp("poets") / "tiny", STANZAS, words)


@pytest.fixture(scope="session")
def chinese_poet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of one with random weights that knows the characters of six quatrains of ours, in traditional script."""
    return _random_poet(tmp_path_factory.mktemp("poets") / "chinese", CHINESE, "{}\n")


MERGES = (
    *(
        ("t", "h"),
        ("th", "e"),
        (" ", "the"),
        (" ", "a"),
        ("n", "d"),
        (" a", "nd"),
        ("i", "n"),
        ("r", "a"),
        ("ra", "in"),
    ),
    *(
        (" ", "rain"),
        ("l", "a"),
        ("la", "m"),
        ("lam", "p"),
        (" ", "lamp"),
        ("T", "h"),
        ("Th", "e"),
        ("A", "nd"),
    ),
    *(
        ("i", "s"),
        (" ", "is"),
        ("b", "r"),
        ("br", "i"),
        ("d", "g"),
        ("dg", "e"),
        ("bri", "dge"),
        (" ", "bridge"),
    ),
    *(
        ("o", "n"),
        ("on", "e"),
        ("a", "p"),
        ("ap", "p"),
        ("l", "e"),
        ("app", "le"),
        ("apple", "s"),
        (" ", "apples"),
    ),
)
"""Pairs that a poet of subwords joins."""


@pytest.fixture(scope="session")
def subword_poet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of one with random weights that reads and writes subwords of the three stanzas."""
    from poetbot.poem import MARKER
    from poetbot.poets.recipe import Recipe
    from poetbot.poets.subword_vocabulary import Subwords

    units = [*sorted(set("".join([*STANZAS, "\n", "+"]))), MARKER]
    merges = []
    for first, second in MERGES:
        merges.append((units.index(first), units.index(second)))
        units.append(first + second)
    words = '{"the": 9, "lamp": 9, "rain": 9, "apples": 9, "bridge": 9, "a": 9, "cat": 1}\n'
    folder = tmp_path_factory.mktemp("poets") / "subwords"
    recipe = Recipe(name="tiny", layers=3, units=16, level="subwords", subwords=len(units))
    return _random_poet(folder, STANZAS, words, recipe, Subwords(units, merges))


def _random_poet(
    folder: Path,
    texts: tuple[str, ...],
    words: str,
    recipe: "Recipe | None" = None,
    vocabulary: "Vocabulary | None" = None,
) -> Path:
    import numpy as np

    from poetbot.overlap import OverlapIndex
    from poetbot.poem import MARKER, Poem
    from poetbot.poets.folder import poet_id, save_card, save_network
    from poetbot.poets.network import tensor_shapes
    from poetbot.poets.recipe import Recipe
    from poetbot.poets.vocabulary import Vocabulary

    recipe = recipe or Recipe(name="tiny", layers=3, units=16)
    vocabulary = vocabulary or Vocabulary.of([*texts, MARKER])
    rng = np.random.default_rng(5)
    tensors = {
        name: (rng.normal(size=shape) * 0.4).astype(np.float32)
        for name, shape in tensor_shapes(recipe, len(vocabulary)).items()
    }
    save_network(folder, recipe, vocabulary, tensors)
    poems = [Poem(text, title=f"Stanza {k}", author="PoetBot") for k, text in enumerate(texts, 1)]
    OverlapIndex.build(poems).save(folder / "overlap")
    (folder / "words.json").write_text(words)
    save_card(
        folder,
        {
            "name": folder.name,
            "id": poet_id(recipe, vocabulary, tensors),
            "recipe": recipe.as_json(),
            "corpus": {
                "training_poems": len(texts),
                "training_characters": sum(map(len, texts)),
                "licence": "CC0",
            },
            "figures": {"validation_bits_per_character": None},
            "training": {"minutes": 0, "when": "2026-01-01"},
        },
    )
    return folder


@pytest.fixture
def home(poetbot_home: Path) -> Iterator[Home]:
    home = Home.default()
    yield home
    for job in list_jobs(home):
        stop(job)
    until = time.monotonic() + 20
    while any(job.state().alive for job in list_jobs(home)) and time.monotonic() < until:
        time.sleep(0.05)


@pytest.fixture
def shelf(home: Home, tiny_poet: Path) -> Callable[[str], Path]:
    def put(name: str) -> Path:
        folder = home.create(home.poets) / name
        shutil.copytree(tiny_poet, folder)
        card = json.loads((folder / "poet.json").read_text())
        card["name"] = name
        (folder / "poet.json").write_text(json.dumps(card))
        return folder

    return put
