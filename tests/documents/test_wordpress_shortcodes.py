"""WordPress shortcodes, and words in brackets that are none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.documents.wordpress_shortcodes import without_shortcodes


@pytest.mark.parametrize(
    ("markup", "html"),
    [
        ('[caption id="a"]<img> the sea[/caption]x', "x"),
        ("[gallery]x[gallery ids='1,2']", "x"),
        ('[audio mp3="a.mp3"][/audio]x', "x"),
        ("[embed]https://video.example[/embed]x[embed width=3]https://video.example[/embed]", "x"),
        (
            '[contact-form-7 id="12" title="Write"]x[contact-form][contact-field label="Name" /][/contact-form]',
            "x",
        ),
        ("x[ref]a book[/ref] y[efn_note]a note[/efn_note]", "x y"),
        ("x((a note)) y[12]", "x y"),
        ("[poem]a\nb[/poem]", "<poem>a\nb</poem>"),
        ('[verse style="c"]a[/verse]', "<poem>a</poem>"),
        ("[vc_row][vc_column_text]a[/vc_column_text][/vc_row]", "a"),
        ('[one_half]a[/one_half][one_half last="yes"]b[/one_half]', "ab"),
        ("[dropcap]T[/dropcap]he [glow]moon[/glow]", "The moon"),
        ("[[gallery]] x", "[gallery] x"),
        ("[caption]a[caption]b[/caption]c", "ac"),
        ("a[/caption]b", "ab"),
    ],
)
def test_shortcodes_are_removed(markup: str, html: str) -> None:
    assert without_shortcodes(markup).replace("<section></section>", "") == html


@pytest.mark.parametrize(
    "text",
    [
        "The door says [closed]",
        "the night [the long one] is [lost]",
        "[Verse 1]\na\n[Chorus]\nb",
        "[verse]",
        "[half-light] [x = y]",
        "((low voices)) and [1] alone",
        "[] [ ] [/] [[ ]] [a",
        "[the door] shut [the door]",
    ],
)
def test_words_in_brackets_are_text(text: str) -> None:
    assert without_shortcodes(text) == text


def test_page_builders_separate_paragraphs() -> None:
    assert without_shortcodes("[et_pb_text]a[/et_pb_text][et_pb_text]b[/et_pb_text]").count("<section>") == 4


@given(st.text('[]/()a_ ="1\n', max_size=40))
def test_any_string_is_accepted(markup: str) -> None:
    without_shortcodes(markup)


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "[a",
        "[a ",
        "[a]",
        "[/a]",
        "[a=",
        '[a b="',
        "[gallery]",
        "[caption][",
        "[[a]]",
        "((",
        "x((",
        "x((a",
        "x[1",
    ],
)
def test_time_is_linear(piece: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        without_shortcodes(piece * count)
        return time.process_time() - start

    assert min(seconds(40_000) for _ in range(2)) < 4 * min(seconds(20_000) for _ in range(2)) + 0.1
