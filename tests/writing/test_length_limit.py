"""`characters` is an upper bound: a poem ends at a line end near it, else at a word's end, whoever writes it how."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import BUNDLED, Poet, load
from poetbot.study.growth import write_rows
from poetbot.writing import Request, Writer, WrittenPoem, request_of_receipt, write, write_together
from poetbot.writing.length_limit import Length
from tests.writing.test_marker import RECIPES, weak

MOST = st.integers(1, 90) | st.integers(1, 600)
BORDER = re.compile(r"(?<=\S)(?=\s)")


def expected(text: str, start: int, most: int) -> str:
    """Return where a text with spaces must be cut: all line ends are looked at, then all word ends."""
    within = range(start + 1, start + most + 1)
    line_ends = [
        place
        for place in within
        if text[place] == "\n" and text[:place].split("\n")[-1].strip() and 5 * (place - start) >= 4 * most
    ]
    word_ends = [each.start() for each in BORDER.finditer(text) if each.start() in within]
    return text[: max(line_ends or word_ends)]


def streamed(poet: Poet, request: Request, index: OverlapIndex | None = None) -> WrittenPoem:
    """Write a poem, hold that nothing is taken back on the way and that it ends by the rule, and return it."""
    writer = Writer(poet, request, index)
    shown = writer.seed
    for piece in writer:
        shown += piece
        assert piece and writer.poem("you").text == shown
    poem, start, uncut = writer.poem(), len(writer.seed), writer._page.text
    assert poem.text == shown and poem.seed_characters == start
    assert len(shown) - start <= (request.characters or 0) and not shown[start:].endswith("\n")
    assert poem.stopped_by == "characters" or request.guard
    has_border = BORDER.search(uncut[: start + (request.characters or 0) + 1], start + 1)
    if poem.stopped_by == "characters" and has_border and "山" not in poet.vocabulary.ids:
        assert shown == expected(uncut, start, request.characters or 0)
    return poem


@pytest.fixture(scope="module")
def english() -> Poet:
    return load(BUNDLED / "english")


@pytest.fixture(scope="module")
def poets(tiny_poet: Path) -> dict[str, Poet]:
    return {"tiny": load(tiny_poet), **{name: weak(tiny_poet, recipe) for name, recipe in RECIPES.items()}}


@pytest.mark.parametrize("name", ["tiny", *RECIPES])
@settings(max_examples=25)
@given(
    seed=st.sampled_from(["", "the", "the ", "rain\n", "the rain\n\n", "1+"]),
    most=MOST,
    temperature=st.sampled_from([0, 0.4, 1.0, 1.7]),
    rng=st.integers(0, 2**32),
)
def test_every_recipe_ends_where_the_rule_says(
    poets: dict[str, Poet], name: str, seed: str, most: int, temperature: float, rng: int
) -> None:
    request = Request(seed, temperature, characters=most, rng=rng)
    poem = streamed(poets[name], request)
    longer = write(poets[name], replace(request, characters=2 * most + 90))
    assert longer.text.startswith(poem.text)
    assert write(poets[name], request_of_receipt(poem.receipt, poets[name])) == poem


@settings(max_examples=6)
@given(most=MOST, rng=st.integers(0, 2**32), seed=st.sampled_from(["", "the la", "the lamp"]))
def test_poems_written_alone_and_together_end_at_the_same_place(
    poets: dict[str, Poet], most: int, rng: int, seed: str
) -> None:
    for name in ("tiny", "words"):
        request = Request(seed, 1.0, characters=most, rng=rng)
        for number, poem in write_together(poets[name], request, 5):
            alone = replace(request, rng=rng + number)
            assert poem.text == streamed(poets[name], alone).text
            assert write(poets[name], request_of_receipt(poem.receipt, poets[name])) == poem
            assert [poem.text] == [row.text for row in write_rows(poets[name], [alone])]


@settings(max_examples=40)
@given(
    most=MOST,
    rng=st.integers(0, 2**32),
    guard=st.integers(2, 8),
    temperature=st.sampled_from([0.0, 0.2, 0.7, 1.5]),
    seed=st.sampled_from(["", "We kept the", "Tell me the name of the bri", "The lamp is low\n"]),
)
def test_with_the_guard_nothing_is_taken_back_either(
    copies: Poet, most: int, rng: int, guard: int, temperature: float, seed: str
) -> None:
    index = OverlapIndex.open(copies.overlap_folder)
    request = Request(seed, temperature, characters=most, rng=rng, guard=guard)
    alone = streamed(copies, request, index)
    together = dict(write_together(copies, request, 2, index))
    assert (alone.text, alone.stopped_by) == (together[0].text, together[0].stopped_by)
    assert all(len(poem.text) - len(seed) <= most for poem in together.values())


@settings(max_examples=40)
@given(most=st.integers(1, 200), rng=st.integers(0, 2**32), guard=st.sampled_from([0, 5]))
def test_chinese_is_cut_before_no_closing_mark(
    copies_signs: Poet, chinese_poet: Path, most: int, rng: int, guard: int
) -> None:
    index = OverlapIndex.open(copies_signs.overlap_folder)
    request = Request(temperature=0.3, characters=most, rng=rng, guard=guard)
    text = streamed(copies_signs, request, index).text
    if not guard:
        longer = write(copies_signs, replace(request, characters=most + 60)).text
        assert longer.startswith(text)
        assert most == 1 or longer[len(text)] not in "，。"
        assert len(text) >= most - 2 or longer[len(text)] == "\n"
    streamed(load(chinese_poet), replace(request, guard=0, temperature=1.0))


@pytest.mark.parametrize("most", [7, 60])
def test_a_bundled_poet_ends_with_whole_words(english: Poet, most: int) -> None:
    for rng in range(3):
        streamed(english, Request("The harbour", characters=most, rng=rng))


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("one two three", 8, "one two"),
        ("one two three", 7, "one two"),
        ("one two, three", 7, "one"),  # a word with its comma, or not at all
        ("one two\nthree four", 9, "one two"),
        ("one\ntwo three four five", 18, "one\ntwo three four"),
        ("one two three\nfour five", 16, "one two three"),  # 13 is in the last fifth
        ("one two three\nfour five", 17, "one two three"),  # 13 is not in that of 17, but "four" does not fit
        ("one two three\nfo fi fo five", 17, "one two three\nfo"),
        ("lantern-light-bearers on", 10, "lantern-"),
        ("don't", 4, "don'"),
        ("lamplighters", 5, "lampl"),
        ("(lamp) (light", 7, "(lamp)"),
        ("   lamp", 2, "  "),
        ("a\n\n\nb", 2, "a"),
        ("one  \n\nlamp post", 6, "one  "),
        ("one  \n\nlamp post", 7, "one"),
        ("caf\u0065\u0301s on", 4, "cafe"),
        ("山中雨未停，溪上", 5, "山中雨未"),
        ("山中雨未停，溪上", 6, "山中雨未停，"),
        ("山中「雨未", 3, "山中"),
        ("停。」溪", 2, "停。"),
        ("停。」溪", 3, "停。」"),
        ("雨……溪上", 2, "雨…"),
        ("雨lamp溪", 3, "雨"),
        ("雨、雨\n雨雨雨", 4, "雨、雨"),
        ("비가 내린다 또", 5, "비가"),
        ("雨が降る。", 3, "雨が降"),
        ("lamp🙂light", 6, "lamp🙂"),
    ],
)
def test_the_place_of_the_cut(text: str, most: int, cut: str) -> None:
    assert Length(0, most).cut(text) == len(cut)
    step = Length(3, most)
    shown = [step.certain("ab\n" + text[:end], 3 + end) for end in range(most + 1)]
    assert shown == sorted(shown) and step.cut("ab\n" + text) == 3 + len(cut) >= shown[-1]


@settings(max_examples=300)
@given(
    text=st.text(st.sampled_from("aé\u0301 \n,-'(山。「🙂\u200d"), min_size=2, max_size=40),
    firm=st.lists(st.integers(0, 40), max_size=8),
)
def test_the_cut_is_never_after_settled_text(text: str, firm: Iterable[int]) -> None:
    for most in range(1, len(text)):
        length = Length(0, most)
        shown = [length.certain(text, min(each, most + 1, len(text))) for each in sorted(firm)]
        cut = length.cut(text[: most + 1])
        assert [0, *shown, cut, most] == sorted([0, *shown, cut, most])
        assert cut == Length(0, most).cut(text[: most + 1])


@pytest.mark.parametrize("stop_after", [None, 12])
def test_a_receipt_from_before_the_limit_recreates_its_poem(
    poets: dict[str, Poet], stop_after: int | None
) -> None:
    """Those poems went on to the end of the line; their receipts do not say `at_most`."""
    poet = poets["tiny"]
    for rng in range(5):
        request = Request("the lamp", 1.3, characters=60, rng=rng, stop_after=stop_after)
        new = write(poet, request)
        assert new.receipt["at_most"] and write(poet, request_of_receipt(new.receipt, poet)) == new
        old = {name: value for name, value in new.receipt.items() if name != "at_most"}
        poem = write(poet, request_of_receipt(old, poet))
        assert poem.receipt == old
        longer = write(poet, replace(request, characters=700, stop_after=None)).text
        after = longer.find("\n", 8 + 60)
        assert poem.text == longer[: after if stop_after is None else 8 + stop_after]


@pytest.mark.parametrize("at_most", ["yes", 1, None])
def test_at_most_is_true_or_false(poets: dict[str, Poet], at_most: object) -> None:
    receipt = write(poets["tiny"], Request(characters=5)).receipt
    with pytest.raises(PoetBotError, match="at_most must be true or false"):
        request_of_receipt({**receipt, "at_most": at_most}, poets["tiny"])


@given(
    stop_after=st.integers(0, 90), rng=st.integers(0, 8), guard=st.sampled_from([0, 4]), lines=st.booleans()
)
@settings(max_examples=60)
def test_a_stopped_poem_has_the_length_that_was_shown(
    copies: Poet, stop_after: int, rng: int, guard: int, lines: bool
) -> None:
    asked = {"lines": 2} if lines else {"characters": 80}
    request = Request("We kept", 0.4, rng=rng, guard=guard, **asked)
    index = OverlapIndex.open(copies.overlap_folder)
    whole = write(copies, request, index)
    stopped = write(copies, replace(request, stop_after=stop_after), index)
    assert stopped.text == whole.text[: 7 + stop_after]
    assert (stopped.stopped_by == "you") == (stop_after <= len(whole.text) - 7)
