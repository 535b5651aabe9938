"""Tidy poems: first letters, quotation marks, steady indentation, and a last line that closes."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from poetbot.errors import PoetBotError
from poetbot.poem import MARKER
from poetbot.poets.folder import Poet, load
from poetbot.poets.vocabulary import Vocabulary
from poetbot.writing import (
    CachedPoet,
    EndingRequest,
    Form,
    FormRequest,
    LineRequest,
    Request,
    continuations,
    recreate_suggestion,
    request_of_receipt,
    suggest,
    write,
    write_ending,
    write_in_form,
)
from poetbot.writing.endings import ENDING
from poetbot.writing.form_writer import form_request_of_receipt
from poetbot.writing.last_line import LastLine, has_punctuation, is_closed
from poetbot.writing.line_starts import begins_with_capital
from poetbot.writing.paired_marks import unclosed
from poetbot.writing.tidy_lines import InPoem, tidy_lines
from tests.writing.conftest import copyist

SIGNS = "\n +abcABCI.,;:!?-\"'()“”‘’—"
VOCABULARY = Vocabulary(SIGNS)


def left(rule: object, text: str) -> str:
    """Return the characters that a rule leaves."""
    logits = np.zeros(len(VOCABULARY), np.float32)
    rule.forbid(text, logits)
    return "".join(each for each in SIGNS if logits[VOCABULARY.ids[each]] > -np.inf)


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("", ""),
        ("(a “b", "”)"),
        ("(a) “b”", ""),
        ("“a\n\n“b", "”"),
        ('He said "a', '"'),
        ('"a" b', ""),
        ('"a b," he said', ""),
        ('"a\n“b”', ""),
        ("the boys' 'a", ""),
        ("山「雨", "」"),
        ("c) a [b", "]"),
    ],
)
def test_what_is_open_is_known(text: str, marks: str) -> None:
    assert unclosed(text) == marks


def test_only_what_is_open_is_closed_and_nothing_is_opened_twice() -> None:
    rules = tidy_lines(VOCABULARY)
    assert rules is not None and rules is tidy_lines(VOCABULARY)
    assert not set(")”") & set(left(rules, "a b")) and set("(“") < set(left(rules, "a b"))
    assert ")" in left(rules, "a (b") and "(" not in left(rules, "a (b")
    assert "“" not in left(rules, "“a b") and "“" in left(rules, "“a b\n\n")
    assert '"' in left(rules, 'a "b"')


@pytest.mark.parametrize(
    ("poem", "capital"),
    [
        ("", None),
        ("The lamp,\n", None),
        ("The lamp.\n", True),
        ("The lamp,\nand rain\n", False),
        ("The lamp,\nand rain.\n", True),
        ("The lamp,\nAnd rain\n", True),
        ("the lamp\n", False),
        ("the lamp.\nand rain,\n", False),
        ("The lamp\nI saw\n", None),
        ("I saw\na lamp,\n", False),
        ("The lamp\nand rain\nAnd rain\n", None),
        ("山中雨\n", None),
    ],
)
def test_a_line_begins_as_those_before_it_in_its_place(poem: str, capital: bool | None) -> None:
    assert begins_with_capital(poem) is capital


def test_the_first_letter_is_kept_to_and_the_word_i_is_free() -> None:
    rules = tidy_lines(VOCABULARY)
    assert rules is not None
    small = left(rules, "A b,\nc a\n")
    assert "a" in small and "I" in small and "A" not in small
    assert "A" in left(rules, "A b,\nc a\nc ") and "a" not in left(rules, "A b.\n“")
    logits = np.full(len(VOCABULARY), -np.inf, np.float32)
    logits[VOCABULARY.ids["A"]] = 0
    rules.forbid("A b,\nc a\n", logits)  # as an acrostic may ask for a capital
    assert logits.max() == 0


def test_the_last_line_goes_on_until_a_sentence_ends() -> None:
    rule = LastLine(VOCABULARY)
    poem = "a b c a b c,\nb c a b c a;\n"
    assert left(rule, poem) == SIGNS
    assert left(rule, poem + "a b") == SIGNS.replace("\n", "")
    assert left(rule, poem + "a.") == SIGNS
    late = left(rule, poem + "a b c a b")
    assert not set('\n,;:(“"—') & set(late) and set(".!? ab-") < set(late)
    assert left(rule, poem + "a b c a b.") == "\n"
    assert left(rule, poem + "a “b c a b.") == "”" and "”" in left(rule, poem + "a “b c a b")
    over = left(rule, poem + "a b c a b c a b c a b c")
    assert " " not in over and "." in over and "a" in over
    assert " " in left(rule, poem + "a b c a b c a b c a b c,")


def test_a_poem_without_punctuation_ends_without_it() -> None:
    bare = "a b\nb c\nc a\n"
    assert left(LastLine(VOCABULARY), bare + "a b c a") == SIGNS and not has_punctuation(["a", "b", "c"])
    assert is_closed(bare + "a b\n") and is_closed("a b.\n") and is_closed("")
    assert not is_closed("a b,\n") and not is_closed("“a b.\n") and not is_closed("a b\n")
    silent = np.zeros(6, np.float32)
    LastLine(Vocabulary("\nab, +")).forbid("a,\na b", silent)
    assert not silent.any()


@pytest.fixture(scope="module")
def halting(tmp_path_factory: pytest.TempPathFactory) -> Poet:
    """A poet whose poems often end in the middle of a sentence, and are indented here and there."""
    poems = [
        "The lamp is low,\nand rain",
        "(The boat is out,\n  the bell is late.",
        "The lamp is out;\nthe bell",
        "The rain is late.",
        "The bell is low,\nthe rain is out.)",
        *["The kettle is out,\nthe door is late."] * 2,
    ]
    return copyist(poems, tmp_path_factory.mktemp("halting"))


@pytest.fixture(scope="module")
def english() -> Poet:
    return load("english")


@pytest.mark.parametrize(("rng", "lines"), list(product(range(12), (None, 3))))
def test_every_poem_ends_with_a_stop_and_nothing_open(halting: Poet, rng: int, lines: int | None) -> None:
    poem = write(halting, Request(temperature=1.0, rng=rng, lines=lines))
    assert is_closed(poem.text) and MARKER[0] not in poem.text
    assert poem.stopped_by == ("marker" if lines is None else "lines")
    assert lines is None or len([line for line in poem.text.split("\n") if line.strip()]) == lines
    assert write(halting, request_of_receipt(poem.receipt, halting)) == poem


def test_it_wouldnt_without_the_rule_and_old_receipts_have_none(halting: Poet) -> None:
    then = [write(halting, Request(temperature=1.0, rng=k, tidy=False, closes=False)) for k in range(12)]
    assert not all(is_closed(poem.text) for poem in then)
    for poem in then:
        old = {name: value for name, value in poem.receipt.items() if name not in ("tidy", "closes")}
        assert write(halting, request_of_receipt(old, halting)) == poem
    now = write(halting, Request(rng=1)).receipt
    assert now["tidy"] is True and now["closes"] is True
    for name in ("tidy", "closes"):
        with pytest.raises(PoetBotError, match=name):
            request_of_receipt({**now, name: "yes"}, halting)


def test_lines_forms_and_endings_have_it_in_their_receipts(halting: Poet) -> None:
    cached = CachedPoet(halting)
    for tidy in (True, False):
        line = suggest(cached, LineRequest("The lamp is low,\n", drafts=8, tidy=tidy)).suggestions[0]
        form = FormRequest(Form(stanzas=(2,)), "The", drafts=4, tidy=tidy)
        poem, _ = write_in_form(cached, form)
        ending = write_ending(cached, EndingRequest("The lamp is low,\n", drafts=4, tidy=tidy))
        receipts = [line.receipt, poem.receipt, ending.receipt]
        assert all(receipt["tidy"] is tidy for receipt in receipts)
        if not tidy:
            receipts = [{k: v for k, v in receipt.items() if k != "tidy"} for receipt in receipts]
        assert recreate_suggestion(cached, receipts[0]) == line.text
        assert form_request_of_receipt(receipts[1], halting) == replace(form, closes=True)
        assert write_ending(cached, ENDING.request_of(receipts[2], halting)).text == ending.text


@pytest.mark.parametrize("rng", range(6))
def test_a_form_and_an_ending_end_with_a_stop(halting: Poet, rng: int) -> None:
    cached = CachedPoet(halting)
    form = Form(stanzas=(3,))
    poem, _ = write_in_form(cached, FormRequest(form, temperature=1.0, rng=rng, drafts=1))
    assert is_closed(poem.text)
    last = suggest(
        cached, LineRequest("The lamp,\nthe bell,\n", form=form, temperature=1.0, rng=rng, drafts=4)
    )
    assert all(each.line.rstrip(")")[-1] in ".!?" for each in last.suggestions)
    opened = write_ending(cached, EndingRequest("The lamp,\n", temperature=1.0, rng=rng, drafts=1))
    assert is_closed("The lamp,\n" + opened.text)


def test_four_more_lines_dont_end_the_poem_but_its_rest_does(halting: Poet) -> None:
    cached = CachedPoet(halting)
    more = continuations(cached, "The lamp is low,\n", Request(temperature=1.0, lines=2), drafts=8, count=8)
    assert not all(is_closed(each.text + "\n") for each in more)
    assert all(each.receipt["closes"] is False and each.figures["gained_bits_per_character"] for each in more)
    rest = continuations(cached, "The lamp is low,\n", Request(temperature=1.0), drafts=8, count=8)
    assert all(is_closed("The lamp is low,\n" + each.text) for each in rest)


def test_a_form_is_written_in_parts(halting: Poet) -> None:
    cached, form = CachedPoet(halting), Form(stanzas=(2, 2))
    part, report = write_in_form(cached, FormRequest(form, "The lamp,\n", drafts=4, most_lines=2))
    assert report.lines == 3 and part.stopped_by == "form"
    request = form_request_of_receipt(part.receipt, halting)
    assert request.most_lines == 2 and write_in_form(cached, request)[0] == part
    assert "most_lines" not in write_in_form(cached, FormRequest(form, drafts=2))[0].receipt
    with pytest.raises(PoetBotError, match="number of lines"):
        FormRequest(form, most_lines=0)


def test_no_line_is_indented_unless_the_poem_is(halting: Poet) -> None:
    for rng in range(12):
        assert "\n " not in write(halting, Request(temperature=1.0, rng=rng, lines=6)).text
    for rng in range(6):
        text = write(halting, Request("The boat is out,\n   the bell,\n", 1.0, rng=rng, lines=6)).text
        assert {len(line) - len(line.lstrip(" ")) for line in text.split("\n")} <= {0, 3}


def test_a_bundled_poet_keeps_to_the_small_letters_of_a_poem(english: Poet) -> None:
    before = "The bus is late. A boy in a school coat\nkicks the same can from one end\nof the shelter to the other,\n"
    found = suggest(CachedPoet(english), LineRequest(before, drafts=16, count=8, rng=1)).suggestions
    assert all(each.line[0].islower() or each.line.startswith("I") for each in found)


def test_a_rule_for_poems_is_one_for_lines_and_waits_for_what_is_unread() -> None:
    seen = []
    rule = InPoem(lambda text, logits: seen.append(text), "a\nb")
    rule.forbid("bc", np.zeros(1, np.float32))
    rule.forbid("bc", np.zeros(1, np.float32), "c")
    assert seen == ["a\nbc"]
