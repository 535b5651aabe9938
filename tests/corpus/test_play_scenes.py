"""Scenes are known by speakers that take turns; titles that come back make no play."""

import time

import pytest

from poetbot.corpus.loading import parse_file
from poetbot.corpus.play_scenes import scenes, speaks

SPEECHES = (
    "The ferry leaves at nine tonight,\nAnd none of us has paid;\nI saw the captain with a light,\nAnd what a noise he made.",
    "Then let him wait upon the quay\nUntil the tide is low,\nThe boat is only bound to sea\nWhen I have said, we go.",
    "You talk as if the tide were yours,\nThe harbour and the bell,\nAnd all the gulls, and all the doors,\nAnd every room as well.",
)
BOTH = "{}\n\n{}\n\n\n"


def book(*names: str) -> str:
    return "\n" + "".join(BOTH.format(name, SPEECHES[n % 3]) for n, name in enumerate(names))


def found(text: str) -> tuple[int, int]:
    file = parse_file(text.encode(), "book.txt")
    return len(scenes(file)), len(file.poems)


def test_speakers_by_their_headings() -> None:
    spoken, poems = found(book(*["FERRYMAN", "WIDOW"] * 5))
    assert spoken == poems > 0


def test_poems_around_a_play_are_not_part_of_it() -> None:
    lyrics = book("THE KETTLE", "ON A GATE", "RAIN IN MAY")
    file = parse_file((lyrics + "\n\n\n" + book(*["FERRYMAN", "WIDOW"] * 5)).encode(), "book.txt")
    first = [place for place, poem in enumerate(file.poems) if poem.title in ("THE KETTLE", "ON A GATE")]
    assert len(first) == 2 and not scenes(file) & set(first) and scenes(file)


@pytest.mark.parametrize(
    "names",
    [
        [name for c in "ABCDEFGH" for name in ("SONG", f"TO {c}")],
        [f"POEM {c}" for c in "ABCDEFGH"],
        ["SONNET", "ODE"] * 5,
    ],
)
def test_repeated_titles(names: list[str]) -> None:
    assert found(book(*names))[0] == 0


def test_speakers_inside_the_lines() -> None:
    assert speaks(
        "Ann. Who left the door ajar?\nTom. The wind, I think.\nAnn. The wind is far,\nAnd will not come tonight."
    )
    assert speaks("  Ann.  Who left the door ajar?\n\n  Tom.  The wind, I think.\n\n  Ann.  The wind is far.")


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Gray has shut the shop.\nMr. Gray is old.\nMr. Gray has shut the shop,\nMr. Gray is cold.",
        "Rain. The lamp is low.\nFog. The street is long.\nSnow. Nobody knows.",
        "\n".join(SPEECHES),
    ],
)
def test_verse_without_speakers(text: str) -> None:
    assert not speaks(text)


def test_time_is_linear() -> None:
    begun = time.perf_counter()
    speaks(" " * 200_000 + "A" * 200_000)
    speaks("Ann. " * 50_000)
    assert time.perf_counter() - begun < 2
