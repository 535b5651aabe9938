"""Bytes to text: every encoding that is understood, every sentence for what is not."""

import codecs
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus import decode
from poetbot.documents.decoding import MAX_BYTES, check_size
from poetbot.documents.line_endings import with_line_feeds
from poetbot.errors import PoetBotError

TEXT = "Grey gulls above the harbour wall,\nßüße Œnone — “quoted”,\n春眠\n"
texts = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\u2028\u2029")
    | st.sampled_from("\n\r\t"),
    min_size=1,
).filter(lambda text: text.strip() and not text.startswith("\ufeff"))


def refused(data: bytes) -> str:
    with pytest.raises(PoetBotError) as caught:
        decode(data, "verse.txt")
    sentence = str(caught.value)
    assert "verse.txt" in sentence and "\n" not in sentence and sentence.endswith(".")
    return sentence


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        codecs.BOM_UTF8 + TEXT.encode("utf-8"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode("utf-8"),
        TEXT.replace("\n", "\r").encode("utf-8"),
        codecs.BOM_UTF16_LE + TEXT.replace("\n", "\r\n").encode("utf-16-le"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
    ],
)
def test_every_understood_form_gives_the_same_text(data: bytes) -> None:
    assert decode(data, "verse.txt") == TEXT


@given(texts)
def test_only_line_ends_change(text: str) -> None:
    expected = with_line_feeds(text)
    assert decode(text.encode("utf-8"), "x") == expected
    assert decode(codecs.BOM_UTF16_BE + text.encode("utf-16-be"), "x") == expected


@given(st.binary())
def test_any_bytes_are_text_or_an_error(data: bytes) -> None:
    try:
        text = decode(data, "verse.txt")
    except PoetBotError as error:
        assert "\n" not in str(error)
    else:
        assert text.strip() and "\r" not in text and "\0" not in text


def test_tabs_are_kept() -> None:
    assert decode(b"a\tb\n\tc", "x") == "a\tb\n\tc"


def test_line_and_byte_of_a_foreign_character_are_named() -> None:
    sentence = refused("öne\r\ntwö\rthr".encode() + b"\xe9e\nfour")
    assert "line 3" in sentence and "byte 14" in sentence and "0xE9" in sentence


def test_place_is_named_beyond_a_byte_order_mark() -> None:
    assert "line 2 (byte 5" in refused(codecs.BOM_UTF8 + b"a\n\xff")


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_empty(data: bytes) -> None:
    assert "empty" in refused(data)


def test_binary_names_the_zero_byte() -> None:
    sentence = refused(b"a line\nsome\0thing else that is long enough to be no other thing")
    assert "isn't text" in sentence and "line 2" in sentence and "byte 11" in sentence


def test_broken_utf16_names_the_line() -> None:
    data = codecs.BOM_UTF16_LE + "one\ntwo\n".encode("utf-16-le") + b"\x00\xd8" + "x".encode("utf-16-le")
    assert "line 3" in refused(data)


def test_control_characters_are_no_text() -> None:
    assert "control characters" in refused(bytes(range(1, 9)) * 50)


def test_a_stray_form_feed_is_fine() -> None:
    assert decode(b"end of a page\x0c\n" + b"and on it goes\n" * 20, "x").startswith("end")


def zipped(*names: str, first: str = "") -> bytes:
    """Return a zip with these members, as OpenDocument has it with its kind uncompressed at the start."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        if first:
            file.writestr("mimetype", first)
        for name in names:
            file.writestr(name, "b", zipfile.ZIP_DEFLATED)
    return packed.getvalue()


WORD = ("[Content_Types].xml", "word/document.xml")
ODF = "application/vnd.oasis.opendocument."


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF, not plain text. Rename it to end in .pdf, then try again."),
        (zipped(*WORD), "is a Word document, not plain text. Rename it to end in .docx, then try again."),
        (zipped("META-INF/container.xml"), "is an EPUB book, not plain text. Rename it to end in .epub"),
        (
            zipped("content.xml", first=ODF + "text"),
            "is an OpenDocument text, not plain text. Rename it to end",
        ),
        (zipped("content.xml", first=ODF + "spreadsheet"), "is an OpenDocument file without running text"),
        (zipped("xl/workbook.xml"), "is an Excel workbook, not plain text. Save its sheet as CSV"),
        (zipped("ppt/presentation.xml"), "is a PowerPoint presentation"),
        (zipped("Index/Document.iwa"), "is an Apple Pages, Numbers or Keynote document"),
        (zipped("a"), "is a zip file, not plain text. Unpack it, then try again."),
        (zipped("word/document.xml.txt"), "is a zip file"),
        (zipped(*WORD)[:-30], "is a zip file"),  # of half a file nothing can be told
        (zipped(*WORD, *map(str, range(10_000))), "is a zip file"),  # more members than are looked at
    ],
)
def test_documents_are_called_by_name(data: bytes, said: str) -> None:
    assert said in refused(data)


def test_a_zip_that_holds_documents_is_a_zip() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:  # stored, so that the names inside stand in the bytes
        file.writestr("poems.docx", zipped(*WORD))
    assert "is a zip file" in refused(packed.getvalue())


def test_size_is_bounded_before_anything_is_read() -> None:
    check_size(MAX_BYTES, "x")
    with pytest.raises(PoetBotError, match="limit of 100 MB"):
        check_size(MAX_BYTES + 1, "x")
