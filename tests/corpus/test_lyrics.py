"""Songs as people type them: no punctuation, long lines, and a chorus that comes back."""

import pytest

from poetbot.corpus.blocks import find_blocks
from poetbot.corpus.poems import find_poems

PROSE = """\
The ferry was late again, and nobody on the landing stage could say why it
should be so on a morning without wind. We waited with our bags for an hour
and more, until a boy came out of the office and told us that it would not
come at all before the evening."""
LAMP = """\
The lamp is lit, the door is shut,
The kettle starts to sing,
And every cup inside the hut
Is waiting for the king."""
RAIN = """\
The rain is on the roof tonight,
The dog is at the door,
And nobody has struck a light
Or swept the kitchen floor."""
CHORUS = "Kettle, kettle, sing to me\nthe kitchen light is low"
LONG = """\
I was standing on the corner of the street where you were living back when nobody knew my name
and the rain came down on everyone the same and the buses all went by without a light
you were leaning out the window with the radio on and you told me I should wait for you tonight
but the morning came before you did and I walked home the way I came"""
LONGER = """\
so turn the lamp down low and let the river take the rest of what we said
there is nothing in the paper and there's no one on the line
and I keep on thinking of the things you'd never say to me in daylight
and the clock above the station tells the time it's always told and it's not mine"""
MIDDLING = """\
I was standing on the corner of the street where you live
and the rain came down on everyone the same as before
you were leaning out the window with the radio on
but the morning came before you did and I walked on home"""
WRAPPED = """\
so then he said that he would go and see about the boat and i
said well you can go if you want but nobody is going to lend
you one at this time of the year and he laughed and went out
and the next thing we heard was the engine and there he was
in the middle of the harbour waving his hat at the whole town"""


@pytest.mark.parametrize(
    "song", [f"{LONG}\n\n{LONGER}\n\n{LONG}", f"{MIDDLING}\n\n{CHORUS}\n\n{MIDDLING}\n\n{CHORUS}"]
)
@pytest.mark.parametrize("title", ["", "Corner Song\n\n"])
def test_a_song_without_punctuation_is_a_poem(song: str, title: str) -> None:
    (poem,) = find_poems(f"{title}{song}\n")
    assert poem.text == song


def test_wrapped_text_without_punctuation_is_prose() -> None:
    text = "\n\n".join([WRAPPED, WRAPPED.replace("boat", "ferry"), WRAPPED.replace("hat", "coat")])
    assert find_poems(text) == []


def test_lyrics_with_punctuation_are_left_to_the_filter() -> None:
    stops = f"{LONG}\n\n{LONGER}\n\n".replace(" and ", ". And ")
    assert "poem" not in {block.label for block in find_blocks(f"{stops}{PROSE}\n")}


@pytest.mark.parametrize(
    "chorus", [CHORUS, f"{CHORUS}\nand it will never boil", "Kettle, kettle, sing to me,"]
)
@pytest.mark.parametrize(("above", "below"), [("", ""), (f"{PROSE}\n\n", f"\n\n{PROSE}")])
def test_no_chorus_is_lost(chorus: str, above: str, below: str) -> None:
    song = f"{LAMP}\n\n{chorus}\n\n{RAIN}\n\n{chorus}\n\n{LAMP}"
    (poem,) = find_poems(f"{above}{song}{below}\n")
    assert poem.text == song and poem.title is None


@pytest.mark.parametrize("below", ["", f"\n\n{PROSE}"])
def test_a_song_may_begin_and_end_with_its_chorus(below: str) -> None:
    song = f"{CHORUS}\n\n{LAMP}\n\n{CHORUS}\n\n{RAIN}\n\n{CHORUS}"
    (poem,) = find_poems(f"{song}{below}\n")
    assert poem.text == song


def test_repeated_titles_are_not_a_refrain() -> None:
    text = "\n\n\n".join(f"Another on the Same\n\n{verse}" for verse in (LAMP, RAIN, LAMP))
    assert [poem.title for poem in find_poems(text)] == ["Another on the Same"] * 3


def test_repeated_prose_is_not_a_refrain() -> None:
    poems = find_poems(f"{PROSE}\n\n\n{LAMP}\n\n\n{PROSE}\n\n\n{RAIN}\n")
    assert [poem.text for poem in poems] == [LAMP, RAIN]
