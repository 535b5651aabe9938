"""Line charts: ticks, places and dashes."""

from hypothesis import given
from hypothesis import strategies as st

from poetbot.study.line_chart import (
    MARKERS,
    Chart,
    Series,
    _dashes,
    chart_file,
    number_text,
    round_numbers,
)

NUMBERS = st.floats(-1e6, 1e6).map(lambda x: round(x, 6))


@given(NUMBERS, NUMBERS)
def test_round_numbers_hold_what_is_shown(one: float, other: float) -> None:
    low, high = sorted((one, other))
    found = round_numbers(low, high)
    assert 2 <= len(found) <= 12 and found == sorted(set(found))
    width = found[-1] - found[0]
    assert found[0] <= low + 1e-6 * width and high - 1e-6 * width <= found[-1]


def test_round_numbers_are_round() -> None:
    assert round_numbers(1.47, 1.83) == [1.4, 1.5, 1.6, 1.7, 1.8, 1.9]
    assert round_numbers(1, 5, 8, whole=True) == [1, 2, 3, 4, 5]
    assert [number_text(value) for value in (1.4, 2000.0, 0.0025)] == ["1.4", "2,000", "0.0025"]


def test_points_are_placed_within_the_area() -> None:
    graph = Chart(10, 110, 5, 55, (0, 10), (0, 1))
    assert graph.place((5, 0.5)) == (60, 30) and graph.place((99, -9)) == (110, 55)


def test_a_tick_has_its_text_and_its_place() -> None:
    graph = Chart(10, 110, 5, 55, (0, 10), (0, 1), x_ticks=(0, 10), y_ticks=(0, 0.5, 1))
    assert graph.x_marks == [("0", 10.0), ("10", 110.0)]
    assert graph.y_marks == [("0", 55.0), ("0.5", 30.0), ("1", 5.0)]
    assert graph.placed([(1, 0.123)]) == [(20.0, 48.9)]


def test_a_dashed_line_has_no_marker_in_the_legend_either() -> None:
    graph = Chart(10, 110, 5, 55, (0, 10), (0, 1), 120, 60)
    legend = [Series("line", "held out", (), 0), Series("line", "training", (), 1, dashed=True)]
    drawn = chart_file(graph, [], legend, "svg").decode()
    assert drawn.count('class="line ink-0 marker"') == 1 and 'ink-1 dashed marker"' not in drawn


def test_dashes_leave_gaps() -> None:
    dashes = list(_dashes([(0, 0), (10, 0), (10, 10)], on=5, off=4))
    assert dashes == [[(0, 0), (5, 0)], [(9, 0), (10, 0), (10, 4)], [(10, 8), (10, 10)]]
    assert list(_dashes([(0, 0), (0, 0)])) == []


def test_every_marker_is_different() -> None:
    assert len({tuple(marker) for marker in MARKERS}) == len(MARKERS) == 10
