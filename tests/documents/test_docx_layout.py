"""Word documents with a history and a layout: what a reader sees of them. Each document is made here."""

import io
import time
import tracemalloc
import zipfile

import pytest

from poetbot.corpus.loading import parse_file
from poetbot.documents import zip_archive
from poetbot.documents.docx import text_of_docx
from poetbot.errors import PoetBotError

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ONE = ["The lamp is lit, the door is shut,", "The kettle starts to sing,", "And every cup is on the shelf"]
TWO = ["The boats are back, the nets are dry,", "The harbour falls asleep,", "And nobody has asked me why"]


def docx(body: str, styles: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{SPACE}"><w:body>{body}</w:body></w:document>'
        )
        if styles:
            archive.writestr("word/styles.xml", f'<w:styles xmlns:w="{SPACE}">{styles}</w:styles>')
    return file.getvalue()


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def verse(lines: list[str]) -> str:
    return "".join(p(run(line)) for line in lines)


def text_of(body: str, styles: str = "") -> str:
    return text_of_docx(docx(body, styles), "x.docx")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (p("<w:moveFrom>" + run("moved") + "</w:moveFrom>") + p(run("one")), "one\n"),
        (p(run("one")) + p("<w:moveTo>" + run("moved") + "</w:moveTo>"), "one\nmoved\n"),
        (p(run("a"), "<w:del><w:r><w:delText>b</w:delText></w:r></w:del>", run("c")), "ac\n"),
        (p(run("a "), properties="<w:rPr><w:del/></w:rPr>") + p(run("b")), "a b\n"),
        (p(run("a "), properties="<w:rPr><w:moveFrom/></w:rPr>") + p(run("b")) + p(run("c")), "a b\nc\n"),
        (p(run("last"), properties="<w:rPr><w:ins/></w:rPr>") + p(run("b")), "last\nb\n"),
        (p(run("a")) + p(run("note", "<w:vanish/>")) + p(run("b")), "a\nb\n"),
        (p(run("seen", '<w:vanish w:val="0"/>'), run("not", "<w:vanish/>"), run("too")), "seentoo\n"),
        (p("<w:r><w:rPr><w:vanish/></w:rPr><w:br/><w:tab/><w:t>x</w:t></w:r>", run("a")), "a\n"),
        (p(run("a"), properties="<w:rPr><w:vanish/></w:rPr>") + p(run("b")), "ab\n"),
        (p(run("a"), properties="<w:pPrChange><w:pPr><w:pageBreakBefore/></w:pPr></w:pPrChange>"), "a\n"),
    ],
)
def test_changes_count_as_accepted_and_hidden_text_is_gone(body: str, text: str) -> None:
    assert text_of(body) == text


def test_a_stanza_that_was_struck_out_leaves_one_stanza_break() -> None:
    gone = "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
    struck = p(gone, properties="<w:rPr><w:del/></w:rPr>") * 3
    assert text_of(p(run("a")) + p() + struck + p(run("b"))) == "a\n\nb\n"


def test_readings_above_characters_are_left_out() -> None:
    ruby = "<w:r><w:ruby><w:rt><w:r><w:t>みなと</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>港</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    assert text_of(p(ruby, run("の灯"))) == "港の灯\n"


def test_numbers_of_pages_are_left_out_and_other_fields_stay() -> None:
    def field(instruction: str, shown: str) -> str:
        begin, middle, end = (
            f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
        )
        return f"{begin}<w:r><w:instrText>{instruction}</w:instrText></w:r>{middle}{run(shown)}{end}"

    assert text_of(p(field(" PAGE ", "7"), run("a "), field("HYPERLINK x", "link"))) == "a link\n"
    assert text_of(p(f'<w:fldSimple w:instr="PAGE">{run("7")}</w:fldSimple>', run("a"))) == "a\n"


def test_tabs_and_indents_indent_a_line() -> None:
    body = (
        p(run("a"))
        + p("<w:r><w:tab/><w:tab/></w:r>", run("b"))
        + p(run("c"), properties='<w:ind w:left="720"/>')
        + p(run("d"), properties='<w:ind w:left="720" w:hanging="720"/>')
        + p(run("e<w:x/>"), properties='<w:ind w:start="1440" w:firstLine="nonsense"/>')
        + p(run("f"), "<w:r><w:tab/></w:r>", run("g"))
    )
    assert text_of(body) == "a\n        b\n    c\nd\n        e\nf g\n"


def spaced(line: str, after: int | None, before: int = 0) -> str:
    room = f' w:after="{after}"' if after is not None else ""
    return p(run(line), properties=f'<w:spacing{room} w:before="{before}"/>')


def test_space_below_a_line_is_a_stanza_break() -> None:
    lines = spaced("a", 0) + spaced("b", 240) + spaced("c", 0) + spaced("d", 0)
    assert text_of(lines) == "a\nb\n\nc\nd\n"
    assert (
        text_of(spaced("a", 0) + spaced("b", 0) + spaced("c", 0, before=240) + spaced("d", 0))
        == "a\nb\n\nc\nd\n"
    )


def test_equal_spacing_is_not_a_stanza_break() -> None:
    assert text_of("".join(spaced(line, 240) for line in "abcd")) == "a\nb\nc\nd\n"


def test_spacing_of_the_style_counts() -> None:
    """The lines of a stanza have none, and its last one keeps what the style says."""
    styles = '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:pPr><w:spacing w:after="160"/></w:pPr></w:style>'
    lines = spaced("a", 0) + p(run("b")) + spaced("c", 0) + p(run("d"))
    assert text_of(lines, styles) == "a\nb\n\nc\nd\n"
    assert text_of(lines) == "a\nb\nc\nd\n"


PAGE = '<w:r><w:br w:type="page"/></w:r>'


@pytest.mark.parametrize(
    "body",
    [
        verse(ONE) + p(PAGE) + verse(TWO),
        verse(ONE) + p(PAGE, run(TWO[0])) + verse(TWO[1:]),
        verse(ONE) + p(run(TWO[0]), properties="<w:pageBreakBefore/>") + verse(TWO[1:]),
        verse(ONE[:-1]) + p(run(ONE[-1]), properties="<w:sectPr/>") + verse(TWO),
        f"<w:tbl><w:tr><w:tc>{verse(ONE)}</w:tc><w:tc>{verse(TWO)}</w:tc></w:tr></w:tbl>",
    ],
)
def test_pages_sections_and_cells_separate_poems(body: str) -> None:
    poems = parse_file(docx(body), "x.docx").poems
    assert [poem.text for poem in poems] == ["\n".join(ONE), "\n".join(TWO)]


def test_a_continuous_section_separates_nothing() -> None:
    going_on = p(run("b"), properties='<w:sectPr><w:type w:val="continuous"/></w:sectPr>')
    assert text_of(p(run("a")) + going_on + p(run("c"))) == "a\nb\nc\n"
    off = p(run("b"), properties='<w:pageBreakBefore w:val="false"/>')
    assert text_of(p(run("a")) + off) == "a\nb\n"


def test_cells_of_one_line_are_lines() -> None:
    rows = "".join(f"<w:tr><w:tc>{p(run(line))}</w:tc></w:tr>" for line in "abc")
    assert text_of(f"<w:tbl>{rows}</w:tbl>") == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (lambda: p(run("tide " * 18_000_000)), "a paragraph of more than 1,000,000 characters"),
        (lambda: p(run("tide " * 100_000)) * 180, "is too large for one document"),
    ],
)
def test_small_files_with_too_much_text_are_refused_early(body, says: str) -> None:
    data = docx(body())
    assert len(data) < 1_000_000
    tracemalloc.start()
    start = time.process_time()
    try:
        with pytest.raises(PoetBotError, match=says):
            text_of_docx(data, "x.docx")
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
    assert time.process_time() - start < 10


@pytest.mark.parametrize("body", ["<w:p/>" * 200_000, p("<w:r/>" * 200_000)])
def test_small_files_of_very_many_elements_are_refused(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = docx(body)
    assert text_of_docx(data, "x.docx") == ""
    monkeypatch.setattr(zip_archive, "MAX_ELEMENTS", 100_000)
    with pytest.raises(PoetBotError, match="is too large for one document"):
        text_of_docx(data, "x.docx")
