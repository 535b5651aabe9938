"""Prose that looks like verse, and verse that prose only quotes."""

import pytest

from poetbot.corpus.blocks import find_blocks
from poetbot.corpus.parts import Reading, judge
from poetbot.corpus.poems import find_poems
from poetbot.documents.block import QUOTED, Block

BEFORE = """\
The ferry was late again, and nobody on the landing stage could say why it
should be so on a morning without wind. We waited with our bags for an hour
and more, until a boy came out of the office and told us that it would not
come at all before the evening."""
AFTER = """\
My sister said that it had always been like that in her town, and that she
had long since given up asking. She had once written to the paper, and what
they printed in the end was a single line of her letter, under a picture of
the harbour in the rain."""
STANZA = """\
The lamp is lit, the door is shut,
The kettle starts to sing,
And every cup inside the hut
Is waiting for the king."""
RAGGED = """\
Her brother, though he had been told of it by everybody,
being then in the north of the county with his regiment,
had never believed a word; and when at last he came home,
which was not before the autumn, he would not have it spoken of.
Nobody had expected that of him, who was the mildest of men,
and for a year or two the house was quieter than it had been."""


def set_in(text: str, columns: int = 4) -> str:
    return "\n".join(" " * columns + line if line else "" for line in text.split("\n"))


def block_of(text: str, words: str) -> Block:
    line = next(n for n, row in enumerate(text.split("\n"), start=1) if words in row)
    return next(block for block in find_blocks(text) if block.start_line <= line <= block.end_line)


@pytest.mark.parametrize(
    "quoted",
    [
        "No bathing after six,\nBy order of the mayor.",
        "O harbour lights, O harbour lights,\nHow far you are tonight,",
        "O harbour lights, how far you are tonight,",
    ],
)
@pytest.mark.parametrize(("above", "below"), [(BEFORE, AFTER), ("", AFTER), (BEFORE, "")])
def test_a_line_or_two_quoted_in_prose_are_not_a_poem(quoted: str, above: str, below: str) -> None:
    assert find_poems(f"{above}\n\n{set_in(quoted)}\n\n{below}\n") == []


def test_a_quoted_couplet_is_verse_and_can_be_included() -> None:
    couplet = "No bathing after six,\nBy order of the mayor."
    text = f"{BEFORE}\n\n{set_in(couplet)}\n\n{AFTER}\n"
    block = block_of(text, "bathing")
    assert (block.label, block.reason) == ("poem", QUOTED)
    assert judge(text, Reading.FILTER).poems == ()
    (poem,) = judge(text, Reading.FILTER, {block.start_line: True}).poems
    assert poem.text == couplet
    (whole,) = judge(text, Reading.POEMS).poems
    assert set_in(couplet) in whole.text


def test_four_quoted_lines_are_a_poem() -> None:
    (poem,) = find_poems(f"{BEFORE}\n\n{set_in(STANZA)}\n\n{AFTER}\n")
    assert poem.text == STANZA


def test_two_lines_under_a_title_are_a_poem() -> None:
    text = f"{BEFORE}\n\n\nON A KETTLE\n\nIt sings all day and does not know\nThat winter nights are long and slow.\n\n\nA CUP\n\n{STANZA}\n"
    assert [poem.title for poem in find_poems(text)] == ["ON A KETTLE", "A CUP"]


@pytest.mark.parametrize(
    "telegram",
    [
        "Arrived safe.\nSend trunk.\nLove to all.\nMary",
        "Mother worse.\nCome at once.",
        "Arrived safe.\n\nSend trunk.\n\nLove to all.",
        "Sold house. Bought boat.\nSail Monday.\nTell nobody.",
    ],
)
@pytest.mark.parametrize("columns", [0, 4, 12])
def test_a_telegram_is_not_a_poem(telegram: str, columns: int) -> None:
    text = f"{BEFORE} In the evening came a telegram:\n\n{set_in(telegram, columns)}\n\n{AFTER}\n"
    assert find_poems(text) == []
    assert {block.label for block in find_blocks(text)} <= {"prose", "other"}


def test_prose_with_line_breaks_at_pauses_is_prose() -> None:
    text = "\n\n".join(
        [RAGGED, '"You never told me," she said at last, when\nthey had come to the gate.', RAGGED] * 3
    )
    assert find_poems(text) == []


def test_long_wrapped_lines_are_verse() -> None:
    verse = "\n".join(
        f"The captain's wife was fond of {what} and always said so when she could,\n    and nobody contradicted.\n"
        f"And when it rained she went ashore and bought a ribbon or a hood,\n    or {what} twice predicted."
        for what in ("walking", "weather", "waiting")
    )
    (poem,) = find_poems(verse)
    assert poem.text == verse


def test_remarks_among_prose_are_prose() -> None:
    remark = '"Of course, if you wish it; but I shall not\nwalk there by myself."'
    text = "\n\n".join([BEFORE, remark, '"Why not?"', AFTER, remark, BEFORE])
    assert {block.label for block in find_blocks(text)} <= {"prose", "other"}


def test_a_couplet_between_stanzas_stays() -> None:
    couplet = "And still it rains on Sunday's roof,\nAnd still the gulls go by."
    (poem,) = find_poems(f"{BEFORE}\n\n{STANZA}\n\n{couplet}\n\n{STANZA}\n\n{AFTER}\n")
    assert poem.text == f"{STANZA}\n\n{couplet}\n\n{STANZA}"
