"""Writing with a blend: everything a poet does, and receipts that recreate it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, report
from poetbot.overlap.copy_guard import JointGuard
from poetbot.poem import Poem
from poetbot.poets.blend import Blend, blended, load_blend, parts_of, parts_of_receipt
from poetbot.poets.folder import load
from poetbot.writing import (
    CachedPoet,
    EndingRequest,
    FormRequest,
    LineRequest,
    Request,
    Theme,
    form_named,
    recreate_poem,
    recreate_suggestion,
    request_of_receipt,
    suggest,
    suggest_one_each,
    titles,
    write,
    write_ending,
    write_in_form,
    write_together,
)
from poetbot.writing.writer import guard_of


@pytest.fixture(scope="module")
def cached() -> CachedPoet:
    blend = load_blend("english:0.6,dickinson:0.4")
    return CachedPoet(blend, OverlapIndex.open(blend.overlap_folder))


def recreated(cached: CachedPoet, receipt: Mapping[str, Any]) -> str:
    (*_, poem) = recreate_poem(receipt, lambda _: cached)
    return poem.text  # type: ignore[union-attr]


def test_a_poem_is_neither_poets_and_its_receipt_recreates_it(cached: CachedPoet) -> None:
    asked = Request("The sea at night", rng=2, lines=4, guard=5, theme=Theme("ships, sails"))
    poem = write(cached.poet, asked, cached.index)
    assert recreated(cached, poem.receipt) == poem.text
    assert isinstance(cached.poet, Blend)
    assert poem.text not in {write(each, asked).text for each in cached.poet.poets}
    assert cached.index and report(cached.index, poem.text, poem.seed_characters)["longest"]["words"] < 5


def test_a_begun_word_is_completed(cached: CachedPoet) -> None:
    poem = write(cached.poet, Request("Quietl", temperature=0, lines=1))
    assert poem.text.startswith("Quietly")


def test_poems_written_together_can_be_recreated(cached: CachedPoet) -> None:
    poems = [poem for _, poem in write_together(cached.poet, Request(lines=2, rng=4), 5)]
    assert len({poem.text for poem in poems}) == 5
    assert all(recreated(cached, poem.receipt) == poem.text for poem in poems)


def test_lines_endings_titles_and_forms(cached: CachedPoet) -> None:
    found = suggest(cached, LineRequest("The lamp is low,\n", rng=1, drafts=16, guard=6))
    assert recreated(cached, found.suggestions[0].receipt) == found.suggestions[0].text
    assert found.suggestions[0].figures["gained_bits_per_character"] is not None
    haiku, fit = write_in_form(cached, FormRequest(form_named("haiku"), rng=2, drafts=8))
    assert fit.lines == 3 and recreated(cached, haiku.receipt) == haiku.text
    ending = write_ending(cached, EndingRequest("The lamp is low,\n", rng=1, drafts=8))
    assert recreated(cached, ending.receipt) == ending.text
    assert titles(cached, "The lamp is low,\nThe rain is long.\n")


def test_suggestions_one_from_each_poet(cached: CachedPoet) -> None:
    asked = LineRequest("The lamp is low,\n", rng=1, drafts=16, guard=6)
    found = suggest_one_each(cached, asked)
    assert [each.poet for each in found.suggestions] == ["english", "dickinson", "english"]
    poets = {each.poet.name: each for each in cached.parts}
    english, dickinson = (suggest(poets[name], asked) for name in ("english", "dickinson"))
    first, second, third = (each.text for each in found.suggestions)
    assert [first, third] == [each.text for each in english.suggestions[:2]]
    assert second == dickinson.suggestions[0].text
    assert found.drafts == english.drafts + dickinson.drafts
    for each in found.suggestions:
        assert recreate_suggestion(poets[each.poet], each.receipt) == each.text
    lighter_first = CachedPoet(load_blend("english:1,dickinson:2"))
    heaviest = suggest_one_each(lighter_first, replace(asked, count=1)).suggestions
    assert [each.poet for each in heaviest] == ["dickinson"]


def test_poets_that_suggest_the_same_line_give_different_ones(tiny_poet: Path) -> None:
    tiny, asked = load(tiny_poet), LineRequest("the sea\n", rng=3)
    alone = suggest(CachedPoet(tiny, OverlapIndex.open(tiny.overlap_folder)), asked)
    twins = CachedPoet(blended([tiny, tiny], parts_of("a:1,b:1")))
    lines = [each.line for each in suggest_one_each(twins, asked).suggestions]
    assert lines == [each.line for each in alone.suggestions] and len(set(lines)) == 3
    with pytest.raises(PoetBotError, match="One line from each poet needs a blend"):
        suggest_one_each(CachedPoet(tiny), asked)


def test_a_receipt_of_other_weights_is_anothers(cached: CachedPoet) -> None:
    receipt = write(cached.poet, Request(lines=1, rng=1)).receipt
    with pytest.raises(PoetBotError, match="This receipt is for another poet"):
        request_of_receipt(receipt, load_blend("english:1,dickinson:1"))
    with pytest.raises(PoetBotError, match="This receipt is for another poet"):
        request_of_receipt(receipt, load("english"))


def test_a_damaged_blend_in_a_receipt_is_refused(cached: CachedPoet) -> None:
    receipt = write(cached.poet, Request(lines=1, rng=1)).receipt
    assert [part.poet for part, _ in parts_of_receipt(receipt)] == ["english", "dickinson"]
    assert parts_of_receipt({"poet": "english"}) == ()
    for damaged in ("english", [1, 2], [{"poet": "english"}], [{"poet": "a", "poet_id": "b", "weight": 1}]):
        with pytest.raises(PoetBotError):
            parts_of_receipt({**receipt, "blend": damaged})


def test_the_guards_of_lines_share_the_open_indexes() -> None:
    blend = load_blend("modern:1,dickinson:1")
    cached = CachedPoet(blend, OverlapIndex.open(blend.overlap_folder))
    for _ in range(2):
        guard = cached.guard(4)
        assert isinstance(guard, JointGuard)
        first, second = (each._index for each in guard._guards)
        assert first is cached.index and second is cached.parts[1].index


def test_the_guard_holds_for_all_poets_of_a_blend(shared: Path) -> None:
    blend = load_blend("modern:1,dickinson:1")
    guard = guard_of(blend, 4)
    modern, dickinson = (guard_of(each, 4) for each in blend.poets)
    assert guard is not None and modern is not None and dickinson is not None
    rows = (shared / "data" / "english" / "clean" / "dickinson.jsonl").read_text("utf-8").splitlines()
    one = next(  # a line that only one of the poets has read
        line
        for row in rows
        for line in json.loads(row)["text"].splitlines()
        if modern.after(modern.start(""), line) and dickinson.after(dickinson.start(""), line) is None
    )
    assert guard.after(guard.start(""), one) is None
    index = OverlapIndex.build([Poem("the lamp is low the street is long")])
    both = guard_of(blend, 4, index)
    assert both is not None and guard.after(guard.start(""), "the lamp is low the street") is not None
    assert both.after(both.start(""), "the lamp is low the street") is None
    assert both.after(both.start(""), one) is None
    assert both.start("the lam").in_word and both.goes_on(both.start("the lam"), "p")
    assert both.near(both.start("the lamp is "), 1) and guard_of(blend, 0) is None
