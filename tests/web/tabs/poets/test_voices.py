"""The lines by which the Poets tab introduces the bundled poets are what they write."""

import pytest

from poetbot.poets.folder import CURIOSITIES, poet_folders
from poetbot.web.tabs.poets.voices import voice_of, voices


def test_every_bundled_poet_has_three_lines() -> None:
    assert set(voices()) == {each.name for each in poet_folders()} - set(CURIOSITIES)
    assert all(lines.count("\n") == 2 for lines in voices().values())


@pytest.mark.parametrize(
    "poet",
    ["tang", *(pytest.param(each, marks=pytest.mark.slow) for each in sorted(set(voices()) - {"tang"}))],
)
def test_they_are_what_the_poet_writes(poet: str) -> None:
    assert voice_of(poet) == voices()[poet]
