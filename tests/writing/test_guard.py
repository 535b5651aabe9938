"""The guard keeps its promise with a poet that copies whenever it can."""

import statistics
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, report, words
from poetbot.overlap.copy_guard import Guard
from poetbot.poem import Poem
from poetbot.poets.folder import Poet
from poetbot.writing import Request, Writer, request_of_receipt, write, write_together
from tests.writing.conftest import SIGNS, STANZAS

ENDS = ("marker", "lines", "characters", "bound", "guard")


def longest(index: OverlapIndex, text: str, seed: int) -> int:
    """The longest run that holds a written word."""
    return report(index, text, seed)["longest"]["words"]


def violations(poet: Poet, request: Request, *, every_cut: bool = False) -> list[str]:
    """The texts, of one poem, that hold a run which the guard forbids."""
    index = OverlapIndex.open(poet.overlap_folder)
    poem = write(poet, request, index)
    assert poem.stopped_by in ENDS
    cuts = range(poem.seed_characters, len(poem.text)) if every_cut else []
    texts = [poem.text, *(poem.text[:cut] for cut in cuts)]
    return [text for text in texts if longest(index, text, poem.seed_characters) >= request.guard]


def test_without_the_guard_the_poet_copies(copies: Poet) -> None:
    index = OverlapIndex.open(copies.overlap_folder)
    runs = [longest(index, write(copies, Request(rng=rng, temperature=0.3)).text, 0) for rng in range(20)]
    assert statistics.median(runs) >= 12


SEEDS = st.sampled_from(
    [
        "",
        "T",
        "And no one asks the rain to",
        "we kept the",
        "Tell me the name of the bri",
        "o bird\n",
        *STANZAS,
    ]
) | st.text(st.sampled_from("theaplorinb' -,\n\u0301é"), max_size=40)


@settings(max_examples=40)
@given(
    seed=SEEDS,
    n=st.integers(2, 9),
    temperature=st.sampled_from([0, 0.1, 0.3, 0.7, 1.5]),
    rng=st.integers(0, 2**32),
)
def test_no_poem_contains_a_copied_phrase(
    copies: Poet, seed: str, n: int, temperature: float, rng: int
) -> None:
    request = Request(seed, temperature, characters=80, rng=rng, guard=n)
    assert violations(copies, request, every_cut=rng % 8 == 0) == []


@pytest.mark.parametrize("temperature", [0, 0.2, pytest.param(0.7, marks=pytest.mark.slow)])
def test_the_guard_does_not_shorten_poems(copies: Poet, temperature: float) -> None:
    index = OverlapIndex.open(copies.overlap_folder)
    lengths = {}
    for guard in (0, 5):
        request = Request(temperature=temperature, guard=guard, rng=0)
        poems = [poem for _, poem in write_together(copies, request, 12 if temperature else 1, index)]
        assert guard == 0 or max(longest(index, poem.text, 0) for poem in poems) < guard
        lengths[guard] = statistics.median(len(poem.text) for poem in poems)
    assert lengths[5] >= 0.8 * lengths[0]


@pytest.mark.slow
def test_thousands_of_poems_contain_no_copied_phrase(copies: Poet) -> None:
    index = OverlapIndex.open(copies.overlap_folder)
    for n, temperature in ((3, 0.1), (4, 0.3), (6, 0.2), (8, 0.5)):
        request = Request(temperature=temperature, characters=250, guard=n)
        poems = [poem for _, poem in write_together(copies, request, 750, index)]
        assert len(poems) == 750
        assert max(longest(index, poem.text, 0) for poem in poems) < n


def test_no_seven_chinese_characters_and_no_line_are_copied(copies_signs: Poet) -> None:
    index = OverlapIndex.open(copies_signs.overlap_folder)
    read = [line for text in SIGNS for line in text.split("\n")]
    assert any(line in write(copies_signs, Request(rng=3, temperature=0.2)).text for line in read)
    request = Request(rng=0, temperature=0.2, characters=60, guard=7)
    for _, poem in write_together(copies_signs, request, 25, index):
        assert longest(index, poem.text, 0) < 7
    # Lines of one clause, which are shorter than seven signs.
    clauses = [clause for line in read for clause in line.strip("。").split("，")]
    short = OverlapIndex.build([Poem("\n".join(clauses))])
    for _, poem in write_together(copies_signs, request, 25, short):
        assert not any(clause in poem.text for clause in clauses)


def test_streamed_text_is_never_taken_back_and_the_receipt_is_right(copies: Poet) -> None:
    for rng in range(10):
        request = Request("we kept", rng=rng, temperature=0.4, lines=5, guard=4)
        writer, shown = Writer(copies, request), "we kept"
        for piece in writer:
            shown += piece
            assert writer.poem("you").text == shown
        poem = writer.poem()
        assert poem.text == shown and poem.receipt["guard"] == 4
        assert write(copies, request_of_receipt(poem.receipt, copies)) == poem
        for cut in (1, 9, 40):
            stopped = write(copies, Request(**vars(request) | {"stop_after": cut}))
            assert stopped.text == poem.text[: 7 + cut]


def test_a_receipt_from_before_the_guard_is_read(copies: Poet) -> None:
    old = {k: v for k, v in write(copies, Request(rng=1)).receipt.items() if k not in ("guard", "together")}
    assert request_of_receipt(old, copies) == Request(rng=1)


def test_the_poem_ends_if_nothing_may_follow(copies: Poet) -> None:
    for rng in range(5):
        poem = write(copies, Request("the", rng=rng, characters=200, guard=1))
        index = OverlapIndex.open(copies.overlap_folder)
        assert longest(index, poem.text, 3) == 0 and poem.stopped_by in ENDS


@given(
    st.text(st.sampled_from("aA the rain’'`--\u0301\u00adß山Ａ\n\n"), max_size=60),
    st.integers(1, 4),
    st.integers(0, 9),
)
def test_the_guard_and_the_report_agree(text: str, n: int, given: int) -> None:
    """A text is refused at the first character with which the report finds a run of n words, and nowhere else."""
    index = OverlapIndex.build([Poem("The rain, a rain-hat's the ’a\nthe á ß a a"), Poem("山a山the")])
    guard = Guard(index, n)
    given = min(given, len(text))
    watch = guard.start(text[:given])
    for end in count(given + 1):
        if end > len(text):
            break
        following = guard.after(watch, text[end - 1])
        assert (following is None) == (longest(index, text[:end], given) >= n), text[:end]
        if following is None:
            break
        watch = following


@pytest.mark.parametrize("n", [0, -1, True, 2.5, None])
def test_a_guard_of_zero_words_is_refused(n: int) -> None:
    with pytest.raises(PoetBotError):
        Guard(OverlapIndex.build([Poem("a")]), n)


def test_the_words_of_the_guard_are_those_of_the_report(copies: Poet) -> None:
    assert words("don’t stay-at-home").strings() == ["don't", "stay", "at", "home"]
