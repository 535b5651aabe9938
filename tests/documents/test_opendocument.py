"""OpenDocument texts: what a reader sees of them. Each document is made here."""

import pytest

from poetbot.corpus.loading import parse_file
from poetbot.documents import zip_archive
from poetbot.documents.opendocument import read_opendocument
from poetbot.errors import PoetBotError
from tests.documents.samples import BOAT, LAMP, fodt, odt, odt_lines, zipped


def p(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def style(name: str, properties: str, parent: str = "", more: str = "", family: str = "paragraph") -> str:
    return (
        f'<style:style style:name="{name}" style:family="{family}" style:parent-style-name="{parent}" {more}>'
        f"<style:{family}-properties {properties}/></style:style>"
    )


STYLES = (
    style("Wide", 'fo:margin-bottom="1cm" fo:margin-left="1in"')
    + style("P1", 'fo:text-indent="-0.5in"', parent="Wide")
    + style("New", 'fo:break-before="page"')
    + style("Cover", "", more='style:master-page-name="First"')
    + style("Hidden", 'text:display="none"', family="text")
    + style("Loop", "", parent="Loop")
    + style("Title", "")
    + style("P2", "", parent="Title")
)


def text_of(body: str) -> str:
    return read_opendocument(odt(body, STYLES), "x.odt").text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (p("one") + p("two") + p("") + p("three"), "one\ntwo\n\nthree\n"),
        (p("one<text:line-break/>two"), "\none\ntwo\n"),
        (p("  one \n\t two <text:span>three </text:span> four"), "one two three four\n"),
        (p('one<text:s text:c="3"/>two<text:s/>three'), "one   two three\n"),
        (p("<text:tab/>one<text:tab/>two"), "    one two\n"),
        (p("<text:s text:c='99999999999'/>one"), " one\n"),
        ("<text:h>Head</text:h>" + p("one"), "\n\nHead\n\none\n"),
        (p("Head", "P2") + p("one"), "\n\nHead\n\none\n"),
        (p("one", "Loop") + p("two", "Nobody"), "one\ntwo\n"),
        (p("one", "Wide"), " " * 8 + "one\n"),
        (p("one<text:line-break/>two", "P1"), "\n    one\n        two\n"),
        (p("one") + p("two", "Wide") + p("three") + p("four"), "one\n        two\n\nthree\nfour\n"),
        (p("one") + p("two", "New"), "one\n\n\n\n\ntwo\n"),
        (p("one") + p("two", "Cover"), "one\n\n\n\n\ntwo\n"),
        (p("one<text:soft-page-break/> two"), "one two\n"),
        (p("one<office:annotation><text:p>a comment</text:p></office:annotation> two"), "one two\n"),
        (
            p(
                "one<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>a note</text:p></text:note-body></text:note>"
            ),
            "one\n",
        ),
        (
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion>"
            "</text:changed-region></text:tracked-changes>" + p('on<text:change text:change-id="c"/>e'),
            "one\n",
        ),
        (p('one<text:span text:style-name="Hidden"> not seen</text:span>'), "one\n"),
        (p('<text:span text:style-name="Hidden">all of it</text:span>') + p("one"), "one\n"),
        (
            '<text:section text:display="none"><text:p>not seen</text:p></text:section><text:section><text:p>one</text:p></text:section>',
            "one\n",
        ),
        (p('<text:hidden-text text:is-hidden="true">not seen</text:hidden-text>one'), "one\n"),
        (
            p(
                "<text:ruby><text:ruby-base>夜</text:ruby-base><text:ruby-text>よる</text:ruby-text></text:ruby>"
            ),
            "夜\n",
        ),
        (
            "<text:table-of-content><text:index-body><text:p>Lamp 3</text:p></text:index-body></text:table-of-content>"
            + p("one"),
            "one\n",
        ),
        (p("Page <text:page-number>3</text:page-number>"), "Page\n"),
        ("<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list>", "one\n"),
        (p("<draw:frame><svg:title>a picture</svg:title></draw:frame>one"), "one\n"),
        (
            "<table:table><table:table-row><table:table-cell><text:p>a</text:p><text:p>b</text:p></table:table-cell>"
            "<table:table-cell><text:p>c</text:p></table:table-cell></table:table-row></table:table>",
            "\n\n\n\na\nb\n\n\n\n\nc\n",
        ),
    ],
)
def test_visible_text(body: str, text: str) -> None:
    assert text_of(body) == text
    assert read_opendocument(fodt(body, STYLES), "x.fodt").text == text


def test_styles_of_the_document_hold_and_its_headers_are_no_text() -> None:
    shared = "<office:styles>" + style("Far", 'fo:margin-left="1in"') + "</office:styles>"
    shared += "<office:master-styles><style:master-page><style:header><text:p>Songs</text:p></style:header></style:master-page></office:master-styles>"
    assert read_opendocument(odt(p("one", "Far"), page_styles=shared), "x.odt").text == " " * 8 + "one\n"


META = "<dc:title>Ferry\n Songs</dc:title><dc:creator>Who Saved It</dc:creator><meta:initial-creator>Ann Other</meta:initial-creator>"


def test_poems_have_their_titles_and_the_author_of_the_document() -> None:
    for data, name in ((odt, "x.odt"), (fodt, "x.fodt")):
        found = parse_file(data(odt_lines(LAMP, "Lamp") + odt_lines(BOAT, "Boats"), meta=META), name)
        assert [(poem.title, poem.author, poem.text) for poem in found.poems] == [
            ("Lamp", "Ann Other", "\n".join(LAMP)),
            ("Boats", "Ann Other", "\n".join(BOAT)),
        ]


def test_the_only_poem_has_the_title_of_its_document() -> None:
    (poem,) = parse_file(odt(odt_lines(LAMP), meta=META), "x.odt").poems
    assert (poem.title, poem.author) == ("Ferry Songs", "Ann Other")
    nobody = "<meta:initial-creator>Unknown</meta:initial-creator>"
    assert parse_file(odt(odt_lines(LAMP), meta=nobody), "x.odt").poems[0].author is None


def refused(data: bytes) -> str:
    with pytest.raises(PoetBotError) as caught:
        parse_file(data, "x.odt")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_file_of_another_kind_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "can't be read as an OpenDocument text" in refused(b"plain text that was named otherwise")
    assert "can't be read as an OpenDocument text" in refused(zipped({"mimetype": "text"}))
    assert "can't be read as an OpenDocument text" in refused(odt(p("one"))[:-40])
    assert "is empty" in refused(odt(p(" ")))
    assert "is empty" in refused(b"<html>a page</html>")
    assert "broken XML" in refused(fodt(p("one"))[:-40])
    assert "nested too deeply" in refused(odt("<text:span>" * 2_000 + "</text:span>" * 2_000))
    assert "declares XML entities" in refused(
        fodt(p("&b;")).replace(b"?>", b'?><!DOCTYPE x [<!ENTITY b "ha">]>', 1)
    )
    locked = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:encryption-data/></manifest:manifest>'
    assert "locked with a password" in refused(
        zipped({"content.xml": b"\x8d\0", "META-INF/manifest.xml": locked})
    )
    monkeypatch.setattr(zip_archive, "MAX_TEXT", 1_000)
    assert "is too large for one document" in refused(odt(p("word " * 100) * 3))
    assert "is too large for one document" in refused(odt(p("<text:s text:c='900'/>one") * 2))
