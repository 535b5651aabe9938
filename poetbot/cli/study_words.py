"""`study words POET`: the words a poet read and wrote, by frequency or by keyness."""

import argparse
import io
import json
from collections.abc import Mapping
from typing import Any

from poetbot.cli.options import add_json, add_picture_options, add_poet
from poetbot.cli.study_output import add_wrote, keep, poems_of, suffix_of, wrote
from poetbot.cli.table import columns, printable
from poetbot.errors import PoetBotError
from poetbot.poets.folder import Poet, load
from poetbot.study.keyness import SURE
from poetbot.study.stop_words import LANGUAGES
from poetbot.study.word_comparison import Comparison, compare_words

_MOST_ROWS = 10_000


def add(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = kinds.add_parser(
        "words",
        help="the words it read and wrote",
        description="Show the words a poet read and wrote, by frequency or by keyness (Dunning 1993).",
        epilog="Example: %(prog)s english --key --out words.png",
    )
    add_poet(parser)
    add_wrote(parser)
    parser.add_argument(
        "--read", metavar="CORPUS", help="its training poems, if not the words stored with the poet"
    )
    parser.add_argument(
        "--key",
        action="store_true",
        help="words it uses more or less often than its training poems, by log-likelihood",
    )
    parser.add_argument(
        "--common",
        default="auto",
        metavar="LANGUAGE",
        help=f"leave out the common words of this language: auto, none, or one of {', '.join(LANGUAGES)} (default: auto)",
    )
    parser.add_argument(
        "--by",
        choices=("words", "characters"),
        default="words",
        help="how to count Chinese; words need --read, or words stored with the poet (default: words if possible)",
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="store the Chinese words of --read with the poet, for the Study tab",
    )
    parser.add_argument("--top", type=int, default=20, metavar="N", help="rows per table (default: 20)")
    add_picture_options(parser, "a .png of both clouds, or a .csv of all words")
    add_json(parser, "the tables")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Count, compare, print, and save a picture or a table."""
    form = suffix_of(chosen.out, ("png", "csv"))
    if not 1 <= chosen.top <= _MOST_ROWS:
        raise PoetBotError("--top must be an integer from 1 to {most:,}.", most=_MOST_ROWS)
    poet = load(chosen.poet)
    found = compare_words(*_counts(chosen, poet), chosen.common)
    if form == "csv":
        keep(chosen.out, found.as_csv())
    elif form:
        keep(chosen.out, _picture(found, by_key=chosen.key, dark=chosen.dark))
    tables = _tables(found, by_key=chosen.key, rows=chosen.top)
    if chosen.json:
        print(
            json.dumps({"poet": poet.name, "common_words_of": found.language, **tables}, ensure_ascii=False)
        )
    else:
        _show(tables)
    return 0


def _counts(chosen: argparse.Namespace, poet: Poet) -> tuple[dict[str, int], dict[str, int]]:
    from poetbot.study import count_words
    from poetbot.study.chinese_words import (
        count_chinese_words,
        store_chinese_words,
        stored_chinese_words,
    )
    from poetbot.verse.marks import is_chinese

    poems = wrote(chosen, poet)
    chinese = is_chinese("\n".join(poems)[:100_000])
    if chosen.keep and not (chinese and chosen.read):
        raise PoetBotError("--keep is for a Chinese poet. Name its training poems with --read.")
    if chinese and chosen.by == "words":
        counts = (
            count_chinese_words(poems_of(chosen.read)) if chosen.read else stored_chinese_words(poet.folder)
        )
        if chosen.keep and counts:
            store_chinese_words(poet.folder, counts)
        if counts:
            return counts, count_chinese_words(poems)
    read = count_words(poems_of(chosen.read), common=True) if chosen.read else dict(poet.words())
    return read, count_words(poems, common=True)


def _tables(found: Comparison, *, by_key: bool, rows: int) -> dict[str, Any]:
    from poetbot.study import top

    if by_key:
        return {
            "more": [key._asdict() for key in found.more[:rows]],
            "less": [key._asdict() for key in found.less[:rows]],
            "sure_from": SURE,
        }
    return {
        name: [{"word": word, "count": count, "share": share} for word, count, share in top(counts, rows)]
        for name, counts in (("read", found.read), ("wrote", found.wrote))
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


def _picture(found: Comparison, *, by_key: bool, dark: bool) -> bytes:
    """Return both clouds side by side."""
    from poetbot.study.clouds import side_by_side

    clouds = found.clouds(by_key=by_key)
    titles = ("says more than it read", "says less than it read") if by_key else ("read", "wrote")
    page = dict(zip(titles, (clouds.first, clouds.second), strict=True))
    buffer = io.BytesIO()
    side_by_side(page, dark=dark, largest=clouds.largest).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
