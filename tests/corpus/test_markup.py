"""HTML to text, Markdown to lines."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus.markdown import plain_lines
from poetbot.corpus.markup import text_of_html
from poetbot.corpus.opened import opened
from poetbot.errors import PoetBotError


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
        ("<div>a</div><div>b</div>\n\n<div>c</div>", "a\nb\nc"),
        (
            "<div>a<br></div><div>b</div><div><br></div><div>c</div><div>&nbsp;</div><div>d</div>",
            "a\nb\n\nc\n\nd",
        ),
        ("<ul><li>a</li>\n<li>b</li></ul><dl><dt>c<dd>d</dl>", "a\nb\n\nc\nd"),
        ("<table><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></table>", "a\nb c"),
        (
            "<table><tr><td>a<br>b</td><td>c<br>d</td></tr><tr><td>e</td><td>f<br>g</table>",
            "a\nb\n\nc\nd\n\ne\n\nf\ng",
        ),
        ('<p style="margin:0">a</p><p style="margin: 0px">b</p><p>c</p>', "a\nb\n\nc"),
        ('<p style="margin-bottom:.0001pt">a</p><p class=MsoNoSpacing>b</p>', "a\nb"),
        ('<p style="margin:0 0 1em">a</p><p style="margin:1em 0">b</p>', "a\n\nb"),
        ('<span style="display:block">a</span><span style="display: block">b</span>', "a\nb"),
        (
            '<div class="stanza"><div>a</div><div>b</div></div><div class="stanza"><div>c</div></div>',
            "a\nb\n\nc",
        ),
        ('<figure class="wp-block-table"><table><tr><td>a</table><figcaption>no</figcaption></figure>', "a"),
        ("<blockquote><p>a</p><cite>no</cite></blockquote><p>In <cite>b</cite></p>", "a\n\nIn b"),
        ("a<sup>1</sup> <sup><a href='#n'>[b]</a></sup>21<sup>st</sup>", "a 21st"),
        (
            "<ruby>a<rp>(</rp><rt>no</rt><rp>)</rp></ruby><span style='display:none'>n<span>o</span></span>b",
            "ab",
        ),
        ("<p>a</p><p>&nbsp;&nbsp;b<br>&emsp;c</p>", "a\n\n  b\n    c"),
        ('<pre class="wp-block-verse">\na<br>    b\n\n  c</pre>', "a\n    b\n\n  c"),
        ("<?xml version='1.0'?><!DOCTYPE html>\n<p>a</p><!-- b --><? c ?>", "a"),
        ("<label>seen, for it never ends", "seen, for it never ends"),
    ],
)
def test_what_a_reader_sees(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


def test_line_ends_are_kept_where_asked() -> None:
    assert text_of_html("a\nb\n\nc<br />\nd", keep_lines=True) == "a\nb\n\nc\nd"


@given(st.text("<>/!-[]&;\"'=abp \né\ue000春", max_size=40))
def test_any_string_will_do(markup: str) -> None:
    text = text_of_html(markup)
    assert "\n\n\n" not in text and "\ue000" not in text


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<",
            "<!--",
            "<a/",
            "<p",
            "<pre>a",
            "<script>",
            "<!<!---->--",
            " ",
            "\n",
            "&",
            "<a '",
            "<sup>",
            "<label>",
        ),
        *(
            "<label></label",
            "<td>",
            "<tr><td>a",
            "<hr><pre>",
            "<!-- wp:a -->",
            "<p style='margin:0'>",
            "<h1>a<pre>b",
        ),
    ],
)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    start = time.process_time()
    text_of_html(piece * 100_000, keep_lines=True)
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


@pytest.mark.parametrize("ending", ["html", "HTM", "xhtml"])
def test_a_web_page_is_read_as_its_reader_sees_it(ending: str) -> None:
    verse = (
        "The kettle sings upon the stove,",
        "The cat is fast asleep;",
        "And all the words I have for love",
    )
    page = f"<html><head><title>no</title></head><body><nav>no</nav><h1>Stove</h1><p>{'<br>'.join(verse)}</p></body></html>"
    content = opened(page.encode(), f"page.{ending}")
    assert content.text == "Stove\n\n" + "\n".join(verse)
    with pytest.raises(PoetBotError, match="is empty"):
        opened(b"<p> </p>", f"page.{ending}")
