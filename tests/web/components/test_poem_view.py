"""A poem as HTML, without a browser."""

import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.locale import locale
from poetbot.overlap import OverlapIndex, report, sentence
from poetbot.poem import Poem
from poetbot.web.components import poem_view
from poetbot.writing import WrittenPoem

EN, ZH = locale("en"), locale("zh")
BAD = "<script>alert(1)</script><img src=x onerror=\"alert('x')\">&amp;"


def poem(text: str, given: int = 0, **receipt: Any) -> WrittenPoem:
    default: dict[str, Any] = {
        "poet": "tiny",
        "poet_id": "0123456789abcdef",
        "seed": text[:given],
        "temperature": 0.7,
        "top_p": 1.0,
        "lines": None,
        "characters": None,
        "rng": 5,
        "stop_after": None,
    }
    return WrittenPoem(text, given, 0.7, 5, "marker", (), default | receipt)


def test_the_verdict_in_chinese() -> None:
    index = OverlapIndex.build([Poem("one two three four five")])
    assert sentence(report(index, "one two three four"), ZH) == (
        "100% 的四词片段也见于诗人的训练诗作。最长的相同片段有 4 个词：“one two three four”，见于 1 首诗。"
    )


@given(
    st.integers(0, 30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.booleans()), max_size=6),
)
def test_flat_marks_do_not_overlap(length: int, marks: list[tuple[int, int, bool]]) -> None:
    found = poem_view.flat_marks(length, marks)
    kind_of = {at: kind for start, end, kind in found for at in range(start, end)}
    assert all(start < end <= length for start, end, _ in found)
    assert sum(end - start for start, end, _ in found) == len(kind_of)
    for at in range(length):
        rare = {distinctive for start, end, distinctive in marks if start <= at < end}
        assert kind_of.get(at) == (("rare" if True in rare else "common") if rare else None)


def test_a_mark_begins_where_a_phrase_begins() -> None:
    """Else two phrases that meet or overlap would look like one that is longer than what is quoted."""
    assert poem_view.flat_marks(30, [(0, 20, False), (8, 28, False)]) == [(0, 8, "common"), (8, 28, "common")]
    assert poem_view.flat_marks(30, [(0, 9, True), (9, 20, True)]) == [(0, 9, "rare"), (9, 20, "rare")]


def test_the_receipt_has_the_command_for_the_same_poem() -> None:
    assert "Command line for the same poem:" in poem_view.receipt_html(poem("a poem"), EN)


def test_a_poem_that_the_guard_ended_has_a_note() -> None:
    ended = poem_view.overlap_html("a poem", None, EN, stopped_by_guard=True)
    assert '<p class="ended">The poem ends here because' in ended
    assert "ends here" not in poem_view.overlap_html("a poem", None, EN)


def test_the_receipt_includes_the_guard() -> None:
    guarded = poem("a poem", guard=7)
    assert "--guard 7 --rng 5" in poem_view.command(guarded)
    assert "no copied phrase of 7 words" in poem_view.settings_line(guarded, EN)
    assert "no copied phrase of 7 words" in poem_view.text_to_save(guarded, EN)
    for free in (poem("a poem"), poem("a poem", guard=0)):
        assert "guard" not in poem_view.command(free) and "copied" not in poem_view.settings_line(free, EN)


def test_the_table_lists_the_phrases_and_escapes_them() -> None:
    read = [
        Poem("one two three four five", BAD, BAD),
        *[Poem("one two three four", str(n)) for n in range(30)],
    ]
    text = "one two\nthree four five and more of our own"
    found = report(OverlapIndex.build(read), text)
    html = poem_view.overlap_html(text, found, EN)
    assert "<script" not in html and "<img" not in html
    assert "one two three four five</mark></td><td>5</td><td>1</td>" in html
    assert "author unknown, 0" not in html  # the shorter run lies inside the longer one
    assert "&lt;script&gt;" in html
    assert "28.6% of the four-word phrases" in html


def test_only_what_says_something_is_marked_and_the_legend_says_what() -> None:
    index = OverlapIndex.build([Poem("one two three four"), Poem("five six seven eight nine")])
    text = "one two three four and five six seven eight nine"
    found = report(index, text)
    assert [span["words"] for span in found["spans"]] == [4, 5]
    assert poem_view.report_marks(text, found) == [(23, 48, "common")]
    html = poem_view.overlap_html(text, found, EN)
    assert html.count("<tr data-start") == 2 and "5 words or more in a row" in html and "Solid" not in html
    assert '<td class="run">one two three four</td>' in html
    short = poem_view.overlap_html("one two three four", report(index, "one two three four"), EN)
    assert "<details" in short and "Dotted" not in short and "Tap" not in short
    for shown in (html, short):
        assert "1 shorter phrase of common words counts, too. The Overlap tab underlines it." in shown


def test_only_three_sources_are_named_and_the_others_counted() -> None:
    text = "one two three four"
    found = report(OverlapIndex.build([Poem(text, f"No {n}") for n in range(30)]), text)
    html = poem_view.overlap_html(text, found, EN)
    assert "author unknown, No 2" in html and "No 3" not in html
    assert "and 27 more" in html and "<td>30</td>" in html


def test_without_an_index_a_sentence_says_so() -> None:
    assert "without an index" in poem_view.overlap_html("text", None, EN)


@pytest.mark.parametrize("seed", ["O wind", "two\nlines", "-o", 'it\'s "quoted" $HOME `ls`', ""])
def test_the_command_gives_the_same_request(seed: str) -> None:
    command = poem_view.command(poem(seed + " and on", len(seed), seed=seed, lines=8, top_p=0.95))
    words = shlex.split(command)
    assert words[:5] == ["python", "-m", "poetbot", "write", "tiny"]
    if seed:
        assert f"--seed={seed}" in words or words[words.index("--seed") + 1] == seed
    assert words[-6:] == ["--top-p", "0.95", "--lines", "8", "--rng", "5"]


def test_the_command_has_the_theme() -> None:
    theme = {"about": "my mother's kitchen", "avoid": "-", "words": {"kitchen": 1.0}}
    words = shlex.split(poem_view.command(poem("O wind", theme=theme)))
    assert words[words.index("--about") + 1] == "my mother's kitchen" and "--avoid=-" in words
    untyped = {"about": "", "avoid": "", "words": {"wind": 1.0}, "from_opening": True}
    words = shlex.split(poem_view.command(poem("O wind", theme=untyped)))
    assert "--about-seed" in words and "--about" not in words


def test_the_receipt_of_a_stopped_poem_says_that_its_command_writes_all_of_it() -> None:
    html = poem_view.receipt_html(poem("a poem", stop_after=6), EN)
    assert "You stopped after 6 characters" in html
    assert "You stopped" not in poem_view.receipt_html(poem("a poem"), EN)


def test_saved_text_ends_with_its_receipt() -> None:
    saved = poem_view.text_to_save(poem("O wind\nand rain\n", 6), EN)
    assert saved.startswith("O wind\nand rain\n\n--\nWritten with PoetBot: tiny 01234567, temperature 0.7")
    assert "random seed 5" in saved and "first 6 characters were given" in saved


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The lamp's low, and\nso on", "the-lamps-low-and.txt"),
        ("../../etc/passwd", "etc-passwd.txt"),
        ("雪", "poem-5.txt"),
        ("x" * 300, "x" * 48 + ".txt"),
        ("", "poem-5.txt"),
    ],
)
def test_file_names_are_plain(text: str, name: str) -> None:
    assert poem_view.file_name(poem(text)) == name
