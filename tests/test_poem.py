"""The marker never stays inside a text."""

from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus import MARKER
from poetbot.poem import without_marker


def test_a_line_with_only_the_marker_is_removed() -> None:
    assert without_marker("the tide\n++++\nthe sand") == ("the tide\nthe sand", 1)


def test_at_the_end_of_a_line_the_marker_is_removed() -> None:
    assert without_marker("the tide++++ ++++ \nC++ is no verse") == ("the tide\nC++ is no verse", 1)


def test_other_text_is_left_alone() -> None:
    assert without_marker("++ and ++ make ++++ here\n  x  ") == ("++ and ++ make ++++ here\n  x  ", 0)


@given(st.text(st.sampled_from("+a \n")))
def test_no_marker_is_left(text: str) -> None:
    assert MARKER not in without_marker(text)[0] + "\n"
