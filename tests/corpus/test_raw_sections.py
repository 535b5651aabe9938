from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus.raw_sections import cut_into_lines, cut_into_sections

FUNCTIONS = "\n\n\n".join(f"def f{n}(x):\n    if x:\n\n        return {n}\n    return x" for n in range(6))
TUNES = "\n\n".join(f"X:{n}\nT:Tune {n}\nK:D\n|: d2 e{n} :|" for n in range(6))


def test_code_is_cut_at_two_blank_lines_and_keeps_its_indentation() -> None:
    sections = cut_into_sections(FUNCTIONS, "f.py")
    assert [section.text for section in sections] == FUNCTIONS.split("\n\n\n")
    assert (sections[1].start_line, sections[1].end_line, sections[1].source) == (8, 12, "f.py")


def test_every_blank_line_separates_if_wide_gaps_give_too_few_pieces() -> None:
    assert [section.text for section in cut_into_sections("A title\n\n\n" + TUNES)] == [
        "A title",
        *TUNES.split("\n\n"),
    ]


def test_the_first_line_keeps_its_indentation_and_lines_of_spaces_are_blank() -> None:
    assert [s.text for s in cut_into_sections("    a\n \t \n    b\n\n")] == ["    a", "    b"]
    assert [s.text for s in cut_into_lines("  Ada \n\n\t\nGrace\t\n")] == ["  Ada", "Grace"]


def test_the_marker_is_removed() -> None:
    assert [s.text for s in cut_into_lines("a\n++++\nb ++++\n")] == ["a", "b"]


@given(st.text(alphabet="ab+ \t\n\u0301é", max_size=80))
def test_every_line_is_in_exactly_one_piece(text: str) -> None:
    from poetbot.poem import MARK

    for pieces in (cut_into_sections(text), cut_into_lines(text)):
        numbers = [n for piece in pieces for n in range(piece.start_line or 0, (piece.end_line or 0) + 1)]
        assert numbers == sorted(set(numbers))
        assert all(piece.text.strip() for piece in pieces)
        # Only at the end of a line could the network take it for the marker.
        assert not any(line.rstrip().endswith(MARK) for piece in pieces for line in piece.text.split("\n"))
    written = [line.rstrip() for section in cut_into_sections(text) for line in section.text.split("\n")]
    assert [line for line in written if line] == [line.text for line in cut_into_lines(text)]
