"""Fifty thousand posts of a blog, and 60 MB of poems, are read in time that grows with their number and in little memory."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from poetbot.storage import ROOT

READ = """
import json, resource, sys, time
from pathlib import Path
from poetbot.library.corpora import create_corpus
from poetbot.library.corpora.results import write_results
from poetbot.storage import Home
def megabytes():
    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    # Not ru_maxrss, in which Linux counts the parent's memory from before this program began.
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / (1 << 10)

home = Home(Path(sys.argv[1]))
for name in sys.argv[2:]:
    corpus = create_corpus(home, [(name, Path(name))])
    before = time.process_time()
    write_results(corpus.folder, corpus.state(), corpus.folder / "out", lambda share, step: None)
    took = time.process_time() - before
    counts = json.loads((corpus.folder / "out" / "summary.json").read_bytes())["counts"]
    print(json.dumps({"seconds": took, "megabytes": megabytes(), "parts": counts["parts"], "poems": counts["poems"]}))
"""
HEAD = (
    '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1_800),
    pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="memory is asked of Linux and macOS"),
]


def poem(number: int) -> str:
    words = [f"w{(number * 31 + place * place) % 9_973}" for place in range(48)]
    return "\n".join("The " + " ".join(words[at : at + 6]) + "," for at in range(0, 48, 6))


def exported(path: Path, posts: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for number in range(posts):
            file.write(
                f"<item><title>No. {number}</title><content:encoded><![CDATA[{poem(number)}]]></content:encoded>"
                "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status></item>"
            )
        file.write("</channel></rss>")
    return path


def listed(path: Path, poems: int) -> Path:
    """Few words, so that every run of three stands in thousands of the poems."""
    words = [
        "lamp",
        "kettle",
        "wall",
        "gull",
        "stair",
        "window",
        "salt",
        "morning",
        "door",
        "bread",
        "quiet",
        "rain",
        "coat",
        "street",
        "bell",
    ]
    rng = random.Random(poems)
    with path.open("w", encoding="utf-8") as file:
        for number in range(poems):
            text = " ".join(rng.choices(words, k=110))
            file.write(json.dumps({"title": f"No. {number}", "text": text}) + "\n")
    return path


def read(folder: Path, *files: Path) -> list[dict[str, float]]:
    done = subprocess.run(
        [sys.executable, "-c", READ, str(folder), *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    print(found)
    return found


def test_fifty_thousand_posts(tmp_path: Path) -> None:
    few, many = exported(tmp_path / "few.xml", 12_500), exported(tmp_path / "many.xml", 50_000)
    small, large = read(tmp_path / "home", few, many)
    assert (small["parts"], large["parts"]) == (12_500, 50_000)
    assert large["seconds"] < 6 * small["seconds"]
    assert large["megabytes"] < 500


def test_many_poems_of_few_words(tmp_path: Path) -> None:
    few, many = listed(tmp_path / "few.jsonl", 25_000), listed(tmp_path / "many.jsonl", 100_000)
    small, large = read(tmp_path / "home", few, many)
    assert (small["parts"], large["parts"]) == (25_000, 100_000)
    assert large["seconds"] < 6 * small["seconds"]
    assert large["megabytes"] < 1_000
