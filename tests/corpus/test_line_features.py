"""What is seen of a line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus import line_features as module
from poetbot.corpus.line_features import Lines, extract_lines, line_texts


def seen(text: str, name: str) -> list[object]:
    return list(getattr(extract_lines(text), name).tolist())


def test_lengths_and_words() -> None:
    text = "  Grey gulls,   grey sea\n\nend"
    assert seen(text, "start") == [0, 25, 26]
    assert seen(text, "indent") == [2, 0, 0]
    assert seen(text, "width") == [24, 0, 3]
    assert seen(text, "words") == [4, 0, 1]
    assert seen(text, "first_word") == [4, 0, 3]
    assert seen(text, "gap") == [1, 0, 0]
    assert extract_lines(text).blank.tolist() == [False, True, False]


def test_kinds_of_letters() -> None:
    text = "AbC d1.\nÉtude Œuvre\nПушкин я\n春眠不觉晓，"
    assert seen(text, "upper") == [2, 2, 1, 0]
    assert seen(text, "lower") == [2, 8, 6, 0]
    assert seen(text, "caseless") == [0, 0, 0, 5]
    assert seen(text, "digits") == [1, 0, 0, 0]
    assert seen(text, "capital_words") == [1, 2, 1, 0]


def test_starts_and_ends_are_found_inside_quotation_marks() -> None:
    text = "“Come,” she said;\n'tis late_\n(Or so I think.)”\n12 ships\nand the"
    assert seen(text, "capital_start") == [True, False, True, False, False]
    assert seen(text, "lower_start") == [False, True, False, False, True]
    assert seen(text, "digit_start") == [False, False, False, True, False]
    assert seen(text, "ends_stop") == [False, False, True, False, False]
    assert seen(text, "ends_clause") == [True, False, False, False, False]
    assert seen(text, "ends_leaning") == [False, False, False, False, True]


def test_leaning_words_are_whole_words() -> None:
    assert seen("over the\nbreathe\nOf\nfor the,\nbe of", "ends_leaning") == [True, False, False, False, True]


def test_names_of_speakers_and_numbers() -> None:
    assert seen("Hyp. Not so!\n_Pol_. Alas\nNot so.\nA. B.", "labelled") == [True, True, False, False]
    assert seen("The Pilot ... 14\n1849\nroom 5.", "ends_number") == [True, True, False]


def test_characters_beyond_the_first_plane_count_once() -> None:
    assert seen("😀 a\nb", "start") == [0, 4]
    assert seen("😀 a\nb", "width") == [3, 1]


@pytest.mark.parametrize("text", ["", "\n", "   ", " \n \n"])
def test_nothing_visible(text: str) -> None:
    lines = extract_lines(text)
    assert lines.blank.all() and len(lines) == max(text.count("\n"), 1)


@given(st.text(st.characters() | st.sampled_from(" \n\u3000.aB[]"), max_size=200))
def test_lines_are_those_of_the_text(text: str) -> None:
    lines = extract_lines(text)
    parts = text.split("\n")
    if len(parts) > 1 and not parts[-1]:
        parts.pop()
    assert line_texts(text, lines, 0, len(lines)) == parts
    # A zero-width no-break space is the one thing that is no space to Python and nothing to a reader.
    bare = [part.replace("\ufeff", " ") for part in parts]
    assert lines.blank.tolist() == [not part.strip() for part in bare]
    assert lines.words.tolist() == [len(part.split()) for part in bare]
    assert lines.width.tolist() == [len(part.rstrip()) for part in bare]


@given(st.text(st.sampled_from("aB .\nœ春[1"), max_size=120))
def test_pieces_of_a_text_give_the_same_features_as_the_whole(text: str) -> None:
    whole = extract_lines(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CHUNK", 5)
        cut = extract_lines(text)
    for name in Lines.__dataclass_fields__:
        assert np.array_equal(getattr(whole, name), getattr(cut, name)), name
