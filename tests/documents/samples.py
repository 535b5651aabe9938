"""Small documents of each kind, made for the tests."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = "".join(
    f' xmlns:{prefix}="{OASIS}{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
        ("meta", "meta"),
        ("svg", "svg-compatible"),
        ("draw", "drawing"),
        ("manifest", "manifest"),
    )
)
SPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
LAMP = (
    "The lamp is lit, the door is shut,",
    "The kettle starts to sing,",
    "And every cup inside the hut",
    "Is waiting for the king.",
)
BOAT = (
    "The boats are back, the nets are dry,",
    "The harbour falls asleep,",
    "And nobody has asked me why",
    "I count the hills for sheep.",
)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """Return a zip with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def odt(body: str, styles: str = "", meta: str = "", page_styles: str = "", **more: str) -> bytes:
    """Return an OpenDocument text."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "meta.xml": f"<office:document-meta{SPACES}><office:meta>{meta}</office:meta></office:document-meta>",
            "styles.xml": f"<office:document-styles{SPACES}>{page_styles}</office:document-styles>",
            "content.xml": f"<office:document-content{SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
            **{name.replace("_", "/"): content for name, content in more.items()},
        }
    )


def fodt(body: str, styles: str = "", meta: str = "") -> bytes:
    """Return an OpenDocument text in one XML file."""
    return (
        f"<?xml version='1.0'?><office:document{SPACES}><office:meta>{meta}</office:meta><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document>"
    ).encode()


def odt_lines(lines: Sequence[str], title: str = "") -> str:
    """Return a poem for the body of an OpenDocument text, a line a paragraph."""
    head = f"<text:h>{escape(title)}</text:h>" if title else ""
    return head + "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
XHTML = "application/xhtml+xml"


def epub(
    chapters: Mapping[str, str],
    meta: str = "<dc:title>Ferries</dc:title><dc:creator>Ann Other</dc:creator>",
    properties: Mapping[str, str] | None = None,
    more: Mapping[str, str | bytes] | None = None,
    guide: str = "",
    items: str = "",
    spine: str | None = None,
) -> bytes:
    """Return an EPUB book: the bodies of its chapters by where they are, in the order in which they are read."""
    properties = properties or {}
    listed = "".join(
        f'<item id="i{number}" href="{href}" media-type="{XHTML}" properties="{properties.get(href, "")}"/>'
        for number, href in enumerate(chapters)
    )
    order = "".join(f'<itemref idref="i{number}"/>' for number in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{meta}</metadata><manifest>{listed}{items}</manifest>'
        f"<spine>{order if spine is None else spine}</spine><guide>{guide}</guide></package>"
    )
    pages = {
        f"OEBPS/{href}": "<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'>"
        f"<head><title>Ferries</title></head><body>{body}</body></html>"
        for href, body in chapters.items()
    }
    members = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER}
    return zipped({**members, "OEBPS/book.opf": package, **pages, **(more or {})})


Shown = tuple[float, float, float, str]
"""A piece of text on a page: how far right and up, how large, and its characters."""


def pdf(
    pages: Sequence[Sequence[Shown] | bytes], info: str = "", trailer: str = "", more: Sequence[bytes] = ()
) -> bytes:
    """Return a PDF of these pages, each a list of pieces of text or the bytes of its content."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}/MediaBox[0 0 420 595]"
        "/Resources<</Font<</F1 3 0 R>>>>>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, page in enumerate(pages):
        content = page if isinstance(page, bytes) else b"\n".join(map(_shown, page))
        objects.append(f"<</Type/Page/Parent 2 0 R/Contents {5 + 2 * number} 0 R>>".encode())
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    objects += [*more, f"<<{info}>>".encode()]
    return pdf_file(objects, f"/Root 1 0 R/Info {len(objects)} 0 R{trailer}")


def pdf_file(objects: Sequence[bytes], trailer: str) -> bytes:
    """Return a PDF file of these objects, which are numbered from 1."""
    made = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    return (
        made
        + f"{head}{table}trailer<</Size {len(objects) + 1}{trailer}>>\nstartxref\n{len(made)}\n%%EOF".encode()
    )


def _shown(piece: Shown) -> bytes:
    x, y, size, text = piece
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F1 {size} Tf {x} {y} Td ({escaped}) Tj ET".encode("cp1252")


def set_page(
    lines: Sequence[str],
    head: str = "",
    foot: str = "",
    top: float = 530,
    size: float = 10,
    pitch: float = 12,
    headings: Sequence[str] = (),
) -> list[Shown]:
    """Return a page of lines set one below the other from `top`, spaces at their head as an indent, empty ones as room."""
    shown: list[Shown] = [(150, 565, 8, head)] if head else []
    y = top
    for line in lines:
        large = line in headings
        y -= 16 if large else 0
        if line:
            indent = len(line) - len(line.lstrip(" "))
            shown.append((50 + 4.3 * indent, y, size * 1.5 if large else size, line.strip(" ")))
        y -= pitch + (6 if large else 0)
    return [*shown, *([(200, 30, 8, foot)] if foot else [])]
