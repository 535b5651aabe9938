"""Song sheets: labels and chords go, every lyric stays, and a repeated chorus stays where it is printed."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus.find_parts import texts_of
from poetbot.corpus.loading import parse_file
from poetbot.corpus.parts import Reading
from poetbot.corpus.poems import find_poems
from poetbot.corpus.song_sheets import (
    SONG,
    is_chord_line,
    is_label_with_chords,
    is_section_label,
    songs_in,
    without_chords,
)
from poetbot.documents.reader import read_content
from poetbot.documents.records import FieldChoice

CHORUS = "Kettle, kettle, sing to me\nthe kitchen light is low"
SHEET = f"""Kettle Song by The Back Porch Four

Capo 2

[Verse 1]
C        G
My mother keeps a kettle on
Am       F/C
for anyone who calls

[Chorus]
{CHORUS}

Verse 2:
The [C]neighbours come with [G7]muddy boots
and (Am)sit along the walls

Chorus:
{CHORUS}

(Outro x2)
Kettle, kettle
"""


def test_a_sheet_is_one_song_without_labels_and_chords() -> None:
    (song,) = find_poems(SHEET)
    assert (song.title, song.author) == ("Kettle Song", "The Back Porch Four")
    assert song.text.split("\n\n") == [
        "My mother keeps a kettle on\nfor anyone who calls",
        CHORUS,
        "The neighbours come with muddy boots\nand sit along the walls",
        CHORUS,
        "Kettle, kettle",
    ]
    assert (song.start_line, song.end_line) == (7, SHEET.count("\n"))


def test_the_app_shows_the_song_as_it_is_trained_on() -> None:
    (text,) = texts_of(read_content(SHEET.encode(), "kettle.txt"))
    (poem,) = text.judged.poems
    assert (text.text, text.record) == (poem.text, poem)
    assert (poem.title, poem.author, poem.start_line) == ("Kettle Song", "The Back Porch Four", 7)
    assert "[Chorus]" not in text.text and text.judged.parts[0].reason == SONG
    (left_out,) = texts_of(read_content(SHEET.encode(), "kettle.txt"), choices={0: {1: False}})
    assert left_out.judged.poems == ()


def test_sections_of_a_sheet_are_unchanged() -> None:
    (text,) = texts_of(read_content(SHEET.encode(), "kettle.txt"), Reading.SECTIONS)
    assert text.record is None and "[Chorus]" in text.text


def test_every_filled_line_of_a_sheet_is_in_one_block() -> None:
    sheet = SHEET + "\n\nThe Ferry\n\n[Verse 1]\nThe ferry has a broken bell\n\n[Chorus]\nRow, row\n"
    file = parse_file(sheet.encode(), "kettle.txt")
    numbers = [n for block in file.blocks for n in range(block.start_line, block.end_line + 1)]
    filled = {n for n, row in enumerate(sheet.split("\n"), start=1) if row.strip()}
    assert numbers == sorted(set(numbers)) and filled <= set(numbers)
    assert [block.label for block in file.blocks] == ["other", "poem", "other", "poem"]


def test_a_record_may_be_a_song_sheet() -> None:
    row = json.dumps({"text": SHEET, "author": "Ann Other"})
    (song,) = parse_file(row.encode(), "songs.jsonl", wanted=FieldChoice(filtered=True)).poems
    assert (song.title, song.author) == ("Kettle Song", "The Back Porch Four")
    assert "[Chorus]" not in song.text


def test_several_songs_in_one_sheet() -> None:
    other = "\n\nThe Ferry\n\n[Verse 1]\nThe ferry has a broken bell\nand no one rings it now\n\n[Chorus]\nRow, row\n"
    first, second = find_poems(SHEET + other)
    assert first.text.endswith("Kettle, kettle")
    assert second.title == "The Ferry"
    assert second.text == "The ferry has a broken bell\nand no one rings it now\n\nRow, row"


@pytest.mark.parametrize(
    "label",
    [
        "[Verse 1]",
        "[Chorus]",
        "Refrain:",
        "(Bridge)",
        "Pre-Chorus x2:",
        "[Outro: both voices]",
        "Verse 3",
        "[Chorus] (x2)",
    ],
)
def test_section_labels(label: str) -> None:
    assert is_section_label(label)


@pytest.mark.parametrize(
    "line", ["Chorus of birds", "A bridge of stone", "verse", "[closed]", "Tag along with me", ""]
)
def test_lines_that_are_not_labels(line: str) -> None:
    assert not is_section_label(line)


@pytest.mark.parametrize(
    "line", ["Am  G  F#m7  C/E", "| C | G/B | Am |", "Bb", "Dm7b5  Gsus4", "[Am] [G]", "e|--0--2-3--|"]
)
def test_chord_lines(line: str) -> None:
    assert is_chord_line(line)


@pytest.mark.parametrize("line", ["A", "Am I", "I am A man", "Go", "Abe", "", "C'est la vie"])
def test_lines_that_are_not_chords(line: str) -> None:
    assert not is_chord_line(line)


def test_only_chords_are_removed_from_a_lyric() -> None:
    assert (
        without_chords("The door says [closed] (Am)today [F#m7/C#]again")
        == "The door says [closed] today again"
    )


@pytest.mark.parametrize(
    ("heading", "title", "author"),
    [
        ("Down by the River", "Down by the River", None),
        ("Stand by Me", "Stand by Me", None),
        ("Snow\nby Ida Plain", "Snow", "Ida Plain"),
        ("Snow\nWords and music by Ida Plain", "Snow", "Ida Plain"),
        ("Snow by Ida Plain", "Snow", "Ida Plain"),
    ],
)
def test_title_and_artist(heading: str, title: str, author: str | None) -> None:
    (song,) = songs_in(f"{heading}\n\n[Verse 1]\nIt snowed all day\n\n[Chorus]\nSnow on the line")
    assert (song.title, song.author) == (title, author)


def test_a_poem_with_one_chorus_heading_is_not_a_song_sheet() -> None:
    poem = "\n".join(["The tide goes out across the flats,"] * 30)
    assert songs_in(poem + "\n\nChorus:\n" + poem) == []


_MARKS_AND_WORDS = """
    C F#m7 G/B [Am] (G) N.C. NC x2 |: - – / % . Bb Asus4 Ddim Cadd9 Gmaj7 Faug Hø7 A° E♭m D7 B♯ A+ Cminb5
    e|--0--2-3--| B:5h7p5h7 g#|-------- Eb|x-x-x-x a Chorus Verse 2 2: : [Bridge] (Outro x2) {Coda} twice repeated
    Middle eight Pre-chorus Estribillo Pont Down by the And Had A
""".split()  # noqa: SIM905


@given(st.lists(st.sampled_from([*_MARKS_AND_WORDS, " ", "\t"]), max_size=6).map(" ".join))
def test_the_quick_check_misses_no_mark(row: str) -> None:
    said = f"{row}\n{row}"
    marked = is_section_label(row) or is_chord_line(row)
    assert not marked or songs_in(f"{said}\nKettle, kettle")


def test_time_is_linear() -> None:
    for filling in ("[", "(Am", "[Verse ", "A ", "| ", "x2 ", " "):
        took = []
        for length in (50_000, 200_000):
            text = "[Chorus]\n" + filling * (length // len(filling)) + "\n[Chorus]\n"
            start = time.process_time()
            songs_in(text)
            took.append(time.process_time() - start)
        assert took[1] < 12 * max(took[0], 0.01)


CHORDPRO = """{title: Quay Street}
{artist: The Nobodies}
{key: D}
{start_of_verse: Verse 1}
[D]Down at the quay the [A]gulls are asleep,
[Bm]Nobody asks what the [G]harbour can keep.
{end_of_verse}
{comment: slowly}
{soc}
[D]Hold on the rope, love, [A]hold on the rope.
{eoc}
{t:Second Ferry}
{c:softly}
The [D]ferry is [A]late again,
And [G]so am [D]I.
"""


def test_chordpro_directives_give_the_title_and_are_not_lyrics() -> None:
    first, second = songs_in(CHORDPRO)
    assert (first.title, first.author) == ("Quay Street", "The Nobodies")
    assert first.text == (
        "Down at the quay the gulls are asleep,\nNobody asks what the harbour can keep.\n\nHold on the rope, love, hold on the rope."
    )
    assert (second.title, second.author) == ("Second Ferry", None)
    assert second.text == "The ferry is late again,\nAnd so am I."


def test_a_label_with_chords_is_not_a_title() -> None:
    sheet = (
        "Quay Street\nCapo 2   Key: G\n\nIntro: G  D  Em  C\n\n[Verse 1]\nG        D\nDown at the quay the gulls are asleep,\n"
        "Em       C\nNobody asks what the harbour can keep.\n\nOutro: G D | Em C x2\n"
    )
    (song,) = songs_in(sheet)
    assert song.title == "Quay Street"
    assert song.text == "Down at the quay the gulls are asleep,\nNobody asks what the harbour can keep."
    assert not is_label_with_chords("Chorus: Oh let it burn") and is_label_with_chords("Solo 2: Am | F | C/G")
