"""What stands around a piece."""

import numpy as np

from poetbot.corpus.context_features import NAMES, alphabetical, context_features
from poetbot.corpus.line_features import extract_lines
from poetbot.corpus.segment_features import segment_features
from poetbot.corpus.segments import segment

WORDS = """adrift aft bark bell boom bow buoy deck gale hull keel knot lee mast oar port quay reef rope sail shoal
tack tide wake wharf yard yawl"""
HEADS = "Under Along So Then Below And Yet Beyond Across When Out Deep Near Come"
GLOSSARY = "\n".join(f"{word}, a word.\n{word}s, two." for word in WORDS.split())
VERSE = "\n".join(f"{word} the wind, and all is well" for word in HEADS.split() * 3)


def around(text: str, scores: list[float], name: str) -> list[float]:
    lines = extract_lines(text)
    pieces = segment(text, lines)
    found = context_features(
        lines, pieces, segment_features(lines, pieces), np.array(scores), alphabetical(lines)
    )
    return list(found[:, NAMES.index(name)].round(3).tolist())


def test_alphabetical_lists() -> None:
    assert alphabetical(extract_lines(GLOSSARY)).all()
    assert not alphabetical(extract_lines(VERSE)).any()
    mixed = extract_lines(VERSE + "\n\n" + GLOSSARY + "\n\n" + VERSE)
    flags = alphabetical(mixed)[~mixed.blank]
    assert flags[42 + 16 : 42 + 38].all() and not flags[:36].any() and not flags[-36:].any()


def test_neighbours_count_less_the_further_they_are() -> None:
    near, far = "a\n\nb c", "a\n\n\n\n\n\n\nb c"
    assert around(near, [2.0, 0.0], "before")[1] > around(far, [2.0, 0.0], "before")[1] > 0
    assert around(near, [0.0, 2.0], "after")[0] > 0
    assert around(near, [2.0, 2.0], "before")[0] == 0 == around(near, [2.0, 2.0], "after")[1]


def test_pieces_with_the_same_indent_are_alike() -> None:
    text = "\n\n".join(["the prose goes on", "  the verse is set in"] * 8)
    says = around(text, [-3.0, 3.0] * 8, "indent says")
    assert all(value < 0 for value in says[0::2]) and all(value > 0 for value in says[1::2])


def test_quotations() -> None:
    text = "as he has it:\n\n  the moon goes down\n\nand so it does"
    for name in ("set in", "introduced", "interrupts"):
        assert around(text, [-2.0, 0.0, -2.0], name) == [0, 1, 0], name


def test_half_lines_and_names() -> None:
    text = "MARY\n\nIs it you, my friend?\n\nJOHN\n\n                     It is not I.\n\nMARY\n\nThen go."
    assert around(text, [0.0] * 6, "half line") == [0, 0, 0, 1, 0, 0]
    assert around(text, [0.0] * 6, "after name") == [0, 1, 0, 1, 0, 1]


def test_a_title_is_not_a_name() -> None:
    verse = "the moon goes down\nand up again"
    text = "THE MOON\n\nA song.\n\n" + "\n\n".join([verse] * 12)
    assert around(text, [0.0] * 14, "after title")[1] == 1
    assert around(text, [0.0] * 14, "stanzas")[5] == 1
