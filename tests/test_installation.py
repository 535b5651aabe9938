"""What an installed PoetBot finds, and what it says where TensorFlow is missing."""

import sys
from pathlib import Path

import pytest

import poetbot.__main__
from poetbot import installation
from poetbot.cli.main import main
from poetbot.cluster import connection
from poetbot.errors import PoetBotError

WITHOUT = {"keras": None, "tensorflow": None, "jax": None}


def test_bundled_folders_lie_inside_an_installed_package_and_beside_one_in_a_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "poetbot"
    (tmp_path / "weights").mkdir()
    monkeypatch.setattr(installation, "_PACKAGE", package)
    assert installation.bundled_folder("weights") == tmp_path / "weights"
    (package / "weights").mkdir(parents=True)
    assert installation.bundled_folder("weights") == package / "weights"


@pytest.mark.parametrize(
    ("mark", "command"),
    [
        ("nothing", 'pip install "poetbot[teach]"'),
        ("uv-receipt.toml", 'uv pip install --python "$(uv tool dir)/poetbot" "poetbot[teach]"'),
        ("pipx_metadata.json", 'pipx runpip poetbot install "poetbot[teach]"'),
    ],
)
def test_without_tensorflow_training_names_the_command_that_installs_it(
    mark: str,
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / mark).touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    for name in WITHOUT:
        monkeypatch.setitem(sys.modules, name, None)  # type: ignore[arg-type]
    with pytest.raises(PoetBotError, match="TensorFlow with") as refused:
        installation.check_can_train()
    assert f"`{command}`" in str(refused.value)
    assert main(["train", "english-poems", "--out", str(tmp_path / "out")]) == 2
    assert f"`{command}`" in capsys.readouterr().err


def test_without_ray_working_on_a_cluster_names_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)  # type: ignore[arg-type]
    with pytest.raises(PoetBotError, match=r'install Ray with `.*"poetbot\[cluster\]"`'):
        connection.connect()


def test_training_on_jax_needs_no_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "json")  # stands for a backend that is installed
    assert installation.can_train()


def test_without_a_command_it_serves_the_page_and_opens_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []
    monkeypatch.setattr("poetbot.web.serve.run", lambda options: given.append(options) or 0)
    monkeypatch.setattr(sys, "argv", ["poetbot"])
    assert poetbot.__main__.main() == 0
    assert poetbot.__main__.main(["app", "--port", "7999"]) == 0
    one, other = map(vars, given)
    assert (one["open"], one["port"], other["open"], other["port"]) == (True, None, False, 7999)


def test_the_command_line_says_its_version_and_lists_the_app(capsys: pytest.CaptureFixture[str]) -> None:
    for asked, said in (("--version", f"PoetBot {poetbot.__version__}"), ("--help", "serve the page")):
        with pytest.raises(SystemExit) as ended:
            poetbot.__main__.main([asked])
        assert ended.value.code == 0 and said in capsys.readouterr().out
    assert poetbot.__main__.main(["apps"]) == 2
    assert "invalid choice" in capsys.readouterr().err
