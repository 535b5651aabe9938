"""Documents made to harm: each is read, or refused in a sentence, in a time and a memory that are bounded."""

import random
import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from poetbot.corpus.loading import parse_file
from poetbot.documents import zip_archive
from poetbot.documents.formats import DOCUMENT_SUFFIXES, read_document
from poetbot.errors import PoetBotError
from poetbot.library.corpora.metadata import File, Metadata
from tests.documents.samples import CONTAINER, LAMP, XHTML, epub, fodt, odt, pdf, pdf_file, set_page, zipped

MOST_SECONDS = 20.0  # of the processor
MOST_MEMORY = 300_000_000


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), more, content)


def page_of(content: bytes, more: bytes = b"", extra: bytes = b"", resources: bytes = b"") -> bytes:
    """Return a PDF of one page, whose content is object 4; `extra` is object 6."""
    return pdf_file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>%s>>>>"
            % resources,
            stream(content, more),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            extra or b"null",
        ],
        "/Root 1 0 R",
    )


def tree(pages: bytes, *more: bytes) -> bytes:
    return pdf_file([b"<</Type/Catalog/Pages 2 0 R>>", pages, *more], "/Root 1 0 R")


def shown(number: int, at: Callable[[int], bytes], size: bytes = b"10") -> bytes:
    return b"".join(b"BT /F1 %s Tf %s Td (word) Tj ET\n" % (size, at(each)) for each in range(number))


FORM = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>/Length %d>>stream\n%s\nendstream"
DO = b"/X Do " * 300


def book_with(css: str, paragraphs: int = 1) -> bytes:
    """Return a book with a stylesheet."""
    body = "<div class='c d'>" + "<p class='a b'>one</p>" * paragraphs + "</div>"
    items = '<item id="css" href="x.css" media-type="text/css"/>'
    return epub({"a.xhtml": body}, items=items, more={"OEBPS/x.css": css})


BOMB = b"/Filter[/FlateDecode]"
ONE = "<p>one</p>"
MANY = [f'<item id="m{n}" href="{n % 9 * "./"}a.xhtml#{n}" media-type="{XHTML}"/>' for n in range(20_000)]

HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "pages that are their own parent": (
        ".pdf",
        lambda: tree(b"<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>"),
    ),
    "pages that hold one another": (
        ".pdf",
        lambda: tree(
            b"<</Type/Pages/Kids[3 0 R]/Count 9>>", b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 9/Parent 3 0 R>>"
        ),
    ),
    "one page a million times": (
        ".pdf",
        lambda: tree(
            b"<</Type/Pages/Count 1000000/Kids[" + b"3 0 R " * 50_000 + b"]>>", b"<</Type/Page/Parent 2 0 R>>"
        ),
    ),
    "a count of pages that is not true": (".pdf", lambda: tree(b"<</Type/Pages/Kids[]/Count 999999999999>>")),
    "contents that are their own part": (
        ".pdf",
        lambda: page_of(b"").replace(b"/Contents 4 0 R", b"/Contents[3 0 R]"),
    ),
    "a table that follows itself": (".pdf", lambda: pdf([set_page(LAMP)], trailer="/Prev 9")),
    "a length that is its own": (
        ".pdf",
        lambda: page_of(b"BT ET").replace(b"/Length 5>>", b"/Length 4 0 R>>"),
    ),
    "a stream that unpacks to eighty megabytes": (
        ".pdf",
        lambda: page_of(zlib.compress(b"q Q " * 20_000_000), BOMB),
    ),
    "a stream packed again and again": (
        ".pdf",
        lambda: page_of(
            zlib.compress(zlib.compress(b" " * 50_000_000)), b"/Filter[/FlateDecode/FlateDecode]"
        ),
    ),
    "arrays inside arrays": (".pdf", lambda: page_of(b"[" * 200_000)),
    "dictionaries inside dictionaries": (".pdf", lambda: page_of(b"/P " + b"<</a" * 100_000 + b" BDC")),
    "states inside states": (".pdf", lambda: page_of(b"q " * 100_000 + shown(1, lambda _: b"9 9"))),
    "text very far away": (
        ".pdf",
        lambda: page_of(shown(2_000, lambda n: b"%d %d" % (10**n if n < 300 else n, n))),
    ),
    "text in all directions": (
        ".pdf",
        lambda: page_of(shown(5_000, lambda n: b"%d %d" % (n * 9_999, n * 7_777 % 99_999))),
    ),
    "text in a huge font on many lines": (
        ".pdf",
        lambda: page_of(shown(8_000, lambda n: b"%d %d" % (n, n), b"1000000")),
    ),
    "text in no font": (".pdf", lambda: page_of(shown(8_000, lambda n: b"%d %d" % (n, n), b"0"))),
    "more text than fits": (".pdf", lambda: page_of(shown(100_000, lambda n: b"9 9"))),
    "numbers that are none": (
        ".pdf",
        lambda: page_of(b"BT /F1 1e999 Tf 9e999 -.-9 Td (a) Tj [(a) 9e999 (b)] TJ ET"),
    ),
    "strings that never end": (".pdf", lambda: page_of(b"BT (" * 100_000)),
    "a drawing of itself": (
        ".pdf",
        lambda: page_of(DO, extra=FORM % (len(DO), DO), resources=b"/XObject<</X 6 0 R>>"),
    ),
    "half a file": (".pdf", lambda: pdf([set_page(LAMP)] * 40)[:9_000]),
    "zeros": (".pdf", lambda: b"%PDF-1.4\n" + b"\0" * 5_000_000),
    "objects without end": (".pdf", lambda: b"%PDF-1.4\n" + b"1 0 obj\n" * 200_000 + b"startxref\n0\n%%EOF"),
    "a chapter listed again and again": (
        ".epub",
        lambda: epub(
            {"a.xhtml": ONE},
            items="".join(MANY),
            spine="".join(f'<itemref idref="m{n}"/>' for n in range(20_000)),
        ),
    ),
    "a package that is itself": (
        ".epub",
        lambda: zipped(
            {"META-INF/container.xml": CONTAINER.replace("OEBPS/book.opf", "META-INF/container.xml")}
        ),
    ),
    "chapters inside chapters": (".epub", lambda: epub({"a.xhtml": "<div>" * 500_000})),
    "notes that never end": (
        ".epub",
        lambda: epub({"a.xhtml": "<aside epub:type='footnote'>" * 50_000 + "</aside>"}),
    ),
    "an attribute of megabytes": (
        ".epub",
        lambda: epub({"a.xhtml": f"<p class='{'a ' * 5_000_000}'>one</p>"}),
    ),
    "a creator of megabytes": (
        ".epub",
        lambda: epub({"a.xhtml": ONE}, f"<dc:creator>{'a ' * 5_000_000}</dc:creator>"),
    ),
    "a creator again and again": (
        ".epub",
        lambda: epub({"a.xhtml": ONE}, "<dc:creator>a</dc:creator>" * 200_000),
    ),
    "a path out of the book": (
        ".epub",
        lambda: zipped({"META-INF/container.xml": CONTAINER.replace("OEBPS", "../../..")}),
    ),
    "rules without end": (
        ".epub",
        lambda: book_with("p " * 400_000 + "{" * 100_000 + "a{b:c}" * 100_000 + "/*" * 100_000),
    ),
    "rules for every paragraph": (
        ".epub",
        lambda: book_with("".join(f".c {n * '.d'} p.a.b {{margin:{n}em}}" for n in range(3_000)), 30_000),
    ),
    "spaces counted in billions": (
        ".odt",
        lambda: odt("<text:p>a<text:s text:c='99999'/>b</text:p>" * 50_000),
    ),
    "a style of each its own": (
        ".odt",
        lambda: odt("".join(f"<text:p text:style-name='s{n}'>a</text:p>" for n in range(100_000))),
    ),
    "styles that are their own parents": (
        ".fodt",
        lambda: fodt(
            "<text:p text:style-name='s1'>a</text:p>" * 10_000,
            "".join(
                f"<style:style style:name='s{n}' style:family='paragraph' style:parent-style-name='s{(n + 1) % 999}'/>"
                for n in range(999)
            ),
        ),
    ),
    "an attribute as a length": (
        ".odt",
        lambda: odt(
            "<text:p/>",
            f"<style:style><style:paragraph-properties fo:margin-left='{'9' * 5_000_000}cm'/></style:style>",
        ),
    ),
    "frames inside frames": (".fodt", lambda: fodt("<draw:frame>" * 100_000)),
}


LARGE = (
    "a stream that unpacks to eighty megabytes",
    "a stream packed again and again",
    "text very far away",
    "arrays inside arrays",
    "an attribute of megabytes",
    "spaces counted in billions",
)


def read(kind: str) -> None:
    ending, made = HOSTILE[kind]
    try:
        read_document(made(), f"poems{ending}", ending)
    except PoetBotError as error:
        assert "\n" not in str(error) and len(str(error)) < 300


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_malicious_document_is_read_or_refused_in_time(kind: str) -> None:
    before = time.process_time()
    read(kind)
    assert time.process_time() - before < MOST_SECONDS


@pytest.mark.parametrize("kind", LARGE)
def test_a_malicious_document_takes_little_memory(kind: str) -> None:
    tracemalloc.start()
    try:
        read(kind)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("ending", "made"),
    [(".odt", lambda text: odt(f"<text:p>{text}</text:p>")), (".epub", lambda text: epub({"a.xhtml": text}))],
)
def test_a_zip_bomb_is_refused(
    ending: str, made: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_archive, "MAX_XML_BYTES", 1_000_000)
    with pytest.raises(PoetBotError, match="is too large for one document"):
        read_document(made("word " * 400_000), "poems", ending)


def test_many_chapters_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "MAX_XML_BYTES", 1_000_000)
    chapters = {f"{n}.xhtml": "<p>" + "<i/>" * 20_000 + "</p>" for n in range(20)}
    with pytest.raises(PoetBotError, match="is too large for one document"):
        read_document(epub(chapters), "poems", ".epub")


def test_a_document_is_never_read_in_the_app_itself() -> None:
    for ending in DOCUMENT_SUFFIXES:
        assert not Metadata("x", (File(f"x{ending}", ending, 10),), 0.0).small()


DAMAGED = {
    ".epub": epub({"a.xhtml": f"<h1>Lamp</h1><p>{'<br/>'.join(LAMP)}</p>"}),
    ".odt": odt(f"<text:h>Lamp</text:h>{''.join(f'<text:p>{line}</text:p>' for line in LAMP)}"),
    ".fodt": fodt(f"<text:h>Lamp</text:h>{''.join(f'<text:p>{line}</text:p>' for line in LAMP)}"),
    ".pdf": pdf([set_page(["Lamp", *LAMP], "Ferries", "1", headings=["Lamp"])] * 2, info="/Author(Ann)"),
}
PUT_IN = (b"9999", b"-1 0", b"\xff\xff\xff\xff", b"/[<<", b"\0\0\0\0", b"<p><", b"R>>")


@pytest.mark.parametrize("ending", DAMAGED)
def test_a_damaged_document_is_read_or_is_an_error(ending: str) -> None:
    good = DAMAGED[ending]
    for case in range(200):
        rng = random.Random(case)
        data = bytearray(good)
        for _ in range(rng.randrange(1, 6)):
            at = rng.randrange(len(data))
            if rng.random() < 0.3:
                del data[at : at + rng.randrange(1, 40)]
            elif rng.random() < 0.5:
                data[at : at + 4] = rng.choice(PUT_IN)
            else:
                data[at:at] = data[rng.randrange(len(data)) :][: rng.randrange(60)]
        try:
            parse_file(bytes(data), f"poems{ending}")
        except PoetBotError as error:
            assert "\n" not in str(error)
