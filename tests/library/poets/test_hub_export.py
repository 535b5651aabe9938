"""A poet in a folder for the Hugging Face Hub: its card is read by the Hub's own library, and it writes the same poem."""

from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import EvalResult, ModelCard
from tokenizers import Tokenizer

import poetbot
from poetbot.cli.main import main
from poetbot.errors import PoetBotError
from poetbot.library.poets.hub_export import HubMetadata, export_to_hub
from poetbot.poets.folder import load
from poetbot.storage import Home

# https://github.com/huggingface/hub-docs/blob/main/modelcard.md, and pipeline_tag of docs/hub/model-cards.md
SPECIFIED = {"language", "license", "library_name", "pipeline_tag", "tags", "datasets", "model-index"}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A poet of subwords whose overlap index refers to that of its parent."""
    out = tmp_path_factory.mktemp("hub") / "dickinson"
    export_to_hub(load("dickinson").folder, out, HubMetadata())
    return out


def test_the_hubs_own_library_reads_the_card(exported: Path) -> None:
    card, poet = ModelCard.load(exported / "README.md"), load("dickinson")
    data = card.data.to_dict()
    assert set(data) <= SPECIFIED
    assert (data["language"], data["license"], data["library_name"]) == (["en"], "apache-2.0", "poetbot")
    assert data["tags"] == ["poetry", "lstm", "subwords"] and "datasets" not in data
    (result,) = card.data.eval_results
    assert isinstance(result, EvalResult) and result.metric_type == "bits_per_character"
    assert result.metric_value == poet.card["figures"]["validation_bits_per_character"]
    assert result.task_type == card.data.pipeline_tag == "text-generation"
    assert card.text.strip().startswith((poet.folder / "README.md").read_text("utf-8").strip())
    assert "poetbot import" in card.text


def test_the_folder_writes_the_same_poem_where_it_lies_and_imported(
    exported: Path, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    poem = poetbot.load("dickinson").write("A bird", lines=3, rng=3, guard=6)
    assert poetbot.load(exported).write("A bird", lines=3, rng=3, guard=6).text == poem.text
    assert main(["import", str(exported)]) == 0
    assert capsys.readouterr().out == "Imported dickinson 2.\n"
    imported = poetbot.load("dickinson 2")
    assert imported.model.folder.parent == home.poets and imported.model.id == load("dickinson").id
    again = imported.write("A bird", lines=3, rng=3, guard=6)
    assert again.text == poem.text and again.overlap == poem.overlap
    card = ModelCard.load(imported.model.folder / "README.md")
    assert card.text.strip().startswith("# The poet dickinson 2\n")


def test_an_exported_poet_is_exported_again_with_one_card(exported: Path, tmp_path: Path) -> None:
    export_to_hub(exported, tmp_path / "again", HubMetadata("cc0-1.0", "fr", ("ada/verse",)))
    card = ModelCard.load(tmp_path / "again" / "README.md")
    assert card.text.count("\n---\n") == 0 and card.text.count("## How to write with it") == 1
    assert (card.data.license, card.data.language, card.data.datasets) == ("cc0-1.0", ["fr"], ["ada/verse"])
    assert card.data.eval_results[0].dataset_type == "ada/verse"


def test_the_tokenizer_is_that_of_the_poet(exported: Path) -> None:
    tokenizer = Tokenizer.from_file(str(exported / "tokenizer.json"))
    subwords = load("dickinson").vocabulary
    text = "++++\nThe sea at night, it’s coming;\n    don't go...\n\n  O—wait!  3 + 4\n++++\n Again\n"
    assert tokenizer.encode(text).ids == subwords.ids_of(text).tolist()
    assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) == text


def test_a_poet_of_ones_own_leaves_its_poems_and_what_it_does_not_know_out(
    shelf: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shelf("Emily")
    (folder / "poems.jsonl").write_text('{"text": "A word."}\n')
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".gitattributes").touch()
    assert main(["export", "Emily", "--hub", str(tmp_path / "out")]) == 0
    assert "The card gives no licence." in capsys.readouterr().out
    assert not {"poems.jsonl", "tokenizer.json"} & {path.name for path in (tmp_path / "out").iterdir()}
    assert ModelCard.load(tmp_path / "out" / "README.md").data.license == "unknown"
    assert main(["export", "Emily", "--hub", str(tmp_path / "out")]) == 2
    assert "isn't empty" in capsys.readouterr().err
    export_to_hub(folder, tmp_path / "whole", HubMetadata(), with_poems=True)
    assert (tmp_path / "whole" / "poems.jsonl").is_file()


def test_a_zip_is_imported_too(
    shelf: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf("Emily")
    assert main(["export", "Emily", "--zip", str(tmp_path / "Emily.zip")]) == 0
    assert main(["import", str(tmp_path / "Emily.zip")]) == 0
    assert capsys.readouterr().out.endswith("Imported Emily 2.\n")
    assert main(["import", str(tmp_path)]) == 2


@pytest.mark.parametrize(
    ("said", "what"),
    [({"license": "CC0 1.0"}, "licence"), ({"language": "English"}, "language"), ({"datasets": ("a b",)}, "data set")],
)  # fmt: skip
def test_metadata_that_the_hub_refuses_are_refused_first(said: dict, what: str) -> None:
    with pytest.raises(PoetBotError, match=f"Give (?:a|the) {what}"):
        HubMetadata(**said)


def test_a_chinese_poet_is_in_chinese(tmp_path: Path) -> None:
    metadata = export_to_hub(load("tang").folder, tmp_path / "tang", HubMetadata())
    assert metadata["language"] == ["zh"]
