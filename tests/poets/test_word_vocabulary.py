import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.poets.word_vocabulary import FIRST_WORD, LINE_END, POEM_END, STANZA_END, UNKNOWN, Words, tokens

VERSE = (
    "The lamp was low, and London slept;\n"
    '"I know," said I, \'but who has kept\n'
    "The rain-worn road — the lovers' way?\"\n"
    "\n"
    "He said no more. The road, the rain,\n"
    "And I, and London: low again.\n"
)
ALL = Words.of([VERSE], min_count=1)

TEXTS = st.text() | st.lists(
    st.sampled_from(
        [*"aBéİßσς中가 \n\t.,;:!?()“”\"'’-—…ǅ\u0301", "the", "I", "don't", "O’er", "\n\n", "++++", ". ", " '"]
    ),
    max_size=40,
).map("".join)


def test_tokens() -> None:
    assert tokens('Oh, don’t go — "she said."\n  42 o\'clock!\n\n\n中国，a b') == [
        *("oh", ",", "don't", "go", ' — "', "she", "said", '."', "\n", "42", "o'clock", "!", "\n\n"),
        *("中", "国", "，", "a", "b"),
    ]
    assert tokens(" \n \n") == []


@given(TEXTS)
@example("中 国. a中.中 b")
@example("a, b ,c,d")
def test_text_to_tokens_and_back_loses_no_token(text: str) -> None:
    found = tokens(text)
    try:
        vocabulary = Words.of([text], min_count=1)
    except PoetBotError:
        return  # nothing in it that could be kept
    ids = vocabulary.ids_of(text)
    assert len(ids) == len(found)
    if UNKNOWN not in ids:
        assert tokens(vocabulary.text_of(ids)) == found


PLAIN_WORDS = [number for word, number in ALL.ids.items() if word[0].isalnum()]


@given(st.lists(st.lists(st.sampled_from(PLAIN_WORDS), min_size=1), min_size=1))
def test_written_words_can_be_read_again(lines: list[list[int]]) -> None:
    ids = [number for line in lines for number in (*line, LINE_END)][:-1]
    assert ALL.ids_of(ALL.text_of(ids)).tolist() == ids


def test_verse_round_trips() -> None:
    assert ALL.text_of(ALL.ids_of(VERSE)) == VERSE.rstrip("\n")
    assert ALL.line_capitals and ALL.sentence_capitals
    folded = Words.of([VERSE], min_count=1, fold_case=True)
    assert folded.text_of(folded.ids_of(VERSE)) == VERSE.rstrip("\n").lower()


def test_capitals_follow_the_training_text() -> None:
    prose = Words.of(["He went out. She\nstayed there. It was\nlate. Then he came."], min_count=1)
    assert not prose.line_capitals and prose.sentence_capitals
    assert prose.text_of(prose.ids_of("he came. then it\nwas late.\n\nshe went")) == (
        "He came. Then it\nwas late.\n\nShe went"
    )
    small = Words.of(["the rain. the rain\nthe rain. the road"], min_count=1)
    assert small.text_of(small.ids_of("The rain. The road")) == "the rain. the road"


def test_ids_fall_with_frequency_and_rare_words_are_unknown() -> None:
    vocabulary = Words.of(["b a b c a b"], min_count=2)
    assert vocabulary.words == ("b", "a")
    assert vocabulary.ids_of("a c b").tolist() == [FIRST_WORD + 1, UNKNOWN, FIRST_WORD]
    assert vocabulary.unknown_in("A, c? d c") == ("c", "d")
    assert Words.of(["b a b c a b"], min_count=1, max_words=FIRST_WORD + 1).words == ("b",)


def test_ends_of_line_stanza_and_poem() -> None:
    rain = ALL.ids["rain"]
    assert ALL.text_of([rain, LINE_END, rain, STANZA_END, rain, POEM_END]) == "Rain\nRain\n\nRain\n++++\n"
    for number in (0, 1, len(ALL), -1):
        with pytest.raises(PoetBotError):
            ALL.piece(number, "")


def test_a_seed_that_ends_anywhere_can_be_continued() -> None:
    rain = ALL.ids["rain"]
    for seed, text in (
        ("the", " rain"),
        ("the ", "rain"),
        ("the,", " rain"),
        ("the-", "rain"),
        ("the.", " Rain"),
    ):
        assert ALL.piece(rain, seed) == text
    assert ALL.piece(ALL.ids[" — "], "the ") == "— "


@given(TEXTS)
def test_a_vocabulary_survives_its_file(text: str) -> None:
    try:
        vocabulary = Words.of([text], min_count=1)
    except PoetBotError as error:
        assert "\n" not in str(error)
        return
    again = Words.from_json(json.loads(json.dumps(vocabulary.as_json())))
    assert again.as_json() == vocabulary.as_json() and again.ids == vocabulary.ids


GOOD = {"level": "words", "line_capitals": True, "sentence_capitals": True, "words": ["a"]}


@pytest.mark.parametrize(
    "data",
    [
        *(None, [], {}, ["a"], {**GOOD, "more": 1}, {**GOOD, "level": "characters"}, {**GOOD, "words": "a"}),
        *({**GOOD, "line_capitals": 1}, {**GOOD, "words": []}, {**GOOD, "words": ["a", "A"]}),
        *({**GOOD, "words": [word]} for word in (1, "", "a b", "a,", "++++", "\n", "x" * 61, "don’t", "  -")),
        {**GOOD, "words": [f"w{n}" for n in range(65_535)]},
    ],
)
def test_a_bad_vocabulary_is_an_error(data: object) -> None:
    with pytest.raises(PoetBotError) as caught:
        Words.from_json(data)
    assert "\n" not in str(caught.value)
