"""What tells verse from prose by its shape."""

import numpy as np

from poetbot.corpus.line_features import extract_lines
from poetbot.corpus.segment_features import NAMES, segment_features
from poetbot.corpus.segments import segment

VERSE = "The moon comes up, the moon goes down,\nAnd no one in the sleeping town\nHas seen it;\nOnly I have been\nAwake to see it come and go."
PROSE = (
    "The moon came up at nine and went down again at four, and as nobody in\n"
    "the town had any business to be awake at such an hour, I dare say that\n"
    "I was the only one who saw it. I was awake because of the neighbour's\n"
    "dog, and of a letter that I had not answered."
)


def shape(text: str, name: str, piece: int = 0) -> float:
    lines = extract_lines(text)
    return float(segment_features(lines, segment(text, lines)).values[piece, NAMES.index(name)])


def test_prose_fills_its_lines_and_verse_does_not() -> None:
    assert shape(PROSE, "room left") < -0.2
    assert shape(VERSE, "room left") > 0.1


def test_habits_of_verse() -> None:
    for name in ("capital heads", "pauses", "broken early"):
        assert shape(VERSE, name) > shape(PROSE, name), name
    assert shape(PROSE, "leaning ends") > shape(VERSE, "leaning ends")
    assert shape(PROSE, "inner stops") > 0


def test_a_wrapped_line_counts_once() -> None:
    long = "The moon comes up over the chimneys and the hills and the whole of the\n    sleeping town,\nAnd I sing."
    assert shape(long, "capital heads") > 0


def test_without_capitals_other_features_count() -> None:
    assert shape(VERSE.lower(), "capital heads") > 0.3
    assert shape(PROSE.lower(), "capital heads") < 0
    assert shape("门前小河水，\n日夜向东流。\n来人都不见，\n唯有白沙鸥。", "capital heads") > 0.3


def test_a_paragraph_on_one_line_is_too_long_for_verse() -> None:
    assert shape(PROSE.replace("\n", " ") * 3, "long lines") == 3
    assert shape(VERSE, "long lines") == 0


def test_values_are_bounded_for_any_text() -> None:
    for text in ("", "a", "\n\n", "1\n2\n3", "[", "A" * 10_000, ". . .\n" * 50):
        lines = extract_lines(text)
        values = segment_features(lines, segment(text, lines)).values
        assert values.shape[1] == len(NAMES) and np.isfinite(values).all() and (np.abs(values) <= 4).all()
