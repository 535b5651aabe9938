"""Blocks to poems: what goes on, what ends, and what a poem is called."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus import MARKER, find_poems

LAMP = "The lamp is lit, the door is shut,\nThe kettle starts to sing,\nAnd every cup inside the hut\nIs waiting for the king."
SNOW = "The snow came down the chimney flue\nAnd sat upon the floor,\nAnd said it had no work to do\nAnd would not use the door."
BOAT = "My boat has neither sail nor oar,\nMy boat is made of rye,\nI push it from the kitchen floor\nAnd float into the sky."


def found(text: str) -> list[tuple[str | None, str]]:
    return [(poem.title, poem.text) for poem in find_poems(text)]


def test_the_poems_of_a_book(book: str) -> None:
    poems = find_poems(book, source="harbour.txt")
    assert [(p.title, p.start_line, p.end_line) for p in poems] == [
        ("THE LAMPLIGHTER", 46, 62),
        ("TWO WINTERS", 71, 81),
        ("THE PILOT'S DREAM", 94, 108),
    ]
    assert {p.source for p in poems} == {"harbour.txt"} and {p.author for p in poems} == {None}
    lines = book.split("\n")
    for poem in poems:
        assert poem.start_line and poem.end_line
        assert poem.text.split("\n")[0] == lines[poem.start_line - 1].strip()
        assert poem.text.split("\n")[-1] == lines[poem.end_line - 1].strip()
    assert "Footnote" not in poems[0].text and poems[0].text.count("\n\n") == 2
    assert "PILOT" not in poems[2].text


def test_a_poem_is_many_stanzas() -> None:
    assert found(f"LAMP AND SNOW\n\n{LAMP}\n\n\n{SNOW}\n") == [("LAMP AND SNOW", f"{LAMP}\n\n{SNOW}")]


def test_numbers_below_a_title_count_its_parts() -> None:
    assert found(f"SONGS\n\nI\n\n{LAMP}\n\nII\n\n{SNOW}") == [("SONGS", f"{LAMP}\n\n{SNOW}")]


def test_many_numbers_count_poems() -> None:
    numerals = [
        f"{'X' * (n // 10)}{'IX' if n % 10 == 9 else 'IV' if n % 10 == 4 else 'V' * (n % 10 // 5) + 'I' * (n % 5)}"
        for n in range(1, 16)
    ]
    text = "SONGS\n\n" + "\n\n".join(f"{numeral}\n\n{LAMP}" for numeral in numerals)
    assert [title for title, _ in found(text)] == numerals


def roman(number: int) -> str:
    ones = {0: "", 4: "IV", 9: "IX"}.get(number % 10, "V" * (number % 10 // 5) + "I" * (number % 5))
    return "X" * (number // 10) + ones


@pytest.mark.parametrize("lines", [4, 8, 9, 14])
def test_many_numbers_above_stanzas_of_one_size_count_these(lines: int) -> None:
    stanza = "\n".join([*LAMP.split("\n")] * 4).split("\n")[:lines]
    cantos = [
        f"CANTO THE {name}\n\n" + "\n\n".join(f"{roman(n)}.\n\n" + "\n".join(stanza) for n in range(1, 31))
        for name in ("FIRST", "SECOND")
    ]
    titles = [title for title, _ in found("\n\n\n\n".join(cantos))]
    assert titles == (["CANTO THE FIRST", "CANTO THE SECOND"] if 4 < lines < 14 else titles)
    assert len(titles) == (2 if 4 < lines < 14 else 60)


def test_many_numbers_above_poems_of_several_stanzas_count_these() -> None:
    text = "SONGS\n\n" + "\n\n".join(f"{roman(n)}\n\n{LAMP}\n\n{LAMP}" for n in range(1, 16))
    assert len(found(text)) == 15


def test_numbers_without_a_title_are_titles() -> None:
    assert [title for title, _ in found(f"1.\n\n{LAMP}\n\n2.\n\n{SNOW}")] == ["1", "2"]


def test_only_the_shared_indent_is_removed() -> None:
    indented = "\n".join(("    " if n % 2 else "  ") + line + "  " for n, line in enumerate(LAMP.split("\n")))
    lines = LAMP.split("\n")
    assert found(indented)[0][1] == "\n".join([lines[0], "  " + lines[1], lines[2], "  " + lines[3]])


def test_tabs_become_spaces() -> None:
    assert (
        found(LAMP.replace("\nThe kettle", "\n\tThe kettle"))[0][1].split("\n")[1]
        == "    The kettle starts to sing,"
    )


def test_poems_separated_by_blank_lines_alone() -> None:
    text = f"{LAMP}\n\n{SNOW}\n\n\n{BOAT}\n\n{LAMP}\n\n\n{SNOW}\n\n{BOAT}"
    assert found(text) == [
        (None, f"{LAMP}\n\n{SNOW}"),
        (None, f"{BOAT}\n\n{LAMP}"),
        (None, f"{SNOW}\n\n{BOAT}"),
    ]


@pytest.mark.parametrize("rule", ["++++", "  ++++  ", "+++++++", "%", "---", "===="])
def test_rules_that_separate_poems(rule: str) -> None:
    assert found(f"{LAMP}\n{rule}\n{SNOW}\n{rule}\n\n{BOAT}") == [(None, LAMP), (None, SNOW), (None, BOAT)]


def test_a_marker_that_ends_a_line_of_verse_is_cut_off() -> None:
    assert found(f"{LAMP} ++++\n\n{SNOW}") == [(None, f"{LAMP}\n\n{SNOW}")]


def test_nothing_but_markers() -> None:
    assert found("++++\n++++\n\n++++") == []


@given(
    st.lists(
        st.sampled_from(["++++", "  ", "\n", "\n\n", LAMP, SNOW, "THE SEA", "IV", "e\u0301", "\u3000", "\t"]),
        max_size=14,
    )
)
def test_every_poem_is_clean(bits: list[str]) -> None:
    text = "".join(bits)
    last = 0
    for poem in find_poems(text):
        assert MARKER not in poem.text + "\n"
        assert poem.text.strip() and poem.text == poem.text.rstrip() and "\n\n\n" not in poem.text
        assert unicodedata.is_normalized("NFC", poem.text)
        assert poem.start_line and poem.end_line and last < poem.start_line <= poem.end_line
        last = poem.end_line


def test_poems_after_a_play_are_separate() -> None:
    speeches = "\n\n".join(f"{name}\n\n{LAMP}" for name in ("WIFE", "PILOT", "WIFE", "BOY", "PILOT"))
    text = (
        f"THE PILOT\n\n{speeches}\n\nIt went well, all in all, and nobody in the hall\nfell off a chair.\n\n"
        f"11 June\n\nSNOW\n\n{SNOW}\n\nThe clerk gave me a stamp for it.\n\nBOAT\n\n{BOAT}"
    )
    assert [(title, verse.count(LAMP)) for title, verse in found(text)] == [
        ("THE PILOT", 5),
        ("SNOW", 0),
        ("BOAT", 0),
    ]


def test_a_refrain_is_part_of_its_poem() -> None:
    assert found(f"LAMP\n\n{LAMP}\n\nCHORUS\n\n{SNOW}") == [("LAMP", f"{LAMP}\n\n{SNOW}")]


def test_repeated_tunes_are_titles() -> None:
    tunes = ["浣溪沙", "浣溪沙", "忆江南", "浣溪沙", "如梦令", "采桑子", "卜算子", "渔歌子", "长相思"]
    verse = "门前小河水，日夜向东流。\n来人都不见，唯有白沙鸥。"
    assert found("\n\n".join(f"{tune}\n\n{verse}" for tune in tunes)) == [(tune, verse) for tune in tunes]


QUATRAIN = "门前小河水，日夜向东流。来人都不见，唯有白沙鸥。"
LANTERN = "夜市一灯明，风吹影不平。卖茶人未去，独自数潮声。"


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n"])
def test_a_chinese_poem_on_one_line_under_its_title(gap: str) -> None:
    text = f"小河{gap}{QUATRAIN}\n\n《夜市》{gap}{LANTERN}"
    assert found(text) == [("小河", QUATRAIN), ("夜市", LANTERN)]


@pytest.mark.parametrize("author", ["", "\n林石"])
def test_chinese_titles_right_above_their_poems(author: str) -> None:
    poems = [verse.replace("。", "。\n").strip() for verse in (QUATRAIN, LANTERN)]
    text = f"小河{author}\n{poems[0]}\n\n夜市 其二{author}\n{poems[1]}"
    assert found(text) == [("小河", poems[0]), ("夜市 其二", poems[1])]


def test_a_stanza_that_begins_without_a_pause_keeps_its_first_line() -> None:
    stanza = "我在夜里走着\n看见一盏灯，\n灯下没有人\n只有一张椅子\n和一本书。"
    assert found("\n\n".join([stanza] * 3))[0][1].startswith(stanza)


@pytest.mark.parametrize("colon", [":", "："])
def test_one_line_poems_after_their_titles(colon: str) -> None:
    text = f"小河{colon}{QUATRAIN}\n夜市 其二{colon}{LANTERN}\n" * 3
    assert found(text) == [("小河", QUATRAIN), ("夜市 其二", LANTERN)] * 3
    assert [poem.start_line for poem in find_poems(text)] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_composed_and_decomposed_accents_give_the_same_poems(form: str) -> None:
    verse = "La lumière s'éteint, la fenêtre est fermée,\nLe chat s'étire et rêve à l'été de là-bas,\nL'hôtesse a déposé sa tête désarmée\nSur l'épaule du père, et ne s'éveille pas."
    title = "ÉTÉ"
    text = unicodedata.normalize(form, f"{title}\n\n{verse}\n")
    assert found(text) == [(title, verse)]


def test_cyrillic_titles_and_verse() -> None:
    verse = "Зажёг фонарщик свой фонарь,\nИ вечер стал светлее,\nИ на скамье сидит, как встарь,\nСтарик в пустой аллее."
    assert found(f"ФОНАРЬ\n\n{verse}\n\n\nАЛЛЕЯ\n\n{verse}") == [("ФОНАРЬ", verse), ("АЛЛЕЯ", verse)]


HOUSE = "The house has seven windows\nand six of them are dark;\nthe seventh has a candle in\nno bigger than a spark."


@pytest.mark.parametrize(
    "below",
    [
        "To my brother",
        "A Maxime Durand",
        '"Nox est longa."',
        "In memory of J. R.",
    ],
)
def test_dedications_and_mottoes_are_not_titles(below: str) -> None:
    (poem,) = find_poems(f"THE HOUSE\n\n{below}\n\n{HOUSE}\n\n{HOUSE.replace('seven', 'twenty')}\n")
    assert poem.title == "THE HOUSE"


def test_a_dedication_alone_is_a_title() -> None:
    (poem,) = find_poems(f"To Autumn\n\n{HOUSE}\n")
    assert poem.title == "To Autumn"
