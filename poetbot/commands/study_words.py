"""`study words POET`: the words a poet read and wrote, by how often or by keyness."""

import argparse
import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from poetbot.commands.study_output import add_wrote, keep, poems_of, suffix_of, wrote
from poetbot.commands.table import columns, printable
from poetbot.errors import PoetBotError
from poetbot.poets.folder import Poet, load
from poetbot.study.keyness import SURE, Key, keyness
from poetbot.study.stop_words import LANGUAGES, language_of, stop_words, without_stop_words

_MOST_ROWS = 10_000


def add(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = kinds.add_parser(
        "words",
        help="the words it read and wrote",
        description="Show the words a poet read and wrote, by how often or by keyness (Dunning 1993).",
        epilog="Example: python -m poetbot study words english --key --out words.png",
    )
    parser.add_argument("poet", metavar="POET", help="a poet's name or folder")
    add_wrote(parser)
    parser.add_argument("--read", metavar="CORPUS", help="what it read, if not the words kept with the poet")
    parser.add_argument(
        "--key", action="store_true", help="words it says more, or less, than it read, by log-likelihood"
    )
    parser.add_argument(
        "--common",
        default="auto",
        metavar="LANGUAGE",
        help=f"whose common words are left out: auto, none, or one of {', '.join(LANGUAGES)} (default auto)",
    )
    parser.add_argument(
        "--by",
        choices=("words", "characters"),
        default="words",
        help="how Chinese is counted; by words it needs --read (default: by words, by characters where a poet is Chinese)",
    )
    parser.add_argument("--top", type=int, default=20, metavar="N", help="rows of each table (default 20)")
    parser.add_argument("--out", metavar="FILE", help="keep a .png of both clouds, or a .csv of all words")
    parser.add_argument("--dark", action="store_true", help="the picture on dark paper")
    parser.add_argument("--json", action="store_true", help="print the tables as JSON")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Count, compare, print, and keep a picture or a table."""
    form = suffix_of(chosen.out, ("png", "csv"))
    if not 1 <= chosen.top <= _MOST_ROWS:
        raise PoetBotError(f"--top must be a whole number from 1 to {_MOST_ROWS:,}.")
    poet = load(chosen.poet)
    read, written = _counts(chosen, poet)
    language = language_of(read or written) if chosen.common == "auto" else chosen.common
    if language == "none":
        language = None
    keys: list[Key] = []
    if chosen.key or form == "csv":
        # Common words are part of what each side is compared with, and only not shown.
        left_out = stop_words(language) if language else frozenset()
        keys = [key for key in keyness(written, read) if key.word not in left_out]
    read, written = without_stop_words(read, language), without_stop_words(written, language)
    if form == "csv":
        keep(chosen.out, _csv(keys))
    elif form:
        keep(chosen.out, _picture(read, written, keys if chosen.key else [], dark=chosen.dark))
    tables = _tables(read, written, keys if chosen.key else [], chosen.top)
    if chosen.json:
        print(json.dumps({"poet": poet.name, "common_words_of": language, **tables}, ensure_ascii=False))
    else:
        _show(tables)
    return 0


def _counts(chosen: argparse.Namespace, poet: Poet) -> tuple[dict[str, int], dict[str, int]]:
    from poetbot.study import count_words
    from poetbot.study.chinese_words import count_chinese_words
    from poetbot.verse.marks import is_chinese

    poems = wrote(chosen, poet)
    chinese = is_chinese("\n".join(poems)[:100_000])
    if chinese and chosen.by == "words" and chosen.read:
        return count_chinese_words(poems_of(chosen.read)), count_chinese_words(poems)
    read = count_words(poems_of(chosen.read), common=True) if chosen.read else poet.words()
    return read, count_words(poems, common=True)


def _tables(
    read: Mapping[str, int], written: Mapping[str, int], keys: list[Key], rows: int
) -> dict[str, Any]:
    from poetbot.study import top

    if keys:
        more = [key for key in keys if key.keyness > 0][:rows]
        less = [key for key in reversed(keys) if key.keyness < 0][:rows]
        return {
            "more": [key._asdict() for key in more],
            "less": [key._asdict() for key in less],
            "sure_from": SURE,
        }
    return {
        name: [{"word": word, "count": count, "share": share} for word, count, share in top(counts, rows)]
        for name, counts in (("read", read), ("wrote", written))
    }


def _show(tables: Mapping[str, Any]) -> None:
    titles = {
        "read": "It read",
        "wrote": "It wrote",
        "more": "It says more than it read",
        "less": "It says less than it read",
    }
    for name, title in titles.items():
        if name not in tables:
            continue
        rows = tables[name]
        print(f"{title}:" if rows else f"{title}: nothing yet.")
        if rows and name in ("more", "less"):
            lines: list[tuple[str, ...]] = [("keyness", "wrote", "read", "word")]
            lines += [
                (f"{row['keyness']:.1f}", f"{row['wrote']:,}", f"{row['read']:,}", printable(row["word"], 40))
                for row in rows
            ]
            print("\n".join(columns(lines, left=3)))
        elif rows:
            lines = [("count", "in 1,000", "word")]
            lines += [
                (f"{row['count']:,}", f"{1000 * row['share']:.1f}", printable(row["word"], 40))
                for row in rows
            ]
            print("\n".join(columns(lines, left=2)))
    if "sure_from" in tables:
        print(f"Chance gives a keyness of {SURE} in one word of a thousand.")


def _csv(keys: list[Key]) -> str:
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(Key._fields)
    writer.writerows(
        [key.word, key.wrote, key.read, key.wrote_share, key.read_share, key.keyness] for key in keys
    )
    return page.getvalue()


def _picture(read: Mapping[str, int], written: Mapping[str, int], keys: list[Key], *, dark: bool) -> bytes:
    """Return both clouds side by side: read and wrote on one scale, or what it says more and less by keyness."""
    from poetbot.study import largest_share
    from poetbot.study.clouds import side_by_side

    clouds: dict[str, Mapping[str, int]]
    if keys:
        # A cloud takes whole counts; tenths of keyness are as fine as its letters.
        more = {key.word: round(10 * key.keyness) for key in keys if key.keyness > 0}
        less = {key.word: round(-10 * key.keyness) for key in keys if key.keyness < 0}
        clouds, largest = {"says more than it read": more, "says less than it read": less}, None
    else:
        clouds, largest = {"read": read, "wrote": written}, largest_share(read, written) or None
    buffer = io.BytesIO()
    side_by_side(clouds, dark=dark, largest=largest).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
