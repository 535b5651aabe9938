"""The English poems that come with PoetBot: valid, no two alike, and in the shapes that their forms promise."""

import json
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest

from poetbot.corpus.named_corpora import CORPORA, read_named
from poetbot.corpus.near_duplicates import near_duplicate_groups

ROWS = [json.loads(line) for line in (CORPORA / "english.jsonl").read_text("utf-8").splitlines()]
FORMS = Counter(row["form"] for row in ROWS)

Stanzas = list[list[str]]


def stanzas_of(text: str) -> Stanzas:
    return [stanza.split("\n") for stanza in text.split("\n\n")]


def last_word(line: str) -> str:
    return re.findall(r"[\w'’]+", line.casefold())[-1]


def bare(line: str) -> str:
    return " ".join(re.findall(r"\w+", line.casefold().replace("'", "")))


def lines_in(stanzas: Stanzas) -> list[str]:
    return [line for stanza in stanzas for line in stanza]


def stanzas_of_lines(*sizes: int) -> Callable[[Stanzas], bool]:
    return lambda stanzas: all(len(stanza) in sizes for stanza in stanzas)


def is_villanelle(stanzas: Stanzas) -> bool:
    """Five tercets and a quatrain; the first and third line come back in turn, in their last word at least."""
    ends = [last_word(line) for line in lines_in(stanzas)]
    sizes = [len(stanza) for stanza in stanzas]
    first, third = {ends[n] for n in (0, 5, 11, 17)}, {ends[n] for n in (2, 8, 14, 18)}
    return sizes == [3, 3, 3, 3, 3, 4] and len(first) == len(third) == 1


def is_sestina(stanzas: Stanzas) -> bool:
    ends = [[last_word(line) for line in stanza] for stanza in stanzas[:6]]
    turned = all(later == [old[n] for n in (5, 0, 4, 1, 3, 2)] for old, later in pairwise(ends))
    envoi = bare(" ".join(stanzas[6])).split()
    return len(stanzas) == 7 and turned and len(stanzas[6]) == 3 and set(ends[0]) <= set(envoi)


def is_ghazal(stanzas: Stanzas) -> bool:
    """Couplets; what both lines of the first end in comes back at the end of each."""
    refrain = " ".join(bare(stanzas[0][0]).split()[-2:])
    return all(len(stanza) == 2 and bare(stanza[1]).endswith(refrain) for stanza in stanzas)


def is_pantoum(stanzas: Stanzas) -> bool:
    pairs = zip(stanzas, [*stanzas[1:], stanzas[0]], strict=True)
    whole = [(bare(old[1]), bare(old[3])) == (bare(new[0]), bare(new[2])) for old, new in pairs]
    return all(whole[:-1]) and bare(stanzas[-1][3]) == bare(stanzas[0][0])


def is_triolet(stanzas: Stanzas) -> bool:
    (lines,) = [[bare(line).replace(" ", "") for line in stanza] for stanza in stanzas]
    return (
        len(lines) == 8 and lines[0] == lines[6] and lines[0] in lines[2] + lines[3] and lines[1] == lines[7]
    )


SHAPES: dict[str, Callable[[Stanzas], bool]] = {
    "sonnet (Shakespearean)": lambda stanzas: [len(stanza) for stanza in stanzas] == [14],
    "sonnet (Petrarchan)": lambda stanzas: [len(stanza) for stanza in stanzas] == [8, 6],
    "ballad": stanzas_of_lines(4),
    "couplets": lambda stanzas: len(lines_in(stanzas)) % 2 == 0,
    "haiku": stanzas_of_lines(3),
    "limericks": stanzas_of_lines(5),
    "ottava rima": stanzas_of_lines(8),
    "sapphics": stanzas_of_lines(4),
    "cinquain": stanzas_of_lines(5),
    "terza rima": stanzas_of_lines(3),
    "rondeau": lambda stanzas: len(lines_in(stanzas)) == 15,
    "epigram": stanzas_of_lines(2, 4),
    "villanelle": is_villanelle,
    "sestina": is_sestina,
    "ghazal": is_ghazal,
    "pantoum": is_pantoum,
    "triolet": is_triolet,
    "acrostic": lambda stanzas: "".join(line[0] for line in lines_in(stanzas)) == "BEETROOT",
    "prose poem": lambda stanzas: stanzas_of_lines(1)(stanzas) and max(map(len, lines_in(stanzas))) > 160,
}


def test_there_are_enough_and_each_is_valid() -> None:
    assert len(ROWS) >= 120
    assert sum(len(row["text"].encode()) for row in ROWS) >= 60_000
    assert all(list(row) == ["title", "author", "form", "subject", "text"] for row in ROWS)
    assert all(
        isinstance(value, str) and value == value.strip() != "" for row in ROWS for value in row.values()
    )
    assert {row["author"] for row in ROWS} == {"PoetBot"}
    for row in ROWS:
        lines = row["text"].split("\n")
        assert not re.search(r"\n{3}|[\t\r\0]|\+\+\+\+| $", row["text"], re.MULTILINE), row["title"]
        assert row["form"] == "prose poem" or max(map(len, lines)) <= 100, row["title"]


def test_there_are_many_forms_and_subjects() -> None:
    assert len(FORMS) >= 15 and len({row["subject"] for row in ROWS}) >= 40
    assert max(FORMS.values()) <= len(ROWS) / 3


def test_no_two_are_alike() -> None:
    assert len({row["title"] for row in ROWS}) == len(ROWS)
    assert len({row["text"].split("\n")[0] for row in ROWS}) == len(ROWS)
    assert len(set(near_duplicate_groups([row["text"] for row in ROWS]))) == len(ROWS)


def test_they_are_found_unchanged() -> None:
    corpus = read_named("english-poems")
    assert [poem.text for poem in corpus.poems] == [row["text"] for row in ROWS]
    assert [poem.title for poem in corpus.poems] == [row["title"] for row in ROWS]


@pytest.mark.parametrize("row", [pytest.param(row, id=row["title"]) for row in ROWS if row["form"] in SHAPES])
def test_it_has_the_shape_of_its_form(row: dict[str, str]) -> None:
    assert SHAPES[row["form"]](stanzas_of(row["text"]))


def test_every_form_with_a_shape_is_there() -> None:
    assert set(SHAPES) <= set(FORMS)
