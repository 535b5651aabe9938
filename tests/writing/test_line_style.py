"""What speaks against a suggested line in its poem."""

import pytest

from poetbot.writing.line_style import ARCHAIC, COMPOUND, EMPTY, NEW_MARK, NEW_NAME, SHORT, SPLICE, LineStyle

PLAIN = """At the laundrette on Sunday night
the machines go round like small seas.
A woman folds a man's shirt slowly,
"""


@pytest.mark.parametrize(
    ("line", "penalty"),
    [
        ("and hums to the sleeves.", 0),
        ("ah,", SHORT + EMPTY + ARCHAIC),
        ("but not to do that to them", EMPTY),
        ("for thee, o woman of the sleeves", 2 * ARCHAIC),
        ("and folds it again!", NEW_MARK),
        ("and folds; and folds: and folds!", 2 * NEW_MARK),
        ("she folds the sleeves.", SPLICE),
        ("as if she knew him.", 0),
        ("and the sleeves are wet, she hums.", SPLICE),
        ("and thinks of Berlin and Coroner Merival.", 2 * NEW_NAME),
        ("and the fish-haired man--and the old one", COMPOUND + NEW_MARK),
        ("and I am alone with the shirts.", 0),
    ],
)
def test_each_fault_of_a_line_costs_its_penalty(line: str, penalty: float) -> None:
    assert LineStyle(PLAIN).penalty(line) == pytest.approx(penalty)


def test_what_the_poem_does_itself_costs_nothing() -> None:
    poem = "O wind!\nThou art at Dover to-day; lo,\nah me!\n"
    assert LineStyle(poem).penalty("O sea!") == 0
    assert LineStyle(poem).penalty("and thou at sea-girt Calais; ah,") == 0
    assert LineStyle("").penalty("lo!") == 0 and LineStyle("One line\n").penalty("of thine at Rome; ah") == 0


@pytest.mark.parametrize(
    ("before", "line", "spliced"),
    [
        ("When the bread is finished,\n", "we go home.", False),
        ("Walking home in the rain,\n", "we saw the bus.", False),
        ("We walked home.\n", "The bread was gone, and we went to bed.", False),
        ("My love,\n", "we go home.", False),
        ('"It is late," \n', "she said to him.", False),
        ("We had run out of bread, so\n", "we went home.", False),
        ("We had run out of bread. It rained,\n", "we went home.", False),  # "It rained" is too short to tell
        ("We had run out of bread,\n", "we went home.", True),
        ("The rain was long,", " it fell on the boats.", True),
    ],
)
def test_a_comma_alone_does_not_join_two_main_clauses(before: str, line: str, *, spliced: bool) -> None:
    typed = before.rsplit("\n", 1)[-1]
    style = LineStyle(before)
    assert style._is_spliced(typed + line) is spliced


def test_other_languages_are_judged_by_length_and_marks() -> None:
    poem = "Der Bus kommt heute nicht,\nwir warten auf den Regen.\n"
    assert LineStyle(poem, english=False).penalty("ah, du") == pytest.approx(SHORT)
    assert LineStyle(poem, english=False).penalty("lo und o und thou; so ist es") == pytest.approx(NEW_MARK)
