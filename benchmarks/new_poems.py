"""Measure how new the poems in `corpora/` are: the longest phrase that each shares with the books next to the checkout.

    python -m benchmarks.new_poems [english] [chinese] [--every]

Prints how many poems share phrases of each length, and the longest ones with their sources (with --every, that of each poem
in the order of the file, and the number of its words). Exits with an error if a phrase is longer than LONGEST words, or if a
whole line of a poem (SHORTEST_LINE words or more) is in the books. A Chinese character counts as a word, and simplified and
traditional script as the same.
"""

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.sizes import full_or_tiny
from poetbot.corpus.chinese_scripts import in_script
from poetbot.corpus.loading import read_poems
from poetbot.corpus.named_corpora import CORPORA
from poetbot.documents.decoding import decode
from poetbot.overlap import OverlapIndex, report
from poetbot.poem import Poem

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
BOOKS = {"english": ("english", "charlm", "stories"), "chinese": ("chinese",)}
"""The folders of DATA that each language is compared with: all .jsonl, .json and .txt files, raw books as one text each."""

LONGEST = 6  # words
SHORTEST_LINE = {"english": 4, "chinese": 5}  # words
SHOWN = 10
MOST = full_or_tiny(None, 3)  # files per folder
EVERY = "--every"


def main() -> None:
    every = EVERY in sys.argv
    languages = [word for word in sys.argv[1:] if word != EVERY] or list(BOOKS)
    if not DATA.is_dir():
        sys.exit("The folder shared/ with the real books is not next to this checkout.")
    missed = False
    for language in languages:
        if language not in BOOKS:
            sys.exit(f"There are no poems in {language!r}: name {' or '.join(BOOKS)}.")
        missed = compare(language, simplified if language == "chinese" else str, every) or missed
    sys.exit(missed)


def simplified(text: str) -> str:
    return in_script(text, "simplified")


def compare(language: str, same_script: Callable[[str], str], every: bool) -> bool:
    """Print the figures of one language and return whether it misses a bar."""
    books = [
        Poem(same_script(text), title) for folder in BOOKS[language] for title, text in texts(DATA / folder)
    ]
    index = OverlapIndex.build(books)
    known = {line for book in books for line in verses(language, book.text)}
    poems = read_poems(CORPORA / f"{language}.jsonl").poems
    counts: Counter[int] = Counter()
    runs, lines = [], []
    for poem in poems:
        text = same_script(poem.text)
        found = report(index, text)
        longest = found["longest"]
        counts[longest["words"]] += 1
        source = longest["sources"][0]["title"] if longest["sources"] else None
        name = f"{poem.title} ({found['words']} words)" if every else poem.title
        runs.append((longest["words"], name, " ".join(longest["text"].split()), source))
        lines += [(poem.title, line) for line in verses(language, text) if line in known]

    print(f"{language}: {len(poems)} poems against {len(books):,} texts of {index.word_count:,} words")
    print(
        "poems by their longest shared run, in words:", ", ".join(f"{n}: {counts[n]}" for n in sorted(counts))
    )
    for length, title, text, source in runs if every else sorted(runs, key=lambda run: -run[0])[:SHOWN]:
        print(f"  {length}  {title}: “{text}”, also in {source}")
    print(f"whole lines of {SHORTEST_LINE[language]} words or more that stand in the books: {len(lines)}")
    for title, line in lines:
        print(f"  {title}: {line}")
    return max(counts) > LONGEST or bool(lines)


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield title and text of every poem in the collections, and every raw book as one text."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file())[:MOST]:
        if file.suffix not in (".json", ".jsonl", ".txt"):
            continue
        text = decode(file.read_bytes(), file.name)
        if file.stem.endswith("title_poem"):
            for line in text.splitlines():
                title, _, poem = line.partition(":")
                yield title, poem
            continue
        if file.suffix == ".txt":
            yield file.name, text
            continue
        rows = json.loads(text) if file.suffix == ".json" else map(json.loads, text.splitlines())
        for row in rows:
            title = row.get("title") or row.get("rhythmic") or "an untitled poem"
            yield title, row["text"] if "text" in row else "\n".join(row["paragraphs"])


def verses(language: str, text: str) -> Iterator[str]:
    """Yield the lines of a text as strings of words; in Chinese, punctuation also ends a line."""
    parts = re.split(r"[\n，。？！；：、,.?!;:]" if language == "chinese" else r"\n", text)
    for part in parts:
        if len(part) < SHORTEST_LINE[language]:
            continue
        if language == "chinese":
            line = "".join(c for c in part if unicodedata.category(c)[0] == "L")
            count = len(line)
        else:
            found = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", part.casefold().replace("’", "'"))
            line, count = " ".join(found), len(found)
        if count >= SHORTEST_LINE[language]:
            yield line


if __name__ == "__main__":
    main()
