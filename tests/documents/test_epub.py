"""EPUB books: their chapters in order, without what is no text of the book. Each book is made here."""

import pytest

from poetbot.corpus.loading import parse_file
from poetbot.documents import zip_archive
from poetbot.documents.epub import read_epub
from poetbot.documents.reader import read_content
from poetbot.errors import PoetBotError
from tests.documents.samples import BOAT, LAMP, XHTML, epub, zipped

BREAKS = f"<h1>Lamp</h1><p>{'<br/>'.join(LAMP)}</p>"
DIVS = f"<h2>Boats</h2><div class='poem'>{''.join(f'<div class=line>{line}</div>' for line in BOAT)}</div>"
SPANS = f"<h2>Boats</h2><div class='stanza'>{''.join(f'<span class=i2>{line}<br/></span>' for line in BOAT)}</div>"
PRE = "<h2>Boats</h2><pre>" + "\n".join(BOAT) + "</pre>"


def test_a_chapter_a_poem_and_many_in_one() -> None:
    for second in (DIVS, SPANS, PRE):
        for chapters in ({"a.xhtml": BREAKS, "b.xhtml": second}, {"a.xhtml": BREAKS + second}):
            found = parse_file(epub(chapters), "Ferries.epub")
            assert [(poem.title, poem.author, poem.text) for poem in found.poems] == [
                ("Lamp", "Ann Other", "\n".join(LAMP)),
                ("Boats", "Ann Other", "\n".join(BOAT)),
            ]


def text_of(chapters: dict[str, str], **more: object) -> str:
    return read_epub(epub(chapters, **more), "x.epub").text  # type: ignore[arg-type]


def test_chapters_stand_in_the_order_in_which_they_are_read() -> None:
    chapters = {"a.xhtml": "<p>one</p>", "b.xhtml": "<p>two</p>"}
    assert text_of(chapters) == "one" + "\n" * 5 + "two\n"
    assert text_of(chapters, spine='<itemref idref="i1"/><itemref idref="i0"/>') == "two" + "\n" * 5 + "one\n"
    assert text_of(chapters, spine='<itemref idref="i1"/><itemref idref="i1"/>') == "two\n"
    assert text_of(chapters, spine='<itemref idref="i0"/><itemref idref="i1" linear="no"/>') == "one\n"
    assert text_of(chapters, spine='<itemref idref="i1" linear="no"/><itemref idref="none"/>') == "two\n"


def test_a_chapter_that_is_missing_is_left_out_with_a_notice() -> None:
    chapters = {"a.xhtml": f"<p>{'<br/>'.join(LAMP)}</p>", "b.xhtml": f"<p>{'<br/>'.join(BOAT)}</p>"}
    listed = "".join(f'<item id="g{n}" href="gone{n}.xhtml" media-type="{XHTML}"/>' for n in range(7))
    order = "".join(f'<itemref idref="{each}"/>' for each in ("i0", *(f"g{n}" for n in range(7)), "i1"))
    content = read_content(epub(chapters, items=listed, spine=order), "boats.epub")
    assert content.text == "\n".join(LAMP) + "\n" * 5 + "\n".join(BOAT) + "\n"
    names = ", ".join(f"gone{n}.xhtml" for n in range(5))
    assert list(map(str, content.notices)) == [
        f"boats.epub lists chapters that it doesn't contain: {names}, …."
    ]


def test_a_rule_separates_the_poems_of_a_chapter() -> None:
    chapter = f"<p>{'<br/>'.join(LAMP)}</p><hr/><p>{'<br/>'.join(BOAT)}</p>"
    found = parse_file(epub({"a.xhtml": chapter}), "boats.epub")
    assert [poem.text for poem in found.poems] == ["\n".join(LAMP), "\n".join(BOAT)]


def test_a_books_own_pages_are_left_out() -> None:
    chapters = {
        "Text/cover.xhtml": "<p>Ferries</p>",
        "Text/Title_Page-01.xhtml": "<p>Ferries</p>",
        "Text/toc.xhtml": "<p>Lamp</p>",
        "Text/ch%20one.xhtml": "<p>one</p>",
        "Text/guided.xhtml": "<p>Printed in Hull</p>",
        "Text/index_0.html": "<p>two</p>",
        "Text/map.xhtml": "<p>Lamp</p>",
    }
    guide = '<reference type="copyright-page" href="Text/guided.xhtml"/><reference type="toc" href="Text/index_0.html#top"/>'
    more = {"OEBPS/Text/ch one.xhtml": "<p>one</p>"}
    text = text_of(chapters, guide=guide, properties={"Text/map.xhtml": "nav"}, more=more)
    assert text == "one" + "\n" * 5 + "two\n"
    assert text_of({"toc.xhtml": "<p>all of it</p>"}) == "all of it\n"


def test_parts_marked_as_other_than_text_are_left_out() -> None:
    body = (
        "<nav epub:type='toc'><ol><li>Lamp</li></ol></nav><section epub:type=\"copyright-page\"><p>Hull</p></section>"
        "<p>one<a epub:type='noteref' href='#n'>4</a><span epub:type='z3998:x pagebreak' title='7'>7</span></p>"
        "<section role='doc-endnotes'><p>A note.</p></section><section epub:type='chapter'><p>two</p></section>"
    )
    assert text_of({"a.xhtml": body}) == "one\n\ntwo\n"


@pytest.mark.parametrize(
    ("meta", "author"),
    [
        ("<dc:creator>Ann Other</dc:creator>", "Ann Other"),
        (
            "<dc:creator opf:role='aut'>Ann Other</dc:creator><dc:creator opf:role='edt'>Ed</dc:creator>",
            "Ann Other",
        ),
        (
            "<dc:creator id='c'>Tom Translator</dc:creator><meta refines='#c' property='role'>trl</meta>"
            "<dc:creator id='d'>Ann\n Other</dc:creator><meta refines='#d' property='role'>aut</meta>",
            "Ann Other",
        ),
        ("<dc:creator>Ann Other</dc:creator><dc:creator>Bo Two</dc:creator>", "Ann Other and Bo Two"),
        ("".join(f"<dc:creator>Ann {n}</dc:creator>" for n in range(9)), None),
        ("<dc:creator>Various</dc:creator>", None),
        ("<dc:creator>" + "Ann " * 999 + "</dc:creator>", None),
        ("", None),
    ],
)
def test_the_author(meta: str, author: str | None) -> None:
    assert read_epub(epub({"a.xhtml": BREAKS}, meta), "x.epub").author == author


def test_the_title_is_that_of_an_only_poem_without_one() -> None:
    (poem,) = parse_file(epub({"a.xhtml": f"<p>{'<br/>'.join(LAMP)}</p>"}), "x.epub").poems
    assert poem.title == "Ferries"


def refused(data: bytes) -> str:
    with pytest.raises(PoetBotError) as caught:
        parse_file(data, "x.epub")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def encryption(algorithm: str) -> dict[str, str]:
    return {
        "META-INF/encryption.xml": '<encryption><EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#">'
        f'<EncryptionMethod Algorithm="{algorithm}"/></EncryptedData></encryption>'
    }


def test_encrypted_books_are_refused_but_not_encrypted_fonts() -> None:
    chapters = {"a.xhtml": BREAKS}
    aes = encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    assert "locked by its seller" in refused(epub(chapters, more=aes))
    for mangling in ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"):
        assert parse_file(epub(chapters, more=encryption(mangling)), "x.epub").poems


def test_a_file_of_another_kind_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "can't be read as an EPUB book" in refused(b"plain text that was named otherwise")
    assert "can't be read as an EPUB book" in refused(zipped({"mimetype": "application/epub+zip"}))
    assert "can't be read as an EPUB book" in refused(zipped({"META-INF/container.xml": "<container/>"}))
    assert "can't be read as an EPUB book" in refused(epub({"a.xhtml": BREAKS})[:-40])
    assert "can't be read as an EPUB book" in refused(epub({}))
    gone = f'<item id="g" href="gone.xhtml" media-type="{XHTML}"/>'
    assert "can't be read as an EPUB book" in refused(epub({}, items=gone, spine='<itemref idref="g"/>'))
    assert "is empty" in refused(epub({"a.xhtml": "<img src='x.png'/>"}))
    monkeypatch.setattr(zip_archive, "MAX_TEXT", 1_000)
    assert "is too large for one document" in refused(epub({"a.xhtml": "<p>word word</p>" * 200}))
    monkeypatch.setattr(zip_archive, "MAX_PARAGRAPH", 100)
    assert "a paragraph of more than 100 characters" in refused(epub({"a.xhtml": f"<p>{'word ' * 50}</p>"}))


def styled(css: str, body: str) -> bytes:
    """Return a book of one chapter and one stylesheet, which its manifest lists."""
    items = '<item id="c" href="Styles/book.css" media-type="text/css"/>'
    return epub({"a.xhtml": body}, items=items, more={"OEBPS/Styles/book.css": css})


def lines(texts: tuple[str, ...], classes: str = "line") -> str:
    return "".join(f"<p class='{classes}'>{line}</p>" for line in texts)


PROSE = (
    "The ferry was late again, and nobody was told why, though we had waited on the landing stage for an hour and "
    "more with all our bags; in the end a boy came out and said it would not come, and we walked back up the hill."
)


@pytest.mark.parametrize(
    ("css", "body"),
    [
        ("p.line {margin: 0}", lines(LAMP) + "<p>&#160;</p>" + lines(BOAT)),
        (
            ".line {margin:0} .new {margin-top: 1em}",
            lines(LAMP) + lines(BOAT[:1], "line new") + lines(BOAT[1:]),
        ),
        (
            ".line {margin:0 0 2px} .last {margin-bottom: 12pt}",
            lines(LAMP[:3]) + lines(LAMP[3:], "line last") + lines(BOAT),
        ),
        (
            "div.verse p {margin-top:0;margin-bottom:0} .part {margin:1em 0}",
            f"<div class='verse'><div class='part'>{lines(LAMP)}</div><div class='part'>{lines(BOAT)}</div></div>",
        ),
        ("p {margin:0; text-indent:1em}", f"<p>{'<br/>'.join(LAMP)}</p><p>{'<br/>'.join(BOAT)}</p>"),
        (
            "p {margin:0} span {display:block}",
            f"<p>{''.join(f'<span>{line}</span>' for line in LAMP)}</p><p>{''.join(f'<span>{line}</span>' for line in BOAT)}</p>",
        ),
        ("p.verse {margin:0}", lines(LAMP, "verse") + "<p class='verse'>&#160;</p>" + lines(BOAT, "verse")),
    ],
)
def test_lines_that_are_paragraphs_are_told_by_the_stylesheet(css: str, body: str) -> None:
    found = parse_file(styled(css, f"<h1>Lamp</h1>{body}<p>{PROSE}</p>"), "x.epub").poems
    assert [(poem.title, poem.text) for poem in found] == [("Lamp", "\n".join([*LAMP, "", *BOAT]))]


def test_lines_are_indented_as_the_stylesheet_says() -> None:
    css = ".i2 {margin-left:2em} .hang {padding-left:3em;text-indent:-2em} blockquote {margin-left:9em} p {margin:0;text-indent:1em}"
    body = "<p>one<br/><span class='i2'>two</span><br/>three</p><p class='hang'>four</p><p style='margin-left:1em'>five</p>"
    assert read_epub(styled(css, body), "x.epub").text == "one\n    two\nthree\n\n  four\n  five\n"


def test_nested_indents_are_limited_to_the_page_width() -> None:
    nested = '<div style="margin-left:9em">a' * 50
    assert max(map(len, text_of({"a.xhtml": nested}).split("\n"))) == 101


def test_a_heading_is_the_title_of_its_poem_however_little_room_is_around_it() -> None:
    body = f"<h2>Lamp</h2>{lines(LAMP)}<h2>Boats</h2>{lines(BOAT)}"
    found = parse_file(styled("h2, p {margin:0}", body), "x.epub").poems
    assert [(poem.title, poem.text) for poem in found] == [
        ("Lamp", "\n".join(LAMP)),
        ("Boats", "\n".join(BOAT)),
    ]


def test_headings_and_verse_are_known_in_every_chapter() -> None:
    chapters = {
        f"{n}.xhtml": f"<h1>The {n}</h1><p>{PROSE}</p><div class='poem'>{'<br/>'.join(LAMP)}</div>"
        for n in range(3)
    }
    found = parse_file(epub(chapters), "x.epub").poems
    assert [(poem.title, poem.text) for poem in found] == [(f"The {n}", "\n".join(LAMP)) for n in range(3)]


def test_text_hidden_by_the_stylesheet_is_left_out() -> None:
    css = ".gone {display:none} @media amzn-kf8 {p {display:none}} @media screen {.too {display:none}}"
    assert (
        read_epub(styled(css, "<p>one</p><p class='gone'>two</p><p class='too'>three</p>"), "x.epub").text
        == "one\n"
    )


def test_paths_never_leave_the_book() -> None:
    chapters = {"../../../etc/passwd": "<p>one</p>", "a.xhtml": "<p>two</p>"}
    more = {"../../etc/passwd": "<p>one</p>"}
    assert text_of(chapters, more=more) == "one" + "\n" * 5 + "two\n"
    missing = '<item id="g" href="../../../../../../etc/hostname" media-type="application/xhtml+xml"/>'
    assert "can't be read as an EPUB book" in refused(epub({}, items=missing, spine='<itemref idref="g"/>'))
