"""HTML to text, Markdown to lines."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus.markdown import plain_lines
from poetbot.corpus.markup import text_of_html


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("one<br>two<BR/>\nthree", "one\ntwo\n three".replace(" ", "")),
        ("<p>one<br />two</p>\n<p>three</p>", "one\ntwo\n\nthree"),
        ("a\nb", "a b"),
        ("a &amp; b &lt;i&gt;<em>c</em>&nbsp;d", "a & b <i>c d"),
        ("<pre>a\n    b</pre>", "a\n    b"),
        ("a<script>no<p></script>b<style>no</style><!-- no --><figure><img></figure>", "ab"),
        ("2 < 3 and 4 > 3", "2 < 3 and 4 > 3"),
        ("<![x[ <p", "<![x[ <p"),
        ("seen<!-- never ends <p>", "seen"),
    ],
)
def test_what_a_reader_sees(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


def test_line_ends_are_kept_where_asked() -> None:
    assert text_of_html("a\nb\n\nc<br />\nd", keep_lines=True) == "a\nb\n\nc\nd"


@given(st.text("<>/!-[]&;\"'=abp \né\ue000春", max_size=40))
def test_any_string_will_do(markup: str) -> None:
    text = text_of_html(markup)
    assert "\n\n\n" not in text and not {"\ue000", "\ue001", "\ue002"} & set(text)


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "<a/", "<p", "<pre>", "<script>", "<!<!---->--", " ", "\n", "&", "<a '"]
)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    start = time.process_time()
    text_of_html(piece * 100_000)
    assert time.process_time() - start < 5


def test_markdown_is_read_line_for_line() -> None:
    markdown = (
        "---\ntitle: x\n---\n# Stove *song* #\n\n> The kettle sings  \n> upon\\\n\n```\n# kept *as it is*\n```\n"
        "a **strong** _word_, snake_case and 2 * 3 * 4\n[here](http://x.y) \\*not\\* &amp; <!-- gone -->so"
    )
    assert plain_lines(markdown).split("\n") == [
        "", "", "", "Stove song", "", "The kettle sings", "upon", "", "", "# kept *as it is*", "",
        "a strong word, snake_case and 2 * 3 * 4", "here *not* & so",
    ]  # fmt: skip


@given(st.text("#>*_\\-`[]()<!& \né\ue000春", max_size=40))
def test_markdown_keeps_the_number_of_lines(markdown: str) -> None:
    assert plain_lines(markdown).count("\n") == markdown.count("\n")


@pytest.mark.parametrize("piece", ["*", "_", "**a ", "[", "<!--", "[](", "> ", "# ", " ", "*a_"])
def test_a_long_line_of_markdown_takes_no_longer(piece: str) -> None:
    start = time.process_time()
    plain_lines(piece * 20_000)
    assert time.process_time() - start < 5
