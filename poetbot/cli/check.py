"""`check POET FILE…`: the verbatim overlap of a text with a poet's training poems."""

import argparse
import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from poetbot.cli.engine_options import add_engine, on_cluster
from poetbot.cli.options import add_json
from poetbot.cli.table import columns, printable
from poetbot.corpus.loading import read_text
from poetbot.documents.decoding import decode
from poetbot.errors import PoetBotError
from poetbot.installation import check_cluster_installed
from poetbot.overlap import OverlapIndex, percent, report, sentence
from poetbot.overlap.report_types import Match, Report
from poetbot.overlap.sharded_report import ShardedIndex
from poetbot.overlap.shards import is_sharded
from poetbot.overlap.summary import INDEXED
from poetbot.poets.folder import load

COPIED = 3
"""Exit code if a phrase of --fail-over words or more is found."""

MOST_FILES = 10_000
_MOST_SHOWN = 10  # phrases of a single text
_WIDEST = 60  # characters of a phrase or a title


class FileReport(Report):
    """The overlap report of a file."""

    file: str


_LARGEST = 10_000_000  # characters of one text: some seconds of work


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "check",
        help="the overlap report of any text",
        description="Show what a text has in common with a poet's training poems, word for word.",
        epilog="Example: %(prog)s english draft.txt --fail-over 8",
    )
    parser.add_argument(
        "poet", metavar="POET", help="a poet's name or folder, or the folder of an index (see `index`)"
    )
    add_engine(parser)
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="text files or documents, folders of .txt files, or - for standard input",
    )
    parser.add_argument(
        "--fail-over", type=int, metavar="N", help="exit with code 3 if a phrase of N words or more is found"
    )
    add_json(parser, "the report, or a list of reports for a folder or several files,")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Check each file. All are read before anything is printed."""
    if chosen.fail_over is not None and not 4 <= chosen.fail_over <= 10_000:
        raise PoetBotError(
            "--fail-over must be an integer from 4 to 10,000. Shorter phrases aren't reported."
        )
    names = _names(chosen.files)
    single = names == chosen.files and len(names) == 1
    reports: list[FileReport] = []
    with _reporter(chosen) as report_of:
        for name in names:
            text = _text(name)
            reports.append({"file": name, **report_of(text)})
    if chosen.json:
        print(json.dumps(reports[0] if single else reports, ensure_ascii=False))
    else:
        print("\n".join(_details(reports[0], text) if single else _table(reports)))
    longest = max(found["longest"]["words"] for found in reports)
    return COPIED if chosen.fail_over is not None and longest >= chosen.fail_over else 0


@contextlib.contextmanager
def _reporter(chosen: argparse.Namespace) -> Iterator[Callable[[str], Report]]:
    """Open a poet's index or an index folder, here or on a cluster. Yield the function that reports on a text."""
    folder = Path(chosen.poet)
    if not is_sharded(folder):
        if on_cluster(chosen):
            raise PoetBotError("--engine ray checks with an index. Name the folder that `index` wrote.")
        index = OverlapIndex.open(load(chosen.poet).overlap_folder)
        yield lambda text: report(index, text)
    elif on_cluster(chosen):
        check_cluster_installed()
        from poetbot.cluster.connection import connected
        from poetbot.cluster.index import open_on_cluster

        with connected(chosen.address):
            yield open_on_cluster(folder).report
    else:
        yield ShardedIndex.open(folder).report


def _names(given: Sequence[str]) -> list[str]:
    """Return the files, with each folder replaced by its .txt files in order of their names."""
    names: list[str] = []
    for name in given:
        if name == "-" or not Path(name).is_dir():
            names.append(name)
            continue
        inside = sorted(str(path) for path in Path(name).glob("*.txt") if path.is_file())
        if not inside:
            raise PoetBotError(
                "There are no .txt files in the folder {name}. Name the files themselves.", name=name
            )
        names += inside
    if names.count("-") > 1 or len(names) > MOST_FILES:
        raise PoetBotError(
            "Give at most {most:,} files, and - for standard input only once.", most=MOST_FILES
        )
    return names


def _text(name: str) -> str:
    text = (
        decode(sys.stdin.buffer.read(4 * _LARGEST + 1), "standard input")
        if name == "-"
        else read_text(Path(name))
    )
    if len(text) > _LARGEST:
        raise PoetBotError(
            "{name} is too long. Check at most {most:,} characters at a time.", name=name, most=_LARGEST
        )
    return text


def _details(found: FileReport, text: str) -> list[str]:
    """Return the summary and the table of phrases, longest first."""
    lines = [f"{found['file']}: {found['words']:,} words.", printable(sentence(found, poems=_indexed(found)))]
    whole = [line for line in found["lines"] if line["line"] == line["first"]]  # a refrain once
    for line in whole[:_MOST_SHOWN]:
        lines.append(f'Whole line copied (line {line["line"]:,}): "{_words_of(text, line)}", {_where(line)}.')
    if len(whole) > _MOST_SHOWN:
        lines.append(f"and {len(whole) - _MOST_SHOWN:,} more whole lines.")
    different = {_words_of(text, span).casefold(): span for span in reversed(found["spans"])}
    spans = sorted(different.values(), key=lambda span: (-span["words"], span["start"]))
    rows = [
        (
            f"{span['words']:,}",
            f"{span['count']:,}",
            "yes" if span["distinctive"] else "",
            _words_of(text, span),
            _where(span),
        )
        for span in spans[:_MOST_SHOWN]
    ]
    if rows:
        lines += ["", *columns([("words", "places", "distinctive", "phrase", "found in"), *rows], left=3)]
    if len(spans) > _MOST_SHOWN:
        lines.append(f"and {len(spans) - _MOST_SHOWN:,} more; --json gives them all.")
    return lines


def _table(reports: Sequence[FileReport]) -> list[str]:
    """Return a line per text, and the summary of the text with the longest phrase."""
    rows: list[tuple[str, ...]] = [
        ("words", "longest", "phrases", "distinctive", "whole lines", "novelty", "file")
    ]
    for found in reports:
        different = found["summary"]
        counts = (
            *(found["words"], found["longest"]["words"]),
            *(different["spans"], different["distinctive"], different["lines"]),
        )
        share = found["fourgrams"]["share_novel"]
        novelty = "-" if share is None else percent(share)
        rows.append((*(f"{n:,}" for n in counts), novelty, printable(found["file"])))
    most = max(reports, key=lambda found: found["longest"]["words"])
    return [
        *columns(rows, left=6),
        "",
        f"{printable(most['file'])}: {printable(sentence(most, poems=_indexed(most)))}",
    ]


def _indexed(found: FileReport) -> str | None:
    """Return what the text was compared with if that is an index without a poet."""
    return INDEXED if found["compared_with"]["what"] == INDEXED else None


def _where(run: Match) -> str:
    first = run["sources"][0]
    title = first["title"] or "an untitled poem"
    named = printable(f"{first['author']}, {title}" if first["author"] else title, _WIDEST)
    more = "" if run["poems"] == 1 else f" and {run['poems'] - 1:,} more"
    return printable(
        f"{named}, line {first['line']}{' (its parent)' if first['of'] == 'parent' else ''}{more}"
    )


def _words_of(text: str, run: Match) -> str:
    return printable(text[run["start"] : run["end"]], _WIDEST)
