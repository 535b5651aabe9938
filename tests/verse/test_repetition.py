from hypothesis import given
from hypothesis import strategies as st

from poetbot.verse.repetition import anaphora, doubled, refrains


def test_two_lines_that_begin_with_the_same_words():
    lines = ["We kept the apples", "We kept the light", "And went to bed"]
    assert anaphora(lines) == [(range(2), 3)]


def test_one_weak_word_needs_three_lines_and_a_word_of_weight_two():
    assert anaphora(["And rain", "And wind"]) == []
    assert anaphora(["And rain", "And wind", "and, hail"]) == [(range(3), 1)]
    assert anaphora(["Winter came", "Winter went"]) == [(range(2), 1)]


def test_a_blank_line_ends_a_run():
    assert anaphora(["And rain", "And wind", "", "And hail"]) == []


def test_runs_that_follow_each_other_are_two():
    lines = ["Tell me now", "Tell me then", "Sing it low", "Sing it high"]
    assert anaphora(lines) == [(range(2), 2), (range(2, 4), 2)]


def test_doubled_words_stand_side_by_side():
    assert [(a.text, a.start, b.start) for a, b in doubled("Gone, gone the day; o o")] == [("gone", 0, 6)]


def test_refrains_are_whole_lines_whatever_their_punctuation():
    lines = ["Home again,", "the lamp", "home again!", "And", "And", "Rain", "rain"]
    assert refrains(lines) == [[0, 2], [5, 6]]


@given(
    st.lists(
        st.sampled_from(["And rain", "And wind", "We kept it", "We kept on", "Winter", "", "…"]), max_size=25
    )
)
def test_runs_do_not_overlap_and_repeat_their_words(lines):
    end = 0
    for run, shared in anaphora(lines):
        assert run.start >= end and len(run) >= 2 and shared >= 1
        assert len({tuple(lines[k].lower().split()[:shared]) for k in run}) == 1
        end = run.stop
    for places in refrains(lines):
        assert len(places) > 1 and len({lines[k].lower() for k in places}) == 1
