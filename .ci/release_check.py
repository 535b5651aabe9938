"""Build sdist and wheel, look at what is inside, install the wheel in an empty environment and use it: `make release-check`.

Needs uv. Prints the sizes of the wheel and of what is installed, and the seconds from the install command to the first poem.
"""

import json
import os
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
UV = os.environ.get("UV", "uv")
MAX_WHEEL, MAX_INSTALLED, MAX_SECONDS = 100_000_000, 450_000_000, 45.0
FOLDERS = {"poetbot", "weights", "corpora"}
NEEDED = (
    "poetbot/weights/english/poet.json",
    "poetbot/corpora/english.jsonl",
    "poetbot/py.typed",
    "poetbot/api/poem.html",
)
LINE = 45  # characters at least of a line that no two authors write alike


def main() -> int:
    """Check a release, and return 1 if anything is wrong with it."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        run(UV, "build", "--quiet", "--out-dir", str(folder / "dist"), cwd=ROOT)
        (wheel,), (sdist,) = (folder / "dist").glob("*.whl"), (folder / "dist").glob("*.tar.gz")
        problems = [*wrong_inside(contents(wheel), contents(sdist)), *wrong_in_use(wheel, folder)]
        print(f"{wheel.stat().st_size / 1e6:.0f} MB in the wheel")
        if wheel.stat().st_size > MAX_WHEEL:
            problems.append(f"the wheel has {wheel.stat().st_size:,} bytes")
    print(*problems or ["The release is good."], sep="\n")
    return bool(problems)


def contents(archive: Path) -> dict[str, bytes]:
    """Return the files of a wheel or an sdist by name, without the sdist's first folder."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as packed:
            return {name: packed.read(name) for name in packed.namelist()}
    with tarfile.open(archive) as packed:
        files = [each for each in packed.getmembers() if each.isfile()]
        return {each.name.partition("/")[2]: packed.extractfile(each).read() for each in files}  # type: ignore[union-attr]


def wrong_inside(wheel: Mapping[str, bytes], sdist: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what is missing, what doesn't belong there, and lines of the test data."""
    yield from (f"the wheel lacks {name}" for name in NEEDED if name not in wheel)
    for name in (*wheel, *sdist):
        folder, _, rest = name.partition("/")
        if "/job/" in name or (rest and folder not in FOLDERS and not folder.endswith(".dist-info")):
            yield f"{name} doesn't belong in a release"
    inside = {line: name for files in (wheel, sdist) for name, line in long_lines(files)}
    for path in sorted(SHARED.rglob("*")):
        if path.suffix in (".txt", ".jsonl", ".csv", ".md"):
            for _, line in long_lines({path.name: path.read_bytes()}):
                if line in inside:
                    yield f"{inside[line]} has a line of {path.name}: {line}"
                    break


def long_lines(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield the long lines of texts, also those inside JSON, with the name of their file."""
    for name, data in files.items():
        if b"\0" not in data[:4000]:
            for line in data.decode("utf-8", "ignore").replace("\\n", "\n").splitlines():
                if len(line := line.strip()) >= LINE and line.count(" ") >= 5:
                    yield name, line


def wrong_in_use(wheel: Path, folder: Path) -> Iterator[str]:
    """Install the wheel without anything else, write, check and serve; yield what fails."""
    scripts = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    python, poetbot = str(scripts / "python"), str(scripts / "poetbot")
    run(UV, "venv", "--quiet", "--python", sys.executable, str(folder / "env"), cwd=folder)
    began = time.monotonic()
    run(UV, "pip", "install", "--quiet", "--python", python, str(wheel), cwd=folder)
    write = (
        poetbot,
        "write",
        "english",
        "--seed",
        "The sea at night",
        "--lines",
        "4",
        "--rng",
        "1",
        "--json",
    )
    (poem,) = json.loads(run(*write, cwd=folder))["poems"]
    seconds = time.monotonic() - began
    size = sum(
        path.stat().st_size
        for path in (folder / "env").rglob("*")
        if not path.is_symlink() and path.is_file()
    )
    print(
        poem["text"],
        f"\n{size / 1e6:.0f} MB installed, {seconds:.0f} s from the install command to the first poem",
    )
    if size > MAX_INSTALLED:
        yield f"{size:,} bytes are installed"
    if seconds > MAX_SECONDS:
        yield f"the first poem took {seconds:.0f} s"
    if not run(poetbot, "--version", cwd=folder).startswith("PoetBot "):
        yield "--version says no version"
    code = "import poetbot; poem = poetbot.load('tang').write(rng=1); print(bool(poem.text and poem.overlap))"
    if run(python, "-c", code, cwd=folder).strip() != "True":
        yield "the Python API writes nothing"
    (folder / "poem.txt").write_text(poem["text"])
    if "words" not in run(poetbot, "check", "english", "poem.txt", cwd=folder):
        yield "check reports nothing"
    train = (poetbot, "train", "english-poems", "--out", "new", "--minutes", "1")
    refused = subprocess.run(train, cwd=folder, capture_output=True, text=True)
    if refused.returncode != 2 or "poetbot[teach]" not in refused.stderr:
        yield f"without TensorFlow, train says: {refused.stderr}"
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    served = subprocess.Popen((poetbot, "app", "--port", port), cwd=folder, stdout=subprocess.PIPE, text=True)
    with served:
        print(served.stdout.readline().strip())  # type: ignore[union-attr]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            if page.status != 200 or b"PoetBot" not in page.read():
                yield "the page isn't served"
        served.terminate()


def run(*command: str, cwd: Path) -> str:
    """Run a command and return what it printed. Raises CalledProcessError if it fails."""
    home = {"POETBOT_HOME": str(cwd / "home")} if cwd != ROOT else {}
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | home, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
