"""Documents are told apart by what is in them; whatever takes a text file takes them too."""

import json
from pathlib import Path

import pytest

from poetbot.__main__ import main
from poetbot.corpus.loading import parse_file, read_text
from poetbot.documents.formats import DOCUMENT_SUFFIXES, read_document
from poetbot.errors import PoetBotError
from tests.documents.samples import LAMP, epub, fodt, odt, odt_lines, pdf, set_page, zipped

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx() -> bytes:
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in LAMP)
    body = f'<w:document xmlns:w="{WORD}"><w:body>{lines}</w:body></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": body})


MADE = {
    ".docx": docx(),
    ".odt": odt(odt_lines(LAMP)),
    ".ott": odt(odt_lines(LAMP)),
    ".fodt": fodt(odt_lines(LAMP)),
    ".pdf": pdf([set_page(LAMP)]),
    ".epub": epub({"a.xhtml": f"<p>{'<br/>'.join(LAMP)}</p>"}),
}


@pytest.mark.parametrize("made", MADE)
def test_each_kind_is_read_whatever_its_name_ends_in(made: str) -> None:
    assert set(MADE) == DOCUMENT_SUFFIXES
    for ending in (*DOCUMENT_SUFFIXES, ending_in_capitals := made.upper()):
        if made == ".fodt" and ending not in (".odt", ".ott", ".fodt", ending_in_capitals):
            continue  # no more than text to the others
        (poem,) = parse_file(MADE[made], f"poems{ending}").poems
        assert poem.text == "\n".join(LAMP), ending


@pytest.mark.parametrize("made", [".docx", ".odt", ".epub"])
def test_a_document_named_as_text_is_an_error_that_names_the_right_suffix(made: str) -> None:
    """Read as its content says it would be read in the app's own process: nothing says beforehand how much it holds."""
    for name in ("poems.txt", "poems", "poems.zip"):
        with pytest.raises(
            PoetBotError, match=rf"not plain text. Rename it to end in \{made}, then try again\.$"
        ):
            parse_file(MADE[made], name)


def test_a_pdf_with_another_suffix_is_an_error_too() -> None:
    with pytest.raises(
        PoetBotError, match=r"is a PDF, not plain text. Rename it to end in \.pdf, then try again"
    ):
        parse_file(MADE[".pdf"], "poems.txt")


def test_a_zip_of_something_else_is_not_a_document() -> None:
    for ending in (".docx", ".odt", ".epub"):
        with pytest.raises(PoetBotError, match=r"poems can't be read as an? "):
            read_document(zipped({"photo.jpg": b"\xff\xd8\xff"}), "poems", ending)


def test_a_command_that_takes_a_text_takes_a_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for ending, data in MADE.items():
        path = tmp_path / f"poem{ending}"
        path.write_bytes(data)
        assert read_text(path).strip() == "\n".join(LAMP)
        assert main(["study", "marks", str(path), "--json"]) == 0
        assert LAMP[0] in json.dumps(json.loads(capsys.readouterr().out))
        assert main(["corpus", str(path), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["poems"] == 1
