"""Which headings name speakers."""

from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus.plays import find_plays, heading_name


def headings(names: str) -> list[tuple[int, str]]:
    return [(10 * place, name) for place, name in enumerate(names.split(), start=1)]


def test_names_that_take_turns() -> None:
    plays = find_plays(headings("Storm MARY TEIG MARY GUEST TEIG Spring Summer Autumn"))
    assert plays.speakers == {20, 30, 40, 60}
    assert [line for line in range(100) if line in plays] == list(range(20, 61))


def test_titles_and_tunes_are_not_speakers() -> None:
    for names in (
        "Storm Spring Summer Autumn",
        "Lute Lute Lute Bell Bell Bell",
        "Lute Bell Moon Sun Lute Snow",
    ):
        assert not find_plays(headings(names)).speakers


def test_a_stage_direction_is_not_part_of_the_name() -> None:
    assert heading_name("MARY (_to_ TEIG).") == heading_name("MARY.") == "MARY"


@given(st.lists(st.sampled_from(["A", "B", "C", "(x)", ""]), max_size=30))
def test_a_play_extends_from_its_first_speaker_to_its_last(names: list[str]) -> None:
    plays = find_plays(list(enumerate(names, start=1)))
    assert all(line in plays for line in plays.speakers)
    assert {*plays.begins, *plays.ends} <= plays.speakers
    assert 0 not in plays and len(names) + 1 not in plays
