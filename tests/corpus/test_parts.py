"""What was taken and why, part by part, and what becomes of it when a person says otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus.collection import looks_like_a_collection
from poetbot.corpus.parts import (
    ALL_POEMS,
    EXCLUDED_BY_USER,
    INCLUDED_BY_USER,
    TITLE,
    WITH_TITLE,
    Reading,
    judge,
    judge_record,
)
from poetbot.corpus.poems import find_poems
from poetbot.poem import Poem

SONG = "The lamp is lit, the door is shut,\nThe kettle starts to sing,\nAnd every cup inside the hut\nIs waiting for the king."
OTHER = "The rain is on the roof tonight,\nThe dog is at the door,\nAnd nobody has struck a light\nOr swept the kitchen floor."
PROSE = (
    "The ferry was late again, and nobody was told why, though we had waited on the landing stage for an hour and "
    "more with all our bags; in the end a boy came out and said it would not come, and we walked back up the hill. "
    "My sister said that it had always been so in that town, that one waited there for things which did not come."
)
BOOK = f"A SONG\n\n{SONG}\n\n\n\n{PROSE}\n\n\n\nANOTHER\n\n{OTHER}\n"

texts = st.lists(
    st.sampled_from(
        [SONG, OTHER, PROSE, "A SONG", "II", "* * *", "++++", "Ada, 1911", "", "", "[a note]", "so"]
    ),
    max_size=14,
).map("\n".join)


def labels(text: str, reading: Reading = Reading.FILTER, choices: dict[int, bool] | None = None) -> list[str]:
    return [part.label for part in judge(text, reading, choices).parts]


def test_each_part_has_the_filters_verdict() -> None:
    judged = judge(BOOK, Reading.FILTER, source="book.txt")
    assert [(part.label, part.start_line, part.taken, part.poem) for part in judged.parts] == [
        ("other", 1, False, None),
        ("poem", 3, True, 0),
        ("prose", 10, False, None),
        ("other", 14, False, None),
        ("poem", 16, True, 1),
    ]
    assert judged.parts[0].reason == TITLE
    assert judged.poems == tuple(find_poems(BOOK, "book.txt"))


def test_a_title_between_dividers_that_is_included_is_a_poem_of_its_own() -> None:
    third = SONG.replace("lamp", "fire").replace("kettle", "cuckoo")
    text = f"{SONG}\n\n* * *\n\nThe Rain\n\n* * *\n\n{OTHER}\n\n* * *\n\nThe Fire\n\n* * *\n\n{third}\n"
    assert [poem.title for poem in judge(text, Reading.FILTER).poems] == [None, "The Rain", "The Fire"]
    judged = judge(text, Reading.FILTER, {8: True})
    assert [poem.text for poem in judged.poems] == [SONG, "The Rain", OTHER, third]
    assert judged.poems[3].title == "The Fire"


def test_a_part_is_left_out_and_another_included() -> None:
    judged = judge(BOOK, Reading.FILTER, {3: False, 10: True})
    assert [poem.text for poem in judged.poems] == [PROSE, OTHER]
    assert [(part.reason, part.by_user) for part in judged.parts if part.by_user] == [
        (EXCLUDED_BY_USER, True),
        (INCLUDED_BY_USER, True),
    ]


def test_an_included_stanza_joins_its_poem() -> None:
    text = f"A SONG\n\n{SONG}\n\n{PROSE}\n\n{OTHER}\n"
    assert labels(text) == ["other", "poem", "prose", "poem"]
    (poem,) = judge(text, Reading.FILTER, {8: True}).poems
    assert poem.title == "A SONG" and poem.text == f"{SONG}\n\n{PROSE}\n\n{OTHER}"


def test_with_everything_included_titles_still_separate_poems() -> None:
    text = f"Ferry\n\n{PROSE}\n\n\nHouse\n\n{OTHER}\n\nand so.\n"
    judged = judge(text, Reading.POEMS)
    assert [(poem.title, poem.text) for poem in judged.poems] == [
        ("Ferry", PROSE),
        ("House", f"{OTHER}\n\nand so."),
    ]
    assert ALL_POEMS in {part.reason for part in judged.parts}


@given(texts)
def test_with_everything_included_only_titles_numbers_and_rules_are_left_out(text: str) -> None:
    parts = judge(text, Reading.POEMS).parts
    assert {part.label for part in parts} <= {"poem", "other"}
    for part in parts:
        left = [line for line in text.split("\n")[part.start_line - 1 : part.end_line] if line.strip()]
        assert part.taken or not any(line in SONG + OTHER + PROSE for line in left if len(line) > 12)


@given(texts, st.sampled_from(list(Reading)), st.dictionaries(st.integers(1, 30), st.booleans(), max_size=6))
def test_parts_hold_every_line_once_whatever_the_choices(
    text: str, reading: Reading, choices: dict[int, bool]
) -> None:
    judged = judge(text, reading, choices)
    lines = text.split("\n")
    covered = [number for part in judged.parts for number in range(part.start_line, part.end_line + 1)]
    assert len(covered) == len(set(covered)) and covered == sorted(covered)
    marks = {"++++"} if reading is Reading.SECTIONS else set()
    assert {n for n, line in enumerate(lines, 1) if line.strip() and line not in marks} <= set(covered)
    before = judge(text, reading)
    assert [(p.start_line, p.end_line) for p in before.parts] == [
        (p.start_line, p.end_line) for p in judged.parts
    ]
    for part in judged.parts:
        if part.start_line in choices:
            assert part.taken is choices[part.start_line] and part.by_user
        if part.poem is not None:
            assert part.taken and part.poem < len(judged.poems)
    kept = "\n".join(poem.text for poem in judged.poems)
    for part in judged.parts:
        if part.taken:
            assert all(
                line.strip() in kept for line in lines[part.start_line - 1 : part.end_line] if line != "++++"
            )


def test_sections_are_kept_or_left_out() -> None:
    text = f"{PROSE}\n\n\n{SONG}\n\n\n{OTHER}\n"
    judged = judge(text, Reading.SECTIONS, {4: False})
    assert [part.label for part in judged.parts] == ["section"] * 3
    assert [poem.text for poem in judged.poems] == [PROSE, OTHER]


def test_a_record_is_one_part() -> None:
    poem = Poem("one\ntwo", "Title", "Ada", "table.csv", 7, 9)
    assert judge_record(poem).poems == (poem,)
    assert judge_record(poem, {1: False}).poems == ()
    (part,) = judge_record(poem).parts
    assert (part.start_line, part.end_line, part.taken) == (1, 2, True)


def test_one_line_poems_are_separate_parts() -> None:
    text = "静夜思:床前明月光，疑是地上霜。举头望明月，低头思故乡。\n" * 4
    judged = judge(text, Reading.FILTER, {2: False})
    assert [part.taken for part in judged.parts] == [True, False, True, True] and len(judged.poems) == 3


def test_poems_separated_only_by_space_are_separate_parts() -> None:
    text = f"{SONG}\n\n{OTHER}\n\n\n{OTHER}\n\n{SONG}\n\n\n{SONG}\n\n{SONG}\n"
    judged = judge(text, Reading.FILTER)
    assert len(judged.poems) == 3 and [part.poem for part in judged.parts] == [0, 1, 2]
    again = judge(text, Reading.FILTER, {judged.parts[1].start_line: False})
    assert [poem.text for poem in again.poems] == [judged.poems[0].text, judged.poems[2].text]


def test_a_collection_with_prose_poems_is_distinguished_from_a_book() -> None:
    def looks(text: str) -> bool:
        return looks_like_a_collection(text, judge(text, Reading.FILTER).parts)

    assert looks(f"FERRY\n\n{PROSE}\n\n\nHOUSE\n\n{OTHER}\n")
    assert not looks(f"HOUSE\n\n{OTHER}\n")  # nothing is left out
    assert not looks(f"CHAPTER ONE\n\n{(PROSE + chr(10)) * 10}\n\n\nHOUSE\n\n{OTHER}\n")
    licence = "*** START OF THE PROJECT GUTENBERG EBOOK FERRIES ***\n\n\n"
    assert not looks(f"{licence}FERRY\n\n{PROSE}\n\n\nHOUSE\n\n{OTHER}\n")
    assert not looks(f"FERRY\n\n{PROSE}\n\n\nHOUSE\n\n{OTHER}\n\n\n" * 1500)


GULL = "The gull is grey, the sea is wide,\nThe boat has gone ashore,\nAnd nobody can tell the tide\nTo wait beside the door."
KETTLE = "The kettle sings, the lamp is lit,\nThe cups are on the tray,\nAnd all of us come in and sit\nAnd talk the dark away."
DIARY = "On Tuesday we went into town to buy a new handle for the pump, which took the whole of the morning because the shop that used to keep such things has been closed since the spring, and nobody there could say who has them now."


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (f"The Gull\n\n{GULL}\n\n\nThe Kettle\n\n{KETTLE}\n", [TITLE, TITLE]),
        (f"XII.\n\n{GULL}\n\n\nXIII.\n\n{KETTLE}\n", [TITLE, TITLE]),
        (f"*The Gull*\n\n{GULL}\n", [TITLE]),
        (f"{DIARY}\n\n\nThe Gull\n\n{GULL}\n\n\n{DIARY}\n", [TITLE]),
        (f"The Gull\n\nfor my mother\n\n{GULL}\n", [WITH_TITLE]),
    ],
)
def test_the_part_with_a_title_names_its_poem(text: str, reasons: list[str]) -> None:
    judged = judge(text, Reading.FILTER)
    assert [part.reason for part in judged.parts if part.label == "other"] == reasons
    assert all(poem.title for poem in judged.poems)
    # Where the poem is left out, it is the title of none.
    out = {part.start_line: False for part in judged.parts if part.taken}
    assert not {TITLE, WITH_TITLE} & {part.reason for part in judge(text, Reading.FILTER, out).parts}


def test_text_without_a_poem_is_not_a_title() -> None:
    text = f"{GULL}\n\n\nThe Last Page\n"
    assert not {TITLE, WITH_TITLE} & {part.reason for part in judge(text, Reading.FILTER).parts}
