"""PDF files: the lines that are seen on their pages. Each file is made here, byte by byte or by pypdf's writer."""

import io
import re

import pytest
from pypdf import PdfReader, PdfWriter

from poetbot.corpus.loading import parse_file
from poetbot.documents import pdf as reading
from poetbot.documents import zip_archive
from poetbot.documents.pdf import read_pdf
from poetbot.errors import PoetBotError
from tests.documents.samples import BOAT, LAMP, Shown, pdf, set_page

PROSE = [
    "The ferry was late again, and nobody was told why, though we had waited on the",
    "landing stage for an hour and more with all our bags; in the end a boy came out",
    "and said that it would not come, and so we walked back up the hill in the rain.",
] * 8


def text_of(*pages: list[Shown]) -> str:
    return read_pdf(pdf(pages), "x.pdf").text


def indented(lines: tuple[str, ...]) -> list[str]:
    return [" " * 4 * (number % 2) + line for number, line in enumerate(lines)]


def test_lines_indents_and_stanzas_are_as_they_are_seen() -> None:
    lines = [*indented(LAMP), "", *indented(BOAT)]
    assert text_of(set_page(lines)) == "\n".join(lines) + "\n"


def test_lines_may_stand_in_any_order_in_the_file() -> None:
    assert text_of(set_page(LAMP)[::-1]) == "\n".join(LAMP) + "\n"


@pytest.mark.parametrize("pitch", [11.0, 13.0, 16.0, 22.0, 26.0])
def test_stanza_breaks_are_found_at_any_line_spacing(pitch: float) -> None:
    page = set_page(LAMP, pitch=pitch) + set_page(BOAT, top=530 - 5 * pitch, pitch=pitch)
    assert text_of(page) == "\n".join([*LAMP, "", *BOAT]) + "\n"


def test_poems_with_their_titles_among_prose() -> None:
    first = set_page(["Lamp", *LAMP, "", *BOAT], "Songs of the Ferry", "1", headings=["Lamp"])
    second = set_page(PROSE, "Songs of the Ferry", "2")
    third = set_page(["Boats", *BOAT], "Songs of the Ferry", "3", headings=["Boats"])
    found = parse_file(pdf([first, second, third], info="/Author(Ann Other)/Title(draft.doc)"), "x.pdf")
    assert [(poem.title, poem.author, poem.text) for poem in found.poems] == [
        ("Lamp", "Ann Other", "\n".join([*LAMP, "", *BOAT])),
        ("Boats", "Ann Other", "\n".join(BOAT)),
    ]


def test_a_heading_right_below_a_poem_begins_another() -> None:
    lines = ["Lamp", *LAMP, "", *BOAT, "Boats", *BOAT, "", *LAMP]
    page = set_page(lines, headings=["Lamp", "Boats"])
    found = parse_file(pdf([page]), "x.pdf").poems
    assert [poem.title for poem in found] == ["Lamp", "Boats"]


LONG = [line for number in range(9) for line in (*LAMP, "")]


def test_a_poem_goes_on_over_a_page_that_is_full() -> None:
    """Forty rows a page: the first poem breaks between stanzas, then inside of one."""
    whole = [*LONG[:39], "", *LONG[:39]]
    between = text_of(set_page(LONG[:39], "Ferries", "- 7 -"), set_page(LONG[:39], "Ferries", "- 8 -"))
    assert between == "\n".join(whole) + "\n"
    inside = text_of(set_page(LONG[:37], "Ferries", "- 7 -"), set_page(LONG[2:39], "Ferries", "- 8 -"))
    assert inside == "\n".join([*LONG[:37], *LONG[2:39]]) + "\n"


def test_a_page_that_ends_early_ends_its_poem() -> None:
    full, short = set_page(LONG[:39], "", "1"), set_page(LAMP, "", "2")
    assert text_of(full, short, set_page(BOAT, "", "3")).endswith(
        "\n".join([*LAMP, "", "", "", "", *BOAT]) + "\n"
    )


@pytest.mark.parametrize(
    "feet",
    [
        ["1", "2", "3"],
        ["- 11 -", "- 12 -", "- 13 -"],
        ["Page 1 of 3", "Page 2 of 3", "Page 3 of 3"],
        ["iv", "v", "vi"],
        ["[3]", "", "[5]"],
    ],
)
def test_page_numbers_are_left_out(feet: list[str]) -> None:
    pages = [set_page([f"A line with {number} in it,", *LAMP], foot=foot) for number, foot in enumerate(feet)]
    text = text_of(*pages)
    assert all(foot not in text.split("\n") for foot in feet if foot) and text.count(LAMP[3]) == 3
    heads = [set_page([f"A line with {number} in it,", *LAMP], head=foot) for number, foot in enumerate(feet)]
    assert text_of(*heads) == text


def test_the_number_of_a_single_page_is_left_out() -> None:
    assert text_of(set_page(LAMP, foot="7")) == "\n".join(LAMP) + "\n"


def test_running_heads_are_left_out() -> None:
    heads = ["Songs of the Ferry", "Ann Other"] * 4
    text = text_of(*(set_page(LONG[:39], head, str(number)) for number, head in enumerate(heads)))
    assert text == "\n".join([*LONG[:39], ""] * 8).rstrip("\n") + "\n"
    numbered = [f"{number}   Songs of the Ferry" for number in range(20, 28)]
    assert text_of(*(set_page(LONG[:39], head) for head in numbered)) == text


def test_repeated_text_stays() -> None:
    """A refrain at the end of pages, titles with numbers, and the title of a long poem that is its running head too."""
    refrain = [[*LAMP, "", *BOAT[: 2 + number % 3], "And home we go."] for number in range(6)]
    assert text_of(*map(set_page, refrain)).count("And home we go.") == 6
    titled = [set_page([f"Song {n}", "", *LAMP], foot=str(n)) for n in range(1, 7)]
    assert [f"Song {n}" in text_of(*titled).split("\n") for n in range(1, 7)] == [True] * 6
    others = [set_page([*LAMP, "", *BOAT][: 9 - n % 2], foot=str(n)) for n in range(1, 9)]
    long = [set_page(["The Long Ferry", "", *LONG[:37]], foot=str(n)) for n in range(9, 12)]
    assert text_of(*others, *long).split("\n").count("The Long Ferry") == 1


def test_space_between_separately_placed_words_is_one_space() -> None:
    line = [(50.0, 500.0, 10.0, "The lamp"), (98.0, 500.0, 10.0, "is lit"), (170.0, 500.0, 10.0, "far away")]
    assert text_of(line) == "The lamp is lit far away\n"
    meant = text_of([*set_page(LAMP), *set_page(BOAT, top=400), *line[:1], (130.0, 500.0, 10.0, "is lit")])
    assert re.search(r"^The lamp {5,}is lit$", meant, re.MULTILINE)


def test_ligatures_and_radicals_are_normalised() -> None:
    table = (
        b"/CIDInit/ProcSet findresource begin begincmap 1 begincodespacerange<00><FF>endcodespacerange "
        b"4 beginbfchar<41><2FAC><42><2ED4><43><FB01><44><0000>endbfchar endcmap end"
    )
    font = b"<</Type/Font/Subtype/TrueType/BaseFont/X/ToUnicode 6 0 R/FirstChar 65/LastChar 68/Widths[900 900 900 900]>>"
    page = b"BT /F1 12 Tf 50 500 Td (ABCD) Tj ET"
    made = pdf([page], more=[b"<</Length %d>>stream\n%s\nendstream" % (len(table), table)])
    made = made.replace(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>", font)
    assert read_pdf(made, "x.pdf").text == "雨门fi\n"


def test_text_in_a_drawing_of_its_own_and_text_that_is_turned() -> None:
    drawing = b"BT /F1 10 Tf 50 500 Td (The lamp is lit) Tj ET"
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 420 595]/Resources<</Font<</F1 3 0 R>>>>/Length %d>>stream\n%s\nendstream"
    made = pdf([b"/X1 Do"], more=[form % (len(drawing), drawing)])
    made = made.replace(b"/Resources<<", b"/Resources<</XObject<</X1 6 0 R>>")
    assert read_pdf(made, "x.pdf").text.strip() == "The lamp is lit"
    assert "The lamp" in read_pdf(pdf([b"BT /F1 10 Tf 0 1 -1 0 50 100 Tm (The lamp) Tj ET"]), "x.pdf").text


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([set_page(LAMP)]))))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(PoetBotError) as caught:
        parse_file(data, "x.pdf")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_file_that_is_locked_and_one_that_an_empty_password_opens() -> None:
    assert parse_file(encrypted(""), "x.pdf").poems[0].text == "\n".join(LAMP)
    assert "x.pdf is encrypted" in refused(encrypted("secret"))
    newest = "/Encrypt<</Filter/Standard/V 5/R 6/Length 256/P -4/CF<</StdCF<</CFM/AESV3/Length 32>>>>/StmF/StdCF/StrF/StdCF"
    newest += (
        f"/O<{'00' * 48}>/U<{'00' * 48}>/OE<{'00' * 32}>/UE<{'00' * 32}>/Perms<{'00' * 16}>>>/ID[<00><00>]"
    )
    assert "x.pdf is encrypted" in refused(pdf([set_page(LAMP)], trailer=newest))


def test_a_scan_has_no_text() -> None:
    assert "contains only images of its pages" in refused(pdf([b"0 0 100 100 re f", b""]))


def test_a_file_of_another_kind_is_an_error() -> None:
    good = pdf([set_page(LAMP)])
    assert "can't be read as a PDF" in refused(b"plain text that was named otherwise")
    assert "can't be read as a PDF" in refused(b"<html><body>Sign in to see this file</body></html>")
    assert "can't be read as a PDF" in refused(good[:60])
    assert "can't be read as a PDF" in refused(good[: len(good) // 2])
    assert parse_file(b"\n\n" + good, "x.pdf").poems[0].text == "\n".join(LAMP)


def test_a_pdf_that_holds_more_than_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf([set_page(LAMP), set_page(BOAT)])
    with monkeypatch.context() as patched:
        patched.setattr(reading, "MAX_PAGES", 1)
        assert "is too large for one document" in refused(data)
    with monkeypatch.context() as patched:
        patched.setattr(reading, "_MOST_SECONDS", 0.0)
        assert "is too large for one document" in refused(data)
    with monkeypatch.context() as patched:
        patched.setattr(zip_archive, "MAX_TEXT", 100)
        assert "is too large for one document" in refused(data)
