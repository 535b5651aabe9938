"""Text to blocks: the labels of a little book, and what holds for any text."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus import LABELS, Block, find_blocks
from poetbot.corpus import blocks as module

BITS = (
    st.sampled_from(
        [
            "CONTENTS\n",
            "++++\n",
            "THE SEA",
            "the sea ",
            "*** END OF THE PROJECT GUTENBERG",
            "IV",
            "12",
            "   ",
            "\n\n",
        ]
    )
    | st.characters(categories=["L", "Zs", "Zl", "So"])
    | st.sampled_from("aB .,[]()_*é“春。\n\t\r\u3000\x85")
)
texts = st.text(max_size=120) | st.lists(BITS, max_size=60).map("".join)


def label_of(text: str, line: str) -> str:
    number = text.split("\n").index(line) + 1
    return next(b.label for b in find_blocks(text) if b.start_line <= number <= b.end_line)


def check(text: str, blocks: list[Block]) -> None:
    lines = text.split("\n")
    owners = [0] * (len(lines) + 1)
    for block in blocks:
        assert 1 <= block.start_line <= block.end_line <= len(lines)
        assert block.label in LABELS and block.reason.startswith("it")
        assert 0 <= block.score <= 1 and (block.label == "poem") == (block.score > 0.5)
        for number in range(block.start_line, block.end_line + 1):
            owners[number] += 1
    assert [b.start_line for b in blocks] == sorted(b.start_line for b in blocks)
    assert max(owners) <= 1
    assert all(owners[number] == 1 for number, line in enumerate(lines, start=1) if line.strip())


@given(texts)
def test_every_line_lies_in_one_block(text: str) -> None:
    check(text, find_blocks(text))


@given(texts)
def test_every_line_lies_in_one_block_of_a_text_cut_into_pieces(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_STRETCH", 16)
        check(text, find_blocks(text))


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("*** START OF THIS PROJECT GUTENBERG EBOOK HARBOUR SONGS ***", "other"),
        ("HARBOUR SONGS", "other"),
        ("CONTENTS", "contents"),
        ("  The Lamplighter                          5", "contents"),
        ("saying no, for most of them were written on the backs of bills and I had", "prose"),
        ("  How far you are tonight,", "poem"),
        ("The remainder is as I wrote it.", "prose"),
        ("Rosehaven, May 1871.", "other"),
        ("  And every lamp's his friend.[1]", "poem"),
        ("changed at my sister's wish.]", "other"),
        ("II", "other"),
        ("  The second winter had no snow,", "poem"),
        ("_A Scene_", "other"),
        ("(_The_ PILOT _sleeps in his chair_. WIFE _enters with a lamp_.)", "other"),
        ("  WIFE", "other"),
        ("  Then steer the kettle, love. The water boils.", "poem"),
        ("to say that the dark was a matter of opinion.", "prose"),
        ("  He comes along when day is done, 5", "contents"),
        ("be renamed, which is nothing to do with Anna Writer.", "other"),
    ],
)
def test_the_lines_of_a_book(book: str, line: str, label: str) -> None:
    assert label_of(book, line) == label


def test_line_numbers_do_not_depend_on_line_ends(book: str) -> None:
    assert find_blocks(book.replace("\n", "\r\n")) == find_blocks(book)


def test_long_lines_of_verse_that_wrap() -> None:
    text = """I hear the whistles of the ferries and the shouting of the men on the
    landing stage at noon,
The rattle of the chains, the slap of the water, the slow beginning of
    the wheels,
I hear the women calling from the decks to the women who are staying
    behind, and the answer that is lost in the noise,
And the gulls, the gulls, laughing at all of it."""
    assert [b.label for b in find_blocks(text)] == ["poem"]


def test_verse_without_capitals_and_points() -> None:
    stanza = "a spoon in a cup\nturns and turns\nsomeone upstairs\npractises one note\nas if it were a door"
    assert {b.label for b in find_blocks("\n\n".join([stanza] * 4))} == {"poem"}


def test_chinese_verse() -> None:
    poem = "门前小河水，日夜向东流。\n来人都不见，唯有白沙鸥。"
    assert {b.label for b in find_blocks("\n\n".join([poem] * 4))} == {"poem"}


def test_cyrillic_verse() -> None:
    stanza = "Зажёг фонарщик свой фонарь,\nИ вечер стал светлее,\nИ на скамье сидит, как встарь,\nСтарик в пустой аллее."
    assert {b.label for b in find_blocks("\n\n".join([stanza] * 4))} == {"poem"}


def test_paragraphs_on_one_line_are_prose() -> None:
    paragraph = (
        "The ferry was late again, and nobody was told why. We waited on the landing stage with our bags. "
        * 8
    )
    assert {b.label for b in find_blocks("\n\n".join([paragraph] * 5))} == {"prose"}


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "word " * 200_000,
        "*" * 1_000_000,
        "[\n" * 200_000,
        "[[]\n" * 100_000,
        "(\n" * 200_000,
        "CONTENTS\n\n" * 50_000,
        "Contents\nA\n\n" * 50_000,
        "*** END OF THE PROJECT GUTENBERG EBOOK\n" * 20_000,
        "\n" * 1_000_000,
    ],
    ids=lambda text: repr(text[:14]),
)
def test_unusual_texts_take_no_longer_than_others(text: str) -> None:
    start = time.process_time()
    find_blocks(text)
    assert time.process_time() - start < 20  # about one, on a quiet machine


def test_chinese_paragraphs_on_one_line_are_prose() -> None:
    paragraph = "昨天下午我去了一趟河边的旧书店，老板正在门口修一把椅子。他说生意不好，来的人少。我翻了半天，只买了一本地图。"
    for text in (paragraph * 4, "\n\n".join([paragraph * 4] * 3)):
        assert {b.label for b in find_blocks(text)} == {"prose"}


def test_no_reason_names_capitals_for_text_without_them() -> None:
    chinese = "门前小河水，日夜向东流。\n来人都不见，唯有白沙鸥。"
    small = (
        "a spoon in a cup,\nturns and turns;\nsomeone upstairs\npractises one note,\nas if it were a door."
    )
    for verse in (chinese, small):
        blocks = find_blocks("\n\n".join([verse] * 4))
        assert {b.label for b in blocks} == {"poem"}
        assert not [b.reason for b in blocks if "capital" in b.reason]


def test_composed_and_decomposed_accents_give_the_same_blocks(book: str) -> None:
    accented = book.replace("e", "é")
    assert find_blocks(unicodedata.normalize("NFD", accented)) == find_blocks(accented)


STANZA = "The kettle ticks, the window clouds,\nA spoon lies in the bowl,\n"


@pytest.mark.parametrize(
    "dots", [". . . . .", " . . . .\n . . . .", "....\n....\n....\n\n....", "… … …\n… … …"]
)
def test_rows_of_dots_are_verse_only_next_to_verse(dots: str) -> None:
    # Each paragraph on one line, as on the web.
    prose = (
        "The old ferryman had kept the crossing for thirty years, and in all of it he had never once been late. "
        "He rose before the sun, lit his lamp, and went down to the landing, where the boat lay on its chain.\n\n"
        "Nobody spoke. The widow folded the paper twice and put it into her glove, and then she asked whether "
        "the evening boat would still go, and the ferryman took off his cap and said that it would.\n"
    )
    alone = f"{prose}\n{dots}\n\n{prose}"
    assert not any(block.label == "poem" for block in find_blocks(alone))
    (block,) = find_blocks(f"{STANZA}\n{dots}\n\n{STANZA}")
    assert block.label == "poem"
