"""Every command that reads a file, given files made by chance: it does its work, or ends with one sentence."""

import io
import json
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from poetbot.cli.main import main
from poetbot.poets.folder import load
from poetbot.writing import CachedPoet, Form, FormRequest, Request, suggest, write, write_in_form
from poetbot.writing.suggestions import LineRequest
from tests.hostile.by_chance import (
    DEEP,
    ENDINGS,
    NUMBERS,
    WORDS,
    broken,
    content,
    mutated,
    receipt,
    told,
    value,
)

CASES = 1_200
OF_A_POET = ["poet.json", "vocabulary.json", "words.json", "overlap/index.json", "weights.safetensors"]
OF_A_POET += ["history.jsonl", "overlap/suffixes.npy", "overlap/hashes.npy"]

Case = tuple[list[str], bytes]
"""Arguments, and what stands on standard input."""


@pytest.fixture(scope="module")
def receipts(tiny_poet: Path) -> list[Any]:
    """Receipts of a poem, of a poem in a form and of a suggested line, that the poet takes."""
    cached = CachedPoet(load(tiny_poet), None)
    line = suggest(cached, LineRequest("the lamp\n", "", rng=3, count=1, drafts=4)).suggestions[0]
    return [
        write(cached.poet, Request("the lamp", lines=2, rng=3)).receipt,
        write_in_form(cached, FormRequest(Form(stanzas=(2,)), "", rng=3, drafts=4))[0].receipt,
        line.receipt,
    ]


def file_of(rng: random.Random, folder: Path, data: bytes, ending: str = "") -> str:
    path = folder / f"a.{ending or rng.choice(ENDINGS)}"
    path.write_bytes(data)
    return str(path)


def poet_of(rng: random.Random, folder: Path, tiny: Path) -> str:
    """Return the folder of a poet of which one file is damaged, or any file or folder."""
    poet = Path(shutil.copytree(tiny, folder / "poet"))
    path = poet / rng.choice(OF_A_POET)
    before = path.read_bytes() if path.is_file() else b"{}"
    kind = rng.randrange(4)
    if kind == 0 and path.suffix == ".json":
        path.write_bytes(told(mutated(rng, json.loads(before))))
    elif kind == 1:
        path.write_bytes(rng.choice([DEEP, content(rng), told(value(rng))]))
    elif kind == 2 and path.is_file():
        path.unlink()
    else:
        path.write_bytes(broken(rng, before))
    return str(poet)


def case_of(rng: random.Random, folder: Path, tiny: Path, receipts: list[Any]) -> Case:
    good = str(tiny)
    said = rng.choice([DEEP, content(rng), told(mutated(rng, rng.choice(receipts))), told(receipt(rng))])
    if rng.random() < 0.3:
        said = told({"poems": [{"receipt": json.loads(told(mutated(rng, rng.choice(receipts))))}]})
    again = file_of(rng, folder, said, "json")
    text = file_of(rng, folder, rng.choice([content(rng), told([value(rng)]), broken(rng, b"a lamp\n" * 9)]))
    word, number = rng.choice(WORDS), str(rng.choice(NUMBERS))
    kinds: list[Callable[[], list[str]]] = [
        lambda: ["write", good, "--receipt", again],
        lambda: ["suggest", good, "--receipt", again],
        lambda: ["suggest", good, rng.choice([text, "-"]), "--drafts", "4", "--rng", "1"],
        lambda: ["suggest", good, "--text", word, "--line", number, "--drafts", "4"],
        lambda: ["write", good, "--seed", word, "--lines", "2", "--rng", number],
        lambda: ["write", good, "--lines", "2", "--rhyme", word, "--stanzas", number],
        lambda: ["check", good, rng.choice([text, "-", str(folder)])],
        lambda: ["score", good, text],
        lambda: ["corpus", text, "--out", str(folder / "poems.jsonl")],
        lambda: [
            "corpus",
            "--manifest",
            file_of(rng, folder, broken(rng, b'[[books]]\nfile = "a.txt"\n'), "toml"),
        ],
        lambda: ["study", "surprise", good, rng.choice([text, "-"])],
        lambda: ["study", "marks", rng.choice([text, "-"])],
        lambda: ["study", "verse", good, "--wrote", text, "--human", text],
        lambda: ["study", "words", good, "--wrote", text, "--read", text],
        lambda: ["train", text, "--out", str(folder / "new"), "--recipe", word or "x"],
        lambda: [
            "train",
            text,
            "--out",
            str(folder / "new"),
            "--from",
            poet_of(rng, folder, tiny),
            "--epochs",
            "0",
        ],
        lambda: ["study", "curves", poet_of(rng, folder, tiny)],
        lambda: ["study", "growth", poet_of(rng, folder, tiny), "--lines", "1"],
        lambda: ["study", "words", poet_of(rng, folder, tiny), "--wrote", str(tiny / "poems.txt")],
        lambda: ["write", poet_of(rng, folder, tiny), "--lines", "1"],
        lambda: ["check", poet_of(rng, folder, tiny), "-"],
        lambda: ["score", poet_of(rng, folder, tiny), text],
    ]
    arguments = rng.choice(kinds)()
    return [*arguments, *(["--json"] if rng.random() < 0.5 and arguments[0] != "train" else [])], content(rng)


def no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_any_arguments_work_or_are_an_error(
    tiny_poet: Path, receipts: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any
) -> None:
    crashes, done = [], 0
    for case in range(CASES):
        rng = random.Random(case)
        folder = tmp_path / str(case)
        folder.mkdir()
        arguments, given = case_of(rng, folder, tiny_poet, receipts)
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(given)))
        try:
            code = main(arguments)
            out, said = (each.decode("utf-8") for each in capfdbinary.readouterr())
            assert code in (0, 1, 2, 3), f"it ends with {code}"
            assert "Traceback" not in said, said
            if code in (1, 2):
                assert said.strip() and len(said.strip().splitlines()[-1]) < 2_000, f"it says {said!r}"
            elif "--json" in arguments:
                json.loads(out, parse_constant=no_number)
            done += code == 0
        except Exception as error:
            capfdbinary.readouterr()
            crashes.append(f"case {case}: {type(error).__name__}: {error} {arguments}"[:400])
        shutil.rmtree(folder)
    assert not crashes, f"{len(crashes)} crashes:\n" + "\n".join(crashes[:20])
    assert done > CASES / 20  # not all was refused at the door


def test_a_receipt_of_too_many_levels_is_an_error(
    tiny_poet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "deep.json").write_bytes(DEEP)
    for command in ("write", "suggest"):
        assert main([command, str(tiny_poet), "--receipt", str(tmp_path / "deep.json")]) == 2
        assert capsys.readouterr().err.count("\n") == 1
