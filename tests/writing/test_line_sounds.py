"""The syllables and rhymes beside the lines."""

from poetbot.writing.line_sounds import line_sounds
from poetbot.writing.word_sounds import ChineseSounds, CjkSounds, EnglishSounds, UnknownSounds

ENGLISH = EnglishSounds({})


def pairs(text: str, sounds: EnglishSounds | CjkSounds) -> list[tuple[int, str] | None] | None:
    found = line_sounds(text, sounds)
    return found if found is None else [each and (each["syllables"], each["letter"]) for each in found]


def test_lines_that_rhyme_share_a_letter_and_others_have_none() -> None:
    poem = "The lamp is low,\nthe hill is white,\n\nand nothing\nburns tonight\nbut snow —\n…"
    assert pairs(poem, ENGLISH) == [(4, "A"), (4, "B"), None, (3, ""), (3, "B"), (2, "A"), None]


def test_chinese_is_counted_in_characters_and_rhymes_by_the_book() -> None:
    poem = "钟传古寺声，\n月在山。\n门前一树轻。"
    assert pairs(poem, ChineseSounds(poem)) == [(5, "A"), (3, ""), (5, "A")]
    assert pairs(poem, ENGLISH) == pairs(poem, UnknownSounds()) == pairs(poem, ChineseSounds(poem))
    # 东 and 冬 sound alike today; in 平水韻 they are two rhymes.
    poem = "日出东\n雪满冬"
    assert pairs(poem, ChineseSounds(poem, "xinyun")) == [(3, "A"), (3, "A")]
    assert pairs(poem, ChineseSounds(poem, "pingshui")) == [(3, ""), (3, "")]


def test_japanese_and_korean_are_counted_in_characters() -> None:
    assert pairs("雨のあと\n\nかえる", CjkSounds()) == [(4, ""), None, (3, "")]
    assert pairs("비가 온다", CjkSounds()) == [(4, "")]


def test_nothing_is_said_of_languages_whose_sounds_are_not_known() -> None:
    assert line_sounds("Der Mond ist blass", UnknownSounds()) is None
    assert line_sounds("Луна бледна", ENGLISH) is None
    assert line_sounds("The lamp is low", ChineseSounds("灯")) is None
