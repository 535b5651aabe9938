"""HTML to text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus.loading import parse_file
from poetbot.documents.author_marks import BESIDE_VERSE, NO_VERSE, SET_AS_VERSE
from poetbot.documents.block import MARKED_HEADING
from poetbot.documents.html.to_text import content_of_html, text_of_html
from poetbot.documents.reader import read_content
from poetbot.errors import PoetBotError
from tests.documents.samples import BOAT, LAMP


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
def test_visible_text(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


def test_line_ends_are_kept_where_asked() -> None:
    assert text_of_html("a\nb\n\nc<br />\nd", keep_lines=True) == "a\nb\n\nc\nd"


@given(st.text("<>/!-[]&;\"'=abp \né\ue000春", max_size=40))
def test_any_string_is_accepted(markup: str) -> None:
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
            "<h1>",
            "<p class=title>",
            "<div class=poem>",
            "<p class=poem>a<h1>",
        ),
    ],
)
def test_time_is_linear(piece: str) -> None:
    def seconds(pieces: int) -> float:
        start = time.process_time()
        text_of_html(piece * pieces, keep_lines=True)
        return time.process_time() - start

    # Ten times the text may take thirty times as long, on any machine; in quadratic time it takes a hundred times.
    assert seconds(40_000) < 30 * seconds(4_000) + 0.1


@pytest.mark.parametrize("ending", ["html", "HTM", "xhtml"])
def test_a_web_page_is_read_as_its_reader_sees_it(ending: str) -> None:
    verse = (
        "The kettle sings upon the stove,",
        "The cat is fast asleep;",
        "And all the words I have for love",
    )
    page = f"<html><head><title>no</title></head><body><nav>no</nav><h1>Stove</h1><p>{'<br>'.join(verse)}</p></body></html>"
    content = read_content(page.encode(), f"page.{ending}")
    assert content.text == "Stove\n\n" + "\n".join(verse)
    with pytest.raises(PoetBotError, match="is empty"):
        read_content(b"<p> </p>", f"page.{ending}")


def test_a_rule_separates_poems_as_in_markdown() -> None:
    page = f"<h1>Songs</h1><p>{'<br>'.join(LAMP)}</p><hr><p>{'<br>'.join(BOAT)}</p>"
    assert [poem.text for poem in parse_file(page.encode(), "songs.html").poems] == [
        "\n".join(LAMP),
        "\n".join(BOAT),
    ]


def test_verse_and_headings_of_a_page_are_marked() -> None:
    page = "<h2>Stove</h2><p>I wrote this.</p><pre>The kettle\n  sings</pre><pre>all night</pre><hr><pre>Ash\nfalls</pre>"
    content = content_of_html(page)
    assert [(mark.start_line, mark.end_line, mark.reason) for mark in content.marks] == [
        (1, 1, MARKED_HEADING),
        (2, 4, BESIDE_VERSE),
        (5, 8, SET_AS_VERSE),
        (9, 9, BESIDE_VERSE),
        (10, 11, SET_AS_VERSE),
    ]
    code = content_of_html("<pre>for lamp in lamps:\n    light(lamp)\n</pre>")
    assert [mark.reason for mark in code.marks] == [NO_VERSE]


def test_verse_is_recognised_by_its_class() -> None:
    page = (
        '<p class="title">Stove</p><div class="poem"><p>The kettle</p></div><div class="poem"><p class="stanza">sings<p>all'
        '<h3>Ash</h3><div class="lines">falls</div></div><p>Thank you</p><h2>After<p>it</p>'
    )
    content = content_of_html(page)
    assert content.text == "Stove\n\nThe kettle\n\nsings\n\nall\n\nAsh\n\nfalls\n\nThank you\n\nAfter\n\nit"
    assert [(mark.start_line, mark.end_line, mark.label) for mark in content.marks if mark.reason != BESIDE_VERSE] == [
        (1, 1, "other"), (3, 7, "poem"), (9, 9, "other"), (11, 11, "poem"), (15, 15, "other"),
    ]  # fmt: skip
    assert [verse.title for verse in content.verse] == ["Stove", "Ash"]


@pytest.mark.parametrize(
    "markup",
    [
        "<pre>{}</pre>",
        '<pre class="wp-block-verse">{}</pre>',
        "[poem]{br}[/poem]",
        '[verse align="left"]{br}[/verse]',
    ],
)
@pytest.mark.parametrize("name", ["page.html", "page.md"])
def test_only_marked_verse_is_a_poem(markup: str, name: str) -> None:
    verse = "The kettle sings upon the stove,\n    the cat is fast asleep;\nand all is well"
    verse = verse.replace("    ", "") if "{br}" in markup else verse
    lines = verse.replace("\n", "<br>\n") if name == "page.html" else verse
    page = f"Hello there.\n\nI wrote\nthis in May:\n\n{markup.format(verse, br=lines)}\n\nThank you,\nyours truly\n"
    if name == "page.html":
        page = "".join(f"<p>{each}</p>" if "kettle" not in each else each for each in page.split("\n\n"))
    (poem,) = parse_file(page.encode(), name).poems
    assert poem.text == verse
