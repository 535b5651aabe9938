"""Word documents to text; each document is made here."""

import io
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus.loading import parse_file
from poetbot.documents import zip_archive
from poetbot.documents.docx import text_of_docx
from poetbot.errors import PoetBotError

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STANZA = (
    "The kettle sings upon the stove,",
    "The cat is fast asleep;",
    "And all the words I have for love",
    "Are more than I can keep.",
)


def paragraph(text: str, style: str = "") -> str:
    runs = "<w:br/>".join(f"<w:t>{line}</w:t>" for line in text.split("\n"))
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r>{runs}</w:r></w:p>'


def docx(body: str, member: str = "word/document.xml", head: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(member, f'{head}<w:document xmlns:w="{SPACE}"><w:body>{body}</w:body></w:document>')
    return file.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(PoetBotError) as caught:
        text_of_docx(data, "poems.docx")
    sentence = str(caught.value)
    assert sentence.startswith("poems.docx") and "\n" not in sentence
    return sentence


def test_a_paragraph_is_a_line_and_an_empty_one_a_stanza_break() -> None:
    body = "".join(map(paragraph, ("one", "two", "", "three")))
    assert text_of_docx(docx(body), "x") == "one\ntwo\n\nthree\n"


def test_a_paragraph_with_line_breaks_is_a_stanza() -> None:
    body = paragraph("one\ntwo") + paragraph("three\nfour")
    assert text_of_docx(docx(body), "x") == "\none\ntwo\n\n\nthree\nfour\n"


def test_poems_with_headings_are_found() -> None:
    body = paragraph("Stove Song", "Heading1") + "".join(map(paragraph, STANZA))
    found = parse_file(docx(body * 2), "My Poems.docx")
    assert [(poem.title, poem.text) for poem in found.poems] == [("Stove Song", "\n".join(STANZA))] * 2
    assert found.text and found.blocks and "exact copy" in str(found.notices[0])


def test_hidden_text_is_left_out() -> None:
    body = (
        "<w:p><w:r><w:t>kept</w:t><w:tab/><w:t>too</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        '<m:t xmlns:m="urn:other">not ours</m:t>'
        '<c:Fallback xmlns:c="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:t>twice</w:t></c:Fallback>'
        "</w:p>"
    )
    assert text_of_docx(docx(body), "x") == "kept too\n"


@given(st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N", "Po"]), max_size=20), max_size=20))
def test_every_paragraph_is_kept(lines: list[str]) -> None:
    escaped = "".join(paragraph(line.replace("&", "&amp;").replace("<", "&lt;")) for line in lines)
    text = text_of_docx(docx(escaped), "x")
    assert text.strip("\n") == "\n".join(lines).strip("\n")


@given(st.binary(max_size=300), st.integers(0, 400))
def test_damaged_files_are_text_or_an_error(noise: bytes, place: int) -> None:
    good = docx(paragraph("one"))
    data = good[:place] + noise + good[place + len(noise) :]
    try:
        text_of_docx(data, "x")
    except PoetBotError as error:
        assert "\n" not in str(error)


def test_a_zip_bomb_is_refused_by_what_it_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "MAX_XML_BYTES", 1_000_000)
    assert "is too large for one document" in refused(docx("<w:p/>" * 1_000_000))


def test_a_zip_bomb_is_refused_by_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both records of the size are made to lie."""
    monkeypatch.setattr(zip_archive, "MAX_XML_BYTES", 1_000_000)
    body = "<w:p/>" * 1_000_000
    data = docx(body)
    size = len(f'<w:document xmlns:w="{SPACE}"><w:body>{body}</w:body></w:document>').to_bytes(4, "little")
    assert data.count(size) == 2
    refused(data.replace(size, (1000).to_bytes(4, "little")))


def test_no_more_is_unpacked_than_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted while it is unpacked, too, should a size be believed that is not true."""
    data = docx("<w:p/>" * 1_000_000)
    monkeypatch.setattr(zip_archive, "MAX_XML_BYTES", 1_000_000)
    told = zipfile.ZipFile.getinfo

    def lying(self: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
        member = told(self, name)
        monkeypatch.setattr(member, "file_size", _Small(member.file_size), raising=True)
        return member

    monkeypatch.setattr(zipfile.ZipFile, "getinfo", lying)
    assert "is too large for one document" in refused(data)


class _Small(int):
    """A size that is never greater than anything."""

    def __gt__(self, other: int) -> bool:
        return False


def test_an_entity_bomb_is_refused() -> None:
    head = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 1000 + '">]>'
    assert "entities" in refused(docx(paragraph("&b;"), head=head))


def test_a_file_of_another_kind_is_an_error() -> None:
    assert "can't be read as a Word document" in refused(b"plain text that was named otherwise")
    assert "can't be read as a Word document" in refused(docx("", member="other.xml"))
    assert "broken XML" in refused(docx("<w:p>"))
    assert "too deep" in refused(docx("<w:p>" * 100_000))
    assert "too many parts" in refused(b"PK\x01\x02" * 20_000)
    with pytest.raises(PoetBotError, match="is empty"):
        parse_file(docx(paragraph(" ")), "x.docx")


def test_unbounded_ways_of_packing_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "can't be read as a Word document" in refused(file.getvalue())


def test_a_member_name_that_is_not_the_utf_8_it_claims() -> None:
    data = bytearray(docx(paragraph("one")))
    at = data.index(b"PK\x01\x02")  # its entry in the list of members
    data[at + 9] |= 0x08  # the flag that says the name is UTF-8
    data[at + 46] = 0xFF
    assert "can't be read as a Word document" in refused(bytes(data))


def test_damaged_packing() -> None:
    data = docx(paragraph("word " * 1000))
    at = data.index(b"word/document.xml") + 17
    assert zlib.crc32(data) and "can't be read as a Word document" in refused(
        data[:at] + b"\xff" * 20 + data[at + 20 :]
    )
