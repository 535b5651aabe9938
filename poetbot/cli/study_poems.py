"""`study surprise`, `study marks` and `study verse`: how surprising a poem is to a poet, and how poems sound."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

import numpy as np

from poetbot.cli.options import add_json, add_picture_options, add_poet
from poetbot.cli.study_output import add_wrote, keep, poems_of, suffix_of, wrote
from poetbot.cli.table import columns, printable
from poetbot.corpus.loading import read_text
from poetbot.documents.decoding import decode
from poetbot.errors import PoetBotError
from poetbot.poets.folder import load
from poetbot.study.stored_verse_shares import store_shares
from poetbot.study.surprise import LARGEST, surprise
from poetbot.study.verse_shares import SHARES, SoundComparison, check_language, compared, shares_csv
from poetbot.verse.marks import LARGEST as LARGEST_POEM
from poetbot.verse.marks import checked, is_chinese, marks, measured, scheme_in_stanzas
from poetbot.verse.metre import metre_of

_MOST_SHOWN = 10
_UNITS = {"characters": "characters", "subwords": "subwords", "words": "words or punctuation marks"}


def add(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the three commands to the parser."""
    parser = kinds.add_parser(
        "surprise",
        help="how surprising a poem is to a poet",
        description="Show how likely each character of a poem is to a poet, and the perplexity of each line.",
        epilog="Example: %(prog)s english draft.txt --out draft.csv",
    )
    add_poet(parser)
    parser.add_argument("file", metavar="FILE", help="a text file or a document, or - for standard input")
    add_picture_options(
        parser,
        "a .png of the shaded poem, or a .csv with every character and its five likeliest alternatives",
    )
    add_json(parser, "it all")
    parser.set_defaults(run=show_surprise)

    parser = kinds.add_parser(
        "marks",
        help="how a poem sounds",
        description="Show rhyme, alliteration, anaphora, doubled words and refrains of a poem, English or Chinese.",
        epilog="Example: %(prog)s draft.txt --out draft.png",
    )
    parser.add_argument("file", metavar="FILE", help="a text file or a document, or - for standard input")
    add_picture_options(parser, "a .png of the marked poem, or a .csv with every mark")
    add_json(parser, "the marks")
    parser.set_defaults(run=show_marks)

    parser = kinds.add_parser(
        "verse",
        help="how much a poet rhymes, alliterates and repeats",
        description="Compare the sound of a poet's poems with people's poems and with chance.",
        epilog="Example: %(prog)s english --human english-poems",
    )
    add_poet(parser)
    add_wrote(parser)
    parser.add_argument(
        "--human", metavar="CORPUS", help="poems by people to compare with: a file or a corpus name"
    )
    parser.add_argument("--out", metavar="FILE", help="save a .csv")
    parser.add_argument(
        "--keep",
        action="store_true",
        help="store the figures with the poet, for the Study tab; --human must then be its training poems",
    )
    add_json(parser, "the figures")
    parser.set_defaults(run=show_verse)


def _text(name: str, largest: int) -> str:
    if name == "-":
        return decode(sys.stdin.buffer.read(4 * largest + 4), "standard input")
    return read_text(Path(name))


def show_surprise(chosen: argparse.Namespace) -> int:
    """Print the lines with their perplexity and the most surprising places."""
    from poetbot.study.surprise_image import shaded_png

    form = suffix_of(chosen.out, ("png", "csv"))
    poet = load(chosen.poet)
    text = _text(chosen.file, LARGEST)
    found = surprise(poet, text)
    if form:
        keep(chosen.out, found.as_csv() if form == "csv" else shaded_png(found, dark=chosen.dark))
    if chosen.json:
        print(json.dumps({"poet": poet.name, **found.as_json()}, ensure_ascii=False))
        return 0
    unit = "character" if found.unit == "characters" else "word or punctuation mark"
    print(
        f"Perplexity {found.perplexity:.2f}: for {poet.name} each {unit} is like a choice among {found.perplexity:.1f} equally likely ones."
    )
    by_line: dict[int, str] = {}
    for each in found.units:
        by_line[each.line] = (
            f"{by_line.get(each.line, '')}{'' if found.unit == 'characters' else ' '}{each.text}"
        )
    rows = [("line", "perplexity", "text")]
    rows += [
        (str(line.line), f"{line.perplexity:.2f}", printable(by_line[line.line], 70)) for line in found.lines
    ]
    print("\n".join(columns(rows, left=2)))
    hardest = sorted(found.units, key=lambda each: -each.nats)[:_MOST_SHOWN]
    rows = [("line", "share", f"least expected {_UNITS[found.level]}, and likelier alternatives")]
    for each in hardest:
        best = " ".join(repr(guess.text) for guess in each.best)
        rows.append((str(each.line), f"{each.probability:.2%}", printable(f"{each.text!r}: {best}", 90)))
    print("\n" + "\n".join(columns(rows, left=2)))
    return 0


def show_marks(chosen: argparse.Namespace) -> int:
    """Print each line with its rhyme letter and syllables, and all other marks."""
    from poetbot.study.sound_image import marked_png, marks_csv

    form = suffix_of(chosen.out, ("png", "csv"))
    poem = checked(_text(chosen.file, LARGEST_POEM))
    check_language([poem])
    if form:
        keep(chosen.out, marks_csv(poem) if form == "csv" else marked_png(poem, dark=chosen.dark))
    found, lines = marks(poem), measured(poem)
    scheme = scheme_in_stanzas(poem, lines)
    heard_metre = None if is_chinese(poem) else metre_of(poem)
    if chosen.json:
        document = {
            "text": poem,
            "scheme": scheme,
            "metre": heard_metre._asdict() if heard_metre else None,
            "lines": [
                {"start": line.start, "end": line.end, "syllables": line.syllables, "rhyme": line.letter}
                for line in lines
            ],
            "marks": [mark._asdict() for mark in found],
        }
        print(json.dumps(document, ensure_ascii=False))
        return 0
    print(f"Rhyme scheme: {printable(scheme, 200) or 'none'}")
    if heard_metre:
        feet = " or ".join(str(feet) for feet, _ in heard_metre.feet[:2])
        print(
            f"Metre: {heard_metre.foot}, {feet} feet, in {heard_metre.fitting} of {heard_metre.lines} lines"
        )
    rows = [("rhyme", "syllables", "line")]
    rows += [(line.letter, str(line.syllables), printable(poem[line.start : line.end], 80)) for line in lines]
    print("\n".join(columns(rows, left=2)))
    groups: dict[tuple[str, str], list[str]] = {}
    for mark in found:
        if mark.label != "rhyme":
            groups.setdefault((mark.label, mark.group), []).append(poem[mark.start : mark.end])
    for (label, _), texts in groups.items():
        print(printable(f"{label}: {' / '.join(texts)}", 100))
    return 0


def show_verse(chosen: argparse.Namespace) -> int:
    """Print the shares in the poet's poems, in people's, and in both shuffled at random."""
    suffix_of(chosen.out, ("csv",))
    if chosen.keep and not chosen.human:
        raise PoetBotError("--keep needs a comparison. Name the poet's training poems with --human.")
    poet = load(chosen.poet)
    rng = np.random.default_rng(chosen.rng)
    sides: dict[str, SoundComparison] = {"poet": compared(wrote(chosen, poet), rng)}
    if chosen.human:
        sides["human"] = compared(poems_of(chosen.human), rng)
    heads = [f"{who}{what}" for who in sides for what in ("", " by chance")]
    values = {
        name: [getattr(part, name) for side in sides.values() for part in (side.heard, side.chance)]
        for name in SHARES
    }
    if chosen.out:
        keep(chosen.out, shares_csv(sides))
    if chosen.keep:
        store_shares(poet, sides, f"{date.today()}")
    if chosen.json:
        print(
            json.dumps(
                {"poet": poet.name, **{who: side.as_json() for who, side in sides.items()}},
                ensure_ascii=False,
            )
        )
        return 0
    rows = [(*heads, "share of")]
    rows += [(*("-" if n is None else f"{n:.1%}" for n in row), SHARES[name]) for name, row in values.items()]
    print("\n".join(columns(rows, left=len(heads))))
    for who, side in sides.items():
        heard = side.heard
        schemes = ", ".join(f"{scheme} {count:,}" for scheme, count in heard.schemes.items())
        print(
            f"{who}: {heard.poems:,} of {side.given:,} poems, {heard.lines:,} lines; syllables per line mostly {_most(heard.syllables)}; "
            f"lines per stanza mostly {_most(heard.stanzas)}"
            + (f"; stanzas {schemes}" if schemes else "")
            + "."
        )
    return 0


def _most(counts: dict[int, int]) -> str:
    """Return the three commonest numbers with their shares."""
    total = sum(counts.values())
    common = sorted(counts.items(), key=lambda pair: -pair[1])[:3]
    return ", ".join(f"{number} ({count / total:.0%})" for number, count in common)
